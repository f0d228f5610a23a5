/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What an action says is to become of the packet, TC_ACT_*: as words, and as tc prints it.
 */
#ifndef ELFMAP_CLI_ACTION_CONTROL_H
#define ELFMAP_CLI_ACTION_CONTROL_H

#include "words.h"

struct control;
struct output;

/* The control that a word is or abbreviates; NULL if it is none. */
const struct control *control_find(const char *word);
/* Take the control that the next words are; if they are none, *result stays as it is. */
enum cli_status control_take_optional(struct words *words, int *result);

/* The object "control_action"; in text without a blank around it. */
void control_put(struct output *out, int control);

#endif
