/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Loading the program that a command attaches. The rules are those of iproute2's own loader
 * (lib/bpf_legacy.c there): of the object's programs only the requested one and the tail-called
 * ones are loaded, all with one type.
 */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>

#include "choose_program.h"
#include "cleanup.h"
#include "cli/cli.h"
#include "descriptor.h"
#include "elfmap.h"
#include "iproute2.h"
#include "cli/object.h"
#include "program.h"
#include "cli/tail_calls.h"
#include "words.h"
#include "cli/memory.h"

static const struct program_kind kinds[] = {
	{ "cls", BPF_PROG_TYPE_SCHED_CLS, "classifier", true },
	{ "act", BPF_PROG_TYPE_SCHED_ACT, "action", true },
	{ "xdp", BPF_PROG_TYPE_XDP, "prog", false },
	{ "lwt_in", BPF_PROG_TYPE_LWT_IN, "prog", false },
	{ "lwt_out", BPF_PROG_TYPE_LWT_OUT, "prog", false },
	{ "lwt_xmit", BPF_PROG_TYPE_LWT_XMIT, "prog", false },
	{ "lwt_seg6local", BPF_PROG_TYPE_LWT_SEG6LOCAL, "prog", false },
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

const struct program_kind *program_kind_of(__u32 type)
{
	size_t i;

	for (i = 0; i < NR_KINDS; i++) {
		if (kinds[i].type == type)
			return &kinds[i];
	}
	return NULL;
}

const struct program_kind *program_kind_named(const char *word)
{
	size_t i;

	for (i = 0; i < NR_KINDS; i++) {
		if (word_matches(word, kinds[i].word))
			return &kinds[i];
	}
	return NULL;
}

/* --- from an object file ------------------------------------------------------------------ */

static bool is_pinned(const struct elfmap_map *map)
{
	const char *path = elfmap_map__pin_path(map);
	CLEANUP(cleanup_fd) int fd = path ? bpf_obj_get(path) : -1;

	return fd >= 0;
}

/* Whether a program is loaded because a prog array holds it. */
static bool is_tail_called(const struct program_choice *choice, struct elfmap_program *program)
{
	const struct elfmap_map *map = elfmap_program__tail_call(program, NULL);

	if (!map || !choice->keeps_live_slots || !is_pinned(map))
		return map;
	elfmap_program__clear_tail_call(program);
	return false;
}

static void mark_for_load(const struct program_choice *choice, const struct elfmap_object *obj,
			  struct elfmap_program *chosen)
{
	struct elfmap_program *program = NULL;
	bool wanted;

	/* iproute2 does not store the requested program in a slot of its own */
	elfmap_program__clear_tail_call(chosen);
	while ((program = elfmap_object__next_program(obj, program))) {
		if (elfmap_program__is_subprogram(program))
			continue;
		wanted = program == chosen || is_tail_called(choice, program);
		elfmap_program__set_autoload(program, wanted);
		if (!wanted)
			continue;
		elfmap_program__set_type(program, choice->kind->type);
		elfmap_program__set_expected_attach_type(program, choice->attach_type);
	}
}

void program_set_name(struct loaded_program *loaded, const char *path, const char *section)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	snprintf(loaded->name, sizeof(loaded->name), "%s:[%s]", basename(copy),
		 section ? section : "*fsobj");
}

/* The text of pin_root is borrowed until the object is loaded. */
static struct elfmap_object *open_object(struct cli *cli, const struct program_choice *choice,
					 int pin_lock, const char *pin_root)
{
	const struct object_options options = {
		.verifier_log = cli->verbose || choice->verbose,
		.pin_root = pin_root,
		.pin_lock = pin_lock,
	};

	if (!pin_root)
		out_of_memory();
	if (choice->verbose && !cli->verbose)
		cli->verbose = 1;
	return object_open(cli, choice->object, &options);
}

static bool is_for_tc(__u32 type)
{
	return type == BPF_PROG_TYPE_SCHED_CLS || type == BPF_PROG_TYPE_SCHED_ACT;
}

/* own_type is the type that the section's name tells, 0 if it does not. */
static enum cli_status refused(struct cli *cli, const struct program_choice *choice, int err,
			       const struct elfmap_program *chosen, __u32 own_type)
{
	const __u32 type = choice->kind->type;

	message_refused(cli, err, "%s", choice->object);
	if (own_type && own_type != type && is_for_tc(own_type) != is_for_tc(type) &&
	    err != -ENOTSUP)
		message_detail(cli, "by its name, section %s is of type %s; it was loaded as %s",
			       elfmap_program__section(chosen), program_type_name(own_type),
			       program_type_name(type));
	/* what the object cannot be, or finds in its place, is not the kernel's refusal */
	return err == -EEXIST || (err == -ENOTSUP && !choice->ifindex) ? CLI_REFUSED : CLI_KERNEL;
}

static enum cli_status load_object(struct cli *cli, const struct program_choice *choice,
				   int pin_lock, struct loaded_program *loaded)
{
	CLEANUP(cleanup_free) char *pin_root = iproute2_globals();
	CLEANUP(cleanup_object)
	struct elfmap_object *obj = open_object(cli, choice, pin_lock, pin_root);
	struct elfmap_program *chosen;
	const char *section;
	__u32 own_type;
	int err;

	if (!obj)
		return CLI_REFUSED;
	chosen = choose_program(cli, obj, choice);
	if (!chosen)
		return CLI_REFUSED;
	own_type = elfmap_program__type(chosen);
	mark_for_load(choice, obj, chosen);
	err = elfmap_object__set_ifindex(obj, choice->ifindex);
	if (!err)
		err = tail_calls_keep(cli, obj);
	if (!err)
		err = elfmap_object__load(obj);
	if (err)
		return refused(cli, choice, err, chosen, own_type);
	section = elfmap_program__section(chosen);
	snprintf(loaded->section, sizeof(loaded->section), "%s", section);
	program_set_name(loaded, choice->object, section);
	loaded->fd = elfmap_program__fd(chosen);
	loaded->obj = take_ptr(obj);
	return CLI_OK;
}

/* --- from a pin --------------------------------------------------------------------------- */

static enum cli_status check_pinned(struct cli *cli, const char *path, int fd,
				    const struct program_kind *kind)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	if (!descriptor_is(fd, "bpf-prog")) {
		message_error(cli, "%s: what is pinned there is no program", path);
		return CLI_REFUSED;
	}
	if (kind && !bpf_obj_get_info_by_fd(fd, &info, &size) && info.type != kind->type) {
		message_error(cli, "%s: the program is of type %s, and must be %s", path,
			      program_type_name(info.type), program_type_name(kind->type));
		return CLI_REFUSED;
	}
	return CLI_OK;
}

static enum cli_status get_pinned(struct cli *cli, const struct program_choice *choice,
				  struct loaded_program *loaded)
{
	CLEANUP(cleanup_free) char *path = iproute2_full_path(choice->pinned);
	CLEANUP(cleanup_fd) int fd = -1;
	enum cli_status status;

	if (!path)
		out_of_memory();
	fd = bpf_obj_get(path);
	if (fd < 0)
		return message_refused(cli, -errno, "%s: cannot get the pinned program", path);
	status = check_pinned(cli, path, fd, choice->kind);
	if (status != CLI_OK)
		return status;
	program_set_name(loaded, choice->pinned, NULL);
	loaded->fd = take_fd(&fd);
	return CLI_OK;
}

enum cli_status program_load(struct cli *cli, const struct program_choice *choice, int pin_lock,
			     struct loaded_program *loaded)
{
	if (choice->pinned)
		return get_pinned(cli, choice, loaded);
	return load_object(cli, choice, pin_lock, loaded);
}

void program_undo(struct loaded_program *loaded)
{
	if (loaded->obj)
		elfmap_object__undo_load(loaded->obj);
}

void cleanup_loaded_program(struct loaded_program *loaded)
{
	if (loaded->obj)
		elfmap_object__close(loaded->obj);
	else if (loaded->fd >= 0)
		close(loaded->fd);
}
