/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * An object's BTF and what is appended to it, types behind its types and strings behind its strings:
 * what it has keeps its numbers. Equal strings that are appended share one place. libbpf can do this
 * too, at many times the cost for each type.
 *
 * That memory was missing shows at the end: until then numbers that are returned mean nothing.
 */
#ifndef ELFMAP_BTF_APPEND_H
#define ELFMAP_BTF_APPEND_H

#include <stdbool.h>
#include <stdint.h>

#include <bpf/btf.h>

#include "string_table.h"

struct btf_append {
	const uint8_t *raw;	  /* the object's, which stays as it is meanwhile */
	struct btf_header header; /* its, in the host's byte order */
	bool swapped;		  /* it is in the other byte order */
	uint32_t nr_types;
	uint8_t *types;
	size_t size, room; /* of what is appended to these */
	struct string_table strings;
	bool failed;
};

/* swapped: btf is, by its endianness, in another byte order than the host's. */
int btf_append_begin(const struct btf *btf, bool swapped, struct btf_append *out);
void btf_append_release(struct btf_append *append);

/* The offset of a string, appended if it was not before. */
uint32_t btf_append_string(struct btf_append *append, const char *string);
/* The same for a name that nothing else has: it is appended without a look. */
uint32_t btf_append_name(struct btf_append *append, const char *name);

/*
 * A type of that kind (BTF_KIND_*), with what its struct btf_type says and the words behind it.
 * Returns its ID. name: an offset, 0 for none.
 */
struct btf_appended {
	uint32_t name, kind, vlen;
	uint32_t type; /* or its size */
	const uint32_t *words;
	size_t nr_words;
};

uint32_t btf_append_type(struct btf_append *append, const struct btf_appended *type);
/* More words behind the type that was appended last. */
void btf_append_words(struct btf_append *append, const uint32_t *words, size_t count);

/* How many bytes all of it takes; -ENOMEM, -E2BIG. */
int btf_append_size(const struct btf_append *append, size_t *size);
/* All of it, for so many bytes. */
void btf_append_put(const struct btf_append *append, uint8_t *to);

#endif
