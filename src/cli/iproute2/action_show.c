/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>
#include <linux/pkt_cls.h>

#include "action_kinds.h"
#include "action_show.h"
#include "attach_action.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/object.h"
#include "output.h"
#include "stats_show.h"

/* Where actions go. */
struct sheet {
	const struct cli *cli;
	struct output out;
	bool bound;
	const char *left; /* what stands on the next line of text already */
};

static struct output begin_line(struct sheet *sheet, struct output_line *line)
{
	struct output fields = output_line_of(line, &sheet->out);

	output_text(&fields, sheet->left);
	sheet->left = "";
	return fields;
}

static void end_paragraph(struct sheet *sheet)
{
	struct output_line line;

	begin_line(sheet, &line);
	output_line_end(&line);
}

/* --- what all actions have ---------------------------------------------------------------- */

static void put_time(struct output *out, const char *name, const char *label, __u64 ticks)
{
	const long hertz = sysconf(_SC_CLK_TCK);

	if (ticks && hertz > 0)
		output_field_number(out, name, label, (long long)(ticks / (__u64)hertz), " sec");
}

static void put_times(struct output *out, const struct attach_action_times *times)
{
	put_time(out, "installed", " installed ", times->installed);
	put_time(out, "last_used", " used ", times->last_used);
	put_time(out, "first_used", " firstused ", times->first_used);
	put_time(out, "expires", " expires ", times->expires);
}

static void show_index(struct sheet *sheet, const struct attach_action *action, const char *label)
{
	struct output_line line;
	struct output fields;

	/* kernels tell no index of its own of a kind that is unknown here */
	if (!action->index && !action->has_parameters)
		return;
	fields = begin_line(sheet, &line);
	output_field_number(&fields, "index", label, action->index, "");
	if (action->has_parameters) {
		output_field_number(&fields, "ref", " ref ", action->references, "");
		output_field_number(&fields, "bind", " bind ", action->bindings, "");
	}
	if (sheet->cli->statistics)
		put_times(&fields, &action->times);
	output_line_end(&line);
}

static void show_stats(struct sheet *sheet, const struct attach_stats *stats)
{
	struct output_line line;
	struct output fields;

	if (!sheet->cli->statistics || !stats->has_packets)
		return;
	fields = begin_line(sheet, &line);
	output_text(&fields, "\tAction statistics:");
	output_line_end(&line);
	fields = output_nest(&sheet->out, "stats");
	stats_show(&fields, "\t", stats);
}

static void show_cookie(struct sheet *sheet, const struct attach_action *action)
{
	char text[2 * ATTACH_ACTION_COOKIE_SIZE + 1];
	struct output_line line;
	struct output fields;

	if (!action->cookie_size)
		return;
	fields = begin_line(sheet, &line);
	hex_text(action->cookie, action->cookie_size, text);
	output_field_string(&fields, "cookie", "\tcookie ", text, "");
	output_line_end(&line);
}

/* --- hardware, and how it is counted ------------------------------------------------------ */

static void put_flag(struct output *out, const char *name, __u32 flag,
		     const struct attach_action_bits *flags)
{
	if (!(flags->known & flag))
		return;
	if (out->object)
		json_add_bool(out->object, name, flags->value & flag);
	output_text(out, "\t");
	output_text(out, name);
}

static void put_hardware_count(struct output *out, __u32 count)
{
	const struct attach_action_bits yes = { 1, 1 };

	put_flag(out, count ? "in_hw" : "not_in_hw", 1, &yes);
	if (count)
		output_field_number(out, "in_hw_count", " in_hw_count ", count, "");
}

/* Only an action of its own may be in hardware without a filter. */
static void put_hardware(struct output *out, const struct attach_action *action)
{
	put_flag(out, "skip_hw", TCA_ACT_FLAGS_SKIP_HW, &action->flags);
	put_flag(out, "skip_sw", TCA_ACT_FLAGS_SKIP_SW, &action->flags);
	if (action->has_hardware_count && !(action->flags.value & TCA_ACT_FLAGS_SKIP_HW))
		put_hardware_count(out, action->hardware_count);
}

static bool has_flags(const struct sheet *sheet, const struct attach_action *action)
{
	const __u32 shown = TCA_ACT_FLAGS_NO_PERCPU_STATS |
			    (sheet->bound ? 0 : TCA_ACT_FLAGS_SKIP_HW | TCA_ACT_FLAGS_SKIP_SW);

	return action->flags.known & shown || (!sheet->bound && action->has_hardware_count);
}

static void show_flags(struct sheet *sheet, const struct attach_action *action)
{
	struct output_line line;
	struct output fields;

	if (!has_flags(sheet, action))
		return;
	fields = begin_line(sheet, &line);
	put_flag(&fields, "no_percpu", TCA_ACT_FLAGS_NO_PERCPU_STATS, &action->flags);
	if (!sheet->bound)
		put_hardware(&fields, action);
	output_line_end(&line);
}

static void put_member(struct output *out, struct json_object *array, const char *name)
{
	if (array)
		json_append_string(array, name);
	output_text(out, " ");
	output_text(out, name);
}

static void show_hw_stats(struct sheet *sheet, const char *name, __u32 kinds)
{
	struct output_line line;
	struct output fields = begin_line(sheet, &line);
	struct json_object *array = fields.object ? json_new_array() : NULL;

	output_text(&fields, "\t");
	output_text(&fields, name);
	if (kinds & TCA_ACT_HW_STATS_IMMEDIATE)
		put_member(&fields, array, "immediate");
	if (kinds & TCA_ACT_HW_STATS_DELAYED)
		put_member(&fields, array, "delayed");
	if (!kinds)
		put_member(&fields, array, "disabled");
	if (array)
		json_add(fields.object, name, array);
	output_line_end(&line);
}

/* --- lists -------------------------------------------------------------------------------- */

static void show_kind(struct sheet *sheet, const struct attach_action *action)
{
	const struct action_kind *kind = action_kind_named(action->kind);
	struct output_line line;
	struct output fields = begin_line(sheet, &line);

	output_field_number(&fields, "order", "\taction order ", action->order, ": ");
	output_field_string(&fields, "kind", "", action->kind, "");
	if (kind && action->has_parameters)
		kind->put(sheet->cli, &fields, action);
	output_line_end(&line);
	if (kind && kind->show && action->has_parameters)
		kind->show(&sheet->out, action);
	show_index(sheet, action, kind ? kind->index : "\t index ");
	sheet->left = kind ? kind->left : "";
}

static void show_action(struct sheet *sheet, const struct attach_action *action)
{
	show_kind(sheet, action);
	show_stats(sheet, &action->stats);
	show_cookie(sheet, action);
	show_flags(sheet, action);
	if (action->has_hw_stats)
		show_hw_stats(sheet, "hw_stats", action->hw_stats);
	if (action->has_used_hw_stats)
		show_hw_stats(sheet, "used_hw_stats", action->used_hw_stats);
}

static void add_json(const struct sheet *sheet, const struct output *out,
		     const struct attach_action *actions, size_t count)
{
	struct json_object *array = json_new_array();
	struct sheet item = *sheet;
	size_t i;

	for (i = 0; i < count; i++) {
		item.out.object = json_new_object();
		show_action(&item, &actions[i]);
		json_append(array, item.out.object);
	}
	json_add(out->object, "actions", array);
}

void action_show_list(const struct cli *cli, const struct output *out,
		      const struct attach_action *actions, size_t count, bool bound)
{
	struct sheet sheet = {
		.cli = cli,
		.out = { .oneline = cli->oneline },
		.bound = bound,
		.left = "",
	};
	size_t i;

	if (out->object) {
		add_json(&sheet, out, actions, count);
		return;
	}
	for (i = 0; i < count; i++) {
		if (i || !bound)
			end_paragraph(&sheet);
		show_action(&sheet, &actions[i]);
	}
	if (bound && count)
		end_paragraph(&sheet);
}

void action_show_answer(const struct cli *cli, struct json_object *array,
			const struct attach_action_list *list)
{
	struct output total = {
		.object = array ? json_new_object() : NULL,
		.oneline = cli->oneline,
	};
	struct output actions = { .object = array ? json_new_object() : NULL };
	struct output_line line;
	struct output fields = output_line_of(&line, &total);

	output_field_number(&fields, "total acts", "total acts ", list->total, "");
	output_line_end(&line);
	if (array) {
		json_append(array, total.object);
		json_append(array, actions.object);
	}
	action_show_list(cli, &actions, list->actions, list->count, false);
}
