/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What a caller sees of a program, and changes before load.
 */
#include <errno.h>

#include <bpf/libbpf.h>

#include "pin_path.h"
#include "slots.h"

const char *elfmap_program__name(const struct elfmap_program *prog)
{
	return prog->name;
}

struct elfmap_object *elfmap_program__object(const struct elfmap_program *prog)
{
	return prog->object;
}

const char *elfmap_program__section(const struct elfmap_program *prog)
{
	return program_section(prog);
}

size_t elfmap_program__insn_cnt(const struct elfmap_program *prog)
{
	return prog->size / sizeof(struct bpf_insn);
}

bool elfmap_program__is_subprogram(const struct elfmap_program *prog)
{
	return prog->subprogram;
}

const struct elfmap_map *elfmap_program__tail_call(const struct elfmap_program *prog, __u32 *key)
{
	if (prog->tail_call_map && key)
		*key = prog->tail_call_key;
	return prog->tail_call_map;
}

void elfmap_program__clear_tail_call(struct elfmap_program *prog)
{
	struct elfmap_map *map = prog->tail_call_map;

	if (!map)
		return;
	for (size_t i = 0; i < map->nr_slots; i++) {
		if (map->slots[i].program != prog)
			continue;
		slot_remove(map, i);
		break;
	}
}

__u32 elfmap_program__type(const struct elfmap_program *prog)
{
	return prog->type;
}

void elfmap_program__set_type(struct elfmap_program *prog, __u32 type)
{
	if (prog->object->is_pinned)
		return;
	if (prog->type != type)
		prog->attach_type = 0;
	prog->type = type;
}

__u32 elfmap_program__expected_attach_type(const struct elfmap_program *prog)
{
	return prog->attach_type;
}

void elfmap_program__set_expected_attach_type(struct elfmap_program *prog, __u32 attach_type)
{
	if (!prog->object->is_pinned)
		prog->attach_type = attach_type;
}

bool elfmap_program__autoload(const struct elfmap_program *prog)
{
	return prog->autoload;
}

void elfmap_program__set_autoload(struct elfmap_program *prog, bool autoload)
{
	if (!prog->object->is_pinned)
		prog->autoload = autoload;
}

const char *elfmap_program__pin_path(const struct elfmap_program *prog)
{
	return prog->pin_path;
}

int elfmap_program__set_pin_path(struct elfmap_program *prog, const char *path)
{
	return prog->object->is_pinned ? -EBUSY : pin_path_set(&prog->pin_path, path);
}

int elfmap_program__fd(const struct elfmap_program *prog)
{
	int fd;

	if (prog->object->is_pinned)
		return prog->fd;
	fd = prog->object->loaded && prog->bpf_program ? bpf_program__fd(prog->bpf_program) : -1;
	return fd < 0 ? -ENOENT : fd;
}

struct bpf_program *elfmap_program__bpf_program(const struct elfmap_program *prog)
{
	if (!prog->bpf_program)
		errno = prog->object->is_pinned ? ENOTSUP : ENOENT;
	return prog->bpf_program;
}
