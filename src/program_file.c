/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cleanup.h"
#include "program_file.h"

/* A script may have a script for its interpreter; the kernel goes on about as long. */
#define SCRIPTS_MAX 4

/* --- finding it ---------------------------------------------------------------------------------- */

static int check_runnable(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return errno == ENOTDIR ? -ENOENT : -errno;
	return S_ISREG(st.st_mode) && !access(path, X_OK) ? 0 : -EACCES;
}

static int join(const char *directory, size_t length, const char *name, char *path, size_t size)
{
	int written =
		snprintf(path, size, "%.*s%s%s", (int)length, directory, length ? "/" : "", name);

	return written < 0 || (size_t)written >= size ? -ENAMETOOLONG : 0;
}

int program_file_find(const char *command, char *path, size_t size)
{
	const char *directories = getenv("PATH");
	int found = -ENOENT, err;

	if (strchr(command, '/')) {
		err = join("", 0, command, path, size);
		return err ? err : check_runnable(path);
	}
	if (!*command)
		return -ENOENT;
	for (const char *at = directories ? directories : "/bin:/usr/bin"; at;) {
		size_t length = strcspn(at, ":");

		err = join(at, length, command, path, size);
		if (!err)
			err = check_runnable(path);
		if (!err)
			return 0;
		/* one that cannot be run is told of if there is no other */
		if (err == -EACCES)
			found = err;
		at = at[length] ? at + length + 1 : NULL;
	}
	return found;
}

/* --- its bytes ----------------------------------------------------------------------------------- */

struct file_bytes {
	char *bytes; /* a private mapping: libelf wants to write */
	size_t size;
};

static void unmap(struct file_bytes *file)
{
	if (file->bytes)
		munmap(file->bytes, file->size);
}

/* What is no regular file is not opened: a FIFO waits, and devices may do what they do. */
static int map_file(const char *path, struct file_bytes *out)
{
	CLEANUP(cleanup_fd) int fd = -1;
	struct stat st;
	void *bytes;

	if (stat(path, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (!st.st_size)
		return 0;
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return -errno;
	*out = (struct file_bytes){ bytes, (size_t)st.st_size };
	return 0;
}

/* --- ELF ----------------------------------------------------------------------------------------- */

static void cleanup_elf(Elf **elf)
{
	elf_end(*elf);
}

/* The next of the type behind one, or behind -1; -1 if there is none. */
static int next_segment(Elf *elf, uint32_t type, int index, GElf_Phdr *segment)
{
	size_t count = 0;

	elf_getphdrnum(elf, &count);
	while (++index < (int)count)
		if (gelf_getphdr(elf, index, segment) && segment->p_type == type)
			return index;
	return -1;
}

/* Of what the segment has in the file, what is there of it. */
static size_t segment_bytes(const struct file_bytes *file, const GElf_Phdr *segment,
			    const char **bytes)
{
	size_t size = segment->p_offset < file->size ? file->size - segment->p_offset : 0;

	*bytes = file->bytes + (size ? segment->p_offset : 0);
	return segment->p_filesz < size ? segment->p_filesz : size;
}

/* In what is loaded: there may be an archive of any size behind that. */
static bool has_text(Elf *elf, const struct file_bytes *file, const char *text)
{
	GElf_Phdr segment;
	const char *bytes;

	for (int i = -1; (i = next_segment(elf, PT_LOAD, i, &segment)) >= 0;) {
		size_t size = segment_bytes(file, &segment, &bytes);

		if (memmem(bytes, size, text, strlen(text)))
			return true;
	}
	return false;
}

static void read_linker(Elf *elf, const struct file_bytes *file, struct program_file *program)
{
	char path[PATH_MAX];
	GElf_Phdr segment;
	const char *bytes;
	size_t size;

	program->is_static = next_segment(elf, PT_INTERP, -1, &segment) < 0;
	if (program->is_static)
		return;
	size = segment_bytes(file, &segment, &bytes);
	snprintf(path, sizeof(path), "%.*s", size < sizeof(path) ? (int)size : 0, bytes);
	snprintf(program->linker, sizeof(program->linker), "%s", basename(path));
}

static bool is_open_call(const char *name)
{
	static const char *const calls[] = { "bpf_object__open", "bpf_object__open_file",
					     "bpf_object__open_mem", "bpf_object__open_skeleton" };

	for (size_t i = 0; name && i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(name, calls[i]))
			return true;
	return false;
}

/* The open calls among a table's symbols, defined there or not. */
static bool table_has_calls(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, bool defined)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Sym symbol;

	for (int i = 0; data && gelf_getsym(data, i, &symbol); i++)
		if (is_open_call(elf_strptr(elf, header->sh_link, symbol.st_name)) &&
		    (symbol.st_shndx != SHN_UNDEF) == defined)
			return true;
	return false;
}

static bool has_calls(Elf *elf, bool defined)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) &&
		    (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM) &&
		    table_has_calls(elf, section, &header, defined))
			return true;
	return false;
}

/* Part of what libbpf 1.x says of legacy objects: it stays where symbols are stripped. */
static const char libbpf_message[] = "section are not supported by libbpf v1.0+";

static void look_at_elf(const struct file_bytes *file, struct program_file *program)
{
	CLEANUP(cleanup_elf) Elf *elf = NULL;
	GElf_Ehdr header;
	bool calls;

	if (elf_version(EV_CURRENT) != EV_NONE)
		elf = elf_memory(file->bytes, file->size);
	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		return;
	program->is_elf = true;
	program->class = header.e_ident[EI_CLASS];
	program->data = header.e_ident[EI_DATA];
	program->machine = header.e_machine;
	read_linker(elf, file, program);
	calls = !program->is_static && has_calls(elf, false);
	program->has_libbpf = has_calls(elf, true) ||
			      (!calls && has_text(elf, file, libbpf_message));
	program->looks_up_libbpf = !calls && !program->has_libbpf && !program->is_static &&
				   has_text(elf, file, "bpf_object__open");
}

/* --- rights -------------------------------------------------------------------------------------- */

/* The dynamic linker preloads nothing into a program that the kernel marks so (AT_SECURE). */
static bool gains_rights(const char *path)
{
	struct statvfs fs;
	struct stat st;

	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 || stat(path, &st) || statvfs(path, &fs) ||
	    fs.f_flag & ST_NOSUID)
		return false;
	if (st.st_mode & S_ISUID && st.st_uid != getuid())
		return true;
	if (st.st_mode & S_ISGID && st.st_mode & S_IXGRP && st.st_gid != getgid())
		return true;
	return getuid() && getxattr(path, "security.capability", NULL, 0) > 0;
}

/* --- scripts ------------------------------------------------------------------------------------- */

/* The path behind "#!"; false if there is none. */
static bool read_interpreter(const struct file_bytes *file, char *path, size_t size)
{
	const char *end, *at = file->bytes + 2;

	if (file->size < 3 || memcmp(file->bytes, "#!", 2))
		return false;
	end = memchr(file->bytes, '\n', file->size);
	end = end ? end : file->bytes + file->size;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	for (const char *c = at; c < end; c++)
		if (*c == ' ' || *c == '\t' || *c == '\r')
			end = c;
	if (at == end || (size_t)(end - at) >= size)
		return false;
	memcpy(path, at, (size_t)(end - at));
	path[end - at] = '\0';
	return true;
}

int program_file_look(const char *path, struct program_file *out)
{
	struct program_file program = { 0 };
	int err = join("", 0, path, program.path, sizeof(program.path));

	for (int scripts = 0; !err && scripts <= SCRIPTS_MAX; scripts++) {
		CLEANUP(unmap) struct file_bytes file = { 0 };

		err = map_file(program.path, &file);
		if (err || !file.size ||
		    !read_interpreter(&file, program.path, sizeof(program.path))) {
			if (!err && file.size)
				look_at_elf(&file, &program);
			break;
		}
		program.is_interpreter = true;
	}
	if (err)
		return err;
	/* the kernel goes by the interpreter's rights too */
	program.gains_rights = gains_rights(program.path);
	*out = program;
	return 0;
}
