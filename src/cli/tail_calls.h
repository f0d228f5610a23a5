/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Prog arrays that nothing pins: the kernel empties them when elfmap, their last user-space
 * reference, ends. Programs that jump through them go on without their tail calls.
 */
#ifndef ELFMAP_CLI_TAIL_CALLS_H
#define ELFMAP_CLI_TAIL_CALLS_H

struct cli;
struct elfmap_object;

/* Before the load: pin those in the object's namespace, if --keep-tail-calls asks for it. */
int tail_calls_keep(const struct cli *cli, const struct elfmap_object *obj);
/* After it: say which are not pinned. */
void tail_calls_warn(struct cli *cli, const struct elfmap_object *obj);

#endif
