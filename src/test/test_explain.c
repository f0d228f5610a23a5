// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Well-known failures say what they come from and what to do now. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <linux/capability.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "owner.h"
#include "rights.h"
#include "test/bpf_calls.h"
#include "test/forbid.h"
#include "test/loaded.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

/* --- whose a prog array is ----------------------------------------------------------------- */

#define PIN "/sys/fs/bpf/next"

/* Both sides and the way out; also what a kernel that always JITs never says. */
static const struct clash {
	struct owner_kind array, program;
	const char *pin;
	const char *text;
} clashes[] = {
	{ { BPF_PROG_TYPE_XDP, true },
	  { BPF_PROG_TYPE_SCHED_CLS, true },
	  PIN,
	  "the array belongs to programs of another type, xdp, and this one is sched_cls: load it "
	  "as xdp, or remove the pin " PIN " or pin elsewhere, for a new array" },
	{ { BPF_PROG_TYPE_SCHED_CLS, true },
	  { BPF_PROG_TYPE_SCHED_ACT, true },
	  NULL,
	  "the array belongs to programs of another type, sched_cls, and this one is sched_act: "
	  "load it as sched_cls, or give it an array of its own" },
	{ { BPF_PROG_TYPE_SCHED_CLS, true },
	  { BPF_PROG_TYPE_SCHED_CLS, false },
	  PIN,
	  "the array belongs to programs that are JITed, and this one is not: set "
	  "net.core.bpf_jit_enable to 1, or remove the pin " PIN
	  " or pin elsewhere, for a new array" },
	{ { BPF_PROG_TYPE_SCHED_CLS, false },
	  { BPF_PROG_TYPE_SCHED_CLS, true },
	  PIN,
	  "the array belongs to programs that are not JITed, and this one is: set "
	  "net.core.bpf_jit_enable to 0, or remove the pin " PIN
	  " or pin elsewhere, for a new array" },
	{ { BPF_PROG_TYPE_XDP, false },
	  { BPF_PROG_TYPE_SCHED_CLS, true },
	  PIN,
	  "the array belongs to programs of another type, xdp, that are not JITed, and this one is "
	  "sched_cls: load it as xdp, or remove the pin " PIN
	  " or pin elsewhere, for a new array" },
	{ { BPF_PROG_TYPE_XDP, true },
	  { BPF_PROG_TYPE_XDP, true },
	  PIN,
	  "the array belongs to programs of this type, xdp, but of another expected attach type: "
	  "load it with the same, or remove the pin " PIN " or pin elsewhere, for a new array" },
};

START_TEST(test_clash)
{
	const struct clash *clash = &clashes[_i];
	char *text CLEANUP(cleanup_free) = owner_clash(&clash->array, &clash->program, clash->pin);

	ck_assert_str_eq(text, clash->text);
}
END_TEST

/* Of an elf28.o, these of its two programs: "drop" in a slot and "classify" that jumps there. */
static struct elfmap_object *open_programs(const struct test_object *elf28, bool drop,
					   bool classify, __u32 type)
{
	struct elfmap_object *object = open_object(elf28, NULL);

	elfmap_program__set_autoload(program_of(object, "drop"), drop);
	elfmap_program__set_autoload(program_of(object, "classify"), classify);
	elfmap_program__set_type(program_of(object, "drop"), type);
	return object;
}

static struct elfmap_object *open_elf28(bool drop, bool classify, __u32 type)
{
	struct test_object elf28 = object_load("elf28");
	struct elfmap_object *object = open_programs(&elf28, drop, classify, type);

	object_free(&elf28);
	return object;
}

/* Pin its prog array as one of programs of that type. */
static void make_array_of(const struct test_object *elf28, __u32 type)
{
	struct elfmap_object *object = open_programs(elf28, true, false, type);

	ck_assert_int_eq(elfmap_object__load(object), 0);
	elfmap_object__close(object);
}

static void make_array(__u32 type)
{
	struct test_object elf28 = object_load("elf28");

	make_array_of(&elf28, type);
	object_free(&elf28);
}

static const char *array_path(const struct elfmap_object *object)
{
	return elfmap_map__pin_path(map_of(object, "next"));
}

/* As it was compiled, with BTF, and converted. */
static struct test_object elf28_variant(size_t number)
{
	struct test_object object = object_load(number == 1 ? "elf28.btf" : "elf28"), converted;

	if (number < 2)
		return object;
	converted = convert(&object);
	object_free(&object);
	return converted;
}

/* A program that jumps through a pinned array of another type's is refused without a reason. */
START_TEST(test_jump_of_another_type)
{
	struct test_object elf28 = elf28_variant((size_t)_i);
	struct elfmap_object *object;
	size_t descriptors;
	char *before;

	enter_kernel();
	make_array_of(&elf28, BPF_PROG_TYPE_XDP);
	before = snapshot();
	object = open_programs(&elf28, false, true, BPF_PROG_TYPE_SCHED_CLS);
	descriptors = count_descriptors();
	ck_assert_int_eq(elfmap_object__load(object), -EINVAL);
	assert_one_error("section ingress", "\"classify\"", "\"next\"", "xdp", "sched_cls",
			 "remove the pin", array_path(object));
	ck_assert_uint_eq(count_descriptors(), descriptors);
	assert_unchanged(before);
	elfmap_object__close(object);
	object_free(&elf28);
}
END_TEST

/* So is a slot, of an array that is pinned or that the load itself has made. */
START_TEST(test_slot_of_another_type)
{
	struct elfmap_object *object;

	enter_kernel();
	object = open_elf28(true, true, BPF_PROG_TYPE_XDP);
	ck_assert_int_eq(elfmap_object__load(object), -EINVAL);
	assert_one_error("\"next\"", "slot 4", "\"drop\"", "another type, sched_cls",
			 "load it as sched_cls", "an array of its own");
	elfmap_object__close(object);

	make_array(BPF_PROG_TYPE_XDP);
	object = open_elf28(true, false, BPF_PROG_TYPE_SCHED_CLS);
	ck_assert_int_eq(elfmap_object__load(object), -EINVAL);
	assert_one_error("\"next\"", "slot 4", "\"drop\"", "another type, xdp", "load it as xdp",
			 "remove the pin", array_path(object));
	elfmap_object__close(object);
}
END_TEST

/* Linux 6.18 compares expected attach types, and does not say which one the array has. */
START_TEST(test_another_attach_type)
{
	struct elfmap_object *object;

	enter_kernel();
	make_array(BPF_PROG_TYPE_SCHED_CLS);
	object = open_elf28(_i, !_i, BPF_PROG_TYPE_SCHED_CLS);
	elfmap_program__set_expected_attach_type(program_of(object, _i ? "drop" : "classify"),
						 BPF_XDP);
	if (!elfmap_object__load(object))
		test_skip("this kernel does not compare expected attach types");
	assert_one_error("\"next\"", _i ? "\"drop\"" : "\"classify\"", "sched_cls",
			 "another expected attach type", "remove the pin");
	elfmap_object__close(object);
}
END_TEST

/*
 * An instruction that there is not is not blamed on the array: of a program that jumps through it
 * and is of its type, nor of one that is of another and does not jump.
 */
START_TEST(test_array_is_not_blamed)
{
	struct test_object elf28 = object_load("elf28");
	const struct bpf_insn bad = { .code = 0xff };
	struct elfmap_object *object;
	char *path CLEANUP(cleanup_free) = NULL;

	enter_kernel();
	make_array_of(&elf28, _i ? BPF_PROG_TYPE_XDP : BPF_PROG_TYPE_SCHED_CLS);
	object = open_object(&elf28, NULL);
	path = strdup(array_path(object));
	elfmap_object__close(object);
	memcpy(object_section_bytes(&elf28, _i ? "7/4" : "ingress"), &bad, sizeof(bad));
	object = open_programs(&elf28, _i, !_i, BPF_PROG_TYPE_SCHED_CLS);
	/* pins in the object's own namespace are found by its bytes */
	ck_assert_int_eq(elfmap_map__set_pin_path(map_of(object, "next"), path), 0);
	ck_assert_int_eq(elfmap_object__load(object), -EINVAL);
	assert_one_error("libbpf cannot load it");
	ck_assert_ptr_null(strstr(messages(ELFMAP_LOG_ERROR), "\"next\""));
	elfmap_object__close(object);
	object_free(&elf28);
}
END_TEST

/* --- old kernels --------------------------------------------------------------------------- */

/* Of many maps the one is named whose type the kernel does not have. */
START_TEST(test_no_map_type)
{
	struct elfmap_object *object;

	enter_kernel();
	object = open_name("types");
	refuse_bpf_type(BPF_MAP_CREATE, BPF_MAP_TYPE_LPM_TRIE);
	ck_assert_int_eq(elfmap_object__load(object), -EINVAL);
	assert_one_error("section maps", "map \"lpm_trie\"", "no maps of type lpm_trie", "newer");
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_no_program_type)
{
	struct elfmap_object *object;

	enter_kernel();
	object = open_name("xdp");
	set_missing_types(object);
	elfmap_program__set_type(program_of(object, "forward"), BPF_PROG_TYPE_XDP);
	refuse_bpf_type(BPF_PROG_LOAD, BPF_PROG_TYPE_XDP);
	ck_assert_int_eq(elfmap_object__load(object), -EINVAL);
	assert_one_error("section prog", "program \"forward\"", "no programs of type xdp", "newer");
	elfmap_object__close(object);
}
END_TEST

/* --- refused by everything ------------------------------------------------------------------ */

/* What the tool says where the kernel does not do its part. */
static const struct forbidden {
	int command;
	int error;
	const char *texts[4];
} forbidden[] = {
	{ FORBID_ALL, ENOSYS, { "def16.o", "no bpf(2)", "CONFIG_BPF_SYSCALL" } },
	{ BPF_MAP_CREATE, EINVAL, { "section maps", "no maps of type hash", "newer" } },
	{ BPF_PROG_LOAD, EPERM, { "def16.o", "seccomp filter", "allow bpf(2)" } },
	{ BPF_MAP_CREATE, EPERM, { "def16.o", "seccomp filter", "allow bpf(2)" } },
};

static void assert_said_once(const char *text, const char *part)
{
	const char *at = strstr(text, part);

	ck_assert_ptr_nonnull(at);
	ck_assert_msg(!strstr(at + 1, part), "\"%s\" is said twice:\n%s", part, text);
}

/* libbpf guesses at RLIMIT_MEMLOCK whatever the kernel is. */
static void assert_no_guess(const char *text)
{
	ck_assert_msg(!strstr(text, "ulimit") && !strstr(text, "MEMLOCK"), "%s", text);
}

START_TEST(test_forbidden)
{
	const struct forbidden *case_ = &forbidden[_i];
	struct run run;

	enter_kernel();
	forbid_bpf(case_->command, case_->error);
	run = tool("load testdata/def16.o");
	assert_no_guess(run.err);
	if (case_->error == EPERM)
		ck_assert_ptr_null(strstr(run.err, "needs root"));
	check_refusal(run, 1, true, case_->texts);
}
END_TEST

/* --- rights -------------------------------------------------------------------------------- */

#define BIT(capability) (1ull << (capability))
#define ALL_RIGHTS UINT64_MAX

static const struct rights_row {
	struct rights rights;
	const char *text;
} rights_rows[] = {
	{ { .has_cap_bpf = true }, "this needs root, or CAP_BPF and CAP_NET_ADMIN" },
	{ { .has_cap_bpf = false }, "this needs root, or CAP_SYS_ADMIN and CAP_NET_ADMIN" },
	{ { .capabilities = BIT(CAP_NET_ADMIN), .has_cap_bpf = true }, "this needs root" },
	/* an old kernel gives no meaning to the bit */
	{ { .capabilities = BIT(39) | BIT(CAP_NET_ADMIN) }, "this needs root" },
	{ { .capabilities = BIT(39), .has_cap_bpf = true }, "lacks CAP_NET_ADMIN" },
	{ { .capabilities = ALL_RIGHTS, .has_cap_bpf = true, .in_user_namespace = true },
	  "user namespace" },
	{ { .capabilities = BIT(CAP_SYS_ADMIN),
	    .charges_memlock = true,
	    .memlock_is_limited = true,
	    .memlock = 65536 },
	  "RLIMIT_MEMLOCK, which is 65536 bytes: raise it: ulimit -l unlimited" },
	{ { .capabilities = ALL_RIGHTS, .has_cap_bpf = true, .memlock_is_limited = true },
	  "security module" },
	{ { .capabilities = ALL_RIGHTS, .charges_memlock = true }, "security module" },
	{ { .capabilities = ALL_RIGHTS, .has_cap_bpf = true, .has_seccomp_filter = true },
	  "seccomp filter" },
};

START_TEST(test_rights)
{
	char text[RIGHTS_TEXT_MAX] = "";

	rights_explain(&rights_rows[_i].rights, text, sizeof(text));
	ck_assert_msg(strstr(text, rights_rows[_i].text), "%s", text);
	/* and none of it is lost */
	ck_assert_uint_lt(strlen(text), sizeof(text) - 3);
}
END_TEST

/* Which right is missing, said once, and none of libbpf's guesses. */
START_TEST(test_no_rights)
{
	struct run run;
	char *before;

	enter_kernel();
	before = snapshot();
	forbid_capability(CAP_SYS_ADMIN);
	forbid_capability(CAP_NET_ADMIN);
	run = tool("load testdata/def16.o");
	assert_said_once(run.err, "lacks CAP_NET_ADMIN");
	assert_no_guess(run.err);
	assert_refusal_with_details(run, "testdata/def16.o");

	forbid_capability(CAP_BPF);
	run = tool("load testdata/def16.o");
	assert_said_once(run.err, "needs root, or CAP_BPF and CAP_NET_ADMIN");
	assert_no_guess(run.err);
	assert_refusal_with_details(run, "testdata/def16.o");
	assert_unchanged(before);
}
END_TEST

/* Attaching is not the library's: the tool says it of that. */
START_TEST(test_no_rights_to_attach)
{
	struct run run;

	enter_kernel();
	tool_works("tc qdisc add dev veth0 clsact");
	forbid_capability(CAP_NET_ADMIN);
	run = tool("tc filter add dev veth0 ingress bpf da obj testdata/def16.o");
	assert_said_once(run.err, "needs root, or CAP_NET_ADMIN");
	assert_kernel_refusal_with_details(run, "veth0");
}
END_TEST

/* --- no bpffs ------------------------------------------------------------------------------ */

/* None is mounted, and it takes more rights than these to do that. */
START_TEST(test_no_bpffs)
{
	struct run run;
	char *before;

	enter_kernel();
	while (umount2(BPFFS, MNT_DETACH) == 0)
		;
	before = snapshot();
	forbid_capability(CAP_SYS_ADMIN);
	run = tool("tc filter add dev veth0 ingress bpf da obj testdata/counter.o");
	assert_said_once(run.err, "needs root");
	assert_kernel_refusal(run, "testdata/counter.o", "Operation not permitted",
			      "mount -t bpf bpf " BPFFS);
	assert_unchanged(before);
}
END_TEST

/* A place for pins that is no bpffs. */
START_TEST(test_pin_dir_is_no_bpffs)
{
	enter_kernel();
	assert_refusal(tool("load testdata/counter.o --pin-dir %s", scratch_path("pins")),
		       "testdata/counter.o", "not on a bpffs", "pin below " BPFFS,
		       "mount -t bpf bpf ", scratch_path("pins"));
}
END_TEST

/* --- the verifier -------------------------------------------------------------------------- */

#define LONG 3000

/* counter.o with a program that the verifier follows for long before it finds it bad. */
static struct test_object long_log_counter(void)
{
	const struct bpf_insn step = { .code = BPF_ALU64 | BPF_ADD | BPF_K,
				       .dst_reg = BPF_REG_6,
				       .imm = 1 };
	const struct bpf_insn start = { .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_6 };
	const struct bpf_insn bad = { .code = BPF_ALU64 | BPF_MOV | BPF_X, .src_reg = BPF_REG_9 };
	const struct bpf_insn end = { .code = BPF_JMP | BPF_EXIT };
	struct test_object object = object_load("counter");
	size_t count = object_section(&object, "classifier")->sh_size / sizeof(end);
	struct bpf_insn *insns;

	object_resize_section(&object, "classifier", (count + LONG) * sizeof(end));
	object_symbol(&object, "classify")->st_size = (count + LONG) * sizeof(end);
	insns = (struct bpf_insn *)object_section_bytes(&object, "classifier");
	insns[count - 1] = start;
	for (size_t i = count; i < count + LONG - 2; i++)
		insns[i] = step;
	insns[count + LONG - 2] = bad;
	insns[count + LONG - 1] = end;
	return object;
}

static size_t count_lines(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* The verifier's last lines, its error among them, and nothing of libbpf's. */
static void assert_log(const char *text)
{
	ck_assert_ptr_nonnull(strstr(text, "\n  R9 !read_ok\n"));
	ck_assert_ptr_nonnull(strstr(text, "the verifier on 'classify'"));
	ck_assert_msg(!strstr(text, "libbpf: "), "%s", text);
	ck_assert_msg(!strstr(text, "LOAD LOG"), "%s", text);
}

START_TEST(test_verifier)
{
	const char *path = scratch_object("bad.o", _i ? long_log_counter() : bad_counter());
	const char *heading;
	struct run run;

	enter_kernel();
	run = tool("tc filter add dev veth0 ingress bpf da obj %s", path);
	assert_log(run.err);
	ck_assert_uint_le(count_lines(run.err), 22);
	heading = strchr(run.err, '\n') + 1;
	ck_assert_uint_le(strcspn(heading, "\n"), 80);
	if (_i) {
		ck_assert_uint_eq(count_lines(run.err), 22);
		ck_assert_ptr_nonnull(strstr(run.err, "the last 20 of "));
		ck_assert_ptr_nonnull(strstr(run.err, "-v shows all"));
	}
	assert_kernel_refusal_with_details(run, path);
}
END_TEST

/* All of it where one asks for that. */
START_TEST(test_whole_log)
{
	const char *path = scratch_object("bad.o", long_log_counter());
	struct run run;

	enter_kernel();
	run = tool(_i ? "-v load %s --pin-dir " BPFFS "/a" :
			"tc filter add dev veth0 ingress bpf da obj %s verb",
		   path);
	assert_status(&run, _i ? 1 : 2);
	ck_assert_uint_gt(count_lines(run.err), LONG);
	ck_assert_ptr_nonnull(strstr(run.err, "\n  R9 !read_ok\n"));
	free_run(&run);
}
END_TEST

Suite *explain_suite(void)
{
	Suite *suite = suite_of("explain", test_slot_of_another_type, test_no_map_type,
				test_no_program_type, test_no_rights, test_no_rights_to_attach,
				test_no_bpffs, test_pin_dir_is_no_bpffs);

	add_loop_test(suite, test_clash, NR_OF(clashes));
	add_loop_test(suite, test_jump_of_another_type, 3);
	add_loop_test(suite, test_array_is_not_blamed, 2);
	add_loop_test(suite, test_another_attach_type, 2);
	add_loop_test(suite, test_forbidden, NR_OF(forbidden));
	add_loop_test(suite, test_rights, NR_OF(rights_rows));
	add_loop_test(suite, test_verifier, 2);
	add_loop_test(suite, test_whole_log, 2);
	return suite;
}
