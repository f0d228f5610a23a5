// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include "test/made_layout.h"

#define WORD(name, member, has)                                               \
	{                                                                     \
		name, MADE_WORD, offsetof(struct elfmap_map_def, member), has \
	}
#define OTHER(name, kind)        \
	{                        \
		name, kind, 0, 0 \
	}
#define END                   \
	{                     \
		NULL, 0, 0, 0 \
	}

/* struct bpf_map_def's names, and those of struct bpf_elf_map */
#define DEF_WORDS                                                                                \
	WORD("type", type, 0), WORD("key_size", key_size, 0), WORD("value_size", value_size, 0), \
		WORD("max_entries", max_entries, 0)
#define ELF_WORDS                                                                                \
	WORD("type", type, 0), WORD("size_key", key_size, 0), WORD("size_value", value_size, 0), \
		WORD("max_elem", max_entries, 0)
#define DEF_FLAGS WORD("map_flags", map_flags, ELFMAP_DEF_MAP_FLAGS)
#define ELF_FLAGS WORD("flags", map_flags, ELFMAP_DEF_MAP_FLAGS)
#define ID WORD("id", id, ELFMAP_DEF_ID)
#define PINNING WORD("pinning", pinning, ELFMAP_DEF_PINNING)
#define INNER_ID WORD("inner_id", inner_id, ELFMAP_DEF_INNER_ID)
#define INNER_IDX WORD("inner_idx", inner_idx, ELFMAP_DEF_INNER_IDX)
#define INNER_MAP_IDX WORD("inner_map_idx", inner_map_idx, ELFMAP_DEF_INNER_MAP_IDX)
#define NUMA_NODE WORD("numa_node", numa_node, ELFMAP_DEF_NUMA_NODE)
#define NAMESPACE OTHER("namespace", MADE_NAMESPACE)

#define LAYOUT(name, struct_name, evidence, own_sections, ...)                                 \
	{                                                                                      \
		name, struct_name, (const struct made_member[]){ __VA_ARGS__, END }, evidence, \
			own_sections                                                           \
	}

/* clang-format off */
const struct made_layout made_layouts[] = {
	/* the kernel's samples, libbpf before 1.0 */
	LAYOUT("bpf_map_def16", "bpf_map_def", EVIDENCE_SIZE, false, DEF_WORDS),
	LAYOUT("bpf_map_def20", "bpf_map_def", EVIDENCE_SIZE, false, DEF_WORDS, DEF_FLAGS),
	LAYOUT("bpf_map_def24", "bpf_map_def", EVIDENCE_SIZE, false, DEF_WORDS, DEF_FLAGS,
	       INNER_MAP_IDX),
	LAYOUT("bpf_map_def28", "bpf_map_def", EVIDENCE_NODE_OR_INNER, false, DEF_WORDS, DEF_FLAGS,
	       INNER_MAP_IDX, NUMA_NODE),
	/* longer than all that are known, the rest being 0 */
	LAYOUT("bpf_map_def_padded", "bpf_map_def", EVIDENCE_SIZE, false, DEF_WORDS, DEF_FLAGS,
	       OTHER("reserved1", MADE_ZERO), OTHER("reserved2", MADE_ZERO),
	       OTHER("reserved3", MADE_ZERO), OTHER("reserved4", MADE_ZERO),
	       OTHER("reserved5", MADE_ZERO), OTHER("reserved6", MADE_ZERO)),
	/* iproute2, in the order of its history */
	LAYOUT("bpf_elf_map20", "bpf_elf_map", EVIDENCE_CALL, false, ELF_WORDS, ID),
	LAYOUT("bpf_elf_map24", "bpf_elf_map", EVIDENCE_CALL, false, ELF_WORDS, ID, PINNING),
	LAYOUT("bpf_elf_map28", "bpf_elf_map", EVIDENCE_PIN_OR_CALL, false, ELF_WORDS, ELF_FLAGS, ID,
	       PINNING),
	LAYOUT("bpf_elf_map32", "bpf_elf_map", EVIDENCE_SIZE, false, ELF_WORDS, ELF_FLAGS, ID,
	       PINNING, INNER_ID),
	LAYOUT("bpf_elf_map36", "bpf_elf_map", EVIDENCE_SIZE, false, ELF_WORDS, ELF_FLAGS, ID,
	       PINNING, INNER_ID, INNER_IDX),
	/* as it was once proposed for libbpf, under that struct's names */
	LAYOUT("bpf_elf_map40", "bpf_map_def", EVIDENCE_SIZE, false, DEF_WORDS, DEF_FLAGS,
	       WORD("map_id", id, ELFMAP_DEF_ID), PINNING, INNER_ID, INNER_IDX, NUMA_NODE),
	/* loaders in Go */
	LAYOUT("gobpf280", "bpf_map_def", EVIDENCE_SIZE, true, DEF_WORDS, DEF_FLAGS,
	       PINNING, NAMESPACE),
	LAYOUT("datadog284", "bpf_map_def", EVIDENCE_SIZE, true, DEF_WORDS, DEF_FLAGS,
	       INNER_MAP_IDX, PINNING, NAMESPACE),
	LAYOUT("goebpf40", "bpf_map_def", EVIDENCE_SIZE, false, DEF_WORDS, DEF_FLAGS,
	       OTHER("", MADE_ZERO), OTHER("inner_map_def", MADE_INNER),
	       OTHER("persistent_path", MADE_PIN_PATH)),
};
/* clang-format on */
const size_t nr_made_layouts = sizeof(made_layouts) / sizeof(made_layouts[0]);

size_t made_member_size(const struct made_member *member)
{
	switch (member->kind) {
	case MADE_NAMESPACE:
		return MADE_NAMESPACE_SIZE;
	case MADE_INNER:
	case MADE_PIN_PATH:
		return 8;
	default:
		return 4;
	}
}

size_t made_layout_size(const struct made_layout *layout)
{
	size_t size = 0;

	for (const struct made_member *member = layout->members; member->name; member++)
		size += made_member_size(member);
	return size;
}

uint32_t made_layout_has(const struct made_layout *layout)
{
	uint32_t has = 0;

	for (const struct made_member *member = layout->members; member->name; member++)
		has |= member->kind == MADE_INNER ? ELFMAP_DEF_INNER_NAME : member->has;
	return has;
}

bool made_layout_has_kind(const struct made_layout *layout, enum made_kind kind)
{
	for (const struct made_member *member = layout->members; member->name; member++) {
		if (member->kind == kind)
			return true;
	}
	return false;
}
