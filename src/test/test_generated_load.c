// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Generated objects in the kernel: what the original, its conversion, and its conversion in the
 * hands of a plain libbpf become there is the same, and is what was generated. States are compared
 * as texts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sha1.h>

#include "cleanup.h"
#include "test/generated_state.h"
#include "test/namespace.h"
#include "test/outcome.h"
#include "test/seeds.h"
#include "test/setup.h"
#include "test/tests.h"

#define SEEDS 250

/*
 * To be set as the library learns more; all that is compared then is there.
 * .pins: a converted object keeps those that libbpf has no word for.
 * .mixed_attach_types: programs that share a prog array are loaded with one attach type.
 */
/* The one that libbpf gave those programs whose section it knows; 0 where there are none. */
static enum bpf_attach_type attach_type_of(const struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		if (bpf_program__type(program) == BPF_PROG_TYPE_XDP &&
		    bpf_program__expected_attach_type(program))
			return bpf_program__expected_attach_type(program);
	return (enum bpf_attach_type)0;
}

static const struct generate_options options = {
	.loadable = true,
	.pins = true,
	.mixed_attach_types = true,
	.addends = true,
};

/* --- pins ---------------------------------------------------------------------------------- */

/* Whether a map is pinned at a path, relative to the bpffs, by iproute2's rules. */
static bool is_pin_of(const char *path, const struct generated_map *truth, const char *sha1)
{
	static const char *const directories[] = { "generated/deep", "shallow" };
	char expected[256] = "";

	if (truth->def.pinning == 1)
		snprintf(expected, sizeof(expected), "tc/%s/%s", sha1, truth->name);
	if (truth->def.pinning == 2)
		snprintf(expected, sizeof(expected), "tc/globals/%s", truth->name);
	/* the last number is in no database */
	for (size_t i = 0; i < 2; i++) {
		if (truth->def.pinning == generated_pins[i])
			snprintf(expected, sizeof(expected), "%s/%s", directories[i], truth->name);
	}
	return !strcmp(path, expected);
}

static size_t count_pinned(const struct generated *generated)
{
	size_t count = 0;

	for (size_t i = 0; i < generated->nr_maps; i++)
		count += generated->maps[i].def.pinning &&
			 generated->maps[i].def.pinning != generated_pins[2];
	return count;
}

/* The pins of the original are those that it asks for, each of the map that asks. */
static void check_pins(const struct loaded *loaded, const struct generated *generated,
		       const struct test_object *bytes)
{
	char *pins CLEANUP(cleanup_free) = list_pins(BPFFS);
	char sha1[SHA1_DIGEST_STRING_LENGTH], *rest = NULL;
	size_t count = 0;

	/* these have rules of their own */
	if (made_layout_has_kind(generated->layout, MADE_NAMESPACE) ||
	    made_layout_has_kind(generated->layout, MADE_PIN_PATH))
		return;
	SHA1Data(bytes->bytes, bytes->size, sha1);
	for (char *pin = strtok_r(pins, "\n", &rest); pin; pin = strtok_r(NULL, "\n", &rest)) {
		char *path CLEANUP(cleanup_free) = NULL;
		const struct generated_map *truth;
		const char *name;

		ck_assert_int_gt(asprintf(&path, BPFFS "/%s", pin), 0);
		name = loaded_name(loaded, generated, true, map_info_of_pin(path).id);
		truth = generated_find_map(generated, name);
		expect(truth && is_pin_of(pin, truth, sha1), "%s is pinned as %s", name, pin);
		count++;
	}
	expect_equal(count, count_pinned(generated), "pins");
}

static void remove_pins(void)
{
	char *pins CLEANUP(cleanup_free) = list_pins(BPFFS), *rest = NULL;

	for (char *pin = strtok_r(pins, "\n", &rest); pin; pin = strtok_r(NULL, "\n", &rest)) {
		char *path CLEANUP(cleanup_free) = NULL;

		ck_assert_int_gt(asprintf(&path, BPFFS "/%s", pin), 0);
		expect(unlink(path) == 0, "removing %s: %s", path, strerror(errno));
	}
}

/* --- loading ------------------------------------------------------------------------------- */

static struct elfmap_object *load(const struct test_object *bytes)
{
	struct elfmap_object *object = expect_open(bytes);
	int err;

	seed_is("loading it");
	err = elfmap_object__load(object);
	expect(!err, "%s: %s", strerror(-err), messages(ELFMAP_LOG_ERROR));
	seed_is("looking at what the kernel has");
	return object;
}

/* Types are the caller's part where libbpf does not know the section's name. */
static struct bpf_object *load_with_libbpf(const struct test_object *image,
					   const struct generated *generated)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "image");
	struct bpf_object *object;
	int err;

	seed_is("loading its image with libbpf");
	object = bpf_object__open_mem(image->bytes, image->size, &opts);
	expect(object, "opening: %s", strerror(errno));
	for (size_t i = 0; i < generated->nr_programs; i++) {
		struct bpf_program *program =
			bpf_object__find_program_by_name(object, generated->programs[i].name);

		expect(program, "no program %s", generated->programs[i].name);
		if (bpf_program__type(program))
			continue;
		/* the programs of a prog array must share the attach type as well */
		bpf_program__set_type(program,
				      (enum bpf_prog_type)generated->programs[i].prog_type);
		bpf_program__set_expected_attach_type(program, attach_type_of(object));
	}
	err = bpf_object__load(object);
	expect(!err, "%s", strerror(-err));
	seed_is("looking at what libbpf loaded");
	return object;
}

/* The first line in which two texts differ. */
static void expect_states_equal(const char *state, const char *expected, const char *whose)
{
	size_t line = 0;

	for (size_t i = 0; state[i] == expected[i] && state[i]; i++) {
		if (state[i] == '\n')
			line = i + 1;
	}
	expect(!strcmp(state, expected), "%s: \"%.*s\", expected \"%.*s\"", whose,
	       (int)strcspn(state + line, "\n"), state + line, (int)strcspn(expected + line, "\n"),
	       expected + line);
}

/* Loads the original; what it pinned is returned, and no longer there. */
static char *try_original(const struct generated *generated, const struct test_object *bytes,
			  const char *expected, struct test_object *image)
{
	struct loaded loaded = { .object = load(bytes) };
	char *state CLEANUP(cleanup_free) = kernel_state(&loaded, generated);
	struct test_object made;
	char *pins;

	expect_states_equal(state, expected, "the original");
	check_pins(&loaded, generated, bytes);
	made = expect_image(loaded.object);
	*image = object_copy(&made);
	pins = list_pins(BPFFS);
	elfmap_object__close(loaded.object);
	remove_pins();
	return pins;
}

static void try_image(const struct generated *generated, const struct test_object *image,
		      const char *expected, const char *expected_pins)
{
	struct loaded loaded = { .object = load(image) };
	char *state CLEANUP(cleanup_free) = kernel_state(&loaded, generated);
	char *pins CLEANUP(cleanup_free) = list_pins(BPFFS);

	expect_states_equal(state, expected, "the converted object");
	expect_states_equal(pins, expected_pins, "pins of the converted object");
	elfmap_object__close(loaded.object);
	remove_pins();
}

/* Pins are not compared: where libbpf has a word for one, the place is the loader's. */
static void try_libbpf(const struct generated *generated, const struct test_object *image,
		       const char *expected)
{
	struct loaded loaded = { .bpf_object = load_with_libbpf(image, generated) };
	char *state CLEANUP(cleanup_free) = kernel_state(&loaded, generated);

	expect_states_equal(state, expected, "the converted object, loaded with libbpf");
	bpf_object__close(loaded.bpf_object);
	remove_pins();
}

static void loads_alike(const struct generated *generated)
{
	bool host_is_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	struct test_object bytes = generated_write(generated, host_is_big), image;
	char *expected CLEANUP(cleanup_free) = true_state(generated);
	char *pins CLEANUP(cleanup_free) = try_original(generated, &bytes, expected, &image);

	try_image(generated, &image, expected, pins);
	try_libbpf(generated, &image, expected);
	object_free(&bytes);
	object_free(&image);
}

START_TEST(test_load)
{
	enter_kernel();
	if (options.pins)
		put_pinning_database(GENERATED_PINS);
	for_each_seed(SEEDS, &options, loads_alike);
}
END_TEST

Suite *generated_load_suite(void)
{
	return suite_of("generated_load", test_load);
}
