// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Setters of maps: what is changed is loaded, and is in the image. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "test/kernel.h"
#include "test/opening.h"
#include "test/setup.h"
#include "test/tests.h"

static const struct elfmap_map_def *def_of(const struct elfmap_object *object, const char *name)
{
	return elfmap_map__def(map_of(object, name));
}

/* A hash map with another description in all its words. */
static void change_all(struct elfmap_map *map)
{
	ck_assert_int_eq(elfmap_map__set_type(map, BPF_MAP_TYPE_LRU_HASH), 0);
	ck_assert_int_eq(elfmap_map__set_key_size(map, 12), 0);
	ck_assert_int_eq(elfmap_map__set_value_size(map, 40), 0);
	ck_assert_int_eq(elfmap_map__set_max_entries(map, 1234), 0);
	ck_assert_int_eq(elfmap_map__set_map_flags(map, BPF_F_NUMA_NODE), 0);
	ck_assert_int_eq(elfmap_map__set_numa_node(map, 0), 0);
}

static void check_all(const struct elfmap_map_def *def)
{
	ck_assert_uint_eq(def->type, BPF_MAP_TYPE_LRU_HASH);
	ck_assert_uint_eq(def->key_size, 12);
	ck_assert_uint_eq(def->value_size, 40);
	ck_assert_uint_eq(def->max_entries, 1234);
	ck_assert_uint_eq(def->map_flags, BPF_F_NUMA_NODE);
}

static void check_libbpf(const struct bpf_object *object, const char *name)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	ck_assert_uint_eq(bpf_map__type(map), BPF_MAP_TYPE_LRU_HASH);
	ck_assert_uint_eq(bpf_map__key_size(map), 12);
	ck_assert_uint_eq(bpf_map__value_size(map), 40);
	ck_assert_uint_eq(bpf_map__max_entries(map), 1234);
	ck_assert_uint_eq(bpf_map__map_flags(map), BPF_F_NUMA_NODE);
}

static void check_changed(const struct test_object *object, const char *name)
{
	struct elfmap_object *opened = open_object(object, NULL), *again;
	struct elfmap_map *map = map_of(opened, name);
	struct test_object image = image_of(opened), changed;
	struct bpf_object *stock;

	change_all(map);
	check_all(elfmap_map__def(map));
	ck_assert_uint_eq(elfmap_map__btf_key_type_id(map), 0);
	changed = image_of(opened);
	ck_assert(changed.size != image.size || memcmp(changed.bytes, image.bytes, image.size));
	again = open_object(&changed, NULL);
	check_all(def_of(again, name));
	elfmap_object__close(again);
	stock = bpf_object__open_mem(changed.bytes, changed.size, NULL);
	ck_assert_ptr_nonnull(stock);
	check_libbpf(stock, name);
	bpf_object__close(stock);
	check_libbpf(elfmap_object__bpf_object(opened), name);
	elfmap_object__close(opened);
	object_free(&changed);
	object_free(&image);
}

/* Legacy, converted and BTF-defined maps alike; from libbpf's view on it has setters of its own. */
START_TEST(test_words)
{
	static const struct {
		const char *object, *map;
	} rows[] = {
		{ "elf36", "peers" },		{ "elf36.btf", "peers" },
		{ "annotated.btf", "talkers" }, { "mixed.btf", "new_marks" },
		{ "mixed.btf", "old_marks" },	{ "own_fields.btf", "limits" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct test_object object = object_load(rows[i].object), image = convert(&object);

		check_changed(&object, rows[i].map);
		check_changed(&image, rows[i].map);
		object_free(&image);
		object_free(&object);
	}
}
END_TEST

/* Words that the layout does not have are there for who asks, also after the image was changed. */
START_TEST(test_new_words)
{
	struct test_object object = object_load("elf36"), image = convert(&object), changed;
	struct elfmap_object *opened = open_object(&image, NULL), *again;
	struct elfmap_map *map = map_of(opened, "peers");
	__u64 value;

	ck_assert_int_eq(elfmap_map__field(map, "numa_node", &value), -ENOENT);
	ck_assert_int_eq(elfmap_map__set_map_flags(map, BPF_F_NUMA_NODE), 0);
	ck_assert_int_eq(elfmap_map__set_numa_node(map, 1), 0);
	changed = image_of(opened);
	again = open_object(&changed, NULL);
	map = map_of(again, "peers");
	ck_assert_int_eq(elfmap_map__field(map, "map_flags", &value), 0);
	ck_assert_uint_eq(value, BPF_F_NUMA_NODE);
	ck_assert_int_eq(elfmap_map__field(map, "numa_node", &value), 0);
	ck_assert_uint_eq(value, 1);
	elfmap_object__close(again);
	elfmap_object__close(opened);
	object_free(&changed);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* Set back, everything is as it was: to the byte. */
START_TEST(test_back)
{
	struct test_object object = object_load("nested.btf"), expected = convert(&object), image;
	struct elfmap_object *opened = open_object(&object, NULL);
	struct elfmap_map *map = map_of(opened, "mirror");
	__u32 entries = elfmap_map__def(map)->max_entries;

	for (__u32 i = 1; i < 5; i++) {
		ck_assert_int_eq(elfmap_map__set_max_entries(map, entries + i), 0);
		image = image_of(opened);
		object_free(&image);
		ck_assert_ptr_nonnull(
			btf__type_by_id(elfmap_object__btf(opened), elfmap_map__btf_id(map)));
	}
	ck_assert_int_eq(elfmap_map__set_max_entries(map, entries), 0);
	image = image_of(opened);
	ck_assert_uint_eq(image.size, expected.size);
	ck_assert_mem_eq(image.bytes, expected.bytes, image.size);
	elfmap_object__close(opened);
	object_free(&image);
	object_free(&expected);
	object_free(&object);
}
END_TEST

/* The outer map is made for what its inner map has become: the kernel compares. */
START_TEST(test_inner)
{
	struct elfmap_object *object = open_name("nested");
	const struct elfmap_map *outer = map_of(object, "by_direction");
	struct elfmap_map *map = NULL;

	enter_kernel();
	ck_assert_ptr_nonnull(elfmap_map__inner(outer));
	while ((map = elfmap_object__next_map(object, map)))
		if (elfmap_map__def(map)->id == elfmap_map__def(elfmap_map__inner(outer))->id)
			ck_assert_int_eq(elfmap_map__set_max_entries(map, 77), 0);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	for (size_t i = 0; i < elfmap_map__nr_slots(outer); i++) {
		__u32 key;

		ck_assert_int_eq(elfmap_map__slot(outer, i, &key, NULL), 0);
		ck_assert_uint_eq(map_info_of_id(slot_id(elfmap_map__fd(outer), key)).max_entries,
				  77);
	}
	ck_assert_uint_ge(elfmap_map__nr_slots(outer), 1);
	elfmap_object__close(object);
}
END_TEST

static int store(const struct elfmap_map *outer, const struct elfmap_map *inner)
{
	__u32 key = 0;
	int fd = elfmap_map__fd(inner);

	return bpf_map_update_elem(elfmap_map__fd(outer), &key, &fd, BPF_ANY) ? -errno : 0;
}

/* What only the loader knows: the kernel takes maps like that one, and no others. */
START_TEST(test_set_inner)
{
	struct elfmap_object *object = open_name("def24"), *nested = open_name("nested");
	struct elfmap_map *outer = map_of(object, "by_queue"), *session = map_of(object, "session");
	struct elfmap_map *counter = map_of(object, "counter");

	enter_kernel();
	ck_assert_ptr_eq(elfmap_map__inner(outer), counter);
	ck_assert_int_eq(elfmap_map__set_inner(outer, session), 0);
	ck_assert_ptr_eq(elfmap_map__inner(outer), session);
	ck_assert_int_eq(elfmap_map__set_inner(counter, session), -EINVAL);
	ck_assert_int_eq(elfmap_map__set_inner(outer, map_of(object, "by_mark")), -EINVAL);
	ck_assert_int_eq(elfmap_map__set_inner(outer, map_of(nested, "mark_stats")), -EINVAL);
	/* what is stored in it already is like the one it has */
	ck_assert_int_eq(elfmap_map__set_inner(map_of(nested, "by_direction"),
					       map_of(nested, "mark_stats")),
			 -EINVAL);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_int_eq(store(outer, session), 0);
	ck_assert_int_eq(store(outer, counter), -EINVAL);
	elfmap_object__close(nested);
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_refused)
{
	struct elfmap_object *object = open_name("tailcalls");
	struct elfmap_map *steps = map_of(object, "steps"), *trace = map_of(object, "trace");

	collect_messages();
	ck_assert_int_eq(elfmap_map__set_max_entries(steps, 1), -EINVAL);
	ck_assert_int_eq(elfmap_map__set_type(steps, BPF_MAP_TYPE_ARRAY), -EINVAL);
	ck_assert_int_eq(elfmap_map__set_key_size(steps, 8), -EINVAL);
	ck_assert_int_eq(elfmap_map__set_value_size(steps, 8), -EINVAL);
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_ERROR), 4);
	assert_message(ELFMAP_LOG_ERROR, "map \"steps\": max_entries 1: there is no room for its "
					 "initial slots");
	ck_assert_uint_eq(elfmap_map__def(steps)->max_entries, 2);
	ck_assert_int_eq(elfmap_map__set_max_entries(steps, 3), 0);
	ck_assert_int_eq(elfmap_map__reuse_fd(trace, -1), -EBADF);
	ck_assert_ptr_nonnull(elfmap_object__bpf_object(object));
	ck_assert_int_eq(elfmap_map__set_max_entries(trace, 3), -EBUSY);
	ck_assert_int_eq(elfmap_map__set_type(trace, 1), -EBUSY);
	ck_assert_int_eq(elfmap_map__set_key_size(trace, 4), -EBUSY);
	ck_assert_int_eq(elfmap_map__set_value_size(trace, 4), -EBUSY);
	ck_assert_int_eq(elfmap_map__set_map_flags(trace, 0), -EBUSY);
	ck_assert_int_eq(elfmap_map__set_numa_node(trace, 0), -EBUSY);
	ck_assert_int_eq(elfmap_map__set_inner(trace, steps), -EBUSY);
	ck_assert_int_eq(elfmap_map__set_autocreate(trace, false), -EBUSY);
	ck_assert_int_eq(elfmap_map__reuse_fd(trace, 0), -EBUSY);
	ck_assert(elfmap_map__autocreate(trace));
	elfmap_object__close(object);

	object = open_name("nested");
	trace = (struct elfmap_map *)elfmap_map__inner(map_of(object, "by_direction"));
	ck_assert_int_eq(elfmap_map__set_type(trace, BPF_MAP_TYPE_HASH_OF_MAPS), -EINVAL);
	/* the inner map is "ingress_stats"; this one is in a slot only */
	trace = map_of(object, "egress_stats");
	ck_assert_int_eq(elfmap_map__set_type(trace, BPF_MAP_TYPE_HASH_OF_MAPS), -EINVAL);
	elfmap_object__close(object);
}
END_TEST

/* --- maps of others ------------------------------------------------------------------------- */

static int make_map(__u32 max_entries)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "mine", 4, 8, max_entries, NULL);

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* What is given counts, whatever it is like, and is pinned where that is asked for afterwards. */
START_TEST(test_reuse)
{
	struct elfmap_object *object = open_name("tailcalls");
	struct elfmap_map *trace = map_of(object, "trace");
	int fd;

	enter_kernel();
	fd = make_map(55);
	ck_assert_int_eq(elfmap_map__reuse_fd(trace, fd), 0);
	ck_assert_ptr_null(elfmap_map__pin_path(trace));
	ck_assert_int_eq(elfmap_map__set_pin_path(trace, "/sys/fs/bpf/there/mine"), 0);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_uint_eq(map_info(elfmap_map__fd(trace)).id, map_info(fd).id);
	ck_assert_uint_eq(map_info_of_pin("/sys/fs/bpf/there/mine").id, map_info(fd).id);
	ck_assert_int_eq(elfmap_object__load(object), -EBUSY);
	elfmap_object__close(object);

	/* there already: nothing to do; another one there: refused, and left alone */
	object = open_name("tailcalls");
	trace = map_of(object, "trace");
	ck_assert_int_eq(elfmap_map__reuse_fd(trace, fd), 0);
	ck_assert_int_eq(elfmap_map__set_pin_path(trace, "/sys/fs/bpf/there/mine"), 0);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	elfmap_object__close(object);
	object = open_name("tailcalls");
	trace = map_of(object, "trace");
	ck_assert_int_eq(elfmap_map__reuse_fd(trace, make_map(5)), 0);
	ck_assert_int_eq(elfmap_map__set_pin_path(trace, "/sys/fs/bpf/there/mine"), 0);
	ck_assert_int_eq(elfmap_object__load(object), -EEXIST);
	ck_assert_uint_eq(map_info_of_pin("/sys/fs/bpf/there/mine").id, map_info(fd).id);
	elfmap_object__close(object);
}
END_TEST

/* Descriptors are duplicates, given away twice, never used, or of no map. */
START_TEST(test_reuse_descriptors)
{
	struct elfmap_object *object = open_name("tailcalls");
	struct elfmap_map *trace = map_of(object, "trace");
	size_t before;
	int fd;

	enter_kernel();
	before = count_descriptors();
	fd = make_map(55);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(elfmap_map__reuse_fd(trace, fd), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_uint_eq(map_info(elfmap_map__fd(trace)).max_entries, 55);
	elfmap_object__close(object);
	ck_assert_uint_eq(count_descriptors(), before);

	object = open_name("tailcalls");
	trace = map_of(object, "trace");
	fd = open("/dev/null", O_RDONLY);
	collect_messages();
	ck_assert_int_eq(elfmap_map__reuse_fd(trace, fd), -EINVAL);
	close(fd);
	assert_message(ELFMAP_LOG_ERROR,
		       "map \"trace\": the descriptor that is to be used instead");
	elfmap_object__close(object);
	ck_assert_uint_eq(count_descriptors(), before);
}
END_TEST

/* What is not created is not there for anybody: no descriptor, no slot, no pin. */
START_TEST(test_not_created)
{
	struct elfmap_object *object = open_name("nested"), *again;
	struct elfmap_map *inner = map_of(object, "ingress_stats");
	const struct elfmap_map *outer = map_of(object, "by_direction");
	struct elfmap_program *program = NULL;

	enter_kernel();
	ck_assert_int_eq(elfmap_map__set_autocreate(inner, false), 0);
	while ((program = elfmap_object__next_program(object, program)))
		elfmap_program__set_autoload(program, false);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_int_eq(elfmap_map__fd(inner), -ENOENT);
	ck_assert_uint_eq(slot_id(elfmap_map__fd(outer), 0), 0);
	ck_assert_uint_ne(slot_id(elfmap_map__fd(outer), 1), 0);
	ck_assert_int_eq(elfmap_object__pin(object, "/sys/fs/bpf/all"), 0);
	elfmap_object__close(object);
	again = elfmap_object__open_pinned("/sys/fs/bpf/all");
	ck_assert_ptr_nonnull(again);
	ck_assert_ptr_null(elfmap_object__find_map(again, "ingress_stats"));
	ck_assert_ptr_nonnull(elfmap_object__find_map(again, "egress_stats"));
	elfmap_object__close(again);
}
END_TEST

/*
 * The kernel would write as many bytes as the values of the map that is used have to where there is
 * room for a slot's.
 */
START_TEST(test_reuse_other_kind)
{
	struct elfmap_object *object = open_name("nested");
	struct elfmap_program *program = NULL;
	int fd;

	enter_kernel();
	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "wide", 4, 1 << 16, 2, NULL);
	while ((program = elfmap_object__next_program(object, program)))
		elfmap_program__set_autoload(program, false);
	ck_assert_int_eq(elfmap_map__reuse_fd(map_of(object, "by_direction"), fd), 0);
	collect_messages();
	ck_assert_int_eq(elfmap_object__load(object), -EINVAL);
	assert_message(
		ELFMAP_LOG_ERROR,
		"map \"by_direction\": its initial slots cannot be stored in the map that is "
		"used for it: type 2, keys of 4 bytes, values of 65536");
	elfmap_object__close(object);
	close(fd);
}
END_TEST

static bool has_array_of(const struct btf *btf, uint32_t nr_elements)
{
	for (uint32_t id = 1; id < btf__type_cnt(btf); id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);

		if (btf_is_array(type) && btf_array(type)->nelems == nr_elements)
			return true;
	}
	return false;
}

/* The BTF that a caller gets is of the maps as they are by then. */
START_TEST(test_btf)
{
	static const char *const names[] = { "counter", "counter.btf" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct test_object object = object_load(names[i]);
		struct elfmap_object *opened = open_object(&object, NULL);
		struct elfmap_map *map = map_of(opened, "packets");
		const struct btf *btf = elfmap_object__btf(opened);

		ck_assert(!has_array_of(btf, 1234));
		ck_assert_ptr_eq(elfmap_object__btf(opened), btf);
		ck_assert_int_eq(elfmap_map__set_max_entries(map, 1234), 0);
		ck_assert(has_array_of(elfmap_object__btf(opened), 1234));
		ck_assert_int_eq(elfmap_map__set_max_entries(map, 4321), 0);
		ck_assert(has_array_of(elfmap_object__btf(opened), 4321));
		ck_assert(!has_array_of(elfmap_object__btf(opened), 1234));
		elfmap_object__close(opened);
		object_free(&object);
	}
}
END_TEST

Suite *map_change_suite(void)
{
	return suite_of("map_change", test_words, test_new_words, test_back, test_inner,
			test_set_inner, test_refused, test_reuse, test_reuse_descriptors,
			test_not_created, test_reuse_other_kind, test_btf);
}
