/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the environment says to the preload library: ELFMAP_LOG, ELFMAP_LAYOUT, ELFMAP_PIN_POLICY.
 */
#ifndef ELFMAP_PRELOAD_SETTINGS_H
#define ELFMAP_PRELOAD_SETTINGS_H

#include "elfmap.h"

enum pin_policy {
	PIN_POLICY_AUTO, /* maps are pinned where the object's own loader pinned them */
	PIN_POLICY_NONE, /* elfmap sets no pins */
};

struct settings {
	enum elfmap_log_level log; /* messages up to this one are written */
	enum pin_policy pin_policy;
	const char *layout; /* of all legacy definitions; NULL: told from the object */
	bool is_wrong;	    /* what they were to be is not known: nothing is to be translated */
};

/*
 * Words that are none are told on stderr. Of the log's, warnings are written; others make it wrong: a
 * definition that is misread, or a pin that was not wanted, is worse than none.
 */
struct settings settings_read(void);

#endif
