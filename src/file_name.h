/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Names that become those of files: they come from objects and callers, and are not to be trusted.
 */
#ifndef ELFMAP_FILE_NAME_H
#define ELFMAP_FILE_NAME_H

#include <limits.h>
#include <string.h>

/* Why a name cannot become a file's, as the end of a sentence; NULL where it can. */
static inline const char *file_name_fault(const char *name)
{
	size_t length = strlen(name);

	if (!length)
		return "it is empty";
	if (memchr(name, '/', length))
		return "it holds a '/'";
	if (*name == '.' && (length == 1 || (length == 2 && name[1] == '.')))
		return "it is a directory";
	return length > NAME_MAX ? "it is longer than 255 bytes" : NULL;
}

#endif
