// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The preload library where libbpf's calls make others of its calls, as those for skeletons do.
 */
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "test/outcome.h"
#include "test/preload_host.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"

/* A skeleton that is not this object's: what was opened of the translation is closed again. */
START_TEST(test_other_skeleton)
{
	char *spy CLEANUP(cleanup_free) = built_file("host/spy.so");
	char *variable CLEANUP(cleanup_free) = NULL;
	const char *environment[] = { NULL, "ASAN_OPTIONS=verify_asan_link_order=0", NULL };
	struct run alone, run;

	ck_assert_int_gt(asprintf(&variable, "LD_PRELOAD=%s", spy), 0);
	environment[0] = variable;
	alone = host_run(environment, NULL, "open", "-s -k other testdata/counter.o");
	run = host_run(environment, "--", "open", "-s -k packets testdata/counter.o");

	assert_status(&run, 0);
	free_run(&run);
	run = host_run(environment, "--", "open", "-s -k other testdata/counter.o");
	assert_status(&run, 1);
	ck_assert_ptr_nonnull(strstr(run.err, "libbpf: failed to find skeleton map 'other'"));
	ck_assert_uint_eq(nr_lines(run.err, "close "), nr_lines(alone.err, "close ") + 1);
	ck_assert_uint_eq(nr_lines(run.err, "elfmap: "), 1);
	free_run(&run);
	free_run(&alone);
}
END_TEST

/* Copy the host's libbpf, its calls bound to each other as -Bsymbolic does it. */
static const char *symbolic_libbpf(void)
{
	char *host CLEANUP(cleanup_free) = built_file("host/open");
	char *command CLEANUP(cleanup_free) = NULL;
	const char *copy = scratch_path("libbpf.so.1");
	Elf_Scn *section = NULL;
	Elf_Data *data;
	GElf_Shdr header;
	GElf_Dyn entry;
	Elf *elf;
	struct run run;
	int fd, i = 0;

	ck_assert_int_gt(
		asprintf(&command,
			 "cp $(ldd %s | sed -n 's/.*libbpf.so.1 => \\([^ ]*\\).*/\\1/p') %s", host,
			 copy),
		0);
	run = run("sh", "-c", command);
	assert_status(&run, 0);
	free_run(&run);
	fd = open(copy, O_RDWR);
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_RDWR, NULL);
	ck_assert_ptr_nonnull(elf);
	elf_flagelf(elf, ELF_C_SET, ELF_F_LAYOUT);
	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_DYNAMIC)
			break;
	data = elf_getdata(section, NULL);
	while (gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL)
		i++;
	/* there are several behind the last entry */
	ck_assert(gelf_getdyn(data, i + 1, &entry) && entry.d_tag == DT_NULL);
	ck_assert(gelf_update_dyn(data, i, &(GElf_Dyn){ .d_tag = DT_SYMBOLIC }));
	elf_flagdata(data, ELF_C_SET, ELF_F_DIRTY);
	ck_assert_int_gt(elf_update(elf, ELF_C_WRITE), 0);
	elf_end(elf);
	close(fd);
	return scratch_directory();
}

/* libbpf does not call itself by us then. */
START_TEST(test_load_symbolic)
{
	char *variable CLEANUP(cleanup_free) = NULL;
	struct run run;

	enter_kernel();
	ck_assert_int_gt(asprintf(&variable, "LD_LIBRARY_PATH=%s", symbolic_libbpf()), 0);
	run = host_run((const char *const[]){ variable, NULL }, "-v --", "open",
		       "%s -l -t 3 testdata/tailcalls.o", _i ? "-s" : "");
	assert_status(&run, 0);
	ck_assert_uint_eq(nr_lines(run.out, "slot "), 4);
	ck_assert_ptr_nonnull(strstr(run.err, "slots stored after the load: 4\n"));
	free_run(&run);
}
END_TEST

Suite *preload_skeleton_suite(void)
{
	Suite *suite = suite_of("preload_skeleton", test_other_skeleton);

	add_loop_test(suite, test_load_symbolic, 2);
	return suite;
}
