// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* BTF that refers to what is not there is not used. */
#include <errno.h>
#include <string.h>

#include <bpf/btf.h>

#include "btf_check.h"
#include "test/made_btf.h"
#include "test/opening.h"
#include "test/tests.h"

#define NOWHERE 0x7fffffff

/* The IDs of the BTF below. */
enum {
	INT = 1,
	PTR,
	ARRAY,
	STRUCT,
	ENUM,
	TYPEDEF,
	CONST,
	PROTO,
	FUNC,
	VAR,
	DATASEC,
	ENUM64,
	TAG,
	FLOAT,
	FWD,
};

/* One type of each kind. */
static struct btf *make_btf(void)
{
	struct btf *btf = btf__new_empty();

	ck_assert_int_eq(btf__add_int(btf, "int", 4, BTF_INT_SIGNED), INT);
	ck_assert_int_eq(btf__add_ptr(btf, 0), PTR);
	ck_assert_int_eq(btf__add_array(btf, INT, INT, 3), ARRAY);
	ck_assert_int_eq(btf__add_struct(btf, "s", 8), STRUCT);
	ck_assert_int_eq(btf__add_field(btf, "member", INT, 0, 0), 0);
	ck_assert_int_eq(btf__add_enum(btf, "e", 4), ENUM);
	ck_assert_int_eq(btf__add_enum_value(btf, "one", 1), 0);
	ck_assert_int_eq(btf__add_typedef(btf, "t", STRUCT), TYPEDEF);
	ck_assert_int_eq(btf__add_const(btf, TYPEDEF), CONST);
	ck_assert_int_eq(btf__add_func_proto(btf, INT), PROTO);
	ck_assert_int_eq(btf__add_func_param(btf, "p", PTR), 0);
	ck_assert_int_eq(btf__add_func(btf, "f", BTF_FUNC_GLOBAL, PROTO), FUNC);
	ck_assert_int_eq(btf__add_var(btf, "v", BTF_VAR_STATIC, CONST), VAR);
	ck_assert_int_eq(btf__add_datasec(btf, ".data", 8), DATASEC);
	ck_assert_int_eq(btf__add_datasec_var_info(btf, VAR, 0, 8), 0);
	ck_assert_int_eq(btf__add_enum64(btf, "e64", 8, false), ENUM64);
	ck_assert_int_eq(btf__add_enum64_value(btf, "two", 2), 0);
	ck_assert_int_eq(btf__add_decl_tag(btf, "tag", VAR, -1), TAG);
	ck_assert_int_eq(btf__add_float(btf, "float", 4), FLOAT);
	ck_assert_int_eq(btf__add_fwd(btf, "fwd", BTF_FWD_STRUCT), FWD);
	return btf;
}

static struct btf_type *type_of(struct btf *btf, __u32 id)
{
	return (struct btf_type *)btf__type_by_id(btf, id);
}

static void check_good(const struct btf *btf)
{
	const char *fault = "untouched";
	uint32_t id = 0;

	ck_assert_int_eq(btf_check(btf, &id, &fault), 0);
	ck_assert_uint_le(id, btf__type_cnt(btf));
	ck_assert(id == btf__type_cnt(btf) || btf_is_datasec(btf__type_by_id(btf, id)));
	for (uint32_t i = 1; i < id; i++)
		ck_assert(!btf_is_datasec(btf__type_by_id(btf, i)));
	ck_assert_str_eq(fault, "untouched");
}

/* Give one word of a type another value; the check must name that type. */
static void check_bad(__u32 id, void *word, struct btf *btf, __u32 value, const char *text)
{
	const char *fault = NULL;
	uint32_t found = 0;
	__u32 saved;

	memcpy(&saved, word, sizeof(saved));
	memcpy(word, &value, sizeof(value));
	ck_assert_int_eq(btf_check(btf, &found, &fault), -EINVAL);
	ck_assert_msg(found == id, "type %u, not %u: %s", found, id, fault);
	ck_assert_ptr_nonnull(strstr(fault, text));
	memcpy(word, &saved, sizeof(saved));
	check_good(btf);
}

START_TEST(test_names)
{
	struct btf *btf = make_btf();

	check_good(btf);
	for (__u32 id = 1; id < btf__type_cnt(btf); id++)
		check_bad(id, &type_of(btf, id)->name_off, btf, NOWHERE, "name");
	check_bad(STRUCT, &btf_members(type_of(btf, STRUCT))->name_off, btf, NOWHERE, "name");
	check_bad(PROTO, &btf_params(type_of(btf, PROTO))->name_off, btf, NOWHERE, "name");
	check_bad(ENUM, &btf_enum(type_of(btf, ENUM))->name_off, btf, NOWHERE, "name");
	check_bad(ENUM64, &btf_enum64(type_of(btf, ENUM64))->name_off, btf, NOWHERE, "name");
	btf__free(btf);
}
END_TEST

START_TEST(test_references)
{
	static const __u32 referring[] = { PTR, TYPEDEF, CONST, PROTO, VAR, TAG };
	struct btf *btf = make_btf();
	__u32 end = btf__type_cnt(btf);

	for (size_t i = 0; i < sizeof(referring) / sizeof(referring[0]); i++)
		check_bad(referring[i], &type_of(btf, referring[i])->type, btf, end, "refers");
	check_bad(ARRAY, &btf_array(type_of(btf, ARRAY))->type, btf, end, "refers");
	check_bad(ARRAY, &btf_array(type_of(btf, ARRAY))->index_type, btf, end, "refers");
	check_bad(STRUCT, &btf_members(type_of(btf, STRUCT))->type, btf, end, "refers");
	check_bad(PROTO, &btf_params(type_of(btf, PROTO))->type, btf, end, "refers");
	check_bad(FUNC, &type_of(btf, FUNC)->type, btf, end, "prototype");
	check_bad(FUNC, &type_of(btf, FUNC)->type, btf, 0, "prototype");
	check_bad(FUNC, &type_of(btf, FUNC)->type, btf, STRUCT, "prototype");
	check_bad(DATASEC, &btf_var_secinfos(type_of(btf, DATASEC))->type, btf, end, "variable");
	check_bad(DATASEC, &btf_var_secinfos(type_of(btf, DATASEC))->type, btf, 0, "variable");
	check_bad(DATASEC, &btf_var_secinfos(type_of(btf, DATASEC))->type, btf, INT, "variable");
	btf__free(btf);
}
END_TEST

START_TEST(test_loops)
{
	struct btf *btf = make_btf();

	check_bad(TYPEDEF, &type_of(btf, TYPEDEF)->type, btf, TYPEDEF, "itself");
	check_bad(TYPEDEF, &type_of(btf, TYPEDEF)->type, btf, CONST, "itself");
	check_bad(ARRAY, &btf_array(type_of(btf, ARRAY))->type, btf, ARRAY, "itself");
	/* an array of what is an array of it */
	type_of(btf, TYPEDEF)->type = ARRAY;
	check_bad(ARRAY, &btf_array(type_of(btf, ARRAY))->type, btf, CONST, "itself");
	btf__free(btf);
}
END_TEST

/* Pointers and members may lead back: that is what lists are made of. */
START_TEST(test_lists)
{
	struct btf *btf = make_btf();

	type_of(btf, PTR)->type = STRUCT;
	btf_members(type_of(btf, STRUCT))->type = PTR;
	check_good(btf);
	type_of(btf, PTR)->type = PTR;
	check_good(btf);
	btf__free(btf);
}
END_TEST

START_TEST(test_testdata)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct test_object object = object_load(*name);
		struct btf *btf;

		if (object_has_btf(*name)) {
			btf = btf__new(object_section_bytes(&object, ".BTF"),
				       (__u32)object_section(&object, ".BTF")->sh_size);
			check_good(btf);
			btf__free(btf);
		}
		object_free(&object);
	}
}
END_TEST

/* Such an object is read as if it had none, and the image gets BTF that is good. */
START_TEST(test_left_out)
{
	struct test_object object = object_load("counter"), image;
	struct elfmap_object *opened;

	made_btf_add_loop(&object, "packets");
	opened = open_object(&object, NULL);
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_WARNING), 1);
	assert_message(ELFMAP_LOG_WARNING, "buffer: section .BTF is left out: type 1 is a typedef");
	image = image_of(opened);
	elfmap_object__close(opened);
	opened = open_object(&image, NULL);
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_WARNING), 0);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "packets"))->value_size, 8);
	elfmap_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

START_TEST(test_unreadable)
{
	struct test_object object = object_load("counter.btf"), image;
	struct elfmap_object *opened;

	object_section_bytes(&object, ".BTF")[0] ^= 0xff;
	opened = open_object(&object, NULL);
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_WARNING), 1);
	assert_message(ELFMAP_LOG_WARNING, "buffer: section .BTF cannot be read and is left out: ");
	/* what refers to its types goes with it */
	image = image_of(opened);
	ck_assert_uint_ne(object_find_section(&object, ".BTF.ext"), 0);
	ck_assert_uint_eq(object_find_section(&image, ".BTF.ext"), 0);
	elfmap_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* libbpf before 1.6 or so reads a gap before the strings, but cannot add types then. */
START_TEST(test_gap)
{
	struct test_object object = object_load("counter.btf");
	struct btf_header *header = (void *)object_section_bytes(&object, ".BTF");
	uint32_t type_len = header->type_len;
	struct elfmap_object *opened;

	header->type_len = 12; /* the first type */
	opened = open_object(&object, NULL);
	assert_message(ELFMAP_LOG_WARNING, "buffer: section .BTF ");
	assert_message(ELFMAP_LOG_WARNING, "is left out: ");
	elfmap_object__close(opened);
	header = (void *)object_section_bytes(&object, ".BTF");
	header->type_len = type_len;
	opened = open_object(&object, NULL);
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_WARNING), 0);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

START_TEST(test_section_type)
{
	struct test_object object = object_load("counter.btf");

	object_section(&object, ".BTF")->sh_type = SHT_STRTAB;
	assert_refused(&object, NULL, EINVAL, "section .BTF: type 3: expected 1 (SHT_PROGBITS)");
	object_free(&object);
}
END_TEST

Suite *btf_check_suite(void)
{
	return suite_of("btf_check", test_names, test_references, test_loops, test_lists,
			test_testdata, test_left_out, test_unreadable, test_gap, test_section_type);
}
