// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <net/if.h>

#include <bpf/libbpf.h>

#include "test/door.h"
#include "test/kernel.h"
#include "test/opening.h"
#include "test/tests.h"

struct elfmap_object *open_named(const char *name, const char *as, int pin_lock)
{
	LIBBPF_OPTS(bpf_object_open_opts, bpf_opts, .object_name = as);
	struct elfmap_open_opts opts = { .sz = sizeof(opts),
					 .bpf_opts = &bpf_opts,
					 .pin_lock = pin_lock };
	struct test_object bytes = object_load(name);
	struct elfmap_object *object = open_object(&bytes, &opts);
	struct elfmap_map *map = NULL;

	while ((map = elfmap_object__next_map(object, map)))
		ck_assert_int_eq(elfmap_map__set_pin_path(map, NULL), 0);
	object_free(&bytes);
	return object;
}

struct elfmap_object *load_named(const char *name, const char *as)
{
	struct elfmap_object *object = open_named(name, as, 0);

	ck_assert_msg(elfmap_object__load(object) == 0, "%s", messages(ELFMAP_LOG_ERROR));
	collect_messages();
	return object;
}

struct elfmap_object *load_door(void)
{
	struct elfmap_object *object = load_named("aya28", "door");
	struct elfmap_program *program = program_of(object, "firewall");
	struct bpf_link *link = bpf_program__attach_xdp(elfmap_program__bpf_program(program),
							(int)if_nametoindex("veth0"));

	ck_assert_ptr_nonnull(elfmap_object__add_link(object, "door", link));
	return object;
}

__u32 program_id(const struct elfmap_object *object, const char *name)
{
	return program_info(elfmap_program__fd(program_of(object, name))).id;
}
