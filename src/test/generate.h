/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Legacy objects made up from a seed, with the truth beside them: what each map and program is,
 * known from how it was written and not from reading it. The same seed and options give the same
 * bytes, today and later in the same version of the tests.
 */
#ifndef ELFMAP_TEST_GENERATE_H
#define ELFMAP_TEST_GENERATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/bpf.h>

#include "elfmap.h"
#include "test/made_layout.h"
#include "test/object_edit.h"

struct generate_options {
	/*
	 * Only what the kernel takes and libbpf can declare. Otherwise also sizes and types that
	 * no kernel has, outer maps whose inner map the object does not name, and slots so far
	 * out that libbpf cannot be told of them.
	 */
	bool loadable;
	/* Maps are pinned: in the object's namespace, globally, and by the numbers below. */
	bool pins;
	/*
	 * XDP programs in section xdp beside those in others. To libbpf that name means an attach
	 * type, others do not, and recent kernels keep such programs out of one prog array.
	 */
	bool mixed_attach_types;
	/* SHT_RELA as well, which the linked libbpf skips. */
	bool addends;
};

/* The custom numbers of pinning, and a bpf_pinning database that has them; the last is missing. */
#define GENERATED_PINS "3 generated/deep\n77 shallow\n"
extern const uint32_t generated_pins[3];

/* --- the truth ----------------------------------------------------------------------------- */

struct generated_slot {
	uint32_t key;
	const char *target; /* a map's or program's name */
};

struct generated_map {
	char name[48];
	char section[64]; /* its name */
	size_t offset;	  /* there */
	struct elfmap_map_def def;
	char namespace[32]; /* where the layout has one */
	char pin_path[64];  /* where the layout has a pointer to one; empty: NULL */

	size_t group; /* maps that are nested in each other share one; 0 for none */
	const struct generated_map *inner;
	struct generated_slot *slots; /* by key */
	size_t nr_slots;

	bool is_static; /* relocations refer to its section */
	unsigned char bind, type, visibility;
	bool is_sized;
	bool is_annotated; /* has a struct ____btf_map_<name> ... */
	bool is_typed;	   /* ... whose sizes agree */
};

struct generated_reference {
	size_t insn; /* the first of the two of ld_imm64 */
	size_t map;  /* index */
};

#define GENERATED_REFERENCES_MAX 8
#define GENERATED_INSNS_MAX 64

struct generated_program {
	char name[48];
	size_t section;				    /* index of struct generated.sections */
	size_t offset;				    /* there, in bytes */
	struct bpf_insn insns[GENERATED_INSNS_MAX]; /* references to maps have 0 here */
	size_t nr_insns;
	struct generated_reference references[GENERATED_REFERENCES_MAX];
	size_t nr_references;
	unsigned char bind, type;
	bool is_sized;
	bool has_label;
	uint32_t prog_type;
};

/* One of code. */
struct generated_section {
	char name[48];
	bool is_entered; /* by a tail call, at its first program */
	uint32_t id, key;
};

struct generated {
	uint64_t seed;
	struct generate_options options;
	const struct made_layout *layout;

	struct generated_map *maps; /* by offset */
	size_t nr_maps;
	struct generated_program *programs; /* by section, then by offset */
	size_t nr_programs;
	struct generated_section *sections;
	size_t nr_sections;

	bool has_btf;
	bool has_license;
	bool addends;
	uint64_t shape; /* for what has no meaning: order, names of tables, ... */
};

struct generated *generate(uint64_t seed, const struct generate_options *options);
void generated_free(struct generated *generated);

/* The object file, for object_free(). */
struct test_object generated_write(const struct generated *generated, bool big_endian);

/* One line on what it is, for messages. Never freed; overwritten by the next call. */
const char *generated_text(const struct generated *generated);

/* Whether it is a map of maps. */
bool generated_is_outer(const struct generated_map *map);
const struct generated_map *generated_find_map(const struct generated *generated, const char *name);

#endif
