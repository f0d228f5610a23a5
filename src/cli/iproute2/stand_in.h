/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Programs that do nothing but have the name of another one. To delete a route the kernel wants the
 * programs of its tunnel as descriptors, and compares their names alone (bpf_encap_cmp() in
 * net/core/lwt_bpf.c): loading the object for that would only make maps, pins and slots anew.
 */
#ifndef ELFMAP_CLI_STAND_IN_H
#define ELFMAP_CLI_STAND_IN_H

#include "program.h"

/* One with the type and the name of what was chosen. On failure a message. */
enum cli_status stand_in_load(struct cli *cli, const struct program_choice *choice,
			      struct loaded_program *loaded);

#endif
