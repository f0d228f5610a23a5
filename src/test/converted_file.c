// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>

#include "test/converted_file.h"
#include "test/scratch.h"
#include "test/tests.h"
#include "test/tool.h"

const char *conversion(size_t i)
{
	static const char *const options[NR_CONVERSIONS] = { "", "--for tc", "--for bpftool",
							     "--rename-sections" };

	ck_assert_uint_lt(i, NR_CONVERSIONS);
	return options[i];
}

const char *converted_file(const struct object_file *file, const char *options)
{
	const char *converted;
	char name[64];
	struct run run;

	snprintf(name, sizeof(name), "%s.o", file->object->name);
	converted = scratch_path(name);
	run = tool("convert %s %s %s", options, file->path, converted);
	assert_status(&run, 0);
	free_run(&run);
	return converted;
}
