/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdio.h>
#include <linux/pkt_cls.h>

#include "action_control.h"
#include "output.h"

static enum cli_status take_extended(struct words *words, const char *keyword, int control,
				     int *result)
{
	enum cli_status status;
	__u32 value = 0;

	status = words_take_decimal(words, keyword, TC_ACT_EXT_VAL_MASK, &value);
	*result = control | (int)value;
	return status;
}

static enum cli_status take_chain(struct words *words, int *result)
{
	const char *word = words_take(words);

	if (!word || !word_matches(word, "chain"))
		return words_wrong(words, "behind goto comes chain N");
	return take_extended(words, "chain", TC_ACT_GOTO_CHAIN, result);
}

static enum cli_status take_jump(struct words *words, int *result)
{
	return take_extended(words, "jump", TC_ACT_JUMP, result);
}

struct control {
	const char *word;
	int value;
	enum cli_status (*take)(struct words *words, int *result); /* NULL: nothing follows */
};

/* In the order in which tc compares. */
static const struct control controls[] = {
	{ "continue", TC_ACT_UNSPEC, NULL },
	{ "drop", TC_ACT_SHOT, NULL },
	{ "shot", TC_ACT_SHOT, NULL },
	{ "pass", TC_ACT_OK, NULL },
	{ "ok", TC_ACT_OK, NULL },
	{ "reclassify", TC_ACT_RECLASSIFY, NULL },
	{ "pipe", TC_ACT_PIPE, NULL },
	{ "goto", TC_ACT_GOTO_CHAIN, take_chain },
	{ "jump", TC_ACT_JUMP, take_jump },
	{ "trap", TC_ACT_TRAP, NULL },
	{ NULL, 0, NULL },
};

const struct control *control_find(const char *word)
{
	const struct control *control = controls;

	while (control->word && !word_matches(word, control->word))
		control++;
	return control->word ? control : NULL;
}

/* Behind its word: what else it takes. */
static enum cli_status control_take(struct words *words, const struct control *control, int *result)
{
	*result = control->value;
	return control->take ? control->take(words, result) : CLI_OK;
}

enum cli_status control_take_optional(struct words *words, int *result)
{
	const struct control *control = words_left(words) ? control_find(*words->next) : NULL;

	if (!control)
		return CLI_OK;
	words_take(words);
	return control_take(words, control, result);
}

/* --- printing ----------------------------------------------------------------------------- */

static const struct {
	int value;
	const char *name;
} names[] = {
	{ TC_ACT_UNSPEC, "continue" }, { TC_ACT_OK, "pass" },
	{ TC_ACT_SHOT, "drop" },       { TC_ACT_RECLASSIFY, "reclassify" },
	{ TC_ACT_PIPE, "pipe" },       { TC_ACT_STOLEN, "stolen" },
	{ TC_ACT_TRAP, "trap" },
};

static const char *control_name(int control, char *buffer, size_t size)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].value == control)
			return names[i].name;
	}
	snprintf(buffer, size, "%d", control);
	return buffer;
}

void control_put(struct output *out, int control)
{
	struct output nest = output_nest(out, "control_action");
	const int value = control & TC_ACT_EXT_VAL_MASK;
	char number[16];

	if (TC_ACT_EXT_CMP(control, TC_ACT_GOTO_CHAIN)) {
		output_field_string(&nest, "type", "", "goto", "");
		output_field_number(&nest, "chain", " chain ", value, "");
	} else if (TC_ACT_EXT_CMP(control, TC_ACT_JUMP)) {
		output_field_string(&nest, "type", "", "jump", "");
		output_field_number(&nest, "jump", " ", value, "");
	} else {
		output_field_string(&nest, "type", "",
				    control_name(control, number, sizeof(number)), "");
	}
}
