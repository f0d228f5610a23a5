/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Objects of testdata as files that convert has written, in every way that it can.
 */
#ifndef ELFMAP_TEST_CONVERTED_FILE_H
#define ELFMAP_TEST_CONVERTED_FILE_H

#include "test/outcome.h"

/* The options of convert that tests go through, from none on. */
#define NR_CONVERSIONS 4
const char *conversion(size_t i);

/*
 * Convert with these options, to a file of the original's name, which libbpf's own maps are named
 * after. The path is never freed.
 */
const char *converted_file(const struct object_file *file, const char *options);

#endif
