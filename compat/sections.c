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

/* KNOWN and MORE: what matches is a name to libbpf 1.x too, or where that is LOOSE, .name is. */
enum age {
	KNOWN, /* the first one is its name for such programs */
	MORE,  /* it does more with it, attaches it elsewhere, or has a newer one */
	OLD,   /* it has another name for such programs */
};

struct section_row {
	const char *name;
	uint8_t match;		   /* enum match */
	uint8_t type, attach_type; /* as of struct section_program */
	uint8_t age;		   /* enum age */
};

#define OF(type, attach_type) BPF_PROG_TYPE_##type, (attach_type)

/* The first row that matches counts, so that special names stand before those they begin with. */
static const struct section_row rows[] = {
	/*
	 * libbpf 0.8, in its order. Earlier versions told no attach type where the kernel does not
	 * insist; in what they matched they differ by nothing that could still be loaded.
	 */
	{ "socket", LOOSE, OF(SOCKET_FILTER, 0), KNOWN },
	{ "sk_reuseport/migrate", LOOSE, OF(SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE),
	  KNOWN },
	{ "sk_reuseport", LOOSE, OF(SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT), KNOWN },
	{ "kprobe", PATH, OF(KPROBE, 0), KNOWN },
	{ "uprobe", PATH, OF(KPROBE, 0), KNOWN },
	{ "kretprobe", PATH, OF(KPROBE, 0), KNOWN },
	{ "uretprobe", PATH, OF(KPROBE, 0), KNOWN },
	{ "kprobe.multi", PATH, OF(KPROBE, BPF_TRACE_KPROBE_MULTI), KNOWN },
	{ "kretprobe.multi", PATH, OF(KPROBE, BPF_TRACE_KPROBE_MULTI), KNOWN },
	{ "usdt", PATH, OF(KPROBE, 0), KNOWN },
	{ "tc", EXACT, OF(SCHED_CLS, 0), KNOWN },
	/* iproute2's default for filters */
	{ "classifier", EXACT, OF(SCHED_CLS, 0), KNOWN },
	{ "classifier", LOOSE, OF(SCHED_CLS, 0), OLD },
	/* iproute2's default for actions */
	{ "action", LOOSE, OF(SCHED_ACT, 0), KNOWN },
	{ "tracepoint", PATH, OF(TRACEPOINT, 0), KNOWN },
	{ "tp", PATH, OF(TRACEPOINT, 0), KNOWN },
	{ "raw_tracepoint", PATH, OF(RAW_TRACEPOINT, 0), KNOWN },
	{ "raw_tp", PATH, OF(RAW_TRACEPOINT, 0), KNOWN },
	{ "raw_tracepoint.w", PATH, OF(RAW_TRACEPOINT_WRITABLE, 0), KNOWN },
	{ "raw_tp.w", PATH, OF(RAW_TRACEPOINT_WRITABLE, 0), KNOWN },
	{ "tp_btf", PATH, OF(TRACING, BPF_TRACE_RAW_TP), KNOWN },
	{ "fentry", PATH, OF(TRACING, BPF_TRACE_FENTRY), KNOWN },
	{ "fmod_ret", PATH, OF(TRACING, BPF_MODIFY_RETURN), KNOWN },
	{ "fexit", PATH, OF(TRACING, BPF_TRACE_FEXIT), KNOWN },
	{ "fentry.s", PATH, OF(TRACING, BPF_TRACE_FENTRY), KNOWN },
	{ "fmod_ret.s", PATH, OF(TRACING, BPF_MODIFY_RETURN), KNOWN },
	{ "fexit.s", PATH, OF(TRACING, BPF_TRACE_FEXIT), KNOWN },
	{ "freplace", PATH, OF(EXT, 0), KNOWN },
	{ "lsm", PATH, OF(LSM, BPF_LSM_MAC), KNOWN },
	{ "lsm.s", PATH, OF(LSM, BPF_LSM_MAC), KNOWN },
	{ "iter", PATH, OF(TRACING, BPF_TRACE_ITER), KNOWN },
	{ "iter.s", PATH, OF(TRACING, BPF_TRACE_ITER), KNOWN },
	{ "syscall", EXACT, OF(SYSCALL, 0), KNOWN },
	{ "xdp.frags/devmap", EXACT, OF(XDP, BPF_XDP_DEVMAP), MORE },
	{ "xdp/devmap", EXACT, OF(XDP, BPF_XDP_DEVMAP), KNOWN },
	{ "xdp_devmap/", LOOSE, OF(XDP, BPF_XDP_DEVMAP), OLD },
	{ "xdp.frags/cpumap", EXACT, OF(XDP, BPF_XDP_CPUMAP), MORE },
	{ "xdp/cpumap", EXACT, OF(XDP, BPF_XDP_CPUMAP), KNOWN },
	{ "xdp_cpumap/", LOOSE, OF(XDP, BPF_XDP_CPUMAP), OLD },
	{ "xdp.frags", EXACT, OF(XDP, BPF_XDP), MORE },
	{ "xdp", LOOSE, OF(XDP, BPF_XDP), KNOWN },
	{ "perf_event", LOOSE, OF(PERF_EVENT, 0), KNOWN },
	{ "lwt_in", LOOSE, OF(LWT_IN, 0), KNOWN },
	{ "lwt_out", LOOSE, OF(LWT_OUT, 0), KNOWN },
	{ "lwt_xmit", LOOSE, OF(LWT_XMIT, 0), KNOWN },
	{ "lwt_seg6local", LOOSE, OF(LWT_SEG6LOCAL, 0), KNOWN },
	{ "cgroup_skb/ingress", LOOSE, OF(CGROUP_SKB, BPF_CGROUP_INET_INGRESS), MORE },
	{ "cgroup_skb/egress", LOOSE, OF(CGROUP_SKB, BPF_CGROUP_INET_EGRESS), KNOWN },
	{ "cgroup/skb", LOOSE, OF(CGROUP_SKB, 0), KNOWN },
	{ "cgroup/sock_create", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE), KNOWN },
	{ "cgroup/sock_release", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE), KNOWN },
	{ "cgroup/sock", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE), MORE },
	{ "cgroup/post_bind4", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND), KNOWN },
	{ "cgroup/post_bind6", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND), KNOWN },
	{ "cgroup/dev", LOOSE, OF(CGROUP_DEVICE, BPF_CGROUP_DEVICE), KNOWN },
	{ "sockops", LOOSE, OF(SOCK_OPS, BPF_CGROUP_SOCK_OPS), KNOWN },
	{ "sk_skb/stream_parser", LOOSE, OF(SK_SKB, BPF_SK_SKB_STREAM_PARSER), KNOWN },
	{ "sk_skb/stream_verdict", LOOSE, OF(SK_SKB, BPF_SK_SKB_STREAM_VERDICT), KNOWN },
	{ "sk_skb", LOOSE, OF(SK_SKB, 0), KNOWN },
	{ "sk_msg", LOOSE, OF(SK_MSG, BPF_SK_MSG_VERDICT), KNOWN },
	{ "lirc_mode2", LOOSE, OF(LIRC_MODE2, BPF_LIRC_MODE2), KNOWN },
	{ "flow_dissector", LOOSE, OF(FLOW_DISSECTOR, BPF_FLOW_DISSECTOR), KNOWN },
	{ "cgroup/bind4", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND), KNOWN },
	{ "cgroup/bind6", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND), KNOWN },
	{ "cgroup/connect4", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT), KNOWN },
	{ "cgroup/connect6", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT), KNOWN },
	{ "cgroup/sendmsg4", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG), KNOWN },
	{ "cgroup/sendmsg6", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG), KNOWN },
	{ "cgroup/recvmsg4", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG), KNOWN },
	{ "cgroup/recvmsg6", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG), KNOWN },
	{ "cgroup/getpeername4", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME), KNOWN },
	{ "cgroup/getpeername6", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETPEERNAME), KNOWN },
	{ "cgroup/getsockname4", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETSOCKNAME), KNOWN },
	{ "cgroup/getsockname6", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETSOCKNAME), KNOWN },
	{ "cgroup/sysctl", LOOSE, OF(CGROUP_SYSCTL, BPF_CGROUP_SYSCTL), KNOWN },
	{ "cgroup/getsockopt", LOOSE, OF(CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT), KNOWN },
	{ "cgroup/setsockopt", LOOSE, OF(CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT), KNOWN },
	{ "struct_ops", PATH, OF(STRUCT_OPS, 0), KNOWN },
	{ "sk_lookup", LOOSE, OF(SK_LOOKUP, BPF_SK_LOOKUP), KNOWN },

	/* iproute2's default for XDP. It is that of LWT too, where the route says the type. */
	{ "prog", EXACT, OF(XDP, BPF_XDP), OLD },
	/* what iproute2's examples taught everyone */
	{ "ingress", EXACT, OF(SCHED_CLS, 0), OLD },
	{ "egress", EXACT, OF(SCHED_CLS, 0), OLD },
	/* To libbpf from 1.3 on these are tcx, with attach types that no legacy object expects. */
	{ "tc/ingress", EXACT, OF(SCHED_CLS, 0), OLD },
	{ "tc/egress", EXACT, OF(SCHED_CLS, 0), OLD },

	/* gobpf; its other names, as all of samples' bpf_load.c, are those of libbpf */
	{ "sched_cls/", LOOSE, OF(SCHED_CLS, 0), OLD },
	{ "sched_act/", LOOSE, OF(SCHED_ACT, 0), OLD },

	/* goebpf, which looks at what stands before the slash */
	{ "tc_cls", PATH, OF(SCHED_CLS, 0), OLD },
	{ "tc_act", PATH, OF(SCHED_ACT, 0), OLD },

	/*
	 * Android's bpfloader. Its newest versions know ingress/ and egress/ too, for cgroups; as
	 * others have filters of tc in such sections, these names do not tell.
	 */
	{ "schedcls/", LOOSE, OF(SCHED_CLS, 0), OLD },
	{ "schedact/", LOOSE, OF(SCHED_ACT, 0), OLD },
	{ "skfilter/", LOOSE, OF(SOCKET_FILTER, 0), OLD },
	{ "cgroupskb/", LOOSE, OF(CGROUP_SKB, 0), OLD },
	/* told none, the kernel takes this attach type */
	{ "cgroupsock/", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE), OLD },
	{ "cgroupsockcreate/", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE), OLD },
	{ "cgroupsockrelease/", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE), OLD },
	{ "postbind4/", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND), OLD },
	{ "postbind6/", LOOSE, OF(CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND), OLD },
	{ "bind4/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND), OLD },
	{ "bind6/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND), OLD },
	{ "connect4/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT), OLD },
	{ "connect6/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT), OLD },
	{ "sendmsg4/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG), OLD },
	{ "sendmsg6/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG), OLD },
	{ "recvmsg4/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG), OLD },
	{ "recvmsg6/", LOOSE, OF(CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG), OLD },
	{ "sysctl", LOOSE, OF(CGROUP_SYSCTL, BPF_CGROUP_SYSCTL), OLD },
	{ "getsockopt/", LOOSE, OF(CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT), OLD },
	{ "setsockopt/", LOOSE, OF(CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT), OLD },
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

	if ((!row || row->age != OLD) &&
	    libbpf_prog_type_by_name(section, &type, &attach_type) == 0 && type) {
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

/* libbpf 1.x's for such programs. */
static const char *name_of(uint32_t type, uint32_t attach_type)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].age == KNOWN && rows[i].match != PATH && rows[i].type == type &&
		    rows[i].attach_type == attach_type)
			return rows[i].name;
	return NULL;
}

const char *sections_modern_name(const char *section)
{
	const struct section_row *row = find_row(section);
	const char *modern;

	if (!row || (row->age != OLD && row->match != LOOSE))
		return NULL;
	modern = row->age == OLD ? name_of(row->type, row->attach_type) : row->name;
	return modern && strcmp(modern, section) != 0 ? modern : NULL;
}

const char *sections_name_of(const struct section_program *program)
{
	return name_of(program->type, program->attach_type);
}
