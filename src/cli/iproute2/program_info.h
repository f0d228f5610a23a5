/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What tc and ip tell of a program that is attached somewhere, by its id.
 */
#ifndef ELFMAP_CLI_PROGRAM_INFO_H
#define ELFMAP_CLI_PROGRAM_INFO_H

#include <stdbool.h>
#include <linux/types.h>

struct cli;
struct output;

/*
 * Id, name, tag and whether it is jited, with -d more; in JSON the object "prog". False: the kernel
 * told no more than the id, as it does to those who may not load programs.
 */
bool program_info_put(const struct cli *cli, struct output *out, __u32 id);

#endif
