/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * own_pins OBJECT DIRECTORY - load an object and pin its maps by
 * rules of our own
 *
 * What the object wants to share goes to DIRECTORY/shared,
 * whatever its loader made of the number; the rest to
 * DIRECTORY/<object>. Maps of maps are not pinned at all. What is
 * pinned there already and is alike is used again.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/bpf.h>
#include <bpf/libbpf.h>
#include <elfmap.h>

struct places {
	const char *directory;
	/* its file's name up to the first dot, which no bpffs takes */
	const char *object;
	int length;
};

/* The path by name and number. */
static int pin_path(const char *map, __u32 pinning, char *path,
		size_t size, void *ctx)
{
	const struct places *places = ctx;
	int length;

	if (pinning)
		length = snprintf(
				path, size, "%s/shared/%s", places->directory, map);
	else
		length = snprintf(path, size, "%s/%.*s/%s",
				places->directory, places->length, places->object,
				map);
	return length < (int)size ? ELFMAP_PIN_PATH_SET : -ENAMETOOLONG;
}

/* The last word, when all is known of the map. */
static int look_at_map(struct elfmap_map *map, void *ctx)
{
	__u32 type = elfmap_map__def(map)->type;

	(void)ctx;
	if (type != BPF_MAP_TYPE_ARRAY_OF_MAPS &&
			type != BPF_MAP_TYPE_HASH_OF_MAPS)
		return 0;
	return elfmap_map__set_pin_path(map, NULL);
}

static void print(
		enum elfmap_log_level level, const char *message, void *ctx)
{
	(void)ctx;
	if (level <= ELFMAP_LOG_WARNING)
		fprintf(stderr, "%s\n", message);
}

int main(int argc, char **argv)
{
	const char *directory = argc == 3 ? argv[2] : NULL;
	struct places places = { .directory = directory };
	const struct elfmap_open_opts opts = {
		.sz = sizeof(opts),
		.pin_path_cb = pin_path,
		.map_cb = look_at_map,
		.ctx = &places,
	};
	struct elfmap_object *object;
	struct elfmap_map *map = NULL;
	int err;

	if (argc != 3) {
		fprintf(stderr, "usage: %s OBJECT DIRECTORY\n", argv[0]);
		return 2;
	}
	places.object = strrchr(argv[1], '/') ?
			strrchr(argv[1], '/') + 1 :
			argv[1];
	places.length = (int)strcspn(places.object, ".");
	elfmap_set_log(print, NULL);
	object = elfmap_object__open_file(argv[1], &opts);
	err = object ? elfmap_object__load(object) : -errno;
	while (!err && (map = elfmap_object__next_map(object, map)))
		printf("%s: %s\n", elfmap_map__name(map),
				elfmap_map__pin_path(map) ?
						elfmap_map__pin_path(map) :
						"not pinned");
	elfmap_object__close(object);
	return err ? 1 : 0;
}
