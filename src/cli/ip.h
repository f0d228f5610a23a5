/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the rooms of elfmap ip share.
 */
#ifndef ELFMAP_CLI_IP_H
#define ELFMAP_CLI_IP_H

#include "words.h"

#endif
