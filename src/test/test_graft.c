// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * elfmap tc exec bpf graft: one slot of a live prog array is replaced, and nothing else; what cannot
 * be replaced leaves everything as it was.
 */
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "test/namespace.h"
#include "test/original.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define GLOBALS BPFFS "/tc/globals"
#define TAIL_CALLS "testdata/tailcalls.o"
/* the array of TAIL_CALLS that programs jump through at first, of two slots */
#define STEPS "m:globals/steps"

/* The keys of its map `trace`. */
enum {
	ENTRY,
	PARSE,
	DECIDE,
	ACCEPT,
	DROP,
};

/* TAIL_CALLS is at work on the ingress of veth0. */
static void enter_with_tail_calls(void)
{
	enter_with_clsact();
	tool_works("tc filter add dev veth0 ingress bpf da obj " TAIL_CALLS);
}

static __u64 traced(__u32 key)
{
	int fd CLEANUP(cleanup_fd) = open_pin(GLOBALS "/trace");

	return map_counter(fd, key);
}

static __u32 slot_of_pin(const char *path, __u32 key)
{
	int fd CLEANUP(cleanup_fd) = open_pin(path);

	return slot_id(fd, key);
}

static __u32 step(__u32 key)
{
	return slot_of_pin(GLOBALS "/steps", key);
}

/* The slot holds a program of the object's, by its instructions. */
static void assert_step(__u32 key, const char *path, const char *function)
{
	struct program_info info = program_info_of_id(step(key));
	__u8 tag[BPF_TAG_SIZE];

	original_tag(path, function, tag);
	assert_tags_equal(info.tag, tag);
	ck_assert_uint_eq(info.type, BPF_PROG_TYPE_SCHED_CLS);
}

/* The pins and the slots of all arrays, but those of STEPS. */
static char *others(void)
{
	char *text = snapshot();
	char *steps = strstr(text, "/steps: ");

	ck_assert_ptr_nonnull(steps);
	memset(steps, ' ', strcspn(steps, "\n"));
	return text;
}

/* --- a live program's way ----------------------------------------------------------------- */

/* Packets take the old way, then the new one; the filter and all other slots are what they were. */
START_TEST(test_way_of_packets)
{
	char *before CLEANUP(cleanup_free) = NULL;
	char *after CLEANUP(cleanup_free) = NULL;
	__u32 parse;

	enter_with_tail_calls();
	send_packet("veth1", ETH_P_IP, IPPROTO_UDP);
	wait_until(traced(ACCEPT) == 1);
	before = others();
	parse = step(0);

	tool_works("tc exec bpf graft " STEPS " key 1 obj " TAIL_CALLS " sec 0xabccba/0x1");
	after = others();
	ck_assert_str_eq(after, before);
	ck_assert_uint_eq(step(0), parse);
	assert_step(1, TAIL_CALLS, "drop");

	send_packet("veth1", ETH_P_IP, IPPROTO_UDP);
	wait_until(traced(DROP) == 1);
	ck_assert_uint_eq(traced(ENTRY), 2);
	ck_assert_uint_eq(traced(PARSE), 2);
	ck_assert_uint_eq(traced(DECIDE), 1);
	ck_assert_uint_eq(traced(ACCEPT), 1);
}
END_TEST

/* The section's name tells the key, whatever its id is, and also where the program is chosen. */
START_TEST(test_key_of_section)
{
	static const struct {
		const char *words;
		__u32 key;
		const char *path;
		const char *function;
	} grafts[] = {
		{ "obj " TAIL_CALLS " sec 42/0", 0, TAIL_CALLS, "parse" },
		{ "obj " TAIL_CALLS " sec 42/1", 1, TAIL_CALLS, "decide" },
		{ "obj " TAIL_CALLS " sec 0xabccba/0x1", 1, TAIL_CALLS, "drop" },
		{ "obj " TAIL_CALLS " program drop", 1, TAIL_CALLS, "drop" },
		{ "object-file testdata/demo.o type cls section 0x2a/0", 0, "testdata/demo.o",
		  "count_bytes" },
		/* the word wins over the name */
		{ "k 1 obj " TAIL_CALLS " s 42/0", 1, TAIL_CALLS, "parse" },
		{ "key 0x1 obj " TAIL_CALLS " sec 42/0", 1, TAIL_CALLS, "parse" },
		{ "key 0 obj testdata/counter.o", 0, "testdata/counter.o", "classify" },
	};
	__u32 other, old;

	enter_with_tail_calls();
	for (size_t i = 0; i < sizeof(grafts) / sizeof(grafts[0]); i++) {
		old = step(grafts[i].key);
		other = step(!grafts[i].key);
		tool_works("tc exec bpf graft " STEPS " %s", grafts[i].words);
		assert_step(grafts[i].key, grafts[i].path, grafts[i].function);
		ck_assert_uint_ne(step(grafts[i].key), old);
		ck_assert_uint_eq(step(!grafts[i].key), other);
	}
}
END_TEST

/* What the grafted program needs is made, filled and pinned; it works behind the old one. */
START_TEST(test_new_maps)
{
	enter_with_tail_calls();
	tool_works("tc exec bpf graft " STEPS " key 0 obj testdata/demo.o sec egress");
	assert_step(0, "testdata/demo.o", "count_egress");
	ck_assert_uint_ne(slot_of_pin(GLOBALS "/jumps", 0), 0);
	ck_assert_uint_eq(slot_of_pin(GLOBALS "/directions", 1),
			  map_info_of_pin(GLOBALS "/packets_out").id);
	send_packet("veth1", ETH_P_IP, IPPROTO_UDP);
	wait_until(map_counter(open_pin(GLOBALS "/bytes"), 0) == 60);
}
END_TEST

/* Prog arrays of the object that others use already keep what is in them. */
START_TEST(test_live_arrays)
{
	__u32 jump;

	enter_with_tail_calls();
	tool_works("tc filter add dev veth0 egress bpf da obj testdata/demo.o sec egress");
	jump = slot_of_pin(GLOBALS "/jumps", 0);
	tool_works("tc exec bpf graft " STEPS " key 0 obj testdata/demo.o sec ingress");
	assert_step(0, "testdata/demo.o", "count_ingress");
	ck_assert_uint_eq(slot_of_pin(GLOBALS "/jumps", 0), jump);

	/* an array may be grafted into with the very program of that slot */
	tool_works("tc exec bpf graft m:globals/jumps obj testdata/demo.o sec 0x2a/0");
	ck_assert_uint_ne(slot_of_pin(GLOBALS "/jumps", 0), jump);
	assert_step(0, "testdata/demo.o", "count_ingress");
}
END_TEST

START_TEST(test_pinned_program)
{
	static const char *const words[] = {
		"key 1 pinned " BPFFS "/pinned/drop",
		"key 1 object-pinned " BPFFS "/pinned/accept",
		"key 1 fd m:globals/drop",
	};

	enter_with_tail_calls();
	free(tool_output("load " TAIL_CALLS " --pin-dir " BPFFS "/pinned"));
	ck_assert_int_eq(link(BPFFS "/pinned/drop", GLOBALS "/drop"), 0);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *path = i == 1 ? BPFFS "/pinned/accept" : BPFFS "/pinned/drop";

		tool_works("tc exec bpf graft " GLOBALS "/steps %s", words[i]);
		ck_assert_uint_eq(step(1), program_info(open_pin(path)).id);
	}
}
END_TEST

/* --- types -------------------------------------------------------------------------------- */

/* A prog array of four slots, nobody's so far, pinned as m:globals/jumps. */
static void make_array(void)
{
	int fd CLEANUP(cleanup_fd) =
		bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "jumps", 4, 4, 4, NULL);

	ck_assert_int_eq(mkdir(BPFFS "/tc", 0700), 0);
	ck_assert_int_eq(mkdir(GLOBALS, 0700), 0);
	ck_assert_int_eq(bpf_obj_pin(fd, GLOBALS "/jumps"), 0);
}

/* One that belongs to programs of a type and an expected attach type, with one in slot 0. */
static void make_array_of(enum bpf_prog_type type, enum bpf_attach_type attach_type)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 2 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = attach_type);
	int program CLEANUP(cleanup_fd) = bpf_prog_load(type, "first", "GPL", insns, 2, &opts);
	int array CLEANUP(cleanup_fd) = -1;

	ck_assert_int_ge(program, 0);
	make_array();
	array = open_pin(GLOBALS "/jumps");
	ck_assert_int_eq(bpf_map_update_elem(array, &(__u32){ 0 }, &program, BPF_ANY), 0);
}

/* The word says the type, and by it which section is taken if none is named. */
static const struct typed {
	const char *words;
	__u32 type;
	const char *name;
} typed[] = {
	{ "obj testdata/counter.o", BPF_PROG_TYPE_SCHED_CLS, "classify" },
	{ "obj testdata/counter.o type cls", BPF_PROG_TYPE_SCHED_CLS, "classify" },
	{ "obj testdata/def20.o type act", BPF_PROG_TYPE_SCHED_ACT, "report" },
	{ "obj testdata/def20.o ty a sec action verb", BPF_PROG_TYPE_SCHED_ACT, "report" },
	{ "obj testdata/xdp.o type xdp", BPF_PROG_TYPE_XDP, "forward" },
	{ "obj testdata/xdp.o t x se prog", BPF_PROG_TYPE_XDP, "forward" },
	{ "obj testdata/counter.o type lwt_in sec ingress", BPF_PROG_TYPE_LWT_IN, "direct" },
	{ "obj testdata/counter.o type l sec ingress", BPF_PROG_TYPE_LWT_IN, "direct" },
	{ "obj testdata/counter.o type lwt_out sec ingress", BPF_PROG_TYPE_LWT_OUT, "direct" },
	{ "obj testdata/counter.o type lwt_x sec ingress", BPF_PROG_TYPE_LWT_XMIT, "direct" },
	{ "obj testdata/counter.o type lwt_s sec ingress", BPF_PROG_TYPE_LWT_SEG6LOCAL, "direct" },
};
#define NR_TYPED (sizeof(typed) / sizeof(typed[0]))

START_TEST(test_type)
{
	struct program_info info;
	struct run run;

	enter_kernel();
	make_array();
	run = tool("tc exec bpf graft m:globals/jumps key 3 %s", typed[_i].words);
	assert_status(&run, 0);
	free_run(&run);
	info = program_info_of_id(slot_of_pin(GLOBALS "/jumps", 3));
	ck_assert_uint_eq(info.type, typed[_i].type);
	ck_assert_str_eq(info.name, typed[_i].name);
}
END_TEST

/* A program that is pinned has its type; no word is needed. */
START_TEST(test_type_of_pinned)
{
	enter_kernel();
	make_array();
	free(tool_output("load testdata/xdp.o --type xdp --pin-dir " BPFFS "/pinned"));
	tool_works("tc exec bpf graft m:globals/jumps key 3 pinned " BPFFS "/pinned/forward");
	ck_assert_uint_eq(slot_of_pin(GLOBALS "/jumps", 3),
			  program_info(open_pin(BPFFS "/pinned/forward")).id);
}
END_TEST

/*
 * Linux 6.18 keeps an array to one expected attach type. iproute2's loader told none, and libbpf
 * tells BPF_XDP: the program is loaded as those are that are in the array.
 */
START_TEST(test_attach_type)
{
	struct test_object object = object_load("xdp");
	const char *path;

	object_rename_section(&object, "prog", "xdp");
	path = scratch_object("xdp.o", object);
	enter_kernel();
	make_array_of(BPF_PROG_TYPE_XDP, _i ? BPF_XDP : 0);
	tool_works("tc exec bpf graft m:globals/jumps key 1 obj %s type xdp sec xdp", path);
	tool_works("tc exec bpf graft m:globals/jumps key 2 obj testdata/xdp.o type xdp");
	ck_assert_str_eq(program_info_of_id(slot_of_pin(GLOBALS "/jumps", 1)).name, "forward");
	ck_assert_str_eq(program_info_of_id(slot_of_pin(GLOBALS "/jumps", 2)).name, "forward");
}
END_TEST

/* --- what is lost ------------------------------------------------------------------------- */

/* As with a filter: the object's own array has no pin. */
START_TEST(test_unpinned_array)
{
	struct run run;

	enter_with_tail_calls();
	run = tool("tc exec bpf graft " STEPS " key 0 obj testdata/elf20.o");
	assert_status(&run, 0);
	ck_assert_msg(strstr(run.err, "prog array jumps is not pinned"), "%s", run.err);
	ck_assert_ptr_nonnull(strstr(run.err, "--keep-tail-calls"));
	free_run(&run);
	assert_step(0, "testdata/elf20.o", "classify");
	tool_works("--keep-tail-calls tc exec bpf graft " STEPS " key 0 obj testdata/elf20.o");
}
END_TEST

/* tc reads the word and does nothing; nor does the variable matter. */
START_TEST(test_no_export)
{
	static const char *const environment[] = { "TC_BPF_UDS=/nowhere", NULL };
	struct run run;

	enter_with_tail_calls();
	run = tool("tc exec bpf graft " STEPS " obj " TAIL_CALLS " sec 42/0 export /nowhere");
	assert_status(&run, 0);
	ck_assert_msg(strstr(run.err, "no maps are exported"), "%s", run.err);
	free_run(&run);
	run = tool_with(environment, "tc exec bpf graft " STEPS " obj " TAIL_CALLS " sec 42/0");
	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	free_run(&run);
}
END_TEST

/* --- mistakes ----------------------------------------------------------------------------- */

static const struct mistake {
	const char *words; /* behind graft */
	int status;
	const char *said[3];
} mistakes[] = {
	{ "", 1, { "'graft' needs a value" } },
	{ STEPS, 1, { "obj FILE or pinned PATH is missing" } },
	{ STEPS " key", 1, { "'key' needs a value" } },
	{ STEPS " key 0", 1, { "obj FILE or pinned PATH is missing" } },
	{ STEPS " key -1 obj " TAIL_CALLS, 1, { "'-1'" } },
	{ STEPS " key 0 key 1 obj " TAIL_CALLS, 1, { "twice" } },
	{ STEPS " key 0 nonsense", 1, { "'nonsense'" } },
	{ STEPS " key 0 obj", 1, { "'obj' needs a value" } },
	{ STEPS " key 0 bytecode 1", 1, { "use the stock" } },
	{ STEPS " key 0 obj " TAIL_CALLS " nonsense", 1, { "'nonsense'" } },
	{ STEPS " key 0 obj " TAIL_CALLS " type nonsense", 1, { "'nonsense'", "lwt_xmit" } },
	{ STEPS " key 0 obj " TAIL_CALLS " sec 42/0 type cls", 1, { "right behind" } },
	{ STEPS " key 0 pinned " BPFFS "/x sec 42/0", 1, { "pinned program" } },
	/* the map */
	{ "m:globals/nothing key 0 obj " TAIL_CALLS,
	  1,
	  { GLOBALS "/nothing", "No such file", "m:globals/NAME" } },
	{ "/etc/passwd key 0 obj " TAIL_CALLS, 1, { "/etc/passwd", "m:globals/NAME" } },
	{ "m:globals/program key 0 obj " TAIL_CALLS, 1, { GLOBALS "/program", "no map" } },
	{ "m:globals/trace key 0 obj " TAIL_CALLS,
	  1,
	  { GLOBALS "/trace", "type array", "prog_array" } },
	/* the key */
	{ STEPS " key 2 obj " TAIL_CALLS, 1, { GLOBALS "/steps", "no slot 2", "2 slots" } },
	{ STEPS " key 4294967295 obj " TAIL_CALLS, 1, { "no slot 4294967295" } },
	{ STEPS " obj testdata/elf24.o sec 7/3", 1, { "no slot 3" } },
	{ STEPS " obj testdata/elf24.o program marked", 1, { "no slot 3" } },
	{ STEPS " obj " TAIL_CALLS, 1, { "key KEY is missing", "classifier", "ID/KEY" } },
	{ STEPS " obj testdata/counter.o sec ingress", 1, { "key KEY is missing", "ingress" } },
	/* that it is in no such section is found when it is loaded */
	{ STEPS " obj testdata/counter.o program direct", 1, { "key KEY is missing", "ingress" } },
	{ STEPS " pinned m:globals/program", 1, { "key KEY is missing", "pinned" } },
	/* the program */
	{ STEPS " key 0 obj testdata/nothing.o", 1, { "testdata/nothing.o", "No such file" } },
	{ STEPS " key 0 obj testdata/demo.o", 1, { "no program section 'classifier'", "egress" } },
	{ STEPS " key 0 obj testdata/demo.o sec nothing", 1, { "no program section 'nothing'" } },
	{ STEPS " key 0 obj testdata/counter.o program nothing", 1, { "no program 'nothing'" } },
	{ STEPS " key 0 pinned m:globals/nothing", 1, { GLOBALS "/nothing", "No such file" } },
	{ STEPS " key 0 pinned m:globals/trace", 1, { GLOBALS "/trace", "no program" } },
	/* the two together: the array is of classifiers */
	{ STEPS " key 0 obj testdata/xdp.o type xdp",
	  2,
	  { GLOBALS "/steps: slot 0", "xdp.o:[prog]", "another type, sched_cls" } },
	{ STEPS " key 0 obj testdata/def20.o type act",
	  2,
	  { "slot 0", "def20.o:[action]", "sched_act" } },
	{ STEPS " key 0 pinned m:globals/other", 2, { "other:[*fsobj]", "another type" } },
};
#define NR_MISTAKES (sizeof(mistakes) / sizeof(mistakes[0]))

/* TAIL_CALLS at work, and pins of a program of its type and one of another. */
static void enter_with_pins(void)
{
	enter_with_tail_calls();
	free(tool_output("load testdata/counter.o --pin-dir " BPFFS "/pinned"));
	ck_assert_int_eq(rename(BPFFS "/pinned/direct", GLOBALS "/program"), 0);
	free(tool_output("load testdata/xdp.o --type xdp --pin-dir " BPFFS "/pinned"));
	ck_assert_int_eq(rename(BPFFS "/pinned/forward", GLOBALS "/other"), 0);
}

/* Each is refused with words that say which it is; slots, pins and all else are as before. */
START_TEST(test_mistake)
{
	const struct mistake *mistake = &mistakes[_i];
	const char *const said[] = { mistake->said[0], mistake->said[1], mistake->said[2], NULL };
	char *before;

	enter_with_pins();
	before = snapshot();
	check_refusal(tool("tc exec bpf graft %s", mistake->words), mistake->status, true, said);
	assert_unchanged(before);
}
END_TEST

/* The verifier's refusal, when maps are there already. */
START_TEST(test_verifier)
{
	const char *path = scratch_object("bad.o", bad_counter());
	char *before;

	enter_with_tail_calls();
	before = snapshot();
	assert_kernel_refusal_with_details(
		tool("tc exec bpf graft " STEPS " key 0 obj %s sec classifier", path), path, "R9");
	assert_unchanged(before);
}
END_TEST

Suite *graft_suite(void)
{
	Suite *suite = suite_of("graft", test_way_of_packets, test_key_of_section, test_new_maps,
				test_live_arrays, test_pinned_program, test_type_of_pinned,
				test_unpinned_array, test_no_export, test_verifier);

	add_loop_test(suite, test_type, NR_TYPED);
	add_loop_test(suite, test_attach_type, 2);
	add_loop_test(suite, test_mistake, NR_MISTAKES);
	return suite;
}
