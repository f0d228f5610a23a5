/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the library remarks about an object: repairs, notes, and what a stock loader does
 * differently, each as a list of lines.
 */
#ifndef ELFMAP_CLI_REMARKS_H
#define ELFMAP_CLI_REMARKS_H

#include "elfmap.h"

struct json_object;

/* How many there are of a kind. */
size_t remarks_count(const struct elfmap_object *obj, enum elfmap_remark kind);
/* Call for each of a kind, in order. */
void remarks_each(const struct elfmap_object *obj, enum elfmap_remark kind,
		  void (*fn)(const char *text, void *ctx), void *ctx);
/* Those of a kind as an array of strings. */
struct json_object *remarks_describe(const struct elfmap_object *obj, enum elfmap_remark kind);

#endif
