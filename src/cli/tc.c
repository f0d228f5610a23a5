/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap tc: tc's command line as far as BPF objects need it.
 */
#include <limits.h>

#include "iproute2_command.h"
#include "tc.h"

static const char help[] =
	"usage: elfmap tc [OPTIONS] qdisc VERB dev DEV { clsact | ingress }\n"
	"       elfmap tc [OPTIONS] filter VERB dev DEV WHERE [WHICH] bpf PROGRAM\n"
	"       elfmap tc [OPTIONS] actions { add | replace | change } action ACTION ...\n"
	"       elfmap tc [OPTIONS] actions { get | del } action KIND index N ...\n"
	"       elfmap tc [OPTIONS] actions { ls | flush } action KIND\n"
	"\n"
	"The same words as tc's; keywords may be abbreviated as there.\n"
	"\n"
	"  VERB     add, replace, del, show; filters also have change\n"
	"  WHERE    ingress, egress, root, or parent MAJOR:MINOR\n"
	"  WHICH    protocol P, prio N (or pref N), handle H, chain N\n"
	"  PROGRAM  obj FILE [sec SECTION] [program NAME] [verb], the section classifier\n"
	"           if none is named; or pinned PATH; then, all optional:\n"
	"             da             the program's result is the action (direct-action)\n"
	"             classid X:Y    the class of what it matches (or flowid X:Y)\n"
	"             skip_hw, skip_sw\n"
	"             verb           show the verifier's log (verbose)\n"
	"             action ACTION ...  what is done with it; only classid may follow\n"
	"  ACTION   bpf obj FILE [sec SECTION], bpf pinned PATH or gact, then CONTROL;\n"
	"           or CONTROL alone; then, all optional: index N, cookie HEX, no_percpu,\n"
	"           skip_sw, skip_hw; bpf index N or gact index N is one that is there\n"
	"  CONTROL  ok, drop, pipe, continue, reclassify, trap, goto chain N, jump N\n"
	"  KIND     bpf or gact; mirred too, which only tc makes\n"
	"\n"
	"  show     needs no bpf; it lists filters of other kinds without their details\n"
	"\n"
	"  exec bpf graft MAP [key K] { obj FILE [type T] [sec SECTION] | pinned PATH }\n"
	"           replace slot K of the prog array pinned as MAP, such as\n"
	"           m:globals/NAME; without key K the section is named ID/K. T is cls,\n"
	"           act, xdp, lwt_in, lwt_out or lwt_xmit; cls if it is not named\n"
	"  exec bpf import SOCKET [run COMMAND ...]\n"
	"           wait for exported maps, then run COMMAND, or /bin/sh, with their\n"
	"           descriptors: BPF_NUM_MAPS and BPF_MAP<id> tell of them\n"
	"  exec bpf dbg\n"
	"           show what programs print (bpf_trace_printk)\n"
	"\n"
	"  show     needs no bpf; it lists filters of other kinds without their details\n"
	"\n"
	"options, between tc and qdisc, filter or actions:\n"
	"  -j[son]  -p[retty]  -d[etails]  -s[tatistics]  -V[ersion]  -h[elp]\n"
	"  -v       all that libbpf and the verifier say\n"
	"elfmap's own stand anywhere: --layout NAME, --no-qdisc, --keep-tail-calls\n"
	"\n"
	"example:\n"
	"  elfmap tc qdisc add dev eth0 clsact\n"
	"  elfmap tc filter add dev eth0 ingress bpf da obj old.o sec ingress\n";

/* In the order in which tc compares; those without a function are left to tc. */
static const struct iproute2_object objects[] = {
	{ "qdisc", "tc qdisc", tc_qdisc },
	{ "class", "tc class", NULL },
	{ "filter", "tc filter", tc_filter },
	{ "chain", "tc chain", NULL },
	{ "actions", "tc actions", tc_actions },
	{ "monitor", "tc monitor", NULL },
	{ "exec", "tc exec", tc_exec },
	{ NULL, NULL, NULL },
};

static const struct iproute2_command tc_words = {
	.name = "tc",
	.help = help,
	.missing = "qdisc, filter, action or exec?",
	.options = tc_options,
	.objects = objects,
	.ends = tc_exec_runs,
};

static enum cli_status tc(struct cli *cli, const struct arguments *arguments)
{
	return iproute2_run(cli, &tc_words, arguments);
}

const struct command tc_command = {
	.name = "tc",
	.summary = "attach programs with tc's own words: qdisc, filter, actions",
	.help = help,
	.most_words = INT_MAX,
	.own_options = true,
	.exit_status = iproute2_exit_status,
	.run = tc,
};
