/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "choose.h"
#include "layout.h"
#include "log.h"
#include "messages.h"

/* One format's word on a section. */
struct claim {
	const struct elfmap_format *format;
	int evidence;
	const char *why;
};

static const char *object_name(const struct elfmap_section *section)
{
	return section->all->object->view.name;
}

static int ask(const struct elfmap_format *format, const struct elfmap_section *section,
	       struct claim *claim)
{
	const char *why = format->section ? "the section is its own" : "it claims the section";
	int evidence = ELFMAP_EVIDENCE_CONTENT;

	if (format->probe)
		evidence = format->probe(section, &why, format->ctx);

	*claim = (struct claim){ .format = format, .evidence = evidence, .why = why };
	if (evidence < 0)
		section_error(&section->all->object->view, section->entries->section,
			      "format %s refuses it", format->name);
	return evidence < 0 ? evidence : 0;
}

int choose_decode(const struct elfmap_format *format, const struct elfmap_entry *entry,
		  struct elfmap_map_def *def)
{
	int err = format->decode(entry, def, format->ctx);

	if (err && !entry->all->was_told)
		elfmap_entry__refuse(entry, "its %zu bytes cannot be read as %s: %s", entry->size,
				     format->name,
				     err == -ERANGE ? "that layout is longer" : strerror(-err));
	return err;
}

/* --- comparing readings -------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Leave only the words that have an effect, so that readings can be compared by it. */
static void keep_effect(const struct elfmap_section *section, struct elfmap_map_def *def)
{
	if (!is_outer_type(def->type))
		def->inner_map_idx = 0;
	if (!(def->map_flags & BPF_F_NUMA_NODE))
		def->numa_node = 0;
	if (!(def->has & ELFMAP_DEF_INNER_ID) &&
	    !elfmap_section__has_tail_call_id(section, def->id))
		def->id = 0;
	if (!def->pinning && !def->pin_path)
		def->pin = 0;
	def->has = 0;
}

static bool same_effect(const struct elfmap_section *section, struct elfmap_map_def *a,
			struct elfmap_map_def *b)
{
	keep_effect(section, a);
	keep_effect(section, b);
	return a->type == b->type && a->key_size == b->key_size && a->value_size == b->value_size &&
	       a->max_entries == b->max_entries && a->map_flags == b->map_flags &&
	       a->numa_node == b->numa_node && a->id == b->id && a->pinning == b->pinning &&
	       a->inner_id == b->inner_id && a->inner_idx == b->inner_idx &&
	       a->inner_map_idx == b->inner_map_idx && a->pin == b->pin &&
	       same_text(a->pin_path, b->pin_path) && same_text(a->inner_name, b->inner_name);
}

static void refuse_readings(const struct elfmap_entry *entry, const struct claim *a,
			    const struct claim *b)
{
	/* a size alone says nothing that both do not have */
	if (a->evidence <= ELFMAP_EVIDENCE_SIZE)
		elfmap_entry__refuse(entry,
				     "its %zu bytes read differently as %s and as %s, and nothing "
				     "in the object tells which: name the layout (--layout)",
				     entry->size, a->format->name, b->format->name);
	else
		elfmap_entry__refuse(entry,
				     "its %zu bytes read differently as %s (%s) and as %s (%s): "
				     "name the layout (--layout)",
				     entry->size, a->format->name, a->why, b->format->name, b->why);
}

static int compare_entry(const struct elfmap_section *section, const struct elfmap_entry *entry,
			 const struct claim *a, const struct claim *b)
{
	struct elfmap_map_def left = { 0 }, right = { 0 };
	int err = choose_decode(a->format, entry, &left);

	if (!err)
		err = choose_decode(b->format, entry, &right);
	if (err || same_effect(section, &left, &right))
		return err;
	refuse_readings(entry, a, b);
	return -EINVAL;
}

/* Refuse the section if two formats with the same evidence read it with different effect. */
static int compare_readings(const struct elfmap_section *section, const struct claim *a,
			    const struct claim *b)
{
	int err = 0;

	for (size_t i = 0; !err && i < section->nr_entries; i++)
		if (!layout_reads_same(&section->entries[i], a->format, b->format))
			err = compare_entry(section, &section->entries[i], a, b);
	return err;
}

/* --- choosing ------------------------------------------------------------------------------------ */

/* Take the claim if it is better. Of two that are equally good one gives its name. */
static int consider(const struct elfmap_section *section, const struct claim *claim, bool wins,
		    struct claim *best)
{
	int err = 0;

	if (!claim->evidence || claim->evidence < best->evidence)
		return 0;
	if (claim->evidence == best->evidence)
		err = compare_readings(section, best, claim);
	if (!err && (wins || claim->evidence > best->evidence))
		*best = *claim;
	return err;
}

/* Where BTF speaks against the layouts of that size, the map that it knows is named. */
static int refuse_section(const struct elfmap_section *section)
{
	const struct elfmap_entry *entry = section->entries, *end = entry + section->nr_entries;

	while (entry < end && !entry->btf_id)
		entry++;
	section_error(&section->all->object->view, section->entries->section,
		      "definitions of %zu bytes (map \"%s\"): no known layout has this size%s",
		      section->entries->size, entry < end ? entry->name : section->entries->name,
		      entry < end ? " and agrees with the object's BTF (name one by --layout if "
				    "the BTF is wrong)" :
				    "");
	return -ENOTSUP;
}

/*
 * The layouts first. What reads any struct looks at all of them itself, and is asked where BTF names
 * the members of none: two that it names the members of would read the same.
 */
static int choose_builtin(const struct elfmap_section *section, struct claim *best)
{
	const struct elfmap_format *format;
	struct claim claim;
	int err;

	*best = (struct claim){ .evidence = ELFMAP_EVIDENCE_NONE };
	for (int is_any = 0; is_any <= 1; is_any++) {
		for (size_t i = 0; (format = elfmap_builtin_format(i)); i++) {
			if (best->evidence == ELFMAP_EVIDENCE_BTF ||
			    (format->nr_fields == 0) != is_any)
				continue;
			err = ask(format, section, &claim);
			if (!err)
				err = consider(section, &claim, is_any, best);
			if (err)
				return err;
		}
	}
	if (best->format)
		return 0;
	return refuse_section(section);
}

static const struct elfmap_format *find_format(const struct elfmap_object *object)
{
	const char *layout = object->opts.layout;
	const struct elfmap_format *builtin;

	for (size_t i = 0; i < object->nr_formats; i++)
		if (!strcmp(object->formats[i].name, layout))
			return &object->formats[i];
	for (size_t i = 0; (builtin = elfmap_builtin_format(i)); i++)
		if (!strcmp(builtin->name, layout))
			return builtin;
	return NULL;
}

/* The user's word is not to drop what stands behind the layout's last field. */
static int check_rest(const struct elfmap_section *section, const struct elfmap_format *format)
{
	size_t end = 0;

	for (size_t i = 0; i < format->nr_fields; i++)
		if (format->fields[i].offset + (size_t)format->fields[i].size > end)
			end = format->fields[i].offset + (size_t)format->fields[i].size;
	for (size_t i = 0; end && i < section->nr_entries; i++) {
		const struct elfmap_entry *entry = &section->entries[i];
		size_t size;
		const uint8_t *bytes = elfmap_entry__data(entry, &size);

		for (size_t j = end; j < size; j++) {
			if (!bytes[j])
				continue;
			elfmap_entry__refuse(entry,
					     "its %zu bytes are longer than the %zu of layout %s, "
					     "and what follows is not zero",
					     size, end, format->name);
			return -EINVAL;
		}
	}
	return 0;
}

static int choose_named(const struct elfmap_section *section, struct claim *best)
{
	const struct elfmap_object *object = section->all->object;

	*best = (struct claim){ .format = find_format(object), .why = "asked for" };
	if (best->format)
		return check_rest(section, best->format);
	log_error("%s: no layout is called \"%s\" (elfmap inspect --layouts lists them)",
		  object_name(section), object->opts.layout);
	return -ENOENT;
}

/* Formats with a section of their own are asked for that one only, and nobody else is. */
static bool is_for(const struct elfmap_format *format, const struct elfmap_section *section)
{
	const char *callers = section->entries->callers;

	return callers ? format->section && !strcmp(format->section, callers) : !format->section;
}

static int choose_claim(const struct elfmap_section *section, struct claim *best)
{
	const struct elfmap_object *object = section->all->object;
	const char *callers = section->entries->callers;

	if (object->opts.layout && !callers)
		return choose_named(section, best);
	for (size_t i = 0; i < object->nr_formats; i++) {
		int err;

		if (!is_for(&object->formats[i], section))
			continue;
		err = ask(&object->formats[i], section, best);
		if (err || best->evidence)
			return err;
	}
	if (!callers)
		return choose_builtin(section, best);
	section_error(&object->view, section->entries->section,
		      "definitions of %zu bytes (map \"%s\"): no format that was given for this "
		      "section takes them",
		      section->entries->size, section->entries->name);
	return -ENOTSUP;
}

int choose_format(const struct elfmap_section *section, struct choice *out)
{
	static const char *const kinds[] = {
		[ELFMAP_EVIDENCE_NONE] = "option",
		[ELFMAP_EVIDENCE_SIZE] = "size",
		[ELFMAP_EVIDENCE_CONTENT] = "content",
		[ELFMAP_EVIDENCE_BTF] = "BTF",
	};
	struct claim claim;
	bool is_known;
	int err = choose_claim(section, &claim);

	if (err)
		return err;
	is_known = (size_t)claim.evidence < sizeof(kinds) / sizeof(kinds[0]);
	out->format = claim.format;
	out->has_fields = section_has_other_fields(section, claim.format);
	out->plain_btf_id = 0;
	out->evidence = texts_format(&section->all->object->texts, "%s: %s (%zu bytes)",
				     is_known ? kinds[claim.evidence] : "option", claim.why,
				     section->entries->size);
	return out->evidence ? 0 : -ENOMEM;
}
