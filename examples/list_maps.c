// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Lists the maps of a BPF object, legacy or not, as libbpf is going
 * to create them:
 *
 *	cc list_maps.c $(pkg-config --cflags --libs libelfmap) \
 *		-o list_maps
 *	./list_maps old.o
 *
 * One call is elfmap's, the others are libbpf's. It is C++ as well.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>
#include <elfmap.h>

static void print_message(
		enum elfmap_log_level level, const char *message, void *ctx)
{
	(void)ctx;
	if (level <= ELFMAP_LOG_WARNING)
		fprintf(stderr, "%s\n", message);
}

static void print_map(const struct bpf_map *map)
{
	const char *type = libbpf_bpf_map_type_str(bpf_map__type(map));

	printf("%s: %s, key %u bytes, value %u bytes, %u entries\n",
			bpf_map__name(map), type ? type : "unknown type",
			bpf_map__key_size(map), bpf_map__value_size(map),
			bpf_map__max_entries(map));
}

int main(int argc, char **argv)
{
	struct bpf_object *obj;
	struct bpf_map *map;

	if (argc != 2) {
		fprintf(stderr, "usage: list_maps OBJECT\n");
		return 2;
	}
	elfmap_set_log(print_message, NULL);
	obj = elfmap_open_file(argv[1], NULL);
	if (!obj) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	bpf_object__for_each_map(map, obj)
		print_map(map);
	bpf_object__close(obj);
	return 0;
}
