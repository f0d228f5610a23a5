// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Objects found again by their pins, once the process that loaded them has ended. */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/if_ether.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/door.h"
#include "test/namespace.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"
#include "test/tracing.h"

#define DIR BPFFS "/all"
#define DOOR DIR "/door"

/* --- the process that loads ---------------------------------------------------------------- */

/* Its program drops what comes in if BLOCKLIST has veth0. */
static void pin_door(void)
{
	struct elfmap_object *object = load_door();
	int device = (int)if_nametoindex("veth0");
	__u64 one = 1;

	ck_assert_int_eq(bpf_map_update_elem(elfmap_map__fd(map_of(object, "BLOCKLIST")), &device,
					     &one, BPF_ANY),
			 0);
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
}

static void pin_globals(void)
{
	ck_assert_int_eq(elfmap_object__pin(load_named("globals", "globals"), DIR), 0);
}

static void pin_tracing(void)
{
	struct elfmap_object *object = open_tracing();

	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_ptr_nonnull(elfmap_program__attach(program_of(object, TRACING_PROGRAM)));
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
}

/* Run it in another process, which then ends and closes nothing itself. */
static void elsewhere(void (*pin)(void))
{
	int status;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (!child) {
		pin();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

static struct elfmap_object *open_pinned(const char *dir)
{
	struct elfmap_object *object;

	collect_messages();
	object = elfmap_object__open_pinned(dir);
	ck_assert_msg(object, "%s: %s", strerror(errno), messages(ELFMAP_LOG_ERROR));
	return object;
}

static void assert_not_opened(const char *dir, int error)
{
	size_t descriptors = count_descriptors();

	collect_messages();
	errno = 0;
	ck_assert_ptr_null(elfmap_object__open_pinned(dir));
	ck_assert_int_eq(errno, error);
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_ERROR), 1);
	ck_assert_uint_eq(count_descriptors(), descriptors);
}

/* --- what is found ------------------------------------------------------------------------- */

static void assert_map(const struct elfmap_object *object, const char *name, const char *path)
{
	struct elfmap_map *map = map_of(object, name);
	const struct elfmap_map_def *def = elfmap_map__def(map);
	struct bpf_map_info info = map_info_of_pin(path);
	__u64 value;

	ck_assert_str_eq(elfmap_map__name(map), name);
	ck_assert_uint_eq(map_info(elfmap_map__fd(map)).id, info.id);
	ck_assert_uint_eq(def->has, ELFMAP_DEF_MAP_FLAGS);
	ck_assert_uint_eq(def->type, info.type);
	ck_assert_uint_eq(def->key_size, info.key_size);
	ck_assert_uint_eq(def->value_size, info.value_size);
	ck_assert_uint_eq(def->max_entries, info.max_entries);
	ck_assert_uint_eq(def->map_flags, info.map_flags);
	ck_assert_int_eq(elfmap_map__field(map, "max_entries", &value), 0);
	ck_assert_uint_eq(value, info.max_entries);
	ck_assert_int_eq(elfmap_map__field(map, "map_flags", &value), 0);
	ck_assert_uint_eq(value, info.map_flags);
	ck_assert_int_eq(elfmap_map__field(map, "pinning", &value), -ENOENT);
	ck_assert_str_eq(elfmap_map__pin_path(map), path);
	ck_assert_str_eq(elfmap_map__layout(map), "pinned");
	ck_assert_str_eq(elfmap_map__evidence(map), "held by its pin");
	ck_assert_str_eq(elfmap_map__section(map), "");
	ck_assert_uint_eq(elfmap_map__offset(map), 0);
}

/* All of an object, global variables too, and in the order of names. */
START_TEST(test_maps)
{
	static const char *const names[] = { "globals_bss", "globals_data", "globals_rodata",
					     "marks", "packets" };
	struct elfmap_object *object;
	struct elfmap_map *map = NULL;
	size_t descriptors;

	enter_kernel();
	elsewhere(pin_globals);
	descriptors = count_descriptors();
	object = open_pinned(DIR "/globals");
	for (size_t i = 0; i < 5; i++) {
		char *path CLEANUP(cleanup_free) = NULL;

		map = elfmap_object__next_map(object, map);
		ck_assert_str_eq(elfmap_map__name(map), names[i]);
		ck_assert_int_gt(asprintf(&path, DIR "/globals/maps/%s", names[i]), 0);
		assert_map(object, names[i], path);
	}
	ck_assert_ptr_null(elfmap_object__next_map(object, map));
	ck_assert_ptr_null(elfmap_object__find_map(object, "globals.bss"));
	ck_assert_int_eq(errno, ENOENT);
	/* five maps and a program, and nothing else */
	ck_assert_uint_eq(count_descriptors(), descriptors + 6);
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_WARNING), 0);
	elfmap_object__close(object);
	ck_assert_uint_eq(count_descriptors(), descriptors);
}
END_TEST

START_TEST(test_programs)
{
	struct elfmap_object *object;
	struct elfmap_program *program;
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	int fd CLEANUP(cleanup_fd) = -1;

	enter_kernel();
	elsewhere(pin_door);
	object = open_pinned(DOOR);
	program = elfmap_object__next_program(object, NULL);
	ck_assert_str_eq(elfmap_program__name(program), "count_filter");
	program = elfmap_object__next_program(object, program);
	ck_assert_str_eq(elfmap_program__name(program), "firewall");
	ck_assert_ptr_null(elfmap_object__next_program(object, program));
	fd = open_pin(DOOR "/programs/firewall");
	ck_assert_int_eq(bpf_obj_get_info_by_fd(fd, &info, &size), 0);
	ck_assert_uint_eq(program_info(elfmap_program__fd(program)).id, info.id);
	ck_assert_uint_eq(info.id, attached_xdp_program("veth0"));
	ck_assert_uint_eq(elfmap_program__type(program), BPF_PROG_TYPE_XDP);
	ck_assert_uint_gt(info.xlated_prog_len, 0);
	ck_assert_uint_eq(elfmap_program__insn_cnt(program),
			  info.xlated_prog_len / sizeof(struct bpf_insn));
	ck_assert_str_eq(elfmap_program__pin_path(program), DOOR "/programs/firewall");
	ck_assert_str_eq(elfmap_program__section(program), "");
	ck_assert(elfmap_program__autoload(program));
	ck_assert(!elfmap_program__is_subprogram(program));
	ck_assert_ptr_null(elfmap_program__tail_call(program, NULL));
	ck_assert_uint_eq(elfmap_program__expected_attach_type(program), 0);
	elfmap_object__close(object);
}
END_TEST

/* The directory itself, the one above it, and by another name of it. */
START_TEST(test_directories)
{
	static const char *const directories[] = { DOOR, DOOR "//", DIR, BPFFS "/all/../all/door",
						   BPFFS "/by_name" };
	struct elfmap_object *object;

	enter_kernel();
	elsewhere(pin_door);
	ck_assert_int_eq(symlink("all", BPFFS "/by_name"), 0);
	object = open_pinned(directories[_i]);
	ck_assert_str_eq(elfmap_object__name(object), DOOR);
	assert_map(object, "COUNTERS", DOOR "/maps/COUNTERS");
	elfmap_object__close(object);
}
END_TEST

/* --- links --------------------------------------------------------------------------------- */

/* Frames that come through veth0's XDP program, counted by another program behind it. */
static bool passes(int packets)
{
	__u64 before = map_counter(packets, 0);
	const struct timespec pause = { .tv_nsec = 50000000 };

	for (int i = 0; i < 20 && map_counter(packets, 0) == before; i++) {
		send_packet("veth1", ETH_P_IP, 17);
		nanosleep(&pause, NULL);
	}
	return map_counter(packets, 0) > before;
}

/* What the loader attached is attached, works, is found, and can be taken away. */
START_TEST(test_xdp_link)
{
	struct bpf_link_info info = { 0 };
	struct elfmap_object *object;
	struct elfmap_link *link;
	__u32 size = sizeof(info), program, device;
	int packets CLEANUP(cleanup_fd) = -1;

	enter_with_clsact();
	tool_works("tc filter add dev veth0 ingress bpf da obj testdata/counter.o sec ingress");
	packets = open_pin(BPFFS "/tc/globals/packets");
	ck_assert(passes(packets));
	elsewhere(pin_door);
	program = attached_xdp_program("veth0");
	ck_assert_uint_ne(program, 0);
	ck_assert(!passes(packets));

	object = open_pinned(DOOR);
	link = elfmap_object__find_link(object, "door");
	ck_assert_ptr_nonnull(link);
	ck_assert_ptr_eq(elfmap_object__next_link(object, NULL), link);
	ck_assert_int_eq(bpf_obj_get_info_by_fd(elfmap_link__fd(link), &info, &size), 0);
	ck_assert_uint_eq(info.type, BPF_LINK_TYPE_XDP);
	ck_assert_uint_eq(info.prog_id, program);
	ck_assert_str_eq(bpf_link__pin_path(elfmap_link__bpf_link(link)), DOOR "/links/door");
	/* the maps are those of the program that runs */
	device = if_nametoindex("veth0");
	ck_assert_int_eq(bpf_map_delete_elem(elfmap_map__fd(map_of(object, "BLOCKLIST")), &device),
			 0);
	ck_assert(passes(packets));
	elfmap_object__close(object);
	ck_assert_uint_eq(attached_xdp_program("veth0"), program);

	object = open_pinned(DOOR);
	ck_assert_int_eq(elfmap_object__unpin(object, DIR), 0);
	ck_assert_uint_eq(attached_xdp_program("veth0"), program);
	elfmap_object__close(object);
	wait_until(!attached_xdp_program("veth0"));
	ck_assert_int_eq(rmdir(DIR), 0);
}
END_TEST

START_TEST(test_tracing_link)
{
	struct elfmap_object *object;
	int counts CLEANUP(cleanup_fd) = -1;

	enter_kernel();
	elsewhere(pin_tracing);
	object = open_pinned(DIR);
	counts = dup(elfmap_map__fd(map_of(object, TRACING_MAP)));
	ck_assert(is_traced(counts));
	elfmap_object__close(object);
	ck_assert(is_traced(counts));
	object = open_pinned(DIR);
	ck_assert_int_eq(elfmap_object__unpin(object, DIR), 0);
	ck_assert_int_eq(elfmap_link__destroy(elfmap_object__next_link(object, NULL)), 0);
	wait_until(!is_traced(counts));
	elfmap_object__close(object);
}
END_TEST

/* --- what can be done with it -------------------------------------------------------------- */

static void remarked(enum elfmap_remark kind, const char *text, void *ctx)
{
	(void)kind;
	(void)ctx;
	ck_abort_msg("remarked: %s", text);
}

START_TEST(test_object_calls)
{
	static const __u8 zeros[20];
	struct elfmap_image_opts opts = { .sz = sizeof(opts) };
	struct elfmap_object *object;
	size_t size;

	enter_kernel();
	elsewhere(pin_door);
	object = open_pinned(DOOR);
	ck_assert(!elfmap_object__is_legacy(object));
	ck_assert(elfmap_object__is_big_endian(object) == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__));
	ck_assert_mem_eq(elfmap_object__sha1(object), zeros, sizeof(zeros));
	elfmap_object__remarks(object, remarked, NULL);
	ck_assert_ptr_null(elfmap_object__btf(object));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_ptr_null(elfmap_object__image(object, &size));
	ck_assert_int_eq(errno, ENOTSUP);
	ck_assert_int_eq(elfmap_object__write(object, scratch_path("image")), -ENOTSUP);
	ck_assert_int_eq(access(scratch_path("image"), F_OK), -1);
	errno = 0;
	ck_assert_ptr_null(elfmap_object__bpf_object(object));
	ck_assert_int_eq(errno, ENOTSUP);
	ck_assert_int_eq(elfmap_object__load(object), -EBUSY);
	ck_assert_int_eq(elfmap_object__set_ifindex(object, 1), -EBUSY);
	ck_assert_int_eq(elfmap_object__set_image_opts(object, &opts), -EBUSY);
	elfmap_object__undo_load(object);
	assert_map(object, "COUNTERS", DOOR "/maps/COUNTERS");
	ck_assert_uint_ne(attached_xdp_program("veth0"), 0);
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_map_and_program_calls)
{
	struct elfmap_object *object;
	struct elfmap_program *program;
	struct elfmap_map *map;

	enter_kernel();
	elsewhere(pin_door);
	object = open_pinned(DOOR);
	map = map_of(object, "COUNTERS");
	ck_assert_int_eq(elfmap_map__set_pin_path(map, NULL), -EBUSY);
	ck_assert_str_eq(elfmap_map__pin_path(map), DOOR "/maps/COUNTERS");
	ck_assert_ptr_null(elfmap_map__bpf_map(map));
	ck_assert_int_eq(errno, ENOTSUP);
	ck_assert_ptr_null(elfmap_map__inner(map));
	ck_assert_uint_eq(elfmap_map__nr_slots(map), 0);
	ck_assert_int_eq(elfmap_map__slot(map, 0, NULL, NULL), -ERANGE);
	ck_assert_uint_eq(elfmap_map__nr_extra_fields(map), 0);
	ck_assert_int_eq(elfmap_map__extra_field(map, 0, NULL, NULL, NULL, NULL), -ERANGE);
	ck_assert_uint_eq(elfmap_map__btf_id(map), 0);
	ck_assert_uint_eq(elfmap_map__btf_key_type_id(map), 0);
	ck_assert_uint_eq(elfmap_map__btf_value_type_id(map), 0);
	program = program_of(object, "firewall");
	ck_assert_int_eq(elfmap_program__set_pin_path(program, "/x"), -EBUSY);
	elfmap_program__set_type(program, BPF_PROG_TYPE_SCHED_CLS);
	elfmap_program__set_expected_attach_type(program, BPF_XDP);
	elfmap_program__set_autoload(program, false);
	elfmap_program__clear_tail_call(program);
	ck_assert_uint_eq(elfmap_program__type(program), BPF_PROG_TYPE_XDP);
	ck_assert_uint_eq(elfmap_program__expected_attach_type(program), 0);
	ck_assert(elfmap_program__autoload(program));
	ck_assert_ptr_null(elfmap_program__bpf_program(program));
	ck_assert_int_eq(errno, ENOTSUP);
	errno = 0;
	ck_assert_ptr_null(elfmap_program__attach(program));
	ck_assert_int_eq(errno, ENOTSUP);
	elfmap_object__close(object);
}
END_TEST

/* Pinned by who found it, in another place, and found there as well. */
START_TEST(test_pin_elsewhere)
{
	struct elfmap_object *object, *again;
	size_t descriptors;

	enter_kernel();
	elsewhere(pin_door);
	descriptors = count_descriptors();
	object = open_pinned(DIR);
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
	ck_assert_int_eq(elfmap_object__pin(object, BPFFS "/more"), 0);
	ck_assert_int_eq(elfmap_object__unpin(object, DIR), 0);
	elfmap_object__close(object);
	assert_tree("all/\n"
		    "more/\n"
		    "more/door/\n"
		    "more/door/links/\n"
		    "more/door/links/door\n"
		    "more/door/maps/\n"
		    "more/door/maps/BLOCKLIST\n"
		    "more/door/maps/COUNTERS\n"
		    "more/door/programs/\n"
		    "more/door/programs/count_filter\n"
		    "more/door/programs/firewall\n");
	again = open_pinned(BPFFS "/more");
	assert_map(again, "COUNTERS", BPFFS "/more/door/maps/COUNTERS");
	elfmap_object__close(again);
	ck_assert_uint_ne(attached_xdp_program("veth0"), 0);
	ck_assert_uint_eq(count_descriptors(), descriptors);
}
END_TEST

/* --- directories that others wrote --------------------------------------------------------- */

static void make_map_pin(const char *path)
{
	int fd CLEANUP(cleanup_fd) = bpf_map_create(BPF_MAP_TYPE_ARRAY, "other", 4, 4, 1, NULL);

	ck_assert_int_eq(bpf_obj_pin(fd, path), 0);
}

/* What is no pin is passed over, wherever it is. */
START_TEST(test_passed_over)
{
	static const char *const directories[] = { DOOR "/maps/directory", DOOR "/programs/deep",
						   DOOR "/programs/deep/er", DOOR "/others" };
	static const char *const links[] = { DOOR "/maps/loop", DOOR "/links/absolute",
					     DOOR "/symbolic" };
	struct elfmap_object *object;
	struct elfmap_map *map = NULL;
	size_t count = 0;

	enter_kernel();
	elsewhere(pin_door);
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(mkdir(directories[i], 0700), 0);
	ck_assert_int_eq(symlink("loop", links[0]), 0);
	ck_assert_int_eq(symlink(DOOR "/links/door", links[1]), 0);
	ck_assert_int_eq(symlink("maps", links[2]), 0);
	make_map_pin(DOOR "/maps/elfmap_0123456789abcdef");
	make_map_pin(DOOR "/maps/elfmap_0123456789abcdeg");
	object = open_pinned(DOOR);
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_WARNING), 7);
	for (size_t i = 0; i < 3; i++)
		assert_message(ELFMAP_LOG_WARNING, strrchr(links[i], '/') + 1);
	assert_message(ELFMAP_LOG_WARNING, "elfmap_0123456789abcdef: a process");
	while ((map = elfmap_object__next_map(object, map)))
		count++;
	ck_assert_uint_eq(count, 3);
	ck_assert_ptr_nonnull(elfmap_object__find_map(object, "elfmap_0123456789abcdeg"));
	ck_assert_ptr_null(
		elfmap_object__next_link(object, elfmap_object__find_link(object, "door")));
	/* what was passed over stays */
	ck_assert_int_eq(elfmap_object__unpin(object, DIR), 0);
	ck_assert_int_eq(access(DOOR "/maps/directory", F_OK), 0);
	ck_assert_int_eq(access(DOOR "/links/door", F_OK), -1);
	elfmap_object__close(object);
}
END_TEST

/* A pin of another kind is no such object. */
START_TEST(test_wrong_kind)
{
	static const struct {
		const char *from, *to, *is, *expected;
	} pins[] = {
		{ DOOR "/programs/firewall", DOOR "/maps/x", "is program ", "expected a map" },
		{ DOOR "/links/door", DOOR "/maps/x", "is link ", "expected a map" },
		{ DOOR "/maps/COUNTERS", DOOR "/programs/x", "is map ", "expected a program" },
		{ DOOR "/maps/COUNTERS", DOOR "/links/x", "is map ", "expected a link" },
		{ DOOR "/programs/firewall", DOOR "/links/x", "is program ", "expected a link" },
	};
	int fd CLEANUP(cleanup_fd) = -1;

	enter_kernel();
	elsewhere(pin_door);
	fd = open_pin(pins[_i].from);
	ck_assert_int_eq(bpf_obj_pin(fd, pins[_i].to), 0);
	assert_not_opened(DIR, EINVAL);
	assert_one_error(DOOR ": ", pins[_i].to, pins[_i].is, pins[_i].expected);
}
END_TEST

/* Names are whatever a bpffs takes: none leads out of its directory or into a terminal. */
START_TEST(test_names)
{
	char longest[256] = "", path[sizeof(DOOR) + 300];
	const char *const names[] = { " ", "\x1b[31mred", "a\nb", "%s%n", "-rf", longest };
	struct elfmap_object *object;

	memset(longest, 'n', sizeof(longest) - 1);
	enter_kernel();
	elsewhere(pin_door);
	for (size_t i = 0; i < 6; i++) {
		snprintf(path, sizeof(path), DOOR "/maps/%s", names[i]);
		make_map_pin(path);
	}
	object = open_pinned(DOOR);
	for (size_t i = 0; i < 6; i++) {
		snprintf(path, sizeof(path), DOOR "/maps/%s", names[i]);
		assert_map(object, names[i], path);
	}
	ck_assert_int_eq(elfmap_object__pin(object, BPFFS "/again"), 0);
	ck_assert_int_eq(elfmap_object__unpin(object, BPFFS "/again"), 0);
	ck_assert_int_eq(elfmap_object__unpin(object, DIR), 0);
	assert_tree("again/\nall/\n");
	elfmap_object__close(object);
	/* where the kind is wrong, the name is told in one line */
	ck_assert_int_eq(mkdir(BPFFS "/x", 0700), 0);
	ck_assert_int_eq(mkdir(BPFFS "/x/programs", 0700), 0);
	make_map_pin(BPFFS "/x/programs/a\nb");
	assert_not_opened(BPFFS "/x", EINVAL);
	assert_one_error("/programs/a?b");
}
END_TEST

START_TEST(test_several)
{
	enter_kernel();
	elsewhere(pin_door);
	elsewhere(pin_globals);
	assert_not_opened(DIR, EINVAL);
	assert_one_error(DIR ": ", "2 objects", "door, globals");
}
END_TEST

/* No object: nothing there, empty directories, pins at other places, symbolic links to one. */
START_TEST(test_none)
{
	enter_kernel();
	assert_not_opened(BPFFS, ENOENT);
	assert_not_opened(BPFFS "/nowhere", ENOENT);
	assert_not_opened(scratch_directory(), ENOENT);
	assert_one_error(scratch_directory(), "not on a bpffs");
	ck_assert_int_eq(mkdir(BPFFS "/a", 0700), 0);
	ck_assert_int_eq(mkdir(BPFFS "/a/maps", 0700), 0);
	ck_assert_int_eq(mkdir(BPFFS "/a/maps/maps", 0700), 0);
	make_map_pin(BPFFS "/a/map");
	make_map_pin(BPFFS "/programs");
	ck_assert_int_eq(symlink("../map", BPFFS "/a/maps/map"), 0);
	assert_not_opened(BPFFS, ENOENT);
	assert_not_opened(BPFFS "/a", ENOENT);
	assert_not_opened(BPFFS "/a/map", ENOTDIR);
	ck_assert_int_eq(symlink("loop", BPFFS "/loop"), 0);
	assert_not_opened(BPFFS "/loop", ELOOP);
	/* two levels deep is not here */
	make_map_pin(BPFFS "/a/maps/maps/map");
	assert_not_opened(BPFFS, ENOENT);
	ck_assert_ptr_null(elfmap_object__open_pinned(""));
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_ptr_null(elfmap_object__open_pinned(NULL));
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

/* Whichever descriptor is the one too many. */
START_TEST(test_no_descriptors)
{
	struct elfmap_object *object = NULL;
	struct rlimit limit, low;
	size_t descriptors, failed = 0;

	enter_kernel();
	elsewhere(pin_door);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	descriptors = count_descriptors();
	for (low = limit, low.rlim_cur = 3; !object; low.rlim_cur++) {
		int err;

		ck_assert_uint_lt(low.rlim_cur, 64);
		ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
		object = elfmap_object__open_pinned(DOOR);
		err = errno;
		ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
		if (object)
			break;
		failed++;
		ck_assert_int_eq(err, EMFILE);
		ck_assert_uint_eq(count_descriptors(), descriptors);
	}
	ck_assert_uint_gt(failed, 5);
	elfmap_object__close(object);
	ck_assert_uint_eq(count_descriptors(), descriptors);
}
END_TEST

Suite *open_pinned_suite(void)
{
	Suite *suite = suite_of("open_pinned", test_maps, test_programs, test_xdp_link,
				test_tracing_link, test_object_calls, test_map_and_program_calls,
				test_pin_elsewhere, test_passed_over, test_names, test_several,
				test_none, test_no_descriptors);

	add_loop_test(suite, test_directories, 5);
	add_loop_test(suite, test_wrong_kind, 5);
	return suite;
}
