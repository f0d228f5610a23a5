// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What elfmap ip link says to wrong words, and to those that are ip's alone. Needs no rights. */
#include <stdlib.h>
#include <string.h>

#include "test/printed.h"
#include "test/tests.h"
#include "test/tool.h"

#define SET "ip link set dev lo "

struct line {
	const char *words;
	const char *said;
};

static const struct line wrong_lines[] = {
	{ "ip", "link" },
	{ "ip nonsense", "'nonsense'" },
	{ "ip link nonsense", "'nonsense'" },
	{ "ip link set", "dev DEV" },
	{ "ip link set dev", "'dev'" },
	{ "ip link set xdp obj x", "dev DEV" },
	{ "ip link set xdp off", "dev DEV" },
	{ SET, "xdp is missing" },
	{ SET "dev lo xdp off", "'dev'" },
	{ SET "lo xdp off", "'lo'" },
	{ SET "nonsense xdp off", "'nonsense'" },
	{ SET "xd off", "'xd'" },
	{ SET "xdpgen off", "'xdpgen'" },
	{ SET "xdp", "'xdp' needs" },
	{ SET "xdpdrv", "'xdpdrv' needs" },
	{ SET "xdp nonsense", "'xdp nonsense'" },
	{ SET "xdp of", "'xdp of'" },
	{ SET "xdp obj", "'obj'" },
	{ SET "xdp pinned", "'pinned'" },
	{ SET "xdp obj x nonsense", "'nonsense'" },
	{ SET "xdp obj x da", "'da'" },
	{ SET "xdp obj x export y", "'export'" },
	{ SET "xdp obj x sec", "'section'" },
	{ SET "xdp obj x sec y sec z", "'section'" },
	{ SET "xdp obj x pinned y", "'pinned'" },
	{ SET "xdp pinned x sec y", "pinned program" },
	{ SET "xdp obj x xdpgeneric off", "once" },
	{ SET "xdp obj x xdp obj y", "once" },
	{ "ip link set xdp off dev lo", "'xdp off' must come last" },
	{ "ip link set xdpgeneric none lo", "'xdpgeneric none' must come last" },
	{ "ip link show dev", "'dev'" },
	{ "ip link show lo dev lo", "'dev'" },
	{ "ip link show lo nonsense", "'nonsense'" },
};
#define NR_WRONG_LINES (sizeof(wrong_lines) / sizeof(wrong_lines[0]))

/* Status 1 as ip's, the word that is wrong, and how to get help. */
START_TEST(test_wrong_words)
{
	assert_refusal_with_details(tool("%s", wrong_lines[_i].words), wrong_lines[_i].said,
				    "\n  try: elfmap ip ");
}
END_TEST

static const struct line ips_own[] = {
	{ "ip link add dev x type veth", "'add'" },
	{ "ip link replace dev x type veth", "'replace'" },
	{ "ip link del dev x", "'del'" },
	{ "ip link xstats type bond", "'xstats'" },
	{ "ip link prop", "'prop'" },
	{ SET "up", "'up'" },
	{ SET "mtu 1400 down", "'down'" },
	{ SET "promisc on xdp obj x", "'promisc'" },
	{ SET "xdp obj x txqueuelen 5", "'txqueuelen'" },
	{ SET "addr 02:00:00:00:00:01", "'addr'" },
	{ SET "name x", "'name'" },
	{ SET "netns x", "'netns'" },
	{ "ip link show type veth", "'type'" },
	{ "ip link show master x", "'master'" },
};
#define NR_IPS_OWN (sizeof(ips_own) / sizeof(ips_own[0]))

/* The user is sent to ip. */
START_TEST(test_left_to_ip)
{
	assert_refusal_with_details(tool("%s", ips_own[_i].words), ips_own[_i].said,
				    "use the stock 'ip link");
}
END_TEST

static const char *const help_lines[] = {
	"ip help",
	"ip -h",
	"help ip",
	"ip link help",
	"ip link set help",
	"ip link show help",
	"ip link set dev lo he",
	"ip link show lo help",
};
#define NR_HELP_LINES (sizeof(help_lines) / sizeof(help_lines[0]))

/* It goes to stdout and fits on a terminal, and tells the words. */
START_TEST(test_help)
{
	char *out = tool_output("%s", help_lines[_i]);

	ck_assert_msg(!strncmp(out, "usage: elfmap ip ", 17), "%s", out);
	ck_assert_ptr_nonnull(strstr(out, "xdpgeneric"));
	ck_assert_ptr_nonnull(strstr(out, "-force"));
	assert_columns(out);
	free(out);
}
END_TEST

Suite *ip_link_words_suite(void)
{
	Suite *suite = make_suite("ip_link_words", NULL, 0);

	add_loop_test(suite, test_wrong_words, NR_WRONG_LINES);
	add_loop_test(suite, test_left_to_ip, NR_IPS_OWN);
	add_loop_test(suite, test_help, NR_HELP_LINES);
	return suite;
}
