// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Every call of the header that can fail, failing: the error that it documents, and as many
 * descriptors open afterwards as before. A new call belongs here or into the list of those that
 * cannot fail.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "test/exports.h"
#include "test/handles.h"
#include "test/kernel.h"
#include "test/opening.h"
#include "test/setup.h"
#include "test/shortage.h"
#include "test/silence.h"
#include "test/tests.h"
#include "test/vendor.h"

/* --- which calls --------------------------------------------------------------------------- */

/* The names of those that were seen failing. */
static const char *seen[MAX_EXPORTS * 4];
static size_t nr_seen;

/* A call's text begins with its name. */
static bool is_call_of(const char *text, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(text, name, length) && text[length] == '(';
}

static void note(const char *call)
{
	ck_assert_uint_lt(nr_seen, sizeof(seen) / sizeof(seen[0]));
	seen[nr_seen++] = call;
}

/* The call returns that, and leaves nothing open. */
#define fails(expected, call)                                   \
	do {                                                    \
		size_t before = count_descriptors();            \
                                                                \
		note(#call);                                    \
		ck_assert_int_eq(call, expected);               \
		ck_assert_uint_eq(count_descriptors(), before); \
	} while (0)

/* The same for NULL and errno. */
#define fails_with(error, call)                                 \
	do {                                                    \
		size_t before = count_descriptors();            \
                                                                \
		note(#call);                                    \
		errno = 0;                                      \
		ck_assert_ptr_null(call);                       \
		ck_assert_int_eq(errno, error);                 \
		ck_assert_uint_eq(count_descriptors(), before); \
	} while (0)

static const char *const cannot_fail[] = {
	"elfmap_builtin_format", /* NULL past the last is no failure */
	"elfmap_entry__btf",
	"elfmap_entry__btf_id",
	"elfmap_entry__data",
	"elfmap_entry__keep", /* without memory */
	"elfmap_entry__name",
	"elfmap_entry__offset",
	"elfmap_entry__refuse",
	"elfmap_entry__section",
	"elfmap_handle__btf_key_type_id",
	"elfmap_handle__btf_value_type_id",
	"elfmap_handle__close",
	"elfmap_handle__fd",
	"elfmap_handle__id",
	"elfmap_handle__ifindex",
	"elfmap_handle__is_frozen", /* without /proc */
	"elfmap_handle__key_size",
	"elfmap_handle__map_extra",
	"elfmap_handle__map_flags",
	"elfmap_handle__max_entries",
	"elfmap_handle__name",
	"elfmap_handle__type",
	"elfmap_handle__value_buffer_size", /* without /sys */
	"elfmap_handle__value_size",
	"elfmap_link__bpf_link",
	"elfmap_link__destroy",
	"elfmap_link__fd",
	"elfmap_link__name",
	"elfmap_map__autocreate",
	"elfmap_map__btf_id",
	"elfmap_map__btf_key_type_id",
	"elfmap_map__btf_value_type_id",
	"elfmap_map__def",
	"elfmap_map__evidence",
	"elfmap_map__field_type_id",
	"elfmap_map__inner",
	"elfmap_map__layout",
	"elfmap_map__name",
	"elfmap_map__nr_extra_fields",
	"elfmap_map__nr_slots",
	"elfmap_map__object",
	"elfmap_map__offset",
	"elfmap_map__pin_path",
	"elfmap_map__section",
	"elfmap_object__close",
	"elfmap_object__is_big_endian",
	"elfmap_object__is_legacy",
	"elfmap_object__name",
	"elfmap_object__next_link",
	"elfmap_object__next_map",
	"elfmap_object__next_program",
	"elfmap_object__remarks",
	"elfmap_object__sha1",
	"elfmap_object__undo_load",
	"elfmap_program__autoload",
	"elfmap_program__clear_tail_call",
	"elfmap_program__expected_attach_type",
	"elfmap_program__insn_cnt",
	"elfmap_program__is_subprogram",
	"elfmap_program__name",
	"elfmap_program__object",
	"elfmap_program__pin_path",
	"elfmap_program__section",
	"elfmap_program__set_autoload",
	"elfmap_program__set_expected_attach_type",
	"elfmap_program__set_type",
	"elfmap_program__tail_call",
	"elfmap_program__type",
	"elfmap_section__entry",
	"elfmap_section__entry_size",
	"elfmap_section__has_tail_call_id",
	"elfmap_section__is_big_endian",
	"elfmap_section__name",
	"elfmap_section__nr_entries",
	"elfmap_set_log",
	"elfmap_version_string",
	NULL
};

static bool is_listed(const char *name)
{
	for (const char *const *listed = cannot_fail; *listed; listed++)
		if (!strcmp(*listed, name))
			return true;
	return false;
}

static bool was_seen(const char *name)
{
	for (size_t i = 0; i < nr_seen; i++)
		if (is_call_of(seen[i], name))
			return true;
	return false;
}

static void check_completeness(void)
{
	struct exports header = exports_of_header();
	size_t listed = 0;

	for (size_t i = 0; i < header.count; i++) {
		const char *name = header.names[i];

		listed += is_listed(name);
		ck_assert_msg(is_listed(name) != was_seen(name), "%s: %s", name,
			      is_listed(name) ? "it fails, and is listed as if it could not" :
						"no failing call of it");
	}
	ck_assert_uint_eq(listed, sizeof(cannot_fail) / sizeof(cannot_fail[0]) - 1);
	exports_free(&header);
}

/* --- opening ------------------------------------------------------------------------------- */

static void open_what_is_none(void)
{
	struct elfmap_open_opts opts = { .sz = 1 };
	struct test_object object = object_load("counter");
	int fd = open("testdata/counter.c", O_RDONLY);

	fails_with(ENOENT, elfmap_open_file("testdata/none.o", NULL));
	fails_with(EISDIR, elfmap_open_file("testdata", NULL));
	fails_with(EINVAL, elfmap_open_file("testdata/counter.c", NULL));
	fails_with(EINVAL, elfmap_open_file("testdata/counter.o", &opts));
	fails_with(EINVAL, elfmap_open_mem(object.bytes, 9, NULL));
	fails_with(EINVAL, elfmap_open_mem(object.bytes, object.size - 1, NULL));
	fails_with(EINVAL, elfmap_open_fd(fd, NULL));
	fails_with(EBADF, elfmap_open_fd(-1, NULL));
	fails_with(ENOTSUP, elfmap_open_file("testdata/windows.o", NULL));
	fails_with(ENOENT, elfmap_object__open_file("testdata/none.o", NULL));
	fails_with(EINVAL, elfmap_object__open_file("testdata/counter.o", &opts));
	fails_with(EINVAL, elfmap_object__open_mem("", 0, NULL));
	fails_with(EINVAL, elfmap_object__open_fd(fd, NULL));
	opts.sz = sizeof(opts);
	opts.layout = "none";
	fails_with(ENOENT, elfmap_object__open_file("testdata/counter.o", &opts));
	close(fd);
	object_free(&object);
}

static int fail_in_decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	const struct elfmap_section *section = *(const struct elfmap_section **)ctx;
	struct elfmap_target target;
	__u64 number;
	__u32 word;
	size_t size;

	(void)def;
	fails(-ERANGE, elfmap_entry__u32(entry, 14, &word));
	fails(-ERANGE, elfmap_entry__number(entry, 16, 1, &number));
	fails(-EINVAL, elfmap_entry__number(entry, 0, 3, &number));
	fails(-ENOENT, elfmap_entry__member(entry, "kind", &number));
	fails(-ENOENT, elfmap_entry__pointer(entry, 0, &target));
	fails_with(0, elfmap_section__find(section, "none", &size));
	return -EPROTO;
}

static int keep_section(const struct elfmap_section *section, const char **why, void *ctx)
{
	(void)why;
	*(const struct elfmap_section **)ctx = section;
	return ELFMAP_EVIDENCE_CONTENT;
}

static void fail_in_callbacks(void)
{
	const struct elfmap_section *section = NULL;
	struct elfmap_format format = {
		.sz = sizeof(format),
		.name = "failing",
		.probe = keep_section,
		.decode = fail_in_decode,
		.ctx = &section,
	};
	const struct elfmap_format *const formats[] = { &format };
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .formats = formats, .nr_formats = 1 };

	fails_with(EPROTO, elfmap_open_file("testdata/vendor.o", &opts));
}

/* --- objects before and after the load ----------------------------------------------------- */

static void fail_on_opened(void)
{
	struct elfmap_image_opts image = { .sz = sizeof(image), .loader = 7 };
	struct elfmap_object *object = open_name("tailcalls"), *windows = open_name("windows");
	struct elfmap_object *big = open_name("elf36.be");
	struct elfmap_map *steps = map_of(object, "steps"), *trace = map_of(object, "trace");
	struct elfmap_program *enter = program_of(object, "enter");
	struct elfmap_object *counter = open_name("counter");
	struct bpf_object *opened = elfmap_object__bpf_object(counter);
	size_t size;
	__u64 value;

	fails_with(ENOENT, elfmap_object__find_map(object, "none"));
	fails_with(ENOENT, elfmap_object__find_link(object, "none"));
	fails(-EINVAL, elfmap_object__set_image_opts(object, &image));
	fails_with(ENOTSUP, elfmap_object__image(windows, &size));
	fails(-ENOTSUP, elfmap_object__write(windows, "/tmp/none"));
	fails(-ENOENT, elfmap_object__write(object, "/none/none"));
	fails(-ENOTSUP, elfmap_object__load(windows));
	fails(-ENOTSUP, elfmap_object__load(big));
	fails_with(ENOTSUP, elfmap_object__bpf_object(windows));
	fails(-ENOENT, elfmap_object__pin(object, "/sys/fs/bpf"));
	fails(-ENOENT, elfmap_object__unpin(object, "/sys/fs/bpf"));
	fails_with(ENOENT, elfmap_object__open_pinned("/sys/fs/bpf/none"));
	fails_with(ENOENT, elfmap_object__add_link(object, "link", (struct bpf_link *)opened));
	fails(-ENOENT, elfmap_fill_slots(opened));
	fails(-ENOENT, elfmap_map__field(steps, "none", &value));
	fails(-ERANGE, elfmap_map__extra_field(steps, 99, NULL, NULL, NULL, NULL));
	fails(-ERANGE, elfmap_map__slot(steps, 99, NULL, NULL));
	fails(-EINVAL, elfmap_map__set_type(steps, BPF_MAP_TYPE_ARRAY));
	fails(-EINVAL, elfmap_map__set_key_size(steps, 8));
	fails(-EINVAL, elfmap_map__set_max_entries(steps, 1));
	fails(-EINVAL, elfmap_map__set_inner(steps, trace));
	fails(-EBADF, elfmap_map__reuse_fd(trace, -1));
	fails(-EINVAL, elfmap_map__reuse_fd(trace, 0));
	fails(-ENOENT, elfmap_map__fd(trace));
	fails_with(ENOENT, elfmap_map__bpf_map(trace));
	fails(-ENOENT, elfmap_program__fd(enter));
	fails_with(ENOENT, elfmap_program__bpf_program(enter));
	fails_with(ENOENT, elfmap_program__attach(enter));
	fails_with(ENOENT, elfmap_handle__open_map(trace));
	elfmap_object__close(object);
	elfmap_object__close(windows);
	elfmap_object__close(counter);
	elfmap_object__close(big);
}

static void fail_on_loaded(void)
{
	struct elfmap_object *object = open_name("elf36");
	struct elfmap_map *map = map_of(object, "stats");

	ck_assert_int_eq(elfmap_object__load(object), 0);
	fails(-EBUSY, elfmap_object__load(object));
	fails(-EBUSY, elfmap_object__set_ifindex(object, 1));
	fails(-EBUSY, elfmap_map__set_value_size(map, 4));
	fails(-EBUSY, elfmap_map__set_map_flags(map, 4));
	fails(-EBUSY, elfmap_map__set_numa_node(map, 4));
	fails(-EBUSY, elfmap_map__set_autocreate(map, false));
	fails(-EINVAL, elfmap_object__pin(object, ""));
	fails(-ENOENT, elfmap_object__pin(object, "/tmp"));
	fails_with(EOPNOTSUPP, elfmap_program__attach(program_of(object, "enter")));
	fails_with(EINVAL, elfmap_object__add_link(object, "link", NULL));
	elfmap_object__close(object);
}

static void fail_on_pinned(void)
{
	struct elfmap_object *object = open_name("counter");

	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_int_eq(elfmap_object__pin(object, "/sys/fs/bpf/all"), 0);
	elfmap_object__close(object);
	object = elfmap_object__open_pinned("/sys/fs/bpf/all");
	ck_assert_ptr_nonnull(object);
	fails_with(ENOENT, elfmap_object__btf(object));
	fails(-EBUSY, elfmap_map__set_pin_path(elfmap_object__next_map(object, NULL), "/x"));
	fails(-EBUSY,
	      elfmap_program__set_pin_path(elfmap_object__next_program(object, NULL), "/x"));
	elfmap_object__close(object);
}

/* --- handles ------------------------------------------------------------------------------- */

static void fail_on_handles(void)
{
	struct elfmap_handle *array = make_handle(&made_array);
	__u32 key = 1u << 30, next, count = 1;
	int program = make_program();
	__u64 value, values[64];
	char big[64] = "";
	__u32 keys[64];

	fails_with(EBADF, elfmap_handle__open_fd(-1));
	fails_with(EINVAL, elfmap_handle__open_fd(program));
	fails_with(ENOENT, elfmap_handle__open_id(0x7fffffff));
	fails_with(ENOENT, elfmap_handle__open_pinned("/sys/fs/bpf/none"));
	fails_with(ENOENT, elfmap_handle__btf(array));
	fails(-EINVAL, elfmap_handle__lookup(array, &key, 3, &value, sizeof(value), 0));
	fails(-EINVAL, elfmap_handle__lookup(array, &key, 4, big, sizeof(big), 0));
	fails(-ENOENT, elfmap_handle__lookup(array, &key, 4, &value, sizeof(value), 0));
	fails(-E2BIG, elfmap_handle__update(array, &key, 4, &value, sizeof(value), 0));
	fails(-EINVAL, elfmap_handle__delete(array, &key, 4, 0));
	key = elfmap_handle__max_entries(array) - 1;
	fails(-ENOENT, elfmap_handle__next_key(array, &key, &next, 4));
	note("elfmap_handle__lookup_and_delete(");
	ck_assert_int_lt(elfmap_handle__lookup_and_delete(array, &key, 4, &value, 8, 0), 0);
	note("elfmap_handle__lookup_and_delete_batch(");
	ck_assert_int_lt(elfmap_handle__lookup_and_delete_batch(array, NULL, &next, &key, &value,
								&count, NULL),
			 0);
	note("elfmap_handle__delete_batch(");
	ck_assert_int_lt(elfmap_handle__delete_batch(array, &key, &count, NULL), 0);
	count = 1;
	key = 1u << 30;
	fails(-E2BIG, elfmap_handle__update_batch(array, &key, &value, &count, NULL));
	count = 64;
	fails(-ENOENT, elfmap_handle__lookup_batch(array, NULL, &next, keys, values, &count, NULL));
	fails(-ENOENT, elfmap_handle__pin(array, "/tmp/here"));
	fails(-EINVAL, elfmap_handle__pin(array, "/sys/fs/bpf/a.b"));
	fails(-ENOENT, elfmap_handle__unpin(array, "/sys/fs/bpf/none"));
	ck_assert_int_eq(elfmap_handle__freeze(array), 0);
	fails(-EPERM, elfmap_handle__freeze(array));
	elfmap_handle__close(array);
	close(program);
}

/* What fails for want of descriptors alone. */
static void fail_without_descriptors(void)
{
	struct elfmap_handle *array = make_handle(&made_array);
	struct rlimit before = leave_room(0);
	char **paths;
	int cloned, searched, asked, locked;

	/* counting them takes one */
	note("elfmap_handle__clone(");
	cloned = elfmap_handle__clone(array) ? 0 : errno;
	note("elfmap_handle__pin_paths(");
	searched = elfmap_handle__pin_paths(array, &paths);
	note("elfmap_handle__is_pinned(");
	asked = elfmap_handle__is_pinned(array);
	note("elfmap_lock_pins(");
	locked = elfmap_lock_pins(NULL);
	end_shortage(before);
	ck_assert_int_eq(cloned, EMFILE);
	ck_assert_int_eq(locked, -ENOENT);
	ck_assert_int_eq(searched, -EMFILE);
	ck_assert_int_eq(asked, -EMFILE);
	elfmap_handle__close(array);
}

START_TEST(test_every_call)
{
	struct silence silence;

	enter_kernel();
	silence = begin_silence();
	open_what_is_none();
	fail_in_callbacks();
	fail_on_opened();
	fail_on_loaded();
	fail_on_pinned();
	fail_on_handles();
	fail_without_descriptors();
	end_silence(silence);
	check_completeness();
}
END_TEST

/* --- descriptors that run out ---------------------------------------------------------------- */

/* Open, load and pin; 0 or what the step that failed said. */
static int all_of_it(const char *name, const struct elfmap_open_opts *opts)
{
	struct elfmap_object *object;
	struct elfmap_handle *handle = NULL;
	char path[64];
	int err;

	snprintf(path, sizeof(path), "testdata/%s.o", name);
	object = elfmap_object__open_file(path, opts);
	err = object ? elfmap_object__load(object) : -errno;
	if (!err)
		err = elfmap_object__pin(object, "/sys/fs/bpf/all");
	if (!err) {
		handle = elfmap_handle__open_map(elfmap_object__next_map(object, NULL));
		err = handle ? 0 : -errno;
	}
	if (!err)
		err = elfmap_object__unpin(object, "/sys/fs/bpf/all");
	elfmap_handle__close(handle);
	if (err && object)
		elfmap_object__undo_load(object);
	elfmap_object__close(object);
	return err;
}

/* One descriptor more each time, until there are enough. Nothing is left, whatever failed. */
static void run_short(const char *name, const struct elfmap_open_opts *opts)
{
	size_t before = count_descriptors(), room = 0;
	int err = -1;

	while (err) {
		struct rlimit limit = leave_room(room);

		err = all_of_it(name, opts);
		end_shortage(limit);
		ck_assert_uint_eq(count_descriptors(), before);
		ck_assert_uint_lt(++room, 64);
	}
	ck_assert_uint_gt(room, 4);
}

static int reuse_standard(struct elfmap_map *map, void *ctx)
{
	return strcmp(elfmap_map__name(map), "stats") ? 0 : elfmap_map__reuse_fd(map, *(int *)ctx);
}

START_TEST(test_shortage)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .map_cb = reuse_standard };
	struct made_map stats = made_array;
	int fd;

	enter_kernel();
	libbpf_set_print(NULL);
	elfmap_set_log(NULL, NULL);
	fd = make_map(&stats);
	opts.ctx = &fd;
	run_short("elf36", NULL);
	run_short("nested", NULL);
	run_short("tailcalls",
		  &(struct elfmap_open_opts){ .sz = sizeof(opts), .program_cb = NULL });
	run_short("elf36.btf", &opts);
}
END_TEST

Suite *failing_calls_suite(void)
{
	return suite_of("failing_calls", test_every_call, test_shortage);
}
