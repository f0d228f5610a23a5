/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What is measured in this process, on objects of so many maps.
 */
#ifndef ELFMAP_BENCH_STEPS_H
#define ELFMAP_BENCH_STEPS_H

#include <stddef.h>

/* The objects, in memory and as files in a directory. */
struct subject {
	size_t nr_maps;
	char legacy_path[256], native_path[256];
	void *legacy, *native;
	size_t legacy_size, native_size;
	struct elfmap_object *translated;
	const void *image;
	size_t image_size;
};

/* Makes objects and files, which subject_remove() takes away; ends the process where it cannot. */
void subject_make(struct subject *subject, const char *directory, size_t nr_maps);
void subject_remove(struct subject *subject);

/* These take a struct subject and return 0 if they succeed. */
int step_elfmap_open(void *subject); /* the legacy file */
int step_libbpf_open(void *subject); /* the native file */
int step_translate(void *subject);   /* the legacy object, from bytes to the image */
int step_open_image(void *subject);  /* the image of the legacy object */

#endif
