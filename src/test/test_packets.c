// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Frames through a veth change the values that the loaded programs must change: what is loaded is
 * not only there, it works.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/namespace.h"
#include "test/object_edit.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

#define GLOBALS BPFFS "/tc/globals"
#define FRAME_SIZE 60
#define MARK 7

/* The variants of an object, for loop tests. */
static const char *const variants[] = { "", ".btf" };
#define NR_VARIANTS 2

/* Attach a program of testdata to a hook of veth0, and see what is loaded then. */
static struct state attach(const char *hook, const char *object, const char *variant,
			   const char *section)
{
	struct state state = { 0 };

	enter_with_clsact();
	tool_works("tc filter add dev veth0 %s bpf da obj testdata/%s%s.o sec %s", hook, object,
		   variant, section);
	state_add_program(&state,
			  attached_program("veth0", strcmp(hook, "egress") ? TC_H_MIN_INGRESS :
									     TC_H_MIN_EGRESS));
	state_add_pins(&state, BPFFS);
	return state;
}

/* Into veth0. */
static void receive(void)
{
	send_packet("veth1", ETH_P_IP, IPPROTO_UDP);
}

/* Out of veth0, with a mark; what comes of it is the program's verdict. */
static int try_marked(void)
{
	const struct frame frame = { .ethertype = ETH_P_IP, .mark = MARK };

	return send_frame("veth0", &frame);
}

static void send_marked(void)
{
	ck_assert_int_eq(try_marked(), 0);
}

/* A descriptor of the map of that name. */
static int map_of_state(const struct state *state, const char *name)
{
	return open_map(state_map(state, name));
}

/* Give a key of a hash a count of 0, as programs only count under keys that are there. */
static void put_key(int map, __u32 key)
{
	__u64 zero = 0;

	ck_assert_int_eq(bpf_map_update_elem(map, &key, &zero, BPF_ANY), 0);
}

/* Each frame is counted once. */
START_TEST(test_counter)
{
	struct state state = attach("ingress", "counter", variants[_i], "ingress");
	int packets = map_of_state(&state, "packets");

	for (unsigned int count = 1; count <= 3; count++) {
		receive();
		wait_until(map_counter(packets, 0) == count);
	}
}
END_TEST

/* All of it: hashes, the tail call and the map of maps, in both directions through shared maps. */
START_TEST(test_demo)
{
	struct state state = attach("ingress", "demo", variants[_i], "ingress");
	int protocols = map_of_state(&state, "protocols"), bytes = map_of_state(&state, "bytes");
	int in = map_of_state(&state, "packets_in"), out = map_of_state(&state, "packets_out");

	receive();
	send_packet("veth1", ETH_P_ARP, 0);
	wait_until(map_counter(bytes, 0) == 2 * FRAME_SIZE);
	ck_assert_uint_eq(map_counter(protocols, ETH_P_IP), 1);
	ck_assert_uint_eq(map_counter(protocols, ETH_P_ARP), 1);
	ck_assert_uint_eq(map_counter(in, 0), 2);
	ck_assert_uint_eq(map_counter(out, 0), 0);

	tool_works("tc filter add dev veth0 egress bpf da obj testdata/demo%s.o sec egress",
		   variants[_i]);
	send_marked();
	wait_until(map_counter(bytes, 0) == 3 * FRAME_SIZE);
	ck_assert_uint_eq(map_counter(protocols, ETH_P_IP), 2);
	ck_assert_uint_eq(map_counter(in, 0), 2);
	ck_assert_uint_eq(map_counter(out, 0), 1);
}
END_TEST

/* The ways that packets take through the tail calls: one that a mark decides, and never `lost`. */
START_TEST(test_tail_calls)
{
	struct state state = attach("ingress", "tailcalls", variants[_i], "classifier");
	int trace = map_of_state(&state, "trace");
	enum {
		ENTRY,
		PARSE,
		DECIDE,
		ACCEPT,
		DROP,
		LOST,
		KEYS
	};
	static const __u64 counts[KEYS] = {
		[ENTRY] = 2, [PARSE] = 2, [DECIDE] = 2, [ACCEPT] = 1, [DROP] = 1, [LOST] = 0,
	};

	receive();
	wait_until(map_counter(trace, ACCEPT) == 1);
	tool_works("tc filter add dev veth0 egress bpf da obj testdata/tailcalls%s.o",
		   variants[_i]);
	ck_assert_int_eq(try_marked(), -ENOBUFS);
	wait_until(map_counter(trace, DROP) == 1);
	for (__u32 key = 0; key < KEYS; key++)
		ck_assert_uint_eq(map_counter(trace, key), counts[key]);
}
END_TEST

/* Each outer map leads to the inner map it must: one by each of its keys, one to nothing. */
START_TEST(test_nested)
{
	struct state state = attach("egress", "nested", variants[_i], "classifier");
	int ingress = map_of_state(&state, "ingress_stats");
	int egress = map_of_state(&state, "egress_stats");
	int marks = map_of_state(&state, "mark_stats");

	put_key(marks, 0);
	put_key(marks, 1);
	send_packet("veth0", ETH_P_IP, IPPROTO_UDP);
	wait_until(map_counter(egress, 1) == FRAME_SIZE);
	ck_assert_uint_eq(map_counter(marks, 0), 0);
	send_marked();
	wait_until(map_counter(marks, 1) == FRAME_SIZE);
	ck_assert_uint_eq(map_counter(marks, 0), 1);
	ck_assert_uint_eq(map_counter(ingress, 0), 2);
	ck_assert_uint_eq(map_counter(ingress, 1), 2 * FRAME_SIZE);
	ck_assert_uint_eq(map_counter(egress, 0), 2);
}
END_TEST

/* The samples' outer maps start empty, and take what has the attributes of their inner map. */
START_TEST(test_outer_filled_by_user)
{
	static const char *const objects[] = { "def24", "def28" };
	static const char *const sections[] = { "ingress", "egress" };
	struct state state = attach("egress", objects[_i / 2], variants[_i % 2], sections[_i / 2]);
	int outer = map_of_state(&state, "by_queue"), counter = map_of_state(&state, "counter");
	int session = map_of_state(&state, _i / 2 ? "near" : "session");
	__u32 queue = 0;

	/* one of another type it does not take */
	ck_assert_int_lt(bpf_map_update_elem(outer, &queue, &session, BPF_ANY), 0);
	ck_assert_int_eq(bpf_map_update_elem(outer, &queue, &counter, BPF_ANY), 0);
	send_marked();
	wait_until(map_counter(counter, 0) == 2); /* by its own name, and as an inner map */
}
END_TEST

/* Legacy maps and BTF-defined ones are both the program's. */
START_TEST(test_mixed)
{
	struct state state = attach("egress", "mixed", ".btf", "classifier");
	int counter = map_of_state(&state, "old_counter"), even = map_of_state(&state, "even");
	int old = map_of_state(&state, "old_marks"), new = map_of_state(&state, "new_marks");
	const struct frame odd = { .ethertype = ETH_P_IP, .length = 61, .mark = MARK };

	put_key(old, MARK);
	put_key(new, MARK);
	send_marked();
	wait_until(map_counter(new, MARK) == 1);
	ck_assert_uint_eq(map_counter(counter, 0), 1);
	ck_assert_uint_eq(map_counter(old, MARK), 1);
	ck_assert_uint_eq(map_counter(even, 0), 1);
	ck_assert_int_eq(send_frame("veth0", &odd), 0);
	wait_until(map_counter(map_of_state(&state, "odd"), 0) == 1);
	ck_assert_uint_eq(map_counter(even, 0), 1);
}
END_TEST

/* The nested map, the tail call and the pin of an object whose definitions alternate in kind. */
START_TEST(test_mixed_order)
{
	struct state state = attach("egress", "mixed_order", ".btf", "ingress");
	int counter = map_of_state(&state, "new_counter");
	int marks = map_of_state(&state, "new_marks");

	put_key(marks, MARK);
	send_marked();
	wait_until(map_counter(counter, 1) == 1); /* behind the tail call */
	ck_assert_uint_eq(map_counter(counter, 0), 1);
	ck_assert_uint_eq(map_counter(marks, MARK), 1);
	ck_assert_uint_eq(map_counter(map_of_state(&state, "old_inner"), 0), 1);
}
END_TEST

/* Each subprogram runs, with the maps that it names: global and static, called twice. */
START_TEST(test_subprograms)
{
	struct state state = attach("ingress", "subprogs", variants[_i], "classifier");
	int calls = map_of_state(&state, "calls");

	receive();
	wait_until(map_counter(calls, 2) == 2);	     /* is_marked() */
	ck_assert_uint_eq(map_counter(calls, 0), 1); /* count() of an even length */
	ck_assert_uint_eq(map_counter(calls, 1), 0);
	ck_assert_uint_eq(map_counter(calls, 3), 1); /* classify() */
}
END_TEST

/* A definition under names of a project's own, and a tail call whose key is followed by a name. */
START_TEST(test_extended)
{
	struct state state = attach("ingress", "extended", variants[_i], "classifier");
	int counts = map_of_state(&state, "extended_counts");

	receive();
	wait_until(map_counter(counts, 1) == 1); /* behind the tail call */
	ck_assert_uint_eq(map_counter(counts, 0), 1);
}
END_TEST

/* A subprogram that only its caller makes safe runs, whatever BTF says of it. */
START_TEST(test_global_subprogram)
{
	struct state state = attach("ingress", "global_sub", variants[_i], "classifier");
	int checked = map_of_state(&state, "checked");

	receive();
	wait_until(map_counter(checked, 0) == FRAME_SIZE);
}
END_TEST

/* A variable in the value of libbpf's map for its section. */
static __u64 variable(const struct state *state, const struct test_object *object,
		      const char *section, const char *name)
{
	char map_name[16], value[64] = { 0 };
	__u32 key = 0;
	__u64 number;
	int map;

	snprintf(map_name, sizeof(map_name), "globals%s", section);
	map = map_of_state(state, map_name);
	ck_assert_uint_le(map_info(map).value_size, sizeof(value));
	ck_assert(map_value(map, &key, value));
	close(map);
	memcpy(&number, value + object_symbol(object, name)->st_value, sizeof(number));
	return number;
}

/* .data has its initial values, .bss none, and .rodata says which key is counted. */
START_TEST(test_global_data)
{
	struct state state = attach("ingress", "globals", variants[_i], "classifier");
	struct test_object object = object_load(_i ? "globals.btf" : "globals");
	int packets = map_of_state(&state, "packets");

	ck_assert_uint_eq(variable(&state, &object, ".data", "total"), 1000);
	ck_assert_uint_eq(variable(&state, &object, ".bss", "seen"), 0);
	receive();
	receive();
	wait_until(variable(&state, &object, ".bss", "seen") == 2);
	ck_assert_uint_eq(variable(&state, &object, ".data", "total"), 1006);
	ck_assert_uint_eq(map_counter(packets, 2), 2);
	ck_assert_uint_eq(map_counter(packets, 0), 0);
	object_free(&object);
}
END_TEST

/* Of all types of maps those that a classifier can use do what their types do. */
START_TEST(test_types)
{
	struct state state = attach("egress", "types", variants[_i], "classifier");
	static const char *const hashes[] = { "hash", "percpu_hash", "lru_hash",
					      "lru_percpu_hash" };
	int array = map_of_state(&state, "array"), stack = map_of_state(&state, "stack");
	__u64 zeros[256] = { 0 };
	__u32 key = MARK, length = 0;

	ck_assert_int_le(libbpf_num_possible_cpus(), 256);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(bpf_map_update_elem(map_of_state(&state, hashes[i]), &key, zeros,
						     BPF_ANY),
				 0);
	send_marked();
	wait_until(map_counter(array, 0) == 1);
	for (int i = 0; i < 4; i++)
		wait_until(map_counter(map_of_state(&state, hashes[i]), MARK) == 1);
	wait_until(bpf_map_lookup_elem(stack, NULL, &length) == 0);
	ck_assert_uint_eq(length, FRAME_SIZE);
	ck_assert_uint_eq(map_counter(map_of_state(&state, "array_mmap"), 1), 1);
	ck_assert_uint_eq(map_counter(map_of_state(&state, "percpu_array"), 0), 1);
	/* what the program pushed it popped */
	ck_assert_int_lt(bpf_map_lookup_elem(map_of_state(&state, "queue"), NULL, &length), 0);
	ck_assert_int_eq(bpf_map_lookup_elem(map_of_state(&state, "bloom"), NULL, &length), 0);
}
END_TEST

/* Static maps are told apart: each is referred to as the section and an offset. */
START_TEST(test_static_maps)
{
	struct state state = attach("egress", "static_map", variants[_i], "classifier");
	int last = map_of_state(&state, "last"), between = map_of_state(&state, "between");

	put_key(last, MARK);
	send_marked();
	wait_until(map_counter(last, MARK) == 1);
	ck_assert_uint_eq(map_counter(map_of_state(&state, "first"), 0), 1);
	ck_assert_uint_eq(map_counter(between, 1), 1);
	ck_assert_uint_eq(map_counter(between, 0), 0);
}
END_TEST

/* An XDP program counts packets and bytes per CPU, and lets them pass where no device is mapped. */
START_TEST(test_xdp)
{
	struct state state = { 0 };
	int program, seen;

	enter_kernel();
	free(tool_output("load testdata/xdp%s.o --pin-dir %s/pinned", variants[_i], BPFFS));
	program = open_pin(BPFFS "/pinned/forward");
	state_add_program(&state, program_info(program).id);
	seen = map_of_state(&state, "seen");
	ck_assert_int_eq(bpf_xdp_attach((int)if_nametoindex("veth0"), program, 0, NULL), 0);
	ck_assert_uint_eq(attached_xdp_program("veth0"), program_info(program).id);
	receive();
	wait_until(map_counter(seen, 1) == FRAME_SIZE);
	ck_assert_uint_eq(map_counter(seen, 0), 1);
}
END_TEST

Suite *packets_suite(void)
{
	Suite *suite = suite_of("packets", test_mixed, test_mixed_order);

	add_loop_test(suite, test_counter, NR_VARIANTS);
	add_loop_test(suite, test_demo, NR_VARIANTS);
	add_loop_test(suite, test_tail_calls, NR_VARIANTS);
	add_loop_test(suite, test_nested, NR_VARIANTS);
	add_loop_test(suite, test_outer_filled_by_user, 2 * NR_VARIANTS);
	add_loop_test(suite, test_subprograms, NR_VARIANTS);
	add_loop_test(suite, test_extended, NR_VARIANTS);
	add_loop_test(suite, test_global_subprogram, NR_VARIANTS);
	add_loop_test(suite, test_global_data, NR_VARIANTS);
	add_loop_test(suite, test_types, NR_VARIANTS);
	add_loop_test(suite, test_static_maps, NR_VARIANTS);
	add_loop_test(suite, test_xdp, NR_VARIANTS);
	return suite;
}
