/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Definitions whose struct the object's BTF describes: members are taken by name, whatever the
 * struct is called and however long it is. This reads layouts that nobody listed.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <bpf/btf.h>

#include "btf_members.h"
#include "formats.h"
#include "gobpf.h"
#include "goebpf.h"
#include "members.h"

static const struct btf_type *struct_of(const struct elfmap_entry *entry)
{
	__u32 id = elfmap_entry__btf_id(entry);

	return id ? btf__type_by_id(elfmap_entry__btf(entry), id) : NULL;
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
	const struct btf_type *matched = NULL;

	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++) {
		const struct elfmap_entry *entry = elfmap_section__entry(section, i);

		/* entries mostly have one struct */
		if (matched && struct_of(entry) == matched)
			continue;
		if (!matches(entry, fields, nr_fields, may_go_on))
			return false;
		matched = struct_of(entry);
	}
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

/* Structs in structs, deeper than any definition has them. */
#define DEPTH_MAX 8

/* A member that is no struct or union itself; those inside of others stand for themselves. */
struct leaf {
	const char *name;
	__u32 type; /* past typedefs and qualifiers */
	size_t bit_offset;
	__u32 bitfield_size; /* 0 where it is none */
};

typedef int (*leaf_fn)(const struct btf *btf, const struct leaf *leaf, void *ctx);

static int walk(const struct btf *btf, const struct btf_type *type, size_t bit_offset,
		unsigned int depth, leaf_fn fn, void *ctx)
{
	int err = 0;

	for (__u32 i = 0; !err && i < btf_vlen(type); i++) {
		int id = btf__resolve_type(btf, btf_members(type)[i].type);
		const struct btf_type *is = id < 0 ? NULL : btf__type_by_id(btf, (__u32)id);
		struct leaf leaf = {
			.name = member_name(btf, type, i),
			.type = (__u32)id,
			.bit_offset = bit_offset + btf_member_bit_offset(type, i),
			.bitfield_size = btf_member_bitfield_size(type, i),
		};

		if (!is || !leaf.name)
			continue;
		if (!btf_is_composite(is))
			err = fn(btf, &leaf, ctx);
		else if (depth < DEPTH_MAX)
			err = walk(btf, is, leaf.bit_offset, depth + 1, fn, ctx);
	}
	return err;
}

static int walk_entry(const struct elfmap_entry *entry, leaf_fn fn, void *ctx)
{
	const struct btf_type *type = struct_of(entry);

	return type ? walk(elfmap_entry__btf(entry), type, 0, 0, fn, ctx) : 0;
}

/* Whether the leaf is an integer or enum that can be read. */
static bool is_number(const struct btf *btf, const struct leaf *leaf)
{
	const struct btf_type *is = btf__type_by_id(btf, leaf->type);

	return (btf_is_int(is) || btf_is_any_enum(is)) && !leaf->bitfield_size &&
	       leaf->bit_offset % 8 == 0;
}

/* --- layouts that BTF speaks against ------------------------------------------------------------ */

struct fields {
	const struct elfmap_field *fields;
	size_t count;
};

/* 1 where a member of a known name stands where the layout has another one, or not where it has it. */
static int contradicts(const struct btf *btf, const struct leaf *leaf, void *ctx)
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

	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++)
		if (walk_entry(elfmap_section__entry(section, i), contradicts, &layout))
			return true;
	return false;
}

/* --- structs that nobody listed ----------------------------------------------------------------- */

/* What every map has. */
#define NR_BASICS 4

struct basics {
	unsigned int count;
	bool has_type, has_max_entries;
};

static int count_basic(const struct btf *btf, const struct leaf *leaf, void *ctx)
{
	const struct member *member = members_find(leaf->name);
	struct basics *basics = ctx;

	if (!member || member->has || !is_number(btf, leaf))
		return 0;
	basics->count++;
	basics->has_type |= member->offset == offsetof(struct elfmap_map_def, type);
	basics->has_max_entries |= member->offset == offsetof(struct elfmap_map_def, max_entries);
	return 0;
}

/* Whether the members are those of a layout that is listed: it says more than their names do. */
static bool is_listed(const struct elfmap_section *section)
{
	const struct elfmap_format *format;
	const char *why;

	for (size_t i = 0; (format = elfmap_builtin_format(i)); i++)
		if (format != &format_btf_members &&
		    format->probe(section, &why, format->ctx) == ELFMAP_EVIDENCE_BTF)
			return true;
	return false;
}

/* Where BTF leaves one of the four out, another layout may know it by its place. */
static int probe(const struct elfmap_section *section, const char **why, void *ctx)
{
	bool complete = true;

	(void)ctx;
	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++) {
		struct basics basics = { 0 };

		walk_entry(elfmap_section__entry(section, i), count_basic, &basics);
		if (!basics.has_type || !basics.has_max_entries)
			return ELFMAP_EVIDENCE_NONE;
		complete &= basics.count >= NR_BASICS;
	}
	if (is_listed(section))
		return ELFMAP_EVIDENCE_NONE;
	*why = complete ? "it names the members" : "the object's BTF names some of the members";
	return complete ? ELFMAP_EVIDENCE_BTF : ELFMAP_EVIDENCE_SIZE;
}

/* One entry's reading. */
struct reading {
	const struct elfmap_entry *entry;
	struct elfmap_map_def *def;
	__u64 seen; /* members of def, a bit for each word */
	bool has_namespace;
};

static int decode_number(const struct btf *btf, const struct leaf *leaf, void *ctx)
{
	const struct member *member = members_find(leaf->name);
	struct reading *reading = ctx;
	__u64 value, bit;
	int err;

	if (!member)
		return 0;
	if (!is_number(btf, leaf)) {
		elfmap_entry__refuse(reading->entry, "in BTF its %s is no integer of whole bytes",
				     leaf->name);
		return -EINVAL;
	}
	err = elfmap_entry__number(reading->entry, leaf->bit_offset / 8,
				   btf__type_by_id(btf, leaf->type)->size, &value);
	if (err)
		return err;
	if (value > UINT32_MAX) {
		elfmap_entry__refuse(reading->entry, "%s is %llu: expected at most 32 bits",
				     leaf->name, (unsigned long long)value);
		return -EINVAL;
	}
	bit = 1ull << (member->offset / sizeof(__u32));
	if ((reading->seen & bit) && members_get(reading->def, member) != value) {
		elfmap_entry__refuse(reading->entry, "two members say what its %s is, %u and %llu",
				     leaf->name, members_get(reading->def, member),
				     (unsigned long long)value);
		return -EINVAL;
	}
	reading->seen |= bit;
	members_set(reading->def, member, (__u32)value);
	return 0;
}

/* Where each map has a section of its own, a text beside the pinning is gobpf's namespace. */
static bool is_namespace(const struct reading *reading, const struct btf *btf,
			 const struct leaf *leaf)
{
	const struct btf_type *is = btf__type_by_id(btf, leaf->type);

	if (!btf_is_array(is) || btf__resolve_size(btf, btf_array(is)->type) != 1 ||
	    reading->has_namespace)
		return false;
	return !strcmp(leaf->name, "namespace") ||
	       !strncmp(elfmap_entry__section(reading->entry), "maps/", strlen("maps/"));
}

/* What only one loader has, under its names: goebpf's pointers, gobpf's namespace. */
static int decode_other(const struct btf *btf, const struct leaf *leaf, void *ctx)
{
	struct reading *reading = ctx;
	int err;

	if (btf_is_ptr(btf__type_by_id(btf, leaf->type))) {
		err = goebpf_read_pointer(reading->entry, leaf->name, leaf->bit_offset / 8,
					  reading->def);
		if (!err)
			goebpf_complete(reading->def);
		return err == -ENOENT ? 0 : err;
	}
	if (!is_namespace(reading, btf, leaf))
		return 0;
	reading->has_namespace = true;
	return gobpf_read_pin(reading->entry, leaf->bit_offset / 8,
			      (size_t)btf__resolve_size(btf, leaf->type), reading->def);
}

static int decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	struct reading reading = { .entry = entry, .def = def };
	int err;

	(void)ctx;
	if (!struct_of(entry)) {
		elfmap_entry__refuse(entry, "the object's BTF does not know its struct");
		return -EINVAL;
	}
	err = walk_entry(entry, decode_number, &reading);
	return err ? err : walk_entry(entry, decode_other, &reading);
}

const struct elfmap_format format_btf_members = {
	.name = "btf",
	.summary = "any other struct, by the names in the object's BTF",
	.probe = probe,
	.decode = decode,
};
