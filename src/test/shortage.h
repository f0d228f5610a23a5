/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A process that may open only a few descriptors more.
 */
#ifndef ELFMAP_TEST_SHORTAGE_H
#define ELFMAP_TEST_SHORTAGE_H

#include <stddef.h>
#include <sys/resource.h>

/* Let this process have count descriptors more and none beyond; returns the limit before. */
struct rlimit leave_room(size_t count);
/* Set that limit again. */
void end_shortage(struct rlimit before);

#endif
