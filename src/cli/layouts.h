/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#ifndef ELFMAP_CLI_LAYOUTS_H
#define ELFMAP_CLI_LAYOUTS_H

#include "messages.h"

/* Print all layouts, as text or JSON. */
enum cli_status layouts_print(struct cli *cli);

#endif
