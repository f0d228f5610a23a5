/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The grammar is that of tc/m_mirred.c of iproute2. tc passes over words that it does not expect
 * there; here they are wrong.
 */
#include <linux/pkt_cls.h>
#include <linux/tc_act/tc_mirred.h>

#include "action_control.h"
#include "action_mirred.h"
#include "attach_action.h"

static bool next_matches(const struct words *words, const char *keyword)
{
	return words_left(words) && word_matches(*words->next, keyword);
}

enum direction {
	EGRESS,
	INGRESS,
};

/* What is done with packets, and what becomes of them here unless a control says otherwise. */
static const struct deed {
	const char *word;
	int directions[2];
	int control;
	bool takes_control;
} deeds[] = {
	{ "mirror", { TCA_EGRESS_MIRROR, TCA_INGRESS_MIRROR }, TC_ACT_PIPE, true },
	{ "redirect", { TCA_EGRESS_REDIR, TCA_INGRESS_REDIR }, TC_ACT_STOLEN, false },
};

static const struct deed *find_deed(const struct words *words)
{
	size_t i;

	for (i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		if (next_matches(words, deeds[i].word))
			return &deeds[i];
	}
	return NULL;
}

/* It may stand before and behind what is done, and behind the device, where all actions have it. */
static enum cli_status take_index(struct words *words, struct attach_action *action)
{
	if (!next_matches(words, "index"))
		return CLI_OK;
	words_take(words);
	if (action->index)
		return words_wrong(words, "'index' is given twice");
	return words_take_decimal(words, "index", (__u32)-1, &action->index);
}

static enum cli_status take_deed(struct words *words, enum direction direction,
				 struct attach_action *action, const struct deed **deed)
{
	enum cli_status status = take_index(words, action);

	if (status != CLI_OK)
		return status;
	*deed = find_deed(words);
	if (!*deed)
		return words_wrong(words, "behind mirred %s comes mirror or redirect",
				   direction == EGRESS ? "egress" : "ingress");
	words_take(words);
	action->mirred.direction = (*deed)->directions[direction];
	action->control = (*deed)->control;
	return take_index(words, action);
}

static enum cli_status take_device(struct words *words, const struct deed *deed,
				   const char **device)
{
	if (!next_matches(words, "dev"))
		return words_wrong(words, "behind mirred %s comes dev DEV", deed->word);
	words_take(words);
	return words_take_value(words, "dev", device);
}

enum cli_status mirred_take(struct words *words, struct attach_action *action, const char **device)
{
	const bool egress = next_matches(words, "egress");
	const struct deed *deed = NULL;
	enum cli_status status;

	/* "i" is ingress; what is there already is named by its index and nothing else */
	if (!egress && !next_matches(words, "ingress")) {
		if (next_matches(words, "index"))
			return CLI_OK;
		return words_wrong(words, "behind mirred comes ingress or egress, or index N");
	}
	words_take(words);
	status = take_deed(words, egress ? EGRESS : INGRESS, action, &deed);
	if (status == CLI_OK)
		status = take_device(words, deed, device);
	if (status == CLI_OK && deed->takes_control)
		status = control_take_optional(words, &action->control);
	return status;
}
