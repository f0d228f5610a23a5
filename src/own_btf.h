/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The BTF that an object came with. Part of decode.
 */
#ifndef ELFMAP_OWN_BTF_H
#define ELFMAP_OWN_BTF_H

#include "model.h"

/* Sets object->btf and has_btf: BTF that cannot be used is left out, with a warning. */
int own_btf_read(struct elfmap_object *object);
/* Set object->btf to what that made of it again: types that were added since go. */
int own_btf_restore(struct elfmap_object *object);

#endif
