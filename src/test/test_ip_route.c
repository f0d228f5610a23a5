// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * elfmap ip route: verbs, refusals that leave nothing behind, and the routes of stock ip beside it.
 */
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/rtnetlink.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "test/converted_file.h"
#include "test/object_edit.h"
#include "test/outcome.h"
#include "test/route.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/stock.h"
#include "test/tests.h"
#include "test/tool.h"

#define GLOBALS BPFFS "/tc/globals"
#define PACKETS GLOBALS "/lwt_packets"
#define OBJECT "testdata/lwt.o"
#define NET "198.51.100.0/24"
#define OTHER "198.51.101.0/24"
#define NET6 "2001:db8:2::/64"
#define XMIT " dev veth0 encap bpf xmit obj " OBJECT " sec lwt_xmit"

static void enter(void)
{
	enter_kernel();
	add_address("veth0", "203.0.113.1");
}

static void enter_with_ipv6(void)
{
	enter();
	switch_ipv6_on("veth0");
	add_address("veth0", "2001:db8:1::1");
}

static const char *xmit_of(const struct route *route)
{
	return route->programs[ROUTE_XMIT];
}

static size_t nr_programs(void)
{
	return route_programs(map_info_of_pin(PACKETS).id, NULL, 0);
}

/* --- verbs -------------------------------------------------------------------------------- */

START_TEST(test_add)
{
	struct route route;

	enter();
	tool_works("ip route add " NET XMIT);
	route = route_to(AF_INET, NET);
	ck_assert_str_eq(xmit_of(&route), "lwt.o:[lwt_xmit]");
	ck_assert_str_eq(route.device, "veth0");
	assert_kernel_refusal_with_details(tool("ip route add " NET XMIT),
					   "ip route add: " NET " dev veth0: File exists",
					   "\n  elfmap ip route replace ");
	assert_kernel_refusal_with_details(tool("ip route append " NET XMIT), "File exists");
	tool_works("ip route add " NET XMIT " metric 7");
	ck_assert_uint_eq(routes_to(AF_INET, NET, NULL, 0), 2);
}
END_TEST

/* Routes to the same place stand in the order that the verbs say. */
START_TEST(test_append_and_prepend)
{
	struct route routes[3];

	enter();
	tool_works("ip route add " NET " dev veth0 encap bpf xmit obj " OBJECT);
	tool_works("ip route append " NET XMIT);
	tool_works("ip route prepend " NET " dev veth0 encap bpf out obj " OBJECT " sec lwt_out");
	ck_assert_uint_eq(routes_to(AF_INET, NET, routes, 3), 3);
	ck_assert_str_eq(routes[0].programs[ROUTE_OUT], "lwt.o:[lwt_out]");
	ck_assert_str_eq(xmit_of(&routes[1]), "lwt.o:[prog]");
	ck_assert_str_eq(xmit_of(&routes[2]), "lwt.o:[lwt_xmit]");
}
END_TEST

START_TEST(test_change)
{
	struct route route;
	char *before;

	enter();
	before = snapshot();
	assert_kernel_refusal_with_details(tool("ip route change " NET XMIT), "ip route change",
					   "\n  there is no such route to change");
	assert_unchanged(before);
	tool_works("ip route replace " NET " dev veth0 encap bpf xmit obj " OBJECT);
	tool_works("ip route chg " NET XMIT);
	route = route_to(AF_INET, NET);
	ck_assert_str_eq(xmit_of(&route), "lwt.o:[lwt_xmit]");
	/* and with a route that has no tunnel */
	tool_works("ip route change " NET " dev veth0");
	route = route_to(AF_INET, NET);
	ck_assert_uint_eq(route.encap, 0);
	wait_until(nr_programs() == 0);
}
END_TEST

/* Routes without a tunnel are the same requests with less in them. */
START_TEST(test_plain_route)
{
	struct route route;

	enter();
	tool_works("ip route add " NET " via 203.0.113.9");
	route = route_to(AF_INET, NET);
	ck_assert_str_eq(route.gateway, "203.0.113.9");
	ck_assert_uint_eq(route.encap, 0);
	tool_works("ip route del " NET);
	ck_assert_uint_eq(routes_to(AF_INET, NET, NULL, 0), 0);
}
END_TEST

/* --- deleting ----------------------------------------------------------------------------- */

/*
 * Of the IPv4 routes of a device the one goes that has programs of these names, which needs neither
 * files nor pins. The kernel looks at no names where neither dev nor via is given, nor in IPv6.
 */
START_TEST(test_delete)
{
	struct route route;
	char *before;

	enter();
	tool_works("ip route add " NET XMIT);
	tool_works("ip route append " NET " dev veth0 encap bpf xmit obj " OBJECT);
	before = snapshot();
	assert_kernel_refusal_with_details(
		tool("ip route del " NET " dev veth0 encap bpf xmit obj " OBJECT " sec lwt_in"),
		"ip route del: " NET " dev veth0: No such process", "\n  ip -d route show lists ");
	ck_assert_uint_eq(routes_to(AF_INET, NET, NULL, 0), 2);
	tool_works("ip route del " NET " dev veth0 encap bpf xmit obj missing/lwt.o");
	route = route_to(AF_INET, NET);
	ck_assert_str_eq(xmit_of(&route), "lwt.o:[lwt_xmit]");
	tool_works("ip route del " NET " dev veth0 encap bpf xmit obj " OBJECT
		   " program count_xmit");
	ck_assert_uint_eq(routes_to(AF_INET, NET, NULL, 0), 0);
	assert_unchanged(before);
	wait_until(nr_programs() == 0);
	assert_kernel_refusal_with_details(tool("ip route del " NET), "No such process",
					   "\n  ip route show lists ");
}
END_TEST

/* Slots and pins of the object stay as they are while its route goes. */
START_TEST(test_delete_loads_nothing)
{
	char *before;

	enter();
	tool_works("ip route add " NET
		   " dev veth0 encap bpf xmit obj testdata/tailcalls.o sec classifier");
	before = snapshot();
	tool_works("ip route del " NET
		   " dev veth0 encap bpf xmit obj testdata/tailcalls.o sec classifier");
	assert_unchanged(before);
	ck_assert_uint_eq(routes_to(AF_INET, NET, NULL, 0), 0);
}
END_TEST

START_TEST(test_delete_ipv6)
{
	enter_with_ipv6();
	tool_works("ip route add " NET6 XMIT);
	tool_works("ip -6 route del " NET6 " dev veth0 encap bpf xmit obj " OBJECT " sec lwt_xmit");
	ck_assert_uint_eq(routes_to(AF_INET6, NET6, NULL, 0), 0);
	wait_until(nr_programs() == 0);
}
END_TEST

/* --- next hops that routes share ---------------------------------------------------------- */

/* The kernel gives a like route the programs of the first, and the user is told. */
START_TEST(test_shared)
{
	struct run run;
	__u32 map, first = 0, ids[4];

	enter();
	tool_works("ip route add " NET XMIT);
	map = map_info_of_pin(PACKETS).id;
	ck_assert_uint_eq(route_programs(map, &first, 1), 1);
	run = tool("ip route add " OTHER XMIT);
	assert_status(&run, 0);
	ck_assert_ptr_nonnull(strstr(run.err, "elfmap: warning: ip route add: " OTHER));
	ck_assert_ptr_nonnull(strstr(run.err, "\n  to run those just loaded, delete "));
	free_run(&run);
	wait_until(route_programs(map, ids, 4) == 1);
	ck_assert_uint_eq(ids[0], first);

	/* nor does a replacement of one of them help */
	run = tool("ip route replace " NET XMIT);
	assert_status(&run, 0);
	ck_assert_ptr_nonnull(strstr(run.err, "the kernel runs the programs of a like route"));
	free_run(&run);
	wait_until(route_programs(map, ids, 4) == 1);
	ck_assert_uint_eq(ids[0], first);
}
END_TEST

static bool is_alive(__u32 id)
{
	int fd CLEANUP(cleanup_fd) = bpf_prog_get_fd_by_id(id);

	return fd >= 0;
}

/* What differs is not shared: the other route does not keep the first one's program. */
START_TEST(test_not_shared)
{
	static const char *const others[] = {
		XMIT " metric 3",
		XMIT " protocol static",
		XMIT " mtu 1300",
		XMIT " table 77",
		XMIT " src 203.0.113.1",
		XMIT " via 203.0.113.9",
		" dev veth1 encap bpf xmit obj " OBJECT " sec lwt_xmit",
		" dev veth0 encap bpf xmit obj " OBJECT,
		" dev veth0 encap bpf out obj " OBJECT " sec lwt_out xmit obj " OBJECT
		" sec lwt_xmit",
	};
	__u32 first = 0;

	enter();
	tool_works("ip route add " NET XMIT);
	ck_assert_uint_eq(route_programs(map_info_of_pin(PACKETS).id, &first, 1), 1);
	tool_works("ip route add " OTHER "%s", others[_i]);
	tool_works("ip route del " NET);
	wait_until(!is_alive(first));
	ck_assert_uint_ge(nr_programs(), 1);
}
END_TEST
#define NR_NOT_SHARED 9

/* What stands behind another to the same place is not the one that is replaced. */
START_TEST(test_replace_beside_equal)
{
	struct route routes[2];
	char *before;

	enter();
	tool_works("ip route add " NET " dev veth0 encap bpf xmit obj " OBJECT);
	tool_works("ip route append " NET XMIT);
	before = snapshot();
	assert_kernel_refusal_with_details(tool("ip route replace " NET XMIT), "File exists",
					   "behind the one to replace");
	assert_unchanged(before);
	ck_assert_uint_eq(routes_to(AF_INET, NET, routes, 2), 2);
	ck_assert_str_eq(xmit_of(&routes[0]), "lwt.o:[prog]");
	ck_assert_str_eq(xmit_of(&routes[1]), "lwt.o:[lwt_xmit]");
}
END_TEST

/* --- refusals ----------------------------------------------------------------------------- */

static const struct refusal {
	const char *words; /* behind "ip route add" */
	const char *said;
	const char *hint;
} refusals[] = {
	{ NET XMIT " headroom 257", "Numerical result out of range", "headroom may be 256" },
	{ NET " encap bpf xmit obj " OBJECT, NET ": No such device", "dev DEV" },
	{ NET " via 192.0.2.77 encap bpf xmit obj " OBJECT, "gateway", "onlink" },
	{ NET " via 192.0.2.77" XMIT, "gateway", "onlink" },
	{ "198.51.100.1/24" XMIT, "prefix", NULL },
	{ NET6 XMIT, "", NULL },
	/* several are loaded by then */
	{ NET " dev veth0 encap bpf in obj " OBJECT " out obj testdata/counter.o sec ingress "
	      "xmit obj testdata/tailcalls.o sec classifier headroom 1000",
	  "out of range", "256" },
};
#define NR_REFUSALS (sizeof(refusals) / sizeof(refusals[0]))

/* The kernel's own words, what to do, and everything as it was. */
START_TEST(test_refused)
{
	const struct refusal *refusal = &refusals[_i];
	char *before;

	enter();
	before = snapshot();
	assert_kernel_refusal_with_details(tool("ip route add %s", refusal->words),
					   "ip route add: ", refusal->said,
					   refusal->hint ? refusal->hint : "");
	assert_unchanged(before);
	ck_assert_uint_eq(routes_to(AF_INET, NET, NULL, 0), 0);
}
END_TEST

/* The same beside another load of the objects, whose slots and pins stay its own. */
START_TEST(test_refused_beside_another)
{
	struct route route;
	char *before;

	enter();
	tool_works("ip route add " NET
		   " dev veth0 encap bpf xmit obj testdata/tailcalls.o sec classifier");
	before = snapshot();
	assert_kernel_refusal_with_details(tool("ip route add " NET " dev veth0 encap bpf xmit "
						"obj testdata/tailcalls.o sec classifier"),
					   "File exists");
	assert_kernel_refusal_with_details(tool("ip route replace " NET " dev veth0 encap bpf xmit "
						"obj testdata/tailcalls.o sec classifier "
						"headroom 300"),
					   "out of range");
	assert_unchanged(before);
	route = route_to(AF_INET, NET);
	ck_assert_str_eq(xmit_of(&route), "tailcalls.o:[classifier]");
}
END_TEST

/* One of several cannot be loaded: the others are taken back. */
START_TEST(test_second_is_missing)
{
	char *before;

	enter();
	before = snapshot();
	assert_refusal_with_details(tool("ip route add " NET " dev veth0 encap bpf in obj " OBJECT
					 " xmit obj " OBJECT " sec missing"),
				    OBJECT, "'missing'", "lwt_xmit (count_xmit)");
	assert_refusal(tool("ip route add " NET " dev veth0 encap bpf in obj " OBJECT
			    " xmit obj missing.o"),
		       "missing.o", "No such file or directory");
	assert_unchanged(before);
	ck_assert_uint_eq(routes_to(AF_INET, NET, NULL, 0), 0);
}
END_TEST

START_TEST(test_rejected_by_verifier)
{
	const char *path = scratch_object("bad.o", bad_counter());
	char *before;

	enter();
	before = snapshot();
	assert_kernel_refusal_with_details(
		tool("ip route add " NET " dev veth0 encap bpf xmit obj %s sec classifier", path),
		path);
	assert_unchanged(before);
}
END_TEST

START_TEST(test_wrong_pin)
{
	char *before;

	enter();
	free(tool_output("load " OBJECT " --pin-dir " BPFFS "/pinned"));
	before = snapshot();
	assert_refusal(tool("ip route add " NET " dev veth0 encap bpf xmit pinned " BPFFS
			    "/pinned/count_in"),
		       BPFFS "/pinned/count_in", "lwt_in", "lwt_xmit");
	assert_refusal(tool("ip route add " NET " dev veth0 encap bpf xmit pinned " BPFFS
			    "/pinned/lwt_packets"),
		       "lwt_packets", "no program");
	assert_refusal(tool("ip route add " NET " dev veth0 encap bpf xmit pinned " BPFFS
			    "/missing"),
		       BPFFS "/missing", "No such file or directory");
	assert_unchanged(before);
}
END_TEST

START_TEST(test_devices)
{
	char *before;

	enter();
	before = snapshot();
	assert_refusal(tool("ip route add " NET " dev nosuch encap bpf xmit obj " OBJECT),
		       "Cannot find device \"nosuch\"");
	free(output_of("ip link set dev veth0 down"));
	assert_kernel_refusal_with_details(tool("ip route add " NET XMIT), "is not up",
					   "\n  the device must be up");
	assert_unchanged(before);
}
END_TEST

/* It is taken, and does nothing. */
START_TEST(test_headroom_without_xmit)
{
	struct run run;

	enter();
	run = tool("ip route add " NET " dev veth0 encap bpf in obj " OBJECT " headroom 8");
	assert_status(&run, 0);
	ck_assert_ptr_nonnull(strstr(run.err, "warning: ip route add: " NET));
	ck_assert_ptr_nonnull(strstr(run.err, "headroom is for xmit"));
	free_run(&run);
	ck_assert_uint_eq(routes_to(AF_INET, NET, NULL, 0), 1);
}
END_TEST

/* The kernel empties a prog array that nothing pins. */
START_TEST(test_lost_tail_calls)
{
	struct test_object object = object_load("tailcalls");
	const char *path;
	struct run run;

	*object_map_word(&object, "verdicts", 6) = 0; /* pinning */
	path = scratch_object("unpinned.o", object);
	enter();
	run = tool("ip route add " NET " dev veth0 encap bpf xmit obj %s sec classifier", path);
	assert_status(&run, 0);
	ck_assert_ptr_nonnull(strstr(run.err, "verdicts is not pinned"));
	free_run(&run);
}
END_TEST

/* --- batches ------------------------------------------------------------------------------ */

START_TEST(test_batch)
{
	static const char lines[] = "route add " NET XMIT "\n"
				    "# the same in IPv6\n"
				    "route add " NET6 XMIT "\n"
				    "route del " NET " encap bpf xmit obj " OBJECT
				    " sec lwt_xmit\n";
	const char *path = scratch_file("routes", lines, sizeof(lines) - 1);

	enter_with_ipv6();
	tool_works("ip -batch %s", path);
	ck_assert_uint_eq(routes_to(AF_INET, NET, NULL, 0), 0);
	ck_assert_uint_eq(routes_to(AF_INET6, NET6, NULL, 0), 1);
}
END_TEST

/* --- beside stock ip ---------------------------------------------------------------------- */

/* Built with libbpf: without it ip reads the legacy form alone. */
static void require_stock_ip(void)
{
	char *version CLEANUP(cleanup_free) = NULL;

	require_stock("ip");
	version = output_of("ip -V");
	if (!strstr(version, "libbpf"))
		test_skip("ip is built without libbpf: %s", version);
}

static const char *const beside[] = {
	NET " dev veth0 encap bpf in obj %s sec lwt_in",
	NET " dev veth0 encap bpf xmit obj %s headroom 14",
	NET " via 203.0.113.9 dev veth0 table 77 metric 3 proto static src 203.0.113.1 "
	    "mtu lock 1400 advmss 1000 hoplimit 9 tos 0x10 encap bpf out obj %s sec lwt_out",
	"198.51/16 via 203.0.113.99 dev veth0 onlink encap bpf out obj %s sec lwt_out",
	"local 198.51.100.7 dev veth0 encap bpf in obj %s sec lwt_in",
	"unreachable " NET " metric 9 encap bpf in obj %s sec lwt_in",
	"default dev veth0 scope global encap bpf xmit obj %s sec lwt_xmit",
	NET " via inet6 2001:db8:1::9 dev veth0 encap bpf xmit obj %s sec lwt_xmit",
	NET6 " dev veth0 metric 77 pref high encap bpf xmit obj %s sec lwt_xmit",
	NET6 " via 2001:db8:1::9 src 2001:db8:1::1 encap bpf in obj %s sec lwt_in",
	"local 2001:db8:2::7 dev veth0 encap bpf in obj %s sec lwt_in",
};
#define NR_BESIDE (sizeof(beside) / sizeof(beside[0]))

/* All routes with a tunnel, as ip prints them. */
static char *printed(void)
{
	char *text CLEANUP(cleanup_free) = output_of("ip -d route show table all");
	char *all = NULL, *rest = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&all, &size);

	ck_assert_ptr_nonnull(out);
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (strstr(line, "encap"))
			fprintf(out, "%s\n", line);
	}
	fclose(out);
	return all;
}

static void tag_of_program(__u8 tag[BPF_TAG_SIZE])
{
	__u32 id = 0;

	wait_until(nr_programs() == 1);
	ck_assert_uint_eq(route_programs(map_info_of_pin(PACKETS).id, &id, 1), 1);
	memcpy(tag, program_info_of_id(id).tag, BPF_TAG_SIZE);
}

/* What ip makes of the converted object, in the same words: the same route, the same program. */
START_TEST(test_beside_stock_ip)
{
	struct object_file file = object_file_at(OBJECT);
	__u8 own_tag[BPF_TAG_SIZE], stock_tag[BPF_TAG_SIZE];
	char *stock_words CLEANUP(cleanup_free) = NULL;
	char *own_words CLEANUP(cleanup_free) = NULL;
	char *own CLEANUP(cleanup_free) = NULL;
	char *stock CLEANUP(cleanup_free) = NULL;
	char *none CLEANUP(cleanup_free) = NULL;
	const char *format = beside[_i], *at = strstr(format, "%s");

	require_stock_ip();
	enter_with_ipv6();
	ck_assert_int_gt(
		asprintf(&own_words, "%.*s" OBJECT "%s", (int)(at - format), format, at + 2), 0);
	ck_assert_int_gt(asprintf(&stock_words, "%.*s%s%s", (int)(at - format), format,
				  converted_file(&file, "--for tc"), at + 2),
			 0);
	tool_works("ip route add %s", own_words);
	own = printed();
	tag_of_program(own_tag);
	ck_assert_ptr_nonnull(strstr(own, "lwt.o:["));
	tool_works("ip route del %s", own_words);
	wait_until(nr_programs() == 0);

	free(output_of("ip route add %s", stock_words));
	stock = printed();
	tag_of_program(stock_tag);
	ck_assert_str_eq(own, stock);
	assert_tags_equal(own_tag, stock_tag);

	/* each takes the other's for its own */
	tool_works("ip route replace %s", own_words);
	wait_until(nr_programs() == 1);
	tool_works("ip route del %s", own_words);
	none = printed();
	ck_assert_str_eq(none, "");
}
END_TEST

Suite *ip_route_suite(void)
{
	Suite *suite = suite_of("ip_route", test_add, test_append_and_prepend, test_change,
				test_plain_route, test_delete, test_delete_loads_nothing,
				test_delete_ipv6, test_shared, test_replace_beside_equal,
				test_refused_beside_another, test_second_is_missing,
				test_rejected_by_verifier, test_wrong_pin, test_devices,
				test_headroom_without_xmit, test_lost_tail_calls, test_batch);

	add_loop_test(suite, test_not_shared, NR_NOT_SHARED);
	add_loop_test(suite, test_refused, NR_REFUSALS);
	add_loop_test(suite, test_beside_stock_ip, NR_BESIDE);
	return suite;
}
