/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "btf_append.h"
#include "cleanup.h"
#include "entries.h"
#include "image.h"
#include "log.h"
#include "passed_over.h"
#include "places.h"
#include "rel_maps.h"
#include "relocations.h"
#include "section_names.h"
#include "symbols.h"
#include "synthesise.h"
#include "tags.h"
#include "write.h"
#include "zeroed.h"

/* .BTF and .rel.maps, where the object has none */
#define ADDED_SECTIONS 2

/* --- .maps --------------------------------------------------------------------------------------- */

/* The section that becomes .maps: the object's own, or else the first legacy one; 0 for none. */
static size_t choose_maps_section(const struct elfmap_object *object)
{
	if (object->nr_maps > object->nr_legacy)
		return read_find_section(&object->view, ".maps");
	return object->nr_legacy ? object->maps[0].section : 0;
}

static int write_maps(const struct elfmap_object *object, struct image *image, size_t maps)
{
	Elf64_Shdr *header = &image->sections[maps].header;
	bool own = !strcmp(object->view.sections[maps].name, ".maps");
	uint8_t *bytes = NULL;

	/* libbpf reads no bytes there, only BTF: they are zero, but native maps keep theirs */
	if (own) {
		bytes = zeroed(1, object->maps_size ? object->maps_size : 1);
		if (!bytes)
			return -ENOMEM;
		memcpy(bytes, image->sections[maps].data, header->sh_size);
	}
	image_replace(image, maps, bytes, object->maps_size);
	header->sh_flags = SHF_WRITE | SHF_ALLOC;
	header->sh_addralign = POINTER_SIZE;
	for (size_t i = 1; i < object->view.nr_sections; i++)
		if (entries_are_relocated(object, i) || (i != maps && places_has_maps(object, i)))
			image_retire(image, i);
	return own ? 0 : image_rename(image, maps, ".maps");
}

/* --- .BTF ---------------------------------------------------------------------------------------- */

static void put_btf(const void *btf, uint8_t *to)
{
	btf_append_put(btf, to);
}

static int write_btf(const struct elfmap_object *object, struct image *image,
		     struct btf_append *btf, bool drops_ext)
{
	size_t index = read_find_section(&object->view, ".BTF");
	size_t ext = read_find_section(&object->view, ".BTF.ext");
	size_t relocations = index ? rel_maps_find(object, index) : 0;
	size_t size;
	int err = index ? 0 : image_add(image, ".BTF", SHT_PROGBITS, &index);

	if (!err)
		err = btf_append_size(btf, &size);
	if (err)
		return err;
	image_put_later(image, index, size, put_btf, btf);
	/* they would add to offsets which are filled in now */
	if (relocations)
		image_retire(image, relocations);
	/* it refers to types that nobody could read, or to sections by what is not their name */
	if (ext && (!object->has_btf || drops_ext)) {
		size_t ext_relocations = rel_maps_find(object, ext);

		image_retire(image, ext);
		if (ext_relocations)
			image_retire(image, ext_relocations);
	}
	return 0;
}

/* btf: what the image holds a part of until it is laid out. */
static int write_names_and_btf(const struct elfmap_object *object,
			       const struct image_options *options, struct image *image,
			       struct btf_append *btf)
{
	CLEANUP(section_names_release) struct section_names names = { 0 };
	int err = section_names_make(object, options, &names);

	if (err || (!object->nr_legacy && !object->nr_shown && !names.changes &&
		    !object->has_other_slots && !passed_over_any(object)))
		return err;
	err = btf_append_begin(object->btf, &object->added, object->view.swapped, btf);
	if (!err && !options->own_load && !options->no_tags)
		err = tags_add(object, options, btf);
	if (!err && names.changes)
		err = section_names_write(object, &names, image, btf);
	if (!err && (object->nr_legacy || object->has_btf))
		err = write_btf(object, image, btf, names.drops_btf_ext);
	return err;
}

/* --- what old compilers left --------------------------------------------------------------------- */

/* libbpf knows the relocations of maps by this name, and others by their type. */
static int rename_rela(const struct elf_view *view, struct image *image)
{
	static const char rela[] = ".rela", rel[] = ".rel";
	int err = 0;

	for (size_t i = 1; !err && i < view->nr_sections; i++) {
		CLEANUP(cleanup_free) char *name = NULL;
		const char *old = view->sections[i].name;

		if (!relocations_need_repair(view, i) || strncmp(old, rela, strlen(rela)) != 0)
			continue;
		if (asprintf(&name, "%s%s", rel, old + strlen(rela)) < 0) {
			name = NULL;
			return -ENOMEM;
		}
		err = image_rename(image, i, name);
	}
	return err;
}

static int rename_passed_over(const struct elfmap_object *object, struct image *image)
{
	const struct elf_view *view = &object->view;
	int err = 0;

	for (size_t i = 1; !err && i < view->nr_sections; i++) {
		CLEANUP(cleanup_free) char *name = NULL;

		if (!object->passed_over[i])
			continue;
		name = passed_over_name(view->sections[i].name);
		err = name ? image_rename(image, i, name) : -ENOMEM;
	}
	return err;
}

static int write_repairs(const struct elfmap_object *object, struct image *image)
{
	int err = rename_rela(&object->view, image);

	image->header.e_machine = EM_BPF; /* LLVM before 3.9 or so left 0 */
	return err ? err : rename_passed_over(object, image);
}

bool write_is_needed(const struct elfmap_object *object, const struct image_options *options)
{
	const struct elf_view *view = &object->view;
	CLEANUP(section_names_release) struct section_names names = { 0 };

	if (object->nr_legacy || object->nr_shown || view->header.e_machine != EM_BPF ||
	    passed_over_any(object) || symbols_need_repair(object) ||
	    rel_maps_changes(object, options))
		return true;
	for (size_t i = 1; i < view->nr_sections; i++)
		if (relocations_need_repair(view, i))
			return true;
	/* without memory there is no image either, which the writing will find */
	return section_names_make(object, options, &names) || names.changes;
}

/* --- all of it ----------------------------------------------------------------------------------- */

static int refuse(const struct elfmap_object *object)
{
	log_error("%s: %s", object->view.name, object->refusal);
	return -ENOTSUP;
}

int write_image(const struct elfmap_object *object, const struct image_options *options,
		uint8_t **image, size_t *size)
{
	CLEANUP(image_release) struct image made = { 0 };
	CLEANUP(btf_append_release) struct btf_append btf = { 0 };
	CLEANUP(cleanup_free) uint32_t *numbers = NULL;
	size_t maps = choose_maps_section(object);
	int err;

	if (object->refusal)
		return refuse(object);
	err = image_begin(&object->view, ADDED_SECTIONS, &made);
	if (err)
		return err;
	err = write_repairs(object, &made);
	if (!err && object->nr_legacy)
		err = write_maps(object, &made, maps);
	if (!err)
		err = symbols_rewrite(object, &made, maps, &numbers);
	if (!err)
		err = relocations_rewrite(object, &made, numbers);
	if (!err && maps)
		err = rel_maps_write(object, options, &made, maps, numbers);
	if (!err)
		err = write_names_and_btf(object, options, &made, &btf);
	if (!err)
		err = image_finish(&made, image, size);
	/* -EINVAL: what is wrong with the object was said where it was found */
	if (err && err != -EINVAL)
		log_error("%s: cannot write the image: %s", object->view.name, strerror(-err));
	return err;
}
