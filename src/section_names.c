/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "btf_ext.h"
#include "cleanup.h"
#include "section_names.h"
#include "sections.h"
#include "zeroed.h"

/* --- which names --------------------------------------------------------------------------------- */

/* Where compilers put subprograms, libbpf since 1.4 or so looks for nothing else. */
static bool is_program_in_text(const struct elfmap_program *program)
{
	return !program->subprogram && !strcmp(program_section(program), ".text");
}

bool section_names_is_known(const char *section)
{
	enum bpf_attach_type attach_type;
	enum bpf_prog_type type;

	return libbpf_prog_type_by_name(section, &type, &attach_type) == 0;
}

/* The name that libbpf 1.x knows; NULL where the object's is the one, or there is none. */
static const char *modern_name(const struct elfmap_program *program,
			       const struct image_options *options)
{
	const struct section_program is = { program->type, program->attach_type };
	const char *modern;

	if (!options->rename_sections || program->subprogram)
		return NULL;
	modern = sections_modern_name(program_section(program));
	/* ID/KEY sections have the type of the programs that call them */
	return modern || section_names_is_known(program_section(program)) ? modern :
									    sections_name_of(&is);
}

bool section_names_is_bound(__u32 type)
{
	return type == BPF_PROG_TYPE_TRACING || type == BPF_PROG_TYPE_LSM ||
	       type == BPF_PROG_TYPE_EXT || type == BPF_PROG_TYPE_STRUCT_OPS;
}

/* A program that elfmap is to load as another type than libbpf would bind it to by that name. */
static bool is_misled(const struct elfmap_program *program)
{
	enum bpf_attach_type attach_type;
	enum bpf_prog_type type;

	return program->autoload && !program->subprogram && program->type &&
	       !libbpf_prog_type_by_name(program_section(program), &type, &attach_type) &&
	       type != (enum bpf_prog_type)program->type && section_names_is_bound(type);
}

static const char *wanted_name(const struct elfmap_program *program,
			       const struct image_options *options)
{
	const char *modern = modern_name(program, options);

	if (modern)
		return modern;
	/* a name that means nothing to libbpf */
	if (options->own_load && is_misled(program))
		return "program";
	return is_program_in_text(program) ? "text" : program_section(program);
}

static bool has_btf_ext(const struct elfmap_object *object)
{
	return object->has_btf && read_find_section(&object->view, ".BTF.ext");
}

static int compare_wanted(const void *a, const void *b)
{
	const struct section_name *left = *(const struct section_name *const *)a;
	const struct section_name *right = *(const struct section_name *const *)b;
	int order = strcmp(left->name, right->name);

	if (order)
		return order;
	return left->section < right->section ? -1 : left->section > right->section;
}

/* Sections that would have one name with another. */
static int find_collisions(const struct elfmap_object *object, struct section_names *names,
			   bool *any)
{
	CLEANUP(cleanup_free)
	struct section_name **sorted = zeroed(names->count + 1, sizeof(*sorted));

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < names->count; i++)
		sorted[i] = &names->names[i];
	qsort(sorted, names->count, sizeof(*sorted), compare_wanted);
	for (size_t i = 1; i < names->count; i++) {
		bool collide = sorted[i - 1]->section != sorted[i]->section &&
			       !strcmp(sorted[i - 1]->name, sorted[i]->name);

		sorted[i - 1]->collides |= collide;
		sorted[i]->collides |= collide;
	}
	*any = false;
	for (size_t i = 0; i < names->count; i++) {
		names->names[i].collides &=
			strcmp(names->names[i].name, program_section(&object->programs[i])) != 0;
		*any |= names->names[i].collides;
	}
	return 0;
}

/*
 * libbpf finds what .BTF.ext says by the section's name. Functions and lines can be done without;
 * with CO-RE relocations sections keep the names that they have.
 */
static int settle_collisions(const struct elfmap_object *object, struct section_names *names)
{
	size_t ext = read_find_section(&object->view, ".BTF.ext");
	const struct elf_section *section = &object->view.sections[ext];
	bool any;
	int err = find_collisions(object, names, &any);

	if (err || !any)
		return err;
	names->drops_btf_ext =
		!section->data ||
		!btf_ext_has_relocations(&object->view, section->data, section->header.sh_size);
	for (size_t i = 0; i < names->count; i++) {
		if (names->drops_btf_ext)
			names->names[i].collides = false;
		else if (names->names[i].collides)
			names->names[i].name = program_section(&object->programs[i]);
	}
	return 0;
}

int section_names_make(const struct elfmap_object *object, const struct image_options *options,
		       struct section_names *out)
{
	struct section_names names = { .count = object->nr_programs };
	int err = 0;

	names.names = zeroed(names.count + 1, sizeof(*names.names));
	if (!names.names)
		return -ENOMEM;
	for (size_t i = 0; i < names.count; i++) {
		const struct elfmap_program *program = &object->programs[i];

		names.names[i].name = wanted_name(program, options);
		names.names[i].section = program->section;
		names.changes |= strcmp(names.names[i].name, program_section(program)) != 0;
	}
	if (names.changes && has_btf_ext(object))
		err = settle_collisions(object, &names);
	if (err) {
		section_names_release(&names);
		return err;
	}
	*out = names;
	return 0;
}

void section_names_release(struct section_names *names)
{
	free(names->names);
	*names = (struct section_names){ 0 };
}

const struct section_name *section_names_of(const struct section_names *names,
					    const struct elfmap_program *program)
{
	return &names->names[program - program->object->programs];
}

/* --- writing ------------------------------------------------------------------------------------- */

/* One name in .BTF.ext to be changed. */
struct change {
	const struct elf_view *view;
	const struct btf *btf;
	uint8_t *bytes;
	const char *from;
	uint32_t to; /* offset in BTF's strings */
};

static int change_name(size_t place, uint32_t name, void *ctx)
{
	const struct change *change = ctx;
	const char *found = btf__name_by_offset(change->btf, name);

	if (found && !strcmp(found, change->from))
		write_u32(change->view, change->bytes + place, change->to);
	return 0;
}

static int rename_in_btf_ext(const struct elfmap_object *object, struct image *image,
			     struct btf_append *btf, const char *from, const char *to)
{
	size_t index = read_find_section(&object->view, ".BTF.ext");
	struct image_section *section = &image->sections[index];
	struct change change = { .view = &object->view,
				 .btf = object->btf,
				 .from = from,
				 .to = btf_append_string(btf, to) };

	change.bytes = image_own(image, index);
	if (!change.bytes)
		return -ENOMEM;
	/* libbpf leaves out .BTF.ext that is malformed */
	btf_ext_for_each_name(&object->view, change.bytes, section->header.sh_size, change_name,
			      &change);
	return 0;
}

int section_names_write(const struct elfmap_object *object, const struct section_names *names,
			struct image *image, struct btf_append *btf)
{
	for (size_t i = 0; i < object->nr_programs; i++) {
		const struct elfmap_program *program = &object->programs[i];
		const char *own = program_section(program), *name = names->names[i].name;
		bool is_first = !i || program[-1].section != program->section;
		int err;

		if (!is_first || !strcmp(name, own))
			continue;
		err = image_rename(image, program->section, name);
		if (!err && has_btf_ext(object) && !names->drops_btf_ext)
			err = rename_in_btf_ext(object, image, btf, own, name);
		if (err)
			return err;
	}
	return 0;
}
