// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The part of object_edit.h that knows the objects by their names. */
#include <glob.h>
#include <string.h>

#include "test/object_edit.h"
#include "test/tests.h"

/* Whether a list of sources has the one that an object is built from. */
static bool is_from(const char *name, const char *const *sources)
{
	size_t length = strcspn(name, ".");

	for (; *sources; sources++) {
		if (strlen(*sources) == length && !strncmp(*sources, name, length))
			return true;
	}
	return false;
}

static bool is_refused(const char *name)
{
	/* for another system, whose map types have other numbers */
	static const char *const sources[] = { "windows", "windows24", NULL };

	return is_from(name, sources);
}

/* Nothing reads it but what its loader plugs in. */
static bool is_vendors(const char *name)
{
	static const char *const sources[] = { "vendor", NULL };

	return is_from(name, sources);
}

static bool has_legacy_maps(const char *name)
{
	struct test_object object = object_load(name);
	bool found = false;

	for (size_t i = 1; i < object_header(&object)->e_shnum && !found; i++) {
		const char *section = object_section_name(&object, i);

		found = !strcmp(section, "maps") || !strncmp(section, "maps/", strlen("maps/"));
	}
	object_free(&object);
	return found;
}

enum group {
	GROUP_PLAIN,
	GROUP_BIG_ENDIAN,
	GROUP_REFUSED,
	GROUP_NONE, /* no legacy maps, or none that can be read without a callback */
	GROUPS
};

/* All big-endian objects are built for their legacy maps. */
static enum group group_of(const char *name)
{
	if (is_refused(name))
		return GROUP_REFUSED;
	if (is_vendors(name))
		return GROUP_NONE;
	if (object_is_big_endian(name))
		return GROUP_BIG_ENDIAN;
	return has_legacy_maps(name) ? GROUP_PLAIN : GROUP_NONE;
}

static const char *const *names_of(enum group group)
{
	static const char *names[GROUPS][256];
	static bool listed;
	size_t count[GROUPS] = { 0 };
	glob_t found;

	if (listed)
		return names[group];
	listed = true;
	ck_assert_int_eq(glob("testdata/*.o", 0, NULL, &found), 0);
	ck_assert_uint_lt(found.gl_pathc, sizeof(names[0]) / sizeof(names[0][0]));
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *base = strchr(found.gl_pathv[i], '/') + 1;
		char *name = strndup(base, strlen(base) - strlen(".o"));
		enum group its = group_of(name);

		names[its][count[its]++] = name;
	}
	globfree(&found);
	return names[group];
}

const char *const *object_names(void)
{
	return names_of(GROUP_PLAIN);
}

const char *const *object_names_big_endian(void)
{
	return names_of(GROUP_BIG_ENDIAN);
}

const char *const *object_names_refused(void)
{
	return names_of(GROUP_REFUSED);
}

bool object_has_btf(const char *name)
{
	return strstr(name, ".btf");
}

bool object_is_big_endian(const char *name)
{
	return strstr(name, ".be");
}

bool object_loads_alone(const char *name)
{
	/* katran's loader makes the inner maps; gobpf's is told where to pin a map */
	static const char *const sources[] = { "katran", "gobpf", NULL };

	return !is_refused(name) && !is_from(name, sources);
}

bool object_has_only_words(const char *name)
{
	static const char *const sources[] = { "android", "datadog",	  "elf24u8",   "gobpf",
					       "goebpf",  "gobpf_global", "notlisted", NULL };

	return !is_from(name, sources);
}
