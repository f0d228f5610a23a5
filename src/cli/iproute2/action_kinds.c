/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <net/if.h>
#include <stdbool.h>
#include <string.h>
#include <linux/tc_act/tc_gact.h>
#include <linux/tc_act/tc_mirred.h>

#include "action_control.h"
#include "action_kinds.h"
#include "attach_action.h"
#include "output.h"
#include "program_info.h"

static void put_bpf(const struct cli *cli, struct output *out, const struct attach_action *action)
{
	const struct attach_action_bpf *bpf = &action->bpf;
	bool told = false;

	output_text(out, " ");
	if (bpf->name[0])
		output_string(out, "bpf_name", "", bpf->name);
	if (bpf->id)
		told = program_info_put(cli, out, bpf->id);
	if (!told && bpf->has_tag)
		output_tag(out, bpf->tag);
	output_text(out, "default-action ");
	control_put(out, action->control);
}

static void put_gact(const struct cli *cli, struct output *out, const struct attach_action *action)
{
	(void)cli;
	output_text(out, " action ");
	control_put(out, action->control);
}

static const struct direction {
	const char *text;
	const char *action;
	const char *direction;
} directions[] = {
	[0] = { "unknown", "unknown", "unknown" },
	[TCA_EGRESS_REDIR] = { "Egress Redirect", "redirect", "egress" },
	[TCA_EGRESS_MIRROR] = { "Egress Mirror", "mirror", "egress" },
	[TCA_INGRESS_REDIR] = { "Ingress Redirect", "redirect", "ingress" },
	[TCA_INGRESS_MIRROR] = { "Ingress Mirror", "mirror", "ingress" },
};

static void put_mirred(const struct cli *cli, struct output *out,
		       const struct attach_action *action)
{
	const int known = (int)(sizeof(directions) / sizeof(directions[0]));
	const int number = action->mirred.direction;
	const struct direction *row = &directions[number > 0 && number < known ? number : 0];
	char device[IF_NAMESIZE] = "?";

	(void)cli;
	if_indextoname(action->mirred.ifindex, device);
	output_text(out, " (");
	output_text(out, row->text);
	if (out->object) {
		output_string(out, "mirred_action", "", row->action);
		output_string(out, "direction", "", row->direction);
	}
	output_field_string(out, "to_dev", " to device ", device, ") ");
	control_put(out, action->control);
}

/* The line that gact has beyond the rest. */
static void show_random(const struct output *out, const struct attach_action *action)
{
	static const char *const types[] = {
		[PGACT_NONE] = "none",
		[PGACT_NETRAND] = "netrand",
		[PGACT_DETERM] = "determ",
	};
	const struct attach_action_random *random = &action->random;
	const bool known = random->type < sizeof(types) / sizeof(types[0]);
	struct output_line line;
	struct output fields = output_line_of(&line, out);
	struct output nest = output_nest(&fields, "prob");

	output_field_string(&nest, "random_type", "\t random type ",
			    types[known ? random->type : PGACT_NONE], " ");
	control_put(&nest, random->control);
	output_field_number(&nest, "val", " val ", random->value, "");
	output_line_end(&line);
}

static const struct action_kind kinds[] = {
	{ "bpf", put_bpf, NULL, "\t index ", " " },
	{ "gact", put_gact, show_random, "\t index ", "" },
	{ "mirred", put_mirred, NULL, "\tindex ", "" },
};

const struct action_kind *action_kind_named(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	}
	return NULL;
}
