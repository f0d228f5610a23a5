/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The loader of testdata/vendor.c, for tests of what loaders plug in: its format, its names of
 * sections and its pins.
 */
#ifndef ELFMAP_TEST_VENDOR_H
#define ELFMAP_TEST_VENDOR_H

#include "elfmap.h"

/* Its format, by the places of members; NULL-terminated, for elfmap_open_opts.formats. */
extern const struct elfmap_format vendor_format;
extern const struct elfmap_format *const vendor_formats[];

/* stage_N is stored in slot N of "stages"; all programs are XDP. */
int vendor_program(const char *section, struct elfmap_program_hint *hint, void *ctx);
/* <ctx>/site/<map> or <ctx>/all/<map>, by what its member sharing says. */
int vendor_pin_path(const char *map, __u32 pinning, char *path, size_t size, void *ctx);

/* All of it, with pins below a directory. */
struct elfmap_open_opts vendor_opts(const char *pins);

#endif
