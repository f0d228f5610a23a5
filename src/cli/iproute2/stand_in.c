/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "choose_program.h"
#include "cleanup.h"
#include "cli/cli.h"
#include "cli/object.h"
#include "stand_in.h"
#include "cli/memory.h"

static int load_nothing(__u32 type)
{
	static const struct bpf_insn nothing[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load((enum bpf_prog_type)type, NULL, "GPL", nothing,
			     sizeof(nothing) / sizeof(nothing[0]), NULL);
}

/* The object is only needed to find out in which section a program of some name is. */
static enum cli_status name_object(struct cli *cli, const struct program_choice *choice,
				   struct loaded_program *loaded)
{
	CLEANUP(cleanup_object) struct elfmap_object *obj = NULL;
	const char *section = choice->section ? choice->section : choice->kind->default_section;
	const struct object_options options = { .pin_dir = NULL };
	const struct elfmap_program *chosen;

	if (choice->program && !choice->section) {
		obj = object_open(cli, choice->object, &options);
		chosen = obj ? choose_program(cli, obj, choice) : NULL;
		if (!chosen)
			return CLI_REFUSED;
		section = elfmap_program__section(chosen);
	}
	program_set_name(loaded, choice->object, section);
	return CLI_OK;
}

enum cli_status stand_in_load(struct cli *cli, const struct program_choice *choice,
			      struct loaded_program *loaded)
{
	struct loaded_program program = NO_PROGRAM;
	enum cli_status status;

	if (choice->pinned)
		program_set_name(&program, choice->pinned, NULL);
	else if ((status = name_object(cli, choice, &program)) != CLI_OK)
		return status;
	program.fd = load_nothing(choice->kind->type);
	if (program.fd < 0) {
		message_refused(cli, program.fd, "%s: cannot load a program of type %s",
				program.name, program_type_name(choice->kind->type));
		return CLI_KERNEL;
	}
	*loaded = program;
	return CLI_OK;
}
