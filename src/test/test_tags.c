// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * A translated object, read again, says what the original says: declaration tags keep what
 * BTF-defined maps have no word for. For every object of testdata, in both byte orders, and every
 * kind of image.
 */
#include <string.h>

#include "test/opening.h"
#include "test/tests.h"

/* --- what is opened ------------------------------------------------------------------------ */

static const struct elfmap_image_opts variants[] = {
	{ .sz = sizeof(struct elfmap_image_opts) },
	{ .sz = sizeof(struct elfmap_image_opts), .loader = ELFMAP_LOADER_TC },
	{ .sz = sizeof(struct elfmap_image_opts), .loader = ELFMAP_LOADER_BPFTOOL },
	{ .sz = sizeof(struct elfmap_image_opts), .rename_sections = true },
};
#define NR_VARIANTS (sizeof(variants) / sizeof(variants[0]))

/* An object of testdata, its translation, and both of them opened. */
struct pair {
	const char *name;
	struct test_object original, image;
	struct elfmap_object *before, *after;
};

static struct pair open_pair(const char *name, const struct elfmap_image_opts *opts)
{
	struct pair pair = { .name = name, .original = object_load(name) };

	pair.image = convert_with(&pair.original, opts);
	pair.before = open_object(&pair.original, NULL);
	pair.after = open_object(&pair.image, NULL);
	return pair;
}

static void close_pair(struct pair *pair)
{
	elfmap_object__close(pair->before);
	elfmap_object__close(pair->after);
	object_free(&pair->original);
	object_free(&pair->image);
}

/* Call for every object of testdata that can be translated, with these options. */
static void for_each_pair(const struct elfmap_image_opts *opts, void (*fn)(const struct pair *pair))
{
	const char *const *const lists[] = { object_names(), object_names_big_endian() };

	for (size_t i = 0; i < 2; i++) {
		for (const char *const *name = lists[i]; *name; name++) {
			struct pair pair = open_pair(*name, opts);

			fn(&pair);
			close_pair(&pair);
		}
	}
}

/* --- maps ---------------------------------------------------------------------------------- */

static void assert_same_number(const struct pair *pair, const char *where, const char *what,
			       unsigned long long before, unsigned long long after)
{
	ck_assert_msg(before == after, "%s: %s: %s %llu, not %llu", pair->name, where, what, after,
		      before);
}

static void assert_same_text(const struct pair *pair, const char *name, const char *what,
			     const char *before, const char *after)
{
	ck_assert_msg(before == after || (before && after && !strcmp(before, after)),
		      "%s: %s: %s %s, not %s", pair->name, name, what, after ? after : "(none)",
		      before ? before : "(none)");
}

static void assert_same_def(const struct pair *pair, const char *name,
			    const struct elfmap_map_def *a, const struct elfmap_map_def *b)
{
	assert_same_number(pair, name, "type", a->type, b->type);
	assert_same_number(pair, name, "key_size", a->key_size, b->key_size);
	assert_same_number(pair, name, "value_size", a->value_size, b->value_size);
	assert_same_number(pair, name, "max_entries", a->max_entries, b->max_entries);
	assert_same_number(pair, name, "map_flags", a->map_flags, b->map_flags);
	assert_same_number(pair, name, "numa_node", a->numa_node, b->numa_node);
	assert_same_number(pair, name, "id", a->id, b->id);
	assert_same_number(pair, name, "pinning", a->pinning, b->pinning);
	assert_same_number(pair, name, "inner_id", a->inner_id, b->inner_id);
	assert_same_number(pair, name, "inner_idx", a->inner_idx, b->inner_idx);
	assert_same_number(pair, name, "inner_map_idx", a->inner_map_idx, b->inner_map_idx);
	assert_same_number(pair, name, "pin", a->pin, b->pin);
	assert_same_text(pair, name, "pin_path", a->pin_path, b->pin_path);
	/* where an id or a position said which the inner map is, its name does now */
	if (a->inner_name)
		assert_same_text(pair, name, "inner_name", a->inner_name, b->inner_name);
}

static const char *inner_name(const struct elfmap_map *map)
{
	return elfmap_map__inner(map) ? elfmap_map__name(elfmap_map__inner(map)) : NULL;
}

static void assert_same_slots(const struct pair *pair, const struct elfmap_map *a,
			      const struct elfmap_map *b)
{
	const char *name = elfmap_map__name(a);

	assert_same_number(pair, name, "slots", elfmap_map__nr_slots(a), elfmap_map__nr_slots(b));
	for (size_t i = 0; i < elfmap_map__nr_slots(a); i++) {
		const char *before, *after;
		__u32 key, new_key;

		ck_assert_int_eq(elfmap_map__slot(a, i, &key, &before), 0);
		ck_assert_int_eq(elfmap_map__slot(b, i, &new_key, &after), 0);
		assert_same_number(pair, name, "slot", key, new_key);
		assert_same_text(pair, name, "slot holds", before, after);
	}
}

/*
 * The order of maps, their section and offset, and the evidence are those of the new file: inner
 * maps stand before outer ones there, and the tag is the evidence.
 */
static void assert_same_map(const struct pair *pair, const struct elfmap_map *a)
{
	const char *name = elfmap_map__name(a);
	const struct elfmap_map *b = map_of(pair->after, name);

	assert_same_text(pair, name, "layout", elfmap_map__layout(a), elfmap_map__layout(b));
	assert_same_def(pair, name, elfmap_map__def(a), elfmap_map__def(b));
	assert_same_text(pair, name, "inner map", inner_name(a), inner_name(b));
	assert_same_text(pair, name, "path", elfmap_map__pin_path(a), elfmap_map__pin_path(b));
	assert_same_number(pair, name, "key type", elfmap_map__btf_key_type_id(a),
			   elfmap_map__btf_key_type_id(b));
	assert_same_number(pair, name, "value type", elfmap_map__btf_value_type_id(a),
			   elfmap_map__btf_value_type_id(b));
	assert_same_slots(pair, a, b);
}

static size_t nr_maps(const struct elfmap_object *object)
{
	size_t count = 0;

	for (struct elfmap_map *map = NULL; (map = elfmap_object__next_map(object, map));)
		count++;
	return count;
}

static void assert_same_maps(const struct pair *pair)
{
	struct elfmap_map *map = NULL;

	ck_assert(!elfmap_object__is_legacy(pair->after));
	ck_assert(elfmap_object__is_big_endian(pair->after) ==
		  elfmap_object__is_big_endian(pair->before));
	ck_assert_mem_ne(elfmap_object__sha1(pair->after), elfmap_object__sha1(pair->before), 20);
	ck_assert_uint_eq(nr_maps(pair->after), nr_maps(pair->before));
	while ((map = elfmap_object__next_map(pair->before, map)))
		assert_same_map(pair, map);
}

/*
 * Pin paths are compared with the rest, and those in the object's namespace are named by the SHA-1
 * of the original, though the new file has one of its own.
 */
START_TEST(test_maps)
{
	for_each_pair(&variants[_i], assert_same_maps);
}
END_TEST

static void assert_same_words(const struct pair *pair)
{
	struct elfmap_map *map = NULL;

	while ((map = elfmap_object__next_map(pair->before, map))) {
		const char *name = elfmap_map__name(map);

		assert_same_number(pair, name, "words", elfmap_map__def(map)->has,
				   elfmap_map__def(map_of(pair->after, name))->has);
	}
}

/* Which words a definition has, whether they are 0 or not. */
START_TEST(test_words)
{
	for_each_pair(&variants[0], assert_same_words);
}
END_TEST

/* --- fields -------------------------------------------------------------------------------- */

static const char *const field_names[] = {
	"type",	     "key_size",    "value_size", "max_entries", "map_flags",	  "id",
	"pinning",   "inner_id",    "inner_idx",  "numa_node",	 "inner_map_idx", "uid",
	"mode",	     "gid",	    "namespace",  "max_kver",	 "shared",	  "pin_subdir",
	"not_there", "burst_bytes",
};

static void assert_same_field(const struct pair *pair, const struct elfmap_map *a,
			      const char *field)
{
	const char *name = elfmap_map__name(a);
	__u64 value = 0, new_value = 0;
	int err = elfmap_map__field(a, field, &value);
	int new_err = elfmap_map__field(map_of(pair->after, name), field, &new_value);

	ck_assert_msg(err == new_err, "%s: %s: field %s: %d, not %d", pair->name, name, field,
		      new_err, err);
	assert_same_number(pair, name, field, value, new_value);
}

static void assert_same_fields(const struct pair *pair)
{
	struct elfmap_map *map = NULL;

	while ((map = elfmap_object__next_map(pair->before, map)))
		for (size_t i = 0; i < sizeof(field_names) / sizeof(field_names[0]); i++)
			assert_same_field(pair, map, field_names[i]);
}

/* By name, known to elfmap or not, and whether there is such a field at all. */
START_TEST(test_fields_by_name)
{
	for_each_pair(&variants[0], assert_same_fields);
}
END_TEST

static void assert_same_extra_field(const struct pair *pair, const struct elfmap_map *a,
				    const struct elfmap_map *b, size_t i)
{
	enum elfmap_field_kind kind, new_kind;
	const char *name, *new_name, *text, *new_text;
	__u64 value, new_value;

	ck_assert_int_eq(elfmap_map__extra_field(a, i, &name, &kind, &value, &text), 0);
	ck_assert_int_eq(elfmap_map__extra_field(b, i, &new_name, &new_kind, &new_value, &new_text),
			 0);
	assert_same_text(pair, elfmap_map__name(a), "field", name, new_name);
	assert_same_number(pair, name, "kind", kind, new_kind);
	if (kind == ELFMAP_FIELD_TEXT)
		assert_same_text(pair, name, "text", text, new_text);
	else
		assert_same_number(pair, name, "value", value, new_value);
}

static void assert_same_extra_fields(const struct pair *pair)
{
	struct elfmap_map *map = NULL;

	while ((map = elfmap_object__next_map(pair->before, map))) {
		const struct elfmap_map *after = map_of(pair->after, elfmap_map__name(map));
		size_t count = elfmap_map__nr_extra_fields(map);

		assert_same_number(pair, elfmap_map__name(map), "extra fields", count,
				   elfmap_map__nr_extra_fields(after));
		for (size_t i = 0; i < count; i++)
			assert_same_extra_field(pair, map, after, i);
	}
}

/* All that no member of the definition stands for, in order. */
START_TEST(test_extra_fields)
{
	for_each_pair(&variants[0], assert_same_extra_fields);
}
END_TEST

/* --- programs ------------------------------------------------------------------------------ */

static void assert_same_program(const struct pair *pair, const struct elfmap_program *a,
				const struct elfmap_program *b)
{
	const char *name = elfmap_program__name(a);
	const struct elfmap_map *before, *after;
	__u32 key = 0, new_key = 0;

	ck_assert_str_eq(elfmap_program__name(b), name);
	assert_same_number(pair, name, "insns", elfmap_program__insn_cnt(a),
			   elfmap_program__insn_cnt(b));
	assert_same_number(pair, name, "type", elfmap_program__type(a), elfmap_program__type(b));
	assert_same_number(pair, name, "attach type", elfmap_program__expected_attach_type(a),
			   elfmap_program__expected_attach_type(b));
	assert_same_number(pair, name, "subprogram", elfmap_program__is_subprogram(a),
			   elfmap_program__is_subprogram(b));
	before = elfmap_program__tail_call(a, &key);
	after = elfmap_program__tail_call(b, &new_key);
	assert_same_text(pair, name, "tail call", before ? elfmap_map__name(before) : NULL,
			 after ? elfmap_map__name(after) : NULL);
	assert_same_number(pair, name, "tail call", key, new_key);
}

static void assert_same_programs(const struct pair *pair)
{
	struct elfmap_program *a = NULL, *b = NULL;

	while ((a = elfmap_object__next_program(pair->before, a))) {
		b = elfmap_object__next_program(pair->after, b);
		ck_assert_msg(b, "%s: no program %s", pair->name, elfmap_program__name(a));
		assert_same_program(pair, a, b);
	}
	ck_assert_ptr_null(elfmap_object__next_program(pair->after, b));
}

/* Sections are those of the image, whose names other suites are about. */
START_TEST(test_programs)
{
	for_each_pair(&variants[_i], assert_same_programs);
}
END_TEST

/* --- the whole ----------------------------------------------------------------------------- */

/* Only what was translated counts as such: maps that were BTF-defined before are as they were. */
START_TEST(test_maps_of_both_kinds)
{
	struct pair pair = open_pair("mixed_order.btf", &variants[0]);
	const struct elfmap_map *map = map_of(pair.after, "new_marks");

	ck_assert_str_eq(elfmap_map__layout(map), "BTF-defined");
	ck_assert_uint_eq(elfmap_map__def(map)->pin, ELFMAP_PIN_BY_NAME);
	ck_assert_str_eq(elfmap_map__evidence(map),
			 elfmap_map__evidence(map_of(pair.before, "new_marks")));
	map = map_of(pair.after, "old_calls");
	ck_assert_str_eq(elfmap_map__layout(map), "bpf_elf_map36");
	ck_assert_ptr_nonnull(strstr(elfmap_map__evidence(map), "tag"));
	close_pair(&pair);
}
END_TEST

static void assert_own_translation(const struct pair *pair)
{
	struct test_object again = image_of(pair->after);

	ck_assert_msg(again.size == pair->image.size, "%s: %zu bytes, not %zu", pair->name,
		      again.size, pair->image.size);
	ck_assert_mem_eq(again.bytes, pair->image.bytes, again.size);
	object_free(&again);
}

/* A translated object is its own translation, whatever image it is. */
START_TEST(test_again)
{
	for_each_pair(&variants[_i], assert_own_translation);
}
END_TEST

Suite *tags_suite(void)
{
	Suite *suite = suite_of("tags", test_words, test_fields_by_name, test_extra_fields,
				test_maps_of_both_kinds);

	add_loop_test(suite, test_maps, NR_VARIANTS);
	add_loop_test(suite, test_programs, NR_VARIANTS);
	add_loop_test(suite, test_again, NR_VARIANTS);
	return suite;
}
