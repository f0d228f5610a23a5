/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "formats.h"
#include "goebpf.h"
#include "layout.h"
#include "map_types.h"

#define SIZE 40
#define INNER_OFFSET 24
#define PATH_OFFSET 32
#define POINTER_BYTES 8

static const struct elfmap_field fields[] = {
	LAYOUT_WORD("map_type", 0),
	LAYOUT_WORD("key_size", 1),
	LAYOUT_WORD("value_size", 2),
	LAYOUT_WORD("max_entries", 3),
	LAYOUT_WORD("map_flags", 4),
	{ "inner_map_def", INNER_OFFSET, POINTER_BYTES, ELFMAP_FIELD_POINTER },
	{ "persistent_path", PATH_OFFSET, POINTER_BYTES, ELFMAP_FIELD_POINTER },
};

/* --- pointers ----------------------------------------------------------------------------------- */

static bool has_pointer(const struct elfmap_entry *entry)
{
	struct elfmap_target target;

	return elfmap_entry__pointer(entry, INNER_OFFSET, &target) != -ENOENT ||
	       elfmap_entry__pointer(entry, PATH_OFFSET, &target) != -ENOENT;
}

bool goebpf_has_pointers(const struct elfmap_section *section)
{
	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++)
		if (has_pointer(elfmap_section__entry(section, i)))
			return true;
	return false;
}

/* Follow a pointer that may be NULL. */
static int follow(const struct elfmap_entry *entry, size_t offset, const char *field,
		  struct elfmap_target *target)
{
	int err = elfmap_entry__pointer(entry, offset, target);

	if (err && err != -ENOENT)
		elfmap_entry__refuse(entry, "%s refers to no place in the object", field);
	return err;
}

static int read_inner(const struct elfmap_entry *entry, size_t offset, struct elfmap_map_def *def)
{
	struct elfmap_target target;
	int err = follow(entry, offset, "inner_map_def", &target);

	if (err)
		return err == -ENOENT ? 0 : err;
	if (!target.is_definition) {
		elfmap_entry__refuse(entry,
				     "inner_map_def refers to what is no map definition, in "
				     "section %s",
				     target.section);
		return -EINVAL;
	}
	def->inner_name = target.name;
	return 0;
}

static int read_path(const struct elfmap_entry *entry, size_t offset, struct elfmap_map_def *def)
{
	struct elfmap_target target;
	int err = follow(entry, offset, "persistent_path", &target);

	if (err)
		return err == -ENOENT ? 0 : err;
	if (!target.data || !memchr(target.data, '\0', target.size)) {
		elfmap_entry__refuse(entry,
				     "persistent_path refers to no text that ends, in "
				     "section %s",
				     target.section);
		return -EINVAL;
	}
	if (!*(const char *)target.data)
		return 0;
	def->pin_path = target.data;
	def->pin = ELFMAP_PIN_BY_PATH;
	return 0;
}

int goebpf_read_pointer(const struct elfmap_entry *entry, const char *name, size_t offset,
			struct elfmap_map_def *def)
{
	if (!strcmp(name, "inner_map_def")) {
		def->has |= ELFMAP_DEF_INNER_NAME;
		return read_inner(entry, offset, def);
	}
	return strcmp(name, "persistent_path") ? -ENOENT : read_path(entry, offset, def);
}

/* --- what its loader fills in ------------------------------------------------------------------- */

static bool has_slots(__u32 type)
{
	return is_outer_type(type) || type == BPF_MAP_TYPE_PROG_ARRAY ||
	       type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
}

static bool is_array(__u32 type)
{
	return type == BPF_MAP_TYPE_ARRAY || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	       type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_PROG_ARRAY ||
	       type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
}

/* As Create() of goebpf's map.go. */
void goebpf_complete(struct elfmap_map_def *def)
{
	if (has_slots(def->type))
		def->value_size = sizeof(__u32);
	if (is_array(def->type) && !def->key_size)
		def->key_size = sizeof(__u32);
	if (def->type == BPF_MAP_TYPE_LPM_TRIE)
		def->map_flags |= BPF_F_NO_PREALLOC;
}

/* --- the format --------------------------------------------------------------------------------- */

/* Whether what is no pointer is the zeros of padding and of NULL pointers. */
static bool has_only_pointers(const struct elfmap_entry *entry)
{
	static const size_t words[] = { INNER_OFFSET, PATH_OFFSET };
	struct elfmap_target target;
	__u64 value;

	if (elfmap_entry__number(entry, INNER_OFFSET - LAYOUT_WORD_SIZE, LAYOUT_WORD_SIZE,
				 &value) ||
	    value)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (elfmap_entry__pointer(entry, words[i], &target) == -ENOENT &&
		    (elfmap_entry__number(entry, words[i], POINTER_BYTES, &value) || value))
			return false;
	return true;
}

bool goebpf_has_other_words(const struct elfmap_section *section)
{
	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++)
		if (!has_only_pointers(elfmap_section__entry(section, i)))
			return true;
	return false;
}

bool goebpf_has_only_zeros(const struct elfmap_section *section)
{
	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++)
		if (!layout_is_zero_from(elfmap_section__entry(section, i), 5 * LAYOUT_WORD_SIZE))
			return false;
	return true;
}

/* Without a pointer anywhere the rest must be what NULL pointers leave. */
static int content(const struct elfmap_section *section, const char **why)
{
	if (goebpf_has_pointers(section)) {
		*why = "relocations make pointers of its last words";
		return goebpf_has_other_words(section) ? ELFMAP_EVIDENCE_SIZE :
							 ELFMAP_EVIDENCE_CONTENT;
	}
	if (!goebpf_has_only_zeros(section))
		return ELFMAP_EVIDENCE_NONE;
	*why = "what would be pointers is zero everywhere";
	return ELFMAP_EVIDENCE_SIZE;
}

static const struct layout of40 = { fields, sizeof(fields) / sizeof(fields[0]), SIZE, content,
				    ELFMAP_PIN_BY_NUMBER };

static int decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	int err = layout_decode(entry, def, ctx);

	if (!err)
		err = goebpf_read_pointer(entry, "inner_map_def", INNER_OFFSET, def);
	if (!err)
		err = goebpf_read_pointer(entry, "persistent_path", PATH_OFFSET, def);
	if (!err)
		goebpf_complete(def);
	return err;
}

const struct elfmap_format format_goebpf40 = {
	.sz = sizeof(struct elfmap_format),
	.name = "goebpf40",
	.summary = "goebpf",
	.fields = fields,
	.nr_fields = sizeof(fields) / sizeof(fields[0]),
	.probe = layout_probe,
	.decode = decode,
	.ctx = (void *)&of40,
};
