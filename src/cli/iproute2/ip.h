/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the rooms of elfmap ip share.
 */
#ifndef ELFMAP_CLI_IP_H
#define ELFMAP_CLI_IP_H

#include "words.h"

/* ip's objects; words begin behind the object's name. */
enum cli_status ip_link(struct words *words);
enum cli_status ip_route(struct words *words);

#endif
