/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The words of tags, which those who write them and those who read them share.
 */
#ifndef ELFMAP_TAG_WORDS_H
#define ELFMAP_TAG_WORDS_H

#include <stddef.h>

#include "elfmap.h"

#define TAG_PREFIX "elfmap:"
#define TAG_SLOT "slot="
#define TAG_MAP "map="

/* The members of a definition that BTF has no attribute for, by their names there. */
#define TAG_NR_MEMBERS 5
extern const char *const tag_members[TAG_NR_MEMBERS];

/* By enum elfmap_pin. */
#define TAG_NR_PINS 4
extern const char *const tag_pins[TAG_NR_PINS];

/* By enum elfmap_field_kind: what stands before a field's name. */
#define TAG_NR_FIELD_PREFIXES 3
extern const char *const tag_field_prefixes[TAG_NR_FIELD_PREFIXES];

#endif
