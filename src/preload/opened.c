/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "compatible.h"
#include "fill_opened.h"
#include "log.h"
#include "main_program.h"
#include "open.h"
#include "opened.h"

/* --- which they are ------------------------------------------------------------------------------ */

/*
 * Objects that are not loaded yet, by their addresses. One that is closed before stays, until its
 * address is that of another.
 */
static struct {
	pthread_mutex_t lock;
	const struct bpf_object **objects;
	size_t count, room;
} waiting = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Its place, or the count if it has none; with the lock. */
static size_t find_waiting(const struct bpf_object *object)
{
	size_t i = 0;

	while (i < waiting.count && waiting.objects[i] != object)
		i++;
	return i;
}

static bool is_waiting(const struct bpf_object *object)
{
	bool found;

	pthread_mutex_lock(&waiting.lock);
	found = find_waiting(object) < waiting.count;
	pthread_mutex_unlock(&waiting.lock);
	return found;
}

/* Whether it was there. */
static bool stop_waiting(const struct bpf_object *object)
{
	bool found;
	size_t i;

	pthread_mutex_lock(&waiting.lock);
	i = find_waiting(object);
	found = i < waiting.count;
	if (found)
		waiting.objects[i] = waiting.objects[--waiting.count];
	pthread_mutex_unlock(&waiting.lock);
	return found;
}

int opened_add(const struct bpf_object *object)
{
	const struct bpf_object **objects;
	int err = 0;

	stop_waiting(object);
	pthread_mutex_lock(&waiting.lock);
	objects = waiting.objects;
	if (waiting.count == waiting.room) {
		objects = reallocarray(waiting.objects, waiting.room + 16, sizeof(*objects));
		err = objects ? 0 : -ENOMEM;
	}
	if (!err) {
		waiting.room += waiting.count == waiting.room ? 16 : 0;
		waiting.objects = objects;
		waiting.objects[waiting.count++] = object;
	}
	pthread_mutex_unlock(&waiting.lock);
	return err;
}

void opened_forget(const struct bpf_object *untouched)
{
	stop_waiting(untouched);
}

/* --- loading ------------------------------------------------------------------------------------- */

/* libbpf says that a pin holds another map, but not in what it differs. */
static void look_at_pin(const struct bpf_object *opened, struct bpf_map *map)
{
	const char *path = open_map_fd(map) < 0 ? bpf_map__pin_path(map) : NULL;
	CLEANUP(cleanup_fd) int fd = path ? bpf_obj_get(path) : -1;

	if (fd >= 0 && !compatible_map(bpf_object__name(opened), map, path, fd))
		compatible_expect_added_flag(map);
}

/* tc and ip let no other program be loaded, see iproute2_view.h. */
static const struct bpf_program *find_asked(struct bpf_object *opened)
{
	const struct bpf_program *asked = NULL;
	struct bpf_program *program;

	bpf_object__for_each_program(program, opened) {
		if (!bpf_program__autoload(program))
			continue;
		if (asked)
			return NULL;
		asked = program;
	}
	return asked;
}

const struct bpf_program *opened_start_load(struct bpf_object *opened)
{
	const struct bpf_program *asked = NULL;
	struct bpf_map *map;
	int err = 0;

	if (!is_waiting(opened))
		return NULL;
	bpf_object__for_each_map(map, opened)
		look_at_pin(opened, map);
	if (main_program_is_iproute2())
		asked = find_asked(opened);
	if (asked)
		err = fill_opened_choose(opened, asked);
	if (err)
		log_error("%s: the programs of slots cannot be chosen: %s",
			  bpf_object__name(opened), strerror(-err));
	return asked;
}

int opened_fill(const struct bpf_object *loaded, const struct bpf_program *asked)
{
	int count = stop_waiting(loaded) ? fill_opened_store(loaded, asked) : 0;

	/* a loader is generated, and nothing is in the kernel */
	if (count == -ENOENT)
		count = 0;
	if (count > 0)
		log_info("%s: slots stored after the load: %d", bpf_object__name(loaded), count);
	return count < 0 ? count : 0;
}
