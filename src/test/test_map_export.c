// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Maps that are handed to another process, and taken from one: the other end is that of
 * export_peer.h. What a bad sender does to a receiver is in test_map_export_hostile.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "map_export.h"
#include "test/export_peer.h"
#include "test/kernel.h"
#include "test/opening.h"
#include "test/run.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"

#define MAX_MAPS 200

/* One; one less than, as many as, and one more than a datagram holds; several datagrams. */
static const size_t counts[] = { 1, 63, 64, 65, 100, 128, MAX_MAPS };
#define NR_COUNTS (sizeof(counts) / sizeof(counts[0]))

static void assert_same_map(int fd, int expected)
{
	ck_assert_int_ne(fd, expected);
	ck_assert_uint_eq(map_info(fd).id, map_info(expected).id);
}

/* The words of a definition in the order of the peer's. */
static void assert_definition(const struct elfmap_map_def *def,
			      const struct peer_definition *expected)
{
	const struct peer_definition words = {
		def->type, def->key_size, def->value_size, def->max_entries, def->map_flags,
		def->id,   def->pinning,  def->inner_id,   def->inner_idx,
	};

	ck_assert_mem_eq(&words, expected, sizeof(words));
}

/* --- receiving ---------------------------------------------------------------------------- */

static void assert_received(const struct map_export *received, const int *fds, size_t count)
{
	ck_assert_str_eq(received->object, PEER_OBJECT);
	ck_assert_uint_eq(received->device, PEER_DEVICE);
	ck_assert_uint_eq(received->inode, PEER_INODE);
	ck_assert_uint_eq(received->count, count);
	for (size_t i = 0; i < count; i++) {
		const struct map_export_map *map = &received->maps[i];
		const struct peer_definition expected = peer_definition(i);

		assert_same_map(map->fd, fds[i]);
		ck_assert_int_eq(fcntl(map->fd, F_GETFD), FD_CLOEXEC);
		assert_definition(&map->def, &expected);
		ck_assert_uint_eq(map->def.has, ELFMAP_DEF_MAP_FLAGS | ELFMAP_DEF_ID |
							ELFMAP_DEF_PINNING | ELFMAP_DEF_INNER_ID |
							ELFMAP_DEF_INNER_IDX);
	}
}

START_TEST(test_receive)
{
	const size_t count = counts[_i];
	const char *path = scratch_path("socket");
	struct peer_datagram datagrams[MAX_MAPS / PEER_MAPS + 1];
	struct map_export received;
	size_t nr_datagrams = 0, descriptors;
	int fds[MAX_MAPS];
	pid_t peer;

	enter_kernel();
	make_maps(fds, count);
	descriptors = count_descriptors();
	for (size_t first = 0; first < count; first += PEER_MAPS)
		datagrams[nr_datagrams++] = peer_datagram(fds, count, first);
	peer = peer_send(path, datagrams, nr_datagrams);
	ck_assert_int_eq(map_export_receive(path, &received), 0);
	peer_join(peer);
	assert_received(&received, fds, count);
	ck_assert_int_eq(access(path, F_OK), -1);
	ck_assert_uint_eq(count_descriptors(), descriptors + count);
	map_export_close(&received);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	close_all(fds, count);
}
END_TEST

/* What comes later is waited for. */
START_TEST(test_pause)
{
	const struct timespec gap = { .tv_nsec = 200000000 };
	const size_t count = PEER_MAPS + 1;
	const char *path = scratch_path("socket");
	struct peer_datagram datagrams[2];
	struct map_export received;
	int fds[PEER_MAPS + 1];
	pid_t peer;

	enter_kernel();
	make_maps(fds, count);
	datagrams[0] = peer_datagram(fds, count, 0);
	datagrams[1] = peer_datagram(fds, count, PEER_MAPS);
	peer = fork();
	if (!peer) {
		wait_until(access(path, F_OK) == 0);
		nanosleep(&gap, NULL);
		peer_send_now(path, &datagrams[0], 1);
		nanosleep(&gap, NULL);
		peer_send_now(path, &datagrams[1], 1);
		_exit(0);
	}
	ck_assert_int_eq(map_export_receive(path, &received), 0);
	peer_join(peer);
	assert_received(&received, fds, count);
	map_export_close(&received);
}
END_TEST

/* --- sending ------------------------------------------------------------------------------ */

/* An export of maps as the peer defines them. */
static struct map_export make_export(const int *fds, size_t count)
{
	struct map_export what = {
		.object = PEER_OBJECT, .device = PEER_DEVICE, .inode = PEER_INODE, .count = count
	};

	what.maps = calloc(count, sizeof(*what.maps));
	ck_assert_ptr_nonnull(what.maps);
	for (size_t i = 0; i < count; i++) {
		const struct peer_definition words = peer_definition(i);

		what.maps[i].fd = fds[i];
		what.maps[i].def = (struct elfmap_map_def){ .type = words.type,
							    .key_size = words.key_size,
							    .value_size = words.value_size,
							    .max_entries = words.max_entries,
							    .map_flags = words.flags,
							    .id = words.id,
							    .pinning = words.pinning,
							    .inner_id = words.inner_id,
							    .inner_idx = words.inner_index };
	}
	return what;
}

/* A process that sends once there is a socket. */
static pid_t start_sending(const char *path, const struct map_export *what)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid)
		return pid;
	wait_until(access(path, F_OK) == 0);
	_exit(map_export_send(path, what) ? 1 : 0);
}

/* The bytes are those of the original sender, those between the members too. */
static void assert_datagram(const struct peer_datagram *datagram,
			    const struct peer_datagram *expected)
{
	ck_assert_uint_eq(datagram->size, expected->size);
	ck_assert_mem_eq(datagram->bytes, expected->bytes, expected->size);
	ck_assert_uint_eq(datagram->nr_fds, expected->nr_fds);
	for (size_t i = 0; i < expected->nr_fds; i++)
		assert_same_map(datagram->fds[i], expected->fds[i]);
}

START_TEST(test_send)
{
	const size_t count = counts[_i];
	const char *path = scratch_path("socket");
	struct map_export what;
	int fds[MAX_MAPS], socket;
	pid_t sender;

	enter_kernel();
	make_maps(fds, count);
	what = make_export(fds, count);
	socket = peer_listen(path);
	sender = start_sending(path, &what);
	for (size_t first = 0; first < count; first += PEER_MAPS) {
		const struct peer_datagram expected = peer_datagram(fds, count, first);
		const struct peer_datagram datagram = peer_receive(socket);

		assert_datagram(&datagram, &expected);
		close_all(datagram.fds, datagram.nr_fds);
	}
	peer_join(sender);
	map_export_free(&what);
	close(socket);
	close_all(fds, count);
}
END_TEST

static void assert_number(const unsigned char *bytes, size_t offset, unsigned long long expected,
			  size_t size)
{
	unsigned long long value = 0;

	/* the host's byte order */
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		memcpy(&value, bytes + offset, size);
	else
		memcpy((char *)&value + sizeof(value) - size, bytes + offset, size);
	ck_assert_msg(value == expected, "0x%llx at offset %zu, expected 0x%llx", value, offset,
		      expected);
}

/* The same by number, so that no compiler's idea of the structs decides. */
START_TEST(test_offsets)
{
	const char *path = scratch_path("socket");
	struct peer_datagram datagram;
	struct map_export what;
	int fds[2], socket;

	if (sizeof(void *) != 8)
		test_skip("the offsets are those of 64-bit hosts");
	enter_kernel();
	make_maps(fds, 2);
	what = make_export(fds, 2);
	socket = peer_listen(path);
	ck_assert_int_eq(map_export_send(path, &what), 0);
	datagram = peer_receive(socket);
	ck_assert_uint_eq(datagram.size, 88 + 2 * 36);
	assert_number(datagram.bytes, 0, 1, 2);
	assert_number(datagram.bytes, 2, 2, 2);
	ck_assert_str_eq((const char *)datagram.bytes + 4, PEER_OBJECT);
	assert_number(datagram.bytes, 68, 0, 4);
	assert_number(datagram.bytes, 72, PEER_DEVICE, 8);
	assert_number(datagram.bytes, 80, PEER_INODE, 8);
	for (size_t word = 0; word < 9; word++) {
		assert_number(datagram.bytes, 88 + 4 * word, 1000 + word, 4);
		assert_number(datagram.bytes, 124 + 4 * word, 1010 + word, 4);
	}
	map_export_free(&what);
}
END_TEST

/* tc's own receiver has the maps' ids and descriptors in the environment of what it runs. */
START_TEST(test_send_to_tc)
{
	const char *path = scratch_path("socket");
	struct map_export what;
	char expected[64];
	struct run result;
	int fds[3];
	pid_t sender;

	if (!have_command("tc"))
		test_skip("tc is not installed");
	enter_kernel();
	make_maps(fds, 3);
	what = make_export(fds, 3);
	sender = start_sending(path, &what);
	result = run("tc", "exec", "bpf", "import", path, "run", "sh", "-c",
		     "env; for map in $BPF_MAP1005 $BPF_MAP1015 $BPF_MAP1025; do "
		     "cat /proc/$$/fdinfo/$map; done");
	assert_status(&result, 0);
	peer_join(sender);
	ck_assert_ptr_nonnull(strstr(result.out, "BPF_NUM_MAPS=3\n"));
	for (size_t i = 0; i < 3; i++) {
		snprintf(expected, sizeof(expected), "map_id:\t%u\n", map_info(fds[i]).id);
		ck_assert_msg(strstr(result.out, expected), "no %s in %s", expected, result.out);
	}
	free_run(&result);
	map_export_free(&what);
}
END_TEST

/* --- both --------------------------------------------------------------------------------- */

/* A loaded object: its maps in the order of the file, under the name that it was given. */
START_TEST(test_object)
{
	static const char file[] = "testdata/demo.o";
	const char *path = scratch_path("socket");
	struct elfmap_object *object;
	const struct elfmap_map *map = NULL;
	struct map_export what, received;
	struct stat st;
	pid_t sender;

	enter_kernel();
	object = open_name("demo");
	ck_assert_int_eq(map_export_of_object(object, file, &what), -ENOENT);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_int_eq(map_export_of_object(object, "testdata/none.o", &what), -ENOENT);
	assert_one_error("testdata/none.o", "No such file");
	ck_assert_int_eq(map_export_of_object(object, file, &what), 0);
	sender = start_sending(path, &what);
	ck_assert_int_eq(map_export_receive(path, &received), 0);
	peer_join(sender);
	ck_assert_int_eq(stat(file, &st), 0);
	ck_assert_str_eq(received.object, file);
	ck_assert_uint_eq(received.device, st.st_dev);
	ck_assert_uint_eq(received.inode, st.st_ino);
	ck_assert_uint_gt(received.count, 1);
	for (size_t i = 0; i < received.count; i++) {
		const struct elfmap_map_def *def = &received.maps[i].def;

		map = elfmap_object__next_map(object, map);
		ck_assert_ptr_nonnull(map);
		assert_same_map(received.maps[i].fd, elfmap_map__fd(map));
		ck_assert(same_definition(def, elfmap_map__def(map)));
	}
	ck_assert_ptr_null(elfmap_object__next_map(object, map));
	map_export_close(&received);
	map_export_free(&what);
	elfmap_object__close(object);
}
END_TEST

/* Names of any length are sent with an end: 63 bytes of them. */
START_TEST(test_long_name)
{
	const char *path = scratch_path("socket");
	struct peer_datagram datagram;
	struct elfmap_object *object;
	struct map_export what;
	char name[128] = "";
	int socket;

	enter_kernel();
	while (strlen(name) < 60)
		strcat(name, "./");
	strcat(name, "testdata/counter.o");
	object = open_name("counter");
	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_int_eq(map_export_of_object(object, name, &what), 0);
	socket = peer_listen(path);
	ck_assert_int_eq(map_export_send(path, &what), 0);
	datagram = peer_receive(socket);
	ck_assert_uint_eq(strnlen(datagram.message.name, 64), 63);
	ck_assert(!strncmp(datagram.message.name, name, 63));
	map_export_free(&what);
	elfmap_object__close(object);
}
END_TEST

Suite *map_export_suite(void)
{
	Suite *suite = suite_of("map_export", test_pause, test_offsets, test_send_to_tc,
				test_object, test_long_name);

	add_loop_test(suite, test_receive, NR_COUNTS);
	add_loop_test(suite, test_send, NR_COUNTS);
	return suite;
}
