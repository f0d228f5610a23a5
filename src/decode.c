/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "btf_check.h"
#include "cleanup.h"
#include "decode.h"
#include "formats.h"
#include "functions.h"
#include "iproute2.h"
#include "log.h"
#include "native.h"
#include "section.h"

/* One format's word on a section. */
struct claim {
	const struct elfmap_format *format;
	int evidence;
	const char *why;
	const char *layout; /* what to call it, once it is chosen */
};

/* --- which format --------------------------------------------------------------------------- */

static int ask(const struct elfmap_format *format, const struct elfmap_section *section,
	       struct claim *claim)
{
	const char *why = "it claims the section";
	int evidence = format->probe(section, &why, format->ctx);

	*claim = (struct claim){ .format = format, .evidence = evidence, .why = why };
	if (evidence < 0)
		log_error("%s: section %s: format %s refuses it", section->view->name,
			  elfmap_section__name(section), format->name);
	return evidence < 0 ? evidence : 0;
}

static int decode_entry(const struct elfmap_format *format, const struct elfmap_entry *entry,
			struct elfmap_map_def *def)
{
	const struct elfmap_section *section = entry->section;
	int err;

	*def = (struct elfmap_map_def){ 0 };
	err = format->decode(entry, def, format->ctx);
	if (err)
		log_error("%s: section %s: map \"%s\": its %zu bytes cannot be read as %s: %s",
			  section->view->name, elfmap_section__name(section), entry->name,
			  section->entry_size, format->name,
			  err == -ERANGE ? "that layout is longer" : strerror(-err));
	return err;
}

/* Leave only the words that have an effect, so that readings can be compared by it. */
static struct elfmap_map_def effect(const struct elfmap_section *section,
				    const struct elfmap_map_def *def)
{
	struct elfmap_map_def effective = *def;

	effective.has = 0;
	if (!is_outer_type(def->type))
		effective.inner_map_idx = 0;
	if (!(def->map_flags & BPF_F_NUMA_NODE))
		effective.numa_node = 0;
	if (!(def->has & ELFMAP_DEF_INNER_ID) &&
	    !elfmap_section__has_tail_call_id(section, def->id))
		effective.id = 0;
	return effective;
}

/* Refuse the section if two formats with the same evidence read it with different effect. */
static int compare_readings(const struct elfmap_section *section, const struct claim *a,
			    const struct claim *b)
{
	for (size_t i = 0; i < section->nr_entries; i++) {
		struct elfmap_map_def left, right;
		int err = decode_entry(a->format, &section->entries[i], &left);

		if (!err)
			err = decode_entry(b->format, &section->entries[i], &right);
		if (err)
			return err;
		left = effect(section, &left);
		right = effect(section, &right);
		if (!memcmp(&left, &right, sizeof(left)))
			continue;
		log_error("%s: section %s: map \"%s\": its %zu bytes read differently as %s and as "
			  "%s: name the layout (--layout)",
			  section->view->name, elfmap_section__name(section),
			  section->entries[i].name, section->entry_size, a->format->name,
			  b->format->name);
		return -EINVAL;
	}
	return 0;
}

static int choose_builtin(const struct elfmap_section *section, struct claim *best)
{
	const struct elfmap_format *const *format;
	struct claim claim;
	int err;

	*best = (struct claim){ .evidence = ELFMAP_EVIDENCE_NONE };
	for (format = builtin_formats; *format; format++) {
		err = ask(*format, section, &claim);
		if (err)
			return err;
		if (claim.evidence > best->evidence) {
			*best = claim;
		} else if (claim.evidence && claim.evidence == best->evidence) {
			err = compare_readings(section, best, &claim);
			if (err)
				return err;
		}
	}
	if (best->format)
		return 0;
	log_error("%s: section %s: definitions of %zu bytes (map \"%s\"): no known layout has this "
		  "size",
		  section->view->name, elfmap_section__name(section), section->entry_size,
		  section->entries[0].name);
	return -ENOTSUP;
}

static const struct elfmap_format *find_format(const struct elfmap_open_opts *opts)
{
	const struct elfmap_format *const *builtin;

	for (size_t i = 0; i < opts->nr_formats; i++)
		if (!strcmp(opts->formats[i]->name, opts->layout))
			return opts->formats[i];
	for (builtin = builtin_formats; *builtin; builtin++)
		if (!strcmp((*builtin)->name, opts->layout))
			return *builtin;
	return NULL;
}

static int choose_format(const struct elfmap_section *section, const struct elfmap_open_opts *opts,
			 struct claim *best)
{
	if (opts->layout) {
		*best = (struct claim){ .format = find_format(opts), .why = "asked for" };
		if (best->format)
			return 0;
		log_error("%s: no layout is called \"%s\"", section->view->name, opts->layout);
		return -ENOENT;
	}
	for (size_t i = 0; i < opts->nr_formats; i++) {
		int err = ask(opts->formats[i], section, best);

		if (err || best->evidence)
			return err;
	}
	return choose_builtin(section, best);
}

/* --- the entries ------------------------------------------------------------------------------ */

/* Whether two formats read the same words from every entry. */
static bool read_alike(const struct elfmap_section *section, const struct elfmap_format *a,
		       const struct elfmap_format *b)
{
	for (size_t i = 0; i < section->nr_entries; i++) {
		struct elfmap_map_def left = { 0 }, right = { 0 };

		if (a->decode(&section->entries[i], &left, a->ctx) ||
		    b->decode(&section->entries[i], &right, b->ctx) ||
		    memcmp(&left, &right, sizeof(left)) != 0)
			return false;
	}
	return true;
}

/* BTF names members, not layouts: call it by the built-in layout that reads the same words. */
static const char *layout_name(const struct elfmap_section *section,
			       const struct elfmap_format *chosen)
{
	const struct elfmap_format *const *format;
	const char *why;

	for (format = builtin_formats; chosen == &format_btf_members && *format; format++)
		if (*format != chosen && (*format)->probe(section, &why, (*format)->ctx) > 0 &&
		    read_alike(section, *format, chosen))
			return (*format)->name;
	return chosen->name;
}

/* "size: only this layout has definitions of this size (36 bytes)" */
static char *evidence_text(const struct claim *claim, const struct elfmap_map *map)
{
	static const char *const kinds[] = {
		[ELFMAP_EVIDENCE_SIZE] = "size",
		[ELFMAP_EVIDENCE_CONTENT] = "content",
		[ELFMAP_EVIDENCE_BTF] = "BTF",
	};
	bool is_known = (size_t)claim->evidence < sizeof(kinds) / sizeof(kinds[0]);
	char *text;

	if (asprintf(&text, "%s: %s (%zu bytes)",
		     is_known && claim->evidence ? kinds[claim->evidence] : "option", claim->why,
		     map->size) < 0)
		return NULL;
	return text;
}

static int add_map(struct elfmap_object *object, const struct claim *claim,
		   const struct elfmap_entry *entry)
{
	struct elfmap_map *map = &object->maps[object->nr_maps];
	const struct elfmap_section *section = entry->section;
	int err;

	*map = (struct elfmap_map){
		.object = object,
		.name = entry->name,
		.layout = claim->layout,
		.section = section->index,
		.offset = entry->offset,
		.size = section->entry_size,
		.symbol = entry->symbol,
		.btf_var = entry->btf_var,
		.btf_id = entry->btf_id,
	};
	err = decode_entry(claim->format, entry, &map->def);
	if (err)
		return err;
	map->evidence = evidence_text(claim, map);
	if (!map->evidence)
		return -ENOMEM;
	object->nr_maps++;
	object->nr_legacy++;
	return 0;
}

static int grow_maps(struct elfmap_object *object, size_t more)
{
	struct elfmap_map *maps;

	if (!more)
		return 0;
	if (more > MAPS_MAX || object->nr_maps + more > MAPS_MAX) {
		log_error("%s: more than %u maps", object->view.name, MAPS_MAX);
		return -E2BIG;
	}
	maps = reallocarray(object->maps, object->nr_maps + more, sizeof(*maps));
	if (!maps)
		return -ENOMEM;
	object->maps = maps;
	return 0;
}

static int decode_section(struct elfmap_object *object, size_t index)
{
	CLEANUP(section_release) struct elfmap_section section = { 0 };
	struct claim claim;
	int err;

	err = section_read(&object->view, object->has_btf ? object->btf : NULL, index, &section);
	if (!err)
		err = choose_format(&section, &object->opts, &claim);
	if (!err)
		claim.layout = layout_name(&section, claim.format);
	if (!err)
		err = grow_maps(object, section.nr_entries);
	for (size_t i = 0; !err && i < section.nr_entries; i++)
		err = add_map(object, &claim, &section.entries[i]);
	return err;
}

/* BTF describes one section of that name. */
static int check_native(const struct elfmap_object *object, size_t index)
{
	size_t first = read_find_section(&object->view, ".maps");

	if (object->has_btf && index == first)
		return 0;
	if (!object->has_btf)
		log_error("%s: section .maps: its maps are defined by BTF, and the object has "
			  "none",
			  object->view.name);
	else
		log_error("%s: section .maps: two of them, sections %zu and %zu", object->view.name,
			  first, index);
	return -EINVAL;
}

static int decode_native(struct elfmap_object *object, size_t index)
{
	struct elfmap_map *maps = NULL;
	size_t count = 0;
	int err = check_native(object, index);

	if (!err)
		err = native_read(object, index, &maps, &count);
	if (!err)
		err = grow_maps(object, count);
	if (!err && count)
		memcpy(&object->maps[object->nr_maps], maps, count * sizeof(*maps));
	if (!err)
		object->nr_maps += count;
	else
		for (size_t i = 0; i < count; i++)
			free(maps[i].evidence);
	free(maps);
	return err;
}

/* Nothing may be taken for definitions, which are rewritten, and for instructions at once. */
static int check_data(const struct elf_view *view, size_t index)
{
	if (!read_is_code(view, index))
		return 0;
	log_error("%s: section %s: it is marked as code: expected map definitions in data",
		  view->name, view->sections[index].name);
	return -EINVAL;
}

static int decode_maps(struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;

	for (size_t i = 1; i < view->nr_sections; i++) {
		const struct elf_section *section = &view->sections[i];
		bool is_legacy = section_is_legacy(section->name);
		int err;

		if (section->header.sh_type != SHT_PROGBITS || section->header.sh_size == 0 ||
		    (!is_legacy && strcmp(section->name, ".maps") != 0))
			continue;
		err = check_data(view, i);
		if (!err)
			err = is_legacy ? decode_section(object, i) : decode_native(object, i);
		if (err)
			return err;
	}
	/* legacy maps join the BTF-defined ones or take the section's name */
	if (!object->nr_legacy || object->nr_maps > object->nr_legacy ||
	    !read_find_section(view, ".maps"))
		return 0;
	log_error("%s: section .maps: empty or no data, beside maps in a legacy section",
		  view->name);
	return -EINVAL;
}

/* --- BTF ------------------------------------------------------------------------------------ */

/* What libbpf takes for granted when it adds types: the strings follow the types at once. */
static bool is_contiguous(const void *data)
{
	struct btf_header header;

	memcpy(&header, data, sizeof(header));
	return header.type_off == 0 && header.str_off == header.type_len; /* in either byte order */
}

/* The section's BTF; none, with a message, where it cannot be used. */
static int read_btf(const struct elf_view *view, const struct elf_section *section,
		    struct btf **out)
{
	struct btf *btf = btf__new(section->data, (__u32)section->header.sh_size);
	const char *fault;
	uint32_t id;
	int err;

	if (!btf) {
		log_warning("%s: section .BTF cannot be read and is left out: %s", view->name,
			    strerror(errno));
		return 0;
	}
	if (!is_contiguous(section->data)) {
		log_warning("%s: section .BTF is left out: something stands between its types and "
			    "its strings",
			    view->name);
		btf__free(btf);
		return 0;
	}
	err = btf_check(btf, &id, &fault);
	if (!err) {
		*out = btf;
		return 0;
	}
	btf__free(btf);
	if (err != -EINVAL)
		return err;
	log_warning("%s: section .BTF is left out: type %u %s", view->name, id, fault);
	return 0;
}

/* The object's BTF, or an empty one in its byte order where there is none that can be read. */
static int decode_btf(struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;
	size_t index = read_find_section(view, ".BTF");
	const struct elf_section *section = &view->sections[index];

	if (index && section->header.sh_type != SHT_PROGBITS) {
		log_error("%s: section .BTF: type %u: expected 1 (SHT_PROGBITS)", view->name,
			  section->header.sh_type);
		return -EINVAL;
	}
	if (index) {
		int err = read_btf(view, section, &object->btf);

		if (err)
			return err;
	}
	object->has_btf = object->btf;
	if (!object->btf)
		object->btf = btf__new_empty();
	if (!object->btf)
		return -errno;
	return btf__set_endianness(object->btf, view->header.e_ident[EI_DATA] == ELFDATA2MSB ?
							BTF_BIG_ENDIAN :
							BTF_LITTLE_ENDIAN);
}

int decode_object(struct elfmap_object *object)
{
	int err = decode_btf(object);

	if (!err)
		err = functions_read(object);
	if (!err)
		err = decode_maps(object);
	return err;
}
