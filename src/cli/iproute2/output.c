/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdlib.h>
#include <unistd.h>
#include <linux/bpf.h>

#include "cli/cli.h"
#include "cli/json.h"
#include "cli/messages.h"
#include "cli/object.h"
#include "output.h"
#include "cli/memory.h"

void output_field_string(struct output *out, const char *name, const char *before,
			 const char *value, const char *after)
{
	if (out->object)
		json_add_string(out->object, name, value);
	else
		fprintf(out->text, "%s%s%s", before, value, after);
}

void output_field_number(struct output *out, const char *name, const char *before, long long value,
			 const char *after)
{
	if (out->object)
		json_add_number(out->object, name, value);
	else
		fprintf(out->text, "%s%lld%s", before, value, after);
}

void output_string(struct output *out, const char *name, const char *label, const char *value)
{
	output_field_string(out, name, label, value, " ");
}

void output_number(struct output *out, const char *name, const char *label, long long value)
{
	output_field_number(out, name, label, value, " ");
}

bool output_is_colored(const struct cli *cli)
{
	return cli->color == CLI_COLOR_ALWAYS ||
	       (cli->color == CLI_COLOR_AUTO && isatty(STDOUT_FILENO));
}

/* tc and ip color the blank behind it as well. */
void output_device(struct output *out, const char *name, const char *before, const char *value,
		   const char *after)
{
	if (out->object)
		json_add_string(out->object, name, value);
	else
		fprintf(out->text, "%s%s%s%s%s", before, out->colored ? COLOR_DEVICE : "", value,
			after, out->colored ? COLOR_END : "");
}

void output_text(struct output *out, const char *text)
{
	if (out->text)
		fputs(text, out->text);
}

void output_tag(struct output *out, const __u8 *tag)
{
	char text[2 * BPF_TAG_SIZE + 1];

	hex_text(tag, BPF_TAG_SIZE, text);
	output_string(out, "tag", "tag ", text);
}

void output_true(struct output *out, const char *name)
{
	if (out->object)
		json_add_bool(out->object, name, true);
	else
		fprintf(out->text, "%s ", name);
}

struct output output_nest(struct output *out, const char *name)
{
	struct output inner = *out;

	if (out->object) {
		inner.object = json_new_object();
		json_add(out->object, name, inner.object);
	}
	return inner;
}

FILE *output_line_begin(struct output_line *line)
{
	*line = (struct output_line){ 0 };
	line->stream = open_memstream(&line->text, &line->size);
	if (!line->stream)
		out_of_memory();
	return line->stream;
}

struct output output_line_of(struct output_line *line, const struct output *out)
{
	*line = (struct output_line){ 0 };
	if (out->object)
		return *out;
	output_line_begin(line);
	line->oneline = out->oneline;
	return (struct output){ .text = line->stream, .oneline = out->oneline };
}

void output_line_end(struct output_line *line)
{
	if (!line->stream)
		return;
	if (fclose(line->stream) || !line->text)
		out_of_memory();
	print_colored_line(line->text, line->oneline ? '\\' : '\n');
	free(line->text);
}
