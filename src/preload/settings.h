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
};

/* A value that is none counts as not set, after a line on stderr. */
struct settings settings_read(void);

#endif
