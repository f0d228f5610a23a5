// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The image's BTF: the object's own types stay as they are, and maps get theirs after them. */
#include <string.h>

#include <bpf/btf.h>

#include "test/made_btf.h"
#include "test/opening.h"
#include "test/tests.h"

/* An object's BTF and its image's, and the image. */
struct pair {
	const char *name;
	struct test_object object, image;
	struct btf *from, *to; /* from: NULL where it has none */
};

static struct btf *btf_of(const struct test_object *object)
{
	struct btf *btf = btf__new(object_section_bytes(object, ".BTF"),
				   (__u32)object_section(object, ".BTF")->sh_size);

	ck_assert_ptr_nonnull(btf);
	return btf;
}

static struct pair pair_of(const char *name)
{
	struct pair pair = { .name = name, .object = object_load(name) };

	pair.image = convert(&pair.object);
	pair.from = object_has_btf(name) ? btf_of(&pair.object) : NULL;
	pair.to = btf_of(&pair.image);
	return pair;
}

static void free_pair(struct pair *pair)
{
	btf__free(pair->from);
	btf__free(pair->to);
	object_free(&pair->object);
	object_free(&pair->image);
}

static void for_each_pair(void (*check)(const struct pair *pair))
{
	for (const char *const *name = object_names(); *name; name++) {
		struct pair pair = pair_of(*name);

		check(&pair);
		free_pair(&pair);
	}
}

static const char *name_of(const struct btf *btf, const struct btf_type *type)
{
	return btf__name_by_offset(btf, type->name_off);
}

/* --- the object's own types ---------------------------------------------------------------- */

/* The bytes of a type: up to the next one. */
static size_t type_size(const struct btf *btf, __u32 id)
{
	const char *start = (const void *)btf__type_by_id(btf, id);
	const struct btf_header *header;
	__u32 size;

	if (id + 1 < btf__type_cnt(btf))
		return (size_t)((const char *)btf__type_by_id(btf, id + 1) - start);
	header = btf__raw_data(btf, &size);
	start = (const void *)btf__type_by_id(btf, 1);
	return header->type_len -
	       (size_t)((const char *)(const void *)btf__type_by_id(btf, id) - start);
}

static bool is_map_variable(const struct pair *pair, const struct btf_type *type)
{
	const Elf64_Sym *symbol;

	if (!btf_is_var(type))
		return false;
	symbol = object_find_symbol(&pair->object, name_of(pair->from, type));
	return symbol && symbol->st_shndx && symbol->st_shndx < SHN_LORESERVE &&
	       object_is_maps(object_section_name(&pair->object, symbol->st_shndx));
}

static bool is_maps_datasec(const struct pair *pair, const struct btf_type *type)
{
	const char *name = name_of(pair->from, type);

	return btf_is_datasec(type) && (object_is_maps(name) || !strcmp(name, ".maps"));
}

/* goebpf's paths are in a section that has another name in the image. */
static bool is_pointed_datasec(const struct pair *pair, const struct btf_type *type)
{
	return btf_is_datasec(type) && strncmp(pair->name, "goebpf", strlen("goebpf")) == 0 &&
	       !strcmp(name_of(pair->from, type), ".rodata");
}

/* Types keep their IDs, and but for those of maps every byte. */
static void check_types(const struct pair *pair)
{
	size_t maps = 0;

	if (!pair->from)
		return;
	ck_assert_uint_gt(btf__type_cnt(pair->to), btf__type_cnt(pair->from));
	for (__u32 id = 1; id < btf__type_cnt(pair->from); id++) {
		const struct btf_type *from = btf__type_by_id(pair->from, id);
		const struct btf_type *to = btf__type_by_id(pair->to, id);

		ck_assert_uint_eq(type_size(pair->to, id), type_size(pair->from, id));
		if (is_maps_datasec(pair, from) || is_pointed_datasec(pair, from))
			continue;
		ck_assert_str_eq(name_of(pair->to, to), name_of(pair->from, from));
		if (is_map_variable(pair, from)) {
			ck_assert(btf_is_var(to));
			maps++;
			continue;
		}
		ck_assert_msg(!memcmp(to, from, type_size(pair->from, id)), "%s: type %u",
			      pair->name, id);
	}
	ck_assert_uint_gt(maps, 0);
}

START_TEST(test_types)
{
	for_each_pair(check_types);
}
END_TEST

/* Strings too are only appended. */
static void check_strings(const struct pair *pair)
{
	const struct btf_header *from, *to;
	__u32 size;

	if (!pair->from)
		return;
	from = btf__raw_data(pair->from, &size);
	to = btf__raw_data(pair->to, &size);
	ck_assert_uint_ge(to->str_len, from->str_len);
	ck_assert_mem_eq((const char *)to + to->hdr_len + to->str_off,
			 (const char *)from + from->hdr_len + from->str_off, from->str_len);
}

START_TEST(test_strings)
{
	for_each_pair(check_strings);
}
END_TEST

/* What refers to types by ID is untouched, and so is what refers to sections that keep their name. */
static void check_ext(const struct pair *pair)
{
	const Elf64_Shdr *from, *to;
	const uint8_t *before, *after;

	if (!pair->from)
		return;
	from = object_section(&pair->object, ".BTF.ext");
	to = object_section(&pair->image, ".BTF.ext");
	before = pair->object.bytes + from->sh_offset;
	after = pair->image.bytes + to->sh_offset;
	ck_assert_uint_eq(to->sh_size, from->sh_size);
	for (size_t i = 0; i + sizeof(uint32_t) <= to->sh_size; i += sizeof(uint32_t)) {
		uint32_t old_word, word;

		memcpy(&old_word, before + i, sizeof(old_word));
		memcpy(&word, after + i, sizeof(word));
		if (word == old_word)
			continue;
		ck_assert_str_eq(pair->name, "text_only.btf");
		ck_assert_str_eq(btf__name_by_offset(pair->from, old_word), ".text");
		ck_assert_str_eq(btf__name_by_offset(pair->to, word), "text");
	}
}

START_TEST(test_ext)
{
	for_each_pair(check_ext);
}
END_TEST

/* --- the maps' types ----------------------------------------------------------------------- */

/* There is one DATASEC of maps; it lists each of them where its symbol says it is. */
static void check_datasec(const struct pair *pair)
{
	int id = btf__find_by_name_kind(pair->to, ".maps", BTF_KIND_DATASEC);
	const struct btf_type *datasec = btf__type_by_id(pair->to, (__u32)id);
	const struct btf_var_secinfo *infos = btf_var_secinfos(datasec);
	size_t maps = object_section_index(&pair->image, ".maps"), symbols = 0;
	__u64 end = 0;

	ck_assert_int_gt(id, 0);
	ck_assert_int_lt(btf__find_by_name_kind(pair->to, "maps", BTF_KIND_DATASEC), 0);
	ck_assert_uint_eq(datasec->size, object_section(&pair->image, ".maps")->sh_size);
	for (__u32 i = 0; i < btf_vlen(datasec); i++) {
		const struct btf_type *var = btf__type_by_id(pair->to, infos[i].type);
		const Elf64_Sym *symbol = object_symbol(&pair->image, name_of(pair->to, var));

		ck_assert(btf_is_var(var));
		ck_assert_uint_eq(btf_var(var)->linkage, BTF_VAR_GLOBAL_ALLOCATED);
		ck_assert_uint_eq(symbol->st_shndx, maps);
		ck_assert_uint_eq(infos[i].offset, symbol->st_value);
		ck_assert_uint_eq(infos[i].size, symbol->st_size);
		ck_assert_uint_le(infos[i].offset + infos[i].size, datasec->size);
	}
	for (size_t i = 1; i < object_nr_symbols(&pair->image); i++) {
		const Elf64_Sym *symbol = object_symbol_at(&pair->image, i);

		symbols += symbol->st_shndx == maps && ELF64_ST_TYPE(symbol->st_info) == STT_OBJECT;
	}
	ck_assert_uint_eq(symbols, btf_vlen(datasec));
	for (__u32 i = 0; i < btf_vlen(datasec) && strncmp(pair->name, "mixed", 5); i++) {
		ck_assert_uint_eq(infos[i].offset, end);
		end += infos[i].size;
	}
}

START_TEST(test_datasec)
{
	for_each_pair(check_datasec);
}
END_TEST

/* Each type is one that the kernel and other readers of BTF take. */
static void check_valid(const struct pair *pair)
{
	for (__u32 id = 1; id < btf__type_cnt(pair->to); id++) {
		const struct btf_type *type = btf__type_by_id(pair->to, id);

		if (btf_is_array(type)) {
			ck_assert_int_ge(btf__resolve_size(pair->to, id), 0);
			/* in the kernel, 32 bits */
			ck_assert_int_le(btf__resolve_size(pair->to, id), UINT32_MAX);
		}
		for (__u32 i = 0; btf_is_composite(type) && i < btf_vlen(type); i++) {
			__u32 offset = btf_member_bit_offset(type, i) / 8;
			__s64 size = btf__resolve_size(pair->to, btf_members(type)[i].type);

			ck_assert_int_le(offset + size, type->size);
		}
	}
}

START_TEST(test_valid)
{
	for_each_pair(check_valid);
}
END_TEST

static __u32 struct_of(const struct pair *pair, const char *map)
{
	for (__u32 id = 1; id < btf__type_cnt(pair->to); id++) {
		const struct btf_type *type = btf__type_by_id(pair->to, id);

		if (btf_is_var(type) && strcmp(name_of(pair->to, type), map) == 0)
			return type->type;
	}
	ck_abort_msg("%s: no variable %s", pair->name, map);
}

/* Of 80 maps, equal ones share their struct, and equal attributes their types. */
static void check_shared(const char *name)
{
	struct pair pair = pair_of(name);
	const struct btf_type *first = btf__type_by_id(pair.to, struct_of(&pair, "m00"));
	const struct btf_type *other = btf__type_by_id(pair.to, struct_of(&pair, "m01"));
	__u32 before = pair.from ? btf__type_cnt(pair.from) : 1;

	for (char digit = '1'; digit < '8'; digit++) {
		char map[] = { 'm', digit, '0', '\0' };

		ck_assert_uint_eq(struct_of(&pair, map), struct_of(&pair, "m00"));
	}
	ck_assert_uint_ne(struct_of(&pair, "m01"), struct_of(&pair, "m00"));
	ck_assert_uint_ne(struct_of(&pair, "m11"), struct_of(&pair, "m01"));
	ck_assert_str_eq(btf__name_by_offset(pair.to, btf_members(first)[0].name_off), "type");
	ck_assert_uint_eq(btf_members(first)[0].type, btf_members(other)[0].type);
	/* 73 structs, 80 variables with a tag each, and two types for each number there is */
	ck_assert_uint_lt(btf__type_cnt(pair.to) - before, 73 + 2 * 80 + 2 * 60);
	free_pair(&pair);
}

START_TEST(test_shared)
{
	check_shared("many");
	check_shared("many.btf");
}
END_TEST

/* Equal tags have one text. */
START_TEST(test_shared_texts)
{
	struct pair pair = pair_of("many");
	__u32 text = 0, count = 0;

	for (__u32 id = 1; id < btf__type_cnt(pair.to); id++) {
		const struct btf_type *type = btf__type_by_id(pair.to, id);

		if (!btf_is_decl_tag(type))
			continue;
		text = text ? text : type->name_off;
		ck_assert_uint_eq(type->name_off, text);
		count++;
	}
	ck_assert_uint_eq(count, 80);
	free_pair(&pair);
}
END_TEST

/* A number that makes an array of ints too large for the kernel makes one of chars. */
START_TEST(test_large_arrays)
{
	static const uint32_t values[] = { 0x3fffffff, 0x40000000, 0x80000000, 0xffffffff };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct pair pair = { .name = "counter", .object = object_load("counter") };

		for (size_t word = 0; word < 5; word++)
			*object_map_word(&pair.object, "packets", word) = values[i];
		pair.image = convert(&pair.object);
		pair.to = btf_of(&pair.image);
		check_valid(&pair);
		free_pair(&pair);
	}
}
END_TEST

/* Words that have no effect make no difference. */
START_TEST(test_shared_by_effect)
{
	struct pair pair = { .name = "def28", .object = object_load("def28") };

	object_multiply_map(&pair.object, "counter", 2);
	*object_map_word(&pair.object, "counter0", 5) = 3; /* inner_map_idx */
	*object_map_word(&pair.object, "counter0", 6) = 9; /* numa_node */
	*object_map_word(&pair.object, "counter1", 3) = 9; /* max_entries */
	pair.image = convert(&pair.object);
	pair.to = btf_of(&pair.image);
	ck_assert_uint_eq(struct_of(&pair, "counter0"), struct_of(&pair, "counter"));
	ck_assert_uint_ne(struct_of(&pair, "counter1"), struct_of(&pair, "counter"));
	free_pair(&pair);
}
END_TEST

/* A DATASEC that cannot take all maps becomes a struct that nobody refers to, of as many bytes. */
START_TEST(test_two_datasecs)
{
	struct pair pair = pair_of("mixed.btf");
	size_t retired = 0;

	for (__u32 id = 1; id < btf__type_cnt(pair.from); id++) {
		const struct btf_type *from = btf__type_by_id(pair.from, id);
		const struct btf_type *to = btf__type_by_id(pair.to, id);

		if (!is_maps_datasec(&pair, from))
			continue;
		ck_assert(btf_is_struct(to));
		ck_assert_str_eq(name_of(pair.to, to), "");
		ck_assert_uint_eq(btf_vlen(to), btf_vlen(from));
		retired++;
	}
	ck_assert_uint_eq(retired, 2);
	free_pair(&pair);
}
END_TEST

/* Where there is one, it stays where it is. */
START_TEST(test_one_datasec)
{
	struct pair pair = pair_of("tailcalls.btf");
	int from = btf__find_by_name_kind(pair.from, "maps", BTF_KIND_DATASEC);

	ck_assert_int_gt(from, 0);
	ck_assert_int_eq(btf__find_by_name_kind(pair.to, ".maps", BTF_KIND_DATASEC), from);
	free_pair(&pair);
}
END_TEST

/* Old compilers wrote BTF without it, and without its variables. */
START_TEST(test_no_datasec)
{
	static const char *const members[] = { "type",	    "size_key", "size_value", "max_elem",
					       "flags",	    "id",	"pinning",    "inner_id",
					       "inner_idx", NULL };
	static const char *const some[] = { "first", NULL };
	struct pair pair = { .name = "between", .object = object_load("static_map") };

	made_btf_add(&pair.object, "bpf_elf_map", members, some);
	pair.from = btf_of(&pair.object);
	pair.image = convert(&pair.object);
	pair.to = btf_of(&pair.image);
	check_datasec(&pair);
	ck_assert_uint_eq(struct_of(&pair, "first"), struct_of(&pair, "first"));
	for (__u32 id = 1; id < btf__type_cnt(pair.from); id++) {
		const struct btf_type *from = btf__type_by_id(pair.from, id);

		if (!btf_is_var(from))
			ck_assert_mem_eq(btf__type_by_id(pair.to, id), from,
					 type_size(pair.from, id));
	}
	free_pair(&pair);
}
END_TEST

Suite *image_btf_suite(void)
{
	return suite_of("image_btf", test_types, test_strings, test_ext, test_datasec, test_valid,
			test_shared, test_shared_texts, test_large_arrays, test_shared_by_effect,
			test_two_datasecs, test_one_datasec, test_no_datasec);
}
