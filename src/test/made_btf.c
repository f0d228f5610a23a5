// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <bpf/btf.h>

#include "test/made_btf.h"
#include "test/tests.h"

static struct btf *begin(void)
{
	struct btf *btf = btf__new_empty();

	ck_assert_ptr_nonnull(btf);
	return btf;
}

/* Frees the BTF. */
static void put(struct test_object *object, struct btf *btf)
{
	__u32 size;
	const void *bytes = btf__raw_data(btf, &size);

	ck_assert_ptr_nonnull(bytes);
	object_add_section(object, ".BTF", SHT_PROGBITS, bytes, size);
	btf__free(btf);
}

static int expect_id(int id)
{
	ck_assert_int_gt(id, 0);
	return id;
}

void made_btf_add(struct test_object *object, const char *name, const char *const *members,
		  const char *const *maps)
{
	struct btf *btf = begin();
	int word = expect_id(btf__add_int(btf, "unsigned int", 4, 0));
	__u32 count = 0;
	int type;

	while (members[count])
		count++;
	type = expect_id(btf__add_struct(btf, name, count * 4));
	for (__u32 i = 0; i < count; i++)
		ck_assert_int_eq(btf__add_field(btf, members[i], word, i * 32, 0), 0);
	type = expect_id(btf__add_typedef(btf, "definition", type));
	for (; *maps; maps++)
		expect_id(btf__add_var(btf, *maps, BTF_VAR_GLOBAL_ALLOCATED, type));
	put(object, btf);
}

void made_btf_add_loop(struct test_object *object, const char *map)
{
	struct btf *btf = begin();

	ck_assert_int_eq(btf__add_typedef(btf, "a", 2), 1);
	ck_assert_int_eq(btf__add_typedef(btf, "b", 1), 2);
	expect_id(btf__add_var(btf, map, BTF_VAR_GLOBAL_ALLOCATED, 2));
	put(object, btf);
}

void made_btf_add_nested(struct test_object *object, const char *map, __u32 size, __u32 count)
{
	struct btf *btf = begin();

	ck_assert_int_eq(btf__add_struct(btf, "definition", size), 1);
	for (__u32 i = 0; i < count; i++)
		ck_assert_int_eq(btf__add_field(btf, "itself", 1, i * 32, 0), 0);
	expect_id(btf__add_var(btf, map, BTF_VAR_GLOBAL_ALLOCATED, 1));
	put(object, btf);
}
