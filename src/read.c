/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <byteswap.h>
#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "messages.h"
#include "read.h"
#include "zeroed.h"

#define HOST_ENCODING (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB)

bool read_is_big_endian(const struct elf_view *view)
{
	return view->header.e_ident[EI_DATA] == ELFDATA2MSB;
}

int read_uint(const struct elf_view *view, const void *data, size_t size, uint64_t *number)
{
	uint16_t half;

	switch (size) {
	case 1:
		*number = *(const uint8_t *)data;
		return 0;
	case 2:
		memcpy(&half, data, sizeof(half));
		*number = view->swapped ? bswap_16(half) : half;
		return 0;
	case 4:
		*number = read_u32(view, data);
		return 0;
	case 8:
		*number = read_u64(view, data);
		return 0;
	default:
		return -EINVAL;
	}
}

void write_u32(const struct elf_view *view, void *data, uint32_t value)
{
	if (view->swapped)
		value = bswap_32(value);
	memcpy(data, &value, sizeof(value));
}

bool read_is_code(const struct elf_view *view, size_t section)
{
	const Elf64_Shdr *header = &view->sections[section].header;

	return header->sh_type == SHT_PROGBITS && (header->sh_flags & SHF_EXECINSTR);
}

size_t read_find_section(const struct elf_view *view, const char *name)
{
	for (size_t i = 1; *name && i < view->nr_sections; i++) {
		const char *found = view->sections[i].name;

		/* nearly all begin with a dot */
		if (*found == *name && found[1] == name[1] && !strcmp(found, name))
			return i;
	}
	return 0;
}

const char *read_symbol_name(const struct elf_view *view, const Elf64_Sym *symbol)
{
	return (const char *)view->sections[view->strtab].data + symbol->st_name;
}

/* --- the checks -------------------------------------------------------------------------- */

/* The bytes that say how the others are to be read. */
static int check_ident(const struct elf_view *view)
{
	const unsigned char *ident = view->bytes;

	if (view->size < EI_NIDENT || memcmp(ident, ELFMAG, SELFMAG)) {
		log_error("%s: not an ELF object: expected it to begin with \\x7fELF", view->name);
		return -EINVAL;
	}
	if (ident[EI_CLASS] != ELFCLASS64) {
		log_error("%s: ELF class %u: expected 2 (64-bit), as every BPF object has",
			  view->name, ident[EI_CLASS]);
		return -EINVAL;
	}
	if (ident[EI_DATA] != ELFDATA2LSB && ident[EI_DATA] != ELFDATA2MSB) {
		log_error("%s: byte order %u: expected 1 (little-endian) or 2 (big-endian)",
			  view->name, ident[EI_DATA]);
		return -EINVAL;
	}
	if (ident[EI_VERSION] != EV_CURRENT) {
		log_error("%s: ELF version %u: expected 1", view->name, ident[EI_VERSION]);
		return -EINVAL;
	}
	return 0;
}

static int check_header(const struct elf_view *view)
{
	const Elf64_Ehdr *header = &view->header;

	if (!view->elf || view->size < sizeof(Elf64_Ehdr)) {
		log_error("%s: truncated: %zu bytes, too short for an ELF header", view->name,
			  view->size);
		return -EINVAL;
	}
	if (header->e_machine != EM_BPF && header->e_machine != EM_NONE) {
		log_error("%s: not a BPF object: e_machine %u, expected 247 (BPF) or 0", view->name,
			  header->e_machine);
		return -EINVAL;
	}
	if (header->e_type != ET_REL) {
		log_error("%s: ELF type %u: expected 1 (relocatable)", view->name, header->e_type);
		return -EINVAL;
	}
	if (header->e_shoff == 0 || header->e_shnum == 0 || header->e_shnum >= SHN_LORESERVE ||
	    header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shstrndx >= header->e_shnum) {
		log_error("%s: no usable section table: %u sections of %u bytes at offset %llu",
			  view->name, header->e_shnum, header->e_shentsize,
			  (unsigned long long)header->e_shoff);
		return -EINVAL;
	}
	if (header->e_shoff > view->size ||
	    (view->size - header->e_shoff) / sizeof(Elf64_Shdr) < header->e_shnum) {
		log_error("%s: truncated: its section table at offset %llu ends beyond the file's "
			  "%zu bytes",
			  view->name, (unsigned long long)header->e_shoff, view->size);
		return -EINVAL;
	}
	return 0;
}

/* One section's place in the file and alignment; its name is not known yet. */
static int check_extent(const struct elf_view *view, size_t index)
{
	const Elf64_Shdr *header = &view->sections[index].header;
	uint64_t align = header->sh_addralign;

	if (align & (align - 1) || align > (1u << 16)) {
		log_error("%s: section %zu: alignment %llu: expected a power of two", view->name,
			  index, (unsigned long long)align);
		return -EINVAL;
	}
	if (header->sh_type == SHT_NOBITS || header->sh_type == SHT_NULL)
		return 0;
	if (header->sh_offset > view->size || header->sh_size > view->size - header->sh_offset) {
		log_error("%s: truncated: section %zu takes %llu bytes at offset %llu, the file "
			  "has %zu",
			  view->name, index, (unsigned long long)header->sh_size,
			  (unsigned long long)header->sh_offset, view->size);
		return -EINVAL;
	}
	return 0;
}

/* A string table has bytes, and the last of them ends its last string. */
static int check_strings(const struct elf_view *view, size_t index)
{
	const struct elf_section *section = &view->sections[index];

	if (section->header.sh_type != SHT_STRTAB || section->header.sh_size == 0 ||
	    section->data[section->header.sh_size - 1] != '\0') {
		log_error("%s: section %zu: expected a string table that ends with a zero byte",
			  view->name, index);
		return -EINVAL;
	}
	return 0;
}

static int check_symbol(const struct elf_view *view, size_t index)
{
	const Elf64_Sym *symbol = &view->symbols[index];

	if (symbol->st_name >= view->sections[view->strtab].header.sh_size) {
		log_error("%s: symbol %zu: its name lies outside the string table", view->name,
			  index);
		return -EINVAL;
	}
	if (symbol->st_shndx >= view->nr_sections && symbol->st_shndx < SHN_LORESERVE) {
		log_error("%s: symbol %s: section %u: the file has %zu", view->name,
			  read_symbol_name(view, symbol), symbol->st_shndx, view->nr_sections);
		return -EINVAL;
	}
	return 0;
}

/* --- filling the view --------------------------------------------------------------------- */

static int corrupt(const struct elf_view *view)
{
	log_error("%s: libelf cannot read it: %s", view->name, elf_errmsg(-1));
	return -EINVAL;
}

static int fill_header(struct elf_view *view)
{
	const Elf64_Ehdr *header;
	int err = check_ident(view);

	if (err)
		return err;
	if (elf_version(EV_CURRENT) == EV_NONE)
		return corrupt(view);
	/* libelf promises not to write through it without ELF_C_WRITE */
	view->elf = elf_memory((char *)view->bytes, view->size);
	header = view->elf ? elf64_getehdr(view->elf) : NULL;
	if (header) {
		view->header = *header;
		view->swapped = header->e_ident[EI_DATA] != HOST_ENCODING;
	} else {
		elf_end(view->elf);
		view->elf = NULL;
	}
	return check_header(view);
}

/* Sections that share bytes would let a small file ask for a large image. */
static int check_overlap(const struct elf_view *view)
{
	uint64_t total = 0;

	for (size_t i = 1; i < view->nr_sections; i++)
		if (view->sections[i].data)
			total += view->sections[i].header.sh_size;
	if (total <= view->size)
		return 0;
	log_error("%s: sections overlap: together they take %llu bytes, the file has %zu",
		  view->name, (unsigned long long)total, view->size);
	return -EINVAL;
}

static int fill_sections(struct elf_view *view)
{
	int err;

	view->nr_sections = view->header.e_shnum;
	view->sections = zeroed(view->nr_sections, sizeof(*view->sections));
	if (!view->sections)
		return -ENOMEM;
	for (size_t i = 0; i < view->nr_sections; i++) {
		struct elf_section *section = &view->sections[i];
		Elf_Scn *scn = elf_getscn(view->elf, i);
		const Elf64_Shdr *header = scn ? elf64_getshdr(scn) : NULL;

		if (!header)
			return corrupt(view);
		/* libelf points into the table, which may stand at any offset */
		memcpy(&section->header, header, sizeof(*header));
		err = check_extent(view, i);
		if (err)
			return err;
		if (section->header.sh_type != SHT_NOBITS && section->header.sh_type != SHT_NULL)
			section->data = view->bytes + section->header.sh_offset;
	}
	return check_overlap(view);
}

static int fill_names(struct elf_view *view)
{
	size_t strings = view->header.e_shstrndx;
	int err = check_strings(view, strings);

	if (err)
		return err;
	for (size_t i = 0; i < view->nr_sections; i++) {
		struct elf_section *section = &view->sections[i];

		if (section->header.sh_name >= view->sections[strings].header.sh_size) {
			log_error("%s: section %zu: its name lies outside the string table",
				  view->name, i);
			return -EINVAL;
		}
		section->name =
			(const char *)view->sections[strings].data + section->header.sh_name;
	}
	return 0;
}

static int find_symbol_table(struct elf_view *view)
{
	for (size_t i = 1; i < view->nr_sections; i++) {
		const Elf64_Shdr *header = &view->sections[i].header;

		if (header->sh_type != SHT_SYMTAB)
			continue;
		if (view->symtab) {
			log_error("%s: two symbol tables, sections %zu and %zu", view->name,
				  view->symtab, i);
			return -EINVAL;
		}
		if (header->sh_entsize != sizeof(Elf64_Sym) ||
		    header->sh_size % sizeof(Elf64_Sym) || header->sh_link >= view->nr_sections) {
			section_error(view, i, "malformed symbol table");
			return -EINVAL;
		}
		view->symtab = i;
		view->strtab = header->sh_link;
	}
	if (!view->symtab) {
		log_error("%s: no symbol table: maps and programs have no names (stripped?)",
			  view->name);
		return -EINVAL;
	}
	return check_strings(view, view->strtab);
}

static int fill_symbols(struct elf_view *view)
{
	int err = find_symbol_table(view);
	Elf_Data *data;

	if (err)
		return err;
	data = elf_getdata(elf_getscn(view->elf, view->symtab), NULL);
	if (!data || (data->d_size && !data->d_buf))
		return corrupt(view);
	/* as long as the ELF handle, and aligned */
	view->nr_symbols = data->d_size / sizeof(Elf64_Sym);
	view->symbols = data->d_buf;
	for (size_t i = 0; i < view->nr_symbols; i++) {
		err = check_symbol(view, i);
		if (err)
			return err;
	}
	return 0;
}

static int check_relocations(const struct elf_view *view, size_t index)
{
	const struct elf_section *section = &view->sections[index];
	size_t entry = section->header.sh_type == SHT_REL ? sizeof(Elf64_Rel) : sizeof(Elf64_Rela);

	if (section->header.sh_info < view->nr_sections &&
	    section->header.sh_link == view->symtab && section->header.sh_entsize == entry &&
	    section->header.sh_size % entry == 0)
		return 0;
	section_error(view, index, "malformed relocations (link %u, info %u, %llu bytes of %llu)",
		      section->header.sh_link, section->header.sh_info,
		      (unsigned long long)section->header.sh_size,
		      (unsigned long long)section->header.sh_entsize);
	return -EINVAL;
}

/* One entry; none needs to be aligned. */
static struct relocation read_relocation(const uint8_t *entry, bool has_addend)
{
	struct relocation relocation = { .addend = 0 };
	uint64_t info;

	memcpy(&relocation.offset, entry, sizeof(relocation.offset));
	memcpy(&info, entry + sizeof(relocation.offset), sizeof(info));
	relocation.symbol = (uint32_t)ELF64_R_SYM(info);
	relocation.type = (uint32_t)ELF64_R_TYPE(info);
	if (has_addend)
		memcpy(&relocation.addend, entry + sizeof(Elf64_Rel), sizeof(relocation.addend));
	return relocation;
}

static int fill_relocations(struct elf_view *view, size_t index)
{
	struct elf_section *section = &view->sections[index];
	Elf_Data *data = elf_getdata(elf_getscn(view->elf, index), NULL);
	const uint8_t *entry;
	size_t size = section->header.sh_entsize;

	if (!data || (data->d_size && !data->d_buf))
		return corrupt(view);
	section->relocations = malloc((data->d_size / size + 1) * sizeof(*section->relocations));
	if (!section->relocations)
		return -ENOMEM;
	entry = data->d_buf;
	for (size_t i = 0; i < data->d_size / size; i++, entry += size) {
		struct relocation relocation = read_relocation(entry, size == sizeof(Elf64_Rela));

		if (relocation.symbol >= view->nr_symbols) {
			section_error(view, index, "relocation %zu: symbol %u, the file has %zu", i,
				      relocation.symbol, view->nr_symbols);
			return -EINVAL;
		}
		section->relocations[section->nr_relocations++] = relocation;
	}
	return 0;
}

static int fill_all_relocations(struct elf_view *view)
{
	int err = 0;

	for (size_t i = 1; !err && i < view->nr_sections; i++) {
		uint32_t type = view->sections[i].header.sh_type;

		if (type != SHT_REL && type != SHT_RELA)
			continue;
		err = check_relocations(view, i);
		if (!err)
			err = fill_relocations(view, i);
	}
	return err;
}

static int read_view(struct elf_view *view)
{
	int err = fill_header(view);

	if (!err)
		err = fill_sections(view);
	if (!err)
		err = fill_names(view);
	if (!err)
		err = fill_symbols(view);
	return err ? err : fill_all_relocations(view);
}

int read_object(struct bytes bytes, const char *name, struct elf_view *out)
{
	struct elf_view view = { .bytes = bytes.data, .size = bytes.size };
	int err;

	view.name = strdup(name);
	view.sha1 = zeroed(1, sizeof(*view.sha1));
	err = view.name && view.sha1 ? read_view(&view) : -ENOMEM;
	if (err) {
		read_release(&view);
		return err;
	}
	*out = view;
	return 0;
}

void read_release(struct elf_view *view)
{
	elf_end(view->elf);
	for (size_t i = 0; view->sections && i < view->nr_sections; i++)
		free(view->sections[i].relocations);
	free(view->sections);
	free(view->bytes);
	free(view->sha1);
	free(view->name);
	memset(view, 0, sizeof(*view));
}

const uint8_t *read_sha1(const struct elf_view *view)
{
	static const uint8_t none[SHA1_SIZE];

	if (!view->sha1)
		return none;
	if (!view->sha1->is_made) {
		digest_sha1(view->bytes, view->size, view->sha1->digest);
		view->sha1->is_made = true;
	}
	return view->sha1->digest;
}
