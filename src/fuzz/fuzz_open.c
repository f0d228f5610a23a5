// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * For libFuzzer: any bytes as an object. Opened, looked at, translated; and what the translation
 * gives must be an object again that has nothing left to translate.
 */
#include <stdint.h>
#include <stdlib.h>

#include <bpf/libbpf.h>

#include "elfmap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t look(const struct elfmap_object *object)
{
	const struct elfmap_program *program = NULL;
	const struct elfmap_map *map = NULL;
	size_t sum = 0;

	while ((map = elfmap_object__next_map(object, map))) {
		const char *target;
		__u32 key;

		for (size_t i = 0; !elfmap_map__slot(map, i, &key, &target); i++)
			sum += key + (unsigned char)*target;
		sum += elfmap_map__btf_id(map) + elfmap_map__def(map)->type;
	}
	while ((program = elfmap_object__next_program(object, program)))
		sum += elfmap_program__insn_cnt(program) + elfmap_program__type(program);
	return sum;
}

static void reopen(const void *image, size_t size)
{
	struct elfmap_object *object = elfmap_object__open_mem(image, size, NULL);

	if (!object || elfmap_object__is_legacy(object))
		abort();
	elfmap_object__close(object);
}

static void drop(enum elfmap_log_level level, const char *message, void *ctx)
{
	(void)level;
	(void)message;
	(void)ctx;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .bpffs = "/sys/fs/bpf" };
	struct elfmap_object *object;
	volatile size_t sum;
	const void *image;
	size_t image_size;

	/* messages are made, and go nowhere */
	elfmap_set_log(drop, NULL);
	libbpf_set_print(NULL);
	object = elfmap_object__open_mem(data, size, &opts);
	if (!object)
		return 0;
	sum = look(object);
	image = elfmap_object__image(object, &image_size);
	if (image && elfmap_object__is_legacy(object))
		reopen(image, image_size);
	elfmap_object__close(object);
	(void)sum;
	return 0;
}
