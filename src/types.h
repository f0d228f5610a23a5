/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Types that definitions in BTF are made of, each made once and shared by all that are equal. Part of
 * synthesise.
 */
#ifndef ELFMAP_TYPES_H
#define ELFMAP_TYPES_H

#include <stdint.h>

#include "btf_append.h"

/* What a struct for libbpf says about a map. */
struct definition {
	uint32_t kind; /* SHARED_DEFINITION */
	uint32_t type, key_size, value_size, max_entries, map_flags, numa_node, pinning;
	uint32_t key_type, value_type;
	uint32_t values; /* the type of slots: a struct for inner maps, a prototype for programs */
};

/* A type that later definitions may share: the words say what it is, the first one its kind. */
struct shared {
	union {
		uint32_t words[sizeof(struct definition) / sizeof(uint32_t)];
		struct definition def;
	};
	int id;
	uint32_t size; /* of a definition's struct */
};

/* The first words of what is made elsewhere; those below are made here. */
enum {
	SHARED_DEFINITION = 16,
	SHARED_VISIBLE,
};

struct types {
	const struct btf *btf; /* the object's */
	struct btf_append *added;
	struct shared_block *last; /* where they are */
	struct shared **shared;	   /* by a hash of their words */
	size_t nr_shared, nr_places;
	int int_id;
	int char_id;
};

/* The node for these words, with id 0 where it is new; NULL without memory. */
struct shared *types_find(struct types *types, const struct shared *wanted);
void types_release(struct types *types);

/* Each returns an ID, or a negative errno. */

/* An integer attribute: a pointer to an array with that many elements. */
int types_integer(struct types *types, uint32_t value);
int types_pointer(struct types *types, uint32_t target);
/* values: an array of no declared length, of pointers to what the slots hold. */
int types_values(struct types *types, uint32_t target);
/* An array, not shared. */
int types_array(struct types *types, uint32_t index, uint32_t element, uint32_t count);
/* int (void): libbpf only asks that it is a prototype. */
int types_program_prototype(struct types *types);

#endif
