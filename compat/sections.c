/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <string.h>
#include <linux/bpf.h>

#include <bpf/libbpf.h>

#include "sections.h"

enum match {
	EXACT, /* this name */
	PATH,  /* this name, or this, a slash, and what the program is to be attached to */
	LOOSE, /* whatever begins with this name */
};

struct section_row {
	const char *name;
	uint8_t match;		   /* enum match */
	uint8_t type, attach_type; /* as of struct section_program */
	/* NULL: what matches is a name to libbpf 1.x too, or where that is LOOSE, .name is */
	const char *modern;
};

#define OF(type, attach_type) BPF_PROG_TYPE_##type, (attach_type)

/* The first row that matches counts, so that special names stand before those they begin with. */
static const struct section_row rows[] = {
	/*
	 * libbpf 0.8, in its order. Earlier versions told no attach type where the kernel does not
	 * insist; in what they matched they differ by nothing that could still be loaded.
	 */
	{ "socket", LOOSE, OF(SOCKET_FILTER, 0), NULL },
	{ "sk_reuseport/migrate", LOOSE, OF(SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE),
	  NULL },
	{ "sk_reuseport", LOOSE, OF(SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT), NULL },
	{ "kprobe", PATH, OF(KPROBE, 0), NULL },
	{ "uprobe", PATH, OF(KPROBE, 0), NULL },
	{ "kretprobe", PATH, OF(KPROBE, 0), NULL },
	{ "uretprobe", PATH, OF(KPROBE, 0), NULL },
	{ "kprobe.multi", PATH, OF(KPROBE, BPF_TRACE_KPROBE_MULTI), NULL },
	{ "kretprobe.multi", PATH, OF(KPROBE, BPF_TRACE_KPROBE_MULTI), NULL },
	{ "usdt", PATH, OF(KPROBE, 0), NULL },
	{ "tc", EXACT, OF(SCHED_CLS, 0), NULL },
	/* iproute2's default for filters */
	{ "classifier", EXACT, OF(SCHED_CLS, 0), NULL },
	{ "classifier", LOOSE, OF(SCHED_CLS, 0), "tc" },
	/* iproute2's default for actions */
	{ "action", LOOSE, OF(SCHED_ACT, 0), NULL },
	{ "tracepoint", PATH, OF(TRACEPOINT, 0), NULL },
	{ "tp", PATH, OF(TRACEPOINT, 0), NULL },
	{ "raw_tracepoint", PATH, OF(RAW_TRACEPOINT, 0), NULL },
	{ "raw_tp", PATH, OF(RAW_TRACEPOINT, 0), NULL },
	{ "raw_tracepoint.w", PATH, OF(RAW_TRACEPOINT_WRITABLE, 0), NULL },
	{ "raw_tp.w", PATH, OF(RAW_TRACEPOINT_WRITABLE, 0), NULL },
	{ "tp_btf", PATH, OF(TRACING, BPF_TRACE_RAW_TP), NULL },
	{ "fentry", PATH, OF(TRACING, BPF_TRACE_FENTRY), NULL },
	{ "fmod_ret", PATH, OF(TRACING, BPF_MODIFY_RETURN), NULL },
	{ "fexit", PATH, OF(TRACING, BPF_TRACE_FEXIT), NULL },
	{ "fentry.s", PATH, OF(TRACING, BPF_TRACE_FENTRY), NULL },
	{ "fmod_ret.s", PATH, OF(TRACING, BPF_MODIFY_RETURN), NULL },
	{ "fexit.s", PATH, OF(TRACING, BPF_TRACE_FEXIT), NULL },
	{ "freplace", PATH, OF(EXT, 0), NULL },
	{ "lsm", PATH, OF(LSM, BPF_LSM_MAC), NULL },
	{ "lsm.s", PATH, OF(LSM, BPF_LSM_MAC), NULL },
	{ "iter", PATH, OF(TRACING, BPF_TRACE_ITER), NULL },
	{ "iter.s", PATH, OF(TRACING, BPF_TRACE_ITER), NULL },
	{ "syscall", EXACT, OF(SYSCALL, 0), NULL },
	{ "xdp.frags/devmap", EXACT, OF(XDP, BPF_XDP_DEVMAP), NULL },
	{ "xdp/devmap", EXACT, OF(XDP, BPF_XDP_DEVMAP), NULL },
	{ "xdp_devmap/", LOOSE, OF(XDP, BPF_XDP_DEVMAP), "xdp/devmap" },
	{ "xdp.frags/cpumap", EXACT, OF(XDP, BPF_XDP_CPUMAP), NULL },
	{ "xdp/cpumap", EXACT, OF(XDP, BPF_XDP_CPUMAP), NULL },
	{ "xdp_cpumap/", LOOSE, OF(XDP, BPF_XDP_CPUMAP), "xdp/cpumap" },
	{ "xdp.frags", EXACT, OF(XDP, BPF_XDP), NULL },
	{ "xdp", LOOSE, OF(XDP, BPF_XDP), NULL },
	{ "perf_event", LOOSE, OF(PERF_EVENT, 0), NULL },
	{ "lwt_in", LOOSE, OF(LWT_IN, 0), NULL },
	{ "lwt_out", LOOSE, OF(LWT_OUT, 0), NULL },
	{ "lwt_xmit", LOOSE, OF(LWT_XMIT, 0), NULL },
	{ "lwt_seg6local", LOOSE, OF(LWT_SEG6LOCAL, 0), NULL },
	{ "cgroup_skb/ingress", LOOSE, OF(CGROUP_SKB, BPF_CGROUP_INET_INGRESS), NULL },
	{ "cgroup_skb/egress", LOOSE, OF(CGROUP_SKB, BPF_CGROUP_INET_EGRESS), NULL },
	{ "cgroup/skb", LOOSE, OF(CGROUP_SKB, 0), NULL },
	{ "cgroup/sock_create", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE), NULL },
	{ "cgroup/sock_release", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE), NULL },
	{ "cgroup/sock", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE), NULL },
	{ "cgroup/post_bind4", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND), NULL },
	{ "cgroup/post_bind6", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND), NULL },
	{ "cgroup/dev", LOOSE, OF(CGROUP_DEVICE, BPF_CGROUP_DEVICE), NULL },
	{ "sockops", LOOSE, OF(SOCK_OPS, BPF_CGROUP_SOCK_OPS), NULL },
	{ "sk_skb/stream_parser", LOOSE, OF(SK_SKB, BPF_SK_SKB_STREAM_PARSER), NULL },
	{ "sk_skb/stream_verdict", LOOSE, OF(SK_SKB, BPF_SK_SKB_STREAM_VERDICT), NULL },
	{ "sk_skb", LOOSE, OF(SK_SKB, 0), NULL },
	{ "sk_msg", LOOSE, OF(SK_MSG, BPF_SK_MSG_VERDICT), NULL },
	{ "lirc_mode2", LOOSE, OF(LIRC_MODE2, BPF_LIRC_MODE2), NULL },
	{ "flow_dissector", LOOSE, OF(FLOW_DISSECTOR, BPF_FLOW_DISSECTOR), NULL },
	{ "cgroup/bind4", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND), NULL },
	{ "cgroup/bind6", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND), NULL },
	{ "cgroup/connect4", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT), NULL },
	{ "cgroup/connect6", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT), NULL },
	{ "cgroup/sendmsg4", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG), NULL },
	{ "cgroup/sendmsg6", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG), NULL },
	{ "cgroup/recvmsg4", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG), NULL },
	{ "cgroup/recvmsg6", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG), NULL },
	{ "cgroup/getpeername4", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME), NULL },
	{ "cgroup/getpeername6", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETPEERNAME), NULL },
	{ "cgroup/getsockname4", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETSOCKNAME), NULL },
	{ "cgroup/getsockname6", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETSOCKNAME), NULL },
	{ "cgroup/sysctl", LOOSE, OF(CGROUP_SYSCTL, BPF_CGROUP_SYSCTL), NULL },
	{ "cgroup/getsockopt", LOOSE, OF(CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT), NULL },
	{ "cgroup/setsockopt", LOOSE, OF(CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT), NULL },
	{ "struct_ops", PATH, OF(STRUCT_OPS, 0), NULL },
	{ "sk_lookup", LOOSE, OF(SK_LOOKUP, BPF_SK_LOOKUP), NULL },

	/* iproute2's default for XDP. It is that of LWT too, where the route says the type. */
	{ "prog", EXACT, OF(XDP, BPF_XDP), "xdp" },
	/* what iproute2's examples taught everyone */
	{ "ingress", EXACT, OF(SCHED_CLS, 0), "tc" },
	{ "egress", EXACT, OF(SCHED_CLS, 0), "tc" },
	/* To libbpf from 1.3 on these are tcx, with attach types that no legacy object expects. */
	{ "tc/ingress", EXACT, OF(SCHED_CLS, 0), "tc" },
	{ "tc/egress", EXACT, OF(SCHED_CLS, 0), "tc" },

	/* gobpf; its other names, as all of samples' bpf_load.c, are those of libbpf */
	{ "sched_cls/", LOOSE, OF(SCHED_CLS, 0), "tc" },
	{ "sched_act/", LOOSE, OF(SCHED_ACT, 0), "action" },

	/* goebpf, which looks at what stands before the slash */
	{ "tc_cls", PATH, OF(SCHED_CLS, 0), "tc" },
	{ "tc_act", PATH, OF(SCHED_ACT, 0), "action" },

	/*
	 * Android's bpfloader. Its newest versions know ingress/ and egress/ too, for cgroups; as
	 * others have filters of tc in such sections, these names do not tell.
	 */
	{ "schedcls/", LOOSE, OF(SCHED_CLS, 0), "tc" },
	{ "schedact/", LOOSE, OF(SCHED_ACT, 0), "action" },
	{ "skfilter/", LOOSE, OF(SOCKET_FILTER, 0), "socket" },
	{ "cgroupskb/", LOOSE, OF(CGROUP_SKB, 0), "cgroup/skb" },
	/* told none, the kernel takes this attach type */
	{ "cgroupsock/", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE), "cgroup/sock" },
	{ "cgroupsockcreate/", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE),
	  "cgroup/sock_create" },
	{ "cgroupsockrelease/", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE),
	  "cgroup/sock_release" },
	{ "postbind4/", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND), "cgroup/post_bind4" },
	{ "postbind6/", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND), "cgroup/post_bind6" },
	{ "bind4/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND), "cgroup/bind4" },
	{ "bind6/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND), "cgroup/bind6" },
	{ "connect4/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT), "cgroup/connect4" },
	{ "connect6/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT), "cgroup/connect6" },
	{ "sendmsg4/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG), "cgroup/sendmsg4" },
	{ "sendmsg6/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG), "cgroup/sendmsg6" },
	{ "recvmsg4/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG), "cgroup/recvmsg4" },
	{ "recvmsg6/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG), "cgroup/recvmsg6" },
	{ "sysctl", LOOSE, OF(CGROUP_SYSCTL, BPF_CGROUP_SYSCTL), "cgroup/sysctl" },
	{ "getsockopt/", LOOSE, OF(CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT), "cgroup/getsockopt" },
	{ "setsockopt/", LOOSE, OF(CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT), "cgroup/setsockopt" },
};

static bool matches(const struct section_row *row, const char *section)
{
	size_t length = strlen(row->name);

	if (strncmp(section, row->name, length) != 0)
		return false;
	return row->match == LOOSE || !section[length] ||
	       (row->match == PATH && section[length] == '/');
}

static const struct section_row *find_row(const char *section)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (matches(&rows[i], section))
			return &rows[i];
	return NULL;
}

/*
 * The linked libbpf may know more names than this table, and handlers that the application gave it.
 * A name that libbpf 1.0 did not know, but the table does, means what it meant to its old loader.
 */
bool sections_find(const char *section, struct section_program *out)
{
	const struct section_row *row = find_row(section);
	enum bpf_attach_type attach_type;
	enum bpf_prog_type type;

	if ((!row || !row->modern) && libbpf_prog_type_by_name(section, &type, &attach_type) == 0 &&
	    type) {
		out->type = type;
		out->attach_type = attach_type;
		return true;
	}
	if (row)
		*out = (struct section_program){ row->type, row->attach_type };
	return row;
}

int sections_hint(const char *section, struct elfmap_program_hint *hint, void *ctx)
{
	struct section_program found;

	(void)ctx;
	if (sections_find(section, &found)) {
		hint->type = found.type;
		hint->expected_attach_type = found.attach_type;
	}
	return 0;
}

const char *sections_modern_name(const char *section)
{
	const struct section_row *row = find_row(section);
	const char *modern;

	if (!row || (!row->modern && row->match != LOOSE))
		return NULL;
	modern = row->modern ? row->modern : row->name;
	return strcmp(modern, section) != 0 ? modern : NULL;
}

const char *sections_name_of(const struct section_program *program)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!rows[i].modern && rows[i].match != PATH && rows[i].type == program->type &&
		    rows[i].attach_type == program->attach_type)
			return rows[i].name;
	return NULL;
}
