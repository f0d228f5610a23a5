// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The harness is what the other tests believe: here it is held against the kernel. */
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "elfmap.h"
#include "test/kernel.h"
#include "test/namespace.h"
#include "test/original.h"
#include "test/run.h"
#include "test/tests.h"

/* Adds the length of a packet to the value at key 0 of the map that the fifth one names. */
static const struct bpf_insn count_bytes[] = {
	{ BPF_LDX | BPF_MEM | BPF_W, BPF_REG_6, BPF_REG_1, 0, 0 },
	{ BPF_ST | BPF_MEM | BPF_W, BPF_REG_10, 0, -4, 0 },
	{ BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_2, BPF_REG_10, 0, 0 },
	{ BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_2, 0, 0, -4 },
	{ BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, 0 },
	{ 0, 0, 0, 0, 0 },
	{ BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem },
	{ BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 1, 0 },
	{ BPF_STX | BPF_ATOMIC | BPF_DW, BPF_REG_0, BPF_REG_6, 0, BPF_ADD },
	{ BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0 },
	{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
};
#define NR_COUNT_BYTES (sizeof(count_bytes) / sizeof(count_bytes[0]))

static const struct bpf_insn return_2[] = {
	{ BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 2 }, /* XDP_PASS */
	{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
};

static int make_map(enum bpf_map_type type, __u32 value_size)
{
	int fd = bpf_map_create(type, "made", 4, value_size, 3, NULL);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static int load(enum bpf_prog_type type, const struct bpf_insn *insns, size_t count)
{
	int fd = bpf_prog_load(type, "loaded", "GPL", insns, count, NULL);

	ck_assert_int_ge(fd, 0);
	return fd;
}

START_TEST(test_tag)
{
	const size_t count = NR_COUNT_BYTES;
	struct bpf_insn insns[NR_COUNT_BYTES];
	__u8 tag[BPF_TAG_SIZE], other[BPF_TAG_SIZE];
	struct program_info info;
	int map;

	require_bpf();
	map = make_map(BPF_MAP_TYPE_ARRAY, 8);
	memcpy(insns, count_bytes, sizeof(insns));
	insns[4].imm = map;
	info = program_info(load(BPF_PROG_TYPE_SCHED_CLS, insns, count));
	expected_tag(insns, count, tag);
	assert_tags_equal(info.tag, tag);
	ck_assert_str_eq(info.name, "loaded");
	ck_assert_uint_eq(info.type, BPF_PROG_TYPE_SCHED_CLS);
	ck_assert_uint_eq(info.nr_maps, 1);
	ck_assert_uint_eq(info.maps[0], map_info(map).id);

	/* The map is left out of the tag, all other operands are not. */
	insns[4].imm++;
	expected_tag(insns, count, other);
	assert_tags_equal(other, tag);
	insns[3].imm++;
	expected_tag(insns, count, other);
	ck_assert_mem_ne(other, tag, sizeof(tag));
}
END_TEST

START_TEST(test_original_tag)
{
	/* The same program as an object, its map legacy: the reference is marked, nothing else. */
	__u8 tag[BPF_TAG_SIZE], marked[BPF_TAG_SIZE];

	require_bpf();
	original_tag("testdata/demo.o", "count_bytes", tag);
	original_tag("testdata/demo.btf.o", "count_bytes", marked);
	assert_tags_equal(tag, marked);
	original_tag("testdata/demo.o", "count_ingress", marked);
	ck_assert_mem_ne(tag, marked, sizeof(tag));
}
END_TEST

START_TEST(test_map_attributes)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_NO_PREALLOC);
	struct bpf_map_info info;
	__u32 key = 7;
	__u64 value = 1ULL << 40;
	int fd;

	enter_private_namespaces();
	require_bpf();
	fd = bpf_map_create(BPF_MAP_TYPE_HASH, "attributes", 4, 8, 5, &opts);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bpf_obj_pin(fd, "/sys/fs/bpf/pinned"), 0);
	info = map_info_of_pin("/sys/fs/bpf/pinned");
	ck_assert_uint_eq(info.type, BPF_MAP_TYPE_HASH);
	ck_assert_uint_eq(info.key_size, 4);
	ck_assert_uint_eq(info.value_size, 8);
	ck_assert_uint_eq(info.max_entries, 5);
	ck_assert_uint_eq(info.map_flags, BPF_F_NO_PREALLOC);
	ck_assert_str_eq(info.name, "attributes");
	ck_assert_uint_eq(info.id, map_info(fd).id);
	ck_assert_uint_eq(map_info_of_id(info.id).id, info.id);

	ck_assert(!map_value(fd, &key, &value));
	ck_assert_int_eq(bpf_map_update_elem(fd, &key, &value, BPF_ANY), 0);
	value = 0;
	ck_assert(map_value(fd, &key, &value));
	ck_assert_uint_eq(value, 1ULL << 40);
	ck_assert_uint_eq(map_counter(fd, key), 1ULL << 40);
}
END_TEST

START_TEST(test_counters)
{
	__u32 key = 2, word = 9;
	__u64 *values;
	int fd, cpus;

	enter_private_namespaces(); /* for /sys, where the number of CPUs is read */
	require_bpf();
	cpus = libbpf_num_possible_cpus();
	ck_assert_int_gt(cpus, 0);
	values = calloc((size_t)cpus, sizeof(*values));
	fd = make_map(BPF_MAP_TYPE_PERCPU_ARRAY, 8);
	for (int i = 0; i < cpus; i++)
		values[i] = 5;
	ck_assert_int_eq(bpf_map_update_elem(fd, &key, values, BPF_ANY), 0);
	ck_assert_uint_eq(map_counter(fd, key), 5U * (unsigned int)cpus);
	free(values);

	fd = make_map(BPF_MAP_TYPE_ARRAY, 4);
	ck_assert_int_eq(bpf_map_update_elem(fd, &key, &word, BPF_ANY), 0);
	ck_assert_uint_eq(map_counter(fd, key), 9);
}
END_TEST

START_TEST(test_slots)
{
	int programs, program, outer, inner;
	__u32 key = 1;

	require_bpf();
	programs = make_map(BPF_MAP_TYPE_PROG_ARRAY, 4);
	program = load(BPF_PROG_TYPE_SCHED_CLS, return_2, 2);
	ck_assert_int_eq(bpf_map_update_elem(programs, &key, &program, BPF_ANY), 0);
	ck_assert_uint_eq(slot_id(programs, 1), program_info(program).id);
	ck_assert_uint_eq(slot_id(programs, 0), 0);

	inner = make_map(BPF_MAP_TYPE_ARRAY, 8);
	LIBBPF_OPTS(bpf_map_create_opts, opts, .inner_map_fd = (__u32)inner);
	outer = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "outer", 4, 4, 3, &opts);
	ck_assert_int_ge(outer, 0);
	ck_assert_int_eq(bpf_map_update_elem(outer, &key, &inner, BPF_ANY), 0);
	ck_assert_uint_eq(slot_id(outer, 1), map_info(inner).id);
	ck_assert_uint_eq(slot_id(outer, 2), 0);
}
END_TEST

/* Attach count_bytes to the ingress of veth0; returns its map. */
static int attach_counter(struct bpf_tc_opts *opts)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .attach_point = BPF_TC_INGRESS);
	struct bpf_insn insns[NR_COUNT_BYTES];
	int map = make_map(BPF_MAP_TYPE_ARRAY, 8);

	memcpy(insns, count_bytes, sizeof(insns));
	insns[4].imm = map;
	opts->prog_fd = load(BPF_PROG_TYPE_SCHED_CLS, insns, NR_COUNT_BYTES);
	hook.ifindex = (int)if_nametoindex("veth0");
	ck_assert_int_eq(bpf_tc_hook_create(&hook), 0);
	ck_assert_uint_eq(attached_program("veth0", TC_H_MIN_INGRESS), 0);
	ck_assert_int_eq(bpf_tc_attach(&hook, opts), 0);
	return map;
}

START_TEST(test_filters)
{
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = 5, .priority = 9);
	struct filter filter;

	enter_private_namespaces();
	require_bpf();
	ck_assert(!has_qdisc("veth0", "clsact"));
	attach_counter(&opts);
	ck_assert(has_qdisc("veth0", "clsact"));
	ck_assert(!has_qdisc("veth1", "clsact"));

	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_EGRESS, &filter, 1), 0);
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, &filter, 1), 1);
	ck_assert_uint_eq(filter.program, program_info(opts.prog_fd).id);
	ck_assert_uint_eq(filter.program, attached_program("veth0", TC_H_MIN_INGRESS));
	ck_assert_uint_eq(filter.handle, 5);
	ck_assert_uint_eq(filter.preference, 9);
	ck_assert_uint_eq(filter.protocol, ETH_P_ALL);
	ck_assert_uint_eq(filter.flags, TCA_BPF_FLAG_ACT_DIRECT);
	ck_assert_uint_eq(filter.chain, 0);
}
END_TEST

START_TEST(test_packets)
{
	LIBBPF_OPTS(bpf_tc_opts, opts);
	int map;

	enter_private_namespaces();
	require_bpf();
	map = attach_counter(&opts);
	ck_assert_uint_eq(map_counter(map, 0), 0);
	/* One that comes in is seen, one that goes out is not. */
	send_packet("veth0", ETH_P_IP, IPPROTO_UDP);
	send_packet("veth1", ETH_P_IP, IPPROTO_UDP);
	wait_until(map_counter(map, 0) == 60);
	send_packet("veth1", ETH_P_IPV6, IPPROTO_TCP);
	send_packet("veth1", ETH_P_ARP, 0);
	wait_until(map_counter(map, 0) == 3 * 60);
}
END_TEST

START_TEST(test_xdp)
{
	int program;

	enter_private_namespaces();
	require_bpf();
	program = load(BPF_PROG_TYPE_XDP, return_2, 2);
	ck_assert_uint_eq(attached_xdp_program("veth0"), 0);
	ck_assert_int_eq(bpf_xdp_attach((int)if_nametoindex("veth0"), program, 0, NULL), 0);
	ck_assert_uint_eq(attached_xdp_program("veth0"), program_info(program).id);
}
END_TEST

START_TEST(test_pins)
{
	char *text;
	int fd;

	enter_private_namespaces();
	require_bpf();
	text = list_tree("/sys/fs/bpf");
	ck_assert_str_eq(text, "");
	free(text);

	fd = make_map(BPF_MAP_TYPE_ARRAY, 8);
	ck_assert_int_eq(mkdir("/sys/fs/bpf/tc", 0700), 0);
	ck_assert_int_eq(symlink("/sys/fs/bpf/tc/", "/sys/fs/bpf/ip"), 0);
	ck_assert_int_eq(bpf_obj_pin(fd, "/sys/fs/bpf/tc/b"), 0);
	ck_assert_int_eq(bpf_obj_pin(fd, "/sys/fs/bpf/tc/a"), 0);
	text = list_pins("/sys/fs/bpf");
	ck_assert_str_eq(text, "tc/a\ntc/b\n");
	free(text);
	text = list_tree("/sys/fs/bpf");
	ck_assert_str_eq(text, "ip -> /sys/fs/bpf/tc/\ntc/\ntc/a\ntc/b\n");
	free(text);
}
END_TEST

START_TEST(test_pinning_database)
{
	struct run run;

	enter_private_namespaces();
	put_pinning_database("7 seven\n");
	run = run("cat", "/etc/iproute2/bpf_pinning");
	assert_status(&run, 0);
	ck_assert_str_eq(run.out, "7 seven\n");
	free_run(&run);
}
END_TEST

START_TEST(test_run)
{
	static const char *const script[] = { "sh", "-c", "echo $WORD; echo bad >&2; exit 3",
					      NULL };
	static const char *const words[] = { "WORD=good", NULL };
	struct run run = run_command(script, words);

	assert_status(&run, 3);
	ck_assert_str_eq(run.out, "good\n");
	ck_assert_str_eq(run.err, "bad\n");
	free_run(&run);

	run = run("sh", "-c", "kill -TERM $$");
	assert_status(&run, 128 + 15);
	free_run(&run);

	run = run("/nonexistent/command");
	assert_status(&run, 127);
	free_run(&run);

	/* More than a pipe holds, on both. */
	run = run("sh", "-c", "x=$(head -c 200000 /dev/zero | tr '\\0' x); echo $x; echo $x >&2");
	assert_status(&run, 0);
	ck_assert_uint_eq(strlen(run.out), 200001);
	ck_assert_uint_eq(strlen(run.err), 200001);
	free_run(&run);

	ck_assert(have_command("sh"));
	ck_assert(!have_command("no-such-command"));
}
END_TEST

START_TEST(test_tool)
{
	struct run run = run_elfmap("--version");

	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	ck_assert_ptr_nonnull(strstr(run.out, elfmap_version_string()));
	free_run(&run);
}
END_TEST

Suite *harness_suite(void)
{
	return suite_of("harness", test_tag, test_original_tag, test_map_attributes, test_counters,
			test_slots, test_filters, test_packets, test_xdp, test_pins,
			test_pinning_database, test_run, test_tool);
}
