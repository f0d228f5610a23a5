/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 1: bytes to ELF view. The file is read once, into one private copy; its structure is
 * checked as a whole; then the view is as trustworthy as an array. What the sections mean is for
 * later steps.
 *
 * After read_object(): every section with bytes lies inside the file, every name is a terminated
 * string, there is one symbol table, symbols refer to existing sections or special ones, and
 * relocations refer to existing symbols and sections.
 */
#ifndef ELFMAP_READ_H
#define ELFMAP_READ_H

#include <byteswap.h>
#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes.h"
#include "digest.h"

#ifndef EM_BPF
#define EM_BPF 247
#endif

struct Elf;

struct read_sha1 {
	bool is_made;
	uint8_t digest[SHA1_SIZE];
};

struct relocation {
	uint64_t offset;
	uint32_t symbol;
	uint32_t type;
	int64_t addend; /* 0 in SHT_REL */
};

struct elf_section {
	const char *name;
	Elf64_Shdr header;   /* in the host's byte order */
	const uint8_t *data; /* the file's bytes, header.sh_size of them; NULL for SHT_NOBITS */
	/* what it holds if it is SHT_REL or SHT_RELA, in the host's byte order */
	struct relocation *relocations;
	size_t nr_relocations;
};

struct elf_view {
	char *name; /* what messages call the object */
	uint8_t *bytes;
	size_t size;
	struct read_sha1 *sha1; /* for read_sha1() */

	struct Elf *elf;
	Elf64_Ehdr header; /* in the host's byte order */
	bool swapped;	   /* the file's byte order is not the host's */

	struct elf_section *sections; /* [0] is the null section, as in the file */
	size_t nr_sections;
	const Elf64_Sym *symbols; /* in the host's byte order */
	size_t nr_symbols;
	size_t symtab; /* section index */
	size_t strtab;
};

/* Check bytes, which are taken over, also on failure; name, which is copied, is for messages. */
int read_object(struct bytes bytes, const char *name, struct elf_view *out);
void read_release(struct elf_view *view);

bool read_is_big_endian(const struct elf_view *view);
/* The index of the section of that name, 0 where there is none. */
size_t read_find_section(const struct elf_view *view, const char *name);
/* Whether the section holds instructions. */
bool read_is_code(const struct elf_view *view, size_t section);
const char *read_symbol_name(const struct elf_view *view, const Elf64_Sym *symbol);
/* A word of 32 or 64 bits in the object's byte order. */
static inline uint32_t read_u32(const struct elf_view *view, const void *data)
{
	uint32_t value;

	memcpy(&value, data, sizeof(value));
	return view->swapped ? bswap_32(value) : value;
}

static inline uint64_t read_u64(const struct elf_view *view, const void *data)
{
	uint64_t value;

	memcpy(&value, data, sizeof(value));
	return view->swapped ? bswap_64(value) : value;
}
/* An unsigned integer of 1, 2, 4 or 8 bytes; -EINVAL for other sizes. */
int read_uint(const struct elf_view *view, const void *data, size_t size, uint64_t *number);
void write_u32(const struct elf_view *view, void *data, uint32_t value);

/*
 * SHA-1 of the file's bytes, made when it is first asked for: few objects name pins by it. Zeros of a
 * view that stands for no file.
 */
const uint8_t *read_sha1(const struct elf_view *view);

#endif
