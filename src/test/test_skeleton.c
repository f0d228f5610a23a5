// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Converted objects in bpftool's skeletons: what is generated compiles as C, and a program that
 * uses it gets the maps, slots and programs that the object stands for. That program pins what its
 * skeleton has, each under the name it has there, and ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "test/converted_file.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"
#include "test/tracing.h"

#define MAP_PIN BPFFS "/map_"
#define PROGRAM_PIN BPFFS "/program_"

/* Objects of testdata that load alone: nested maps, tail calls, global data, other layouts. */
static const char *const objects[] = { "counter",    "def28",  "globals",   "goebpf",
				       "loose",	     "nested", "mixed",	    "many",
				       "static_map", "types",  "tailcalls", "xdp" };
#define NR_OBJECTS (sizeof(objects) / sizeof(objects[0]))

/* --- the program --------------------------------------------------------------------------- */

static void enter_with_bpftool(void)
{
	static const char *const commands[] = { "bpftool", "cc" };

	for (size_t i = 0; i < 2; i++) {
		if (!have_command(commands[i]))
			test_skip_kernel("%s is not installed", commands[i]);
	}
	enter_kernel();
}

static void generate(const char *object)
{
	char *header CLEANUP(cleanup_free) = output_of("bpftool gen skeleton %s name made", object);

	scratch_file("made.skel.h", header, strlen(header));
}

/* Up to where maps and programs are in the kernel. What libbpf knows no type for is left out. */
static const char prologue[] =
	"#include \"made.skel.h\"\n"
	"#include <bpf/bpf.h>\n"
	"#include <sched.h>\n"
	"#include <string.h>\n"
	"#include <time.h>\n"
	"int main(void)\n"
	"{\n"
	"	struct made *skel = made__open();\n"
	"	struct bpf_program *program;\n"
	"	if (!skel)\n"
	"		return 10;\n"
	"	bpf_object__for_each_program(program, skel->obj)\n"
	"		if (bpf_program__type(program) == BPF_PROG_TYPE_UNSPEC)\n"
	"			bpf_program__set_autoload(program, false);\n";

/* Write it with what it does before it loads and after, compile and run it. */
static void run_program(const char *before, const char *after)
{
	const char *program = scratch_path("made");
	char *text CLEANUP(cleanup_free) = NULL;
	struct run run;

	ck_assert_int_gt(asprintf(&text,
				  "%s%s\tif (made__load(skel))\n\t\treturn 11;\n%s"
				  "\tmade__destroy(skel);\n\treturn 0;\n}\n",
				  prologue, before, after),
			 0);
	run = command("cc -Wall -Werror -o %s %s -lbpf", program,
		      scratch_file("made.c", text, strlen(text)));
	ck_assert_msg(run.status == 0, "%s\n%s", run.err, text);
	free_run(&run);
	run = command("%s", program);
	ck_assert_msg(run.status == 0, "status %d\n%s\n%s", run.status, run.err, text);
	free_run(&run);
}

static void pin_map(FILE *out, const char *name)
{
	fprintf(out,
		"\tbpf_map__unpin(skel->maps.%s, NULL);\n"
		"\tif (bpf_obj_pin(bpf_map__fd(skel->maps.%s), \"" MAP_PIN "%s\"))\n"
		"\t\treturn 12;\n",
		name, name, name);
}

/* One that was left out is not pinned. */
static void pin_program(FILE *out, const char *name)
{
	fprintf(out,
		"\tif (bpf_program__autoload(skel->progs.%s) &&\n"
		"\t    bpf_obj_pin(bpf_program__fd(skel->progs.%s), \"" PROGRAM_PIN "%s\"))\n"
		"\t\treturn 13;\n",
		name, name, name);
}

/* --- what is in the kernel ----------------------------------------------------------------- */

static __u32 id_of(const char *prefix, const char *name)
{
	char *path CLEANUP(cleanup_free) = NULL;
	int fd CLEANUP(cleanup_fd) = -1;

	ck_assert_int_gt(asprintf(&path, "%s%s", prefix, name), 0);
	fd = open_pin(path);
	return is_program(fd) ? program_info(fd).id : map_info(fd).id;
}

static void assert_map(const struct outcome_map *map)
{
	struct bpf_map_info info = map_info_of_id(id_of(MAP_PIN, map->name));

	ck_assert_msg(info.type == map->type && info.key_size == map->key_size &&
			      info.value_size == map->value_size &&
			      info.max_entries == map->max_entries,
		      "map %s: type %u, sizes %u and %u, %u entries", map->name, info.type,
		      info.key_size, info.value_size, info.max_entries);
}

static void assert_slot(const struct outcome_slot *slot)
{
	int fd CLEANUP(cleanup_fd) = open_map(id_of(MAP_PIN, slot->map));
	bool of_programs = map_info(fd).type == BPF_MAP_TYPE_PROG_ARRAY;

	ck_assert_uint_eq(slot_id(fd, slot->key),
			  id_of(of_programs ? PROGRAM_PIN : MAP_PIN, slot->target));
}

/* Its maps are those that the skeleton's other members are. */
static void assert_program(const struct outcome_program *program)
{
	struct program_info info;

	/* a program of no section's type is left out */
	if (!strcmp(program->name, "lost"))
		return;
	info = program_info_of_id(id_of(PROGRAM_PIN, program->name));
	ck_assert_uint_eq(info.type, program->type);
	for (size_t i = 0; i < info.nr_maps; i++) {
		struct bpf_map_info map = map_info_of_id(info.maps[i]);

		/* libbpf's own for global data have a dot */
		if (!strchr(map.name, '.') && list_has(program->maps, map.name))
			ck_assert_uint_eq(id_of(MAP_PIN, map.name), map.id);
	}
}

/* --- the objects --------------------------------------------------------------------------- */

static void pin_all(const struct outcome_object *object)
{
	char *text CLEANUP(cleanup_free) = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (const struct outcome_map *map = outcome_maps(object); map->name; map++)
		pin_map(out, map->name);
	for (const struct outcome_program *program = object->programs; program->name; program++)
		pin_program(out, program->name);
	ck_assert_int_eq(fclose(out), 0);
	run_program("", text);
}

START_TEST(test_objects)
{
	char *path CLEANUP(cleanup_free) = NULL;
	const struct outcome_object *object;
	struct object_file file;

	ck_assert_int_gt(asprintf(&path, "testdata/%s%s.o", objects[_i / 2], _i % 2 ? ".btf" : ""),
			 0);
	if (access(path, F_OK) < 0)
		return; /* some are built in one way only */
	enter_with_bpftool();
	file = object_file_at(path);
	object = file.object;
	generate(converted_file(&file, "--for bpftool"));
	pin_all(object);
	for (const struct outcome_map *map = outcome_maps(object); map->name; map++)
		assert_map(map);
	for (const struct outcome_program *program = object->programs; program->name; program++)
		assert_program(program);
	for (const struct outcome_slot *slot = object->slots; slot->map; slot++)
		assert_slot(slot);
}
END_TEST

/* Variables are members, whose values before load are the kernel's after it. */
START_TEST(test_variables)
{
	struct object_file file = object_file_at("testdata/globals.btf.o");

	enter_with_bpftool();
	generate(converted_file(&file, ""));
	run_program("	if (skel->data->total != 1000 || skel->rodata->packets_key != 2)\n"
		    "		return 20;\n"
		    "	skel->data->total = 7;\n",
		    "	unsigned int key = 0;\n"
		    "	char value[sizeof(*skel->data)];\n"
		    "	if (bpf_map_lookup_elem(bpf_map__fd(skel->maps.data), &key, value) ||\n"
		    "	    memcmp(value, skel->data, sizeof(value)) || skel->data->total != 7)\n"
		    "		return 21;\n");
}
END_TEST

/* What a section's name says is attached, by a link that the skeleton has. */
START_TEST(test_attach)
{
	const char *path = scratch_path("tracing.o");
	struct elfmap_object *object;
	struct bpf_link_info info = { 0 };
	__u32 size = sizeof(info);
	int link CLEANUP(cleanup_fd) = -1, counts CLEANUP(cleanup_fd) = -1;

	enter_with_bpftool();
	object = open_tracing();
	ck_assert_int_eq(elfmap_object__write(object, path), 0);
	elfmap_object__close(object);
	generate(path);
	run_program("", "	struct timespec interval;\n"
			"	if (made__attach(skel) || !skel->links." TRACING_PROGRAM ")\n"
			"		return 30;\n"
			"	if (skel->links.classify)\n"
			"		return 31;\n"
			"	sched_rr_get_interval(0, &interval);\n"
			"	if (bpf_link__pin(skel->links." TRACING_PROGRAM ", \"" BPFFS
			"/link\") ||\n"
			"	    bpf_obj_pin(bpf_map__fd(skel->maps." TRACING_MAP "), \"" MAP_PIN
			"counts\") ||\n"
			"	    bpf_program__pin(skel->progs." TRACING_PROGRAM
			", \"" PROGRAM_PIN "traced\"))\n"
			"		return 32;\n");
	counts = open_pin(MAP_PIN "counts");
	ck_assert_uint_eq(map_counter(counts, TRACING_KEY), 1);
	link = open_pin(BPFFS "/link");
	ck_assert_int_eq(bpf_obj_get_info_by_fd(link, &info, &size), 0);
	ck_assert_uint_eq(info.prog_id, id_of(PROGRAM_PIN, "traced"));
	ck_assert(is_traced(counts));
}
END_TEST

/* clang calls a static map of a function's scope so, which C does not take. */
START_TEST(test_dots)
{
	struct test_object object = object_load("static_map");
	const char *converted = scratch_path("converted.o");
	char *pins CLEANUP(cleanup_free) = NULL;
	struct run run;

	object_rename_symbol(&object, "first", "classify.first");
	object_rename_symbol(&object, "between", "classify_first");
	enter_with_bpftool();
	run = tool("convert %s %s", scratch_object("dots.o", object), converted);
	assert_status(&run, 0);
	free_run(&run);
	generate(converted);
	run_program("", "	if (bpf_obj_pin(bpf_map__fd(skel->maps.classify_first),\n"
			"			\"" MAP_PIN "a\") ||\n"
			"	    bpf_obj_pin(bpf_map__fd(skel->maps.classify_first_1),\n"
			"			\"" MAP_PIN "b\"))\n"
			"		return 40;\n");
	pins = list_pins(BPFFS);
	ck_assert_str_eq(pins, "last\nmap_a\nmap_b\n");
	ck_assert_uint_ne(id_of(MAP_PIN, "a"), id_of(MAP_PIN, "b"));
}
END_TEST

Suite *skeleton_suite(void)
{
	Suite *suite = suite_of("skeleton", test_variables, test_attach, test_dots);

	add_loop_test(suite, test_objects, NR_OBJECTS * 2);
	return suite;
}
