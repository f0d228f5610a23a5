// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Section names that libbpf 1.x knows: which programs get which, and that .BTF.ext, which goes by
 * these names, goes with them. Needs no rights.
 */
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/image_tags.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/parsed.h"
#include "test/scratch.h"
#include "test/tests.h"
#include "test/tool.h"

/* --- names --------------------------------------------------------------------------------- */

static const struct renamed {
	const char *object;
	const char *program;
	const char *section; /* in the image */
} renamed[] = {
	{ "loose", "drop", "xdp" },
	{ "loose", "receive", "socket" },
	{ "loose", "classify", "tc" },
	{ "loose", "connect", "sockops" },
	{ "loose", "send", "cgroup/skb" },
	{ "loose", "sleep", "kprobe/do_nanosleep" },
	{ "loose", "act", "action" },
	{ "gobpf", "count_sleep", "kprobe/do_nanosleep" },
	{ "gobpf", "count_packet", "socket" },
	{ "android", "count_ingress", "tc" },
	{ "android", "count_egress", "socket" },
	/* ID/KEY: the type of those that call them */
	{ "tailcalls", "accept", "tc" },
	{ "tailcalls", "drop", "tc" },
	{ "tailcalls", "parse", "tc" },
	{ "tailcalls", "decide", "tc" },
	{ "tailcalls", "lost", "tc" },
	/* known already */
	{ "tailcalls", "enter", "classifier" },
	{ "def20", "classify", "classifier" },
	{ "def20", "report", "action" },
	{ "xdp", "forward", "xdp" },
	{ "idpin28", "filter", "xdp" },
	{ "elf36", "enter", "tc" },
	{ "elf36", "leave", "tc" },
	/* no name tells its type */
	{ "text_only", "classify", "text" },
	/* the only one of its kind, so that BTF can tell it from others */
	{ "loose.btf", "drop", "xdp" },
	{ "xdp.btf", "forward", "xdp" },
	{ "android.btf", "count_egress", "socket" },
	/* .BTF.ext could not tell these from each other by "tc" */
	{ "tailcalls.btf", "accept", "tc" },
	{ "tailcalls.btf", "lost", "tc" },
	{ "elf36.btf", "enter", "tc" },
	{ "elf36.btf", "leave", "tc" },
};
#define NR_RENAMED (sizeof(renamed) / sizeof(renamed[0]))

static struct test_object image_with(const char *name, const struct elfmap_image_opts *opts)
{
	struct test_object object = object_load(name), image = convert_with(&object, opts);

	object_free(&object);
	return image;
}

static struct test_object renamed_image(const char *name)
{
	const struct elfmap_image_opts opts = { .sz = sizeof(opts), .rename_sections = true };

	return image_with(name, &opts);
}

static struct test_object bpftool_image(const char *name)
{
	const struct elfmap_image_opts opts = { .sz = sizeof(opts),
						.loader = ELFMAP_LOADER_BPFTOOL };

	return image_with(name, &opts);
}

static struct bpf_object *bpf_open(const struct test_object *image)
{
	struct bpf_object *object;

	libbpf_set_print(NULL);
	object = bpf_object__open_mem(image->bytes, image->size, NULL);
	ck_assert_ptr_nonnull(object);
	return object;
}

START_TEST(test_names)
{
	const struct renamed *row = &renamed[_i];
	struct test_object image = renamed_image(row->object);
	struct bpf_object *object = bpf_open(&image);
	const struct bpf_program *program = bpf_object__find_program_by_name(object, row->program);

	ck_assert_ptr_nonnull(program);
	ck_assert_str_eq(bpf_program__section_name(program), row->section);
	bpf_object__close(object);
	object_free(&image);
}
END_TEST

/* Without being asked no name changes, but that of a program in .text. */
START_TEST(test_names_stay)
{
	struct object_file file = object_file((size_t)_i);
	struct test_object original = object_load(file.name), image = convert(&original);
	struct bpf_object *object = bpf_open(&image);

	for (const struct outcome_program *row = file.object->programs; row->name; row++) {
		struct bpf_program *program = bpf_object__find_program_by_name(object, row->name);

		ck_assert_msg(program, "%s: no program %s", file.path, row->name);
		ck_assert_str_eq(bpf_program__section_name(program),
				 strcmp(row->section, ".text") ? row->section : "text");
	}
	bpf_object__close(object);
	object_free(&image);
	object_free(&original);
}
END_TEST

/* --for bpftool is more than the names, and has all of these. */
START_TEST(test_bpftool_implies_names)
{
	static const char *const names[] = { "loose", "tailcalls", "tailcalls.btf", "counter.btf" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct test_object image = renamed_image(names[i]);
		struct test_object for_bpftool = bpftool_image(names[i]);

		ck_assert_uint_eq(for_bpftool.size, image.size);
		ck_assert_mem_eq(for_bpftool.bytes, image.bytes, image.size);
		object_free(&image);
		object_free(&for_bpftool);
	}
}
END_TEST

/* --- types --------------------------------------------------------------------------------- */

/* What is said of an image for bpftool, with the image in a file. */
static char *said_of(const struct object_file *file, const char *target)
{
	struct run run = tool("convert -j --for bpftool %s %s", file->path, target);
	struct json_object *json;
	char *text = strdup("");

	assert_status(&run, 0);
	json = parse_json(run.out);
	for (size_t i = 0; i < member_length(json, "differences"); i++) {
		const char *said = json_object_get_string(member_at(json, "differences", i));

		/* of code in .text nobody knows the type */
		ck_assert(!strstr(said, "the loader must say the program type") ||
			  !strcmp(file->object->name, "text_only"));
		if (!strstr(said, "these sections keep their names"))
			continue;
		free(text);
		text = strdup(strchr(said, ':'));
	}
	json_object_put(json);
	free_run(&run);
	return text;
}

/*
 * Of an image for bpftool libbpf takes each program for what it is by its section's name; those that
 * must keep theirs are named.
 */
START_TEST(test_types)
{
	struct object_file file = object_file((size_t)_i);
	const char *target = scratch_path("new.o");
	char *kept CLEANUP(cleanup_free) = said_of(&file, target);
	struct bpf_object *object;

	libbpf_set_print(NULL);
	object = bpf_object__open_file(target, NULL);
	ck_assert_ptr_nonnull(object);
	for (const struct outcome_program *row = file.object->programs; row->name; row++) {
		struct bpf_program *program = bpf_object__find_program_by_name(object, row->name);
		const char *section = bpf_program__section_name(program);

		if ((strstr(kept, section) && !strcmp(section, row->section)) ||
		    !strcmp(row->section, ".text"))
			continue;
		ck_assert_msg((__u32)bpf_program__type(program) == row->type,
			      "%s: %s in section %s has type %d, not %u", file.path, row->name,
			      section, (int)bpf_program__type(program), row->type);
	}
	ck_assert(file.btf || !*kept);
	bpf_object__close(object);
}
END_TEST

/* Where several sections have one name, .BTF.ext goes, and that is said. */
START_TEST(test_btf_ext_goes)
{
	struct test_object image = bpftool_image("elf36.btf");
	struct run run =
		tool("convert --for bpftool testdata/elf36.btf.o %s", scratch_path("new.o"));

	ck_assert_uint_eq(object_find_section(&image, ".BTF.ext"), 0);
	assert_status(&run, 0);
	ck_assert_msg(strstr(run.out, "without what .BTF.ext says"), "%s", run.out);
	free_run(&run);
	object_free(&image);
}
END_TEST

/* CO-RE relocations cannot go: sections keep their names. Lines stand for such here. */
START_TEST(test_core_keeps_names)
{
	struct test_object object = object_load("elf36.btf"), image;
	uint32_t *header = (void *)object_section_bytes(&object, ".BTF.ext");
	const struct elfmap_image_opts opts = { .sz = sizeof(opts), .rename_sections = true };
	struct bpf_object *opened;

	ck_assert_uint_ge(header[1], 8 * sizeof(uint32_t));
	header[6] = header[4];
	header[7] = header[5];
	image = convert_with(&object, &opts);
	ck_assert_uint_ne(object_find_section(&image, ".BTF.ext"), 0);
	ck_assert_uint_ne(object_find_section(&image, "ingress"), 0);
	ck_assert_uint_ne(object_find_section(&image, "egress"), 0);
	opened = bpf_open(&image);
	bpf_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* --- .BTF.ext ------------------------------------------------------------------------------ */

/* As the kernel's documentation has it; offsets count from the end of the header. */
struct ext_header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t header_size, parts[4]; /* offset and length of functions, then of lines */
};

struct ext_list {
	uint32_t section, count;
};

/* How many records of a part there are for the sections of this name. */
static size_t nr_records(const struct test_object *object, size_t part, const char *section)
{
	const uint8_t *bytes = object_section_bytes(object, ".BTF.ext");
	const struct ext_header *header = (const void *)bytes;
	const uint8_t *at = bytes + header->header_size + header->parts[2 * part];
	const uint8_t *end = at + header->parts[2 * part + 1];
	struct btf *btf = image_btf(object);
	uint32_t record_size;
	size_t count = 0;

	memcpy(&record_size, at, sizeof(record_size));
	for (at += sizeof(record_size); at < end;) {
		struct ext_list list;

		memcpy(&list, at, sizeof(list));
		if (!strcmp(btf__name_by_offset(btf, list.section), section))
			count += list.count;
		at += sizeof(list) + (size_t)list.count * record_size;
	}
	btf__free(btf);
	return count;
}

/* Sections keep their numbers, and are to have as many records as before under the new name. */
static void assert_same_records(const char *name, const struct test_object *original,
				const struct test_object *image)
{
	for (size_t i = 1; i < object_header(original)->e_shnum; i++) {
		const char *before = object_section_name(original, i);
		const char *after = object_section_name(image, i);

		if (!(object_section_at(original, i)->sh_flags & SHF_EXECINSTR))
			continue;
		for (size_t part = 0; part < 2; part++)
			ck_assert_msg(nr_records(image, part, after) ==
					      nr_records(original, part, before),
				      "%s: %s, which was %s, has %zu records, not %zu", name, after,
				      before, nr_records(image, part, after),
				      nr_records(original, part, before));
	}
}

START_TEST(test_btf_ext)
{
	size_t count = 0;

	for (const char *const *name = object_names(); *name; name++) {
		struct test_object original = object_load(*name), image;

		if (object_find_section(&original, ".BTF.ext")) {
			image = _i ? bpftool_image(*name) : convert(&original);
			/* with several sections of one name it is left out */
			if (!_i || object_find_section(&image, ".BTF.ext")) {
				assert_same_records(*name, &original, &image);
				count++;
			}
			object_free(&image);
		}
		object_free(&original);
	}
	ck_assert_uint_gt(count, 20);
}
END_TEST

/* --- slots --------------------------------------------------------------------------------- */

/* For tc: no program in a slot that libbpf fills, and all of them in tags. */
START_TEST(test_slots_for_tc)
{
	const struct elfmap_image_opts opts = { .sz = sizeof(opts), .loader = ELFMAP_LOADER_TC };
	struct test_object image = image_with("tailcalls", &opts);

	ck_assert_uint_eq(object_find_section(&image, ".rel.maps"), 0);
	ck_assert(image_has_tag(&image, "steps", "elfmap:slot=0,target=parse"));
	ck_assert(image_has_tag(&image, "steps", "elfmap:slot=1,target=decide"));
	ck_assert(image_has_tag(&image, "verdicts", "elfmap:slot=0,target=accept"));
	ck_assert(image_has_tag(&image, "verdicts", "elfmap:slot=1,target=drop"));
	ck_assert_uint_eq(image_nr_tags(&image), 3 + 4);
	object_free(&image);

	image = image_with("nested", &opts);
	ck_assert_uint_eq(object_section(&image, ".rel.maps")->sh_size, 5 * sizeof(Elf64_Rel));
	object_free(&image);
}
END_TEST

Suite *renamed_suite(void)
{
	Suite *suite = suite_of("renamed", test_bpftool_implies_names, test_btf_ext_goes,
				test_core_keeps_names, test_slots_for_tc);

	add_loop_test(suite, test_names, NR_RENAMED);
	add_loop_test(suite, test_names_stay, nr_object_files());
	add_loop_test(suite, test_types, nr_object_files());
	add_loop_test(suite, test_btf_ext, 2);
	return suite;
}
