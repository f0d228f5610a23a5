/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * SHA-1 (FIPS 180-4), by which iproute2 names the directories of object namespaces. Not a library's:
 * programs that have one of their own by the usual names would have it called instead.
 */
#ifndef ELFMAP_DIGEST_H
#define ELFMAP_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE 20

void digest_sha1(const uint8_t *bytes, size_t size, uint8_t digest[SHA1_SIZE]);
/* Its digits, as file names and tags have them. */
void digest_text(const uint8_t digest[SHA1_SIZE], char text[2 * SHA1_SIZE + 1]);

#endif
