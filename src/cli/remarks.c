/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include "json.h"
#include "remarks.h"

struct filter {
	enum elfmap_remark kind;
	void (*fn)(const char *text, void *ctx);
	void *ctx;
};

static void pass(enum elfmap_remark kind, const char *text, void *ctx)
{
	const struct filter *filter = ctx;

	if (kind == filter->kind)
		filter->fn(text, filter->ctx);
}

void remarks_each(const struct elfmap_object *obj, enum elfmap_remark kind,
		  void (*fn)(const char *text, void *ctx), void *ctx)
{
	struct filter filter = { kind, fn, ctx };

	elfmap_object__remarks(obj, pass, &filter);
}

static void count_one(const char *text, void *ctx)
{
	(void)text;
	++*(size_t *)ctx;
}

size_t remarks_count(const struct elfmap_object *obj, enum elfmap_remark kind)
{
	size_t count = 0;

	remarks_each(obj, kind, count_one, &count);
	return count;
}

static void append_text(const char *text, void *ctx)
{
	json_append_string(ctx, text);
}

struct json_object *remarks_describe(const struct elfmap_object *obj, enum elfmap_remark kind)
{
	struct json_object *array = json_new_array();

	remarks_each(obj, kind, append_text, array);
	return array;
}
