/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "settings.h"

struct word {
	const char *text;
	int value;
};

static const struct word log_words[] = {
	{ "error", ELFMAP_LOG_ERROR }, { "warning", ELFMAP_LOG_WARNING },
	{ "info", ELFMAP_LOG_INFO },   { "debug", ELFMAP_LOG_DEBUG },
	{ NULL, ELFMAP_LOG_WARNING },
};

static const struct word pin_words[] = {
	{ "auto", PIN_POLICY_AUTO },
	{ "none", PIN_POLICY_NONE },
	{ NULL, PIN_POLICY_AUTO },
};

/* The last row has what counts where nothing is set. */
static int read_word(const char *variable, const struct word *words, const char *expected)
{
	const char *text = getenv(variable);

	for (; words->text; words++)
		if (text && !strcmp(text, words->text))
			return words->value;
	if (text && *text)
		log_error("%s=%.100s: expected %s", variable, text, expected);
	return words->value;
}

static const char *read_layout(void)
{
	const char *text = getenv("ELFMAP_LAYOUT");
	const struct elfmap_format *format;

	if (!text || !*text)
		return NULL;
	for (size_t i = 0; (format = elfmap_builtin_format(i)); i++)
		if (!strcmp(format->name, text))
			return format->name;
	log_error("ELFMAP_LAYOUT=%.100s: expected one that \"elfmap inspect --layouts\" lists",
		  text);
	return NULL;
}

struct settings settings_read(void)
{
	return (struct settings){
		.log = (enum elfmap_log_level)read_word("ELFMAP_LOG", log_words,
							"error, warning, info or debug"),
		.pin_policy =
			(enum pin_policy)read_word("ELFMAP_PIN_POLICY", pin_words, "auto or none"),
		.layout = read_layout(),
	};
}
