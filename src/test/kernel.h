/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the kernel holds, as it says itself through bpf(2) and rtnetlink: nothing here goes through
 * the library. Every call ends the test where it fails, so results need no check; descriptors and
 * strings that are returned are the caller's.
 */
#ifndef ELFMAP_TEST_KERNEL_H
#define ELFMAP_TEST_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include <linux/bpf.h>

/* Skip the test where this process may not create maps and load programs. */
void require_bpf(void);

/* --- maps -------------------------------------------------------------------------------- */

/* A descriptor of the map or program that is pinned there, or that has the id. */
int open_pin(const char *path);
int open_map(__u32 id);
int open_program(__u32 id);

struct bpf_map_info map_info(int fd);
struct bpf_map_info map_info_of_id(__u32 id);
struct bpf_map_info map_info_of_pin(const char *path);

/* Copy the value at a key, of the map's value_size; false if there is none. Not for per-CPU maps. */
bool map_value(int fd, const void *key, void *value);

/* The value at a 32-bit key as an integer of 4 or 8 bytes; that of a per-CPU map is the sum. */
__u64 map_counter(int fd, __u32 key);

/* The id of the map or program in a slot of an outer map or prog array, 0 for an empty slot. */
__u32 slot_id(int fd, __u32 key);

/* --- programs ---------------------------------------------------------------------------- */

struct program_info {
	__u32 id;
	__u32 type; /* enum bpf_prog_type */
	char name[BPF_OBJ_NAME_LEN];
	__u8 tag[BPF_TAG_SIZE];
	size_t nr_maps;
	__u32 maps[256]; /* the ids of the maps that its instructions name */
};

struct program_info program_info(int fd);
struct program_info program_info_of_id(__u32 id);

/*
 * The tag that the kernel gives to a program of these instructions: the beginning of a hash over
 * them with the references to maps left out. They are those of the load call, where src_reg marks
 * references to maps.
 */
void expected_tag(const struct bpf_insn *insns, size_t count, __u8 tag[BPF_TAG_SIZE]);

/* End the test unless two tags are the same. */
#define assert_tags_equal(tag, expected) ck_assert_mem_eq(tag, expected, BPF_TAG_SIZE)

/* --- attachments ------------------------------------------------------------------------- */

/* A BPF filter of clsact or ingress. */
struct filter {
	__u32 program; /* its id */
	__u32 handle;
	__u16 preference;
	__u16 protocol; /* ETH_P_*, host byte order */
	__u32 chain;
	__u32 classid;	 /* 0 is none */
	__u32 flags;	 /* TCA_BPF_FLAG_*: direct action */
	__u32 gen_flags; /* TCA_CLS_FLAGS_*: skip_hw, skip_sw, and whether it is in hardware */
	char name[256];
};

/*
 * Up to size filters of a device's hook, TC_H_MIN_INGRESS or TC_H_MIN_EGRESS, in the order of the
 * kernel; returns how many there are.
 */
size_t attached_filters(const char *device, __u32 hook, struct filter *filters, size_t size);

/* The id of the program of the only filter of a hook, 0 if there is none. */
__u32 attached_program(const char *device, __u32 hook);

/* What is attached to XDP: how, and the ids of programs, 0 where there is none. */
struct xdp_attachment {
	__u8 mode; /* XDP_ATTACHED_* */
	__u32 program;
	__u32 generic;
	__u32 native;
};

struct xdp_attachment attached_xdp(const char *device);

/* The id of the program alone. */
__u32 attached_xdp_program(const char *device);

/* Whether a device has a qdisc of this kind, such as "clsact". */
bool has_qdisc(const char *device, const char *kind);

/* --- pins -------------------------------------------------------------------------------- */

/*
 * What is below a directory, sorted, each path relative to it and followed by a newline: pins
 * alone, or everything, directories as "path/" and symbolic links as "path -> target". The kernel's
 * own maps.debug and progs.debug are left out.
 */
char *list_pins(const char *directory);
char *list_tree(const char *directory);

/* --- waiting ----------------------------------------------------------------------------- */

/*
 * Evaluate a condition again and again until it holds, for 20 seconds at most; end the test if it
 * never does. Meant for what packets change.
 */
#define wait_until(condition)                                                               \
	do {                                                                                \
		const struct timespec pause_time = { .tv_nsec = 1000000 };                  \
		const time_t started = time(NULL);                                          \
		while (!(condition)) {                                                      \
			ck_assert_msg(time(NULL) - started < 20, "still not: " #condition); \
			nanosleep(&pause_time, NULL);                                       \
		}                                                                           \
	} while (0)

#endif
