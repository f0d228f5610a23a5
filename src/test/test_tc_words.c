// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* tc's words mean here what they mean there: each is asked for, and looked up in the kernel. */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define OBJECT "testdata/counter.o"
/* what the kernel adds to a filter's flags */
#define FLAGS_OF_HARDWARE ((__u32)(TCA_CLS_FLAGS_IN_HW | TCA_CLS_FLAGS_NOT_IN_HW))

/* --- what words ask for ------------------------------------------------------------------- */

static const struct asked {
	const char *words; /* behind "tc filter add dev veth0" */
	__u32 hook;
	struct filter filter; /* without its program; a preference of 0 is the kernel's */
	const char *program;
} asked[] = {
	{ "ingress bpf obj " OBJECT,
	  TC_H_MIN_INGRESS,
	  { .handle = 1, .protocol = ETH_P_ALL, .name = "counter.o:[classifier]" },
	  "classify" },
	{ "egress prio 7 handle 0x2a protocol ip chain 3 bpf da obj " OBJECT
	  " sec ingress classid 0x1:0x2",
	  TC_H_MIN_EGRESS,
	  { .handle = 42,
	    .preference = 7,
	    .protocol = ETH_P_IP,
	    .chain = 3,
	    .classid = 0x10002,
	    .flags = TCA_BPF_FLAG_ACT_DIRECT,
	    .name = "counter.o:[ingress]" },
	  "direct" },
	{ "parent ffff:fff3 pref 0x10 protocol 0x86dd handle 010 bpf direct-action "
	  "object-file " OBJECT " section ingress flowid ff:",
	  TC_H_MIN_EGRESS,
	  { .handle = 8,
	    .preference = 16,
	    .protocol = ETH_P_IPV6,
	    .classid = 0xff0000,
	    .flags = TCA_BPF_FLAG_ACT_DIRECT,
	    .name = "counter.o:[ingress]" },
	  "direct" },
	{ "parent ffff:fff2 bpf obj " OBJECT " program direct skip_hw da",
	  TC_H_MIN_INGRESS,
	  { .handle = 1,
	    .protocol = ETH_P_ALL,
	    .flags = TCA_BPF_FLAG_ACT_DIRECT,
	    .gen_flags = TCA_CLS_FLAGS_SKIP_HW,
	    .name = "counter.o:[ingress]" },
	  "direct" },
	/* abbreviations, as tc takes them: s is section behind the file, and nothing before it */
	{ "ingress pri 3 prot arp ch 1 bpf obj " OBJECT " s ingress d",
	  TC_H_MIN_INGRESS,
	  { .handle = 1,
	    .preference = 3,
	    .protocol = ETH_P_ARP,
	    .chain = 1,
	    .flags = TCA_BPF_FLAG_ACT_DIRECT,
	    .name = "counter.o:[ingress]" },
	  "direct" },
	{ "ingress pref 4 proto ipv6 bpf dir object " OBJECT " se ingress fl 2:3 skip_h",
	  TC_H_MIN_INGRESS,
	  { .handle = 1,
	    .preference = 4,
	    .protocol = ETH_P_IPV6,
	    .classid = 0x20003,
	    .flags = TCA_BPF_FLAG_ACT_DIRECT,
	    .gen_flags = TCA_CLS_FLAGS_SKIP_HW,
	    .name = "counter.o:[ingress]" },
	  "direct" },
	{ "ingress bpf run obj " OBJECT " program direct",
	  TC_H_MIN_INGRESS,
	  { .handle = 1, .protocol = ETH_P_ALL, .name = "counter.o:[ingress]" },
	  "direct" },
};
#define NR_ASKED (sizeof(asked) / sizeof(asked[0]))

/* The filter has the place, the attributes and the program that were asked for. */
START_TEST(test_filter)
{
	const struct filter *expected = &asked[_i].filter;
	struct filter filter;
	__u32 other = asked[_i].hook == TC_H_MIN_INGRESS ? TC_H_MIN_EGRESS : TC_H_MIN_INGRESS;

	enter_with_clsact();
	tool_works("tc filter add dev veth0 %s", asked[_i].words);
	ck_assert_uint_eq(attached_filters("veth0", asked[_i].hook, &filter, 1), 1);
	ck_assert_uint_eq(attached_filters("veth0", other, NULL, 0), 0);
	ck_assert_uint_eq(filter.handle, expected->handle);
	if (expected->preference)
		ck_assert_uint_eq(filter.preference, expected->preference);
	ck_assert_uint_eq(filter.protocol, expected->protocol);
	ck_assert_uint_eq(filter.chain, expected->chain);
	ck_assert_uint_eq(filter.classid, expected->classid);
	ck_assert_uint_eq(filter.flags, expected->flags);
	ck_assert_uint_eq(filter.gen_flags & ~FLAGS_OF_HARDWARE, expected->gen_flags);
	ck_assert_str_eq(filter.name, expected->name);
	ck_assert_str_eq(program_info_of_id(filter.program).name, asked[_i].program);
}
END_TEST

/* Verbs and objects are abbreviated too, with tc's order where several begin alike. */
START_TEST(test_abbreviated_verbs)
{
	enter_with_clsact();
	tool_works("tc q del dev veth0 clsact");
	ck_assert(!has_qdisc("veth0", "clsact"));
	tool_works("tc q a dev veth0 clsact");
	ck_assert(has_qdisc("veth0", "clsact"));
	tool_works("tc f a dev veth0 ingress prio 1 handle 1 bpf da obj " OBJECT " sec ingress");
	ck_assert_uint_ne(attached_program("veth0", TC_H_MIN_INGRESS), 0);
	tool_works("tc f r dev veth0 ingress prio 1 handle 1 bpf da obj " OBJECT " sec ingress");
	tool_works("tc f c dev veth0 ingress prio 1 handle 1 protocol all bpf da obj " OBJECT
		   " sec ingress");
	ck_assert_uint_ne(attached_program("veth0", TC_H_MIN_INGRESS), 0);
	tool_works("tc f d dev veth0 ingress");
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, NULL, 0), 0);
	free(tool_output("tc f l dev veth0 ingress"));
	free(tool_output("tc q s dev veth0"));
}
END_TEST

/* The verifier's log comes when it is asked for, which is no failure. */
START_TEST(test_verbose)
{
	static const char *const lines[] = {
		"tc filter add dev veth0 ingress bpf da obj " OBJECT " sec ingress verb",
		"tc filter add dev veth0 ingress bpf da obj " OBJECT " sec ingress verbose",
		"-v tc filter add dev veth0 ingress bpf da obj " OBJECT " sec ingress",
	};

	enter_with_clsact();
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct run run = tool("%s", lines[i]);

		assert_status(&run, 0);
		ck_assert_msg(strstr(run.err, "processed "), "%s", run.err);
		free_run(&run);
	}
}
END_TEST

/* --- qdiscs ------------------------------------------------------------------------------- */

/* Both qdiscs come and go, and the kernel's reasons for not doing so are shown. */
START_TEST(test_qdisc)
{
	char *before;

	enter_with_clsact();
	ck_assert(has_qdisc("veth0", "clsact"));
	before = snapshot();
	/* the kernel's own words */
	assert_kernel_refusal_with_details(tool("tc qdisc add dev veth0 clsact"),
					   "tc qdisc add: veth0: ", "Exclusivity flag on");
	tool_works("tc qdisc replace dev veth0 clsact");
	assert_unchanged(before);
	tool_works("tc qdisc del dev veth0 clsact");
	ck_assert(!has_qdisc("veth0", "clsact"));
	assert_kernel_refusal(tool("tc qdisc del dev veth0 clsact"), "tc qdisc del: veth0: ");

	tool_works("tc qdisc add dev veth0 handle ffff: ingress");
	ck_assert(has_qdisc("veth0", "ingress"));
	tool_works("tc filter add dev veth0 parent ffff: bpf da obj " OBJECT " sec ingress");
	tool_works("tc qdisc del dev veth0 parent ffff:fff1 ingress");
	ck_assert(!has_qdisc("veth0", "ingress"));
}
END_TEST

/* --- verbs -------------------------------------------------------------------------------- */

/* The program of the filter of this handle, 0 if there is none. */
static __u32 program_of_handle(__u32 handle)
{
	struct filter filters[8];
	size_t count = attached_filters("veth0", TC_H_MIN_INGRESS, filters, 8);

	ck_assert_uint_le(count, 8);
	for (size_t i = 0; i < count; i++) {
		if (filters[i].handle == handle)
			return filters[i].program;
	}
	return 0;
}

#define FILTER(verb, which) "tc filter " verb " dev veth0 ingress prio 1 " which
#define PROGRAM " bpf da obj " OBJECT " sec ingress"

/* change wants a filter that is there, add one that is not, replace takes both. */
START_TEST(test_change_and_replace)
{
	__u32 first, changed;

	enter_with_clsact();
	assert_kernel_refusal(tool(FILTER("change", "handle 1 protocol all") PROGRAM),
			      "tc filter change");
	ck_assert_uint_eq(program_of_handle(1), 0);
	assert_tree(""); /* nor pins of it */

	tool_works(FILTER("replace", "handle 1") PROGRAM);
	first = program_of_handle(1);
	ck_assert_uint_ne(first, 0);
	assert_kernel_refusal_with_details(tool(FILTER("add", "handle 1") PROGRAM),
					   "tc filter add");
	ck_assert_uint_eq(program_of_handle(1), first);

	tool_works(FILTER("change", "handle 1 protocol all") PROGRAM);
	changed = program_of_handle(1);
	ck_assert_uint_ne(changed, first);
	tool_works(FILTER("replace", "handle 1") PROGRAM);
	ck_assert_uint_ne(program_of_handle(1), changed);
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, NULL, 0), 1);
}
END_TEST

/* One by its handle, all of a preference, all of a hook. */
START_TEST(test_delete)
{
	enter_with_clsact();
	tool_works(FILTER("add", "handle 1") PROGRAM);
	tool_works(FILTER("add", "handle 2") PROGRAM);
	tool_works("tc filter add dev veth0 ingress prio 2 handle 3" PROGRAM);
	tool_works("tc filter add dev veth0 ingress prio 3 handle 4" PROGRAM);
	tool_works("tc filter add dev veth0 egress prio 3 handle 5" PROGRAM);

	assert_kernel_refusal(tool(FILTER("del", "handle 9 protocol all bpf")),
			      "tc filter del: veth0 "
			      "ingress: ");
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, NULL, 0), 4);
	tool_works(FILTER("del", "handle 2 protocol all bpf"));
	ck_assert_uint_eq(program_of_handle(2), 0);
	ck_assert_uint_ne(program_of_handle(1), 0);
	tool_works("tc filter del dev veth0 ingress prio 2");
	ck_assert_uint_eq(program_of_handle(3), 0);
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, NULL, 0), 2);
	tool_works("tc filter del dev veth0 ingress");
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, NULL, 0), 0);
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_EGRESS, NULL, 0), 1);
}
END_TEST

/* --- programs ----------------------------------------------------------------------------- */

/* A program that is pinned is attached itself, and not a copy. */
START_TEST(test_pinned_program)
{
	static const char *const words[] = { "pinned", "object-pinned", "fd", "pin" };
	struct filter filter;
	int fd;

	enter_with_clsact();
	free(tool_output("load " OBJECT " --pin-dir " BPFFS "/pinned"));
	fd = open_pin(BPFFS "/pinned/direct");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		tool_works("tc filter replace dev veth0 ingress prio 1 handle 1 bpf da %s " BPFFS
			   "/pinned/direct",
			   words[i]);
		ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, &filter, 1), 1);
		ck_assert_uint_eq(filter.program, program_info(fd).id);
		ck_assert_str_eq(filter.name, "direct:[*fsobj]");
	}
	close(fd);
	/* the name is made of the path as it was typed, which routes are told apart by */
	free(tool_output("load " OBJECT " --pin-dir " BPFFS "/tc"));
	tool_works("tc filter replace dev veth0 ingress prio 1 handle 1 bpf da pinned m:direct");
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, &filter, 1), 1);
	ck_assert_str_eq(filter.name, "m:direct:[*fsobj]");
}
END_TEST

/* A program of another type, a map and nothing at all are told apart. */
START_TEST(test_pin_is_no_classifier)
{
	char *before;

	enter_with_clsact();
	free(tool_output("load testdata/xdp.o --pin-dir " BPFFS "/pinned"));
	before = snapshot();
	assert_refusal(tool("tc filter add dev veth0 ingress bpf da pinned " BPFFS
			    "/pinned/forward"),
		       BPFFS "/pinned/forward", "xdp", "sched_cls");
	assert_refusal(tool("tc filter add dev veth0 ingress bpf da pinned " BPFFS "/pinned/seen"),
		       BPFFS "/pinned/seen", "no program");
	assert_refusal(tool("tc filter add dev veth0 ingress bpf da pinned " BPFFS "/missing"),
		       BPFFS "/missing", "No such file or directory");
	assert_unchanged(before);
}
END_TEST

/* What is not in the object is named, with what is there instead. */
START_TEST(test_no_such_program)
{
	char *before;

	enter_with_clsact();
	before = snapshot();
	assert_refusal_with_details(tool("tc filter add dev veth0 ingress bpf obj " OBJECT
					 " sec missing"),
				    OBJECT, "'missing'",
				    "\n  sections (programs): classifier (classify), ingress "
				    "(direct)");
	assert_refusal_with_details(tool("tc filter add dev veth0 ingress bpf obj " OBJECT
					 " program missing"),
				    OBJECT, "'missing'", "ingress (direct)");
	assert_refusal_with_details(tool("tc filter add dev veth0 ingress bpf obj " OBJECT
					 " sec classifier program direct"),
				    OBJECT, "'direct'", "section classifier");
	/* subprograms are not for attaching */
	assert_refusal_with_details(tool("tc filter add dev veth0 ingress bpf obj "
					 "testdata/subprogs.o sec .text"),
				    "'.text'", "classifier (classify)");
	/* xdp.o has none in the section that is taken if none is named */
	assert_refusal_with_details(tool("tc filter add dev veth0 ingress bpf obj testdata/xdp.o"),
				    "testdata/xdp.o", "'classifier'", "prog (forward)");
	assert_unchanged(before);
}
END_TEST

/* A device that is missing is named. */
START_TEST(test_no_such_device)
{
	char *before;

	enter_with_clsact();
	before = snapshot();
	assert_refusal(tool("tc filter add dev missing ingress bpf obj " OBJECT), "\"missing\"");
	assert_refusal(tool("tc filter show dev missing ingress"), "\"missing\"");
	assert_refusal(tool("tc qdisc add dev missing clsact"), "\"missing\"");
	assert_refusal(tool("tc qdisc show dev missing"), "\"missing\"");
	assert_unchanged(before);
}
END_TEST

/* The kernel's own words come through: that the driver has no offload, that two words clash. */
START_TEST(test_kernel_refuses)
{
	char *before;

	enter_with_clsact();
	before = snapshot();
	/* loaded for the device alone, as iproute2 does */
	assert_kernel_refusal_with_details(
		tool("tc filter add dev veth0 ingress bpf da obj " OBJECT " sec ingress skip_sw"),
		OBJECT, "the driver of veth0 has no BPF offload", "without skip_sw");
	assert_kernel_refusal(
		tool("tc filter change dev veth0 ingress prio 9 handle 1 protocol all bpf da "
		     "obj " OBJECT " sec ingress"),
		"NLM_F_CREATE");
	assert_unchanged(before);
}
END_TEST

Suite *tc_words_suite(void)
{
	Suite *suite = suite_of("tc_words", test_abbreviated_verbs, test_verbose, test_qdisc,
				test_change_and_replace, test_delete, test_pinned_program,
				test_pin_is_no_classifier, test_no_such_program,
				test_no_such_device, test_kernel_refuses);

	add_loop_test(suite, test_filter, NR_ASKED);
	return suite;
}
