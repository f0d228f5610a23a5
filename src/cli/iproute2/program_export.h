/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Handing the maps of a loaded program to who listens at a socket, before anything is attached.
 */
#ifndef ELFMAP_CLI_PROGRAM_EXPORT_H
#define ELFMAP_CLI_PROGRAM_EXPORT_H

#include "program.h"

/*
 * To the socket that the words name, or for kinds that may export $TC_BPF_UDS; does nothing where
 * neither does. On failure a message; the load remains.
 */
enum cli_status program_export(struct cli *cli, const struct program_choice *choice,
			       const struct loaded_program *loaded);

#endif
