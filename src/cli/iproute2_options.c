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

static enum cli_status set_nothing(struct words *words, const char *value)
{
	(void)words, (void)value;
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
	{ "-stats", false, set_statistics },
	{ "-statistics", false, set_statistics },
	{ "-details", false, set_details },
	{ "-raw", false, set_nothing },
	{ "-pretty", false, set_pretty },
	{ "-Version", false, set_version },
	{ "-iec", false, set_nothing },
	{ "-help", false, set_help },
	{ "-force", false, set_force },
	{ "-batch", true, set_batch },
	{ "-netns", true, set_netns },
	{ "-Numeric", false, set_nothing },
	{ "-color", false, set_color },
	{ "-json", false, set_json },
	{ "-oneline", false, set_oneline },
	{ "-verbose", false, set_verbose },
	{ NULL, false, NULL },
};

const struct iproute2_option ip_options[] = {
	{ "-family", true, set_family },
	{ "-4", false, set_ipv4 },
	{ "-6", false, set_ipv6 },
	{ "-iec", false, set_nothing },
	{ "-stats", false, set_statistics },
	{ "-statistics", false, set_statistics },
	{ "-details", false, set_details },
	{ "-oneline", false, set_oneline },
	{ "-Version", false, set_version },
	{ "-force", false, set_force },
	{ "-batch", true, set_batch },
	{ "-json", false, set_json },
	{ "-pretty", false, set_pretty },
	{ "-color", false, set_color },
	{ "-help", false, set_help },
	{ "-netns", true, set_netns },
	{ "-Numeric", false, set_nothing },
	{ "-verbose", false, set_verbose },
	{ NULL, false, NULL },
};
