/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdbool.h>
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

/* The last row has what counts where nothing is set. False, with a line, for a word that is none. */
static bool read_word(const char *variable, const struct word *words, const char *expected,
		      int *out)
{
	const char *text = getenv(variable);

	for (; words->text; words++)
		if (text && !strcmp(text, words->text))
			break;
	*out = words->value;
	if (words->text || !text || !*text)
		return true;
	log_error("%s=%.100s: expected %s", variable, text, expected);
	return false;
}

static bool read_layout(const char **out)
{
	const char *text = getenv("ELFMAP_LAYOUT");
	const struct elfmap_format *format;

	*out = NULL;
	if (!text || !*text)
		return true;
	for (size_t i = 0; !*out && (format = elfmap_builtin_format(i)); i++)
		if (!strcmp(format->name, text))
			*out = format->name;
	if (!*out)
		log_error("ELFMAP_LAYOUT=%.100s: expected one that \"elfmap inspect --layouts\" "
			  "lists",
			  text);
	return *out;
}

struct settings settings_read(void)
{
	struct settings settings = { 0 };
	int log, pin_policy;

	read_word("ELFMAP_LOG", log_words, "error, warning, info or debug", &log);
	settings.is_wrong = !read_word("ELFMAP_PIN_POLICY", pin_words, "auto or none", &pin_policy);
	settings.is_wrong |= !read_layout(&settings.layout);
	settings.log = (enum elfmap_log_level)log;
	settings.pin_policy = (enum pin_policy)pin_policy;
	if (settings.is_wrong)
		log_error("BPF objects are opened as they are");
	return settings;
}
