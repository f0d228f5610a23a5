// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Objects that old loaders took for reasons of their own: they knew words by their place, looked at
 * sections and not at functions, and gave the kernel no BTF of functions.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <linux/pkt_cls.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/expected.h"
#include "test/export_peer.h"
#include "test/kernel.h"
#include "test/namespace.h"
#include "test/opening.h"
#include "test/original.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

/* Words of struct bpf_elf_map. */
enum {
	ID = 5,
	INNER_IDX = 8,
};

/* Give a member, or whatever the object's BTF has under that name, another of the same length. */
static void rename_in_btf(struct test_object *object, const char *name, const char *new_name)
{
	size_t size = object_section(object, ".BTF")->sh_size;
	char *bytes = (char *)object_section_bytes(object, ".BTF");
	char *found = memmem(bytes, size, name, strlen(name) + 1);

	ck_assert_ptr_nonnull(found);
	ck_assert_uint_eq(strlen(name), strlen(new_name));
	strcpy(found, new_name);
}

/* --- words -------------------------------------------------------------------------------- */

/* Names of a project's own, by name and by place: no pin and no tail call is lost. */
START_TEST(test_own_names)
{
	static const char *const names[] = { "extended", "extended.btf" };

	for (size_t i = 0; i < 2; i++) {
		struct elfmap_object *object = open_name(names[i]);
		const struct elfmap_map *counts = map_of(object, "extended_counts");
		const struct elfmap_map *jumps = map_of(object, "extended_jumps");
		const char *target;
		__u32 key;

		ck_assert_str_eq(elfmap_map__layout(counts), i ? "btf" : "bpf_elf_map36");
		ck_assert_uint_eq(elfmap_map__def(counts)->pinning, 2);
		ck_assert_uint_eq(elfmap_map__def(jumps)->pinning, 1);
		ck_assert_uint_eq(elfmap_map__nr_slots(jumps), 1);
		ck_assert_int_eq(elfmap_map__slot(jumps, 0, &key, &target), 0);
		ck_assert_uint_eq(key, 2);
		ck_assert_str_eq(target, "tail");
		elfmap_object__close(object);
	}
}
END_TEST

/* A word that is set under a name nobody knows may be what another layout has in its place. */
START_TEST(test_unknown_name)
{
	struct test_object object = object_load("elf36.btf");
	struct elfmap_object *opened;
	const struct elfmap_map *map;
	__u64 value;

	rename_in_btf(&object, "pinning", "pimming");
	opened = open_object(&object, NULL);
	map = map_of(opened, "stats");
	ck_assert_str_eq(elfmap_map__layout(map), "btf");
	ck_assert(!(elfmap_map__def(map)->has & ELFMAP_DEF_PINNING));
	ck_assert_int_eq(elfmap_map__field(map, "pinning", &value), -ENOENT);
	ck_assert_int_eq(elfmap_map__field(map, "pimming", &value), 0);
	ck_assert_uint_eq(value, expected_map("elf36.btf", "stats")->def.pinning);
	ck_assert_uint_ne(value, 0);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* A struct that ends before inner_idx is one whose inner_idx is 0. */
START_TEST(test_missing_index)
{
	struct test_object object = object_load("nested.btf");
	struct elfmap_object *opened;
	const char *target;
	__u32 key;

	*object_map_word(&object, "egress_stats", ID) = 0;
	*object_map_word(&object, "egress_stats", INNER_IDX) = 0;
	*object_map_word(&object, "template", INNER_IDX) = 0;
	*object_map_word(&object, "mark_stats", INNER_IDX) = 0;
	rename_in_btf(&object, "inner_idx", "inner_xyz");
	opened = open_object(&object, NULL);
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(opened, "by_direction")), 1);
	ck_assert_int_eq(elfmap_map__slot(map_of(opened, "by_direction"), 0, &key, &target), 0);
	ck_assert_uint_eq(key, 0);
	ck_assert_str_eq(target, "ingress_stats");
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* --- functions ---------------------------------------------------------------------------- */

/* A static function is a program if it has its section to itself; else libbpf cannot take it. */
START_TEST(test_static_functions)
{
	struct test_object object = object_load("counter"), image;
	Elf64_Sym *symbol = object_symbol(&object, "direct");

	symbol->st_info = ELF64_ST_INFO(STB_LOCAL, STT_FUNC);
	image = convert(&object);
	object_free(&image);
	symbol->st_shndx = object_symbol(&object, "classify")->st_shndx;
	symbol->st_value = 8;
	symbol->st_size = 8;
	assert_refused(&object, NULL, ENOTSUP, "section classifier", "\"direct\"", ".text");
	object_free(&object);
}
END_TEST

/* Old compilers' static functions are untyped and look like labels, but for their names. */
START_TEST(test_untyped_static)
{
	struct test_object object = object_load("counter"), image;
	struct elfmap_object *opened;
	Elf64_Sym *symbol = object_symbol(&object, "direct");

	symbol->st_info = ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE);
	symbol->st_size = 0;
	opened = open_object(&object, NULL);
	ck_assert_str_eq(elfmap_program__section(program_of(opened, "direct")), "ingress");
	image = image_of(opened);
	symbol = object_symbol(&image, "direct");
	ck_assert_uint_eq(symbol->st_info, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC));
	ck_assert_uint_eq(symbol->st_size, object_section(&object, "ingress")->sh_size);
	object_free(&image);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

START_TEST(test_text_only)
{
	struct elfmap_object *object = open_name("text_only");

	ck_assert(!elfmap_program__is_subprogram(program_of(object, "classify")));
	elfmap_object__close(object);
	object = open_name("subprogs");
	ck_assert(elfmap_program__is_subprogram(program_of(object, "count")));
	elfmap_object__close(object);
}
END_TEST

/* Without maps there is nothing to translate, and what old compilers left out is missing. */
START_TEST(test_repairs_without_maps)
{
	struct test_object object = object_load("nomaps"), image;
	struct bpf_object *opened;

	image = convert(&object);
	ck_assert_uint_eq(image.size, object.size);
	ck_assert_mem_eq(image.bytes, object.bytes, object.size);
	object_free(&image);

	object_header(&object)->e_machine = EM_NONE;
	object_symbol(&object, "classify")->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
	object_symbol(&object, "classify")->st_size = 0;
	object_symbol(&object, "lost")->st_info = ELF64_ST_INFO(STB_LOCAL, STT_FUNC);
	image = convert(&object);
	ck_assert_uint_eq(object_header(&image)->e_machine, EM_BPF);
	opened = bpf_object__open_mem(image.bytes, image.size, NULL);
	ck_assert_ptr_nonnull(opened);
	ck_assert_ptr_nonnull(bpf_object__find_program_by_name(opened, "classify"));
	ck_assert_ptr_nonnull(bpf_object__find_program_by_name(opened, "lost"));
	bpf_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* --- in the kernel ------------------------------------------------------------------------ */

static void check_loads(const char *path, const char *section, const char *function)
{
	__u8 tag[BPF_TAG_SIZE];
	struct program_info info;

	enter_private_namespaces();
	require_bpf();
	tool_works("tc qdisc add dev veth0 clsact");
	tool_works("tc filter add dev veth0 ingress bpf da obj %s sec %s", path, section);
	info = program_info_of_id(attached_program("veth0", TC_H_MIN_INGRESS));
	original_tag(path, function, tag);
	assert_tags_equal(info.tag, tag);
}

START_TEST(test_text_only_loads)
{
	check_loads("testdata/text_only.o", ".text", "classify");
}
END_TEST

/* The kernel verifies global functions by themselves if it is told of them, and refuses this one. */
START_TEST(test_global_subprogram_loads)
{
	check_loads("testdata/global_sub.btf.o", "classifier", "classify");
}
END_TEST

START_TEST(test_nomaps_loads)
{
	check_loads("testdata/nomaps.o", "classifier", "classify");
}
END_TEST

/* What libbpf takes no program from does not matter, if nobody wants that program. */
START_TEST(test_unwanted_program)
{
	struct test_object object = object_load("counter");
	struct elfmap_object *opened;

	enter_private_namespaces();
	require_bpf();
	object_rename_section(&object, "ingress", "license");
	opened = open_object(&object, NULL);
	elfmap_program__set_type(program_of(opened, "direct"), BPF_PROG_TYPE_SCHED_CLS);
	ck_assert_int_eq(elfmap_object__load(opened), -ENOENT);
	assert_message(ELFMAP_LOG_ERROR, "\"direct\"");
	elfmap_program__set_autoload(program_of(opened, "direct"), false);
	ck_assert_int_eq(elfmap_object__load(opened), 0);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* iproute2 looked at no names: what libbpf would bind to a kernel function by its section's is loaded. */
START_TEST(test_section_of_another_type)
{
	struct program_info info;
	__u8 tag[BPF_TAG_SIZE];

	enter_private_namespaces();
	require_bpf();
	tool_works("tc filter add dev veth0 ingress bpf da obj testdata/nomaps.o sec fentry/lost");
	info = program_info_of_id(attached_program("veth0", TC_H_MIN_INGRESS));
	ck_assert_uint_eq(info.type, BPF_PROG_TYPE_SCHED_CLS);
	ck_assert_str_eq(info.name, "lost");
	original_tag("testdata/nomaps.o", "lost", tag);
	assert_tags_equal(info.tag, tag);
}
END_TEST

/* Once libbpf has opened the object the name stands, and says so. */
START_TEST(test_type_after_open)
{
	struct elfmap_object *object;

	enter_private_namespaces();
	require_bpf();
	object = open_name("nomaps");
	ck_assert_ptr_nonnull(elfmap_object__bpf_object(object));
	elfmap_program__set_type(program_of(object, "lost"), BPF_PROG_TYPE_SCHED_CLS);
	ck_assert_int_eq(elfmap_object__load(object), -ENOTSUP);
	assert_one_error("section fentry/lost", "\"lost\"", "tracing", "sched_cls");
	elfmap_object__close(object);
}
END_TEST

/* Set, it has tc hand the maps to an agent, asked for or not. */
START_TEST(test_agent)
{
	const char *path = scratch_path("agent");
	char *variable CLEANUP(cleanup_free) = NULL;
	const char *environment[] = { NULL, NULL };
	struct peer_datagram datagram;
	struct run run;
	int agent;

	enter_with_clsact();
	ck_assert_int_gt(asprintf(&variable, "TC_BPF_UDS=%s", path), 0);
	environment[0] = variable;
	agent = peer_listen(path);
	run = tool_with(environment,
			"tc filter add dev veth0 ingress bpf da obj testdata/counter.o");
	assert_status(&run, 0);
	free_run(&run);
	datagram = peer_receive(agent);
	ck_assert_uint_eq(datagram.nr_fds, 1);
	ck_assert_uint_eq(map_info(datagram.fds[0]).id,
			  map_info_of_pin("/sys/fs/bpf/tc/globals/packets").id);
	ck_assert_uint_ne(attached_program("veth0", TC_H_MIN_INGRESS), 0);
}
END_TEST

Suite *old_rules_suite(void)
{
	return suite_of("old_rules", test_own_names, test_unknown_name, test_missing_index,
			test_static_functions, test_untyped_static, test_text_only,
			test_repairs_without_maps, test_text_only_loads,
			test_global_subprogram_loads, test_nomaps_loads, test_unwanted_program,
			test_section_of_another_type, test_type_after_open, test_agent);
}
