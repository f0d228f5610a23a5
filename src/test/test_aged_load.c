// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What old compilers left loads as what it was: the same programs by their tags, the same maps,
 * slots and pins as the same object has as compilers leave it today.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/bpf.h>

#include "test/aged.h"
#include "test/loaded.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/repaired.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"

static const char *const names[] = {
	"counter", "def20",	 "nested",	"tailcalls",  "goebpf",	    "mixedsizes",
	"xdp",	   "sections20", "static_map",	"globals",    "subprogs",   "mixed.btf",
	"demo",	   "elf28",	 "counter.btf", "nested.btf", "goebpf.btf", "globals.btf",
};
#define NR_NAMES (sizeof(names) / sizeof(names[0]))

static const struct age {
	void (*change)(struct test_object *object);
	bool without_btf;
} ages[] = {
	{ age_machine, false },	    { age_no_license, true },	     { age_static_maps, true },
	{ age_weak_maps, false },   { age_labels, false },	     { age_symbol_order, false },
	{ age_map_symbols, false }, { age_function_symbols, false }, { age_rela, false },
	{ age_all, false },
};
#define NR_AGES (sizeof(ages) / sizeof(ages[0]))

/* Whether an object can get that old, and still be taken by the kernel. */
static bool is_for(const struct age *age, const struct test_object *object, const char *name)
{
	bool calls = calls_sections(object);
	/* perf_event_output, which only GPL programs may call */
	bool needs_license = !strcmp(name, "def20") || !strcmp(name, "sections20");

	if (age->without_btf && object_has_btf(name))
		return false;
	if (needs_license && (age->change == age_no_license || age->change == age_all))
		return false;
	/* its static subprogram has a test of its own */
	return !calls || (age->change != age_rela && age->change != age_function_symbols &&
			  age->change != age_all);
}

static struct object_file file_of(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "testdata/%s.o", name);
	return object_file_at(path);
}

/* Load an aged object and compare with what its original must become. Frees the object. */
static void check_load(const char *name, struct test_object object)
{
	struct object_file file = file_of(name), aged = file;
	struct elfmap_object *opened;
	struct state state = { 0 };
	char own[40];
	int err;

	collect_messages();
	/* maps of global data are called as the file is */
	snprintf(own, sizeof(own), "%s.o", file.object->name);
	/* pins in its own namespace go by the file's bytes */
	ck_assert_uint_lt((size_t)snprintf(aged.path, sizeof(aged.path), "%s",
					   scratch_object(own, object)),
			  sizeof(aged.path));
	opened = elfmap_object__open_file(aged.path, NULL);
	ck_assert_msg(opened, "%s", messages(ELFMAP_LOG_ERROR));
	set_missing_types(opened);
	err = elfmap_object__load(opened);
	ck_assert_msg(!err, "%s: %s: %s", name, strerror(-err), messages(ELFMAP_LOG_ERROR));
	state_add_object(&state, opened);
	assert_whole_state(&state, &file);
	assert_object_pins(&aged, LOADER_LIBRARY);
	elfmap_object__close(opened);
	assert_object_pins(&aged, LOADER_LIBRARY);
}

START_TEST(test_load)
{
	const struct age *age = &ages[(size_t)_i / NR_NAMES];
	const char *name = names[(size_t)_i % NR_NAMES];
	struct test_object object = object_load(name);

	if (!is_for(age, &object, name)) {
		object_free(&object);
		return;
	}
	enter_kernel();
	age->change(&object);
	check_load(name, object);
}
END_TEST

/* The one that programs call, and not what stands before it. */
START_TEST(test_untyped_subprogram)
{
	struct test_object object = object_load(_i ? "subprogs.btf" : "subprogs");

	enter_kernel();
	age_function_symbols(&object);
	check_load(_i ? "subprogs.btf" : "subprogs", object);
}
END_TEST

Suite *aged_load_suite(void)
{
	Suite *suite = suite_of("aged_load");

	add_loop_test(suite, test_load, NR_AGES * NR_NAMES);
	add_loop_test(suite, test_untyped_subprogram, 2);
	return suite;
}
