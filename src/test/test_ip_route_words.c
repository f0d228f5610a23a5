// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* ip route's words mean here what they mean there: each is asked for, and looked up in the kernel. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <linux/icmpv6.h>
#include <linux/lwtunnel.h>
#include <linux/rtnetlink.h>

#include "test/namespace.h"
#include "test/outcome.h"
#include "test/route.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

#define OBJECT "testdata/lwt.o"
#define TUNNEL " encap bpf xmit obj " OBJECT
#define NET "198.51.100.0/24"
#define NET6 "2001:db8:2::/64"

/* --- what words ask for ------------------------------------------------------------------- */

static const struct asked {
	const char *words; /* behind "ip route add" */
	int family;
	struct route route; /* what is not said here is what ip takes then */
} asked[] = {
	{ NET " dev veth0", AF_INET, { .destination = NET } },
	{ "to " NET " oif veth0" TUNNEL, AF_INET, { .destination = NET } },
	{ TUNNEL " dev veth0 " NET, AF_INET, { .destination = NET } },
	{ "198.51.100/255.255.255.0 dev veth0" TUNNEL, AF_INET, { .destination = NET } },
	{ "10/8 dev veth0" TUNNEL, AF_INET, { .destination = "10.0.0.0/8" } },
	{ "10.1 dev veth0" TUNNEL, AF_INET, { .destination = "10.1.0.0/32" } },
	{ "0x0a.0x10.010/24 dev veth0" TUNNEL, AF_INET, { .destination = "10.16.8.0/24" } },
	{ "default dev veth0" TUNNEL, AF_INET, { .destination = "0.0.0.0/0" } },
	{ "all dev veth0" TUNNEL, AF_INET, { .destination = "0.0.0.0/0" } },
	{ "0/0 dev veth0" TUNNEL, AF_INET, { .destination = "0.0.0.0/0" } },
	{ NET " via 203.0.113.9" TUNNEL,
	  AF_INET,
	  { .destination = NET, .gateway = "203.0.113.9", .scope = RT_SCOPE_UNIVERSE } },
	{ NET " via inet 203.0.113.9 dev veth0" TUNNEL,
	  AF_INET,
	  { .destination = NET, .gateway = "203.0.113.9", .scope = RT_SCOPE_UNIVERSE } },
	{ NET " via inet6 2001:db8:1::9 dev veth0" TUNNEL,
	  AF_INET,
	  { .destination = NET, .gateway = "2001:db8:1::9", .scope = RT_SCOPE_UNIVERSE } },
	{ NET " via 192.0.2.9 dev veth0 onlink" TUNNEL,
	  AF_INET,
	  { .destination = NET,
	    .gateway = "192.0.2.9",
	    .onlink = true,
	    .scope = RT_SCOPE_UNIVERSE } },
	{ NET " dev veth0 src 203.0.113.1 metric 010" TUNNEL,
	  AF_INET,
	  { .destination = NET, .source = "203.0.113.1", .priority = 8 } },
	{ NET " dev veth0 priority 0x10 preference 9" TUNNEL,
	  AF_INET,
	  { .destination = NET, .priority = 9 } },
	{ NET " dev veth0 table 77 proto 77 scope global tos 8" TUNNEL,
	  AF_INET,
	  { .destination = NET, .table = 77, .protocol = 77, .tos = 8, .scope = RT_SCOPE_UNIVERSE } },
	{ NET " dev veth0 t 100000 p 3 prot static dsf 1c scope 200" TUNNEL,
	  AF_INET,
	  { .destination = NET,
	    .table = 100000,
	    .priority = 3,
	    .protocol = RTPROT_STATIC,
	    .tos = 0x1c,
	    .scope = RT_SCOPE_SITE } },
	{ NET " dev veth0 table default" TUNNEL,
	  AF_INET,
	  { .destination = NET, .table = RT_TABLE_DEFAULT } },
	{ NET " dev veth0 protocol ra m 4" TUNNEL,
	  AF_INET,
	  { .destination = NET, .protocol = RTPROT_RA, .priority = 4 } },
	/* the words behind the program are ip's again, short ones as well */
	{ NET TUNNEL " pro static p 55 dev veth0",
	  AF_INET,
	  { .destination = NET, .protocol = RTPROT_STATIC, .priority = 55 } },
	{ NET " dev veth0 mtu 1400 advmss lock 1000 hoplimit lock 9" TUNNEL,
	  AF_INET,
	  { .destination = NET,
	    .mtu = 1400,
	    .advmss = 1000,
	    .hoplimit = 9,
	    .locked = 1U << RTAX_ADVMSS | 1U << RTAX_HOPLIMIT } },
	{ "unicast " NET " dev veth1 dev veth0" TUNNEL, AF_INET, { .destination = NET } },
	{ "local 198.51.100.1 dev veth0" TUNNEL,
	  AF_INET,
	  { .destination = "198.51.100.1/32",
	    .type = RTN_LOCAL,
	    .scope = RT_SCOPE_HOST,
	    .table = RT_TABLE_LOCAL } },
	{ "to brd 198.51.100.255 dev veth0 table main" TUNNEL,
	  AF_INET,
	  { .destination = "198.51.100.255/32", .type = RTN_BROADCAST } },
	/* an abbreviation, as in ip */
	{ "any 198.51.100.1 dev veth0" TUNNEL,
	  AF_INET,
	  { .destination = "198.51.100.1/32", .type = RTN_ANYCAST, .table = RT_TABLE_LOCAL } },
	{ NET6 " dev veth0" TUNNEL, AF_INET6, { .destination = NET6 } },
	{ "default via 2001:db8:1::9" TUNNEL,
	  AF_INET6,
	  { .destination = "::/0", .gateway = "2001:db8:1::9" } },
	{ NET6 " dev veth0 pref low table 77 metric 5 src 2001:db8:1::1" TUNNEL,
	  AF_INET6,
	  { .destination = NET6,
	    .preference = ICMPV6_ROUTER_PREF_LOW,
	    .table = 77,
	    .priority = 5,
	    .source = "2001:db8:1::1" } },
	{ "local 2001:db8:2::1 dev veth0 mtu 1300" TUNNEL,
	  AF_INET6,
	  { .destination = "2001:db8:2::1/128",
	    .type = RTN_LOCAL,
	    .table = RT_TABLE_LOCAL,
	    .mtu = 1300 } },
};
#define NR_ASKED (sizeof(asked) / sizeof(asked[0]))

/* What ip takes where nothing is said. */
static struct route completed(const struct asked *row)
{
	struct route route = row->route;

	if (!route.type)
		route.type = RTN_UNICAST;
	if (!route.table)
		route.table = RT_TABLE_MAIN;
	if (!route.protocol)
		route.protocol = RTPROT_BOOT;
	if (!route.priority && row->family == AF_INET6)
		route.priority = 1024; /* the kernel's */
	/* the table has those that are said or have a gateway */
	if (!route.scope && row->family == AF_INET && !strstr(row->words, "scope") &&
	    !route.gateway[0])
		route.scope = RT_SCOPE_LINK;
	return route;
}

static void assert_routes_equal(const struct route *route, const struct route *expected)
{
	ck_assert_str_eq(route->gateway, expected->gateway);
	ck_assert_str_eq(route->source, expected->source);
	ck_assert_str_eq(route->device, "veth0");
	ck_assert_uint_eq(route->table, expected->table);
	ck_assert_uint_eq(route->type, expected->type);
	ck_assert_uint_eq(route->scope, expected->scope);
	ck_assert_uint_eq(route->protocol, expected->protocol);
	ck_assert_uint_eq(route->tos, expected->tos);
	ck_assert_uint_eq(route->onlink, expected->onlink);
	ck_assert_uint_eq(route->priority, expected->priority);
	ck_assert_uint_eq(route->preference, expected->preference);
	ck_assert_uint_eq(route->mtu, expected->mtu);
	ck_assert_uint_eq(route->advmss, expected->advmss);
	ck_assert_uint_eq(route->hoplimit, expected->hoplimit);
	ck_assert_uint_eq(route->locked, expected->locked);
}

static void enter(void)
{
	enter_kernel();
	switch_ipv6_on("veth0");
	add_address("veth0", "203.0.113.1");
	add_address("veth0", "2001:db8:1::1");
}

START_TEST(test_route)
{
	const struct asked *row = &asked[_i];
	const struct route expected = completed(row);
	struct route route;
	bool tunnel = strstr(row->words, "encap");

	enter();
	tool_works("ip route add %s", row->words);
	route = route_to(row->family, expected.destination);
	assert_routes_equal(&route, &expected);
	ck_assert_uint_eq(route.encap, tunnel ? LWTUNNEL_ENCAP_BPF : 0);
	ck_assert_str_eq(route.programs[ROUTE_XMIT], tunnel ? "lwt.o:[prog]" : "");
	/* the same words name it for deletion */
	tool_works("ip route del %s", row->words);
	ck_assert_uint_eq(routes_to(row->family, expected.destination, NULL, 0), 0);
}
END_TEST

/* The ways to name a program, and words of the route behind them. */
static const struct named {
	const char *words;
	const char *in;
	const char *xmit;
} named[] = {
	{ "xmit obj " OBJECT " sec lwt_xmit", "", "lwt.o:[lwt_xmit]" },
	{ "xmit object-file " OBJECT " section lwt_xmit", "", "lwt.o:[lwt_xmit]" },
	{ "xmit obj " OBJECT " s lwt_xmit", "", "lwt.o:[lwt_xmit]" },
	{ "xmit obj " OBJECT " program count_xmit", "", "lwt.o:[lwt_xmit]" },
	{ "headroom 4 xmit obj " OBJECT " in obj " OBJECT " sec lwt_in", "lwt.o:[lwt_in]",
	  "lwt.o:[prog]" },
	{ "xmit obj " OBJECT " headroom 256 metric 0", "", "lwt.o:[prog]" },
};
#define NR_NAMED (sizeof(named) / sizeof(named[0]))

START_TEST(test_programs)
{
	struct route route;

	enter();
	tool_works("ip route add " NET " dev veth0 encap bpf %s", named[_i].words);
	route = route_to(AF_INET, NET);
	ck_assert_str_eq(route.programs[ROUTE_IN], named[_i].in);
	ck_assert_str_eq(route.programs[ROUTE_XMIT], named[_i].xmit);
}
END_TEST

/* Verbs and objects are abbreviated too. */
START_TEST(test_abbreviated_verbs)
{
	enter();
	tool_works("ip r a " NET " dev veth0" TUNNEL);
	tool_works("ip ro c " NET " dev veth0" TUNNEL " sec lwt_xmit");
	tool_works("ip rou r " NET " dev veth0" TUNNEL);
	tool_works("ip r p " NET " dev veth0" TUNNEL " sec lwt_xmit");
	tool_works("ip r ap " NET " dev veth0");
	ck_assert_uint_eq(routes_to(AF_INET, NET, NULL, 0), 3);
	for (int i = 0; i < 3; i++)
		tool_works("ip r d " NET);
	ck_assert_uint_eq(routes_to(AF_INET, NET, NULL, 0), 0);
}
END_TEST

/* The verifier's log comes when it is asked for. */
START_TEST(test_verbose)
{
	struct run run;

	enter();
	run = tool("ip route add " NET " dev veth0" TUNNEL " verb");
	assert_status(&run, 0);
	ck_assert_msg(strstr(run.err, "processed "), "%s", run.err);
	free_run(&run);
}
END_TEST

/* The family that is asked for decides what no address does, and refuses other addresses. */
START_TEST(test_family)
{
	enter();
	tool_works("ip -6 route add default dev veth0" TUNNEL);
	ck_assert_uint_eq(routes_to(AF_INET6, "::/0", NULL, 0), 1);
	ck_assert_uint_eq(routes_to(AF_INET, "0.0.0.0/0", NULL, 0), 0);
	tool_works("ip -4 route add default dev veth0" TUNNEL);
	ck_assert_uint_eq(routes_to(AF_INET, "0.0.0.0/0", NULL, 0), 1);
}
END_TEST

static void put_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_msg(file && fputs(text, file) >= 0 && fclose(file) == 0, "%s", path);
}

/* The files of /etc/iproute2 give more names. */
START_TEST(test_names_of_files)
{
	struct route route;

	enter();
	put_pinning_database("");
	put_file("/etc/iproute2/rt_tables", "# tables\n 255\tlocal\n0x64 hex # comment\n300 far\n"
					    "400\n4294967296 big\n");
	ck_assert_int_eq(mkdir("/etc/iproute2/rt_tables.d", 0755), 0);
	put_file("/etc/iproute2/rt_tables.d/more.conf", "301 more");
	put_file("/etc/iproute2/rt_tables.d/other", "302 other\n");
	put_file("/etc/iproute2/rt_protos", "99 mine\n");
	put_file("/etc/iproute2/rt_scopes", "201 mine\n");
	put_file("/etc/iproute2/rt_dsfield", "0x08 mine\n");
	tool_works("ip route add " NET
		   " dev veth0 table far proto mine scope mine tos mine" TUNNEL);
	route = route_to(AF_INET, NET);
	ck_assert_uint_eq(route.table, 300);
	ck_assert_uint_eq(route.protocol, 99);
	ck_assert_uint_eq(route.scope, 201);
	ck_assert_uint_eq(route.tos, 8);
	tool_works("ip route add " NET " dev veth0 table hex");
	tool_works("ip route add " NET " dev veth0 table more");
	ck_assert_uint_eq(routes_to(AF_INET, NET, NULL, 0), 3);
	assert_refusal_with_details(tool("ip route add " NET " dev veth0 table other"), "'other'");
	assert_refusal_with_details(tool("ip route add " NET " dev veth0 table big"), "'big'");
}
END_TEST

/* --- wrong usage -------------------------------------------------------------------------- */

#define ADD "ip route add "

static const struct wrong_line {
	const char *words;
	const char *said;
} wrong_lines[] = {
	{ "ip route nonsense", "'nonsense'" },
	{ "ip route add", "destination is missing" },
	{ "ip route del dev lo", "destination is missing" },
	{ ADD "nonsense", "'nonsense'" },
	{ ADD NET " nonsense", "'nonsense'" },
	{ ADD NET " " NET, "second destination" },
	{ ADD "to", "'to'" },
	{ ADD "local", "'local'" },
	{ ADD "198.51.100.0/33", "'198.51.100.0/33'" },
	{ ADD "198.51.100.0/", "'198.51.100.0/'" },
	{ ADD "198.51.100.0/-1", "'198.51.100.0/-1'" },
	{ ADD "198.51.100.0/255.0.255.0", "'198.51.100.0/255.0.255.0'" },
	{ ADD "198.51.100.256", "'198.51.100.256'" },
	{ ADD "198.51.100.", "'198.51.100.'" },
	{ ADD "1.2.3.4.5", "'1.2.3.4.5'" },
	{ ADD "default/8", "'default/8'" },
	{ ADD "2001:db8::/129", "'2001:db8::/129'" },
	{ ADD "2001:db8:/64", "'2001:db8:/64'" },
	{ "ip -4 route add " NET6 " dev lo", "'" NET6 "'" },
	{ "ip -6 route add " NET " dev lo", "'" NET "'" },
	{ ADD NET " via", "'via'" },
	{ ADD NET " via nonsense", "'nonsense'" },
	{ ADD NET " via 2001:db8::1", "no IPv4 address" },
	{ ADD NET " via inet6 192.0.2.1", "no IPv6 address" },
	{ ADD NET " via inet6", "'inet6'" },
	{ ADD NET " via 192.0.2.1 via 192.0.2.2", "twice" },
	{ ADD NET " src 10/8", "'10/8'" },
	{ ADD NET " src default", "'default'" },
	{ ADD NET " dev", "'dev'" },
	{ ADD NET " metric 4294967296", "'4294967296'" },
	{ ADD NET " metric -1", "'-1'" },
	{ ADD NET " table nonsense", "'nonsense'" },
	{ ADD NET " proto 256", "'256'" },
	{ ADD NET " scope galaxy", "'galaxy'" },
	{ ADD NET " tos 100", "'100'" },
	{ ADD NET " tos xx", "'xx'" },
	{ ADD NET " mtu lock", "'mtu'" },
	{ ADD NET " hoplimit 256", "'256'" },
	{ ADD NET6 " pref highest", "'highest'" },
	{ ADD NET " encap", "'encap'" },
	{ ADD NET " encap nonsense", "'nonsense'" },
	{ ADD NET " encap bpf", "in, out and xmit" },
	{ ADD NET " encap bpf headroom 4", "in, out and xmit" },
	{ ADD NET " encap bpf dev lo", "in, out and xmit" },
	{ ADD NET " encap bpf in", "'in'" },
	{ ADD NET " encap bpf in nonsense", "'nonsense'" },
	{ ADD NET " encap bpf in obj", "'obj'" },
	{ ADD NET " encap bpf in pinned x sec y", "pinned program" },
	{ ADD NET " encap bpf in obj x in obj y", "'in' is given twice" },
	{ ADD NET " encap bpf in obj x obj y", "'obj'" },
	{ ADD NET " encap bpf xmit obj x headroom 0", "'0'" },
	{ ADD NET " encap bpf xmit obj x headroom big", "'big'" },
	{ ADD NET " encap bpf xmit obj x headroom 1 headroom 2", "'headroom' is given twice" },
	{ ADD NET " encap bpf xmit obj x encap bpf in obj y", "'encap' is given twice" },
};
#define NR_WRONG_LINES (sizeof(wrong_lines) / sizeof(wrong_lines[0]))

/* Status 1, the word that is wrong, and how to get help. */
START_TEST(test_wrong_usage)
{
	const struct wrong_line *line = &wrong_lines[_i];
	struct run run = tool("%s", line->words);

	assert_status(&run, 1);
	ck_assert_str_eq(run.out, "");
	ck_assert_msg(!strncmp(run.err, "elfmap: ip route", 16), "%s: %s", line->words, run.err);
	ck_assert_msg(strstr(run.err, line->said), "%s: %s", line->words, run.err);
	ck_assert_msg(strstr(run.err, "\n  try: elfmap ip help"), "%s: %s", line->words, run.err);
	free_run(&run);
}
END_TEST

static const struct wrong_line ips_own[] = {
	{ "ip route", "'ip route'" },
	{ "ip route show", "'ip route'" },
	{ "ip route get 192.0.2.1", "'ip route'" },
	{ "ip route flush table main", "'ip route'" },
	{ ADD NET " nexthop dev lo", "'nexthop'" },
	{ ADD NET " nhid 1", "'nhid'" },
	{ ADD NET " vrf red", "'vrf'" },
	{ ADD NET " dev lo initcwnd 10", "'initcwnd'" },
	{ ADD NET " encap mpls 100", "'mpls'" },
	{ ADD NET " encap bpf in bytecode 1", "'bytecode'" },
	{ ADD "from 192.0.2.1", "'from'" },
};
#define NR_IPS_OWN (sizeof(ips_own) / sizeof(ips_own[0]))

/* The user is sent to the command that takes it. */
START_TEST(test_left_to_ip)
{
	struct run run = tool("%s", ips_own[_i].words);

	assert_status(&run, 1);
	ck_assert_str_eq(run.out, "");
	ck_assert_msg(strstr(run.err, "use the stock 'ip route"), "%s", run.err);
	ck_assert_msg(strstr(run.err, ips_own[_i].said), "%s", run.err);
	free_run(&run);
}
END_TEST

START_TEST(test_help)
{
	static const char *const lines[] = { "ip route help", "ip route add help",
					     ADD NET " encap bpf help" };
	char *out = tool_output("%s", lines[_i]);

	ck_assert_msg(!strncmp(out, "usage: elfmap ip ", 17), "%s", out);
	ck_assert_ptr_nonnull(strstr(out, " route VERB "));
	for (const char *line = out; *line; line += strcspn(line, "\n") + 1)
		ck_assert_uint_le(strcspn(line, "\n"), 80);
	free(out);
}
END_TEST

Suite *ip_route_words_suite(void)
{
	Suite *suite = suite_of("ip_route_words", test_abbreviated_verbs, test_verbose, test_family,
				test_names_of_files);

	add_loop_test(suite, test_route, NR_ASKED);
	add_loop_test(suite, test_programs, NR_NAMED);
	add_loop_test(suite, test_wrong_usage, NR_WRONG_LINES);
	add_loop_test(suite, test_left_to_ip, NR_IPS_OWN);
	add_loop_test(suite, test_help, 3);
	return suite;
}
