// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * A filter on ingress or egress brings the clsact qdisc along where it is missing, unless that is
 * forbidden; a qdisc that is there stays as it is, and one that was made in vain goes again.
 */
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <string.h>

#include "cleanup.h"
#include "test/namespace.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define PROGRAM " bpf da obj testdata/counter.o sec ingress"
#define HINT "\n  no clsact qdisc on veth0: elfmap tc qdisc add dev veth0 clsact\n"

/* Verbs and places that say that a filter is to be there. */
static const struct {
	const char *words;
	__u32 hook;
} added[] = {
	{ "tc filter add dev veth0 ingress", TC_H_MIN_INGRESS },
	{ "tc filter add dev veth0 egress", TC_H_MIN_EGRESS },
	{ "tc filter add dev veth0 parent ffff:fff3", TC_H_MIN_EGRESS },
	{ "tc filter replace dev veth0 ingress prio 1 handle 1", TC_H_MIN_INGRESS },
};
#define NR_ADDED (sizeof(added) / sizeof(added[0]))

/* It is made in silence, once, and holds the filter. */
START_TEST(test_added)
{
	enter_kernel();
	ck_assert(!has_qdisc("veth0", "clsact"));
	tool_works("%s" PROGRAM, added[_i].words);
	ck_assert(has_qdisc("veth0", "clsact"));
	ck_assert_uint_ne(attached_program("veth0", added[_i].hook), 0);
	ck_assert(!has_qdisc("veth1", "clsact"));
}
END_TEST

/* With -v the user is told, and not where it was there. */
START_TEST(test_told)
{
	struct run run;

	enter_kernel();
	run = tool("-v tc filter add dev veth0 ingress" PROGRAM);
	assert_status(&run, 0);
	ck_assert_ptr_nonnull(strstr(run.err, "veth0: there was no clsact qdisc, added one\n"));
	free_run(&run);
	run = tool("-v tc filter add dev veth0 egress" PROGRAM);
	assert_status(&run, 0);
	ck_assert_ptr_null(strstr(run.err, "added one"));
	free_run(&run);
}
END_TEST

/* Where it is forbidden, and for verbs and places that ask for no new one, a hint is all. */
START_TEST(test_not_added)
{
	static const char *const lines[] = {
		"--no-qdisc tc filter add dev veth0 ingress" PROGRAM,
		"tc --no-qdisc filter add dev veth0 egress" PROGRAM,
		"tc filter replace dev veth0 ingress" PROGRAM " --no-qdisc",
		"tc filter change dev veth0 ingress prio 1 handle 1 protocol all" PROGRAM,
		"tc filter add dev veth0 parent ffff:" PROGRAM,
		"tc filter del dev veth0 ingress",
	};
	char *before;

	enter_kernel();
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		before = snapshot();
		assert_kernel_refusal_with_details(tool("%s", lines[i]), "veth0", HINT);
		assert_unchanged(before);
	}
}
END_TEST

/* What the kernel refuses although there is a qdisc now leaves none behind, and no pins. */
START_TEST(test_taken_back)
{
	char *before;

	enter_kernel();
	before = snapshot();
	assert_kernel_refusal(tool("tc filter add dev veth0 ingress chain 4294967295" PROGRAM),
			      "tc filter add: veth0 ingress: ");
	assert_unchanged(before);
}
END_TEST

/* The user's own stays, with and without filters. */
START_TEST(test_not_taken_back)
{
	char *before;

	enter_with_clsact();
	before = snapshot();
	assert_kernel_refusal(tool("tc filter add dev veth0 ingress chain 4294967295" PROGRAM),
			      "tc filter add: veth0 ingress: ");
	assert_unchanged(before);
	ck_assert(has_qdisc("veth0", "clsact"));
}
END_TEST

/* An ingress qdisc is not replaced; that it runs an egress filter on ingress is said. */
START_TEST(test_ingress_qdisc)
{
	struct run run;

	enter_kernel();
	tool_works("tc qdisc add dev veth0 ingress");
	tool_works("tc filter add dev veth0 ingress prio 1 handle 1" PROGRAM);
	ck_assert(has_qdisc("veth0", "ingress"));
	run = tool("tc filter add dev veth0 egress prio 2 handle 2" PROGRAM);
	assert_status(&run, 0);
	ck_assert_msg(strstr(run.err, "veth0 has an ingress qdisc and not clsact: this filter sees "
				      "what comes in"),
		      "%s", run.err);
	free_run(&run);
	ck_assert(has_qdisc("veth0", "ingress"));
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, NULL, 0), 2);
}
END_TEST

/* A device that cannot have one is named with the kernel's reason. */
START_TEST(test_no_device)
{
	enter_kernel();
	assert_refusal(tool("tc filter add dev missing ingress" PROGRAM), "\"missing\"");
	assert_tree("");
}
END_TEST

Suite *tc_clsact_suite(void)
{
	Suite *suite = suite_of("tc_clsact", test_told, test_not_added, test_taken_back,
				test_not_taken_back, test_ingress_qdisc, test_no_device);

	add_loop_test(suite, test_added, NR_ADDED);
	return suite;
}
