// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What the words of actions ask the kernel for, message by message. The expected ones are what tc
 * 6.1 sends for the same words; there, only the lists are not marked as nested, which the kernel
 * does not look at. Needs neither rights nor a kernel that has such actions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/pkt_cls.h>

#include "attach_action.h"
#include "attach_tc.h"
#include "cleanup.h"
#include "cli/iproute2/action_words.h"
#include "cli/cli.h"
#include "netlink.h"
#include "test/action_request.h"
#include "test/tests.h"

#define FD 77
#define IFINDEX 55
#define MAX_WORDS 128

/*
 * Read words as the tool does. Actions that name a program get a descriptor and a name, those that
 * name a device its index.
 */
static void read_actions(const char *line, struct action_request *request)
{
	char *text CLEANUP(cleanup_free) = strdup(line);
	char *list[MAX_WORDS], *rest = NULL;
	struct cli cli = { 0 };
	struct words words = {
		.cli = &cli,
		.command = "tc actions add",
		.tool = "tc",
		.help = "",
		.next = list,
		.end = list,
	};

	memset(request, 0, sizeof(*request));
	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		ck_assert(words.end < list + MAX_WORDS);
		*words.end++ = word;
	}
	ck_assert_msg(action_words_take(&words, request) == CLI_OK, "%s", line);
	ck_assert_msg(!words_left(&words), "%s: %s is left", line, *words.next);
	for (size_t i = 0; i < request->count; i++) {
		if (request->devices[i]) {
			ck_assert_str_eq(request->devices[i], "eth0");
			request->actions[i].mirred.ifindex = IFINDEX;
		}
		if (!request->choices[i].object && !request->choices[i].pinned)
			continue;
		request->actions[i].bpf.fd = FD;
		strcpy(request->actions[i].bpf.name, "x");
	}
}

static void assert_recorded(const char *line, const char *expected)
{
	char *sent CLEANUP(cleanup_free) = recorded_request();

	ck_assert_msg(strcmp(sent, expected) == 0, "%s\nsent     %s\nexpected %s", line, sent,
		      expected);
}

static const struct line {
	const char *words;
	const char *actions;
} lines[] = {
	/* what gact does, in all words and in abbreviations */
	{ "action ok", "1{gact {parms 0 0x0}}" },
	{ "action pass", "1{gact {parms 0 0x0}}" },
	{ "action drop", "1{gact {parms 0 0x2}}" },
	{ "action shot", "1{gact {parms 0 0x2}}" },
	{ "action pipe", "1{gact {parms 0 0x3}}" },
	{ "action continue", "1{gact {parms 0 0xffffffff}}" },
	{ "action reclassify", "1{gact {parms 0 0x1}}" },
	{ "action trap", "1{gact {parms 0 0x8}}" },
	{ "action goto chain 7", "1{gact {parms 0 0x20000007}}" },
	{ "action goto chain 268435455", "1{gact {parms 0 0x2fffffff}}" },
	{ "action jump 3", "1{gact {parms 0 0x10000003}}" },
	{ "action con", "1{gact {parms 0 0xffffffff}}" },
	{ "action p", "1{gact {parms 0 0x0}}" },
	{ "action pi", "1{gact {parms 0 0x3}}" },
	{ "action o", "1{gact {parms 0 0x0}}" },
	{ "action s", "1{gact {parms 0 0x2}}" },
	{ "action t", "1{gact {parms 0 0x8}}" },
	{ "action j 3", "1{gact {parms 0 0x10000003}}" },
	{ "action go ch 5", "1{gact {parms 0 0x20000005}}" },
	/* an index is decimal */
	{ "action ok index 5", "1{gact {parms 5 0x0}}" },
	{ "action gact drop i 010", "1{gact {parms 10 0x2}}" },
	{ "action gact jump 3 index 9", "1{gact {parms 9 0x10000003}}" },
	{ "action gact index 12", "1{gact {parms 12 0x0}}" },
	/* a program, by default with what its result is not */
	{ "action bpf pinned p", "1{bpf {fd 77 name x parms 0 0x3}}" },
	{ "action bpf run pinned p cont", "1{bpf {fd 77 name x parms 0 0xffffffff}}" },
	{ "action bpf obj f sec s drop", "1{bpf {fd 77 name x parms 0 0x2}}" },
	{ "action bpf obj f verb goto chain 2 i 9", "1{bpf {fd 77 name x parms 9 0x20000002}}" },
	{ "action bpf index 6", "1{bpf {parms 6 0x3}}" },
	/* another device */
	{ "action mirred egress redirect dev eth0", "1{mirred {parms 0 0x4 egress redirect 55}}" },
	{ "action mirred ingress redirect dev eth0",
	  "1{mirred {parms 0 0x4 ingress redirect 55}}" },
	{ "action mirred egress mirror dev eth0", "1{mirred {parms 0 0x3 egress mirror 55}}" },
	{ "action mirred ingress mirror dev eth0", "1{mirred {parms 0 0x3 ingress mirror 55}}" },
	{ "action mirred e r d eth0", "1{mirred {parms 0 0x4 egress redirect 55}}" },
	{ "action mirred i m d eth0", "1{mirred {parms 0 0x3 ingress mirror 55}}" },
	{ "action mirred in i 3 mirr dev eth0", "1{mirred {parms 3 0x3 ingress mirror 55}}" },
	{ "action mirred egress redirect index 010 dev eth0",
	  "1{mirred {parms 10 0x4 egress redirect 55}}" },
	{ "action mirred egress redirect dev eth0 index 4",
	  "1{mirred {parms 4 0x4 egress redirect 55}}" },
	{ "action mirred index 12", "1{mirred {parms 12 0x0 nothing 0}}" },
	{ "action mirred ind 12 cookie aa", "1{mirred {parms 12 0x0 nothing 0} cookie aa}" },
	/* a mirror takes a control; behind redirect, that is an action */
	{ "action mirred egress mirror dev eth0 drop index 9 hw_stats delayed",
	  "1{mirred {parms 9 0x2 egress mirror 55} hw_stats 2/2}" },
	{ "action mirred egress mirror dev eth0 goto chain 7",
	  "1{mirred {parms 0 0x20000007 egress mirror 55}}" },
	{ "action mirred egress mirror dev eth0 c",
	  "1{mirred {parms 0 0xffffffff egress mirror 55}}" },
	{ "action mirred egress redirect dev eth0 drop",
	  "1{mirred {parms 0 0x4 egress redirect 55}} 2{gact {parms 0 0x2}}" },
	{ "action mirred egress mirror dev eth0 action mirred ingress redirect dev eth0 no_percpu",
	  "1{mirred {parms 0 0x3 egress mirror 55}} "
	  "2{mirred {parms 0 0x4 ingress redirect 55} flags 1/1}" },
	/* what stands behind */
	{ "action drop cookie 0a0B", "1{gact {parms 0 0x2} cookie 0a0b}" },
	{ "action ok cookie 000102030405060708090a0b0c0d0e0f",
	  "1{gact {parms 0 0x0} cookie 000102030405060708090a0b0c0d0e0f}" },
	{ "action ok hw_stats delayed", "1{gact {parms 0 0x0} hw_stats 2/2}" },
	{ "action ok hw disabled skip_sw skip_hw", "1{gact {parms 0 0x0} hw_stats 0/0 flags 6/6}" },
	{ "action ok skip_hw skip_sw", "1{gact {parms 0 0x0} flags 6/6}" },
	{ "action bpf pinned p drop index 3 cookie aa hw_stats immediate no_percpu skip_hw",
	  "1{bpf {fd 77 name x parms 3 0x2} cookie aa hw_stats 1/1 flags 3/3}" },
	/* here in any order */
	{ "action ok no_percpu cookie aa index 4", "1{gact {parms 4 0x0} cookie aa flags 1/1}" },
	/* several, with or without a word between them; each has its own cookie or none */
	{ "gact ok", "1{gact {parms 0 0x0}}" },
	{ "ok drop", "1{gact {parms 0 0x0}} 2{gact {parms 0 0x2}}" },
	{ "action drop cookie 0a0b action goto chain 7",
	  "1{gact {parms 0 0x2} cookie 0a0b} 2{gact {parms 0 0x20000007}}" },
	{ "action bpf obj f sec s action bpf pinned p ok index 2 action continue",
	  "1{bpf {fd 77 name x parms 0 0x3}} 2{bpf {fd 77 name x parms 2 0x0}} "
	  "3{gact {parms 0 0xffffffff}}" },
};
#define NR_LINES (sizeof(lines) / sizeof(lines[0]))

static char *expect(const char *message, const char *actions)
{
	char *text;

	ck_assert_int_gt(asprintf(&text, "%s: %s", message, actions), 0);
	return text;
}

/* The words are the same alone and behind a filter, and so are the attributes. */
START_TEST(test_actions)
{
	char *added CLEANUP(cleanup_free) = expect("new create excl", lines[_i].actions);
	char *replaced CLEANUP(cleanup_free) = expect("new create replace", lines[_i].actions);
	char *behind CLEANUP(cleanup_free) = expect("filter create excl", lines[_i].actions);
	struct attach_tc_filter filter = { .kind = "bpf", .has_bpf = true };
	struct action_request request;
	struct netlink nl;

	begin_recording(&nl);
	read_actions(lines[_i].words, &request);
	ck_assert_int_ne(
		attach_action_change(&nl, ATTACH_ACTION_ADD, request.actions, request.count), 0);
	assert_recorded(lines[_i].words, added);
	attach_action_change(&nl, ATTACH_ACTION_REPLACE, request.actions, request.count);
	assert_recorded(lines[_i].words, replaced);
	filter.bpf.actions = request.actions;
	filter.bpf.nr_actions = request.count;
	attach_tc_filter(&nl, ATTACH_TC_ADD, &filter);
	assert_recorded(lines[_i].words, behind);
	netlink_close(&nl);
}
END_TEST

static int no_answer(const struct attach_action_list *list, void *ctx)
{
	(void)list, (void)ctx;
	ck_abort_msg("an answer out of nothing");
}

/* Those that are there are asked for, and removed, by kind and index. */
START_TEST(test_names)
{
	const struct attach_action actions[] = {
		{ .kind = "bpf", .index = 6, .control = TC_ACT_SHOT, .cookie_size = 1 },
		{ .kind = "gact", .index = 7 },
	};
	struct netlink nl;

	begin_recording(&nl);
	attach_action_delete(&nl, actions, 2);
	assert_recorded("del", "del: 1{bpf index 6} 2{gact index 7}");
	attach_action_get(&nl, actions, 1, no_answer, NULL);
	assert_recorded("get", "get: 1{bpf index 6}");
	netlink_close(&nl);
}
END_TEST

/* All of a kind, in as few messages as will do. */
START_TEST(test_kinds)
{
	struct netlink nl;

	begin_recording(&nl);
	attach_action_flush(&nl, "bpf");
	assert_recorded("flush", "del root: 1{bpf} flags 1/1");
	attach_action_list(&nl, "gact", 0, no_answer, NULL);
	assert_recorded("ls", "get dump: 1{gact} flags 1/1");
	attach_action_list(&nl, "bpf", 1000, no_answer, NULL);
	assert_recorded("ls since", "get dump: 1{bpf} flags 1/1 since 1000");
	netlink_close(&nl);
}
END_TEST

/* As many actions as a filter may have fit into a request. */
START_TEST(test_full_list)
{
	char line[ATTACH_ACTIONS_MAX * sizeof("ok ")] = "";
	struct action_request request;
	struct netlink nl;
	char *sent;

	for (int i = 0; i < ATTACH_ACTIONS_MAX; i++)
		strcat(line, "ok ");
	begin_recording(&nl);
	read_actions(line, &request);
	ck_assert_uint_eq(request.count, ATTACH_ACTIONS_MAX);
	attach_action_change(&nl, ATTACH_ACTION_ADD, request.actions, request.count);
	sent = recorded_request();
	ck_assert_ptr_nonnull(strstr(sent, " 32{gact {parms 0 0x0}}"));
	free(sent);
	netlink_close(&nl);
}
END_TEST

Suite *action_messages_suite(void)
{
	Suite *suite = suite_of("action_messages", test_names, test_kinds, test_full_list);

	add_loop_test(suite, test_actions, NR_LINES);
	return suite;
}
