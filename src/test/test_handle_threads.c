// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* One handle in several threads at the same time, while the object it came from goes. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/btf.h>

#include "test/handles.h"
#include "test/kernel.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/tests.h"

#define NR_THREADS 6
#define ROUNDS 200

struct worker {
	struct elfmap_handle *handle;
	pthread_t thread;
	__u32 number;
	int failures; /* libcheck's assertions are for the first thread */
	char path[64];
};

/* It begins when all are there. */
static pthread_barrier_t start;
static atomic_int nr_messages_seen;

static void count_message(enum elfmap_log_level level, const char *message, void *ctx)
{
	(void)level;
	(void)message;
	(void)ctx;
	atomic_fetch_add(&nr_messages_seen, 1);
}

static void expect(struct worker *worker, bool holds)
{
	worker->failures += !holds;
}

/* Entries of its own, in a hash that all use. */
static void use_entries(struct worker *worker, const struct elfmap_handle *handle, __u32 round)
{
	__u32 key = worker->number, next;
	__u64 value = round, read = 0;

	expect(worker, !elfmap_handle__update(handle, &key, 4, &value, 8, BPF_ANY));
	expect(worker, !elfmap_handle__lookup(handle, &key, 4, &read, 8, 0) && read == value);
	expect(worker, !elfmap_handle__next_key(handle, NULL, &next, 4));
	expect(worker, !elfmap_handle__lookup_and_delete(handle, &key, 4, &read, 8, 0));
	expect(worker, elfmap_handle__lookup(handle, &key, 4, &read, 8, 0) == -ENOENT);
	/* a message from each thread */
	expect(worker, elfmap_handle__lookup(handle, &key, 3, &read, 8, 0) == -EINVAL);
}

/* A place of its own, below a directory that all make. */
static void use_pins(struct worker *worker, const struct elfmap_handle *handle)
{
	struct elfmap_handle *pinned;
	char **paths = NULL;
	int count;

	expect(worker, !elfmap_handle__pin(handle, worker->path));
	pinned = elfmap_handle__open_pinned(worker->path);
	expect(worker, pinned && elfmap_handle__id(pinned) == elfmap_handle__id(handle));
	count = elfmap_handle__pin_paths(pinned, &paths);
	expect(worker, count >= 1 && count <= NR_THREADS);
	free(paths);
	expect(worker, elfmap_handle__is_pinned(handle) == 1);
	expect(worker, !elfmap_handle__unpin(handle, worker->path));
	elfmap_handle__close(pinned);
}

static void *work(void *argument)
{
	struct worker *worker = argument;

	pthread_barrier_wait(&start);
	for (__u32 round = 0; round < ROUNDS; round++) {
		struct elfmap_handle *clone = elfmap_handle__clone(worker->handle);

		expect(worker,
		       clone && elfmap_handle__id(clone) == elfmap_handle__id(worker->handle));
		use_entries(worker, round % 2 ? clone : worker->handle, round);
		expect(worker, elfmap_handle__is_frozen(worker->handle) == 0);
		if (round % 8 == 0)
			use_pins(worker, clone);
		elfmap_handle__close(clone);
	}
	return NULL;
}

static void start_workers(struct worker *workers, struct elfmap_handle *handle,
			  void *(*fn)(void *worker))
{
	ck_assert_int_eq(pthread_barrier_init(&start, NULL, NR_THREADS + 1), 0);
	for (__u32 i = 0; i < NR_THREADS; i++) {
		workers[i] = (struct worker){ .handle = handle, .number = i };
		snprintf(workers[i].path, sizeof(workers[i].path), BPFFS "/all/own/%u", i);
		ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, fn, &workers[i]), 0);
	}
	pthread_barrier_wait(&start);
}

static void join_workers(struct worker *workers)
{
	for (size_t i = 0; i < NR_THREADS; i++) {
		ck_assert_int_eq(pthread_join(workers[i].thread, NULL), 0);
		ck_assert_msg(!workers[i].failures, "thread %zu: %d failures", i,
			      workers[i].failures);
	}
	pthread_barrier_destroy(&start);
}

/* counter.o with its map as a hash, for elements to come and go. */
static struct elfmap_object *load_hash(void)
{
	struct test_object bytes = object_load("counter");
	struct elfmap_object *object;

	*object_map_word(&bytes, "packets", 0) = BPF_MAP_TYPE_HASH;
	*object_map_word(&bytes, "packets", 3) = 64;
	object = open_object(&bytes, NULL);
	object_free(&bytes);
	ck_assert_int_eq(elfmap_map__set_pin_path(map_of(object, "packets"), NULL), 0);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	return object;
}

START_TEST(test_threads)
{
	struct worker workers[NR_THREADS];
	struct elfmap_object *object;
	struct elfmap_handle *handle;
	size_t descriptors;
	__u32 id;

	enter_kernel();
	descriptors = count_descriptors();
	object = load_hash();
	handle = elfmap_handle__open_map(map_of(object, "packets"));
	ck_assert_ptr_nonnull(handle);
	id = elfmap_handle__id(handle);
	elfmap_set_log(count_message, NULL);
	start_workers(workers, handle, work);
	elfmap_object__close(object);
	join_workers(workers);
	ck_assert_int_eq(atomic_load(&nr_messages_seen), NR_THREADS * ROUNDS);
	ck_assert_int_eq(elfmap_handle__is_pinned(handle), 0);
	elfmap_handle__close(handle);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	wait_until(!map_exists(id));
}
END_TEST

/* All want one place, where a pin comes and goes. */
static void *compete(void *argument)
{
	struct worker *worker = argument;

	pthread_barrier_wait(&start);
	for (__u32 round = 0; round < ROUNDS / 4; round++) {
		int err = elfmap_handle__pin(worker->handle, BPFFS "/all/one");

		expect(worker, !err);
		err = elfmap_handle__unpin(worker->handle, round % 2 ? BPFFS "/all/one" : NULL);
		expect(worker, !err || err == -ENOENT);
	}
	return NULL;
}

START_TEST(test_one_place)
{
	struct worker workers[NR_THREADS];
	struct elfmap_handle *handle;
	size_t descriptors;

	enter_kernel();
	handle = make_handle(&made_hash);
	descriptors = count_descriptors();
	elfmap_set_log(NULL, NULL);
	start_workers(workers, handle, compete);
	join_workers(workers);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	ck_assert_int_eq(elfmap_handle__is_pinned(handle), 0);
	elfmap_handle__close(handle);
}
END_TEST

/* The first thread's /proc/self has nothing once it has ended: another's calls know nothing of that. */
static void *outlive(void *argument)
{
	struct worker *worker = argument;
	int program = make_program(), status;

	pthread_join(worker->thread, NULL);
	expect(worker, !elfmap_handle__pin(worker->handle, worker->path));
	expect(worker, elfmap_handle__is_pinned(worker->handle) == 1);
	expect(worker, elfmap_handle__is_frozen(worker->handle) == 0);
	expect(worker, !elfmap_handle__open_fd(program) && errno == EINVAL);
	status = worker->failures;
	_exit(status);
}

START_TEST(test_first_thread_ends)
{
	static struct worker worker;
	pthread_t thread;

	enter_kernel();
	worker.handle = make_handle(&made_hash);
	worker.thread = pthread_self();
	strcpy(worker.path, BPFFS "/held");
	ck_assert_int_eq(pthread_create(&thread, NULL, outlive, &worker), 0);
	pthread_exit(NULL);
}
END_TEST

Suite *handle_threads_suite(void)
{
	return suite_of("handle_threads", test_threads, test_one_place, test_first_thread_ends);
}
