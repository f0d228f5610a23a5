/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What is measured in this process, on objects made for it.
 */
#ifndef ELFMAP_BENCH_STEPS_H
#define ELFMAP_BENCH_STEPS_H

#include <stdbool.h>
#include <stddef.h>

/* What they are made from. */
struct input {
	size_t nr_maps;
	bool has_btf; /* the legacy one; the native one always has */
};

/* The objects, in memory and as files in a directory. */
struct subject {
	char legacy_path[256], native_path[256];
	void *legacy, *native;
	size_t legacy_size, native_size;
	struct elfmap_object *translated;
	const void *image;
	size_t image_size;
};

/* Makes objects and files, which subject_remove() takes away; ends the process where it cannot. */
void subject_make(struct subject *subject, const char *directory, struct input input);
void subject_remove(struct subject *subject);

/* What takes a struct subject and returns 0 if it succeeds. */
struct step {
	const char *name;
	int (*run)(void *subject);
};

extern const struct step step_elfmap_open; /* the legacy file */
extern const struct step step_libbpf_open; /* the native file */
extern const struct step step_translate;   /* the legacy object, from bytes to the image */
extern const struct step step_open_image;  /* the image of the legacy object, by libbpf */

/* NULL where none has the name. */
const struct step *step_find(const char *name);

#endif
