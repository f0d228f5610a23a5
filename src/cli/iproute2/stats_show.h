/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#ifndef ELFMAP_CLI_STATS_SHOW_H
#define ELFMAP_CLI_STATS_SHOW_H

struct attach_stats;
struct output;

/*
 * Counters as tc -s prints them: as members of the JSON object, or as lines of text that begin with
 * indent. Nothing where there are none.
 */
void stats_show(const struct output *out, const char *indent, const struct attach_stats *stats);

#endif
