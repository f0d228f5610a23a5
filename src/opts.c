/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "opts.h"

int opts_copy(const void *opts, void *out)
{
	const unsigned char *bytes = opts;
	size_t known = *(size_t *)out, given;

	if (!opts)
		return 0;
	given = *(const size_t *)opts;
	if (given < sizeof(given))
		return -EINVAL;
	for (size_t i = known; i < given; i++)
		if (bytes[i])
			return -E2BIG;
	memcpy(out, opts, given < known ? given : known);
	return 0;
}
