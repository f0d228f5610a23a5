// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The translation in the kernel: loaded by the library, by a plain libbpf, by bpftool and by tc, it
 * is what the original is for the loaders it was made for.
 */
#include <errno.h>
#include <linux/pkt_cls.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/loaded.h"
#include "test/namespace.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

/* Convert to a file of the original's name, which libbpf's own maps are named after. */
static const char *convert_file(const struct object_file *file, const char *path)
{
	char name[64];
	const char *converted;
	struct run run;

	snprintf(name, sizeof(name), "%s.o", file->object->name);
	converted = scratch_path(name);
	run = tool("convert %s %s", path, converted);
	assert_status(&run, 0);
	free_run(&run);
	return converted;
}

/* --- the library -------------------------------------------------------------------------- */

/* What the others are held against, from the library's own load. */
START_TEST(test_library)
{
	struct object_file file = object_file((size_t)_i);
	struct elfmap_program *program = NULL;
	struct elfmap_object *object;
	struct state state = { 0 };

	enter_kernel();
	object = elfmap_object__open_file(file.path, NULL);
	ck_assert_ptr_nonnull(object);
	while ((program = elfmap_object__next_program(object, program))) {
		if (!elfmap_program__type(program))
			elfmap_program__set_type(program, BPF_PROG_TYPE_SCHED_CLS);
	}
	ck_assert_int_eq(elfmap_object__load(object), 0);
	state_add_object(&state, object);
	assert_whole_state(&state, &file);
	assert_object_pins(&file, LOADER_LIBRARY);
	elfmap_object__close(object);
	assert_object_pins(&file, LOADER_LIBRARY);
}
END_TEST

/* --- libbpf ------------------------------------------------------------------------------- */

/* Types where a section's name tells libbpf none: the caller's part. */
static void set_types(struct bpf_object *object, const struct object_file *file)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object) {
		const char *name = bpf_program__name(program);
		const struct outcome_program *expected = outcome_program(file->object, name);

		ck_assert_msg(expected, "%s: what is %s?", file->path, name);
		if (!bpf_program__type(program))
			bpf_program__set_type(program, (enum bpf_prog_type)expected->type);
	}
}

/* Load, which must succeed, and read the state. */
static void load(struct bpf_object *object, const struct object_file *file, struct state *state)
{
	struct bpf_program *program;
	struct bpf_map *map;
	int err;

	ck_assert_msg(object, "%s: %s", file->path, strerror(errno));
	set_types(object, file);
	err = bpf_object__load(object);
	ck_assert_msg(err == 0, "%s: %s", file->path, strerror(-err));
	bpf_object__for_each_map(map, object)
		state_add_map(state, map_info(bpf_map__fd(map)).id);
	bpf_object__for_each_program(program, object)
		state_add_program(state, program_info(bpf_program__fd(program)).id);
	assert_whole_state(state, file);
}

/* A converted file needs no elfmap: same programs, maps and slots, pins where libbpf has them. */
START_TEST(test_libbpf)
{
	struct object_file file = object_file((size_t)_i);
	struct bpf_object *object;
	struct state state = { 0 };

	enter_kernel();
	object = bpf_object__open_file(convert_file(&file, file.path), NULL);
	load(object, &file, &state);
	assert_object_pins(&file, LOADER_LIBBPF);
	bpf_object__close(object);
}
END_TEST

/* A second load of a converted file shares the pinned maps. */
START_TEST(test_libbpf_again)
{
	struct object_file file = object_file_at("testdata/demo.o");
	struct state first = { 0 }, second = { 0 };
	struct bpf_object *objects[2];
	const char *path;

	enter_kernel();
	path = convert_file(&file, file.path);
	objects[0] = bpf_object__open_file(path, NULL);
	load(objects[0], &file, &first);
	objects[1] = bpf_object__open_file(path, NULL);
	load(objects[1], &file, &second);
	ck_assert_uint_eq(state_map(&first, "protocols"), state_map(&second, "protocols"));
	ck_assert_uint_eq(state_map(&first, "directions"), state_map(&second, "directions"));
	bpf_object__close(objects[0]);
	bpf_object__close(objects[1]);
}
END_TEST

/* The drop-in for bpf_object__open_file(): libbpf's own load does what the library's does. */
START_TEST(test_open_file)
{
	struct object_file file = object_file((size_t)_i);
	struct bpf_object *object;
	struct state state = { 0 };

	enter_kernel();
	object = elfmap_open_file(file.path, NULL);
	load(object, &file, &state);
	assert_object_pins(&file, LOADER_LIBRARY);
	bpf_object__close(object);
	assert_object_pins(&file, LOADER_LIBRARY);
}
END_TEST

/* The same from memory that is gone by the time of the load. */
START_TEST(test_open_mem)
{
	LIBBPF_OPTS(bpf_object_open_opts, bpf_opts);
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .bpf_opts = &bpf_opts };
	struct object_file file = object_file((size_t)_i);
	struct test_object bytes;
	struct bpf_object *object;
	struct state state = { 0 };

	enter_kernel();
	bytes = object_load(file.name);
	bpf_opts.object_name = file.object->name;
	object = elfmap_open_mem(bytes.bytes, bytes.size, &opts);
	memset(bytes.bytes, 0xa5, bytes.size);
	object_free(&bytes);
	load(object, &file, &state);
	assert_object_pins(&file, LOADER_LIBRARY);
	bpf_object__close(object);
}
END_TEST

/* The drop-in finds what is pinned, and libbpf what is not the same. */
START_TEST(test_open_file_again)
{
	struct object_file file = object_file_at("testdata/elf36.o");
	struct state first = { 0 }, second = { 0 };
	struct bpf_object *objects[2];

	enter_kernel();
	objects[0] = elfmap_open_file(file.path, NULL);
	load(objects[0], &file, &first);
	objects[1] = elfmap_open_file(file.path, NULL);
	load(objects[1], &file, &second);
	ck_assert_uint_eq(state_map(&first, "stats"), state_map(&second, "stats"));
	ck_assert_uint_eq(state_map(&first, "peers"), state_map(&second, "peers"));
	ck_assert_uint_ne(state_map(&first, "scratch"), state_map(&second, "scratch"));
	bpf_object__close(objects[0]);
	bpf_object__close(objects[1]);
}
END_TEST

/* The numbers of the database and a directory for all pins are the drop-in's too. */
START_TEST(test_open_file_with_pins)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .pin_dir = BPFFS "/mine" };
	struct object_file file = object_file_at("testdata/custom_pin.o");
	struct bpf_object *object;
	struct state state = { 0 };

	enter_kernel();
	put_pinning_database("3 my_subpath\n");
	object = elfmap_open_file(file.path, NULL);
	load(object, &file, &state);
	bpf_object__close(object);
	assert_tree("ip -> tc\nmy_subpath/\nmy_subpath/listed\ntc/\ntc/globals/\nxdp -> tc\n");

	memset(&state, 0, sizeof(state));
	object = elfmap_open_file(file.path, &opts);
	load(object, &file, &state);
	bpf_object__close(object);
	ck_assert_uint_eq(map_info_of_pin(BPFFS "/mine/below").id, state_map(&state, "below"));
	assert_tree("ip -> tc\nmine/\nmine/below\nmine/listed\nmine/unlisted\n"
		    "my_subpath/\nmy_subpath/listed\ntc/\ntc/globals/\nxdp -> tc\n");
}
END_TEST

/* --- stock tools -------------------------------------------------------------------------- */

/* A stock tool's command fails, and no pin of a program or filter is there. */
static void assert_failed(struct run run)
{
	char *pins CLEANUP(cleanup_free) = list_pins(BPFFS);

	ck_assert_int_ne(run.status, 0);
	ck_assert_str_eq(pins, "");
	ck_assert_uint_eq(attached_program("veth0", TC_H_MIN_INGRESS), 0);
	free_run(&run);
}

/* --- bpftool ------------------------------------------------------------------------------ */

static void require_command(const char *name)
{
	if (!have_command(name))
		test_skip("%s is not installed", name);
}

/*
 * The kernel empties a prog array that nobody holds, and bpftool holds none: pin by name those that
 * the object has in its own namespace, which libbpf has no word for.
 */
static const char *pin_prog_arrays_by_name(const struct object_file *file)
{
	struct test_object object = object_load(file->name);

	for (const struct outcome_map *map = outcome_maps(file->object); map->name; map++) {
		if (map->type == BPF_MAP_TYPE_PROG_ARRAY && map->pin == PIN_OBJECT)
			*object_map_word(&object, map->name, 6) = 2;
	}
	return scratch_object("original.o", object);
}

/* Stock bpftool loads it, with all programs as one type, as is its way. */
START_TEST(test_bpftool)
{
	struct object_file file = object_file((size_t)_i);
	bool xdp = file.object->programs->type == BPF_PROG_TYPE_XDP;
	const struct expectation expectation = {
		.file = &file,
		.type = xdp ? BPF_PROG_TYPE_XDP : BPF_PROG_TYPE_SCHED_CLS,
		.only_held = true,
		.loader = LOADER_LIBBPF,
	};
	struct state state = { 0 };
	const char *path;

	if (file.object->loses_tail_calls)
		return;
	require_command("bpftool");
	enter_kernel();
	path = convert_file(&file, pin_prog_arrays_by_name(&file));
	free(output_of("bpftool prog loadall %s " BPFFS "/programs type %s", path,
		       xdp ? "xdp" : "classifier"));
	state_add_pins(&state, BPFFS);
	assert_state(&state, &expectation);
}
END_TEST

/* --- tc ----------------------------------------------------------------------------------- */

/* Built with libbpf: without it tc reads the legacy form alone. */
static void require_stock_tc(void)
{
	char *version;
	bool has_libbpf;

	require_command("tc");
	version = output_of("tc -V");
	has_libbpf = strstr(version, "libbpf 1.");
	free(version);
	if (!has_libbpf)
		test_skip("tc is built without libbpf 1.x");
}

/* Whether a slot holds a program, other than one that may be NULL. */
static bool has_tail_calls(const struct outcome_object *object, const struct outcome_program *but)
{
	for (const struct outcome_slot *slot = object->slots; slot->map; slot++) {
		const struct outcome_program *program = outcome_program(object, slot->target);

		if (program && program != but)
			return true;
	}
	return false;
}

/*
 * Stock tc loads what was converted, from the section that was asked for. A known limit: it loads
 * no other section, so an object whose slots hold programs of others is refused by libbpf. For
 * these there is elfmap tc.
 */
START_TEST(test_stock_tc)
{
	const struct outcome_program *program;
	struct object_file file = tc_case((size_t)_i, &program);
	/* .text holds no programs for libbpf, so that one's section has another name then */
	const char *section = strcmp(program->section, ".text") ? program->section : "text";
	const struct expectation expectation = {
		.file = &file,
		.asked = program,
		.type = BPF_PROG_TYPE_SCHED_CLS,
		.only_held = true,
		.loader = LOADER_STOCK_TC,
	};
	struct state state = { 0 };
	const char *path;

	require_stock_tc();
	enter_kernel();
	path = convert_file(&file, file.path);
	free(output_of("tc qdisc add dev veth0 clsact"));
	if (has_tail_calls(file.object, program)) {
		assert_failed(command("tc filter add dev veth0 ingress bpf da obj %s sec %s", path,
				      section));
		return;
	}
	free(output_of("tc filter add dev veth0 ingress bpf da obj %s sec %s", path, section));
	state_add_program(&state, attached_program("veth0", TC_H_MIN_INGRESS));
	ck_assert_str_eq(state.programs[0].name, program->name);
	/* one that is tail-called itself is put into its slot here, and by iproute2's loader not */
	if (has_tail_calls(file.object, NULL))
		return;
	state_add_pins(&state, BPFFS);
	assert_state(&state, &expectation);
}
END_TEST

/* The same for XDP. */
START_TEST(test_stock_ip)
{
	struct object_file file = object_file_at(_i ? "testdata/xdp.btf.o" : "testdata/xdp.o");
	const struct expectation expectation = {
		.file = &file,
		.only_held = true,
		.loader = LOADER_STOCK_TC,
	};
	struct state state = { 0 };

	require_stock_tc();
	require_command("ip");
	enter_kernel();
	free(output_of("ip link set dev veth0 xdp obj %s sec prog",
		       convert_file(&file, file.path)));
	state_add_program(&state, attached_xdp_program("veth0"));
	state_add_pins(&state, BPFFS);
	assert_state(&state, &expectation);
}
END_TEST

/* A pin of stock tc is one of elfmap tc, and the other way round. */
START_TEST(test_pins_shared_with_stock_tc)
{
	struct object_file file = object_file_at("testdata/counter.o");
	__u32 id;

	require_stock_tc();
	enter_kernel();
	tool_works("tc qdisc add dev veth0 clsact");
	tool_works("tc filter add dev veth0 ingress bpf da obj testdata/counter.o sec ingress");
	id = map_info_of_pin(BPFFS "/tc/globals/packets").id;
	free(output_of("tc filter add dev veth0 egress bpf da obj %s sec ingress",
		       convert_file(&file, file.path)));
	ck_assert_uint_eq(program_info_of_id(attached_program("veth0", TC_H_MIN_EGRESS)).maps[0],
			  id);
	assert_object_pins(&file, LOADER_TC);
}
END_TEST

Suite *converted_suite(void)
{
	Suite *suite = suite_of("converted", test_libbpf_again, test_open_file_again,
				test_open_file_with_pins, test_pins_shared_with_stock_tc);

	add_loop_test(suite, test_library, nr_object_files());
	add_loop_test(suite, test_libbpf, nr_object_files());
	add_loop_test(suite, test_open_file, nr_object_files());
	add_loop_test(suite, test_open_mem, nr_object_files());
	add_loop_test(suite, test_bpftool, nr_object_files());
	add_loop_test(suite, test_stock_tc, nr_tc_cases());
	add_loop_test(suite, test_stock_ip, 2);
	return suite;
}
