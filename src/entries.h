/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The definitions of an object before anybody has said what they mean: which bytes belong to which
 * symbol. Found by the symbols alone, in sections "maps" and "maps/<name>", and in those that formats
 * of the caller name. Part of decode.
 *
 * After entries_read(): the entries of a section follow one another without a gap, each lies
 * inside its section, and where the object's BTF knows an entry's struct, its size is the entry's.
 */
#ifndef ELFMAP_ENTRIES_H
#define ELFMAP_ENTRIES_H

#include "members.h"
#include "model.h"

struct elfmap_entry {
	struct entries *all;
	const char *name;
	size_t offset;	  /* in the section, bytes */
	uint32_t section; /* index */
	uint32_t symbol;  /* index */
	size_t size;	  /* bytes */
	uint32_t btf_var; /* the VAR in the object's BTF, 0 where there is none */
	uint32_t btf_id;  /* its struct, 0 where there is none */
	/* the caller's section that it is in, NULL for one of the common ones */
	const char *callers;
};

/* A relocation of a definition: a pointer in it. */
struct entry_pointer {
	size_t section; /* index */
	bool has_addend;
	struct relocation relocation;
};

/* What the fields of a layout stand for: those that are numbers and have a member. */
struct known_fields {
	const struct elfmap_field *fields;
	size_t count; /* of these */
	struct known_field {
		uint32_t from; /* in an entry, bytes */
		uint32_t size;
		uint32_t to; /* in struct elfmap_map_def */
	} known[MEMBERS_MAX];
	size_t nr_known;
	size_t end;   /* of the last of them, bytes */
	uint32_t has; /* what they all together stand for, see struct member */
	bool are_words;
};

struct entries {
	struct elfmap_object *object;
	struct elfmap_entry *entries; /* the caller's last, by size, then by section and offset */
	size_t count;
	struct elfmap_entry **by_place; /* the same, by section and offset */
	struct entry_pointer *pointers; /* by section and offset */
	size_t nr_pointers;
	bool was_told;		      /* a format said itself why it refuses an entry */
	struct known_fields known[2]; /* for members_read(): two layouts may be compared */
	size_t last_known;	      /* of these */
	uint32_t *tail_call_ids;      /* of all ID/KEY sections of the object, sorted */
	size_t nr_tail_call_ids;
};

/* Whether definitions stand in sections of that name: the common ones, or that of a caller's format. */
bool entries_is_legacy(const struct elfmap_object *object, const char *section);
/* Whether only formats of the caller read the definitions in sections of that name. */
bool entries_is_callers(const struct elfmap_object *object, const char *section);
/* Whether the section's name is that of the one map in it. */
bool entries_is_named(const char *section);

/* Whether section index holds relocations of definitions, which are no more in the image. */
bool entries_are_relocated(const struct elfmap_object *object, size_t index);

/* Find and check all entries of the object; the caller releases *out. */
int entries_read(struct elfmap_object *object, struct entries *out);
void entries_release(struct entries *entries);

/* The entry that begins at a place, NULL where none does. */
const struct elfmap_entry *entries_find(const struct entries *entries, size_t section,
					uint64_t offset);

/* The struct that a BTF type is, past typedefs and qualifiers; 0 where it is no struct. */
uint32_t entries_struct_id(const struct btf *btf, uint32_t id);

#endif
