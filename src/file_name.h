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
	if (!*name)
		return "it is empty";
	if (strchr(name, '/'))
		return "it holds a '/'";
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return "it is a directory";
	if (strlen(name) > NAME_MAX)
		return "it is longer than 255 bytes";
	return NULL;
}

#endif
