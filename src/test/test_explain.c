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
#include "test/scratch.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

/* --- whose a prog array is ----------------------------------------------------------------- */

#define PIN "/sys/fs/bpf/next"

/* Both sides and the way out; also what a kernel that always JITs never says. */
static const struct clash {
	struct program_kind array, program;
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

/* elf28.o with these of its two programs, "drop" in a slot and "classify" that jumps there. */
static struct elfmap_object *open_elf28(bool drop, bool classify, __u32 type)
{
	struct elfmap_object *object = open_name("elf28");

	elfmap_program__set_autoload(program_of(object, "drop"), drop);
	elfmap_program__set_autoload(program_of(object, "classify"), classify);
	elfmap_program__set_type(program_of(object, "drop"), type);
	return object;
}

/* Pin elf28.o's prog array as one of programs of that type. */
static void make_array(__u32 type)
{
	struct elfmap_object *object = open_elf28(true, false, type);

	ck_assert_int_eq(elfmap_object__load(object), 0);
	elfmap_object__close(object);
}

static const char *array_path(const struct elfmap_object *object)
{
	return elfmap_map__pin_path(map_of(object, "next"));
}

/* A program that jumps through a pinned array of another type's is refused without a reason. */
START_TEST(test_jump_of_another_type)
{
	struct elfmap_object *object;
	size_t descriptors;
	char *before;

	enter_kernel();
	make_array(BPF_PROG_TYPE_XDP);
	before = snapshot();
	object = open_elf28(false, true, BPF_PROG_TYPE_SCHED_CLS);
	descriptors = count_descriptors();
	ck_assert_int_eq(elfmap_object__load(object), -EINVAL);
	assert_one_error("section ingress", "\"classify\"", "\"next\"", "xdp", "sched_cls",
			 "remove the pin", array_path(object));
	ck_assert_uint_eq(count_descriptors(), descriptors);
	assert_unchanged(before);
	elfmap_object__close(object);
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

/* What has nothing to do with an array is not blamed on it. */
START_TEST(test_array_is_not_blamed)
{
	struct test_object bytes = object_load("elf28");
	const struct bpf_insn bad = { .code = 0xff };
	struct elfmap_object *object;

	memcpy(object_section_bytes(&bytes, "ingress"), &bad, sizeof(bad));
	enter_kernel();
	make_array(BPF_PROG_TYPE_SCHED_CLS);
	object = open_object(&bytes, NULL);
	ck_assert_int_eq(elfmap_object__load(object), -EINVAL);
	assert_one_error("libbpf cannot load it");
	ck_assert_ptr_null(strstr(messages(ELFMAP_LOG_ERROR), "next"));
	elfmap_object__close(object);
	object_free(&bytes);
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

/* --- no bpffs ------------------------------------------------------------------------------ */

/* None is mounted, and it takes more rights than these to do that. */
START_TEST(test_no_bpffs)
{
	char *before;

	enter_kernel();
	while (umount2(BPFFS, MNT_DETACH) == 0)
		;
	before = snapshot();
	forbid_capability(CAP_SYS_ADMIN);
	assert_refusal_with_details(
		tool("tc filter add dev veth0 ingress bpf da obj testdata/counter.o"),
		"testdata/counter.o", "Operation not permitted", "mount -t bpf bpf " BPFFS);
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

Suite *explain_suite(void)
{
	Suite *suite = suite_of("explain", test_jump_of_another_type, test_slot_of_another_type,
				test_array_is_not_blamed, test_no_map_type, test_no_program_type,
				test_no_bpffs, test_pin_dir_is_no_bpffs);

	add_loop_test(suite, test_clash, NR_OF(clashes));
	add_loop_test(suite, test_another_attach_type, 2);
	add_loop_test(suite, test_rights, NR_OF(rights_rows));
	return suite;
}
