/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Objects as old compilers left them, held against the same objects as they are today: what the
 * library reads of both, says of them, and makes of them. The test ends at the first difference.
 */
#ifndef ELFMAP_TEST_REPAIRED_H
#define ELFMAP_TEST_REPAIRED_H

#include "elfmap.h"
#include "test/object_edit.h"

/* Whether code calls other sections, which compilers of age_rela()'s time had not. */
bool calls_sections(const struct test_object *object);
/* All of aged.h that an object allows. */
void age_all(struct test_object *object);
/* Take out a symbol, to which nothing may refer. */
void remove_symbol(struct test_object *object, const char *name);

/* All remarks of a kind, a line each in the library's order; for free(). */
char *remarks_of(const struct elfmap_object *object, enum elfmap_remark kind);
/* End the test unless the repairs are these texts and no others, in the library's order. */
void assert_repairs(const struct elfmap_object *object, const char *const *texts);

/*
 * An object must have the definitions that are expected of testdata/NAME.o, the programs of a young
 * one, these repairs and no others, and an image that a plain libbpf opens with the same maps,
 * programs, instructions and references as the image of the young one. Frees both.
 */
void check_repaired(const char *name, struct test_object young, struct test_object object,
		    const char *const *repairs);
/* The same where the young one is testdata/NAME.o. NULL stands for no repair. */
#define assert_repaired(name, object, ...)                \
	check_repaired(name, object_load(name), (object), \
		       (const char *const[]){ __VA_ARGS__, NULL })

/* --- the parts of it ----------------------------------------------------------------------- */

/* Every map that is expected of testdata/NAME.o, and none else. */
void assert_expected_maps(const struct elfmap_object *object, const char *name);
/* The same programs by name, section, size and type. */
void assert_same_programs(const struct elfmap_object *object, const struct elfmap_object *other);
/* What libbpf finds in two images. */
void assert_same_view(const struct test_object *image, const struct test_object *other);
/*
 * An image is its own translation, it has the machine's number, its maps are global, its functions
 * have sizes, and all calls in it go to where a function begins.
 */
void assert_sound_image(const struct test_object *image);
/* The code is as it was, but for what relocations add. */
void assert_same_code(const struct test_object *object, const struct test_object *image);
/* Two images say the same of each relocation of code. */
void assert_same_relocations(const struct test_object *a, const struct test_object *b);

#endif
