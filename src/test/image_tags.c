// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>

#include "test/image_tags.h"
#include "test/opening.h"
#include "test/tests.h"

struct test_object untagged_image(const char *name)
{
	const struct elfmap_image_opts opts = { .sz = sizeof(opts), .no_tags = true };
	struct test_object object = object_load(name), image = convert_with(&object, &opts);

	object_free(&object);
	return image;
}

struct btf *image_btf(const struct test_object *image)
{
	struct btf *btf = btf__new(object_section_bytes(image, ".BTF"),
				   (__u32)object_section(image, ".BTF")->sh_size);

	ck_assert_ptr_nonnull(btf);
	return btf;
}

void image_set_btf(struct test_object *image, struct btf *btf)
{
	__u32 size;
	const void *bytes = btf__raw_data(btf, &size);

	ck_assert_ptr_nonnull(bytes);
	object_resize_section(image, ".BTF", size);
	memcpy(object_section_bytes(image, ".BTF"), bytes, size);
	btf__free(btf);
}

void image_add_tag(struct test_object *image, const char *map, const char *text)
{
	struct btf *btf = image_btf(image);
	int var = btf__find_by_name_kind(btf, map, BTF_KIND_VAR);

	ck_assert_msg(var > 0, "no variable %s", map);
	ck_assert_int_gt(btf__add_decl_tag(btf, text, var, -1), 0);
	image_set_btf(image, btf);
}

size_t image_nr_tags(const struct test_object *image)
{
	struct btf *btf = image_btf(image);
	size_t count = 0;

	for (__u32 id = 1; id < btf__type_cnt(btf); id++)
		count += btf_is_decl_tag(btf__type_by_id(btf, id));
	btf__free(btf);
	return count;
}

char *image_tag(const struct test_object *image, const char *map, size_t i)
{
	struct btf *btf = image_btf(image);
	int var = btf__find_by_name_kind(btf, map, BTF_KIND_VAR);
	char *text = NULL;

	ck_assert_msg(var > 0, "no variable %s", map);
	for (__u32 id = 1; id < btf__type_cnt(btf) && !text; id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);

		if (btf_is_decl_tag(type) && type->type == (__u32)var && !i--)
			text = strdup(btf__name_by_offset(btf, type->name_off));
	}
	btf__free(btf);
	return text;
}

bool image_has_tag(const struct test_object *image, const char *map, const char *text)
{
	bool found = false;
	char *tag;

	for (size_t i = 0; !found && (tag = image_tag(image, map, i)); i++) {
		found = !strcmp(tag, text);
		free(tag);
	}
	return found;
}
