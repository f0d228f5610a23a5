/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the rooms of elfmap tc filter share: the request that the words make.
 */
#ifndef ELFMAP_CLI_TC_FILTER_H
#define ELFMAP_CLI_TC_FILTER_H

#include "action_words.h"
#include "attach_tc.h"
#include "program.h"
#include "words.h"

/* What the words said; .filter has all but what is found out later: ifindex and program. */
struct filter_request {
	const char *device;
	const char *handle;
	bool has_protocol;
	struct attach_tc_filter filter;
	struct program_choice choice;
	struct action_request actions; /* its programs are not loaded yet */
};

/* Read the words that name a filter, up to its kind, which is taken too; the rest remains. */
enum cli_status filter_parse_which(struct words *words, struct filter_request *request);
/* Read the words behind the kind bpf. */
enum cli_status filter_parse_bpf(struct words *words, struct filter_request *request);

/* Below a message about a block that no qdisc has: the way to make it. */
void filter_hint_at_block(struct words *words, const struct filter_request *request);

#define FILTER_WHERE_SIZE 64
/* "eth0 ingress": what a message is about; text has room for FILTER_WHERE_SIZE. */
void filter_where(const struct filter_request *request, char *text);

/* The index of the device that is named, if one is; CLI_REFUSED if there is none of that name. */
enum cli_status filter_find_device(struct words *words, struct filter_request *request);

/* tc filter show and get, words and all. */
enum cli_status tc_filter_show(struct words *words);
enum cli_status tc_filter_get(struct words *words);

#endif
