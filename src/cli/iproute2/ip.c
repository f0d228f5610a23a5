/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap ip: ip's command line as far as BPF objects need it.
 */
#include <limits.h>

#include "ip.h"
#include "iproute2_command.h"

static const char help[] =
	"usage: elfmap ip [OPTIONS] link set [dev] DEV XDP { PROGRAM | off }\n"
	"       elfmap ip [OPTIONS] link show [[dev] DEV] [up]\n"
	"       elfmap ip [OPTIONS] route VERB [TYPE] PREFIX [WAY] [encap bpf TUNNEL]\n"
	"\n"
	"The same words as ip's; keywords may be abbreviated as there.\n"
	"\n"
	"  XDP      xdp          native if the device supports it, else generic\n"
	"           xdpgeneric, xdpdrv (native), xdpoffload (in the device)\n"
	"  PROGRAM  obj FILE [sec SECTION] [program NAME] [verb], the section prog if\n"
	"           none is named; or pinned PATH\n"
	"  off      take the program away (or none)\n"
	"\n"
	"           beside it, up, down and mtu N may be said\n"
	"  -force   replaces a program that is there already\n"
	"  show     lists links with what is attached to XDP, and nothing else\n"
	"\n"
	"  VERB     add, change, replace, prepend, append, del\n"
	"  WAY      via ADDRESS, dev DEV, src ADDRESS, table T, metric N, protocol P,\n"
	"           scope S, tos N, onlink, pref P, {mtu|advmss|hoplimit} [lock] N\n"
	"  TUNNEL   one or more of in PROGRAM, out PROGRAM and xmit PROGRAM; headroom N\n"
	"           for xmit. del loads none of them: the kernel looks at their names\n"
	"\n"
	"options, between ip and the object:\n"
	"  -4  -6  -j[son]  -p[retty]  -d[etails]  -s[tatistics]  -o[neline]  -c[olor]\n"
	"  -b[atch] FILE       run the lines of FILE, \"-\" is stdin; -force goes on after\n"
	"                      one that failed\n"
	"  -n[etns] NAME       in the network namespace NAME\n"
	"  -V[ersion]  -h[elp]\n"
	"  -v                  say what is done, and all that the verifier says\n"
	"elfmap's own, anywhere:\n"
	"  --keep-tail-calls   pin prog arrays that would lose their tail calls\n"
	"  --layout NAME       read all legacy map definitions as this layout\n"
	"\n"
	"exit status: 0 done, 1 wrong usage or object, 2 refused by the kernel\n"
	"\n"
	"example:\n"
	"  elfmap ip link set dev eth0 xdp obj old.o sec prog\n"
	"  elfmap ip route add 192.0.2.0/24 dev eth0 encap bpf xmit obj old.o\n";

/* In the order in which ip compares; those without a function are left to ip. */
static const struct iproute2_object objects[] = {
	{ "address", "ip address", NULL },   { "addrlabel", "ip addrlabel", NULL },
	{ "maddress", "ip maddress", NULL }, { "route", "ip route", ip_route },
	{ "rule", "ip rule", NULL },	     { "neighbour", "ip neighbour", NULL },
	{ "link", "ip link", ip_link },	     { "tunnel", "ip tunnel", NULL },
	{ "tuntap", "ip tuntap", NULL },     { "monitor", "ip monitor", NULL },
	{ "netns", "ip netns", NULL },	     { "vrf", "ip vrf", NULL },
	{ "nexthop", "ip nexthop", NULL },   { NULL, NULL, NULL },
};

static const struct iproute2_command ip_words = {
	.name = "ip",
	.help = help,
	.missing = "link or route?",
	.options = ip_options,
	.objects = objects,
};

static enum cli_status ip(struct cli *cli, const struct arguments *arguments)
{
	return iproute2_run(cli, &ip_words, arguments);
}

const struct command ip_command = {
	.name = "ip",
	.summary = "ip's own words: link set xdp, route encap bpf",
	.help = help,
	.most_words = INT_MAX,
	.own_options = true,
	.exit_status = iproute2_exit_status,
	.run = ip,
};
