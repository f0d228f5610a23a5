/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * BTF of an untrusted object: libbpf before 1.3 takes types that refer to what is not there, and
 * all versions follow typedefs that lead to themselves. Past this check every ID and every name is
 * good, and every chain of typedefs, qualifiers and arrays ends.
 */
#ifndef ELFMAP_BTF_CHECK_H
#define ELFMAP_BTF_CHECK_H

#include <stdint.h>

#include <bpf/btf.h>

/*
 * 0 with the first type that is a DATASEC in *id, or the number of types where none is. -EINVAL with
 * what is wrong in *fault, static text that completes "type 7 ...", and the type in *id. -ENOMEM.
 */
int btf_check(const struct btf *btf, uint32_t *id, const char **fault);

#endif
