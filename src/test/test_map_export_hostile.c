// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Senders of maps that break the rules: each is refused, with a reason, and leaves neither a
 * descriptor nor the socket behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "map_export.h"
#include "test/export_peer.h"
#include "test/kernel.h"
#include "test/opening.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/shortage.h"
#include "test/tests.h"

#define HEADER offsetof(struct peer_message, definitions)
#define DEFINITION sizeof(struct peer_definition)

/* A sender's mischief with the last of its datagrams. */
typedef void (*damage_fn)(struct peer_datagram *datagram);

struct hostile {
	const char *name;
	damage_fn damage;
	int error;
	const char *reason; /* what the message holds */
};

/* --- one datagram with three maps --------------------------------------------------------- */

static void no_bytes(struct peer_datagram *datagram)
{
	datagram->size = 0;
}

static void short_header(struct peer_datagram *datagram)
{
	datagram->size = HEADER - 1;
}

static void header_alone(struct peer_datagram *datagram)
{
	datagram->size = HEADER;
}

static void byte_missing(struct peer_datagram *datagram)
{
	datagram->size--;
}

static void byte_more(struct peer_datagram *datagram)
{
	datagram->size++;
}

static void longer_than_any(struct peer_datagram *datagram)
{
	datagram->size = sizeof(struct peer_message) + 1;
}

static void other_version(struct peer_datagram *datagram)
{
	datagram->message.version = 2;
}

static void other_byte_order(struct peer_datagram *datagram)
{
	datagram->message.version = 0x100;
}

static void count_0(struct peer_datagram *datagram)
{
	datagram->message.total = 0;
}

static void nothing_at_all(struct peer_datagram *datagram)
{
	datagram->message.total = 0;
	datagram->nr_fds = 0;
	datagram->size = HEADER;
}

static void count_too_large(struct peer_datagram *datagram)
{
	datagram->message.total = 4;
}

static void count_largest(struct peer_datagram *datagram)
{
	datagram->message.total = 0xffff;
}

static void count_too_small(struct peer_datagram *datagram)
{
	datagram->message.total = 2;
}

static void name_without_end(struct peer_datagram *datagram)
{
	memset(datagram->message.name, 'x', sizeof(datagram->message.name));
}

static void descriptor_more(struct peer_datagram *datagram)
{
	datagram->fds[datagram->nr_fds] = datagram->fds[0];
	datagram->nr_fds++;
}

static void descriptor_missing(struct peer_datagram *datagram)
{
	datagram->nr_fds--;
}

static void no_descriptors(struct peer_datagram *datagram)
{
	datagram->nr_fds = 0;
}

static void as_many_as_fit(struct peer_datagram *datagram)
{
	for (size_t i = datagram->nr_fds; i < PEER_MAPS + 6; i++)
		datagram->fds[i] = datagram->fds[0];
	datagram->nr_fds = PEER_MAPS + 6;
}

static void a_program(struct peer_datagram *datagram)
{
	static const struct bpf_insn insns[] = {
		{ BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0 },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};

	datagram->fds[1] = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "program", "GPL", insns, 2, NULL);
	ck_assert_int_ge(datagram->fds[1], 0);
}

static void a_file(struct peer_datagram *datagram)
{
	datagram->fds[2] = open(scratch_file("anon_inode:bpf-map", "", 0), O_RDONLY);
	ck_assert_int_ge(datagram->fds[2], 0);
}

static void a_pipe(struct peer_datagram *datagram)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	datagram->fds[0] = ends[0];
}

static const struct hostile single[] = {
	{ "no bytes", no_bytes, EBADMSG, "datagram of 0 bytes" },
	{ "short header", short_header, EBADMSG, "no export of maps" },
	{ "header alone", header_alone, EBADMSG, "3 maps take" },
	{ "byte missing", byte_missing, EBADMSG, "3 maps take" },
	{ "byte more", byte_more, EBADMSG, "3 maps take" },
	{ "longer than any", longer_than_any, EBADMSG, "has more than" },
	{ "other version", other_version, EPROTONOSUPPORT, "version 2, only version 1" },
	{ "other byte order", other_byte_order, EPROTONOSUPPORT, "version 256" },
	{ "count 0", count_0, EBADMSG, "no maps" },
	{ "nothing at all", nothing_at_all, EBADMSG, "no maps" },
	{ "count too large", count_too_large, EBADMSG, "4 maps take" },
	{ "count largest", count_largest, EBADMSG, "64 maps take" },
	{ "count too small", count_too_small, EBADMSG, "2 maps take" },
	{ "name without end", name_without_end, EBADMSG, "end the object's name" },
	{ "descriptor more", descriptor_more, EBADMSG, "sent 4 descriptors, expected 3" },
	{ "descriptor missing", descriptor_missing, EBADMSG, "sent 2 descriptors, expected 3" },
	{ "no descriptors", no_descriptors, EBADMSG, "sent 0 descriptors, expected 3" },
	{ "as many as fit", as_many_as_fit, EBADMSG, "sent more than 64 descriptors, expected 3" },
	{ "a program", a_program, EBADF, "descriptor 1 of those" },
	{ "a file", a_file, EBADF, "descriptor 2 of those" },
	{ "a pipe", a_pipe, EBADF, "descriptor 0 of those" },
};
#define NR_SINGLE (sizeof(single) / sizeof(single[0]))

/* --- the second of two, with one map ------------------------------------------------------ */

static void other_count(struct peer_datagram *datagram)
{
	datagram->message.total++;
}

static void other_name(struct peer_datagram *datagram)
{
	datagram->message.name[0]++;
}

static void other_device(struct peer_datagram *datagram)
{
	datagram->message.file.device++;
}

static void other_inode(struct peer_datagram *datagram)
{
	datagram->message.file.inode++;
}

static void one_more(struct peer_datagram *datagram)
{
	descriptor_more(datagram);
	datagram->size += DEFINITION;
}

static const struct hostile second[] = {
	{ "other count", other_count, EBADMSG, "two exports" },
	{ "other name", other_name, EBADMSG, "two exports" },
	{ "other device", other_device, EBADMSG, "two exports" },
	{ "other inode", other_inode, EBADMSG, "two exports" },
	{ "other version", other_version, EPROTONOSUPPORT, "version 2" },
	{ "no bytes", no_bytes, EBADMSG, "datagram of 0 bytes" },
	{ "a map more", one_more, EBADMSG, "1 maps take" },
	{ "no descriptors", no_descriptors, EBADMSG, "sent 0 descriptors, expected 1" },
	{ "a pipe", a_pipe, EBADF, "descriptor 0 of those" },
};
#define NR_SECOND (sizeof(second) / sizeof(second[0]))

/* --- running them ------------------------------------------------------------------------- */

/* Receiving what these are must fail like that, and change nothing. */
static void assert_refused_export(const struct peer_datagram *datagrams, size_t count,
				  const struct hostile *hostile)
{
	const char *path = scratch_path("socket");
	struct map_export received, untouched;
	const size_t descriptors = count_descriptors();
	pid_t peer = peer_send(path, datagrams, count);
	int err;

	memset(&received, 0x5a, sizeof(received));
	memcpy(&untouched, &received, sizeof(received));
	collect_messages();
	err = map_export_receive(path, &received);
	ck_assert_msg(err == -hostile->error, "%s: %d, not %d", hostile->name, err,
		      -hostile->error);
	assert_one_error(path, hostile->reason);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	ck_assert_int_eq(access(path, F_OK), -1);
	ck_assert_mem_eq(&received, &untouched, sizeof(received));
	peer_join(peer);
}

START_TEST(test_single)
{
	struct peer_datagram datagram;
	int fds[3];

	enter_kernel();
	make_maps(fds, 3);
	datagram = peer_datagram(fds, 3, 0);
	single[_i].damage(&datagram);
	assert_refused_export(&datagram, 1, &single[_i]);
}
END_TEST

START_TEST(test_second)
{
	struct peer_datagram datagrams[2];
	int fds[PEER_MAPS + 1];

	enter_kernel();
	make_maps(fds, PEER_MAPS + 1);
	datagrams[0] = peer_datagram(fds, PEER_MAPS + 1, 0);
	datagrams[1] = peer_datagram(fds, PEER_MAPS + 1, PEER_MAPS);
	second[_i].damage(&datagrams[1]);
	assert_refused_export(datagrams, 2, &second[_i]);
}
END_TEST

/* The kernel leaves out what does not fit. */
START_TEST(test_too_many_open)
{
	const char *path = scratch_path("socket");
	const size_t own = 2; /* the socket, and one for signals */
	struct peer_datagram datagram;
	struct map_export received;
	struct rlimit before;
	size_t descriptors;
	int fds[3], err;
	pid_t peer;

	enter_kernel();
	make_maps(fds, 3);
	datagram = peer_datagram(fds, 3, 0);
	descriptors = count_descriptors();
	peer = peer_send(path, &datagram, 1);
	collect_messages();
	before = leave_room(own + (size_t)_i);
	err = map_export_receive(path, &received);
	end_shortage(before);
	ck_assert_int_eq(err, -EMFILE);
	assert_one_error(path, "of 3 descriptors did not get through", "ulimit -n");
	ck_assert_uint_eq(count_descriptors(), descriptors);
	peer_join(peer);
}
END_TEST

/*
 * A sender that stops in mid-export, and a receiver that does not read. They are one test since
 * each of them is waited for.
 */
START_TEST(test_standstill)
{
	static const struct hostile stops = { "stops", NULL, ETIMEDOUT, "64 of 100 maps arrived" };
	static struct map_export_map maps[MAP_EXPORT_MAX_MAPS];
	const struct map_export what = { .count = MAP_EXPORT_MAX_MAPS, .maps = maps };
	const char *path = scratch_path("mute");
	struct peer_datagram datagram;
	int fds[100];
	pid_t sender;

	enter_kernel();
	make_maps(fds, 100);
	datagram = peer_datagram(fds, 100, 0);
	for (size_t i = 0; i < MAP_EXPORT_MAX_MAPS; i++)
		maps[i].fd = fds[0];
	peer_listen(path);
	sender = fork();
	if (!sender) {
		collect_messages();
		ck_assert_int_eq(map_export_send(path, &what), -ETIMEDOUT);
		assert_one_error(path, "of 65535 maps were sent", "does not read");
		_exit(0);
	}
	assert_refused_export(&datagram, 1, &stops);
	peer_join(sender);
}
END_TEST

Suite *map_export_hostile_suite(void)
{
	Suite *suite = suite_of("map_export_hostile", test_standstill);

	add_loop_test(suite, test_single, NR_SINGLE);
	add_loop_test(suite, test_second, NR_SECOND);
	add_loop_test(suite, test_too_many_open, 3);
	return suite;
}
