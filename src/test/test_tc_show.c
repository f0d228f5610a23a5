// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Scripts read what tc lists: elfmap tc lists the same, in text and in JSON. */
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "test/outcome.h"
#include "test/parsed.h"
#include "test/setup.h"
#include "test/stock.h"
#include "test/tests.h"
#include "test/tool.h"

#define PROGRAM " bpf da obj testdata/counter.o sec ingress"

/* Filters of all sorts on veth0, an ingress qdisc on veth1, and nothing of this on lo. */
static void attach_filters(void)
{
	static const char *const filters[] = {
		"dev veth0 ingress prio 7 handle 0x2a protocol ip chain 3" PROGRAM " classid 1:2",
		"dev veth0 ingress prio 7 handle 0x2b protocol ip chain 3" PROGRAM " skip_hw",
		"dev veth0 ingress prio 9 handle 5 protocol 0x1234" PROGRAM,
		"dev veth0 egress bpf obj testdata/counter.o flowid ff:",
		"dev veth1 parent ffff: protocol arp" PROGRAM,
	};

	enter_with_clsact();
	tool_works("tc qdisc add dev veth1 ingress");
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		tool_works("tc filter add %s", filters[i]);
}

static const char *const shown[] = {
	"filter show dev veth0 ingress",
	"filter show dev veth0 egress",
	"filter show dev veth0",
	"filter list dev veth0 ingress",
	"filter show dev veth0 ingress prio 7",
	"filter show dev veth0 ingress pref 9 protocol 0x1234",
	"filter show dev veth0 ingress protocol ip",
	"filter show dev veth0 ingress protocol ip prio 7 chain 3",
	"filter show dev veth0 ingress chain 3",
	"filter show dev veth0 ingress chain 0",
	"filter show dev veth0 parent ffff:fff2",
	"filter show dev veth0 parent ffff:fff3",
	"filter show dev veth1",
	"filter show dev veth1 parent ffff:",
	"filter show dev lo",
	"filter show",
	"filter",
	"qdisc show",
	"qdisc",
	"qdisc list dev veth0",
	"qdisc show dev veth1",
	"qdisc show dev lo",
	"qdisc show dev veth0 clsact",
	"qdisc show ingress",
	"qdisc show root",
	"qdisc show dev veth0 parent ffff:fff1",
	"qdisc show handle ffff:",
	"qdisc show dev veth0 handle ffff",
	"qdisc show handle 1:",
	"filter show dev veth0 ingress handle 0x2a",
};
#define NR_SHOWN (sizeof(shown) / sizeof(shown[0]))

/* Word for word, with the details that -d adds, and in colors. */
START_TEST(test_text)
{
	require_stock("tc");
	/* newer ones take brighter colors where they know nothing of the terminal's background */
	setenv("COLORFGBG", "0;15", 1);
	attach_filters();
	assert_same_text("tc", "", shown[_i]);
	assert_same_text("tc", "-d", shown[_i]);
	assert_same_text("tc", "-color", shown[_i]);
	assert_same_text("tc", "-N", shown[_i]);
	assert_same_text("tc", "-color=auto", shown[_i]);
	assert_same_text("tc", "-o", shown[_i]);
	assert_same_text("tc", "-o -d -color", shown[_i]);
}
END_TEST

/* The same members with the same values. */
START_TEST(test_json)
{
	require_stock("tc");
	attach_filters();
	assert_same_json("tc", "-j", shown[_i]);
	assert_same_json("tc", "-j -p", shown[_i]);
	assert_same_json("tc", "-d -j", shown[_i]);
	assert_same_json("tc", "-j -color=always", shown[_i]);
}
END_TEST

/* Where there is no stock tc to compare with: what the kernel has is what is shown. */
START_TEST(test_shown_is_there)
{
	struct json_object *json, *filter, *options;
	struct filter filters[4];
	char *out, tag[17];

	attach_filters();
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_EGRESS, filters, 4), 1);
	out = tool_output("tc -j filter show dev veth0 egress");
	json = parse_json(out);
	/* the first one stands for the preference */
	ck_assert_uint_eq(json_object_array_length(json), 2);
	filter = json_object_array_get_idx(json, 1);
	ck_assert_str_eq(member_text(filter, "kind"), "bpf");
	ck_assert_str_eq(member_text(filter, "protocol"), "all");
	ck_assert_int_eq(member_number(filter, "pref"), filters[0].preference);
	options = member(filter, "options");
	ck_assert_str_eq(member_text(options, "handle"), "0x1");
	ck_assert_str_eq(member_text(options, "bpf_name"), "counter.o:[classifier]");
	ck_assert_str_eq(member_text(options, "flowid"), "ff:");
	ck_assert(!has_member(options, "direct-action"));
	ck_assert_int_eq(member_number(member(options, "prog"), "id"), filters[0].program);
	for (int i = 0; i < BPF_TAG_SIZE; i++)
		sprintf(tag + 2 * i, "%02x", program_info_of_id(filters[0].program).tag[i]);
	ck_assert_str_eq(member_text(member(options, "prog"), "tag"), tag);
	json_object_put(json);
	free(out);
}
END_TEST

Suite *tc_show_suite(void)
{
	Suite *suite = suite_of("tc_show", test_shown_is_there);

	add_loop_test(suite, test_text, NR_SHOWN);
	add_loop_test(suite, test_json, NR_SHOWN);
	return suite;
}
