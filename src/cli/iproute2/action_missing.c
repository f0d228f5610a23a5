/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What to say where the kernel has no actions of a kind. Its own words name neither the kind nor a
 * way out, and old kernels have none.
 */
#include <stdbool.h>
#include <string.h>

#include "action_missing.h"
#include "attach_action.h"
#include "cli/cli.h"
#include "words.h"

static const struct kind {
	const char *name;
	const char *option; /* of the kernel's configuration */
	const char *instead;
} kinds[] = {
	{ "bpf", "CONFIG_NET_ACT_BPF",
	  "a filter can run the program itself, with its result as the action:" },
	{ "gact", "CONFIG_NET_ACT_GACT",
	  "the filter's program can say by its result what is to become of a packet:" },
	{ "mirred", "CONFIG_NET_ACT_MIRRED",
	  "the filter's program can call bpf_redirect() or bpf_clone_redirect() itself:" },
};
#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool has_kind(const struct attach_action *actions, size_t count, const char *kind)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!strcmp(actions[i].kind, kind))
			return true;
	}
	return false;
}

void action_explain_missing(struct words *words, struct netlink *nl,
			    const struct attach_action *actions, size_t count)
{
	const struct kind *missing = NULL;
	size_t i;

	for (i = 0; i < NR_KINDS; i++) {
		if (!has_kind(actions, count, kinds[i].name) ||
		    !attach_action_is_missing(nl, kinds[i].name))
			continue;
		missing = &kinds[i];
		message_detail(words->cli, "this kernel has no act_%s (%s)", missing->name,
			       missing->option);
	}
	if (!missing)
		return;
	message_detail(words->cli, "%s", missing->instead);
	message_detail(words->cli,
		       "elfmap tc filter add dev DEV ingress bpf da obj FILE sec SECTION");
}

void action_explain_unloaded(struct words *words, struct netlink *nl,
			     const struct attach_action *actions, size_t count)
{
	size_t i;

	for (i = 0; i < NR_KINDS; i++) {
		if (has_kind(actions, count, kinds[i].name) &&
		    !attach_action_is_loaded(nl, kinds[i].name))
			message_detail(words->cli,
				       "there is no action %s: act_%s is not loaded, or this "
				       "kernel has none (%s)",
				       kinds[i].name, kinds[i].name, kinds[i].option);
	}
}
