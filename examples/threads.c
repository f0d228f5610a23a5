/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * threads OBJECT MAP - load an object, hand one of its maps to
 * threads, and close the object
 *
 * Each thread has a key of an array to itself and counts there;
 * what they share is a handle. The map lives as long as the handle
 * does.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <elfmap.h>

#define NR_THREADS 2
#define NR_ROUNDS 1000

struct counter {
	pthread_t thread;
	const struct elfmap_handle *handle;
	__u32 key;
	int err;
};

static void *count(void *arg)
{
	struct counter *counter = arg;
	__u64 value;

	for (int i = 0; i < NR_ROUNDS && !counter->err; i++) {
		counter->err = elfmap_handle__lookup(counter->handle,
				&counter->key, sizeof(counter->key), &value,
				sizeof(value), 0);
		value++;
		if (!counter->err)
			counter->err = elfmap_handle__update(counter->handle,
					&counter->key, sizeof(counter->key), &value,
					sizeof(value), 0);
	}
	return NULL;
}

static int count_together(const struct elfmap_handle *handle)
{
	struct counter counters[NR_THREADS];
	int err = 0;

	for (__u32 i = 0; i < NR_THREADS; i++) {
		counters[i] =
				(struct counter){ .handle = handle, .key = i };
		if (pthread_create(
					&counters[i].thread, NULL, count, &counters[i]))
			counters[i].err = -EAGAIN;
	}
	for (__u32 i = 0; i < NR_THREADS; i++) {
		__u64 value = 0;

		if (counters[i].err != -EAGAIN)
			pthread_join(counters[i].thread, NULL);
		if (!counters[i].err)
			counters[i].err = elfmap_handle__lookup(handle, &i,
					sizeof(i), &value, sizeof(value), 0);
		if (counters[i].err)
			err = counters[i].err;
		printf("thread %u: %llu\n", i, (unsigned long long)value);
	}
	return err;
}

/*
 * The map of an object that is loaded; nothing but the handle is
 * left of it.
 */
static struct elfmap_handle *open_handle(
		const char *path, const char *name)
{
	struct elfmap_object *object =
			elfmap_object__open_file(path, NULL);
	struct elfmap_handle *handle = NULL;
	struct elfmap_map *map;

	if (object && !elfmap_object__load(object)) {
		map = elfmap_object__find_map(object, name);
		handle = map ? elfmap_handle__open_map(map) : NULL;
	}
	elfmap_object__close(object);
	return handle;
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
	struct elfmap_handle *handle;
	int err;

	if (argc != 3) {
		fprintf(stderr, "usage: %s OBJECT MAP\n", argv[0]);
		return 2;
	}
	elfmap_set_log(print, NULL);
	handle = open_handle(argv[1], argv[2]);
	if (!handle) {
		perror(argv[1]);
		return 1;
	}
	err = count_together(handle);
	elfmap_handle__close(handle);
	return err ? 1 : 0;
}
