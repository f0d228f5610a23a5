/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The clsact qdisc that filters on ingress and egress need: whether it is there, making it, and
 * taking one back that was made in vain. No qdisc that was there is changed.
 */
#ifndef ELFMAP_CLI_TC_CLSACT_H
#define ELFMAP_CLI_TC_CLSACT_H

#include <stdbool.h>

#include "words.h"

/* What is in the one place that an interface has for clsact and ingress. */
enum clsact {
	CLSACT_UNKNOWN, /* the kernel does not say */
	CLSACT_NONE,
	CLSACT_THERE,
	CLSACT_IS_INGRESS, /* the older one, whose filters all see what comes in */
};

enum clsact clsact_find(int ifindex);
/*
 * Make one; with -v the user is told, and *added is set, unless somebody else was faster, which is no
 * failure. On failure the user was told why.
 */
enum cli_status clsact_add(struct words *words, int ifindex, const char *device, bool *added);
/* Remove it, unless it has got a filter meanwhile. */
void clsact_take_back(int ifindex);

#endif
