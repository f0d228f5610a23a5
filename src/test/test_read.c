// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Bytes to a checked view: what is refused, and what a view then is. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sha1.h>

#include "read.h"
#include "test/opening.h"
#include "test/scratch.h"
#include "test/tests.h"

/* --- the view ------------------------------------------------------------------------------ */

/* Look at all that the view promises; sanitizers see to it that it is there. */
static void check_view(const struct elf_view *view)
{
	volatile uint8_t sum = 0;

	for (size_t i = 1; i < view->nr_sections; i++) {
		const struct elf_section *section = &view->sections[i];

		ck_assert_uint_lt(strlen(section->name), view->size);
		for (size_t j = 0; section->data && j < section->header.sh_size; j++)
			sum = (uint8_t)(sum + section->data[j]);
		for (size_t j = 0; j < section->nr_relocations; j++)
			ck_assert_uint_lt(section->relocations[j].symbol, view->nr_symbols);
	}
	for (size_t i = 0; i < view->nr_symbols; i++) {
		const Elf64_Sym *symbol = &view->symbols[i];

		ck_assert_uint_lt(strlen(read_symbol_name(view, symbol)), view->size);
		ck_assert(symbol->st_shndx < view->nr_sections ||
			  symbol->st_shndx >= SHN_LORESERVE);
	}
}

static int read_memory(const void *buf, size_t size, const char *name, struct elf_view *out)
{
	struct bytes bytes;
	int err = bytes_of_memory(buf, size, name, &bytes);

	return err ? err : read_object(bytes, name, out);
}

START_TEST(test_view)
{
	struct test_object object = object_load("static_map");
	const struct elf_section *section;
	const struct relocation *relocation;
	struct elf_view view;

	ck_assert_int_eq(read_memory(object.bytes, object.size, "static_map", &view), 0);
	check_view(&view);
	ck_assert_str_eq(view.name, "static_map");
	ck_assert_uint_eq(view.nr_sections, object_header(&object)->e_shnum);
	ck_assert_uint_eq(view.nr_symbols, object_nr_symbols(&object));
	ck_assert(!view.swapped);
	ck_assert_uint_eq(read_find_section(&view, "maps"), object_section_index(&object, "maps"));
	ck_assert_uint_eq(read_find_section(&view, "none"), 0);
	ck_assert(read_is_code(&view, read_find_section(&view, "classifier")));
	ck_assert(!read_is_code(&view, read_find_section(&view, "maps")));
	section = &view.sections[read_find_section(&view, ".relclassifier")];
	ck_assert_uint_eq(section->nr_relocations, 3);
	relocation = &section->relocations[1];
	ck_assert_uint_eq(relocation->offset,
			  object_relocation(&object, ".relclassifier", 1)->r_offset);
	ck_assert_str_eq(read_symbol_name(&view, &view.symbols[relocation->symbol]), "between");
	ck_assert_int_eq(relocation->addend, 0);
	read_release(&view);
	object_free(&object);
}
END_TEST

/* --- what is no object --------------------------------------------------------------------- */

static void check_bytes(const void *bytes, size_t size, const char *text)
{
	struct test_object object = { (uint8_t *)bytes, size };

	assert_refused(&object, NULL, EINVAL, text);
}

START_TEST(test_not_elf)
{
	static const char script[] = "#!/bin/sh\n# longer than the identification of an ELF file\n";

	check_bytes("", 0, "not an ELF object");
	check_bytes("\177", 1, "not an ELF object");
	check_bytes("\177ELF", 4, "not an ELF object");
	check_bytes(script, sizeof(script), "not an ELF object");
}
END_TEST

/* A header whose byte at an offset is changed, and the message that this deserves. */
static void check_ident(size_t offset, uint8_t value, const char *text)
{
	struct test_object object = object_load("counter");

	object.bytes[offset] = value;
	assert_refused(&object, NULL, EINVAL, text);
	object_free(&object);
}

START_TEST(test_ident)
{
	check_ident(EI_MAG0, 0x7e, "not an ELF object");
	check_ident(EI_MAG3, 'f', "not an ELF object");
	check_ident(EI_CLASS, ELFCLASSNONE, "ELF class 0: expected 2 (64-bit)");
	check_ident(EI_CLASS, ELFCLASS32, "ELF class 1: expected 2 (64-bit)");
	check_ident(EI_CLASS, 255, "ELF class 255: expected 2 (64-bit)");
	check_ident(EI_DATA, ELFDATANONE, "byte order 0: expected 1 (little-endian) or 2 (big-");
	check_ident(EI_DATA, 3, "byte order 3: expected 1 (little-endian) or 2 (big-endian)");
	check_ident(EI_VERSION, 0, "ELF version 0: expected 1");
	check_ident(EI_VERSION, 2, "ELF version 2: expected 1");
}
END_TEST

static void check_header(void (*change)(Elf64_Ehdr *header), const char *text)
{
	struct test_object object = object_load("counter");

	change(object_header(&object));
	assert_refused(&object, NULL, EINVAL, text);
	object_free(&object);
}

static void set_machine(Elf64_Ehdr *header)
{
	header->e_machine = EM_X86_64;
}

static void set_type(Elf64_Ehdr *header)
{
	header->e_type = ET_DYN;
}

static void drop_table(Elf64_Ehdr *header)
{
	header->e_shoff = 0;
}

static void displace_table(Elf64_Ehdr *header)
{
	header->e_shoff += 64;
}

static void displace_table_far(Elf64_Ehdr *header)
{
	header->e_shoff = UINT64_MAX - 63;
}

static void add_sections(Elf64_Ehdr *header)
{
	header->e_shnum = 0xfeff;
}

static void drop_sections(Elf64_Ehdr *header)
{
	header->e_shnum = 0;
}

static void set_entry_size(Elf64_Ehdr *header)
{
	header->e_shentsize = 40;
}

static void set_names(Elf64_Ehdr *header)
{
	header->e_shstrndx = header->e_shnum;
}

static void drop_names(Elf64_Ehdr *header)
{
	header->e_shstrndx = 0;
}

START_TEST(test_header)
{
	check_header(set_machine, "not a BPF object: e_machine 62, expected 247 (BPF) or 0");
	check_header(set_type, "ELF type 3: expected 1 (relocatable)");
	check_header(drop_table, "no usable section table");
	check_header(displace_table, "truncated: its section table at offset");
	check_header(displace_table_far, "truncated: its section table at offset");
	check_header(add_sections, "truncated: its section table at offset");
	check_header(drop_sections, "no usable section table: 0 sections");
	check_header(set_entry_size, "no usable section table");
	check_header(set_names, "no usable section table");
	check_header(drop_names, "section 0: expected a string table");
}
END_TEST

/* Compilers before LLVM 3.9 left the machine 0. */
START_TEST(test_machine_none)
{
	struct test_object object = object_load("counter"), image;

	object_header(&object)->e_machine = EM_NONE;
	image = convert(&object);
	ck_assert_uint_eq(object_header(&image)->e_machine, EM_BPF);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* --- truncation ---------------------------------------------------------------------------- */

/* Bytes that end where their page does, before one that may not be touched. */
static uint8_t *guarded(const struct test_object *object, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (size + page - 1) / page + 1;
	uint8_t *map = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
	uint8_t *bytes = map + (pages - 1) * page - size;

	ck_assert(map != MAP_FAILED);
	ck_assert_int_eq(mprotect(map + (pages - 1) * page, page, PROT_NONE), 0);
	memcpy(bytes, object->bytes, size);
	ck_assert_int_eq(mprotect(map, (pages - 1) * page, PROT_READ), 0);
	return bytes;
}

static void unguard(uint8_t *bytes, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (size + page - 1) / page + 1;
	uint8_t *end = bytes + size;

	ck_assert_int_eq(munmap(end - (pages - 1) * page, pages * page), 0);
}

/* The section table stands last, so no prefix is an object. */
static void check_prefixes(const char *name)
{
	struct test_object object = object_load(name);

	for (size_t size = 0; size < object.size; size++) {
		uint8_t *bytes = guarded(&object, size);
		struct elf_view view;

		collect_messages();
		ck_assert_int_eq(read_memory(bytes, size, "prefix", &view), -EINVAL);
		assert_one_error("prefix: ");
		unguard(bytes, size);
	}
	object_free(&object);
}

START_TEST(test_prefixes)
{
	check_prefixes("counter");
	check_prefixes("mixed.btf");
}
END_TEST

/* The whole is read up to its last byte and no further. */
START_TEST(test_flush)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct test_object object = object_load(*name);
		uint8_t *bytes = guarded(&object, object.size);
		struct elf_view view;

		ck_assert_int_eq(read_memory(bytes, object.size, *name, &view), 0);
		unguard(bytes, object.size);
		check_view(&view);
		read_release(&view);
		object_free(&object);
	}
}
END_TEST

/* --- files --------------------------------------------------------------------------------- */

static void check_file(const char *path, int error, const char *text)
{
	size_t descriptors = count_descriptors();

	collect_messages();
	ck_assert_ptr_null(elfmap_object__open_file(path, NULL));
	ck_assert_int_eq(errno, error);
	assert_one_error(path, text);
	ck_assert_uint_eq(count_descriptors(), descriptors);
}

START_TEST(test_files)
{
	const char *fifo = scratch_path("fifo.o"), *file;

	check_file("testdata/no_such_file.o", ENOENT, "cannot open: No such file or directory");
	check_file("testdata", EISDIR, "not a regular file");
	check_file("/dev/null", EINVAL, "not a regular file");
	check_file("testdata/counter.c", EINVAL, "not an ELF object");
	/* nobody will ever write to it */
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	check_file(fifo, EINVAL, "not a regular file");
	file = scratch_file("object.o", "", 0);
	check_file(file, EINVAL, "not an ELF object");
	ck_assert_int_eq(truncate(file, 1LL << 40), 0);
	check_file(file, EFBIG, "1099511627776 bytes: expected at most 268435456");
}
END_TEST

START_TEST(test_file)
{
	struct test_object object = object_load("counter");
	struct elf_view view;
	struct bytes bytes;

	ck_assert_int_eq(bytes_of_file("testdata/counter.o", &bytes), 0);
	ck_assert_uint_eq(bytes.size, object.size);
	ck_assert_mem_eq(bytes.data, object.bytes, object.size);
	ck_assert_int_eq(read_object(bytes, "other", &view), 0);
	ck_assert_str_eq(view.name, "other");
	read_release(&view);
	object_free(&object);
}
END_TEST

/* Of every length up to some blocks, by an implementation that is not ours. */
START_TEST(test_sha1)
{
	uint8_t bytes[300], digest[SHA1_SIZE], expected[SHA1_DIGEST_LENGTH];
	SHA1_CTX context;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	for (size_t size = 0; size <= sizeof(bytes); size++) {
		SHA1Init(&context);
		SHA1Update(&context, bytes, size);
		SHA1Final(expected, &context);
		digest_sha1(bytes, size, digest);
		ck_assert_mem_eq(digest, expected, SHA1_SIZE);
	}
}
END_TEST

Suite *read_suite(void)
{
	return suite_of("read", test_view, test_not_elf, test_ident, test_header, test_machine_none,
			test_prefixes, test_flush, test_files, test_file, test_sha1);
}
