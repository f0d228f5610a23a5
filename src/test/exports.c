// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <ctype.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "test/exports.h"
#include "test/tests.h"

/* The bit of a symbol's version that says that it is not the one which is linked to. */
#define VERSION_HIDDEN 0x8000

/* --- names -------------------------------------------------------------------------------- */

static void add(struct exports *exports, const char *name, int length, const char *version)
{
	ck_assert_uint_lt(exports->count, MAX_EXPORTS);
	ck_assert_int_gt(asprintf(&exports->names[exports->count++], "%.*s%s%s", length, name,
				  version ? "@" : "", version ? version : ""),
			 0);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct exports *exports)
{
	qsort(exports->names, exports->count, sizeof(*exports->names), compare);
}

void exports_free(struct exports *exports)
{
	while (exports->count)
		free(exports->names[--exports->count]);
}

/* --- texts -------------------------------------------------------------------------------- */

static int name_length(const char *text)
{
	int length = 0;

	while (isalnum((unsigned char)text[length]) || text[length] == '_')
		length++;
	return length;
}

/* The name before the first "(": that of the function, as no return type has one. */
static void add_prototype(struct exports *exports, const char *prototype)
{
	const char *end = strchr(prototype, '(');
	const char *name = end;

	ck_assert_msg(end, "%s", prototype);
	while (name > prototype && name_length(name - 1) > 0)
		name--;
	add(exports, name, (int)(end - name), NULL);
}

struct exports exports_of_header(void)
{
	FILE *header CLEANUP(cleanup_file) = fopen("include/elfmap.h", "re");
	char *line CLEANUP(cleanup_free) = NULL;
	struct exports exports = { .count = 0 };
	size_t size = 0;

	ck_assert_ptr_nonnull(header);
	while (getline(&line, &size, header) >= 0) {
		if (!strncmp(line, "ELFMAP_API ", strlen("ELFMAP_API ")))
			add_prototype(&exports, line);
	}
	sort(&exports);
	return exports;
}

struct exports exports_of_script(bool *sorted, bool versions)
{
	FILE *script CLEANUP(cleanup_file) = fopen("src/libelfmap.map", "re");
	char *line CLEANUP(cleanup_free) = NULL;
	struct exports exports = { .count = 0 };
	char version[64] = "", name[128], last[128] = "";
	size_t size = 0;
	int end;

	ck_assert_ptr_nonnull(script);
	*sorted = true;
	while (getline(&line, &size, script) >= 0) {
		end = 0;
		if (sscanf(line, "%63[A-Z0-9_.] {", version) == 1) {
			*last = '\0';
		} else if (sscanf(line, "\t\t%127[a-z0-9_];%n", name, &end) == 1 && end) {
			*sorted = *sorted && strcmp(last, name) < 0;
			strcpy(last, name);
			add(&exports, name, (int)strlen(name), versions ? version : NULL);
		}
	}
	sort(&exports);
	return exports;
}

/* --- ELF files ---------------------------------------------------------------------------- */

static Elf *open_file(const char *path, Elf_Kind kind, int *fd)
{
	Elf *elf;

	elf_version(EV_CURRENT);
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	elf = elf_begin(*fd, ELF_C_READ, NULL);
	ck_assert_msg(elf_kind(elf) == kind, "%s: %s", path, elf_errmsg(-1));
	return elf;
}

struct table {
	Elf *elf;
	Elf_Scn *section; /* NULL: there is none */
	GElf_Shdr header;
	Elf_Data *data;
};

static struct table find_table(Elf *elf, GElf_Word type)
{
	struct table table = { .elf = elf };

	while ((table.section = elf_nextscn(elf, table.section))) {
		ck_assert_ptr_nonnull(gelf_getshdr(table.section, &table.header));
		if (table.header.sh_type != type)
			continue;
		table.data = elf_getdata(table.section, NULL);
		ck_assert_ptr_nonnull(table.data);
		break;
	}
	return table;
}

static size_t nr_rows(const struct table *table)
{
	return table->section ? table->header.sh_size / table->header.sh_entsize : 0;
}

static const char *text_of(const struct table *table, size_t offset)
{
	const char *text = elf_strptr(table->elf, table->header.sh_link, offset);

	ck_assert_ptr_nonnull(text);
	return text;
}

/* Whether others find it: a linker, or a loader. */
static bool is_given(const GElf_Sym *symbol)
{
	const unsigned int visibility = GELF_ST_VISIBILITY(symbol->st_other);

	return symbol->st_shndx != SHN_UNDEF && GELF_ST_BIND(symbol->st_info) != STB_LOCAL &&
	       (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

/* The name of the version with that number, among those that the file defines. */
static const char *version_name(const struct table *versions, GElf_Half number)
{
	GElf_Verdef version;
	GElf_Verdaux name;
	int offset = 0;

	do {
		ck_assert_ptr_nonnull(gelf_getverdef(versions->data, offset, &version));
		if (version.vd_ndx == number) {
			ck_assert_ptr_nonnull(gelf_getverdaux(versions->data,
							      offset + (int)version.vd_aux, &name));
			return text_of(versions, name.vda_name);
		}
		offset += (int)version.vd_next;
	} while (version.vd_next);
	ck_abort_msg("no version has the number %u", number);
}

struct exports exports_of_shared(const char *path)
{
	int fd CLEANUP(cleanup_fd) = -1;
	Elf *elf = open_file(path, ELF_K_ELF, &fd);
	struct table symbols = find_table(elf, SHT_DYNSYM);
	struct table numbers = find_table(elf, SHT_GNU_versym);
	struct table versions = find_table(elf, SHT_GNU_verdef);
	struct exports exports = { .count = 0 };

	ck_assert_msg(numbers.data && versions.data, "%s has no versions", path);
	for (int i = 0; i < (int)nr_rows(&symbols); i++) {
		GElf_Half number;
		const char *version, *name;
		GElf_Sym symbol;

		ck_assert_ptr_nonnull(gelf_getsym(symbols.data, i, &symbol));
		ck_assert_ptr_nonnull(gelf_getversym(numbers.data, i, &number));
		if (!is_given(&symbol))
			continue;
		name = text_of(&symbols, symbol.st_name);
		version = version_name(&versions, number & (GElf_Half)~VERSION_HIDDEN);
		/* the version itself is a symbol too */
		if (symbol.st_shndx != SHN_ABS || strcmp(name, version) != 0)
			add(&exports, name, (int)strlen(name), version);
	}
	elf_end(elf);
	sort(&exports);
	return exports;
}

static void add_member(struct exports *exports, Elf *member)
{
	struct table symbols = find_table(member, SHT_SYMTAB);

	for (int i = 0; i < (int)nr_rows(&symbols); i++) {
		const char *name;
		GElf_Sym symbol;

		ck_assert_ptr_nonnull(gelf_getsym(symbols.data, i, &symbol));
		name = text_of(&symbols, symbol.st_name);
		/* hidden ones are found in an archive */
		if (symbol.st_shndx != SHN_UNDEF && GELF_ST_BIND(symbol.st_info) != STB_LOCAL)
			add(exports, name, (int)strlen(name), NULL);
	}
}

struct exports exports_of_archive(const char *path)
{
	int fd CLEANUP(cleanup_fd) = -1;
	Elf *archive = open_file(path, ELF_K_AR, &fd), *member;
	struct exports exports = { .count = 0 };
	Elf_Cmd command = ELF_C_READ;

	while ((member = elf_begin(fd, command, archive))) {
		if (elf_kind(member) == ELF_K_ELF)
			add_member(&exports, member);
		command = elf_next(member);
		elf_end(member);
	}
	elf_end(archive);
	sort(&exports);
	return exports;
}

struct dynamic dynamic_of(const char *path)
{
	int fd CLEANUP(cleanup_fd) = -1;
	Elf *elf = open_file(path, ELF_K_ELF, &fd);
	struct table table = find_table(elf, SHT_DYNAMIC);
	struct dynamic dynamic = { .text_relocations = false };

	for (int i = 0; i < (int)nr_rows(&table); i++) {
		const size_t used = strlen(dynamic.needed);
		GElf_Dyn row;

		ck_assert_ptr_nonnull(gelf_getdyn(table.data, i, &row));
		if (row.d_tag == DT_SONAME)
			snprintf(dynamic.soname, sizeof(dynamic.soname), "%s",
				 text_of(&table, row.d_un.d_val));
		if (row.d_tag == DT_NEEDED)
			snprintf(dynamic.needed + used, sizeof(dynamic.needed) - used, "%s ",
				 text_of(&table, row.d_un.d_val));
		if (row.d_tag == DT_TEXTREL ||
		    (row.d_tag == DT_FLAGS && (row.d_un.d_val & DF_TEXTREL)))
			dynamic.text_relocations = true;
		if (row.d_tag == DT_RPATH || row.d_tag == DT_RUNPATH)
			dynamic.own_path = true;
	}
	elf_end(elf);
	return dynamic;
}
