// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What is printed of actions that the kernel lists. Its messages are made up here as the kernel's
 * tcf_action_dump(), tcf_bpf_dump() and tcf_gact_dump() make them, so that neither rights nor a
 * kernel with such actions are needed; what is printed is written down from what tc prints.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/gen_stats.h>
#include <linux/pkt_cls.h>
#include <linux/tc_act/tc_bpf.h>
#include <linux/tc_act/tc_gact.h>

#include <json-c/json.h>
#include <libmnl/libmnl.h>

#include "attach_action.h"
#include "cleanup.h"
#include "cli/iproute2/action_show.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/iproute2/output.h"
#include "test/action_answer.h"
#include "test/tests.h"

#define NO_PROGRAM_ID 0x7fffffff

static void put_bpf(struct answer *answer, __u32 index, int control)
{
	static const __u8 tag[] = { 1, 2, 3, 4, 5, 6, 7, 0xf8 };
	const __u32 id = NO_PROGRAM_ID;

	begin_options(answer);
	put_parameters(answer, TCA_ACT_BPF_PARMS, index, control);
	mnl_attr_put_strz(&answer->header, TCA_ACT_BPF_NAME, "a.o:[action]");
	put_value(answer, TCA_ACT_BPF_TAG, tag, sizeof(tag));
	put_value(answer, TCA_ACT_BPF_ID, &id, sizeof(id));
	put_times(answer, TCA_ACT_BPF_TM, 12, 3, 0);
	end_options(answer);
}

static void put_gact(struct answer *answer, __u32 index, int control)
{
	begin_options(answer);
	put_parameters(answer, TCA_GACT_PARMS, index, control);
	put_times(answer, TCA_GACT_TM, 100, 50, 70);
	end_options(answer);
}

/* --- printing ----------------------------------------------------------------------------- */

static const struct cli plain;
static const struct cli with_statistics = { .statistics = true };
static const struct cli on_one_line = { .statistics = true, .oneline = true };

static struct attach_action_list read_answer(const struct answer *answer)
{
	struct attach_action_list list = { 0 };

	ck_assert_int_eq(attach_action_read_answer(&answer->header, &list), 0);
	return list;
}

static int keep_stdout(FILE *file)
{
	int kept;

	ck_assert_ptr_nonnull(file);
	fflush(stdout);
	kept = dup(STDOUT_FILENO);
	ck_assert_int_ge(kept, 0);
	ck_assert_int_ge(dup2(fileno(file), STDOUT_FILENO), 0);
	return kept;
}

/* All that was written to stdout since, for free(); stdout is what it was. */
static char *end_stdout(FILE *file, int kept)
{
	char *text = calloc(1, 8192);

	ck_assert_ptr_nonnull(text);
	fflush(stdout);
	ck_assert_int_ge(dup2(kept, STDOUT_FILENO), 0);
	close(kept);
	rewind(file);
	ck_assert_uint_lt(fread(text, 1, 8192, file), 8192);
	fclose(file);
	return text;
}

static char *printed_answer(const struct cli *cli, const struct answer *answer)
{
	struct attach_action_list list = read_answer(answer);
	FILE *file = tmpfile();
	int kept = keep_stdout(file);

	action_show_answer(cli, NULL, &list);
	cleanup_attach_actions(&list);
	return end_stdout(file, kept);
}

static char *printed_behind_filter(const struct cli *cli, const struct answer *answer)
{
	struct attach_action_list list = read_answer(answer);
	const struct output text = { 0 };
	FILE *file = tmpfile();
	int kept = keep_stdout(file);

	action_show_list(cli, &text, list.actions, list.count, true);
	cleanup_attach_actions(&list);
	return end_stdout(file, kept);
}

static void assert_printed(char *printed, const char *expected)
{
	ck_assert_str_eq(printed, expected);
	free(printed);
}

static void assert_json(const struct cli *cli, const struct answer *answer, const char *expected)
{
	struct attach_action_list list = read_answer(answer);
	struct json_object *array = json_new_array(), *wanted = json_tokener_parse(expected);

	ck_assert_ptr_nonnull(wanted);
	action_show_answer(cli, array, &list);
	ck_assert_msg(json_object_equal(array, wanted), "%s, not %s",
		      json_object_to_json_string(array), expected);
	cleanup_attach_actions(&list);
	json_object_put(array);
	json_object_put(wanted);
}

/* --- what is printed ---------------------------------------------------------------------- */

/* Two actions with all that they have. */
static const struct answer *full_answer(void)
{
	const struct gnet_stats_queue queue = {
		.qlen = 1, .backlog = 2048, .drops = 3, .requeues = 4, .overlimits = 5
	};
	struct answer *answer = begin_answer(2);

	begin_action(answer, 0, "bpf");
	put_stats(answer, 5000000000, 700, &queue);
	put_value(answer, TCA_ACT_COOKIE, "\x0a\xbc", 2);
	put_bits(answer, TCA_ACT_HW_STATS, 3, 3);
	put_bits(answer, TCA_ACT_FLAGS, TCA_ACT_FLAGS_NO_PERCPU_STATS,
		 TCA_ACT_FLAGS_NO_PERCPU_STATS);
	mnl_attr_put_u32(&answer->header, TCA_ACT_IN_HW_COUNT, 0);
	put_bpf(answer, 7, TC_ACT_PIPE);
	end_action(answer);
	begin_action(answer, 1, "gact");
	put_stats(answer, 60, 1, &(const struct gnet_stats_queue){ .drops = 1 });
	put_bits(answer, TCA_ACT_USED_HW_STATS, 0, 3);
	mnl_attr_put_u32(&answer->header, TCA_ACT_IN_HW_COUNT, 2);
	put_gact(answer, 9, TC_ACT_GOTO_CHAIN | 5);
	end_action(answer);
	end_answer(answer);
	return answer;
}

#define BPF_LINE "bpf a.o:[action] id 2147483647 tag 01020304050607f8 default-action pipe\n"

START_TEST(test_text)
{
	assert_printed(printed_answer(&plain, full_answer()),
		       "total acts 2\n"
		       "\n"
		       "\taction order 0: " BPF_LINE "\t index 7 ref 2 bind 1\n"
		       " \tcookie 0abc\n"
		       "\tno_percpu\tnot_in_hw\n"
		       "\thw_stats immediate delayed\n"
		       "\n"
		       "\taction order 1: gact action goto chain 5\n"
		       "\t random type none pass val 0\n"
		       "\t index 9 ref 2 bind 1\n"
		       "\tin_hw in_hw_count 2\n"
		       "\tused_hw_stats disabled\n");
}
END_TEST

START_TEST(test_statistics)
{
	assert_printed(printed_answer(&with_statistics, full_answer()),
		       "total acts 2\n"
		       "\n"
		       "\taction order 0: " BPF_LINE
		       "\t index 7 ref 2 bind 1 installed 12 sec used 3 sec\n"
		       " \tAction statistics:\n"
		       "\tSent 5000000000 bytes 700 pkt (dropped 3, overlimits 5 requeues 4) \n"
		       "\tbacklog 2Kb 1p requeues 4\n"
		       "\tcookie 0abc\n"
		       "\tno_percpu\tnot_in_hw\n"
		       "\thw_stats immediate delayed\n"
		       "\n"
		       "\taction order 1: gact action goto chain 5\n"
		       "\t random type none pass val 0\n"
		       "\t index 9 ref 2 bind 1 installed 100 sec used 50 sec firstused 70 sec\n"
		       "\tAction statistics:\n"
		       "\tSent 60 bytes 1 pkt (dropped 1, overlimits 0 requeues 0) \n"
		       "\tbacklog 0b 0p requeues 0\n"
		       "\tin_hw in_hw_count 2\n"
		       "\tused_hw_stats disabled\n");
}
END_TEST

/* All on one line: tc has a backslash even behind the last one. */
START_TEST(test_oneline)
{
	char *lines = printed_answer(&with_statistics, full_answer());

	for (char *at = lines; (at = strchr(at, '\n'));)
		*at = '\\';
	assert_printed(printed_answer(&on_one_line, full_answer()), lines);
	free(lines);
	lines = printed_behind_filter(&with_statistics, full_answer());
	for (char *at = lines; (at = strchr(at, '\n'));)
		*at = '\\';
	assert_printed(printed_behind_filter(&on_one_line, full_answer()), lines);
	free(lines);
}
END_TEST

#define BPF_JSON(times, stats)                                                                 \
	"{\"order\":0,\"kind\":\"bpf\",\"bpf_name\":\"a.o:[action]\","                         \
	"\"prog\":{\"id\":2147483647},\"tag\":\"01020304050607f8\","                           \
	"\"control_action\":{\"type\":\"pipe\"},\"index\":7,\"ref\":2,\"bind\":1," times stats \
	"\"cookie\":\"0abc\",\"no_percpu\":true,\"not_in_hw\":true,"                           \
	"\"hw_stats\":[\"immediate\",\"delayed\"]}"
#define GACT_JSON(times, stats)                                                              \
	"{\"order\":1,\"kind\":\"gact\",\"control_action\":{\"type\":\"goto\",\"chain\":5}," \
	"\"prob\":{\"random_type\":\"none\",\"control_action\":{\"type\":\"pass\"},"         \
	"\"val\":0},\"index\":9,\"ref\":2,\"bind\":1," times stats                           \
	"\"in_hw\":true,\"in_hw_count\":2,\"used_hw_stats\":[\"disabled\"]}"

START_TEST(test_json)
{
	assert_json(&plain, full_answer(),
		    "[{\"total acts\":2},{\"actions\":[" BPF_JSON("", "") "," GACT_JSON("",
											"") "]}]");
	assert_json(
		&with_statistics, full_answer(),
		"[{\"total acts\":2},{\"actions\":[" BPF_JSON(
			"\"installed\":12,\"last_used\":3,",
			"\"stats\":{\"bytes\":5000000000,\"packets\":700,\"drops\":3,"
			"\"overlimits\":5,\"requeues\":4,\"backlog\":2048,\"qlen\":1},") "," GACT_JSON("\"installed\":100,\"last_used\":50,\"first_used\":70,",
												       "\"stats\":{\"bytes\":60,\"packets\":1,\"drops\":1,"
												       "\"overlimits\":0,\"requeues\":0,\"backlog\":0,\"qlen\":0},") "]}]");
}
END_TEST

/* Behind a filter, whose line ended before; what is in hardware is the filter's affair there. */
START_TEST(test_behind_filter)
{
	struct answer *answer = begin_answer(0);

	begin_action(answer, 1, "bpf");
	put_bits(answer, TCA_ACT_FLAGS, TCA_ACT_FLAGS_SKIP_HW, TCA_ACT_FLAGS_SKIP_HW);
	mnl_attr_put_u32(&answer->header, TCA_ACT_IN_HW_COUNT, 1);
	put_bpf(answer, 7, TC_ACT_PIPE);
	end_action(answer);
	begin_action(answer, 2, "gact");
	put_gact(answer, 8, TC_ACT_SHOT);
	end_action(answer);
	end_answer(answer);
	assert_printed(printed_behind_filter(&plain, answer),
		       "\taction order 1: " BPF_LINE "\t index 7 ref 2 bind 1\n"
		       " \n"
		       "\taction order 2: gact action drop\n"
		       "\t random type none pass val 0\n"
		       "\t index 8 ref 2 bind 1\n"
		       "\n");
}
END_TEST

static const struct {
	int control;
	const char *text;
	const char *json;
} controls[] = {
	{ TC_ACT_UNSPEC, "continue", "{\"type\":\"continue\"}" },
	{ TC_ACT_OK, "pass", "{\"type\":\"pass\"}" },
	{ TC_ACT_RECLASSIFY, "reclassify", "{\"type\":\"reclassify\"}" },
	{ TC_ACT_SHOT, "drop", "{\"type\":\"drop\"}" },
	{ TC_ACT_PIPE, "pipe", "{\"type\":\"pipe\"}" },
	{ TC_ACT_STOLEN, "stolen", "{\"type\":\"stolen\"}" },
	{ TC_ACT_QUEUED, "5", "{\"type\":\"5\"}" },
	{ TC_ACT_REDIRECT, "7", "{\"type\":\"7\"}" },
	{ TC_ACT_TRAP, "trap", "{\"type\":\"trap\"}" },
	{ -2, "-2", "{\"type\":\"-2\"}" },
	{ TC_ACT_JUMP | 3, "jump 3", "{\"type\":\"jump\",\"jump\":3}" },
	{ TC_ACT_GOTO_CHAIN, "goto chain 0", "{\"type\":\"goto\",\"chain\":0}" },
};
#define NR_CONTROLS (sizeof(controls) / sizeof(controls[0]))

/* What tc has no name for is a number. */
START_TEST(test_controls)
{
	struct answer *answer = begin_answer(1);
	char *text, *json;

	begin_action(answer, 0, "gact");
	begin_options(answer);
	put_parameters(answer, TCA_GACT_PARMS, 1, controls[_i].control);
	put_value(answer, TCA_GACT_PROB,
		  &(const struct tc_gact_p){
			  .ptype = PGACT_DETERM, .pval = 6, .paction = TC_ACT_SHOT },
		  sizeof(struct tc_gact_p));
	end_options(answer);
	end_action(answer);
	end_answer(answer);
	ck_assert_int_gt(asprintf(&text,
				  "total acts 1\n\n\taction order 0: gact action %s\n"
				  "\t random type determ drop val 6\n\t index 1 ref 2 bind 1\n",
				  controls[_i].text),
			 0);
	assert_printed(printed_answer(&plain, answer), text);
	free(text);
	ck_assert_int_gt(
		asprintf(&json,
			 "[{\"total acts\":1},{\"actions\":[{\"order\":0,\"kind\":\"gact\","
			 "\"control_action\":%s,\"prob\":{\"random_type\":\"determ\","
			 "\"control_action\":{\"type\":\"drop\"},\"val\":6},\"index\":1,\"ref\":2,"
			 "\"bind\":1}]}]",
			 controls[_i].json),
		0);
	assert_json(&plain, answer, json);
	free(json);
}
END_TEST

/* Of a kind that is unknown, what all have: its options are nobody's business. */
START_TEST(test_unknown_kind)
{
	const struct gnet_stats_queue queue = { 0 };
	struct answer *answer = begin_answer(1);

	begin_action(answer, 3, "nonsense");
	put_stats(answer, 1, 2, &queue);
	mnl_attr_put_u32(&answer->header, TCA_ACT_INDEX, 44);
	begin_options(answer);
	put_parameters(answer, 2, 5, TC_ACT_SHOT);
	end_options(answer);
	end_action(answer);
	end_answer(answer);
	assert_printed(printed_answer(&with_statistics, answer),
		       "total acts 1\n\n"
		       "\taction order 3: nonsense\n"
		       "\t index 44\n"
		       "\tAction statistics:\n"
		       "\tSent 1 bytes 2 pkt (dropped 0, overlimits 0 requeues 0) \n"
		       "\tbacklog 0b 0p requeues 0\n");
	assert_json(&plain, answer,
		    "[{\"total acts\":1},{\"actions\":[{\"order\":3,\"kind\":\"nonsense\","
		    "\"index\":44}]}]");
}
END_TEST

static const struct {
	__u32 backlog;
	const char *text;
} sizes[] = {
	{ 0, "0b" },	    { 1023, "1023b" },	   { 1024, "1Kb" },	  { 1039, "1Kb" },
	{ 1040, "1040b" },  { 2033, "2Kb" },	   { 1048575, "1024Kb" }, { 1048576, "1Mb" },
	{ 1049599, "1Mb" }, { 1049600, "1025Kb" }, { 3145000, "3Mb" },	  { 4294967295, "4096Mb" },
};
#define NR_SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* tc rounds where it loses little. */
START_TEST(test_sizes)
{
	const struct gnet_stats_queue queue = { .backlog = sizes[_i].backlog };
	struct answer *answer = begin_answer(1);
	char *text;

	begin_action(answer, 0, "gact");
	put_stats(answer, 0, 0, &queue);
	end_action(answer);
	end_answer(answer);
	ck_assert_int_gt(asprintf(&text,
				  "total acts 1\n\n\taction order 0: gact\n"
				  "\tAction statistics:\n"
				  "\tSent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) \n"
				  "\tbacklog %s 0p requeues 0\n",
				  sizes[_i].text),
			 0);
	assert_printed(printed_answer(&with_statistics, answer), text);
	free(text);
}
END_TEST

/* More packets than 32 bits hold. */
START_TEST(test_many_packets)
{
	const __u64 packets = 5000000001;
	const struct gnet_stats_basic basic = { .bytes = 1, .packets = (__u32)packets };
	struct answer *answer = begin_answer(1);
	struct nlattr *nest;

	begin_action(answer, 0, "gact");
	nest = mnl_attr_nest_start(&answer->header, TCA_ACT_STATS);
	put_value(answer, TCA_STATS_BASIC, &basic, 12);
	put_value(answer, TCA_STATS_PKT64, &packets, sizeof(packets));
	mnl_attr_nest_end(&answer->header, nest);
	end_action(answer);
	end_answer(answer);
	assert_printed(printed_answer(&with_statistics, answer),
		       "total acts 1\n\n\taction order 0: gact\n"
		       "\tAction statistics:\n"
		       "\tSent 1 bytes 5000000001 pkt\n");
}
END_TEST

/* --- what is not believed ----------------------------------------------------------------- */

/* A name cannot make a line of its own, nor colours. */
START_TEST(test_control_characters)
{
	struct answer *answer = begin_answer(1);

	begin_action(answer, 0, "bpf");
	begin_options(answer);
	put_parameters(answer, TCA_ACT_BPF_PARMS, 1, TC_ACT_OK);
	mnl_attr_put_strz(&answer->header, TCA_ACT_BPF_NAME, "a\n\taction order 1: \x1b[31m");
	end_options(answer);
	end_action(answer);
	end_answer(answer);
	assert_printed(printed_answer(&plain, answer),
		       "total acts 1\n\n"
		       "\taction order 0: bpf a?\taction order 1: ?[31m default-action pass\n"
		       "\t index 1 ref 2 bind 1\n");
}
END_TEST

/* Attributes of another size than theirs are as good as none, or cut off, and read no further. */
START_TEST(test_odd_sizes)
{
	static const char cookie[] = "seventeen bytes..";
	struct attach_action_list list;
	struct answer *answer = begin_answer(1);

	begin_action(answer, 0, "bpf");
	put_value(answer, TCA_ACT_COOKIE, cookie, sizeof(cookie) - 1);
	put_value(answer, TCA_ACT_STATS, "abc", 3);
	put_value(answer, TCA_ACT_FLAGS, "\1\0\0\0", 4);
	put_value(answer, TCA_ACT_IN_HW_COUNT, "\1", 1);
	begin_options(answer);
	put_value(answer, TCA_ACT_BPF_PARMS, "\5\0\0\0", 4);
	put_value(answer, TCA_ACT_BPF_ID, "\5", 1);
	put_value(answer, TCA_ACT_BPF_TAG, "1234567", 7);
	put_value(answer, TCA_ACT_BPF_NAME, "no end", 6);
	end_options(answer);
	end_action(answer);
	end_answer(answer);
	list = read_answer(answer);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_uint_eq(list.actions[0].cookie_size, 0);
	ck_assert(!list.actions[0].stats.has_packets);
	ck_assert_uint_eq(list.actions[0].flags.known, 0);
	ck_assert_uint_eq(list.actions[0].hardware_count, 0);
	ck_assert_uint_eq(list.actions[0].index, 5);
	ck_assert_int_eq(list.actions[0].references, 0);
	ck_assert_uint_eq(list.actions[0].bpf.id, 0);
	ck_assert(!list.actions[0].bpf.has_tag);
	ck_assert_str_eq(list.actions[0].bpf.name, "");
	cleanup_attach_actions(&list);
}
END_TEST

/* An answer without a kind, or without its header, is none. */
START_TEST(test_malformed)
{
	struct attach_action_list list = { .count = 99 };
	struct answer *answer = begin_answer(1);

	begin_action(answer, 0, "gact");
	end_action(answer);
	answer->action = mnl_attr_nest_start(&answer->header, 1);
	end_action(answer);
	end_answer(answer);
	ck_assert_int_eq(attach_action_read_answer(&answer->header, &list), -EBADMSG);
	mnl_nlmsg_put_header(answer->bytes);
	ck_assert_int_eq(attach_action_read_answer(&answer->header, &list), -EBADMSG);
	ck_assert_uint_eq(list.count, 99);
}
END_TEST

/* More actions in an answer than a filter may have. */
START_TEST(test_long_list)
{
	struct answer *answer = begin_answer(100);
	struct attach_action_list list;

	for (__u16 order = 0; order < 100; order++) {
		begin_action(answer, order, "gact");
		begin_options(answer);
		put_parameters(answer, TCA_GACT_PARMS, order + 1000u, TC_ACT_OK);
		end_options(answer);
		end_action(answer);
	}
	end_answer(answer);
	list = read_answer(answer);
	ck_assert_uint_eq(list.total, 100);
	ck_assert_uint_eq(list.count, 100);
	ck_assert_uint_eq(list.actions[99].order, 99);
	ck_assert_uint_eq(list.actions[99].index, 1099);
	cleanup_attach_actions(&list);
}
END_TEST

Suite *action_show_suite(void)
{
	Suite *suite = suite_of("action_show", test_text, test_statistics, test_oneline, test_json,
				test_behind_filter, test_unknown_kind, test_many_packets,
				test_control_characters, test_odd_sizes, test_malformed,
				test_long_list);

	add_loop_test(suite, test_controls, NR_CONTROLS);
	add_loop_test(suite, test_sizes, NR_SIZES);
	return suite;
}
