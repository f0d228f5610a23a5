// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What section names tell of programs, as their old loaders read them, and in the kernel. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "sections.h"
#include "test/kernel.h"
#include "test/opening.h"
#include "test/parsed.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

/* --- the table ----------------------------------------------------------------------------- */

struct name {
	const char *section;
	__u32 type;
	__u32 attach_type;
	const char *modern; /* NULL where libbpf 1.x knows the name */
};

#define IS(type, attach_type) BPF_PROG_TYPE_##type, attach_type

/* Every row of the table by at least one name, and the rows that could be taken for others. */
static const struct name names[] = {
	/* libbpf 0.8, whole names */
	{ "socket", IS(SOCKET_FILTER, 0), NULL },
	{ "kprobe", IS(KPROBE, 0), NULL },
	{ "kprobe/sys_foo", IS(KPROBE, 0), NULL },
	{ "uprobe/readline", IS(KPROBE, 0), NULL },
	{ "kretprobe/sys_foo", IS(KPROBE, 0), NULL },
	{ "uretprobe/readline", IS(KPROBE, 0), NULL },
	{ "kprobe.multi/tcp_*", IS(KPROBE, BPF_TRACE_KPROBE_MULTI), NULL },
	{ "kretprobe.multi/tcp_*", IS(KPROBE, BPF_TRACE_KPROBE_MULTI), NULL },
	{ "usdt/libc.so.6:libc:setjmp", IS(KPROBE, 0), NULL },
	{ "tc", IS(SCHED_CLS, 0), NULL },
	{ "classifier", IS(SCHED_CLS, 0), NULL },
	{ "action", IS(SCHED_ACT, 0), NULL },
	{ "tracepoint/sched/sched_switch", IS(TRACEPOINT, 0), NULL },
	{ "tp/sched/sched_switch", IS(TRACEPOINT, 0), NULL },
	{ "raw_tracepoint/sched_switch", IS(RAW_TRACEPOINT, 0), NULL },
	{ "raw_tp/sched_switch", IS(RAW_TRACEPOINT, 0), NULL },
	{ "raw_tracepoint.w/x", IS(RAW_TRACEPOINT_WRITABLE, 0), NULL },
	{ "raw_tp.w/x", IS(RAW_TRACEPOINT_WRITABLE, 0), NULL },
	{ "tp_btf/sched_switch", IS(TRACING, BPF_TRACE_RAW_TP), NULL },
	{ "fentry/f", IS(TRACING, BPF_TRACE_FENTRY), NULL },
	{ "fmod_ret/f", IS(TRACING, BPF_MODIFY_RETURN), NULL },
	{ "fexit/f", IS(TRACING, BPF_TRACE_FEXIT), NULL },
	{ "fentry.s/f", IS(TRACING, BPF_TRACE_FENTRY), NULL },
	{ "fmod_ret.s/f", IS(TRACING, BPF_MODIFY_RETURN), NULL },
	{ "fexit.s/f", IS(TRACING, BPF_TRACE_FEXIT), NULL },
	{ "freplace/f", IS(EXT, 0), NULL },
	{ "lsm/file_open", IS(LSM, BPF_LSM_MAC), NULL },
	{ "lsm.s/file_open", IS(LSM, BPF_LSM_MAC), NULL },
	{ "iter/task", IS(TRACING, BPF_TRACE_ITER), NULL },
	{ "iter.s/task", IS(TRACING, BPF_TRACE_ITER), NULL },
	{ "syscall", IS(SYSCALL, 0), NULL },
	{ "struct_ops", IS(STRUCT_OPS, 0), NULL },
	{ "struct_ops/init", IS(STRUCT_OPS, 0), NULL },
	{ "xdp.frags/devmap", IS(XDP, BPF_XDP_DEVMAP), NULL },
	{ "xdp/devmap", IS(XDP, BPF_XDP_DEVMAP), NULL },
	{ "xdp.frags/cpumap", IS(XDP, BPF_XDP_CPUMAP), NULL },
	{ "xdp/cpumap", IS(XDP, BPF_XDP_CPUMAP), NULL },
	{ "xdp.frags", IS(XDP, BPF_XDP), NULL },
	{ "xdp", IS(XDP, BPF_XDP), NULL },
	{ "cgroup/skb", IS(CGROUP_SKB, 0), NULL },
	{ "cgroup_skb/egress", IS(CGROUP_SKB, BPF_CGROUP_INET_EGRESS), NULL },
	{ "cgroup/connect4", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT), NULL },
	{ "sk_reuseport/migrate", IS(SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE), NULL },

	/* libbpf 0.8, beginnings of names */
	{ "socket2", IS(SOCKET_FILTER, 0), "socket" },
	{ "socket_filter", IS(SOCKET_FILTER, 0), "socket" },
	{ "sk_reuseport/migrate2", IS(SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE),
	  "sk_reuseport/migrate" },
	{ "sk_reuseport/x", IS(SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT), "sk_reuseport" },
	{ "classifier/x", IS(SCHED_CLS, 0), "tc" },
	{ "action_ok", IS(SCHED_ACT, 0), "action" },
	{ "xdp_devmap/x", IS(XDP, BPF_XDP_DEVMAP), "xdp/devmap" },
	{ "xdp_devmap", IS(XDP, BPF_XDP), "xdp" },
	{ "xdp/devmap2", IS(XDP, BPF_XDP), "xdp" },
	{ "xdp_cpumap/x", IS(XDP, BPF_XDP_CPUMAP), "xdp/cpumap" },
	{ "xdp.frags2", IS(XDP, BPF_XDP), "xdp" },
	{ "xdp_drop", IS(XDP, BPF_XDP), "xdp" },
	{ "xdp1", IS(XDP, BPF_XDP), "xdp" },
	{ "xdp/x", IS(XDP, BPF_XDP), "xdp" },
	{ "perf_event/cpu", IS(PERF_EVENT, 0), "perf_event" },
	{ "lwt_in_foo", IS(LWT_IN, 0), "lwt_in" },
	{ "lwt_out_foo", IS(LWT_OUT, 0), "lwt_out" },
	{ "lwt_xmit_foo", IS(LWT_XMIT, 0), "lwt_xmit" },
	{ "lwt_seg6local_foo", IS(LWT_SEG6LOCAL, 0), "lwt_seg6local" },
	{ "cgroup_skb/ingress_x", IS(CGROUP_SKB, BPF_CGROUP_INET_INGRESS), "cgroup_skb/ingress" },
	{ "cgroup_skb/egress_x", IS(CGROUP_SKB, BPF_CGROUP_INET_EGRESS), "cgroup_skb/egress" },
	{ "cgroup/skb_foo", IS(CGROUP_SKB, 0), "cgroup/skb" },
	{ "cgroup/sock_create2", IS(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE),
	  "cgroup/sock_create" },
	{ "cgroup/sock_release2", IS(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE),
	  "cgroup/sock_release" },
	{ "cgroup/sock1", IS(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE), "cgroup/sock" },
	{ "cgroup/post_bind4_x", IS(CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND), "cgroup/post_bind4" },
	{ "cgroup/post_bind6_x", IS(CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND), "cgroup/post_bind6" },
	{ "cgroup/dev_x", IS(CGROUP_DEVICE, BPF_CGROUP_DEVICE), "cgroup/dev" },
	{ "sockops1", IS(SOCK_OPS, BPF_CGROUP_SOCK_OPS), "sockops" },
	{ "sk_skb/stream_parser1", IS(SK_SKB, BPF_SK_SKB_STREAM_PARSER), "sk_skb/stream_parser" },
	{ "sk_skb/stream_verdict1", IS(SK_SKB, BPF_SK_SKB_STREAM_VERDICT),
	  "sk_skb/stream_verdict" },
	{ "sk_skb1", IS(SK_SKB, 0), "sk_skb" },
	{ "sk_msg1", IS(SK_MSG, BPF_SK_MSG_VERDICT), "sk_msg" },
	{ "lirc_mode2_x", IS(LIRC_MODE2, BPF_LIRC_MODE2), "lirc_mode2" },
	{ "flow_dissector_x", IS(FLOW_DISSECTOR, BPF_FLOW_DISSECTOR), "flow_dissector" },
	{ "cgroup/bind4_x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND), "cgroup/bind4" },
	{ "cgroup/bind6_x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND), "cgroup/bind6" },
	{ "cgroup/connect4_x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT), "cgroup/connect4" },
	{ "cgroup/connect6_x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT), "cgroup/connect6" },
	{ "cgroup/sendmsg4_x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG), "cgroup/sendmsg4" },
	{ "cgroup/sendmsg6_x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG), "cgroup/sendmsg6" },
	{ "cgroup/recvmsg4_x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG), "cgroup/recvmsg4" },
	{ "cgroup/recvmsg6_x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG), "cgroup/recvmsg6" },
	{ "cgroup/getpeername4_x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME),
	  "cgroup/getpeername4" },
	{ "cgroup/getpeername6_x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETPEERNAME),
	  "cgroup/getpeername6" },
	{ "cgroup/getsockname4_x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETSOCKNAME),
	  "cgroup/getsockname4" },
	{ "cgroup/getsockname6_x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETSOCKNAME),
	  "cgroup/getsockname6" },
	{ "cgroup/sysctl_x", IS(CGROUP_SYSCTL, BPF_CGROUP_SYSCTL), "cgroup/sysctl" },
	{ "cgroup/getsockopt_x", IS(CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT), "cgroup/getsockopt" },
	{ "cgroup/setsockopt_x", IS(CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT), "cgroup/setsockopt" },
	{ "sk_lookup/x", IS(SK_LOOKUP, BPF_SK_LOOKUP), "sk_lookup" },

	/* iproute2 and its users */
	{ "prog", IS(XDP, BPF_XDP), "xdp" },
	{ "ingress", IS(SCHED_CLS, 0), "tc" },
	{ "egress", IS(SCHED_CLS, 0), "tc" },
	{ "tc/ingress", IS(SCHED_CLS, 0), "tc" },
	{ "tc/egress", IS(SCHED_CLS, 0), "tc" },

	/* gobpf, goebpf */
	{ "sched_cls/x", IS(SCHED_CLS, 0), "tc" },
	{ "sched_act/x", IS(SCHED_ACT, 0), "action" },
	{ "tc_cls", IS(SCHED_CLS, 0), "tc" },
	{ "tc_cls/x", IS(SCHED_CLS, 0), "tc" },
	{ "tc_act/x", IS(SCHED_ACT, 0), "action" },

	/* Android */
	{ "schedcls/ingress/x", IS(SCHED_CLS, 0), "tc" },
	{ "schedact/x", IS(SCHED_ACT, 0), "action" },
	{ "skfilter/x", IS(SOCKET_FILTER, 0), "socket" },
	{ "cgroupskb/egress/stats", IS(CGROUP_SKB, 0), "cgroup/skb" },
	{ "cgroupsock/inet/create", IS(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE),
	  "cgroup/sock_create" },
	{ "cgroupsockcreate/x", IS(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE),
	  "cgroup/sock_create" },
	{ "cgroupsockrelease/x", IS(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE),
	  "cgroup/sock_release" },
	{ "postbind4/x", IS(CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND), "cgroup/post_bind4" },
	{ "postbind6/x", IS(CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND), "cgroup/post_bind6" },
	{ "bind4/x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND), "cgroup/bind4" },
	{ "bind6/x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND), "cgroup/bind6" },
	{ "connect4/x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT), "cgroup/connect4" },
	{ "connect6/x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT), "cgroup/connect6" },
	{ "sendmsg4/x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG), "cgroup/sendmsg4" },
	{ "sendmsg6/x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG), "cgroup/sendmsg6" },
	{ "recvmsg4/x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG), "cgroup/recvmsg4" },
	{ "recvmsg6/x", IS(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG), "cgroup/recvmsg6" },
	{ "sysctl/x", IS(CGROUP_SYSCTL, BPF_CGROUP_SYSCTL), "cgroup/sysctl" },
	{ "getsockopt/x", IS(CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT), "cgroup/getsockopt" },
	{ "setsockopt/x", IS(CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT), "cgroup/setsockopt" },
};

#define NR_NAMES (sizeof(names) / sizeof(names[0]))

START_TEST(test_names)
{
	for (const struct name *name = names; name < names + NR_NAMES; name++) {
		struct section_program found = { 0, 0 };

		ck_assert_msg(sections_find(name->section, &found), "%s", name->section);
		ck_assert_msg(found.type == name->type && found.attach_type == name->attach_type,
			      "%s: type %u, attach type %u", name->section, found.type,
			      found.attach_type);
		ck_assert_pstr_eq(sections_modern_name(name->section), name->modern);
	}
}
END_TEST

/* libbpf says the same of the modern name, and of names that need none. */
START_TEST(test_modern_names)
{
	for (const struct name *name = names; name < names + NR_NAMES; name++) {
		const char *modern = name->modern ? name->modern : name->section;
		enum bpf_attach_type attach_type;
		enum bpf_prog_type type;

		ck_assert_msg(libbpf_prog_type_by_name(modern, &type, &attach_type) == 0, "%s",
			      modern);
		ck_assert_msg(type == name->type && attach_type == name->attach_type,
			      "%s: type %u, attach type %u", modern, type, attach_type);
		ck_assert_ptr_null(sections_modern_name(modern));
	}
}
END_TEST

/* The plain name, and not one that makes libbpf load them with flags: prog arrays are for one kind. */
START_TEST(test_names_of_programs)
{
	static const struct {
		struct section_program is;
		const char *name;
	} rows[] = {
		{ { BPF_PROG_TYPE_XDP, BPF_XDP }, "xdp" },
		{ { BPF_PROG_TYPE_XDP, BPF_XDP_DEVMAP }, "xdp/devmap" },
		{ { BPF_PROG_TYPE_XDP, BPF_XDP_CPUMAP }, "xdp/cpumap" },
		{ { BPF_PROG_TYPE_SCHED_CLS, 0 }, "tc" },
		{ { BPF_PROG_TYPE_SCHED_ACT, 0 }, "action" },
		{ { BPF_PROG_TYPE_CGROUP_SKB, 0 }, "cgroup/skb" },
		{ { BPF_PROG_TYPE_KPROBE, 0 }, NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_pstr_eq(sections_name_of(&rows[i].is), rows[i].name);
}
END_TEST

START_TEST(test_names_that_do_not_tell)
{
	static const char *const silent[] = {
		"",
		"maps",
		"license",
		"version",
		".text",
		"unknown",
		"2/1",
		"from-container",
		"xd",
		"XDP",
		/* libbpf never took more after these, or only after a slash */
		"tc2",
		"tc/prog",
		"kprobe_foo",
		"kprobes/foo",
		"tracepoints",
		"syscall2",
		"lsm_foo",
		"struct_ops2",
		/* iproute2's, which are whole */
		"progs",
		"ingress_main",
		/* cgroups to Android's newest loader, filters to others */
		"ingress/x",
		"egress/x",
		"sched_cls",
		"bind4",
	};

	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		struct section_program found = { 77, 78 };

		ck_assert_msg(!sections_find(silent[i], &found), "%s", silent[i]);
		ck_assert_uint_eq(found.type, 77);
		ck_assert_uint_eq(found.attach_type, 78);
		ck_assert_ptr_null(sections_modern_name(silent[i]));
	}
}
END_TEST

/* --- objects ------------------------------------------------------------------------------- */

/* counter with program direct in a section of that name. */
static struct elfmap_object *open_renamed(const char *section)
{
	struct test_object changed = object_load("counter");
	struct elfmap_object *object;

	object_rename_section(&changed, "ingress", section);
	object = open_object(&changed, NULL);
	object_free(&changed);
	return object;
}

/* Another type takes the attach type away; the same one leaves it. */
START_TEST(test_set_type)
{
	struct elfmap_object *object = open_renamed("connect4/x");
	struct elfmap_program *program = program_of(object, "direct");

	ck_assert_uint_eq(elfmap_program__type(program), BPF_PROG_TYPE_CGROUP_SOCK_ADDR);
	elfmap_program__set_type(program, BPF_PROG_TYPE_CGROUP_SOCK_ADDR);
	ck_assert_uint_eq(elfmap_program__expected_attach_type(program), BPF_CGROUP_INET4_CONNECT);
	elfmap_program__set_type(program, BPF_PROG_TYPE_CGROUP_SOCK);
	ck_assert_uint_eq(elfmap_program__expected_attach_type(program), 0);
	elfmap_program__set_expected_attach_type(program, BPF_CGROUP_INET4_POST_BIND);
	ck_assert_uint_eq(elfmap_program__expected_attach_type(program),
			  BPF_CGROUP_INET4_POST_BIND);
	elfmap_object__close(object);
}
END_TEST

/* inspect says both numbers. */
START_TEST(test_inspect)
{
	struct test_object object = object_load("counter");
	struct json_object *json, *said;
	char *out;

	object_rename_section(&object, "ingress", "cgroup/bind6_x");
	out = tool_output("inspect -j %s", scratch_object("bind6.o", object));
	json = parse_json(out);
	said = member_named(json, "programs", "direct");
	ck_assert_int_eq(member_number(said, "type"), BPF_PROG_TYPE_CGROUP_SOCK_ADDR);
	ck_assert_int_eq(member_number(said, "expected_attach_type"), BPF_CGROUP_INET6_BIND);
	said = member_named(json, "programs", "classify");
	ck_assert_int_eq(member_number(said, "expected_attach_type"), 0);
	json_object_put(json);
	free(out);
}
END_TEST

/* ID/KEY sections take the attach type of the other programs too, if that is one. */
START_TEST(test_tail_called)
{
	struct test_object changed = object_load("counter");
	struct elfmap_object *object;
	struct elfmap_program *program;

	object_rename_section(&changed, "classifier", "1/0");
	object_rename_section(&changed, "ingress", "cgroup/bind4");
	object = open_object(&changed, NULL);
	program = program_of(object, "classify");
	ck_assert_uint_eq(elfmap_program__type(program), BPF_PROG_TYPE_CGROUP_SOCK_ADDR);
	ck_assert_uint_eq(elfmap_program__expected_attach_type(program), BPF_CGROUP_INET4_BIND);
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

START_TEST(test_tail_called_from_two)
{
	struct test_object changed = object_load("tailcalls");
	struct elfmap_object *object;
	struct elfmap_program *program;

	object_rename_section(&changed, "classifier", "cgroup_skb/egress");
	object_rename_section(&changed, "42/0", "cgroup/skb");
	object_rename_section(&changed, "42/1", "cgroup_skb/egress_x");
	object = open_object(&changed, NULL);
	program = program_of(object, "accept");
	ck_assert_uint_eq(elfmap_program__type(program), BPF_PROG_TYPE_CGROUP_SKB);
	ck_assert_uint_eq(elfmap_program__expected_attach_type(program), 0);
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

Suite *sections_suite(void)
{
	return suite_of("sections", test_names, test_modern_names, test_names_of_programs,
			test_names_that_do_not_tell, test_set_type, test_inspect, test_tail_called,
			test_tail_called_from_two);
}
