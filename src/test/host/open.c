// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "test/host/open.h"

struct how {
	bool plain, memory, skeleton, load, generate, quiet;
	const char *root, *name, *unloaded, *unpinned, *wanted, *path;
	int type;
	size_t size; /* of the options; 0: all */
};

static struct how read_options(int argc, char **argv)
{
	struct how how = { 0 };
	int letter;

	optind = 1;
	while ((letter = getopt(argc, argv, "omslgqr:n:t:x:p:z:k:")) != -1) {
		how.plain |= letter == 'o';
		how.memory |= letter == 'm';
		how.skeleton |= letter == 's';
		how.load |= letter == 'l';
		how.generate |= letter == 'g';
		how.quiet |= letter == 'q';
		how.root = letter == 'r' ? optarg : how.root;
		how.name = letter == 'n' ? optarg : how.name;
		how.type = letter == 't' ? atoi(optarg) : how.type;
		how.unloaded = letter == 'x' ? optarg : how.unloaded;
		how.unpinned = letter == 'p' ? optarg : how.unpinned;
		how.wanted = letter == 'k' ? optarg : how.wanted;
		how.size = letter == 'z' ? strtoul(optarg, NULL, 0) : how.size;
	}
	how.path = argv[optind];
	return how;
}

static void *read_file(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY);
	struct stat st = { 0 };
	void *bytes = NULL;

	if (fd >= 0 && !fstat(fd, &st))
		bytes = malloc((size_t)st.st_size);
	*size = (size_t)st.st_size;
	if (!bytes || read(fd, bytes, *size) != (ssize_t)*size)
		exit(2);
	close(fd);
	return bytes;
}

/* With a map, if one is wanted. */
static struct bpf_object *open_skeleton(const struct how *how, void *bytes, size_t size,
					const struct bpf_object_open_opts *opts)
{
	struct bpf_object *object = NULL;
	struct bpf_map *found;
	struct bpf_map_skeleton map = { .name = how->wanted, .map = &found };
	struct bpf_object_skeleton skeleton = {
		.sz = sizeof(skeleton),
		.name = "skeleton",
		.data = bytes,
		.data_sz = size,
		.obj = &object,
		.map_cnt = how->wanted ? 1 : 0,
		.map_skel_sz = sizeof(map),
		.maps = &map,
		.prog_skel_sz = sizeof(struct bpf_prog_skeleton),
	};
	int err = bpf_object__open_skeleton(&skeleton, opts);

	if (skeleton.data != bytes || skeleton.data_sz != size || (err && object))
		exit(3);
	errno = -err;
	return err ? NULL : object;
}

static int load(const struct how *how, struct bpf_object *object)
{
	struct bpf_object_skeleton skeleton = { .sz = sizeof(skeleton), .obj = &object };

	return how->skeleton ? bpf_object__load_skeleton(&skeleton) : bpf_object__load(object);
}

/* What is handed over is printed first. */
static struct bpf_object *open_object(const struct how *how)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = how->name,
		    .pin_root_path = how->root, .relaxed_maps = true);
	struct bpf_object *object;
	size_t size;
	void *bytes;

	if (how->size) {
		/* what is beyond is not for anyone to read */
		memset(&opts, 0xff, sizeof(opts));
		opts.sz = how->size;
	}
	if (how->plain) {
		printf("open %p\n", (const void *)how->path);
		return bpf_object__open(how->path);
	}
	if (!how->memory && !how->skeleton) {
		printf("open_file %p %p\n", (const void *)how->path, (void *)&opts);
		return bpf_object__open_file(how->path, &opts);
	}
	bytes = read_file(how->path, &size);
	printf("open_mem %p %zu %p\n", bytes, size, (void *)&opts);
	object = how->skeleton ? open_skeleton(how, bytes, size, &opts) :
				 bpf_object__open_mem(bytes, size, &opts);
	free(bytes);
	return object;
}

static void print_slots(const struct bpf_map *map)
{
	enum bpf_map_type type = bpf_map__type(map);

	if (type != BPF_MAP_TYPE_PROG_ARRAY && type != BPF_MAP_TYPE_ARRAY_OF_MAPS)
		return;
	for (__u32 key = 0, id; key < bpf_map__max_entries(map); key++)
		if (!bpf_map_lookup_elem(bpf_map__fd(map), &key, &id))
			printf("slot %s %u\n", bpf_map__name(map), key);
}

static void print_object(const struct how *how, const struct bpf_object *object)
{
	struct bpf_program *program;
	struct bpf_map *map;

	printf("object %s\n", bpf_object__name(object));
	bpf_object__for_each_map(map, object) {
		const char *path = bpf_map__pin_path(map);

		printf("map %s %u %s\n", bpf_map__name(map), bpf_map__type(map), path ? path : "-");
	}
	bpf_object__for_each_program(program, object)
		printf("program %s %s %u\n", bpf_program__name(program),
		       bpf_program__section_name(program), bpf_program__type(program));
	bpf_object__for_each_map(map, object)
		if (how->load)
			print_slots(map);
}

static void change(const struct how *how, struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object) {
		if (how->type)
			bpf_program__set_type(program, (enum bpf_prog_type)how->type);
		if (how->unloaded && !strcmp(bpf_program__name(program), how->unloaded))
			bpf_program__set_autoload(program, false);
	}
	if (how->unpinned)
		bpf_map__set_pin_path(bpf_object__find_map_by_name(object, how->unpinned), NULL);
}

int host_main(int argc, char **argv)
{
	LIBBPF_OPTS(gen_loader_opts, generated);
	const struct how how = read_options(argc, argv);
	struct bpf_object *object;
	int err;

	if (how.quiet)
		libbpf_set_print(NULL);
	object = open_object(&how);
	err = object ? 0 : -errno;
	if (object) {
		change(&how, object);
		if (how.generate)
			bpf_object__gen_loader(object, &generated);
		err = how.load ? load(&how, object) : 0;
	}
	if (err)
		printf("failed: %d\n", -err);
	else
		print_object(&how, object);
	bpf_object__close(object);
	return err ? 1 : 0;
}
