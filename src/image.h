/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * An ELF file in the making: sections in the host's byte order that begin as those of a view, and
 * are replaced, retired and added to before they are laid out into one buffer. Knows ELF, and
 * nothing of maps.
 */
#ifndef ELFMAP_IMAGE_H
#define ELFMAP_IMAGE_H

#include "read.h"

struct image_section {
	Elf64_Shdr header;
	const void *data;   /* NULL where the section has no bytes, or only zeros */
	void *owned;	    /* what data points to, if it is not the view's */
	bool is_host_order; /* a symbol table or relocations, to be turned into the file's order */
	/* writes the bytes in place of data, of what it is given, which lasts until all is laid out */
	void (*put)(const void *from, uint8_t *to);
	const void *put_from;
};

struct image {
	const struct elf_view *view;
	Elf64_Ehdr header;
	struct image_section *sections;
	size_t nr_sections;
};

/* Begin as a copy of the view, with room for added sections. */
int image_begin(const struct elf_view *view, size_t added, struct image *out);
void image_release(struct image *image);

/* Give a section other bytes; owned, also on failure, which there is none of. */
void image_replace(struct image *image, size_t index, void *owned, size_t size);
/* Have a section written when all is laid out. */
void image_put_later(struct image *image, size_t index, size_t size,
		     void (*put)(const void *from, uint8_t *to), const void *from);
/* Leave a section as an empty number, so that the others keep theirs. */
void image_retire(struct image *image, size_t index);
/* Append a section of that type, named; index 0 means the room is used up. */
int image_add(struct image *image, const char *name, uint32_t type, size_t *index);
int image_rename(struct image *image, size_t index, const char *name);
/* Append to a string table; *offset is where the string stands. */
int image_add_string(struct image *image, size_t table, const char *string, uint32_t *offset);
/* A section's bytes to be changed, made the image's own; NULL without memory. */
uint8_t *image_own(struct image *image, size_t index);

/* Lay everything out into one buffer, for the caller to free. -E2BIG: more than can be read. */
int image_finish(const struct image *image, uint8_t **bytes, size_t *size);

#endif
