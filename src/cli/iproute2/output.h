/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What tc and ip list has each field in two forms, so each is written by one call: into a JSON
 * object if there is one, else as text. Which fields there are is the listing rooms' affair.
 */
#ifndef ELFMAP_CLI_OUTPUT_H
#define ELFMAP_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/types.h>

struct cli;
struct json_object;

struct output {
	struct json_object *object; /* NULL: text */
	FILE *text;
	bool colored; /* of text: as -color asks for */
	bool oneline; /* of text: as -oneline asks for */
};

/* Whether text is to be colored: what -color says, and whether stdout is a terminal. */
bool output_is_colored(const struct cli *cli);

/* A field; the label is what stands before it in text, its blank included. */
void output_string(struct output *out, const char *name, const char *label, const char *value);
void output_number(struct output *out, const char *name, const char *label, long long value);
/* The same with all of the text around the value given. */
void output_field_string(struct output *out, const char *name, const char *before,
			 const char *value, const char *after);
void output_field_number(struct output *out, const char *name, const char *before, long long value,
			 const char *after);
/* The name of a network device. */
void output_device(struct output *out, const char *name, const char *before, const char *value,
		   const char *after);
/* What stands between fields in text only. */
void output_text(struct output *out, const char *text);
/* Bytes as hexadecimal digits, BPF_TAG_SIZE of them, as `tag`. */
void output_tag(struct output *out, const __u8 *tag);
/* A field that is there or not: true in JSON, its name in text. */
void output_true(struct output *out, const char *name);
/* A nested object in JSON, nothing in text. */
struct output output_nest(struct output *out, const char *name);

/* A line of text in the making: the stream takes it, and the end prints it on stdout. */
struct output_line {
	FILE *stream;
	char *text;
	size_t size;
	bool oneline; /* it ends with a backslash, as all lines do that tc prints for -oneline */
};

FILE *output_line_begin(struct output_line *line);
/* The same where `out` is text; where it is JSON, there are no lines, and its object is used. */
struct output output_line_of(struct output_line *line, const struct output *out);
void output_line_end(struct output_line *line);

#endif
