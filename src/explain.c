/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/utsname.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "explain.h"
#include "log.h"
#include "messages.h"
#include "owner.h"
#include "rights.h"
#include "slots.h"

/* --- causes ------------------------------------------------------------------------------------ */

static const char *kernel_name(struct utsname *name)
{
	return uname(name) ? "unknown" : name->release;
}

static bool has_no_bpf(const struct elfmap_object *object)
{
	log_error(
		"%s: libbpf cannot load it: %s: this kernel has no bpf(2): load it on one that is "
		"built with CONFIG_BPF_SYSCALL, and outside of containers that hide it",
		object->view.name, strerror(ENOSYS));
	return true;
}

static bool lacks_rights(const struct elfmap_object *object)
{
	char text[RIGHTS_TEXT_MAX];

	log_error("%s: libbpf cannot load it: %s%s", object->view.name, strerror(EPERM),
		  rights_remark(-EPERM, text));
	return true;
}

/* Whether a driver takes the smallest of programs for its hardware. */
static bool device_takes(const struct elfmap_program *program, uint32_t ifindex)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_ifindex = ifindex);
	CLEANUP(cleanup_fd)
	int fd = bpf_prog_load((enum bpf_prog_type)program->type, NULL, "GPL", insns,
			       sizeof(insns) / sizeof(insns[0]), &opts);

	return fd >= 0;
}

static bool device_has_no_offload(const struct elfmap_object *object)
{
	const struct elfmap_program *program = object->programs;
	char device[IF_NAMESIZE];
	bool was_asked = false;

	if (!object->ifindex)
		return false;
	if (!if_indextoname(object->ifindex, device)) {
		log_error("%s: no device has the index %u, for whose hardware it is to be loaded",
			  object->view.name, object->ifindex);
		return true;
	}
	for (size_t i = 0; i < object->nr_programs; i++, program++) {
		if (!program->autoload || program->subprogram)
			continue;
		if (device_takes(program, object->ifindex))
			return false;
		was_asked = true;
	}
	if (!was_asked)
		return false;
	log_error("%s: the driver of %s has no BPF offload: load it for the kernel instead "
		  "(elfmap tc: without skip_sw; elfmap ip: xdp in place of xdpoffload)",
		  object->view.name, device);
	return true;
}

static bool has_no_inner(const struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];

		if (map->native || !is_outer_type(map->def.type) || map->inner || map->reused)
			continue;
		map_error(map, "the object does not say which its inner map is: its own "
			       "loader sets that (bpf_map__set_inner_map_fd)");
		return true;
	}
	return false;
}

static bool kernel_lacks_map_type(const struct elfmap_object *object)
{
	struct utsname name;

	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];
		enum bpf_map_type type = (enum bpf_map_type)map->def.type;

		if (map->reused || libbpf_probe_bpf_map_type(type, NULL))
			continue;
		map_error(map,
			  "this kernel (%s) has no maps of type %s: load it on a newer "
			  "one, or on one that is built with them",
			  kernel_name(&name), libbpf_bpf_map_type_str(type));
		return true;
	}
	return false;
}

static bool kernel_lacks_program_type(const struct elfmap_object *object)
{
	struct utsname name;

	for (size_t i = 0; i < object->nr_programs; i++) {
		const struct elfmap_program *program = &object->programs[i];
		enum bpf_prog_type type = (enum bpf_prog_type)program->type;

		if (!program->autoload || program->subprogram ||
		    libbpf_probe_bpf_prog_type(type, NULL))
			continue;
		program_error(program,
			      "this kernel (%s) has no programs of type %s: load it on a "
			      "newer one, or on one that is built with them",
			      kernel_name(&name), libbpf_bpf_prog_type_str(type));
		return true;
	}
	return false;
}

/* In the order in which they are asked for. */
static const struct cause {
	int err;
	/* says it and returns true if this is what the load failed of */
	bool (*explain)(const struct elfmap_object *object);
} causes[] = {
	{ -ENOSYS, has_no_bpf },
	{ -EPERM, lacks_rights },
	{ -EINVAL, device_has_no_offload },
	{ -EOPNOTSUPP, device_has_no_offload },
	{ -ENODEV, device_has_no_offload },
	/* the kernel's descriptor 0 is what libbpf gives then */
	{ -EINVAL, has_no_inner },
	{ -EBADF, has_no_inner },
	{ -EINVAL, kernel_lacks_map_type },
	{ -EINVAL, kernel_lacks_program_type },
	{ -EINVAL, owner_explain_load },
};

/* --- failures ---------------------------------------------------------------------------------- */

int explain_load(const struct elfmap_object *object, int err)
{
	char reason[128];

	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (causes[i].err == err && causes[i].explain(object))
			return err;
	libbpf_strerror(err, reason, sizeof(reason));
	/* libbpf says on its own callback which map or program it was */
	log_error("%s: libbpf cannot load it: %s", object->view.name, reason);
	return err;
}

int explain_slot(const struct elfmap_map *map, const struct map_slot *slot, int err)
{
	CLEANUP(cleanup_free) char *why = NULL;

	if (err == -EINVAL && slot->program)
		why = owner_explain_slot(map, slot->program);
	if (err == -EINVAL && slot->map)
		why = strdup("type, key size, value size and flags must equal the inner map's");
	map_error(map, "slot %u: the kernel does not store \"%s\" there: %s%s%s", slot->key,
		  slot_target(slot), strerror(-err), why ? ": " : "", why ? why : "");
	return err;
}
