// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Layouts by name, by the object's BTF, and by a caller's own callbacks. */
#include <errno.h>
#include <string.h>

#include <linux/bpf.h>

#include "test/made_btf.h"
#include "test/opening.h"
#include "test/tests.h"

/* --- by name ------------------------------------------------------------------------------- */

START_TEST(test_named_layout)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .layout = "bpf_map_def16" };
	struct test_object object = object_load("counter.btf");
	struct elfmap_object *opened;
	const struct elfmap_map *map;

	/* 36 bytes with BTF; a shorter layout reads what it knows, and nothing else is dropped */
	assert_refused(&object, &opts, EINVAL, "section maps: map \"packets\"", "36 bytes",
		       "the 16 of layout bpf_map_def16", "not zero");
	for (size_t i = 4; i < 9; i++)
		*object_map_word(&object, "packets", i) = 0;
	opened = open_object(&object, &opts);
	map = map_of(opened, "packets");
	ck_assert_str_eq(elfmap_map__layout(map), "bpf_map_def16");
	ck_assert_str_eq(elfmap_map__evidence(map), "option: asked for (36 bytes)");
	ck_assert_uint_eq(elfmap_map__def(map)->value_size, 8);
	ck_assert_uint_eq(elfmap_map__def(map)->has, 0);
	ck_assert_uint_eq(elfmap_map__def(map)->pinning, 0);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

START_TEST(test_longer_layout)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .layout = "bpf_elf_map36" };
	struct test_object object = object_load("def20");

	assert_refused(&object, &opts, ERANGE, "section maps: map \"flows\": its 20 bytes",
		       "bpf_elf_map36", "that layout is longer");
	object_free(&object);
}
END_TEST

START_TEST(test_unknown_layout)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .layout = "bpf_map_def21" };
	struct test_object object = object_load("def20");

	assert_refused(&object, &opts, ENOENT, "no layout is called \"bpf_map_def21\"");
	object_free(&object);
}
END_TEST

/* --- by BTF -------------------------------------------------------------------------------- */

/* The words stand elsewhere than in any layout: only BTF can tell. */
START_TEST(test_members)
{
	static const char *const members[] = { "max_elem", "size_value", "size_key",
					       "type",	   "unknown",	 NULL };
	static const char *const names[] = { "flows", "marks", "events", "totals", NULL };
	struct test_object object = object_load("def20");
	const struct elfmap_map_def *def;
	struct elfmap_object *opened;

	for (size_t i = 0; names[i]; i++) {
		*object_map_word(&object, names[i], 0) = 100 + (uint32_t)i; /* max_elem */
		*object_map_word(&object, names[i], 1) = 24;
		*object_map_word(&object, names[i], 2) = 12;
		*object_map_word(&object, names[i], 3) = BPF_MAP_TYPE_HASH;
		*object_map_word(&object, names[i], 4) = 0;
	}
	made_btf_add(&object, "anything", members, names);
	opened = open_object(&object, NULL);
	def = elfmap_map__def(map_of(opened, "events"));
	ck_assert_uint_eq(def->type, BPF_MAP_TYPE_HASH);
	ck_assert_uint_eq(def->key_size, 12);
	ck_assert_uint_eq(def->value_size, 24);
	ck_assert_uint_eq(def->max_entries, 102);
	ck_assert_uint_eq(def->has, 0);
	ck_assert_uint_eq(def->map_flags, 0);
	ck_assert_str_eq(elfmap_map__layout(map_of(opened, "events")), "btf");
	ck_assert_str_eq(elfmap_map__evidence(map_of(opened, "events")),
			 "BTF: it names the members (20 bytes)");
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* A word under a name that says nothing is kept under that name, whatever stands there elsewhere. */
START_TEST(test_unknown_member)
{
	static const char *const members[] = { "type",	      "key_size", "value_size",
					       "max_entries", "unknown",  NULL };
	static const char *const names[] = { "flows", "marks", "events", "totals", NULL };
	struct test_object object = object_load("def20");
	struct elfmap_object *opened;
	const struct elfmap_map *map;
	const char *name;
	__u64 value;

	made_btf_add(&object, "anything", members, names);
	*object_map_word(&object, "flows", 4) = 0x12345678;
	opened = open_object(&object, NULL);
	map = map_of(opened, "flows");
	ck_assert_str_eq(elfmap_map__layout(map), "btf");
	ck_assert_str_eq(elfmap_map__evidence(map), "BTF: it names the members (20 bytes)");
	ck_assert_uint_eq(elfmap_map__def(map)->map_flags, 0);
	ck_assert_int_eq(elfmap_map__field(map, "unknown", &value), 0);
	ck_assert_uint_eq(value, 0x12345678);
	ck_assert_int_eq(elfmap_map__field(map, "max_entries", &value), 0);
	ck_assert_uint_eq(value, elfmap_map__def(map)->max_entries);
	ck_assert_int_eq(elfmap_map__field(map, "map_flags", &value), -ENOENT);
	ck_assert_uint_eq(elfmap_map__nr_extra_fields(map), 1);
	ck_assert_int_eq(elfmap_map__extra_field(map, 0, &name, NULL, &value, NULL), 0);
	ck_assert_str_eq(name, "unknown");
	ck_assert_int_eq(elfmap_map__extra_field(map, 1, &name, NULL, NULL, NULL), -ERANGE);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* Where BTF does not name all of what every map has, the layouts of that size must agree. */
START_TEST(test_incomplete_names)
{
	static const char *const members[] = { "type",	      "key_size",  "unknown",
					       "max_entries", "map_flags", NULL };
	static const char *const names[] = { "flows", "marks", "events", "totals", NULL };
	struct test_object object = object_load("def20");

	made_btf_add(&object, "anything", members, names);
	assert_refused(&object, NULL, EINVAL, "section maps: map \"flows\": its 20 bytes read diff",
		       " as btf", " as bpf_map_def20");
	object_free(&object);
}
END_TEST

/* A layout that nobody listed: 40 bytes, the proposal that never came to be. */
START_TEST(test_unlisted_layout)
{
	static const char *const members[] = { "type",	    "size_key",	 "size_value", "max_elem",
					       "flags",	    "map_id",	 "pinning",    "inner_id",
					       "inner_idx", "numa_node", "owner",      NULL };
	static const char *const names[] = { "packets", NULL };
	struct test_object object = object_load("counter");
	const struct elfmap_map_def *def;
	struct elfmap_object *opened;

	object_resize_section(&object, "maps", 44);
	object_symbol(&object, "packets")->st_size = 44;
	for (size_t i = 4; i < 10; i++)
		*object_map_word(&object, "packets", i) = (uint32_t)i;
	*object_map_word(&object, "packets", 6) = 2;
	assert_refused(&object, NULL, ENOTSUP, "definitions of 44 bytes");
	made_btf_add(&object, "bpf_elf_map", members, names);
	opened = open_object(&object, NULL);
	def = elfmap_map__def(map_of(opened, "packets"));
	ck_assert_uint_eq(def->map_flags, 4);
	ck_assert_uint_eq(def->id, 5);
	ck_assert_uint_eq(def->pinning, 2);
	ck_assert_uint_eq(def->inner_id, 7);
	ck_assert_uint_eq(def->inner_idx, 8);
	ck_assert_uint_eq(def->numa_node, 9);
	ck_assert_uint_eq(def->has, ELFMAP_DEF_MAP_FLAGS | ELFMAP_DEF_ID | ELFMAP_DEF_PINNING |
					    ELFMAP_DEF_INNER_ID | ELFMAP_DEF_INNER_IDX |
					    ELFMAP_DEF_NUMA_NODE);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* BTF that does not describe all entries, or not as map definitions, is no evidence. */
START_TEST(test_unfit_btf)
{
	static const char *const good[] = { "type",	"size_key", "size_value",
					    "max_elem", "flags",    NULL };
	static const char *const all[] = { "flows", "marks", "events", "totals", NULL };
	static const struct {
		const char *members[7];
		const char *names[5];
	} cases[] = {
		{ { "type", "a", "b", "c", "d" }, { "flows", "marks", "events", "totals" } },
		{ { "type", "key_size", "a", "b", "c" }, { "flows", "marks", "events" } },
	};
	struct test_object object = object_load("def20");
	struct elfmap_object *opened;

	made_btf_add(&object, "good", good, all);
	opened = open_object(&object, NULL);
	ck_assert_str_eq(elfmap_map__evidence(map_of(opened, "flows")),
			 "BTF: it names the members (20 bytes)");
	elfmap_object__close(opened);
	object_free(&object);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		object = object_load("def20");
		made_btf_add(&object, "unfit", cases[i].members, cases[i].names);
		opened = open_object(&object, NULL);
		ck_assert_str_eq(elfmap_map__evidence(map_of(opened, "flows")),
				 "size: no section ID/KEY makes the fifth word an id (20 bytes)");
		elfmap_object__close(opened);
		object_free(&object);
	}
}
END_TEST

/* A struct that is shorter or longer than the definition is another source's. */
START_TEST(test_contradicting_btf)
{
	static const char *const shorter[] = { "type", "max_entries", "b", "c", NULL };
	static const char *const longer[] = { "type", "max_entries", "b", "c", "d", "e", NULL };
	static const char *const *const structs[] = { shorter, longer };
	static const char *const names[] = { "flows", "marks", "events", "totals", NULL };

	for (size_t i = 0; i < sizeof(structs) / sizeof(structs[0]); i++) {
		struct test_object object = object_load("def20");

		made_btf_add(&object, "unfit", structs[i], names);
		assert_refused(&object, NULL, EINVAL, "section maps: map ",
			       "20 bytes, in BTF it is a struct unfit of ",
			       "they contradict each other");
		object_free(&object);
	}
}
END_TEST

/* Names that stand at other places than a layout of that size has them speak against it. */
START_TEST(test_displaced_names)
{
	static const char *const members[] = { "kind", "type", "value_size", "a", "b", NULL };
	static const char *const names[] = { "flows", "marks", "events", "totals", NULL };
	struct test_object object = object_load("def20");

	made_btf_add(&object, "anything", members, names);
	assert_refused(&object, NULL, ENOTSUP, "section maps: definitions of 20 bytes",
		       "agrees with the object's BTF");
	object_free(&object);
}
END_TEST

/* Two members that mean one thing and say two. */
START_TEST(test_two_names)
{
	static const char *const members[] = { "type",	"key_size",  "value_size", "max_entries",
					       "flags", "map_flags", NULL };
	static const char *const names[] = { "by_mark", "by_queue", "counter", "session", NULL };
	struct test_object object = object_load("def24");

	*object_map_word(&object, "counter", 4) = 0;
	*object_map_word(&object, "counter", 5) = 1;
	made_btf_add(&object, "anything", members, names);
	assert_refused(&object, NULL, EINVAL, "two members say what its map_flags is");
	object_free(&object);
}
END_TEST

/* Typedefs that lead to themselves lead to no struct. */
START_TEST(test_typedef_loop)
{
	struct test_object object = object_load("counter");
	struct elfmap_object *opened;

	made_btf_add_loop(&object, "packets");
	opened = open_object(&object, NULL);
	ck_assert_str_eq(elfmap_map__evidence(map_of(opened, "packets")),
			 "size: only this layout has definitions of this size (36 bytes)");
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* Which would be walked into for ever, or as good as that: nine at each of eight levels. */
START_TEST(test_struct_in_itself)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .layout = "bpf_map_def20" };
	struct test_object object = object_load("def20");

	/* BTF knows one of four maps, which is not the first: it is the one to look at */
	made_btf_add_nested(&object, "totals", 20, 9);
	assert_refused(&object, NULL, ENOTSUP, "definitions of 20 bytes (map \"totals\")",
		       "no known layout has this size and agrees with the object's BTF",
		       "--layout");
	elfmap_object__close(open_object(&object, &opts));
	object_free(&object);
}
END_TEST

/* --- by the caller's callbacks ------------------------------------------------------------- */

/* What a format of this test answers, and what it was asked. */
struct probe {
	int evidence;
	const char *why;
	int decode_error;
	size_t probed, decoded;
};

static int probe(const struct elfmap_section *section, const char **why, void *ctx)
{
	struct probe *state = ctx;

	ck_assert_str_eq(elfmap_section__name(section), "maps");
	ck_assert_uint_eq(elfmap_section__nr_entries(section), 3);
	ck_assert_uint_eq(elfmap_section__entry_size(section), 36);
	ck_assert_str_eq(elfmap_entry__name(elfmap_section__entry(section, 2)), "trace");
	ck_assert(elfmap_section__has_tail_call_id(section, 0xabccba));
	ck_assert(elfmap_section__has_tail_call_id(section, 99));
	ck_assert(!elfmap_section__has_tail_call_id(section, 0));
	state->probed++;
	if (state->why)
		*why = state->why;
	return state->evidence;
}

/* struct backwards { inner_idx, ..., type }: the words of bpf_elf_map from the end. */
static int decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	static const struct elfmap_map_def zero;
	struct probe *state = ctx;
	size_t size = 0;
	__u32 word = 7;

	ck_assert_mem_eq(def, &zero, sizeof(zero));
	ck_assert_ptr_nonnull(elfmap_entry__data(entry, &size));
	ck_assert_uint_eq(size, 36);
	ck_assert_int_eq(elfmap_entry__u32(entry, 36, &word), -ERANGE);
	ck_assert_int_eq(elfmap_entry__u32(entry, 33, &word), -ERANGE);
	ck_assert_int_eq(elfmap_entry__u32(entry, SIZE_MAX, &word), -ERANGE);
	ck_assert_uint_eq(word, 7);
	ck_assert_int_eq(elfmap_entry__u32(entry, 32, &def->type), 0);
	ck_assert_int_eq(elfmap_entry__u32(entry, 28, &def->key_size), 0);
	ck_assert_int_eq(elfmap_entry__u32(entry, 24, &def->value_size), 0);
	ck_assert_int_eq(elfmap_entry__u32(entry, 20, &def->max_entries), 0);
	def->has = ELFMAP_DEF_PINNING;
	ck_assert_int_eq(elfmap_entry__u32(entry, 8, &def->pinning), 0);
	state->decoded++;
	return state->decoded == 2 ? state->decode_error : 0;
}

/* tailcalls, or tailcalls.btf, with the words of each definition in reverse. */
static struct test_object backwards(const char *name)
{
	static const char *const maps[] = { "steps", "verdicts", "trace" };
	struct test_object object = object_load(name);

	for (size_t i = 0; i < 3; i++) {
		for (size_t j = 0; j < 4; j++) {
			uint32_t *a = object_map_word(&object, maps[i], j);
			uint32_t *b = object_map_word(&object, maps[i], 8 - j);
			uint32_t word = *a;

			*a = *b;
			*b = word;
		}
	}
	return object;
}

static void check_backwards(const char *name)
{
	struct probe no = { .evidence = ELFMAP_EVIDENCE_NONE };
	struct probe yes = { .evidence = ELFMAP_EVIDENCE_CONTENT, .why = "it is backwards" };
	struct probe late = { .evidence = ELFMAP_EVIDENCE_BTF };
	const struct elfmap_format not_mine = { .sz = sizeof(struct elfmap_format),
						.name = "not_mine",
						.probe = probe,
						.decode = decode,
						.ctx = &no };
	const struct elfmap_format mine = { .sz = sizeof(struct elfmap_format),
					    .name = "backwards",
					    .probe = probe,
					    .decode = decode,
					    .ctx = &yes };
	const struct elfmap_format never = { .sz = sizeof(struct elfmap_format),
					     .name = "never",
					     .probe = probe,
					     .decode = decode,
					     .ctx = &late };
	const struct elfmap_format *const formats[] = { &not_mine, &mine, &never };
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .formats = formats, .nr_formats = 3 };
	struct test_object object = backwards(name);
	struct elfmap_object *opened = open_object(&object, &opts);
	const struct elfmap_map *map = map_of(opened, "trace");

	ck_assert_str_eq(elfmap_map__layout(map), "backwards");
	ck_assert_str_eq(elfmap_map__evidence(map), "content: it is backwards (36 bytes)");
	ck_assert_uint_eq(elfmap_map__def(map)->type, BPF_MAP_TYPE_ARRAY);
	ck_assert_uint_eq(elfmap_map__def(map)->key_size, 4);
	ck_assert_uint_eq(elfmap_map__def(map)->value_size, 8);
	ck_assert_uint_eq(elfmap_map__def(map)->max_entries, 6);
	ck_assert_uint_eq(elfmap_map__def(map)->pinning, 2);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "verdicts"))->pinning, 1);
	ck_assert_uint_eq(no.probed, 1);
	ck_assert_uint_eq(no.decoded, 0);
	ck_assert_uint_eq(yes.probed, 1);
	ck_assert_uint_eq(yes.decoded, 3);
	ck_assert_uint_eq(late.probed, 0);
	elfmap_object__close(opened);
	object_free(&object);
}

START_TEST(test_own_format)
{
	check_backwards("tailcalls");
	check_backwards("tailcalls.btf");
}
END_TEST

START_TEST(test_own_format_by_name)
{
	struct probe state = { .evidence = -EIO };
	const struct elfmap_format mine = { .sz = sizeof(struct elfmap_format),
					    .name = "backwards",
					    .probe = probe,
					    .decode = decode,
					    .ctx = &state };
	const struct elfmap_format *const formats[] = { &mine };
	struct elfmap_open_opts opts = {
		.sz = sizeof(opts), .formats = formats, .nr_formats = 1, .layout = "backwards"
	};
	struct test_object object = backwards("tailcalls");
	struct elfmap_object *opened = open_object(&object, &opts);

	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "trace"))->max_entries, 6);
	ck_assert_uint_eq(state.probed, 0);
	elfmap_object__close(opened);
	opts.layout = "bpf_elf_map36";
	assert_refused(&object, &opts, EINVAL, "both have id 2"); /* what are the pinnings */
	object_free(&object);
}
END_TEST

START_TEST(test_probe_refuses)
{
	struct probe state = { .evidence = -EPROTO };
	const struct elfmap_format mine = { .sz = sizeof(struct elfmap_format),
					    .name = "backwards",
					    .probe = probe,
					    .decode = decode,
					    .ctx = &state };
	const struct elfmap_format *const formats[] = { &mine };
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .formats = formats, .nr_formats = 1 };
	struct test_object object = object_load("tailcalls");

	assert_refused(&object, &opts, EPROTO, "section maps: format backwards refuses it");
	object_free(&object);
}
END_TEST

START_TEST(test_decode_refuses)
{
	struct probe state = { .evidence = ELFMAP_EVIDENCE_SIZE, .decode_error = -EPROTO };
	const struct elfmap_format mine = { .sz = sizeof(struct elfmap_format),
					    .name = "backwards",
					    .probe = probe,
					    .decode = decode,
					    .ctx = &state };
	const struct elfmap_format *const formats[] = { &mine };
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .formats = formats, .nr_formats = 1 };
	struct test_object object = backwards("tailcalls");

	assert_refused(&object, &opts, EPROTO, "section maps: map \"verdicts\"", "backwards");
	object_free(&object);
}
END_TEST

Suite *formats_suite(void)
{
	return suite_of("formats", test_named_layout, test_longer_layout, test_unknown_layout,
			test_members, test_unknown_member, test_incomplete_names,
			test_unlisted_layout, test_unfit_btf, test_contradicting_btf,
			test_displaced_names, test_two_names, test_typedef_loop,
			test_struct_in_itself, test_own_format, test_own_format_by_name,
			test_probe_refuses, test_decode_refuses);
}
