/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the rooms of elfmap ip route share: the request that the words make.
 */
#ifndef ELFMAP_CLI_IP_ROUTE_H
#define ELFMAP_CLI_IP_ROUTE_H

#include "attach_route.h"
#include "program.h"
#include "words.h"

/* What the words said; .route has all but what is found out later: ifindex and programs. */
struct route_request {
	const char *destination;
	const char *device;
	bool has_scope;
	bool has_table;
	bool has_tunnel;
	struct attach_route route;
	/* what is to be loaded for each hook; those with a kind were named */
	struct program_choice choices[ATTACH_ROUTE_HOOKS];
};

/* Read the words behind the verb, and complete them as ip does. */
enum cli_status route_parse(struct words *words, enum attach_route_verb verb,
			    struct route_request *request);
/* Behind the word encap: the tunnel's type, and the words of one of BPF; what follows remains. */
enum cli_status route_parse_tunnel(struct words *words, struct route_request *request);

#define ROUTE_WHERE_SIZE 128
/* "192.0.2.0/24 dev eth0": what a message is about; text has room for ROUTE_WHERE_SIZE. */
void route_where(const struct route_request *request, char *text);

#endif
