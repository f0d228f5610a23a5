/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Whose a prog array is: the kernel gives it to the kind of the first program that it holds or that
 * jumps through it, and refuses all others from then on. Explains refusals; checks nothing before.
 */
#ifndef ELFMAP_OWNER_H
#define ELFMAP_OWNER_H

#include <stdbool.h>
#include <stdint.h>

#include "elfmap.h"

/* What the kernel wants to be the same of all programs around an array. */
struct owner_kind {
	uint32_t type; /* enum bpf_prog_type */
	bool jited;
};

/*
 * Why an array of the one kind refuses a program of the other, and what to do: the end of a
 * sentence, for free(). pin_path is the array's if it was reused, NULL if it is new. Where kinds
 * are the same it is the expected attach type, which the kernel compares since 6.18 and does not
 * tell. NULL without memory.
 */
char *owner_clash(const struct owner_kind *array, const struct owner_kind *program,
		  const char *pin_path);

/*
 * Why an array does not take a program, by their descriptors: the same without what can be done
 * about the array. For free(); NULL if it is not known.
 */
char *owner_explain(int array_fd, int program_fd);
/*
 * Whether an array takes programs of a type and expected attach type; true if it is nobody's. Asks
 * the kernel by loading one that jumps through it, which changes nothing: it is not the first.
 */
bool owner_takes(int array_fd, uint32_t type, uint32_t attach_type);

/* Why the array does not take the program into a slot, for free(); NULL if it is not known. */
char *owner_explain_slot(const struct elfmap_map *map, const struct elfmap_program *program);
/*
 * Whether the load failed as a program jumps through an array that is not its kind's; then this is
 * said. libbpf has closed all descriptors by then.
 */
bool owner_explain_load(const struct elfmap_object *object);

#endif
