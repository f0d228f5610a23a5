/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The names that ip gives to the numbers of routes: its own, and those of the files in
 * /etc/iproute2.
 */
#ifndef ELFMAP_CLI_ROUTE_NAMES_H
#define ELFMAP_CLI_ROUTE_NAMES_H

#include <stdbool.h>
#include <linux/types.h>

struct route_names;

extern const struct route_names route_table_names;
extern const struct route_names route_protocol_names;
extern const struct route_names route_scope_names;
extern const struct route_names route_tos_names;

/* The number of a name, or that a text is in the notation that ip takes there. */
bool read_named_number(const struct route_names *names, const char *text, __u32 *number);

#endif
