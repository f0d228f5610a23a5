// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Sections called ID/KEY, and the slots of prog arrays that their programs go to. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/bpf.h>

#include "iproute2.h"
#include "test/opening.h"
#include "test/tests.h"

/* The words of struct bpf_elf_map. */
enum {
	TYPE = 0,
	KEY_SIZE = 1,
	ENTRIES = 3,
	ID = 5,
};

START_TEST(test_integers)
{
	static const struct {
		const char *section;
		uint32_t id, key;
	} good[] = {
		{ "42/0", 42, 0 },
		{ "0xabccba/0", 0xabccba, 0 },
		{ "0XaBcCbA/0x1", 0xabccba, 1 },
		{ "052/010", 42, 8 },
		{ "0/0", 0, 0 },
		{ "4294967295/0xffffffff", UINT32_MAX, UINT32_MAX },
		/* what scanf() takes as well: blanks, signs, and anything behind */
		{ " 42/ 0", 42, 0 },
		{ "-1/+1", UINT32_MAX, 1 },
		{ "1/2_ipv4", 1, 2 },
		{ "42/1.0", 42, 1 },
		{ "42/0/1", 42, 0 },
		{ "42/09", 42, 0 },
	};
	static const char *const bad[] = {
		"",
		"/",
		"42",
		"42/",
		"/0",
		"x/0",
		"42/x",
		"0x/0",
		"42//0",
		"42 /0",
		"42/-",
		"09/0",
		"4294967296/0",
		"42/4294967296",
		"42/18446744073709551616",
		"-2147483649/0",
		"classifier/0",
		"kprobe/1",
	};
	uint32_t id, key;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ck_assert_msg(iproute2_parse_tail_call(good[i].section, &id, &key), "%s",
			      good[i].section);
		ck_assert_uint_eq(id, good[i].id);
		ck_assert_uint_eq(key, good[i].key);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!iproute2_parse_tail_call(bad[i], &id, &key), "%s", bad[i]);
}
END_TEST

static void check_slot(const struct elfmap_object *object, const char *map, size_t i,
		       __u32 expected_key, const char *expected_program)
{
	const struct elfmap_program *program = program_of(object, expected_program);
	const char *target;
	__u32 key;

	ck_assert_int_eq(elfmap_map__slot(map_of(object, map), i, &key, &target), 0);
	ck_assert_uint_eq(key, expected_key);
	ck_assert_str_eq(target, expected_program);
	key = 77;
	ck_assert_ptr_eq(elfmap_program__tail_call(program, &key), map_of(object, map));
	ck_assert_uint_eq(key, expected_key);
	ck_assert_ptr_eq(elfmap_program__tail_call(program, NULL), map_of(object, map));
}

static void check_not_stored(const struct elfmap_object *object, const char *program)
{
	__u32 key = 77;

	ck_assert_ptr_null(elfmap_program__tail_call(program_of(object, program), &key));
	ck_assert_uint_eq(key, 77);
}

static void check_tailcalls(const char *name)
{
	struct elfmap_object *object = open_name(name);

	check_slot(object, "steps", 0, 0, "parse");
	check_slot(object, "steps", 1, 1, "decide");
	check_slot(object, "verdicts", 0, 0, "accept");
	check_slot(object, "verdicts", 1, 1, "drop");
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(object, "steps")), 2);
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(object, "verdicts")), 2);
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(object, "trace")), 0);
	check_not_stored(object, "enter");
	check_not_stored(object, "lost");
	assert_message(ELFMAP_LOG_INFO,
		       "section 99/0: no prog array has id 99: \"lost\" is stored nowhere");
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_INFO), 1);
	elfmap_object__close(object);
}

START_TEST(test_slots)
{
	check_tailcalls("tailcalls");
	check_tailcalls("tailcalls.btf");
}
END_TEST

/* An id that is a map's, but no prog array's, is as good as none. */
START_TEST(test_other_map)
{
	struct test_object changed = object_load("tailcalls");
	struct elfmap_object *object;

	*object_map_word(&changed, "trace", ID) = 99;
	object = open_object(&changed, NULL);
	check_not_stored(object, "lost");
	assert_message(ELFMAP_LOG_INFO, "no prog array has id 99");
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

START_TEST(test_key_beyond)
{
	struct test_object object = object_load("tailcalls");

	object_rename_section(&object, "42/1", "42/2");
	assert_refused(
		&object, NULL, EINVAL,
		"section 42/2: program \"decide\": tail-call key 2: prog array \"steps\" has "
		"2 entries");
	object_rename_section(&object, "42/2", "42/0xffffffff");
	assert_refused(&object, NULL, EINVAL, "tail-call key 4294967295");
	object_rename_section(&object, "42/0xffffffff", "42/1");
	*object_map_word(&object, "steps", ENTRIES) = 0;
	assert_refused(&object, NULL, EINVAL, "tail-call key 0: prog array \"steps\" has 0");
	object_free(&object);
}
END_TEST

/* No kernel makes a prog array with other keys. */
START_TEST(test_key_size)
{
	struct test_object object = object_load("tailcalls");

	*object_map_word(&object, "steps", KEY_SIZE) = 8;
	assert_refused(&object, NULL, EINVAL,
		       "section 42/0: program \"parse\": prog array \"steps\" has keys of 8 bytes");
	object_free(&object);
}
END_TEST

/* iproute2 stores one after the other: the last section's program stays, and that is said. */
START_TEST(test_slot_twice)
{
	struct test_object changed = object_load("tailcalls");
	struct elfmap_object *object;

	object_rename_section(&changed, "42/1", "0x2a/00");
	object = open_object(&changed, NULL);
	assert_message(ELFMAP_LOG_WARNING, "section maps: map \"steps\": slot 0");
	assert_message(ELFMAP_LOG_WARNING, "\"parse\"");
	assert_message(ELFMAP_LOG_WARNING, "\"decide\": the last one gets it");
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(object, "steps")), 1);
	check_slot(object, "steps", 0, 0, "decide");
	check_not_stored(object, "parse");
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

/* A section is entered at its first function. */
START_TEST(test_second_function)
{
	struct test_object changed = object_load("tailcalls");
	Elf64_Sym symbol = *object_symbol(&changed, "parse");
	struct elfmap_object *object;

	symbol.st_value = symbol.st_size - 8;
	symbol.st_size = 8;
	object_add_symbol(&changed, "second", symbol);
	object = open_object(&changed, NULL);
	check_slot(object, "steps", 0, 0, "parse");
	check_not_stored(object, "second");
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

START_TEST(test_clear)
{
	struct elfmap_object *object = open_name("tailcalls");

	elfmap_program__clear_tail_call(program_of(object, "parse"));
	elfmap_program__clear_tail_call(program_of(object, "enter"));
	check_not_stored(object, "parse");
	check_slot(object, "steps", 0, 1, "decide");
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(object, "steps")), 1);
	elfmap_program__clear_tail_call(program_of(object, "parse"));
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(object, "steps")), 1);
	elfmap_program__clear_tail_call(program_of(object, "decide"));
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(object, "steps")), 0);
	elfmap_object__close(object);
}
END_TEST

/* --- types --------------------------------------------------------------------------------- */

/* counter with its programs' sections renamed: their types. */
static void check_types(const char *first, __u32 first_type, const char *second, __u32 second_type)
{
	struct test_object changed = object_load("counter");
	struct elfmap_object *object;

	object_rename_section(&changed, "classifier", first);
	object_rename_section(&changed, "ingress", second);
	object = open_object(&changed, NULL);
	ck_assert_msg(elfmap_program__type(program_of(object, "classify")) == first_type, "%s",
		      first);
	ck_assert_msg(elfmap_program__type(program_of(object, "direct")) == second_type, "%s",
		      second);
	elfmap_object__close(object);
	object_free(&changed);
}

START_TEST(test_types)
{
	check_types("classifier", BPF_PROG_TYPE_SCHED_CLS, "ingress", BPF_PROG_TYPE_SCHED_CLS);
	check_types("egress", BPF_PROG_TYPE_SCHED_CLS, "action", BPF_PROG_TYPE_SCHED_ACT);
	check_types("prog", BPF_PROG_TYPE_XDP, "xdp", BPF_PROG_TYPE_XDP);
	check_types("tc", BPF_PROG_TYPE_SCHED_CLS, "socket", BPF_PROG_TYPE_SOCKET_FILTER);
	check_types("kprobe/sys_open", BPF_PROG_TYPE_KPROBE, "my_section", 0);
}
END_TEST

/* What is tail-called is of the type of what may call it, if that is of one kind. */
START_TEST(test_tail_call_types)
{
	check_types("classifier", BPF_PROG_TYPE_SCHED_CLS, "1/0", BPF_PROG_TYPE_SCHED_CLS);
	check_types("1/0", BPF_PROG_TYPE_XDP, "prog", BPF_PROG_TYPE_XDP);
	check_types("my_section", 0, "1/0", 0);
	check_types("1/0", 0, "1/1", 0);
}
END_TEST

START_TEST(test_mixed_types)
{
	struct test_object changed = object_load("tailcalls");
	struct elfmap_object *object;

	object_rename_section(&changed, "42/0", "action");
	object = open_object(&changed, NULL);
	ck_assert_uint_eq(elfmap_program__type(program_of(object, "enter")),
			  BPF_PROG_TYPE_SCHED_CLS);
	ck_assert_uint_eq(elfmap_program__type(program_of(object, "parse")),
			  BPF_PROG_TYPE_SCHED_ACT);
	ck_assert_uint_eq(elfmap_program__type(program_of(object, "decide")), 0);
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

START_TEST(test_set_type)
{
	struct elfmap_object *object = open_name("counter");
	struct elfmap_program *program = program_of(object, "direct");

	elfmap_program__set_type(program, BPF_PROG_TYPE_XDP);
	ck_assert_uint_eq(elfmap_program__type(program), BPF_PROG_TYPE_XDP);
	ck_assert_uint_eq(elfmap_program__type(program_of(object, "classify")),
			  BPF_PROG_TYPE_SCHED_CLS);
	elfmap_object__close(object);
}
END_TEST

Suite *tail_calls_suite(void)
{
	return suite_of("tail_calls", test_integers, test_slots, test_other_map, test_key_beyond,
			test_key_size, test_slot_twice, test_second_function, test_clear,
			test_types, test_tail_call_types, test_mixed_types, test_set_type);
}
