// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Fields of BTF-defined maps that only their author knows: read, kept, and hidden from libbpf. */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "test/kernel.h"
#include "test/opening.h"
#include "test/setup.h"
#include "test/tests.h"

static __u64 field_of(const struct elfmap_object *object, const char *map, const char *name)
{
	__u64 value = 0;

	ck_assert_int_eq(elfmap_map__field(map_of(object, map), name, &value), 0);
	return value;
}

static const char *field_type(struct elfmap_object *object, const char *map, const char *name)
{
	const struct btf *btf = elfmap_object__btf(object);
	__u32 id = elfmap_map__field_type_id(map_of(object, map), name);

	ck_assert_uint_ne(id, 0);
	return btf__name_by_offset(btf, btf__type_by_id(btf, id)->name_off);
}

static void check_fields(struct elfmap_object *object)
{
	const struct elfmap_map *limits = map_of(object, "limits");
	enum elfmap_field_kind kind;
	const char *name, *text;
	__u64 value = 5;

	ck_assert_uint_eq(field_of(object, "limits", "owner"), 1000);
	ck_assert_uint_eq(field_of(object, "limits", "expires"), 70);
	ck_assert_uint_eq(field_of(object, "limits", "max_entries"), 24);
	ck_assert_uint_eq(field_of(object, "limits", "key_size"), 4);
	ck_assert_uint_eq(field_of(object, "odd", "owner"), 7);
	ck_assert_uint_eq(field_of(object, "by_length", "owner"), 8);
	ck_assert_int_eq(elfmap_map__field(limits, "policy", &value), -EINVAL);
	ck_assert_int_eq(elfmap_map__field(limits, "group", &value), -ENOENT);
	ck_assert_int_eq(elfmap_map__field(map_of(object, "plain"), "owner", &value), -ENOENT);
	ck_assert_uint_eq(value, 5);
	ck_assert_str_eq(field_type(object, "limits", "policy"), "policy");
	ck_assert_str_eq(field_type(object, "limits", "key"), "__u32");
	ck_assert_uint_eq(elfmap_map__field_type_id(limits, "group"), 0);
	ck_assert_uint_eq(elfmap_map__nr_extra_fields(limits), 3);
	ck_assert_int_eq(elfmap_map__extra_field(limits, 1, &name, &kind, NULL, &text), 0);
	ck_assert_str_eq(name, "policy");
	ck_assert_int_eq(kind, ELFMAP_FIELD_TYPE);
	ck_assert_str_eq(text, "policy");
	/* a loader can walk the members of what the author wrote */
	ck_assert_uint_eq(
		btf_vlen(btf__type_by_id(elfmap_object__btf(object), elfmap_map__btf_id(limits))),
		7);
}

START_TEST(test_fields)
{
	struct elfmap_object *object = open_name("own_fields.btf");

	check_fields(object);
	ck_assert(!elfmap_object__is_legacy(object));
	elfmap_object__close(object);
}
END_TEST

/* libbpf refuses the object, and takes what becomes of it. */
START_TEST(test_hidden)
{
	struct test_object object = object_load("own_fields.btf"), image = convert(&object), again;
	struct bpf_object *stock;
	struct elfmap_object *opened;

	libbpf_set_print(NULL);
	ck_assert_ptr_null(bpf_object__open_mem(object.bytes, object.size, NULL));
	stock = bpf_object__open_mem(image.bytes, image.size, NULL);
	ck_assert_ptr_nonnull(stock);
	ck_assert_uint_eq(bpf_map__max_entries(bpf_object__find_map_by_name(stock, "limits")), 24);
	bpf_object__close(stock);
	opened = open_object(&image, NULL);
	check_fields(opened);
	/* nothing is hidden twice */
	again = image_of(opened);
	ck_assert_uint_eq(again.size, image.size);
	ck_assert_mem_eq(again.bytes, image.bytes, image.size);
	elfmap_object__close(opened);
	object_free(&again);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* Without tags they are gone, as is said; libbpf takes it all the same. */
START_TEST(test_no_tags)
{
	struct elfmap_image_opts opts = { .sz = sizeof(opts), .no_tags = true };
	struct test_object object = object_load("own_fields.btf");
	struct test_object image = convert_with(&object, &opts);
	struct elfmap_object *opened = open_object(&image, NULL);

	ck_assert_uint_eq(elfmap_map__nr_extra_fields(map_of(opened, "limits")), 0);
	ck_assert_uint_eq(field_of(opened, "limits", "max_entries"), 24);
	elfmap_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

static void check_loaded(int outer, int limits)
{
	struct bpf_map_info info = map_info(limits);

	ck_assert_uint_eq(info.max_entries, 24);
	ck_assert_uint_ne(info.btf_key_type_id, 0);
	ck_assert_str_eq(map_info_of_id(slot_id(outer, 1)).name, "even");
	ck_assert_str_eq(map_info_of_id(slot_id(outer, 3)).name, "odd");
}

START_TEST(test_load)
{
	struct test_object object = object_load("own_fields.btf");
	struct elfmap_object *opened = open_object(&object, NULL);
	struct bpf_object *dropped_in = elfmap_open_mem(object.bytes, object.size, NULL);

	enter_kernel();
	ck_assert_int_eq(elfmap_object__load(opened), 0);
	check_loaded(elfmap_map__fd(map_of(opened, "by_length")),
		     elfmap_map__fd(map_of(opened, "limits")));
	elfmap_object__close(opened);
	ck_assert_ptr_nonnull(dropped_in);
	ck_assert_int_eq(bpf_object__load(dropped_in), 0);
	check_loaded(bpf_object__find_map_fd_by_name(dropped_in, "by_length"),
		     bpf_object__find_map_fd_by_name(dropped_in, "limits"));
	bpf_object__close(dropped_in);
	object_free(&object);
}
END_TEST

/* A setter changes what libbpf sees; the fields stay. */
START_TEST(test_changed)
{
	struct test_object object = object_load("own_fields.btf"), image;
	struct elfmap_object *opened = open_object(&object, NULL);

	ck_assert_int_eq(elfmap_map__set_max_entries(map_of(opened, "limits"), 48), 0);
	image = image_of(opened);
	elfmap_object__close(opened);
	opened = open_object(&image, NULL);
	ck_assert_uint_eq(field_of(opened, "limits", "max_entries"), 48);
	ck_assert_uint_eq(field_of(opened, "limits", "owner"), 1000);
	ck_assert_uint_eq(elfmap_map__btf_key_type_id(map_of(opened, "limits")) != 0, 1);
	elfmap_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* The types of key and value stay where they are of the size that is set. */
START_TEST(test_same_size)
{
	struct elfmap_object *object = open_name("own_fields.btf");
	struct elfmap_map *limits = map_of(object, "limits"), *plain = map_of(object, "plain");
	__u32 key, value;

	enter_kernel();
	ck_assert_int_eq(elfmap_map__set_key_size(limits, 4), 0);
	ck_assert_int_eq(elfmap_map__set_value_size(limits, 8), 0);
	ck_assert_int_eq(elfmap_map__set_key_size(plain, 4), 0);
	ck_assert_int_eq(elfmap_map__set_value_size(plain, 8), 0);
	ck_assert_int_eq(elfmap_map__set_max_entries(plain, 2), 0);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	for (size_t i = 0; i < 2; i++) {
		key = elfmap_map__btf_key_type_id(i ? plain : limits);
		value = elfmap_map__btf_value_type_id(i ? plain : limits);
		ck_assert_uint_ne(key, 0);
		ck_assert_uint_eq(map_info(elfmap_map__fd(i ? plain : limits)).btf_key_type_id,
				  key);
		ck_assert_uint_eq(map_info(elfmap_map__fd(i ? plain : limits)).btf_value_type_id,
				  value);
	}
	elfmap_object__close(object);
}
END_TEST

static void note(enum elfmap_remark kind, const char *text, void *ctx)
{
	if (kind == ELFMAP_REMARK_REPAIR)
		strcat(ctx, text);
}

START_TEST(test_remark)
{
	struct elfmap_object *object = open_name("own_fields.btf");
	char text[512] = "";

	elfmap_object__remarks(object, note, text);
	ck_assert_str_eq(text, "4 BTF-defined maps with fields that libbpf does not know: now "
			       "hidden from it");
	elfmap_object__close(object);
}
END_TEST

/* What the slots of an outer map point to in its BTF becomes what the map itself is. */
static void describe_by_itself(struct test_object *object)
{
	struct elfmap_object *opened = open_object(object, NULL);
	const struct btf *btf = elfmap_object__btf(opened);
	__u32 id = elfmap_map__btf_id(map_of(opened, "by_length"));
	const struct btf_type *type = btf__type_by_id(btf, id);
	const struct btf_type *values =
		btf__type_by_id(btf, btf_members(type)[btf_vlen(type) - 1].type);
	struct btf_type pointer = *btf__type_by_id(btf, btf_array(values)->type), *found;
	uint8_t *bytes = object_section_bytes(object, ".BTF");
	size_t size = object_section(object, ".BTF")->sh_size;

	ck_assert(btf_is_ptr(&pointer));
	found = memmem(bytes, size, &pointer, sizeof(pointer));
	ck_assert_ptr_nonnull(found);
	found->type = id;
	elfmap_object__close(opened);
}

START_TEST(test_circle)
{
	struct test_object object = object_load("own_fields.btf"), image;

	describe_by_itself(&object);
	image = convert(&object);
	libbpf_set_print(NULL);
	ck_assert_ptr_null(bpf_object__open_mem(image.bytes, image.size, NULL));
	object_free(&image);
	object_free(&object);
}
END_TEST

/* Bytes of the BTF changed at random: no crash, no message without a callback, nothing left open. */
START_TEST(test_damaged)
{
	struct test_object object = object_load("own_fields.btf");
	struct test_object image = convert(&object);
	uint8_t *bytes = object_section_bytes(&image, ".BTF");
	size_t size = object_section(&image, ".BTF")->sh_size, before = count_descriptors();

	srand(5);
	for (int i = 0; i < 3000; i++) {
		size_t at = (size_t)rand() % size;
		uint8_t was = bytes[at];
		struct elfmap_object *opened;
		size_t length;

		bytes[at] = (uint8_t)rand();
		opened = elfmap_object__open_mem(image.bytes, image.size, NULL);
		if (opened) {
			struct elfmap_map *map = elfmap_object__next_map(opened, NULL);

			if (map)
				elfmap_map__set_max_entries(map, 9);
			elfmap_object__image(opened, &length);
		}
		elfmap_object__close(opened);
		bytes[at] = was;
	}
	ck_assert_uint_eq(count_descriptors(), before);
	object_free(&image);
	object_free(&object);
}
END_TEST

Suite *own_fields_suite(void)
{
	return suite_of("own_fields", test_fields, test_hidden, test_no_tags, test_load,
			test_changed, test_same_size, test_remark, test_circle, test_damaged);
}
