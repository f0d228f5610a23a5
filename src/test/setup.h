/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Where tests of loading and attaching begin.
 */
#ifndef ELFMAP_TEST_SETUP_H
#define ELFMAP_TEST_SETUP_H

#include "test/object_edit.h"

/* Private namespaces in which maps can be made; libbpf says nothing on stderr from then on. */
void enter_kernel(void);
/* The same with clsact on veth0. */
void enter_with_clsact(void);

/* counter.o whose program in section classifier no verifier takes: R9 has no value to read. */
struct test_object bad_counter(void);

#endif
