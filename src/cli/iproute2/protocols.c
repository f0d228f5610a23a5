/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The names that tc gives to link-layer protocols.
 */
#include <stdio.h>
#include <strings.h>
#include <linux/if_ether.h>

#include "words.h"

struct protocol {
	const char *name;
	__u16 number;
};

/* A number with two names is printed as the first. */
static const struct protocol protocols[] = {
	{ "all", ETH_P_ALL },
	{ "ip", ETH_P_IP },
	{ "ipv4", ETH_P_IP },
	{ "ipv6", ETH_P_IPV6 },
	{ "arp", ETH_P_ARP },
	{ "rarp", ETH_P_RARP },
	{ "802.1Q", ETH_P_8021Q },
	{ "802.1ad", ETH_P_8021AD },
	{ "802_2", ETH_P_802_2 },
	{ "802_3", ETH_P_802_3 },
	{ "snap", ETH_P_SNAP },
	{ "mpls_uc", ETH_P_MPLS_UC },
	{ "mpls_mc", ETH_P_MPLS_MC },
	{ "ppp_disc", ETH_P_PPP_DISC },
	{ "ppp_ses", ETH_P_PPP_SES },
	{ "ppp_mp", ETH_P_PPP_MP },
	{ "ppptalk", ETH_P_PPPTALK },
	{ "wan_ppp", ETH_P_WAN_PPP },
	{ "LLDP", ETH_P_LLDP },
	{ "profinet", 0x8892 },
	{ "loop", ETH_P_LOOP },
	{ "pup", ETH_P_PUP },
	{ "pupat", ETH_P_PUPAT },
	{ "x25", ETH_P_X25 },
	{ "bpq", ETH_P_BPQ },
	{ "ieeepup", ETH_P_IEEEPUP },
	{ "ieeepupat", ETH_P_IEEEPUPAT },
	{ "dec", ETH_P_DEC },
	{ "dna_dl", ETH_P_DNA_DL },
	{ "dna_rc", ETH_P_DNA_RC },
	{ "dna_rt", ETH_P_DNA_RT },
	{ "lat", ETH_P_LAT },
	{ "diag", ETH_P_DIAG },
	{ "cust", ETH_P_CUST },
	{ "sca", ETH_P_SCA },
	{ "atalk", ETH_P_ATALK },
	{ "aarp", ETH_P_AARP },
	{ "ipx", ETH_P_IPX },
	{ "atmmpoa", ETH_P_ATMMPOA },
	{ "atmfate", ETH_P_ATMFATE },
	{ "ax25", ETH_P_AX25 },
	{ "ddcmp", ETH_P_DDCMP },
	{ "localtalk", ETH_P_LOCALTALK },
	{ "tr_802_2", ETH_P_TR_802_2 },
	{ "mobitex", ETH_P_MOBITEX },
	{ "control", ETH_P_CONTROL },
	{ "irda", ETH_P_IRDA },
	{ "econet", ETH_P_ECONET },
	{ "tipc", ETH_P_TIPC },
	{ "aoe", ETH_P_AOE },
	{ "can", ETH_P_CAN },
};

#define NR_PROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

bool read_protocol(const char *text, __u16 *protocol)
{
	__u32 number;
	size_t i;

	for (i = 0; i < NR_PROTOCOLS; i++) {
		if (!strcasecmp(protocols[i].name, text)) {
			*protocol = protocols[i].number;
			return true;
		}
	}
	if (!read_number(text, 0xffff, &number))
		return false;
	*protocol = (__u16)number;
	return true;
}

const char *protocol_text(__u16 protocol, bool numeric, char *buffer)
{
	size_t i;

	for (i = 0; !numeric && i < NR_PROTOCOLS; i++) {
		if (protocols[i].number == protocol)
			return protocols[i].name;
	}
	sprintf(buffer, "[%u]", protocol);
	return buffer;
}
