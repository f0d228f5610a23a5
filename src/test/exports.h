/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The names that the library has for others: as the header and the version script say, and as they
 * are in the files that were built. What cannot be read ends the test.
 */
#ifndef ELFMAP_TEST_EXPORTS_H
#define ELFMAP_TEST_EXPORTS_H

#include <stdbool.h>
#include <stddef.h>

#define MAX_EXPORTS 512

/* Names, sorted; those with a version are "name@VERSION". */
struct exports {
	char *names[MAX_EXPORTS];
	size_t count;
};

void exports_free(struct exports *exports);

/* The functions that include/elfmap.h marks with ELFMAP_API. */
struct exports exports_of_header(void);
/* Those of the version script, and whether each of its versions has them sorted. */
struct exports exports_of_script(bool *sorted, bool versions);
/* What a shared library gives to the programs that it is linked to. */
struct exports exports_of_shared(const char *path);
/* What an archive's members give to the programs that they are linked into. */
struct exports exports_of_archive(const char *path);

/* What a shared library says of itself. */
struct dynamic {
	char soname[64];
	char needed[512]; /* a name and a blank for each library that it needs */
	bool text_relocations;
	bool own_path; /* where to look for libraries */
};

struct dynamic dynamic_of(const char *path);

#endif
