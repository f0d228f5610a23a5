/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include <bpf/btf.h>

#include "btf_members.h"
#include "members.h"

static const struct btf_type *struct_of(const struct elfmap_entry *entry)
{
	__u32 id = elfmap_entry__btf_id(entry);

	return id ? btf__type_by_id(elfmap_entry__btf(entry), id) : NULL;
}

size_t btf_members_next(const struct elfmap_section *section, size_t i)
{
	return i ? i + 1 : members_nr_alike(section);
}

static const char *member_name(const struct btf *btf, const struct btf_type *type, __u32 i)
{
	return btf__name_by_offset(btf, btf_members(type)[i].name_off);
}

/* --- the fields of a known layout --------------------------------------------------------------- */

/* Authors call the same thing by different names. */
static bool means(const char *name, const char *field)
{
	const struct member *left, *right;

	if (!name || !strcmp(name, field))
		return name;
	left = members_find(name);
	right = members_find(field);
	return left && right && left->offset == right->offset;
}

static bool is_field(const struct btf *btf, const struct btf_type *type, __u32 i,
		     const struct elfmap_field *field)
{
	return btf_member_bit_offset(type, i) == field->offset * 8 &&
	       btf__resolve_size(btf, btf_members(type)[i].type) == field->size &&
	       means(member_name(btf, type, i), field->name);
}

/* Members and fields both stand in the order of their offsets. */
static bool matches(const struct elfmap_entry *entry, const struct elfmap_field *fields,
		    size_t nr_fields, bool may_go_on)
{
	const struct btf_type *type = struct_of(entry);
	size_t size, present = 0;

	if (!type)
		return false;
	elfmap_entry__data(entry, &size);
	while (present < nr_fields && fields[present].offset + (size_t)fields[present].size <= size)
		present++;
	if (type->size != size || btf_vlen(type) < present ||
	    (btf_vlen(type) > present && !may_go_on))
		return false;
	for (__u32 i = 0; i < present; i++)
		if (!is_field(elfmap_entry__btf(entry), type, i, &fields[i]))
			return false;
	return true;
}

static bool all_match(const struct elfmap_section *section, const struct elfmap_field *fields,
		      size_t nr_fields, bool may_go_on)
{
	for (size_t i = 0; i < elfmap_section__nr_entries(section);
	     i = btf_members_next(section, i))
		if (!matches(elfmap_section__entry(section, i), fields, nr_fields, may_go_on))
			return false;
	return true;
}

bool btf_members_match(const struct elfmap_section *section, const struct elfmap_field *fields,
		       size_t nr_fields)
{
	return all_match(section, fields, nr_fields, false);
}

bool btf_members_begin(const struct elfmap_section *section, const struct elfmap_field *fields,
		       size_t nr_fields)
{
	return all_match(section, fields, nr_fields, true);
}

/* --- members at any depth ----------------------------------------------------------------------- */

/* Structs in structs, deeper than any definition has them, and more members than these have. */
#define DEPTH_MAX 8
#define MEMBERS_MAX_AT_ALL 4096

/* Nothing keeps BTF from a struct that has itself for members, which multiply at each level. */
struct walk {
	const struct btf *btf;
	btf_leaf_fn fn;
	void *ctx;
	unsigned int nr_members; /* so far */
};

static int walk_members(struct walk *walk, const struct btf_type *type, size_t bit_offset,
			unsigned int depth)
{
	const struct btf *btf = walk->btf;
	int err = 0;

	for (__u32 i = 0; !err && i < btf_vlen(type); i++) {
		int id = btf__resolve_type(btf, btf_members(type)[i].type);
		const struct btf_type *is = id < 0 ? NULL : btf__type_by_id(btf, (__u32)id);
		struct btf_leaf leaf = {
			.name = member_name(btf, type, i),
			.type = (__u32)id,
			.bit_offset = bit_offset + btf_member_bit_offset(type, i),
			.bitfield_size = btf_member_bitfield_size(type, i),
		};

		if (walk->nr_members++ >= MEMBERS_MAX_AT_ALL)
			return -E2BIG;
		if (!is || !leaf.name)
			continue;
		if (!btf_is_composite(is))
			err = walk->fn(btf, &leaf, walk->ctx);
		else if (depth < DEPTH_MAX)
			err = walk_members(walk, is, leaf.bit_offset, depth + 1);
	}
	return err;
}

int btf_members_walk(const struct elfmap_entry *entry, btf_leaf_fn fn, void *ctx)
{
	const struct btf_type *type = struct_of(entry);
	struct walk walk = { .btf = elfmap_entry__btf(entry), .fn = fn, .ctx = ctx };

	return type ? walk_members(&walk, type, 0, 0) : 0;
}

bool btf_leaf_is_number(const struct btf *btf, const struct btf_leaf *leaf)
{
	const struct btf_type *is = btf__type_by_id(btf, leaf->type);

	return (btf_is_int(is) || btf_is_any_enum(is)) && !leaf->bitfield_size &&
	       leaf->bit_offset % 8 == 0;
}

int btf_leaf_number(const struct btf *btf, const struct btf_leaf *leaf,
		    const struct elfmap_entry *entry, __u64 *value)
{
	return elfmap_entry__number(entry, leaf->bit_offset / 8,
				    btf__type_by_id(btf, leaf->type)->size, value);
}

/* A member that is looked for by its name. */
struct wanted {
	const char *name;
	const struct elfmap_entry *entry;
	__u64 value;
};

/* 1 where it is the one. */
static int read_wanted(const struct btf *btf, const struct btf_leaf *leaf, void *ctx)
{
	struct wanted *wanted = ctx;
	int err;

	if (strcmp(leaf->name, wanted->name) != 0)
		return 0;
	if (!btf_leaf_is_number(btf, leaf))
		return -EINVAL;
	err = btf_leaf_number(btf, leaf, wanted->entry, &wanted->value);
	return err ? err : 1;
}

int elfmap_entry__member(const struct elfmap_entry *entry, const char *name, __u64 *value)
{
	struct wanted wanted = { .name = name, .entry = entry };
	int found = btf_members_walk(entry, read_wanted, &wanted);

	if (found <= 0)
		return found ? found : -ENOENT;
	*value = wanted.value;
	return 0;
}

/* --- layouts that BTF speaks against ------------------------------------------------------------ */

struct fields {
	const struct elfmap_field *fields;
	size_t count;
};

/* 1 where a member of a known name stands where the layout has another one, or not where it has it. */
static int contradicts(const struct btf *btf, const struct btf_leaf *leaf, void *ctx)
{
	const struct member *member = members_find(leaf->name);
	const struct fields *layout = ctx;

	(void)btf;
	for (size_t i = 0; member && i < layout->count; i++) {
		const struct member *field = members_find(layout->fields[i].name);
		bool is_there = layout->fields[i].offset * 8 == leaf->bit_offset;
		bool is_same = field && field->offset == member->offset;

		if (field && is_there != is_same)
			return 1;
	}
	return 0;
}

bool btf_members_contradict(const struct elfmap_section *section, const struct elfmap_field *fields,
			    size_t nr_fields)
{
	struct fields layout = { fields, nr_fields };

	for (size_t i = 0; i < elfmap_section__nr_entries(section);
	     i = btf_members_next(section, i))
		if (btf_members_walk(elfmap_section__entry(section, i), contradicts, &layout))
			return true;
	return false;
}
