/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "image.h"
#include "zeroed.h"

#define HEADER_ALIGN 8u

int image_begin(const struct elf_view *view, size_t added, struct image *out)
{
	struct image image = { .view = view, .header = view->header };

	image.sections = zeroed(view->nr_sections + added, sizeof(*image.sections));
	if (!image.sections)
		return -ENOMEM;
	for (size_t i = 0; i < view->nr_sections; i++) {
		image.sections[i].header = view->sections[i].header;
		image.sections[i].data = view->sections[i].data;
	}
	image.nr_sections = view->nr_sections;
	*out = image;
	return 0;
}

void image_release(struct image *image)
{
	for (size_t i = 0; i < image->nr_sections; i++)
		free(image->sections[i].owned);
	free(image->sections);
	*image = (struct image){ 0 };
}

void image_replace(struct image *image, size_t index, void *owned, size_t size)
{
	struct image_section *section = &image->sections[index];

	free(section->owned);
	section->owned = owned;
	section->data = owned;
	section->header.sh_size = size;
}

void image_put_later(struct image *image, size_t index, size_t size,
		     void (*put)(const void *from, uint8_t *to), const void *from)
{
	image_replace(image, index, NULL, size);
	image->sections[index].put = put;
	image->sections[index].put_from = from;
}

void image_retire(struct image *image, size_t index)
{
	struct image_section *section = &image->sections[index];

	free(section->owned);
	/* an empty one is valid, and libbpf does not tell the world that it leaves it out */
	*section = (struct image_section){ .header = { .sh_type = SHT_STRTAB, .sh_addralign = 1 } };
}

/* String tables stay sections like any other: what they hold is not moved. */
int image_add_string(struct image *image, size_t table, const char *string, uint32_t *offset)
{
	struct image_section *strings = &image->sections[table];
	size_t size = strings->header.sh_size, more = strlen(string) + 1;
	char *grown;

	if (size + more > UINT32_MAX)
		return -E2BIG;
	grown = malloc(size + more);
	if (!grown)
		return -ENOMEM;
	copy_bytes(grown, strings->data, size);
	copy_bytes(grown + size, string, more);
	image_replace(image, table, grown, size + more);
	*offset = (uint32_t)size;
	return 0;
}

int image_rename(struct image *image, size_t index, const char *name)
{
	return image_add_string(image, image->header.e_shstrndx, name,
				&image->sections[index].header.sh_name);
}

uint8_t *image_own(struct image *image, size_t index)
{
	struct image_section *section = &image->sections[index];
	uint8_t *copy;

	if (section->owned)
		return section->owned;
	copy = malloc(section->header.sh_size ? section->header.sh_size : 1);
	if (!copy)
		return NULL;
	copy_bytes(copy, section->data, section->header.sh_size);
	image_replace(image, index, copy, section->header.sh_size);
	return copy;
}

int image_add(struct image *image, const char *name, uint32_t type, size_t *index)
{
	size_t added = image->nr_sections;
	int err;

	if (added + 1 >= SHN_LORESERVE)
		return -E2BIG;
	image->sections[added].header = (Elf64_Shdr){ .sh_type = type, .sh_addralign = 8 };
	image->nr_sections++;
	err = image_rename(image, added, name);
	if (err)
		return err;
	*index = added;
	return 0;
}

/* --- layout ---------------------------------------------------------------------------------- */

static uint64_t align_up(uint64_t offset, uint64_t align)
{
	return align > 1 ? (offset + align - 1) / align * align : offset;
}

static bool has_bytes(const Elf64_Shdr *header)
{
	return header->sh_type != SHT_NULL && header->sh_type != SHT_NOBITS;
}

/* Gives every section its offset; returns the offset of the section table. */
static uint64_t place_sections(const struct image *image, Elf64_Shdr *headers)
{
	uint64_t offset = sizeof(Elf64_Ehdr);

	for (size_t i = 0; i < image->nr_sections; i++) {
		headers[i] = image->sections[i].header;
		if (headers[i].sh_type == SHT_NULL)
			continue;
		offset = align_up(offset, headers[i].sh_addralign);
		headers[i].sh_offset = offset;
		if (has_bytes(&headers[i]))
			offset += headers[i].sh_size;
	}
	return align_up(offset, HEADER_ALIGN);
}

/* Copy in the file's byte order. */
static int put(const struct image *image, uint8_t *to, const void *from, size_t size, Elf_Type type)
{
	Elf_Data source = {
		.d_buf = (void *)from, .d_size = size, .d_type = type, .d_version = EV_CURRENT
	};
	Elf_Data target = { .d_buf = to, .d_size = size, .d_type = type, .d_version = EV_CURRENT };

	return elf64_xlatetof(&target, &source, image->header.e_ident[EI_DATA]) ? 0 : -EINVAL;
}

/* Sections without bytes may claim any offset. */
static int put_section(const struct image *image, size_t index, const Elf64_Shdr *header,
		       uint8_t *bytes)
{
	const struct image_section *section = &image->sections[index];
	uint8_t *to;

	/* the buffer is zeros, as such sections are */
	if (!has_bytes(header) || !header->sh_size || (!section->data && !section->put))
		return 0;
	to = bytes + header->sh_offset;
	if (section->put) {
		section->put(section->put_from, to);
		return 0;
	}
	if (!section->is_host_order) {
		copy_bytes(to, section->data, header->sh_size);
		return 0;
	}
	return put(image, to, section->data, header->sh_size,
		   header->sh_type == SHT_SYMTAB ? ELF_T_SYM :
		   header->sh_type == SHT_RELA	 ? ELF_T_RELA :
						   ELF_T_REL);
}

static int put_all(const struct image *image, const Elf64_Shdr *headers, uint64_t table,
		   uint8_t *bytes)
{
	Elf64_Ehdr header = image->header;
	int err = 0;

	header.e_shoff = table;
	header.e_shnum = (Elf64_Half)image->nr_sections;
	for (size_t i = 0; !err && i < image->nr_sections; i++)
		err = put_section(image, i, &headers[i], bytes);
	if (!err)
		err = put(image, bytes, &header, sizeof(header), ELF_T_EHDR);
	if (!err)
		err = put(image, bytes + table, headers, image->nr_sections * sizeof(*headers),
			  ELF_T_SHDR);
	return err;
}

int image_finish(const struct image *image, uint8_t **bytes, size_t *size)
{
	Elf64_Shdr *headers = zeroed(image->nr_sections, sizeof(*headers));
	uint64_t table, total;
	uint8_t *made = NULL;
	int err = 0;

	if (!headers)
		return -ENOMEM;
	table = place_sections(image, headers);
	total = table + image->nr_sections * sizeof(*headers);
	if (total > OBJECT_SIZE_MAX)
		err = -E2BIG;
	if (!err) {
		made = zeroed(1, total);
		err = made ? put_all(image, headers, table, made) : -ENOMEM;
	}
	free(headers);
	if (err) {
		free(made);
		return err;
	}
	*bytes = made;
	*size = total;
	return 0;
}
