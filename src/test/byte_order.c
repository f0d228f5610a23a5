// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <byteswap.h>
#include <string.h>

#include <linux/bpf.h>
#include <linux/btf.h>

#include "test/byte_order.h"
#include "test/tests.h"

static void swap16(void *at)
{
	uint16_t word;

	memcpy(&word, at, sizeof(word));
	word = bswap_16(word);
	memcpy(at, &word, sizeof(word));
}

static void swap32(void *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	word = bswap_32(word);
	memcpy(at, &word, sizeof(word));
}

static void swap64(void *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	word = bswap_64(word);
	memcpy(at, &word, sizeof(word));
}

static void swap_words(uint8_t *at, size_t size)
{
	ck_assert_uint_eq(size % 4, 0);
	for (size_t i = 0; i < size; i += 4)
		swap32(at + i);
}

/* --- contents ------------------------------------------------------------------------------ */

/* The two registers are halves of a byte, which bit fields fill from the other end. */
static void swap_instructions(uint8_t *at, size_t size)
{
	for (; size; size -= sizeof(struct bpf_insn), at += sizeof(struct bpf_insn)) {
		at[1] = (uint8_t)(at[1] << 4 | at[1] >> 4);
		swap16(at + 2);
		swap32(at + 4);
	}
}

static void swap_symbols(uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size / sizeof(Elf64_Sym); i++, at += sizeof(Elf64_Sym)) {
		swap32(at + offsetof(Elf64_Sym, st_name));
		swap16(at + offsetof(Elf64_Sym, st_shndx));
		swap64(at + offsetof(Elf64_Sym, st_value));
		swap64(at + offsetof(Elf64_Sym, st_size));
	}
}

/* Of types, all is words of 32 bits. */
static void swap_btf(uint8_t *at, size_t size)
{
	struct btf_header header;

	memcpy(&header, at, sizeof(header));
	ck_assert_uint_eq(header.magic, BTF_MAGIC);
	ck_assert_uint_le(header.hdr_len + header.type_off + header.type_len, size);
	swap16(at);
	swap_words(at + 4, header.hdr_len - 4);
	swap_words(at + header.hdr_len + header.type_off, header.type_len);
}

/* Of records too, whatever they are of. */
static void swap_btf_ext(uint8_t *at, size_t size)
{
	swap16(at);
	swap_words(at + 4, size - 4);
}

static void swap_data(const char *name, uint8_t *at, size_t size)
{
	if (strcmp(name, ".BTF") == 0)
		swap_btf(at, size);
	else if (strcmp(name, ".BTF.ext") == 0)
		swap_btf_ext(at, size);
	else if (strcmp(name, "maps") == 0 || strncmp(name, "maps/", strlen("maps/")) == 0 ||
		 strcmp(name, "version") == 0)
		swap_words(at, size);
}

static void swap_content(const struct test_object *object, size_t index)
{
	const Elf64_Shdr *header = object_section_at(object, index);
	uint8_t *at = object->bytes + header->sh_offset;

	switch (header->sh_type) {
	case SHT_SYMTAB:
		swap_symbols(at, header->sh_size);
		break;
	case SHT_REL:
	case SHT_RELA:
		for (size_t i = 0; i < header->sh_size / 8; i++)
			swap64(at + 8 * i);
		break;
	case SHT_PROGBITS:
		if (header->sh_flags & SHF_EXECINSTR)
			swap_instructions(at, header->sh_size);
		else
			swap_data(object_section_name(object, index), at, header->sh_size);
		break;
	default:
		break;
	}
}

/* --- headers ------------------------------------------------------------------------------- */

static void swap_section_header(Elf64_Shdr *header)
{
	swap32(&header->sh_name);
	swap32(&header->sh_type);
	swap64(&header->sh_flags);
	swap64(&header->sh_addr);
	swap64(&header->sh_offset);
	swap64(&header->sh_size);
	swap32(&header->sh_link);
	swap32(&header->sh_info);
	swap64(&header->sh_addralign);
	swap64(&header->sh_entsize);
}

static void swap_header(Elf64_Ehdr *header)
{
	header->e_ident[EI_DATA] = ELFDATA2MSB;
	swap16(&header->e_type);
	swap16(&header->e_machine);
	swap32(&header->e_version);
	swap64(&header->e_entry);
	swap64(&header->e_phoff);
	swap64(&header->e_shoff);
	swap32(&header->e_flags);
	swap16(&header->e_ehsize);
	swap16(&header->e_phentsize);
	swap16(&header->e_phnum);
	swap16(&header->e_shentsize);
	swap16(&header->e_shnum);
	swap16(&header->e_shstrndx);
}

struct test_object big_endian(const struct test_object *object)
{
	struct test_object swapped = object_copy(object);
	size_t count = object_header(object)->e_shnum;

	for (size_t i = 1; i < count; i++)
		swap_content(&swapped, i);
	for (size_t i = 0; i < count; i++)
		swap_section_header(
			(Elf64_Shdr *)(void *)(swapped.bytes + object_header(object)->e_shoff) + i);
	swap_header(object_header(&swapped));
	return swapped;
}
