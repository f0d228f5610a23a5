/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Commands that are run from now on meet another kernel or have fewer rights than this test, which
 * keeps its own rights. For as long as the test's process lives.
 */
#ifndef ELFMAP_TEST_FORBID_H
#define ELFMAP_TEST_FORBID_H

/*
 * Answer a command of bpf(2), or each of them for FORBID_ALL, with this error (positive), by a
 * seccomp filter. This one holds for the test itself as well.
 */
#define FORBID_ALL (-1)
void forbid_bpf(int command, int error);

/* Commands that root runs have no such right (CAP_*). */
void forbid_capability(int capability);

#endif
