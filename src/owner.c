/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "descriptor.h"
#include "messages.h"
#include "owner.h"
#include "references.h"

#define NR_INSNS(insns) (sizeof(insns) / sizeof((insns)[0]))

/* --- the sentence ------------------------------------------------------------------------------ */

static const char *type_name(uint32_t type)
{
	const char *name = libbpf_bpf_prog_type_str((enum bpf_prog_type)type);

	return name ? name : "of a type unknown to libbpf";
}

/* How the two differ, and how to load the program so that it does not; NULL without memory. */
static char *difference(const struct owner_kind *array, const struct owner_kind *program)
{
	const char *of_array = type_name(array->type), *of_program = type_name(program->type);
	bool same_type = array->type == program->type, same_jit = array->jited == program->jited;
	const char *jit = array->jited ? "JITed" : "not JITed";
	char *text;
	int length;

	if (same_type && same_jit)
		length = asprintf(&text,
				  "the array belongs to programs of this type, %s, but of another "
				  "expected attach type: load it with the same",
				  of_array);
	else if (same_type)
		length = asprintf(&text,
				  "the array belongs to programs that are %s, and this one is%s: "
				  "set net.core.bpf_jit_enable to %d",
				  jit, program->jited ? "" : " not", array->jited);
	else
		length = asprintf(&text,
				  "the array belongs to programs of another type, %s%s%s, and this "
				  "one is %s: load it as %s",
				  of_array, same_jit ? "" : ", that are ", same_jit ? "" : jit,
				  of_program, of_array);
	return length < 0 ? NULL : text;
}

char *owner_clash(const struct owner_kind *array, const struct owner_kind *program,
		  const char *pin_path)
{
	CLEANUP(cleanup_free) char *what = difference(array, program);
	char *text;
	int length;

	if (!what)
		return NULL;
	if (pin_path)
		length = asprintf(&text,
				  "%s, or remove the pin %s or pin elsewhere, for a new array",
				  what, pin_path);
	else
		length = asprintf(&text, "%s, or give it an array of its own", what);
	return length < 0 ? NULL : text;
}

/* --- asking the kernel ------------------------------------------------------------------------- */

/* The kernel tells it only once the array is someone's. */
static bool read_owner(int fd, struct owner_kind *out)
{
	struct owner_kind kind = { 0 };
	uint32_t jited = 0;

	if (descriptor_number(fd, "owner_prog_type", &kind.type) || !kind.type)
		return false;
	descriptor_number(fd, "owner_jited", &jited);
	kind.jited = jited;
	*out = kind;
	return true;
}

static bool read_kind(int fd, struct owner_kind *out)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size))
		return false;
	*out = (struct owner_kind){ .type = info.type, .jited = info.jited_prog_len };
	return true;
}

/* Whether the kernel JITs now, as seen by the smallest of programs. */
static bool is_jited_now(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	CLEANUP(cleanup_fd)
	int fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, NULL, "GPL", insns, NR_INSNS(insns),
			       NULL);
	struct owner_kind kind = { 0 };

	return read_kind(fd, &kind) && kind.jited;
}

/* Whether the kernel takes a program like this one that does nothing but jump through the array. */
static bool takes_jump(uint32_t type, uint32_t attach_type, int array)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_LD | BPF_DW | BPF_IMM,
		  .dst_reg = BPF_REG_2,
		  .src_reg = BPF_PSEUDO_MAP_FD,
		  .imm = array },
		{ 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_tail_call },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts,
		    .expected_attach_type = (enum bpf_attach_type)attach_type);
	CLEANUP(cleanup_fd)
	int fd =
		bpf_prog_load((enum bpf_prog_type)type, NULL, "GPL", insns, NR_INSNS(insns), &opts);
	/* the same without the jump */
	CLEANUP(cleanup_fd)
	int other = fd >= 0 ? -1 :
			      bpf_prog_load((enum bpf_prog_type)type, NULL, "GPL", insns + 4,
					    NR_INSNS(insns) - 4, &opts);

	return other < 0;
}

/* --- refusals ---------------------------------------------------------------------------------- */

char *owner_explain(int array_fd, int program_fd)
{
	struct owner_kind of_array, of_program;

	if (!read_owner(array_fd, &of_array) || !read_kind(program_fd, &of_program))
		return NULL;
	return difference(&of_array, &of_program);
}

bool owner_takes(int array_fd, uint32_t type, uint32_t attach_type)
{
	struct owner_kind of_array;

	if (!read_owner(array_fd, &of_array))
		return true;
	return of_array.type == type && takes_jump(type, attach_type, array_fd);
}

char *owner_explain_slot(const struct elfmap_map *map, const struct elfmap_program *program)
{
	struct owner_kind of_array, of_program;

	if (!read_owner(bpf_map__fd(map->bpf_map), &of_array) ||
	    !read_kind(bpf_program__fd(program->bpf_program), &of_program))
		return NULL;
	return owner_clash(&of_array, &of_program, map->reused ? map->pin_path : NULL);
}

static bool is_loaded(const struct elfmap_program *program)
{
	return program->autoload && !program->subprogram;
}

static void say(const struct elfmap_program *program, const struct elfmap_map *map, const char *why)
{
	program_error(program, "the kernel does not let it jump through map \"%s\": %s", map->name,
		      why);
}

static bool is_refused(const struct elfmap_program *program, const struct elfmap_map *map,
		       int array, const struct owner_kind *of_array)
{
	const struct owner_kind kind = { .type = program->type, .jited = is_jited_now() };
	CLEANUP(cleanup_free) char *why = NULL;

	if (!is_loaded(program) || !references_has(program, map))
		return false;
	if (kind.type == of_array->type && kind.jited == of_array->jited &&
	    (array < 0 || takes_jump(program->type, program->attach_type, array)))
		return false;
	why = owner_clash(of_array, &kind, map->reused ? map->pin_path : NULL);
	say(program, map, why ? why : strerror(ENOMEM));
	return true;
}

/* A new array is gone by now; it was of the first program's kind that jumps through it. */
static bool find_owner(const struct elfmap_map *map, int array, struct owner_kind *out)
{
	const struct elfmap_object *object = map->object;

	if (map->reused)
		return array >= 0 && read_owner(array, out);
	for (size_t i = 0; i < object->nr_programs; i++) {
		const struct elfmap_program *program = &object->programs[i];

		if (!is_loaded(program) || !references_has(program, map))
			continue;
		*out = (struct owner_kind){ .type = program->type, .jited = is_jited_now() };
		return true;
	}
	return false;
}

/* The load has failed, and libbpf's descriptor is closed. */
static int reused_array(const struct elfmap_map *map)
{
	if (!map->reused)
		return -1;
	return map->own_fd >= 0 ? descriptor_duplicate(map->own_fd) : bpf_obj_get(map->pin_path);
}

static bool explain_array(const struct elfmap_map *map)
{
	CLEANUP(cleanup_fd) int array = reused_array(map);
	const struct elfmap_object *object = map->object;
	struct owner_kind kind;

	if (!find_owner(map, array, &kind))
		return false;
	for (size_t i = 0; i < object->nr_programs; i++)
		if (is_refused(&object->programs[i], map, array, &kind))
			return true;
	return false;
}

bool owner_explain_load(const struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++)
		if (object->maps[i].def.type == BPF_MAP_TYPE_PROG_ARRAY &&
		    explain_array(&object->maps[i]))
			return true;
	return false;
}
