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

/* What every map has. */
#define NR_BASICS 4

struct basics {
	unsigned int count;
	bool has_type, has_max_entries;
};

static int count_basic(const struct btf *btf, const struct btf_leaf *leaf, void *ctx)
{
	const struct member *member = members_find(leaf->name);
	struct basics *basics = ctx;

	if (!member || member->has || !btf_leaf_is_number(btf, leaf))
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
	if (!elfmap_entry__btf(elfmap_section__entry(section, 0)) || is_listed(section))
		return ELFMAP_EVIDENCE_NONE;
	for (size_t i = 0; i < elfmap_section__nr_entries(section);
	     i = btf_members_next(section, i)) {
		struct basics basics = { 0 };

		if (btf_members_walk(elfmap_section__entry(section, i), count_basic, &basics))
			return ELFMAP_EVIDENCE_NONE;
		if (!basics.has_type || !basics.has_max_entries)
			return ELFMAP_EVIDENCE_NONE;
		complete &= basics.count >= NR_BASICS;
	}
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

static int decode_number(const struct btf *btf, const struct btf_leaf *leaf, void *ctx)
{
	const struct member *member = members_find(leaf->name);
	struct reading *reading = ctx;
	__u64 value, bit;
	int err;

	if (!member)
		return 0;
	if (!btf_leaf_is_number(btf, leaf)) {
		elfmap_entry__refuse(reading->entry, "in BTF its %s is no integer of whole bytes",
				     leaf->name);
		return -EINVAL;
	}
	err = btf_leaf_number(btf, leaf, reading->entry, &value);
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
			 const struct btf_leaf *leaf)
{
	const struct btf_type *is = btf__type_by_id(btf, leaf->type);

	if (!btf_is_array(is) || btf__resolve_size(btf, btf_array(is)->type) != 1 ||
	    reading->has_namespace)
		return false;
	return !strcmp(leaf->name, "namespace") ||
	       !strncmp(elfmap_entry__section(reading->entry), "maps/", strlen("maps/"));
}

/* What only one loader has, under its names: goebpf's pointers, gobpf's namespace. */
static int decode_other(const struct btf *btf, const struct btf_leaf *leaf, void *ctx)
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
	if (!elfmap_entry__btf_id(entry)) {
		elfmap_entry__refuse(entry, "the object's BTF does not know its struct");
		return -EINVAL;
	}
	err = btf_members_walk(entry, decode_number, &reading);
	return err ? err : btf_members_walk(entry, decode_other, &reading);
}

const struct elfmap_format format_btf_members = {
	.sz = sizeof(struct elfmap_format),
	.name = "btf",
	.summary = "any other struct, by the names in the object's BTF",
	.probe = probe,
	.decode = decode,
};
