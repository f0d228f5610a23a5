/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The legacy layouts, for the generator to write: tables of their own, so that a mistake in the
 * library's is not in these as well.
 */
#ifndef ELFMAP_TEST_MADE_LAYOUT_H
#define ELFMAP_TEST_MADE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elfmap.h"

#define MADE_NAMESPACE_SIZE 256

enum made_kind {
	MADE_WORD,	/* 32 bits of the definition */
	MADE_ZERO,	/* 32 bits of nothing */
	MADE_NAMESPACE, /* char namespace[MADE_NAMESPACE_SIZE] */
	MADE_INNER,	/* a relocated pointer to the inner map's definition */
	MADE_PIN_PATH,	/* a relocated pointer to a string */
};

struct made_member {
	const char *name; /* NULL ends a layout */
	enum made_kind kind;
	size_t member; /* MADE_WORD: offset in struct elfmap_map_def */
	uint32_t has;  /* MADE_WORD: the enum elfmap_map_def_word, 0 for what all have */
};

/* What rules out other layouts of the same size, where there is no BTF. */
enum made_evidence {
	EVIDENCE_SIZE,		/* nothing else has it */
	EVIDENCE_NODE_OR_INNER, /* BPF_F_NUMA_NODE is set, or there is a map of maps */
	EVIDENCE_PIN_OR_CALL,	/* a pinning of 1 or 2, or a tail call into a prog array */
	EVIDENCE_CALL,		/* a tail call into a prog array */
};

struct made_layout {
	const char *name;
	const char *struct_name;
	const struct made_member *members;
	enum made_evidence evidence;
	bool own_sections; /* one map a section maps/<name> */
};

/* All of them, to nr_made_layouts. */
extern const struct made_layout made_layouts[];
extern const size_t nr_made_layouts;

size_t made_member_size(const struct made_member *member);
size_t made_layout_size(const struct made_layout *layout);
/* The words that it has, or-ed. */
uint32_t made_layout_has(const struct made_layout *layout);
bool made_layout_has_kind(const struct made_layout *layout, enum made_kind kind);

#endif
