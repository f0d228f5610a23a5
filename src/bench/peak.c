// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Prints the most memory that translating an object of so many maps has in use at once, in bytes:
 * on the heap, all libraries together, without the object's copy and the image. A program of its
 * own, as counting costs time.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/objects.h"
#include "elfmap.h"

/* The C library's own, under the names that it has for those who replace them. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *block);

/* All libraries are to call these. */
#define REPLACES __attribute__((visibility("default")))

static size_t in_use, most;

static void *count(void *block)
{
	in_use += block ? malloc_usable_size(block) : 0;
	if (in_use > most)
		most = in_use;
	return block;
}

REPLACES void *malloc(size_t size)
{
	return count(__libc_malloc(size));
}

REPLACES void *calloc(size_t number, size_t size)
{
	return count(__libc_calloc(number, size));
}

/* One that moves has both in use for a moment, which is not told from one that stays. */
REPLACES void *realloc(void *old, size_t size)
{
	size_t before = old ? malloc_usable_size(old) : 0;
	void *block = __libc_realloc(old, size);

	if (block || !size)
		in_use -= before;
	return count(block);
}

REPLACES void free(void *block)
{
	in_use -= block ? malloc_usable_size(block) : 0;
	__libc_free(block);
}

int main(int argc, char **argv)
{
	struct test_object legacy =
		bench_legacy_object(argc > 1 ? strtoul(argv[1], NULL, 10) : 1, false);
	struct elfmap_object *object;
	size_t before, size;

	/* what is made once in a process */
	object = elfmap_object__open_mem(legacy.bytes, legacy.size, NULL);
	if (!object || !elfmap_object__image(object, &size))
		return 1;
	elfmap_object__close(object);

	before = most = in_use;
	object = elfmap_object__open_mem(legacy.bytes, legacy.size, NULL);
	if (!object || !elfmap_object__image(object, &size))
		return 1;
	printf("%zu\n", most - before - legacy.size - size);
	elfmap_object__close(object);
	free(legacy.bytes);
	return 0;
}
