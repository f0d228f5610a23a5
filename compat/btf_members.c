/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Definitions whose struct the object's BTF describes: members are taken by name, whatever the
 * struct is called and however long it is. This reads layouts that nobody listed.
 */
#include <errno.h>
#include <string.h>

#include <bpf/btf.h>

#include "formats.h"

struct member {
	const char *name;
	size_t member; /* offset in struct elfmap_map_def */
	__u32 has;
};

#define MEMBER(name, member, has)                                  \
	{                                                          \
		name, offsetof(struct elfmap_map_def, member), has \
	}

/* The names that the known layouts use for the same thing. */
static const struct member members[] = {
	MEMBER("type", type, 0),
	MEMBER("key_size", key_size, 0),
	MEMBER("size_key", key_size, 0),
	MEMBER("value_size", value_size, 0),
	MEMBER("size_value", value_size, 0),
	MEMBER("max_entries", max_entries, 0),
	MEMBER("max_elem", max_entries, 0),
	MEMBER("map_flags", map_flags, ELFMAP_DEF_MAP_FLAGS),
	MEMBER("flags", map_flags, ELFMAP_DEF_MAP_FLAGS),
	MEMBER("numa_node", numa_node, ELFMAP_DEF_NUMA_NODE),
	MEMBER("id", id, ELFMAP_DEF_ID),
	MEMBER("map_id", id, ELFMAP_DEF_ID),
	MEMBER("pinning", pinning, ELFMAP_DEF_PINNING),
	MEMBER("pinning_strategy", pinning, ELFMAP_DEF_PINNING), /* Calico's */
	MEMBER("inner_id", inner_id, ELFMAP_DEF_INNER_ID),
	MEMBER("inner_idx", inner_idx, ELFMAP_DEF_INNER_IDX),
	MEMBER("inner_map_idx", inner_map_idx, ELFMAP_DEF_INNER_MAP_IDX),
};

#define NR_MEMBERS (sizeof(members) / sizeof(members[0]))

static const struct member *find_member(const char *name)
{
	for (size_t i = 0; name && i < NR_MEMBERS; i++)
		if (!strcmp(members[i].name, name))
			return &members[i];
	return NULL;
}

/* Whether the member is a 32-bit integer or enum at a byte offset. */
static bool is_word(const struct btf *btf, const struct btf_type *type, __u32 i)
{
	const struct btf_member *member = btf_members(type) + i;
	int id = btf__resolve_type(btf, member->type);
	const struct btf_type *word = id < 0 ? NULL : btf__type_by_id(btf, (__u32)id);

	return word && (btf_is_int(word) || btf_is_any_enum(word)) && word->size == 4 &&
	       !btf_member_bitfield_size(type, i) && btf_member_bit_offset(type, i) % 8 == 0;
}

/* Whether BTF describes the entry as a map definition that fits its bytes. */
static bool is_described(const struct elfmap_entry *entry)
{
	const struct btf *btf = elfmap_entry__btf(entry);
	__u32 id = elfmap_entry__btf_id(entry);
	const struct btf_type *type = id ? btf__type_by_id(btf, id) : NULL;
	bool has_type = false, has_max_entries = false;
	size_t size;

	if (!type)
		return false;
	elfmap_entry__data(entry, &size);
	if (type->size != size)
		return false;
	for (__u32 i = 0; i < btf_vlen(type); i++) {
		const char *name = btf__name_by_offset(btf, btf_members(type)[i].name_off);
		const struct member *member = find_member(name);

		if (!member || !is_word(btf, type, i))
			continue;
		has_type |= member->member == offsetof(struct elfmap_map_def, type);
		has_max_entries |= member->member == offsetof(struct elfmap_map_def, max_entries);
	}
	return has_type && has_max_entries;
}

/* Whether each word that is set has a member whose name says what it is for. */
static bool is_explained(const struct elfmap_entry *entry)
{
	const struct btf *btf = elfmap_entry__btf(entry);
	const struct btf_type *type = btf__type_by_id(btf, elfmap_entry__btf_id(entry));

	for (__u32 i = 0; i < btf_vlen(type); i++) {
		const char *name = btf__name_by_offset(btf, btf_members(type)[i].name_off);
		__u32 value;

		if (!is_word(btf, type, i) || find_member(name))
			continue;
		if (elfmap_entry__u32(entry, btf_member_bit_offset(type, i) / 8, &value) || value)
			return false;
	}
	return true;
}

/* A word that is set under an unknown name may be what another layout knows by its place. */
static int probe(const struct elfmap_section *section, const char **why, void *ctx)
{
	bool explained = true;

	(void)ctx;
	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++) {
		const struct elfmap_entry *entry = elfmap_section__entry(section, i);

		if (!is_described(entry))
			return ELFMAP_EVIDENCE_NONE;
		explained = explained && is_explained(entry);
	}
	*why = explained ? "it names the members" : "the object's BTF names some of the members";
	return explained ? ELFMAP_EVIDENCE_BTF : ELFMAP_EVIDENCE_SIZE;
}

static int decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	const struct btf *btf = elfmap_entry__btf(entry);
	__u32 id = elfmap_entry__btf_id(entry);
	const struct btf_type *type = id ? btf__type_by_id(btf, id) : NULL;

	(void)ctx;
	if (!type)
		return -ENOENT;
	for (__u32 i = 0; i < btf_vlen(type); i++) {
		const char *name = btf__name_by_offset(btf, btf_members(type)[i].name_off);
		const struct member *member = find_member(name);
		__u32 value;
		int err;

		if (!member || !is_word(btf, type, i))
			continue;
		err = elfmap_entry__u32(entry, btf_member_bit_offset(type, i) / 8, &value);
		if (err)
			return err;
		memcpy((char *)def + member->member, &value, sizeof(value));
		def->has |= member->has;
	}
	return 0;
}

const struct elfmap_format format_btf_members = { "btf", probe, decode, NULL };
