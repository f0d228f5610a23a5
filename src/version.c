// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include "elfmap.h"

#define DOTTED_TEXT(major, minor, patch) #major "." #minor "." #patch
/* with the values of macros, not their names */
#define DOTTED(major, minor, patch) DOTTED_TEXT(major, minor, patch)

const char *elfmap_version_string(void)
{
	return DOTTED(ELFMAP_MAJOR_VERSION, ELFMAP_MINOR_VERSION, ELFMAP_PATCH_VERSION);
}
