/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdio.h>

#include "attach_stats.h"
#include "output.h"
#include "stats_show.h"

/* Round, if that loses less than tc thinks worth telling. */
static void size_text(__u32 size, char *text, size_t room)
{
	const __u32 kilo = 1024, mega = kilo * kilo;
	const __u32 kilos = size / kilo + (size % kilo >= kilo / 2);
	const __u32 megas = size / mega + (size % mega >= mega / 2);
	const long long to_kilo = (long long)kilos * kilo - size;
	const long long to_mega = (long long)megas * mega - size;

	if (size >= mega && to_mega < 1024 && to_mega > -1024)
		snprintf(text, room, "%uMb", megas);
	else if (size >= kilo && to_kilo < 16 && to_kilo > -16)
		snprintf(text, room, "%uKb", kilos);
	else
		snprintf(text, room, "%ub", size);
}

static void put_packets(struct output *out, const struct attach_stats *stats)
{
	output_field_number(out, "bytes", "Sent ", (long long)stats->bytes, " bytes");
	output_field_number(out, "packets", " ", (long long)stats->packets, " pkt");
}

static void put_losses(struct output *out, const struct attach_stats *stats)
{
	output_field_number(out, "drops", " (dropped ", stats->drops, "");
	output_field_number(out, "overlimits", ", overlimits ", stats->overlimits, "");
	output_field_number(out, "requeues", " requeues ", stats->requeues, ") ");
}

static void put_backlog(struct output *out, const struct attach_stats *stats)
{
	char size[16];

	if (out->object) {
		output_number(out, "backlog", "", stats->backlog);
		output_number(out, "qlen", "", stats->queued);
		return;
	}
	size_text(stats->backlog, size, sizeof(size));
	fprintf(out->text, "backlog %s %up requeues %u", size, stats->queued, stats->requeues);
}

void stats_show(const struct output *out, const char *indent, const struct attach_stats *stats)
{
	struct output_line line;
	struct output fields;

	if (!stats->has_packets && !stats->has_queue)
		return;
	fields = output_line_of(&line, out);
	output_text(&fields, indent);
	if (stats->has_packets)
		put_packets(&fields, stats);
	if (stats->has_queue)
		put_losses(&fields, stats);
	output_line_end(&line);
	if (!stats->has_queue)
		return;
	fields = output_line_of(&line, out);
	output_text(&fields, indent);
	put_backlog(&fields, stats);
	output_line_end(&line);
}
