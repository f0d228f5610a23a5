/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 7 for objects that libbpf loaded by itself: the slots that their BTF tells by tags, as libbpf
 * could not be told of them.
 */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "fill.h"
#include "fill_opened.h"
#include "log.h"
#include "open.h"
#include "tags.h"

struct filling {
	const struct bpf_object *object;
	const struct btf *btf;
	const struct bpf_program *asked;
	struct journal journal;
	int count;
};

static int refuse(const struct filling *filling, const char *map, const char *text)
{
	log_error("%s: map \"%s\": the tag \"%.200s\" cannot be read",
		  bpf_object__name(filling->object), map, text);
	return -EINVAL;
}

/* The place of a variable among those of maps, which libbpf keeps in their order. */
static int position_of(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, ".maps", BTF_KIND_DATASEC);
	const struct btf_type *datasec = id < 0 ? NULL : btf__type_by_id(btf, (__u32)id);

	for (int i = 0; datasec && i < btf_vlen(datasec); i++) {
		const struct btf_type *variable =
			btf__type_by_id(btf, btf_var_secinfos(datasec)[i].type);
		const char *found = variable ? btf__name_by_offset(btf, variable->name_off) : NULL;

		if (found && !strcmp(found, name))
			return i;
	}
	return -ENOENT;
}

/* Not by name: a map that was reused has the one that the kernel knows it by, maybe another's here. */
static const struct bpf_map *find_map(const struct filling *filling, const char *name)
{
	int left = position_of(filling->btf, name);
	const struct bpf_map *map;

	if (left < 0)
		return NULL;
	bpf_object__for_each_map(map, filling->object)
		if (!bpf_map__is_internal(map) && left-- == 0)
			return map;
	return NULL;
}

/* The map that a slot is of. */
static const struct bpf_map *map_of(const struct filling *filling, const struct tag_slot *slot,
				    const char **name)
{
	const struct btf_type *variable = btf__type_by_id(filling->btf, slot->variable);

	*name = variable ? btf__name_by_offset(filling->btf, variable->name_off) : NULL;
	return *name ? find_map(filling, *name) : NULL;
}

/* What is to be in the slot, -1 where it was not created. */
static int target_fd(const struct filling *filling, enum bpf_map_type type, const char *name)
{
	const struct bpf_program *program;
	const struct bpf_map *map;

	if (type == BPF_MAP_TYPE_PROG_ARRAY) {
		program = bpf_object__find_program_by_name(filling->object, name);
		return program && program != filling->asked ? bpf_program__fd(program) : -1;
	}
	map = find_map(filling, name);
	return map ? open_map_fd(map) : -1;
}

static int fill(const struct tag_slot *slot, void *ctx)
{
	struct filling *filling = ctx;
	const char *name;
	const struct bpf_map *map = map_of(filling, slot, &name);
	int fd, err;

	if (!map || open_map_fd(map) < 0)
		return 0;
	if (!slot->is_good)
		return refuse(filling, name, slot->text);
	fd = target_fd(filling, bpf_map__type(map), slot->target);
	if (fd < 0)
		return 0;
	err = fill_check(bpf_object__name(filling->object), name, map);
	if (!err)
		err = fill_remember(&filling->journal, bpf_map__fd(map), bpf_map__type(map),
				    slot->key);
	if (!err && bpf_map_update_elem(bpf_map__fd(map), &slot->key, &fd, BPF_ANY)) {
		err = -errno;
		log_error("%s: map \"%s\": slot %u: cannot store \"%s\": %s",
			  bpf_object__name(filling->object), name, slot->key, slot->target,
			  strerror(-err));
	}
	filling->count += !err;
	return err;
}

/* Before the load; what cannot be read is refused after it. */
static int choose(const struct tag_slot *slot, void *ctx)
{
	const struct filling *filling = ctx;
	const char *name;
	const struct bpf_map *map = map_of(filling, slot, &name);
	struct bpf_program *program;
	int err;

	if (!map || !slot->is_good || bpf_map__type(map) != BPF_MAP_TYPE_PROG_ARRAY)
		return 0;
	program = bpf_object__find_program_by_name(filling->object, slot->target);
	if (!program || program == filling->asked)
		return 0;
	err = bpf_program__set_type(program, bpf_program__type(filling->asked));
	if (!err)
		err = bpf_program__set_expected_attach_type(
			program, bpf_program__expected_attach_type(filling->asked));
	return err ? err : bpf_program__set_autoload(program, true);
}

int fill_opened_choose(struct bpf_object *opened, const struct bpf_program *asked)
{
	struct filling filling = { .object = opened,
				   .btf = bpf_object__btf(opened),
				   .asked = asked };

	return filling.btf ? tags_for_each_slot(filling.btf, choose, &filling) : 0;
}

static bool is_loaded(const struct bpf_object *object)
{
	struct bpf_program *program;
	const struct bpf_map *map;

	bpf_object__for_each_map(map, object)
		if (open_map_fd(map) >= 0)
			return true;
	bpf_object__for_each_program(program, object)
		if (bpf_program__fd(program) >= 0)
			return true;
	return false;
}

int fill_opened_store(const struct bpf_object *loaded, const struct bpf_program *asked)
{
	struct filling filling = { .object = loaded,
				   .btf = bpf_object__btf(loaded),
				   .asked = asked };
	int err;

	if (!is_loaded(loaded))
		return -ENOENT;
	if (!filling.btf)
		return 0;
	err = tags_for_each_slot(filling.btf, fill, &filling);
	if (err)
		journal_undo(&filling.journal);
	else
		journal_forget(&filling.journal);
	return err ? err : filling.count;
}

int elfmap_fill_slots(const struct bpf_object *obj)
{
	return fill_opened_store(obj, NULL);
}
