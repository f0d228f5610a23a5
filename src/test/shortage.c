// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <fcntl.h>

#include "test/shortage.h"
#include "test/tests.h"

struct rlimit leave_room(size_t count)
{
	struct rlimit before, limit;
	rlim_t top = 0;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	for (; count; top++)
		if (fcntl((int)top, F_GETFD) < 0)
			count--;
	limit = (struct rlimit){ .rlim_cur = top, .rlim_max = before.rlim_max };
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return before;
}

void end_shortage(struct rlimit before)
{
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
}
