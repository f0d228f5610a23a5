/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The words of tc's and ip's command lines. Protocol names are in protocols.c.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/pkt_sched.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "words.h"

bool word_matches(const char *word, const char *keyword)
{
	size_t length = strlen(word);

	return length && !strncmp(word, keyword, length);
}

const struct keyword *find_keyword(const struct keyword *table, const char *word)
{
	for (; table->word; table++) {
		if (table->exact ? !strcmp(word, table->word) : word_matches(word, table->word))
			return table;
	}
	return NULL;
}

bool words_left(const struct words *words)
{
	return words->next < words->end;
}

const char *words_take(struct words *words)
{
	return words_left(words) ? *words->next++ : NULL;
}

enum cli_status words_wrong(struct words *words, const char *format, ...)
{
	CLEANUP(cleanup_free) char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	message_error(words->cli, "%s: %s", words->command, text ? text : "wrong usage");
	message_detail(words->cli, "try: elfmap %s help", words->tool);
	return CLI_USAGE;
}

enum cli_status words_not_ours(struct words *words, const char *word)
{
	message_error(words->cli, "%s: elfmap does not handle '%s'; use the stock '%s'",
		      words->command, word, words->command);
	return CLI_USAGE;
}

enum cli_status words_unknown(struct words *words, const char *word)
{
	message_error(words->cli,
		      "%s: what is '%s'? if it is no typing error, it is nothing of elfmap's: use "
		      "the stock '%s'",
		      words->command, word, words->command);
	message_detail(words->cli, "try: elfmap %s help", words->tool);
	return CLI_USAGE;
}

enum cli_status words_take_value(struct words *words, const char *keyword, const char **value)
{
	*value = words_take(words);
	return *value ? CLI_OK : words_wrong(words, "'%s' needs a value", keyword);
}

enum cli_status words_take_text(struct words *words, const char *keyword, const char **value)
{
	if (*value)
		return words_wrong(words, "'%s' is given twice", keyword);
	return words_take_value(words, keyword, value);
}

static bool read_based(const char *text, int base, __u32 most, __u32 *number)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoull(text, &end, base);
	if (errno || *end || value > most)
		return false;
	*number = (__u32)value;
	return true;
}

static enum cli_status take_based(struct words *words, const char *keyword, int base, __u32 most,
				  __u32 *number)
{
	enum cli_status status;
	const char *value = NULL;

	status = words_take_value(words, keyword, &value);
	if (status != CLI_OK)
		return status;
	if (!read_based(value, base, most, number))
		return words_wrong(words, "'%s' is no %s", value, keyword);
	return CLI_OK;
}

enum cli_status words_take_number(struct words *words, const char *keyword, __u32 most,
				  __u32 *number)
{
	return take_based(words, keyword, 0, most, number);
}

enum cli_status words_take_decimal(struct words *words, const char *keyword, __u32 most,
				   __u32 *number)
{
	return take_based(words, keyword, 10, most, number);
}

enum cli_status words_take_help(struct words *words, void *ctx)
{
	(void)ctx;
	words->next = words->end;
	words->wants_help = true;
	return CLI_OK;
}

enum cli_status words_apply(struct words *words, const struct keyword *row, const char *word,
			    void *ctx)
{
	if (!row->take)
		return words_not_ours(words, word);
	return row->take(words, ctx);
}

bool read_number(const char *text, __u32 most, __u32 *number)
{
	return read_based(text, 0, most, number);
}

/* Up to eight hexadecimal digits, as strtoul() takes them; none is 0. */
static bool read_hex(const char **text, unsigned long long *value)
{
	const char *start;

	if ((*text)[0] == '0' && ((*text)[1] | 0x20) == 'x' && isxdigit((unsigned char)(*text)[2]))
		*text += 2;
	start = *text;
	*value = 0;
	for (; isxdigit((unsigned char)**text); (*text)++) {
		char digit = (char)tolower((unsigned char)**text);

		*value = *value * 16 + (__u32)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
		if (*text - start >= 8)
			return false;
	}
	return true;
}

bool read_classid(const char *text, __u32 *classid)
{
	unsigned long long major, minor = 0;

	if (!strcmp(text, "root") || !strcmp(text, "none")) {
		*classid = *text == 'r' ? TC_H_ROOT : TC_H_UNSPEC;
		return true;
	}
	if (!*text || !read_hex(&text, &major))
		return false;
	if (*text == ':') {
		text++;
		if (major > 0xffff || !read_hex(&text, &minor) || minor > 0xffff)
			return false;
		major <<= 16;
	}
	if (*text)
		return false;
	*classid = (__u32)(major | minor);
	return true;
}

void classid_text(__u32 classid, char *text)
{
	if (classid == TC_H_ROOT)
		strcpy(text, "root");
	else if (classid == TC_H_UNSPEC)
		strcpy(text, "none");
	else if (!TC_H_MAJ(classid))
		sprintf(text, ":%x", TC_H_MIN(classid));
	else if (!TC_H_MIN(classid))
		sprintf(text, "%x:", TC_H_MAJ(classid) >> 16);
	else
		sprintf(text, "%x:%x", TC_H_MAJ(classid) >> 16, TC_H_MIN(classid));
}
