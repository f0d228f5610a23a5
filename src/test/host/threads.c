// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * threads FILE...: eight threads, which begin together, open each of the files again and again. Prints
 * how often one was opened, and how many descriptors are open more than before.
 */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <bpf/libbpf.h>

#define NR_THREADS 8
#define ROUNDS 20
#define FILES_MAX 8

static pthread_barrier_t start;
static char **files;

/* All stay open until the last one is. */
static void *open_all(void *count)
{
	struct bpf_object *objects[ROUNDS * FILES_MAX];
	int nr_objects = 0;

	pthread_barrier_wait(&start);
	for (int round = 0; round < ROUNDS; round++) {
		for (char **file = files; *file; file++) {
			struct bpf_object *object = bpf_object__open_file(*file, NULL);

			*(int *)count += object && bpf_object__next_map(object, NULL);
			objects[nr_objects++] = object;
		}
	}
	while (nr_objects)
		bpf_object__close(objects[--nr_objects]);
	return NULL;
}

static int count_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	while (directory && readdir(directory))
		count++;
	closedir(directory);
	return count;
}

int main(int argc, char **argv)
{
	int counts[NR_THREADS] = { 0 }, opened = 0, before = count_descriptors();
	pthread_t threads[NR_THREADS];

	if (argc > FILES_MAX + 1)
		return 2;
	files = argv + 1;
	pthread_barrier_init(&start, NULL, NR_THREADS);
	for (int i = 0; i < NR_THREADS; i++)
		if (pthread_create(&threads[i], NULL, open_all, &counts[i]))
			return 2;
	for (int i = 0; i < NR_THREADS; i++) {
		pthread_join(threads[i], NULL);
		opened += counts[i];
	}
	printf("%d opened, %d descriptors left\n", opened, count_descriptors() - before);
	return 0;
}
