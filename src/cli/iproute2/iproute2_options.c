/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The options of tc and ip. Those that change nothing of what elfmap prints are taken, so that
 * scripts need no change; what is in neither table is left to the original tool.
 */
#include <string.h>
#include <sys/socket.h>

#include "iproute2_command.h"
#include "netns.h"

static enum cli_status set_statistics(struct words *words, const char *value)
{
	(void)value;
	words->cli->statistics = true;
	return CLI_OK;
}

static enum cli_status set_details(struct words *words, const char *value)
{
	(void)value;
	words->cli->details = true;
	return CLI_OK;
}

static enum cli_status set_json(struct words *words, const char *value)
{
	(void)value;
	words->cli->json = true;
	return CLI_OK;
}

static enum cli_status set_pretty(struct words *words, const char *value)
{
	(void)value;
	words->cli->pretty = true;
	return CLI_OK;
}

static enum cli_status set_oneline(struct words *words, const char *value)
{
	(void)value;
	words->cli->oneline = true;
	return CLI_OK;
}

static enum cli_status set_version(struct words *words, const char *value)
{
	(void)value;
	words->cli->version = true;
	return CLI_OK;
}

static enum cli_status set_help(struct words *words, const char *value)
{
	(void)value;
	words->cli->help = true;
	return CLI_OK;
}

static enum cli_status set_verbose(struct words *words, const char *value)
{
	(void)value;
	words->cli->verbose++;
	return CLI_OK;
}

static enum cli_status set_force(struct words *words, const char *value)
{
	(void)value;
	words->cli->force = true;
	return CLI_OK;
}

static enum cli_status set_batch(struct words *words, const char *value)
{
	words->cli->batch = value;
	return CLI_OK;
}

static enum cli_status set_netns(struct words *words, const char *value)
{
	return netns_enter(words->cli, value);
}

static enum cli_status set_color(struct words *words, const char *value)
{
	static const struct {
		const char *value;
		enum cli_color color;
	} colors[] = {
		{ "always", CLI_COLOR_ALWAYS },
		{ "auto", CLI_COLOR_AUTO },
		{ "never", CLI_COLOR_NEVER },
	};
	size_t i;

	words->cli->color = CLI_COLOR_ALWAYS;
	if (!value || !*value)
		return CLI_OK;
	for (i = 0; i < sizeof(colors) / sizeof(colors[0]); i++) {
		if (!strcmp(value, colors[i].value)) {
			words->cli->color = colors[i].color;
			return CLI_OK;
		}
	}
	return words_wrong(words, "-color=%s: always, auto or never?", value);
}

static enum cli_status set_numeric(struct words *words, const char *value)
{
	(void)value;
	words->cli->numeric = true;
	return CLI_OK;
}

static enum cli_status set_nothing(struct words *words, const char *value)
{
	(void)words, (void)value;
	return CLI_OK;
}

/* ip's -h. Where nothing follows it, ip prints its usage, and who types that asks for it. */
static enum cli_status set_human(struct words *words, const char *value)
{
	(void)value;
	if (!words_left(words))
		words->cli->help = true;
	return CLI_OK;
}

static enum cli_status set_ipv4(struct words *words, const char *value)
{
	(void)value;
	words->cli->family = AF_INET;
	return CLI_OK;
}

static enum cli_status set_ipv6(struct words *words, const char *value)
{
	(void)value;
	words->cli->family = AF_INET6;
	return CLI_OK;
}

static enum cli_status set_family(struct words *words, const char *value)
{
	if (!strcmp(value, "inet"))
		return set_ipv4(words, NULL);
	if (!strcmp(value, "inet6"))
		return set_ipv6(words, NULL);
	return words_wrong(words, "-family %s: inet or inet6?", value);
}

/* "-c" is the short form of -color, as tc's manual says, though tc itself takes it for -cf. */
const struct iproute2_option tc_options[] = {
	{ "-stats", NO_VALUE, set_statistics },
	{ "-statistics", NO_VALUE, set_statistics },
	{ "-details", NO_VALUE, set_details },
	{ "-raw", NO_VALUE, set_nothing },
	{ "-pretty", NO_VALUE, set_pretty },
	{ "-Version", NO_VALUE, set_version },
	{ "-iec", NO_VALUE, set_nothing },
	{ "-help", NO_VALUE, set_help },
	{ "-force", NO_VALUE, set_force },
	{ "-batch", NEXT_WORD, set_batch },
	{ "-netns", NEXT_WORD, set_netns },
	{ "-Numeric", NO_VALUE, set_numeric },
	{ "-names", NO_VALUE, set_nothing },
	{ "-nm", NO_VALUE, set_nothing },
	{ "-color", AFTER_EQUALS, set_color },
	{ "-cf", NEXT_WORD, set_nothing },
	{ "-conf", NEXT_WORD, set_nothing },
	{ "-timestamp", NO_VALUE, set_nothing },
	{ "-tshort", NO_VALUE, set_nothing },
	{ "-json", NO_VALUE, set_json },
	{ "-oneline", NO_VALUE, set_oneline },
	{ "-verbose", NO_VALUE, set_verbose },
	{ NULL, NO_VALUE, NULL },
};

const struct iproute2_option ip_options[] = {
	{ "-loops", NEXT_WORD, set_nothing },
	{ "-family", NEXT_WORD, set_family },
	{ "-4", NO_VALUE, set_ipv4 },
	{ "-6", NO_VALUE, set_ipv6 },
	{ "-human", NO_VALUE, set_human },
	{ "-human-readable", NO_VALUE, set_human },
	{ "-iec", NO_VALUE, set_nothing },
	{ "-stats", NO_VALUE, set_statistics },
	{ "-statistics", NO_VALUE, set_statistics },
	{ "-details", NO_VALUE, set_details },
	{ "-resolve", NO_VALUE, set_nothing },
	{ "-oneline", NO_VALUE, set_oneline },
	{ "-timestamp", NO_VALUE, set_nothing },
	{ "-tshort", NO_VALUE, set_nothing },
	{ "-Version", NO_VALUE, set_version },
	{ "-force", NO_VALUE, set_force },
	{ "-batch", NEXT_WORD, set_batch },
	{ "-json", NO_VALUE, set_json },
	{ "-pretty", NO_VALUE, set_pretty },
	{ "-rcvbuf", NEXT_WORD, set_nothing },
	{ "-color", AFTER_EQUALS, set_color },
	{ "-help", NO_VALUE, set_help },
	{ "-netns", NEXT_WORD, set_netns },
	{ "-Numeric", NO_VALUE, set_numeric },
	{ "-verbose", NO_VALUE, set_verbose },
	{ NULL, NO_VALUE, NULL },
};
