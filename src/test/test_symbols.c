// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The functions of the public header, of the version script and of the library are the same. */
#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gelf.h>

#include "test/run.h"
#include "test/tests.h"
#include "test/text_file.h"

struct names {
	char *items[512];
	size_t count;
};

static void add_name(struct names *names, const char *name, size_t length)
{
	ck_assert_uint_lt(names->count, sizeof(names->items) / sizeof(names->items[0]));
	names->items[names->count] = strndup(name, length);
	ck_assert_ptr_nonnull(names->items[names->count++]);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, a name a line; frees the names. */
static char *join(struct names *names)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	qsort(names->items, names->count, sizeof(names->items[0]), compare_names);
	for (size_t i = 0; i < names->count; i++) {
		fprintf(out, "%s\n", names->items[i]);
		free(names->items[i]);
	}
	fclose(out);
	return text;
}

static bool is_in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Of each declaration that begins with ELFMAP_API, the word before the first parenthesis. */
static char *declared(void)
{
	char *text = file_text("include/elfmap.h");
	struct names names = { 0 };

	for (char *at = text; (at = strstr(at, "\nELFMAP_API "));) {
		char *end = strchr(at, '('), *start = end;

		ck_assert_ptr_nonnull(end);
		while (is_in_name(start[-1]))
			start--;
		add_name(&names, start, (size_t)(end - start));
		at = end;
	}
	free(text);
	return join(&names);
}

/* Of the version script, the words that a semicolon follows. */
static char *scripted(void)
{
	char *text = file_text("src/libelfmap.map");
	struct names names = { 0 };

	for (char *end = text; (end = strchr(end, ';')); end++) {
		char *start = end;

		while (start > text && is_in_name(start[-1]))
			start--;
		if (start < end)
			add_name(&names, start, (size_t)(end - start));
	}
	free(text);
	return join(&names);
}

static void add_exported(struct names *names, Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
	GElf_Sym symbol;

	for (size_t i = 1; i < header->sh_size / header->sh_entsize; i++) {
		const char *name;

		ck_assert_ptr_nonnull(gelf_getsym(elf_getdata(section, NULL), (int)i, &symbol));
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS)
			add_name(names, name, strlen(name));
	}
}

/* What the shared library beside the tool exports. */
static char *exported(void)
{
	const char *tool = tool_path(), *slash = strrchr(tool, '/');
	struct names names = { 0 };
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	char *path;
	Elf *elf;
	int fd;

	ck_assert_int_gt(asprintf(&path, "%.*slibelfmap.so.0", slash ? (int)(slash - tool + 1) : 0,
				  tool),
			 0);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	ck_assert_msg(elf, "no library in %s", path);
	while ((section = elf_nextscn(elf, section))) {
		ck_assert_ptr_nonnull(gelf_getshdr(section, &header));
		if (header.sh_type == SHT_DYNSYM)
			add_exported(&names, elf, section, &header);
	}
	elf_end(elf);
	close(fd);
	free(path);
	return join(&names);
}

/* End the test unless each line of the text stands in the other too. */
static void assert_has_all(const char *other_name, const char *other, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n") + 1;
		const char *at = other;

		while (*at && strncmp(at, text, length) != 0)
			at += strcspn(at, "\n") + 1;
		ck_assert_msg(*at, "%s does not have %.*s", other_name, (int)length, text);
		text += length;
	}
}

static void assert_same(const char *name, char *text)
{
	char *header = declared();

	ck_assert_ptr_nonnull(strstr(header, "elfmap_open_file\n"));
	assert_has_all(name, text, header);
	assert_has_all("include/elfmap.h", header, text);
	free(header);
	free(text);
}

START_TEST(test_version_script)
{
	assert_same("src/libelfmap.map", scripted());
}
END_TEST

START_TEST(test_exports)
{
	assert_same("the shared library", exported());
}
END_TEST

Suite *symbols_suite(void)
{
	return suite_of("symbols", test_version_script, test_exports);
}
