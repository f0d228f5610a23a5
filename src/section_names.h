/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The names of program sections in the image: those of the object, but where libbpf 1.x would not
 * find a program under them, or a name that it knows is asked for.
 */
#ifndef ELFMAP_SECTION_NAMES_H
#define ELFMAP_SECTION_NAMES_H

#include "btf_append.h"
#include "image.h"
#include "model.h"

struct section_name {
	const char *name;
	size_t section; /* index */
	/*
	 * Another name was asked for, but several sections would have it, and the CO-RE
	 * relocations in .BTF.ext tell them apart by their names.
	 */
	bool collides;
};

struct section_names {
	struct section_name *names; /* of the section of each program */
	size_t count;
	bool changes; /* any is other than in the object */
	/* several sections have one name, by which .BTF.ext can tell them apart no more */
	bool drops_btf_ext;
};

/* The caller releases *out. */
int section_names_make(const struct elfmap_object *object, const struct image_options *options,
		       struct section_names *out);
void section_names_release(struct section_names *names);
const struct section_name *section_names_of(const struct section_names *names,
					    const struct elfmap_program *program);

/* Whether libbpf 1.x takes a program's type from that name. */
bool section_names_is_known(const char *section);

/* Whether libbpf looks up a kernel function at load, by the section's name, for programs of a type. */
bool section_names_is_bound(__u32 type);

/* Rename them in the image, and in .BTF.ext, which finds code by the section's name. */
int section_names_write(const struct elfmap_object *object, const struct section_names *names,
			struct image *image, struct btf_append *btf);

#endif
