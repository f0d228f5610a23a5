/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "entries.h"
#include "passed_over.h"
#include "zeroed.h"

/* Who refers to a section, as far as relocations tell. */
struct referrers {
	bool definitions, others;
};

/* Sections that libbpf makes maps of, by the beginnings of their names. */
static bool is_data(const char *section)
{
	static const char *const names[] = { ".rodata", ".data", ".bss" };

	for (size_t i = 0; *section == '.' && i < sizeof(names) / sizeof(names[0]); i++)
		if (section[1] == names[i][1] && !strncmp(section, names[i], strlen(names[i])))
			return true;
	return false;
}

/* Relocations of debug information and of BTF do not make a program use a section. */
static bool is_of_program(const struct elf_view *view, size_t index)
{
	const Elf64_Shdr *header = &view->sections[index].header;

	return (header->sh_type == SHT_REL || header->sh_type == SHT_RELA) &&
	       view->sections[header->sh_info].header.sh_flags & SHF_ALLOC;
}

static void add_referrers(const struct elfmap_object *object, size_t index,
			  struct referrers *referrers)
{
	const struct elf_view *view = &object->view;
	const struct elf_section *relocations = &view->sections[index];
	bool is_definition = entries_are_relocated(object, index);

	for (size_t i = 0; i < relocations->nr_relocations; i++) {
		size_t section = view->symbols[relocations->relocations[i].symbol].st_shndx;

		if (section >= view->nr_sections)
			continue;
		referrers[section].definitions |= is_definition;
		referrers[section].others |= !is_definition;
	}
}

static bool is_odd_version(const struct elf_section *section)
{
	return !strcmp(section->name, "version") && section->header.sh_type == SHT_PROGBITS &&
	       section->header.sh_size != sizeof(uint32_t);
}

/* Data that definitions refer to, and nothing else. */
static int find_data(struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;
	CLEANUP(cleanup_free)
	struct referrers *referrers = zeroed(view->nr_sections, sizeof(*referrers));

	if (!referrers)
		return -ENOMEM;
	for (size_t i = 1; i < view->nr_sections; i++)
		if (is_of_program(view, i))
			add_referrers(object, i, referrers);
	for (size_t i = 1; i < view->nr_sections; i++)
		object->passed_over[i] |= is_data(view->sections[i].name) &&
					  referrers[i].definitions && !referrers[i].others;
	return 0;
}

int passed_over_find(struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;
	bool has_data = false;

	object->passed_over = zeroed(view->nr_sections, sizeof(*object->passed_over));
	if (!object->passed_over)
		return -ENOMEM;
	for (size_t i = 1; i < view->nr_sections; i++) {
		object->passed_over[i] = is_odd_version(&view->sections[i]);
		has_data |= is_data(view->sections[i].name);
	}
	return has_data ? find_data(object) : 0;
}

bool passed_over_any(const struct elfmap_object *object)
{
	for (size_t i = 1; i < object->view.nr_sections; i++)
		if (object->passed_over[i])
			return true;
	return false;
}

/* libbpf has no use for what begins so, as it is with .maps.<name> of BPF_ANNOTATE_KV_PAIR. */
char *passed_over_name(const char *section)
{
	char *name;

	return asprintf(&name, ".maps%s%s", *section == '.' ? "" : ".", section) < 0 ? NULL : name;
}
