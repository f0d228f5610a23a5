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

#define BTF_HOST_ENDIANNESS \
	(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? BTF_LITTLE_ENDIAN : BTF_BIG_ENDIAN)

struct btf_append {
	const struct btf *btf;		/* the object's, whose types may change meanwhile */
	const struct btf_append *below; /* what was appended to that before; NULL for nothing */
	struct btf_header header;	/* the object's, in the host's byte order */
	bool swapped;			/* what is written is in the other byte order */
	uint32_t nr_types;
	uint32_t first_string; /* offset of the first one that is appended */
	uint8_t *types;
	size_t size, room; /* of what is appended to these */
	struct string_table strings;
	const uint8_t *raw; /* from btf_append_size() on: the object's BTF in the file's order */
	bool failed;
};

/* swapped: the object is in another byte order than the host's. */
int btf_append_begin(const struct btf *btf, const struct btf_append *below, bool swapped,
		     struct btf_append *out);
void btf_append_release(struct btf_append *append);

/* Room for so many bytes of types, and of strings, beside what a few take: all of it at once. */
void btf_append_reserve(struct btf_append *append, size_t types, size_t strings);

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

/*
 * How many bytes all of it takes, and where the object's own are, once the endianness of its BTF is the
 * file's. -ENOMEM, -E2BIG.
 */
int btf_append_size(struct btf_append *append, size_t *size);
/* All of it, into so many bytes. */
void btf_append_put(const struct btf_append *append, uint8_t *to);

#endif
