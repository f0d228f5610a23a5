/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The declaration tags of an image, written and read with libbpf alone. For little-endian images;
 * what is asked for must be there: the test ends otherwise.
 */
#ifndef ELFMAP_TEST_IMAGE_TAGS_H
#define ELFMAP_TEST_IMAGE_TAGS_H

#include <bpf/btf.h>

#include "test/object_edit.h"

/* The translation of testdata/NAME.o without tags, for tests to give it some. Caller frees. */
struct test_object untagged_image(const char *name);

/* A copy of the image's BTF, for btf__free(), and the other way round, which frees the BTF. */
struct btf *image_btf(const struct test_object *image);
void image_set_btf(struct test_object *image, struct btf *btf);

/* Append a tag to the map's variable. */
void image_add_tag(struct test_object *image, const char *map, const char *text);

/* How many tags there are, elfmap's or not. */
size_t image_nr_tags(const struct test_object *image);
/* The i-th tag of the map's variable; NULL past the last. For free(). */
char *image_tag(const struct test_object *image, const char *map, size_t i);
/* Whether one of the map's tags is exactly this text. */
bool image_has_tag(const struct test_object *image, const char *map, const char *text);

#endif
