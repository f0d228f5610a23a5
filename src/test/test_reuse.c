// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What is pinned is shared: loading again reuses it, as iproute2's loader and libbpf do, or is
 * refused if it is something else.
 */
#include <errno.h>
#include <linux/pkt_cls.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define GLOBALS BPFFS "/tc/globals"
#define PACKETS GLOBALS "/packets"

/* Load a program of testdata, for ingress or egress. */
static void attach(const char *hook, const char *object, const char *section)
{
	struct run run =
		tool("tc filter add dev veth0 %s bpf da obj %s sec %s", hook, object, section);

	assert_status(&run, 0);
	free_run(&run);
}

/* Whether any map of an object is pinned where tc puts it. */
static bool has_pins(const struct outcome_object *object)
{
	for (const struct outcome_map *map = outcome_maps(object); map->name; map++) {
		if (map->pin)
			return true;
	}
	return false;
}

/*
 * The programs of two loads share what is pinned: were pins replaced, or maps made again, the first
 * would count in maps that nobody sees.
 */
START_TEST(test_second_load)
{
	const struct outcome_program *program;
	struct object_file file = tc_case((size_t)_i, &program);
	struct state state = { 0 };
	char *before, *after;

	enter_with_clsact();
	attach("ingress", file.path, program->section);
	before = pinned_maps();
	attach("egress", file.path, program->section);
	after = pinned_maps();
	ck_assert_str_eq(after, before);
	ck_assert_int_eq(*after != '\0', has_pins(file.object));
	ck_assert_uint_ne(attached_program("veth0", TC_H_MIN_INGRESS),
			  attached_program("veth0", TC_H_MIN_EGRESS));
	state_add_program(&state, attached_program("veth0", TC_H_MIN_EGRESS));
	state_add_pins(&state, BPFFS);
	assert_tc_state(&state, &file, program);
	assert_object_pins(&file, LOADER_TC);
	free(before);
	free(after);
}
END_TEST

/* Two programs of an object: what is pinned is one map for both, what is not is one for each. */
START_TEST(test_two_sections)
{
	struct state ingress = { 0 }, egress = { 0 };

	enter_with_clsact();
	attach("ingress", "testdata/elf36.o", "ingress");
	attach("egress", "testdata/elf36.o", "egress");
	state_add_program(&ingress, attached_program("veth0", TC_H_MIN_INGRESS));
	state_add_program(&egress, attached_program("veth0", TC_H_MIN_EGRESS));
	ck_assert_uint_eq(state_map(&ingress, "stats"), state_map(&egress, "stats"));
	ck_assert_uint_eq(state_map(&ingress, "peers"), state_map(&egress, "peers"));
	ck_assert_uint_ne(state_map(&ingress, "scratch"), state_map(&egress, "scratch"));
}
END_TEST

/* Objects with and without BTF of one source share global pins, but no object namespace. */
START_TEST(test_two_objects)
{
	struct state plain = { 0 }, btf = { 0 };

	enter_with_clsact();
	attach("ingress", "testdata/elf28.o", "ingress");
	attach("egress", "testdata/elf28.btf.o", "ingress");
	state_add_program(&plain, attached_program("veth0", TC_H_MIN_INGRESS));
	state_add_program(&btf, attached_program("veth0", TC_H_MIN_EGRESS));
	ck_assert_uint_eq(state_map(&plain, "policy"), state_map(&btf, "policy"));
	ck_assert_uint_ne(state_map(&plain, "next"), state_map(&btf, "next"));
	ck_assert_uint_ne(state_map(&plain, "drops"), state_map(&btf, "drops"));
}
END_TEST

/* A new program, but the counts go on. */
START_TEST(test_replaced_filter)
{
	__u32 key = 0, program;
	__u64 count = 77;
	int fd;

	enter_with_clsact();
	tool_works("tc filter add dev veth0 ingress prio 1 handle 1 bpf da obj testdata/counter.o "
		   "sec ingress");
	program = attached_program("veth0", TC_H_MIN_INGRESS);
	fd = open_pin(PACKETS);
	ck_assert_int_eq(bpf_map_update_elem(fd, &key, &count, BPF_ANY), 0);
	tool_works("tc filter replace dev veth0 ingress prio 1 handle 1 bpf da obj "
		   "testdata/counter.o sec ingress");
	ck_assert_uint_ne(attached_program("veth0", TC_H_MIN_INGRESS), program);
	ck_assert_uint_eq(map_info_of_pin(PACKETS).id, map_info(fd).id);
	ck_assert_uint_eq(program_info_of_id(attached_program("veth0", TC_H_MIN_INGRESS)).maps[0],
			  map_info(fd).id);
	ck_assert_uint_eq(map_counter(fd, 0), 77);
	close(fd);
}
END_TEST

/* Slots of a prog array that is reused hold the programs of the last load. */
START_TEST(test_prog_arrays_are_updated)
{
	__u32 before[2], after;
	int fd;

	enter_with_clsact();
	attach("ingress", "testdata/tailcalls.o", "classifier");
	fd = open_pin(GLOBALS "/steps");
	before[0] = slot_id(fd, 0);
	before[1] = slot_id(fd, 1);
	attach("egress", "testdata/tailcalls.o", "classifier");
	for (__u32 key = 0; key < 2; key++) {
		after = slot_id(fd, key);
		ck_assert_uint_ne(after, 0);
		ck_assert_uint_ne(after, before[key]);
	}
	close(fd);
}
END_TEST

/* An outer map keeps what others have put there since, if all outer maps are reused. */
START_TEST(test_reused_outer_is_left_alone)
{
	__u32 key = 1;
	int fd;

	enter_with_clsact();
	attach("ingress", "testdata/demo.o", "ingress");
	fd = open_pin(GLOBALS "/directions");
	ck_assert_int_eq(bpf_map_delete_elem(fd, &key), 0);
	attach("egress", "testdata/demo.o", "egress");
	ck_assert_uint_eq(slot_id(fd, 0), map_info_of_pin(GLOBALS "/packets_in").id);
	ck_assert_uint_eq(slot_id(fd, 1), 0);
	close(fd);
}
END_TEST

/* nested.o with all its outer maps pinned, which its inner maps are not. */
static const char *nested_with_pinned_outers(void)
{
	struct test_object object = object_load("nested");

	*object_map_word(&object, "by_direction", 6) = 2;
	*object_map_word(&object, "later", 6) = 2;
	*object_map_word(&object, "by_mark", 6) = 2;
	return scratch_object("nested.o", object);
}

/* If one outer map is new, all are filled anew: else the program sees two sets of inner maps. */
START_TEST(test_outers_are_filled_if_one_is_new)
{
	const char *path = nested_with_pinned_outers();
	__u32 before, after;
	int fd;

	enter_with_clsact();
	attach("ingress", path, "classifier");
	fd = open_pin(GLOBALS "/mirror");
	before = slot_id(fd, 0);
	attach("egress", path, "classifier");
	ck_assert_uint_eq(slot_id(fd, 0), before);

	ck_assert_int_eq(unlink(GLOBALS "/by_direction"), 0);
	attach("egress", path, "classifier");
	after = slot_id(fd, 0);
	ck_assert_uint_ne(after, before);
	close(fd);
	fd = open_pin(GLOBALS "/by_direction");
	ck_assert_uint_eq(slot_id(fd, 0), after);
	close(fd);
}
END_TEST

/* Maps of devices are reused, although the kernel has added a flag to theirs. */
START_TEST(test_devmap)
{
	struct object_file file = object_file_at("testdata/xdp.o");
	const struct outcome_map *ports = outcome_map(file.object, "ports");
	char *path CLEANUP(cleanup_free) = pin_path(&file, ports, LOADER_LIBRARY);
	struct run run;
	__u32 id;

	enter_kernel();
	for (int i = 0; i < 2; i++) {
		run = tool("load %s", file.path);
		assert_status(&run, 0);
		free_run(&run);
		if (!i)
			id = map_info_of_pin(path).id;
	}
	ck_assert_uint_eq(map_info_of_pin(path).id, id);
	assert_object_pins(&file, LOADER_LIBRARY);
}
END_TEST

/* --- pins that hold something else -------------------------------------------------------- */

/* One attribute of `packets` each, and what is said of it; then all at once. */
static const struct other_map {
	struct bpf_map_info info; /* as far as it says how to make one */
	const char *said[5];
} other_maps[] = {
	{ { .type = BPF_MAP_TYPE_HASH, .key_size = 4, .value_size = 8, .max_entries = 1 },
	  { "type hash, expected array" } },
	{ { .type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 16, .max_entries = 1 },
	  { "value_size 16, expected 8" } },
	{ { .type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 3 },
	  { "max_entries 3, expected 1" } },
	{ { .type = BPF_MAP_TYPE_ARRAY,
	    .key_size = 4,
	    .value_size = 8,
	    .max_entries = 1,
	    .map_flags = BPF_F_MMAPABLE },
	  { "map_flags 1024, expected 0" } },
	{ { .type = BPF_MAP_TYPE_HASH,
	    .key_size = 8,
	    .value_size = 4,
	    .max_entries = 2,
	    .map_flags = BPF_F_NO_PREALLOC },
	  { "type hash, expected array", "key_size 8, expected 4", "value_size 4, expected 8",
	    "max_entries 2, expected 1", "map_flags 1, expected 0" } },
};
#define NR_OTHER_MAPS (sizeof(other_maps) / sizeof(other_maps[0]))

static int make_map(const struct bpf_map_info *info)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = info->map_flags);
	int fd = bpf_map_create((enum bpf_map_type)info->type, "other", info->key_size,
				info->value_size, info->max_entries, &opts);

	ck_assert_msg(fd >= 0, "making a map: %s", strerror(errno));
	return fd;
}

/* Make a map and pin it, which needs its directory. */
static void pin_map(const struct bpf_map_info *info, const char *path)
{
	int fd CLEANUP(cleanup_fd) = make_map(info);

	mkdir(BPFFS "/tc", 0700);
	mkdir(GLOBALS, 0700);
	ck_assert_msg(bpf_obj_pin(fd, path) == 0, "%s: %s", path, strerror(errno));
}

/* A map that differs in any attribute is refused, all differences named, and nothing changes. */
START_TEST(test_other_map)
{
	const struct other_map *other = &other_maps[_i];
	char *before;
	struct run run;

	enter_with_clsact();
	pin_map(&other->info, PACKETS);
	before = snapshot();
	run = tool("tc filter add dev veth0 ingress bpf da obj testdata/counter.o sec ingress");
	for (size_t i = 0; i < 5 && other->said[i]; i++)
		ck_assert_msg(strstr(run.err, other->said[i]), "%s", run.err);
	assert_refusal(run, "testdata/counter.o", "\"packets\"", PACKETS);
	assert_unchanged(before);
}
END_TEST

/* Attributes that agree are not among the differences. */
START_TEST(test_only_differences_are_named)
{
	struct run run;

	enter_with_clsact();
	pin_map(&other_maps[1].info, PACKETS);
	run = tool("tc filter add dev veth0 ingress bpf da obj testdata/counter.o sec ingress");
	ck_assert_ptr_null(strstr(run.err, "key_size"));
	ck_assert_ptr_null(strstr(run.err, "max_entries"));
	ck_assert_ptr_null(strstr(run.err, "flags"));
	free_run(&run);
}
END_TEST

/* A program in a map's place is no map. */
START_TEST(test_program_in_the_place)
{
	static const struct bpf_insn insns[] = {
		{ BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0 },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	char *before;
	int fd;

	enter_with_clsact();
	fd = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "program", "GPL", insns, 2, NULL);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(mkdir(BPFFS "/tc", 0700), 0);
	ck_assert_int_eq(mkdir(GLOBALS, 0700), 0);
	ck_assert_int_eq(bpf_obj_pin(fd, PACKETS), 0);
	close(fd);
	before = snapshot();
	assert_refusal(
		tool("tc filter add dev veth0 ingress bpf da obj testdata/counter.o sec ingress"),
		"testdata/counter.o", "\"packets\"", PACKETS, "no map");
	assert_unchanged(before);
}
END_TEST

/* --- races -------------------------------------------------------------------------------- */

/* The map that another loader pins while the library is at work. */
static const struct bpf_map_info *racing_map;

/*
 * The library says that it reuses a map: it has looked for all others before, so this is the time
 * between that and its own pins.
 */
static void pin_meanwhile(enum elfmap_log_level level, const char *message, void *ctx)
{
	const struct bpf_map_info *map = racing_map;

	(void)ctx;
	if (level != ELFMAP_LOG_INFO || !strstr(message, "packets_out"))
		return;
	racing_map = NULL;
	if (map)
		pin_map(map, GLOBALS "/protocols");
}

/* Of demo.o all pins are gone but that of the last map. */
static struct elfmap_object *open_for_race(const struct bpf_map_info *map)
{
	static const char *const gone[] = { "protocols", "bytes", "jumps", "directions",
					    "packets_in" };
	struct elfmap_object *object = open_name("demo");

	ck_assert_int_eq(elfmap_object__load(object), 0);
	elfmap_object__close(object);
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), GLOBALS "/%s", gone[i]);
		ck_assert_int_eq(unlink(path), 0);
	}
	object = open_name("demo");
	racing_map = map;
	return object;
}

/* A pin that appears in the meantime is reused: no error, and not overwritten. */
START_TEST(test_race)
{
	static const struct bpf_map_info protocols = {
		.type = BPF_MAP_TYPE_HASH, .key_size = 4, .value_size = 8, .max_entries = 64
	};
	struct elfmap_object *object;

	enter_kernel();
	object = open_for_race(&protocols);
	elfmap_set_log(pin_meanwhile, NULL);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_ptr_null(racing_map);
	ck_assert_str_eq(map_info_of_pin(GLOBALS "/protocols").name, "other");
	ck_assert_uint_eq(map_info_of_pin(GLOBALS "/protocols").id,
			  map_info(elfmap_map__fd(map_of(object, "protocols"))).id);
	ck_assert_uint_eq(map_info_of_pin(GLOBALS "/bytes").id,
			  map_info(elfmap_map__fd(map_of(object, "bytes"))).id);
	elfmap_object__close(object);
	assert_tree("ip -> tc\ntc/\ntc/globals/\ntc/globals/bytes\ntc/globals/directions\n"
		    "tc/globals/jumps\ntc/globals/packets_in\ntc/globals/packets_out\n"
		    "tc/globals/protocols\nxdp -> tc\n");
}
END_TEST

/* Whoever loses a race to another map takes its own pins away, and leaves the winner's. */
START_TEST(test_lost_race)
{
	struct elfmap_object *object;

	enter_kernel();
	object = open_for_race(&other_maps[0].info);
	elfmap_set_log(pin_meanwhile, NULL);
	ck_assert_int_eq(elfmap_object__load(object), -EEXIST);
	elfmap_object__close(object);
	ck_assert_str_eq(map_info_of_pin(GLOBALS "/protocols").name, "other");
	assert_tree("ip -> tc\ntc/\ntc/globals/\ntc/globals/packets_out\ntc/globals/protocols\n"
		    "xdp -> tc\n");
}
END_TEST

/* Loads until the pipe is closed, and checks that the map in the pin is its own. */
static int load_beside_others(int start)
{
	struct elfmap_object *object = open_name("elf36");
	char byte;
	int err;

	if (read(start, &byte, 1) != 0)
		return 1;
	err = elfmap_object__load(object);
	if (!err && map_info(elfmap_map__fd(map_of(object, "peers"))).id !=
			    map_info_of_pin(GLOBALS "/peers").id)
		err = -ESTALE;
	elfmap_object__close(object);
	return err ? 1 : 0;
}

/* Of loads at the same time one makes the maps, and all others use them. */
START_TEST(test_loads_at_the_same_time)
{
	enum {
		LOADS = 8
	};
	int start[2], status;

	enter_kernel();
	ck_assert_int_eq(pipe(start), 0);
	for (int i = 0; i < LOADS; i++) {
		pid_t child = fork();

		ck_assert_int_ge(child, 0);
		if (child == 0) {
			close(start[1]);
			_exit(load_beside_others(start[0]));
		}
	}
	close(start[0]);
	close(start[1]);
	for (int i = 0; i < LOADS; i++) {
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
}
END_TEST

Suite *reuse_suite(void)
{
	Suite *suite = suite_of("reuse", test_two_sections, test_two_objects, test_replaced_filter,
				test_prog_arrays_are_updated, test_reused_outer_is_left_alone,
				test_outers_are_filled_if_one_is_new, test_devmap,
				test_only_differences_are_named, test_program_in_the_place,
				test_race, test_lost_race);

	add_loop_test(suite, test_loads_at_the_same_time, 10);
	add_loop_test(suite, test_second_load, nr_tc_cases());
	add_loop_test(suite, test_other_map, NR_OTHER_MAPS);
	return suite;
}
