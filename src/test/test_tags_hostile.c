// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Tags that elfmap did not write: refused with a message that names the map, or passed over where
 * that is what the format says. Never taken for something that they do not say.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <linux/bpf.h>

#include "test/image_tags.h"
#include "test/opening.h"
#include "test/tests.h"

#define DIGEST "89a6db0d971dd5f528800497676e9f596c554597"
#define LAYOUT "elfmap:layout=bpf_elf_map36"

/* --- one tag ------------------------------------------------------------------------------- */

struct case_of_tag {
	const char *map; /* of tailcalls.o */
	const char *tag;
};

static const struct case_of_tag refused_tags[] = {
	{ "steps", LAYOUT ",id=" },
	{ "steps", LAYOUT ",id=-1" },
	{ "steps", LAYOUT ",id=+1" },
	{ "steps", LAYOUT ",id= 1" },
	{ "steps", LAYOUT ",id=1 " },
	{ "steps", LAYOUT ",id=0x2a" },
	{ "steps", LAYOUT ",id=42x" },
	{ "steps", LAYOUT ",id=4%32x" },
	{ "steps", LAYOUT ",id=4294967296" },
	{ "steps", LAYOUT ",pinning=18446744073709551616" },
	{ "steps", LAYOUT ",inner_idx=99999999999999999999999999999999" },
	{ "steps", LAYOUT ",inner_id=1.0" },
	{ "steps", LAYOUT ",inner_map_idx=one" },
	{ "trace", LAYOUT ",value_size=4294967296" },
	{ "trace", LAYOUT ",field.uid=18446744073709551616" },
	{ "trace", LAYOUT ",field.uid=" },
	{ "trace", LAYOUT ",pin=nowhere" },
	{ "trace", LAYOUT ",pin=" },
	{ "trace", LAYOUT ",pinning=1,sha1=" },
	{ "trace", LAYOUT ",pinning=1,sha1=" DIGEST "0" },
	{ "trace", LAYOUT ",pinning=1,sha1=89a6db0d971dd5f528800497676e9f596c55459" },
	{ "trace", LAYOUT ",pinning=1,sha1=89a6db0d971dd5f528800497676e9f596c55459g" },
	{ "trace", LAYOUT ",pinning=1,sha1=../../../../../../../../../../etc/passwd" },
};
#define NR_REFUSED (sizeof(refused_tags) / sizeof(refused_tags[0]))

/* Numbers and digests that are none. */
START_TEST(test_refused)
{
	const struct case_of_tag *row = &refused_tags[_i];
	struct test_object image = untagged_image("tailcalls");
	char map[32];

	snprintf(map, sizeof(map), "map \"%s\"", row->map);
	image_add_tag(&image, row->map, row->tag);
	assert_refused(&image, NULL, EINVAL, map, row->tag + strlen("elfmap:"));
	object_free(&image);
}
END_TEST

static const struct case_of_tag ignored_tags[] = {
	/* for later versions */
	{ "steps", LAYOUT ",id=42,colour=red,pinning=2" },
	{ "steps", LAYOUT ",id=42,ids=77,id.=8,pinning=2" },
	{ "steps", "elfmap:later,layout=bpf_elf_map36,,id=42,=,pinning=2," },
	/* an escape that is none stands for itself */
	{ "steps", LAYOUT ",id=42,pinning=2,text.note=100%,text.other=%zz%4" },
};
#define NR_IGNORED (sizeof(ignored_tags) / sizeof(ignored_tags[0]))

/* What is not known is passed over, and what stands beside it counts. */
START_TEST(test_unknown_words)
{
	const struct case_of_tag *row = &ignored_tags[_i];
	struct test_object image = untagged_image("tailcalls");
	struct elfmap_object *object;
	const struct elfmap_map *map;

	image_add_tag(&image, row->map, row->tag);
	object = open_object(&image, NULL);
	map = map_of(object, row->map);
	ck_assert_str_eq(elfmap_map__layout(map), "bpf_elf_map36");
	ck_assert_uint_eq(elfmap_map__def(map)->id, 42);
	ck_assert_uint_eq(elfmap_map__def(map)->pinning, 2);
	ck_assert_str_eq(elfmap_map__layout(map_of(object, "trace")), "BTF-defined");
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

/* Others' tags, and those that only begin alike. */
START_TEST(test_tags_of_others)
{
	static const char *const tags[] = { "elfmap", "elfmap2:layout=x", "user", "Elfmap:id=1",
					    " elfmap:id=1" };
	struct test_object image = untagged_image("tailcalls");
	struct elfmap_object *object;

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		image_add_tag(&image, "steps", tags[i]);
	object = open_object(&image, NULL);
	ck_assert_str_eq(elfmap_map__layout(map_of(object, "steps")), "BTF-defined");
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

/* --- several ------------------------------------------------------------------------------- */

/* Two tags on one map, whether they agree or not. */
START_TEST(test_two_tags)
{
	static const char *const seconds[] = { LAYOUT ",id=42", LAYOUT ",id=43", "elfmap:id=42",
					       "elfmap:" };
	struct test_object image;

	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		image = untagged_image("tailcalls");
		image_add_tag(&image, "steps", LAYOUT ",id=42");
		image_add_tag(&image, "steps", seconds[i]);
		assert_refused(&image, NULL, EINVAL, "map \"steps\"");
		object_free(&image);
	}
}
END_TEST

/* --- where no map is ----------------------------------------------------------------------- */

/* A tag on the image's type with this number of this kind, or on a member of it. */
static void tag_any(struct test_object *image, const char *name, __u32 kind, int component)
{
	struct btf *btf = image_btf(image);
	int id = btf__find_by_name_kind(btf, name, kind);

	ck_assert_int_gt(id, 0);
	ck_assert_int_gt(btf__add_decl_tag(btf, LAYOUT ",id=9,pinning=1,sha1=x", id, component), 0);
	image_set_btf(image, btf);
}

/* On functions, on global data, on a struct or a member: no map says it, so it does not count. */
START_TEST(test_not_on_a_map)
{
	struct test_object image = untagged_image("globals.btf");
	struct elfmap_object *object;

	tag_any(&image, "classify", BTF_KIND_FUNC, -1);
	tag_any(&image, "classify", BTF_KIND_FUNC, 0);
	tag_any(&image, "bpf_map_def", BTF_KIND_STRUCT, -1);
	tag_any(&image, "bpf_map_def", BTF_KIND_STRUCT, 0);
	tag_any(&image, "license_text", BTF_KIND_VAR, -1);
	object = open_object(&image, NULL);
	ck_assert_str_eq(elfmap_map__layout(map_of(object, "packets")), "BTF-defined");
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

static struct btf_type *first_tag(struct test_object *image)
{
	struct btf *btf = image_btf(image);
	const void *raw;
	const struct btf_type *type = NULL;
	size_t offset;
	__u32 size;

	for (__u32 id = 1; id < btf__type_cnt(btf) && !type; id++)
		if (btf_is_decl_tag(btf__type_by_id(btf, id)))
			type = btf__type_by_id(btf, id);
	ck_assert_ptr_nonnull(type);
	raw = btf__raw_data(btf, &size);
	offset = (size_t)((const char *)type - (const char *)raw);
	ck_assert_uint_lt(offset, size);
	btf__free(btf);
	return (struct btf_type *)(void *)(object_section_bytes(image, ".BTF") + offset);
}

/* A tag on a type that there is not: the BTF is no good, which is said or makes it nobody's. */
START_TEST(test_on_no_type)
{
	static const __u32 types[] = { 0x7fffffff, 0xffffffff, 1000000, 0 };
	struct test_object object = object_load("tailcalls");

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct test_object image = convert(&object);
		struct elfmap_object *opened;

		first_tag(&image)->type = types[i];
		collect_messages();
		opened = elfmap_object__open_mem(image.bytes, image.size, NULL);
		if (opened)
			ck_assert_str_eq(elfmap_map__layout(map_of(opened, "steps")),
					 "BTF-defined");
		else
			ck_assert_uint_eq(nr_messages(ELFMAP_LOG_ERROR), 1);
		elfmap_object__close(opened);
		object_free(&image);
	}
	object_free(&object);
}
END_TEST

/* A component of a variable, which has none. */
START_TEST(test_component)
{
	struct test_object image = untagged_image("tailcalls");
	struct elfmap_object *object;

	tag_any(&image, "steps", BTF_KIND_VAR, 0);
	tag_any(&image, "steps", BTF_KIND_VAR, 77);
	object = open_object(&image, NULL);
	ck_assert_str_eq(elfmap_map__layout(map_of(object, "steps")), "BTF-defined");
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

/* --- what tags refer to -------------------------------------------------------------------- */

static const struct bad_slot {
	const char *object, *map, *tag;
} bad_slots[] = {
	{ "tailcalls", "steps", "elfmap:slot=0" },
	{ "tailcalls", "steps", "elfmap:slot=,target=parse" },
	{ "tailcalls", "steps", "elfmap:slot=4294967296,target=parse" },
	{ "tailcalls", "steps", "elfmap:slot=-1,target=parse" },
	{ "tailcalls", "steps", "elfmap:slot=0,slot=x,target=parse" },
	{ "tailcalls", "steps", "elfmap:slot=0,target=" },
	{ "tailcalls", "steps", "elfmap:slot=0,target=nobody" },
	{ "tailcalls", "steps", "elfmap:slot=0,target=trace" },
	{ "nested", "by_direction", "elfmap:slot=0,target=nobody" },
	{ "nested", "by_direction", "elfmap:slot=0,target=classify" },
	/* maps of maps have one level */
	{ "nested", "by_direction", "elfmap:slot=0,target=by_direction" },
	{ "nested", "by_direction", "elfmap:slot=0,target=mirror" },
	/* beyond the last entry */
	{ "tailcalls", "steps", "elfmap:slot=2,target=parse" },
	{ "nested", "by_direction", "elfmap:slot=2,target=ingress_stats" },
	/* no map of maps */
	{ "tailcalls", "trace", "elfmap:slot=0,target=trace" },
	{ "nested", "mark_stats", "elfmap:slot=0,target=ingress_stats" },
};
#define NR_BAD_SLOTS (sizeof(bad_slots) / sizeof(bad_slots[0]))

/* Slots that nobody could fill are no slots to load with. */
START_TEST(test_bad_slot)
{
	const struct bad_slot *row = &bad_slots[_i];
	struct test_object image = untagged_image(row->object);
	char map[64];

	snprintf(map, sizeof(map), "map \"%s\"", row->map);
	/* those of .rel.maps are others */
	object_section(&image, ".rel.maps")->sh_type = SHT_NULL;
	image_add_tag(&image, row->map, LAYOUT);
	image_add_tag(&image, row->map, row->tag);
	assert_refused(&image, NULL, EINVAL, map);
	object_free(&image);
}
END_TEST

/* A slot that two are to be in. */
START_TEST(test_slot_twice)
{
	struct test_object image = untagged_image("tailcalls");

	image_add_tag(&image, "steps", LAYOUT);
	image_add_tag(&image, "steps", "elfmap:slot=1,target=parse");
	assert_refused(&image, NULL, EEXIST, "map \"steps\"", "slot 1", "decide", "parse");
	object_free(&image);
}
END_TEST

/* Slots of maps that were not translated, as no other tag says so, are libbpf's affair. */
START_TEST(test_slot_of_native)
{
	struct test_object image = untagged_image("tailcalls");
	struct elfmap_object *object;

	image_add_tag(&image, "steps", "elfmap:slot=0,target=nobody");
	object = open_object(&image, NULL);
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(object, "steps")), 0);
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

static const struct bad_slot bad_inners[] = {
	{ "nested", "by_direction", LAYOUT ",inner=nobody" },
	{ "nested", "by_direction", LAYOUT ",inner=" },
	{ "nested", "by_direction", LAYOUT ",inner=by_direction" },
	{ "nested", "by_direction", LAYOUT ",inner=mirror" },
	{ "nested", "by_direction", LAYOUT ",inner=classify" },
	{ "nested", "mark_stats", LAYOUT ",inner=nobody" },
};
#define NR_BAD_INNERS (sizeof(bad_inners) / sizeof(bad_inners[0]))

/* An inner map that there is not, or that is an outer one itself. */
START_TEST(test_bad_inner)
{
	const struct bad_slot *row = &bad_inners[_i];
	struct test_object image = untagged_image(row->object);
	char map[64];

	snprintf(map, sizeof(map), "map \"%s\"", row->map);
	image_add_tag(&image, row->map, row->tag);
	assert_refused(&image, NULL, EINVAL, map);
	object_free(&image);
}
END_TEST

/* --- declared slots ------------------------------------------------------------------------ */

enum damage {
	AGAINST_DATA,	 /* the license */
	AGAINST_NOTHING, /* no symbol */
	AGAINST_CODE,	 /* a program in a map of maps, or a map in a prog array */
	BETWEEN,	 /* between two slots */
	BEFORE,		 /* in a member of the definition */
	NR_DAMAGES
};

static void damage(struct test_object *image, enum damage what, const char *other)
{
	Elf64_Rel *relocation = object_relocation(image, ".rel.maps", 0);
	uint32_t type = ELF64_R_TYPE(relocation->r_info);
	size_t symbol = ELF64_R_SYM(relocation->r_info);

	switch (what) {
	case AGAINST_DATA:
		symbol = object_symbol_index(image, "license_text");
		break;
	case AGAINST_NOTHING:
		symbol = 0;
		break;
	case AGAINST_CODE:
		symbol = object_symbol_index(image, other);
		break;
	case BETWEEN:
		relocation->r_offset += 4;
		break;
	default:
		relocation->r_offset -= 16;
	}
	relocation->r_info = ELF64_R_INFO((uint64_t)symbol, type);
}

static void check_damage(const char *name, enum damage what, const char *other)
{
	struct test_object object = object_load(name), image = convert(&object);

	damage(&image, what, other);
	assert_refused(&image, NULL, EINVAL, "section .rel.maps", "map \"");
	object_free(&image);
	object_free(&object);
}

/* What stands in .rel.maps of a translated map is a slot that holds a map or a program. */
START_TEST(test_declared_slots)
{
	check_damage("tailcalls", (enum damage)_i, "trace");
	check_damage("nested", (enum damage)_i, "classify");
}
END_TEST

Suite *tags_hostile_suite(void)
{
	Suite *suite = suite_of("tags_hostile", test_tags_of_others, test_two_tags,
				test_not_on_a_map, test_on_no_type, test_component, test_slot_twice,
				test_slot_of_native);

	add_loop_test(suite, test_refused, NR_REFUSED);
	add_loop_test(suite, test_unknown_words, NR_IGNORED);
	add_loop_test(suite, test_bad_slot, NR_BAD_SLOTS);
	add_loop_test(suite, test_bad_inner, NR_BAD_INNERS);
	add_loop_test(suite, test_declared_slots, NR_DAMAGES);
	return suite;
}
