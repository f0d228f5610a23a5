/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * struct bpf_elf_map, iproute2's (tc and ip): 20 bytes since April 2015, 24 with pinning since that
 * November (for twelve days as a byte), 28 with flags since April 2016, 36 with inner_id and
 * inner_idx since July 2017. 32 is a header that has only the first of these two, and 40 the
 * proposal of 2019 for libbpf. The 28 bytes are also found in structs called bpf_map_def (p4c-xdp,
 * ovs-ebpf, redbpf) and in aya's, where pinning 1 means by name.
 */
#include <linux/bpf.h>
#include <string.h>

#include <bpf/btf.h>

#include "ambiguous.h"
#include "formats.h"
#include "goebpf.h"
#include "layout.h"
#include "map_types.h"

static const struct elfmap_field fields20[] = {
	LAYOUT_WORD("type", 0),	    LAYOUT_WORD("size_key", 1), LAYOUT_WORD("size_value", 2),
	LAYOUT_WORD("max_elem", 3), LAYOUT_WORD("id", 4),	LAYOUT_WORD("pinning", 5),
};
static const struct elfmap_field u8_fields[] = {
	LAYOUT_WORD("type", 0),	      LAYOUT_WORD("size_key", 1),
	LAYOUT_WORD("size_value", 2), LAYOUT_WORD("max_elem", 3),
	LAYOUT_WORD("id", 4),	      { "pinning", 20, 1, ELFMAP_FIELD_NUMBER },
};
static const struct elfmap_field fields[] = {
	LAYOUT_WORD("type", 0),	     LAYOUT_WORD("size_key", 1), LAYOUT_WORD("size_value", 2),
	LAYOUT_WORD("max_elem", 3),  LAYOUT_WORD("flags", 4),	 LAYOUT_WORD("id", 5),
	LAYOUT_WORD("pinning", 6),   LAYOUT_WORD("inner_id", 7), LAYOUT_WORD("inner_idx", 8),
	LAYOUT_WORD("numa_node", 9),
};
static const struct elfmap_field def_fields[] = {
	LAYOUT_WORD("type", 0),	       LAYOUT_WORD("key_size", 1),  LAYOUT_WORD("value_size", 2),
	LAYOUT_WORD("max_entries", 3), LAYOUT_WORD("map_flags", 4), LAYOUT_WORD("id", 5),
	LAYOUT_WORD("pinning", 6),
};

/* --- what else has their sizes ------------------------------------------------------------------ */

/* An outer map names its inner map's id here; without one it is goebpf's, whose pointer is NULL. */
static bool has_anonymous_inner(const struct elfmap_section *section)
{
	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++) {
		const struct elfmap_entry *entry = elfmap_section__entry(section, i);
		__u32 type, inner_id;

		if (!elfmap_entry__u32(entry, fields[0].offset, &type) &&
		    !elfmap_entry__u32(entry, fields[7].offset, &inner_id) && !inner_id &&
		    is_outer_type(type))
			return true;
	}
	return false;
}

static int is_not_goebpf(const struct elfmap_section *section, const char **why)
{
	if ((goebpf_has_pointers(section) && !goebpf_has_other_words(section)) ||
	    (goebpf_has_only_zeros(section) && has_anonymous_inner(section)))
		return ELFMAP_EVIDENCE_NONE;
	*why = "no relocation makes a pointer of any of its words";
	return ELFMAP_EVIDENCE_SIZE;
}

/* The bytes are bpf_elf_map28's; only BTF, which has the struct's name, tells whose they are. */
static int probe_named(const struct elfmap_section *section, const char **why, void *ctx)
{
	const struct elfmap_entry *entry = elfmap_section__entry(section, 0);
	const struct btf *btf = elfmap_entry__btf(entry);
	__u32 id = elfmap_entry__btf_id(entry);
	const char *name;

	if (!id)
		return ELFMAP_EVIDENCE_NONE;
	name = btf__name_by_offset(btf, btf__type_by_id(btf, id)->name_off);
	return name && !strcmp(name, "bpf_map_def") ? layout_probe(section, why, ctx) :
						      ELFMAP_EVIDENCE_NONE;
}

/* No byte tells aya's from iproute2's: it is for the user to name. */
static int probe_aya(const struct elfmap_section *section, const char **why, void *ctx)
{
	(void)section, (void)why, (void)ctx;
	return ELFMAP_EVIDENCE_NONE;
}

/* --- the formats -------------------------------------------------------------------------------- */

#define LAYOUT(fields, words, content) LAYOUT_OF_WORDS(fields, words, content, ELFMAP_PIN_BY_NUMBER)

static const struct layout of20 = LAYOUT(fields20, 5, ambiguous20_is_bpf_elf_map);
static const struct layout of24 = LAYOUT(fields20, 6, ambiguous24_is_bpf_elf_map);
static const struct layout of24_u8 = { u8_fields, 6, 24, ambiguous24_is_bpf_elf_map_u8,
				       ELFMAP_PIN_BY_NUMBER };
static const struct layout of28 = LAYOUT(fields, 7, ambiguous28_is_bpf_elf_map);
static const struct layout of32 = LAYOUT(fields, 8, NULL);
static const struct layout of36 = LAYOUT(fields, 9, NULL);
static const struct layout of40 = LAYOUT(fields, 10, is_not_goebpf);
static const struct layout of28_named = LAYOUT(def_fields, 7, ambiguous28_is_bpf_elf_map);
static const struct layout of28_aya = LAYOUT_OF_WORDS(def_fields, 7, NULL, ELFMAP_PIN_BY_NAME);

const struct elfmap_format format_bpf_elf_map20 =
	LAYOUT_FORMAT("bpf_elf_map20", "iproute2 since April 2015", of20, fields20, 5);
const struct elfmap_format format_bpf_elf_map24 =
	LAYOUT_FORMAT("bpf_elf_map24", "iproute2 since November 2015", of24, fields20, 6);
const struct elfmap_format format_bpf_elf_map24_u8 = LAYOUT_FORMAT(
	"bpf_elf_map24_u8", "iproute2 for twelve days of November 2015", of24_u8, u8_fields, 6);
const struct elfmap_format format_bpf_elf_map28 =
	LAYOUT_FORMAT("bpf_elf_map28", "iproute2 since April 2016", of28, fields, 7);
const struct elfmap_format format_bpf_elf_map32 =
	LAYOUT_FORMAT("bpf_elf_map32", "iproute2's without inner_idx", of32, fields, 8);
const struct elfmap_format format_bpf_elf_map36 = LAYOUT_FORMAT(
	"bpf_elf_map36", "iproute2 since July 2017, Cilium, Calico, p4c", of36, fields, 9);
const struct elfmap_format format_bpf_elf_map40 =
	LAYOUT_FORMAT("bpf_elf_map40", "proposed for libbpf in 2019", of40, fields, 10);
const struct elfmap_format format_bpf_map_def28_pinning = {
	.sz = sizeof(struct elfmap_format),
	.name = "bpf_map_def28_pinning",
	.summary = "p4c-xdp, ovs-ebpf, redbpf",
	.fields = def_fields,
	.nr_fields = 7,
	.probe = probe_named,
	.decode = layout_decode,
	.ctx = (void *)&of28_named,
};
const struct elfmap_format format_aya28 = {
	.sz = sizeof(struct elfmap_format),
	.name = "aya28",
	.summary = "aya; only if asked for by name",
	.fields = def_fields,
	.nr_fields = 7,
	.probe = probe_aya,
	.decode = layout_decode,
	.ctx = (void *)&of28_aya,
};
