/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the rooms of elfmap ip link share.
 */
#ifndef ELFMAP_CLI_IP_LINK_H
#define ELFMAP_CLI_IP_LINK_H

#include <stdbool.h>

#include "attach_xdp.h"
#include "program.h"
#include "words.h"

/* What the words of ip link set said. */
struct link_request {
	const char *device;
	const char *xdp; /* the word that began it, such as xdpgeneric; NULL: none */
	enum attach_xdp_mode mode;
	bool off;
	/* what ip sets with it */
	const char *other; /* the last word of these; NULL: none */
	__u32 change;	   /* IFF_*: which of the flags */
	__u32 flags;
	__u32 mtu; /* 0: as it is */
	struct program_choice choice;
};

/* Read the words of ip link set, all of them; what they say is enough unless it is for help. */
enum cli_status link_parse_set(struct words *words, struct link_request *request);

/* ip link show, words and all. */
enum cli_status ip_link_show(struct words *words, int change);

#endif
