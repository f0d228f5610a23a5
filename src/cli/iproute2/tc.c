/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap tc: tc's command line as far as BPF objects need it.
 */
#include <limits.h>

#include "iproute2_command.h"
#include "tc.h"

static const char help[] =
	"usage: elfmap tc [OPTIONS] OBJECT VERB ...\n"
	"\n"
	"The same words as tc's; keywords may be abbreviated as there.\n"
	"\n"
	"  qdisc   { add | replace | del } dev DEV { clsact | ingress }\n"
	"            [ingress_block N] [egress_block N]\n"
	"          show [dev DEV]\n"
	"  filter  { add | replace | change } PLACE [WHICH] bpf PROGRAM [THEN]\n"
	"          { del | get } PLACE [WHICH] [bpf]\n"
	"          show [PLACE] [WHICH]\n"
	"  action  { add | replace | change } action ACTION ...\n"
	"          { del | get } action KIND index N ...\n"
	"          { ls | flush } action KIND\n"
	"  exec    bpf graft MAP [key K] PROGRAM\n"
	"          bpf import SOCKET [run COMMAND ...]\n"
	"          bpf dbg\n"
	"\n"
	"  PLACE    dev DEV with ingress, egress, root or parent MAJOR:MINOR; or block N\n"
	"  WHICH    protocol P, prio N (or pref N), handle H, chain N\n"
	"  PROGRAM  obj FILE [sec SECTION] [program NAME] [export SOCKET] [verb], the\n"
	"           section classifier (action, in an action) if none is named; or\n"
	"           pinned PATH, where m:globals/NAME is one of tc's global pins.\n"
	"           export hands the maps to who imports there, verb shows all of the\n"
	"           verifier's log\n"
	"  THEN     da (direct-action), the program's result is the action; or\n"
	"           classid X:Y (or flowid X:Y), action ACTION ...; and skip_hw, skip_sw\n"
	"  ACTION   bpf PROGRAM, or gact, then CONTROL; or CONTROL alone; or mirred\n"
	"           { ingress | egress } { redirect | mirror } dev DEV, behind mirror\n"
	"           CONTROL too; then index N, cookie HEX, no_percpu, skip_sw, skip_hw;\n"
	"           KIND index N is one that is there\n"
	"  CONTROL  ok, drop, pipe, continue, reclassify, trap, goto chain N, jump N\n"
	"  KIND     bpf, gact or mirred\n"
	"\n"
	"  graft    replaces slot K of the prog array that is pinned as MAP; without key\n"
	"           the section is named ID/K. Behind FILE, type T may say cls, act, xdp,\n"
	"           lwt_in, lwt_out or lwt_xmit; cls if it does not\n"
	"  import   waits for exported maps, then runs COMMAND, or /bin/sh, with their\n"
	"           descriptors: BPF_NUM_MAPS and BPF_MAP<id> tell of them\n"
	"  dbg      shows what programs print (bpf_trace_printk)\n"
	"\n"
	"options, between tc and the object:\n"
	"  -j[son]  -p[retty]  -d[etails]  -s[tatistics]  -o[neline]  -c[olor]\n"
	"  -b[atch] FILE       run the lines of FILE, \"-\" is stdin; -force goes on after\n"
	"                      one that failed\n"
	"  -n[etns] NAME       in the network namespace NAME\n"
	"  -V[ersion]  -h[elp]\n"
	"  -v                  say what is done, and all that the verifier says\n"
	"elfmap's own, anywhere:\n"
	"  --no-qdisc          add no clsact where ingress or egress has none\n"
	"  --keep-tail-calls   pin prog arrays that would lose their tail calls\n"
	"  --layout NAME       read all legacy map definitions as this layout\n"
	"\n"
	"exit status: 0 done, 1 wrong usage or object, 2 refused by the kernel\n"
	"\n"
	"example:\n"
	"  elfmap tc filter add dev eth0 ingress bpf da obj old.o sec ingress\n";

/* In the order in which tc compares; those without a function are left to tc. */
static const struct iproute2_object objects[] = {
	{ "qdisc", "tc qdisc", tc_qdisc },	 { "class", "tc class", NULL },
	{ "filter", "tc filter", tc_filter },	 { "chain", "tc chain", NULL },
	{ "actions", "tc actions", tc_actions }, { "monitor", "tc monitor", NULL },
	{ "exec", "tc exec", tc_exec },		 { NULL, NULL, NULL },
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
	.summary = "tc's own words: qdisc, filter, action, exec bpf",
	.help = help,
	.most_words = INT_MAX,
	.own_options = true,
	.exit_status = iproute2_exit_status,
	.run = tc,
};
