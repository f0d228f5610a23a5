/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Loaded objects under a name of the test's, with nothing pinned by the load. Every call ends the
 * test where it fails.
 */
#ifndef ELFMAP_TEST_DOOR_H
#define ELFMAP_TEST_DOOR_H

#include "elfmap.h"

/* An object of testdata; pin_lock is that of struct elfmap_open_opts. */
struct elfmap_object *open_named(const char *name, const char *as, int pin_lock);
/* The same, loaded. */
struct elfmap_object *load_named(const char *name, const char *as);

/* aya28.o as "door", with its XDP program "firewall" on veth0 by the link "door". */
struct elfmap_object *load_door(void);

/* The id of the program of an object. */
__u32 program_id(const struct elfmap_object *object, const char *name);

#endif
