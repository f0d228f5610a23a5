// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sha1.h>
#include <sha2.h>

#include "test/kernel.h"
#include "test/tests.h"

void require_bpf(void)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "require_bpf", 4, 4, 1, NULL);

	if (fd < 0)
		test_skip_kernel("no map can be created: %s", strerror(errno));
	close(fd);
}

int open_pin(const char *path)
{
	int fd = bpf_obj_get(path);

	ck_assert_msg(fd >= 0, "opening the pin %s: %s", path, strerror(errno));
	return fd;
}

int open_map(__u32 id)
{
	int fd = bpf_map_get_fd_by_id(id);

	ck_assert_msg(fd >= 0, "opening the map of id %u: %s", id, strerror(errno));
	return fd;
}

int open_program(__u32 id)
{
	int fd = bpf_prog_get_fd_by_id(id);

	ck_assert_msg(fd >= 0, "opening the program of id %u: %s", id, strerror(errno));
	return fd;
}

struct bpf_map_info map_info(int fd)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);
	int err = bpf_obj_get_info_by_fd(fd, &info, &size);

	ck_assert_msg(err == 0, "asking for a map's attributes: %s", strerror(errno));
	return info;
}

struct bpf_map_info map_info_of_id(__u32 id)
{
	int fd = open_map(id);
	struct bpf_map_info info = map_info(fd);

	close(fd);
	return info;
}

struct bpf_map_info map_info_of_pin(const char *path)
{
	int fd = open_pin(path);
	struct bpf_map_info info = map_info(fd);

	close(fd);
	return info;
}

bool map_value(int fd, const void *key, void *value)
{
	if (bpf_map_lookup_elem(fd, key, value) == 0)
		return true;
	ck_assert_msg(errno == ENOENT, "looking a key up: %s", strerror(errno));
	return false;
}

static bool is_per_cpu(__u32 type)
{
	return type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_HASH ||
	       type == BPF_MAP_TYPE_LRU_PERCPU_HASH;
}

static __u64 read_integer(const void *value, __u32 size)
{
	__u32 word;
	__u64 number;

	ck_assert(size == sizeof(word) || size == sizeof(number));
	memcpy(&word, value, sizeof(word));
	memcpy(&number, value, sizeof(number));
	return size == sizeof(word) ? word : number;
}

__u64 map_counter(int fd, __u32 key)
{
	struct bpf_map_info info = map_info(fd);
	int cpus = is_per_cpu(info.type) ? libbpf_num_possible_cpus() : 1;
	__u64 *values, sum = 0;

	ck_assert_uint_eq(info.key_size, sizeof(key));
	ck_assert_int_gt(cpus, 0);
	values = calloc((size_t)cpus, sizeof(*values)); /* to which those of CPUs are padded */
	ck_assert_ptr_nonnull(values);
	if (map_value(fd, &key, values)) {
		for (int i = 0; i < cpus; i++)
			sum += read_integer(&values[i], info.value_size);
	}
	free(values);
	return sum;
}

__u32 slot_id(int fd, __u32 key)
{
	__u32 id = 0;

	ck_assert_uint_eq(map_info(fd).key_size, sizeof(key));
	return map_value(fd, &key, &id) ? id : 0;
}

struct program_info program_info(int fd)
{
	struct program_info result = { 0 };
	struct bpf_prog_info info = {
		.nr_map_ids = sizeof(result.maps) / sizeof(result.maps[0]),
		.map_ids = (__u64)(uintptr_t)result.maps,
	};
	__u32 size = sizeof(info);
	int err = bpf_obj_get_info_by_fd(fd, &info, &size);

	ck_assert_msg(err == 0, "asking for a program's attributes: %s", strerror(errno));
	ck_assert_uint_le(info.nr_map_ids, sizeof(result.maps) / sizeof(result.maps[0]));
	result.id = info.id;
	result.type = info.type;
	memcpy(result.name, info.name, sizeof(result.name));
	memcpy(result.tag, info.tag, sizeof(result.tag));
	result.nr_maps = info.nr_map_ids;
	return result;
}

struct program_info program_info_of_id(__u32 id)
{
	int fd = open_program(id);
	struct program_info info = program_info(fd);

	close(fd);
	return info;
}

/* The instructions without what depends on the maps' descriptors, as bpf_prog_calc_tag() does. */
static struct bpf_insn *without_maps(const struct bpf_insn *insns, size_t count)
{
	struct bpf_insn *copy = malloc(count * sizeof(*copy) + 1);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, insns, count * sizeof(*copy));
	for (size_t i = 0; i + 1 < count; i++) {
		if (copy[i].code == (BPF_LD | BPF_IMM | BPF_DW) &&
		    (copy[i].src_reg == BPF_PSEUDO_MAP_FD ||
		     copy[i].src_reg == BPF_PSEUDO_MAP_VALUE)) {
			copy[i].imm = 0;
			copy[++i].imm = 0;
		}
	}
	return copy;
}

static void sha1_tag(const void *data, size_t size, __u8 tag[BPF_TAG_SIZE])
{
	uint8_t digest[SHA1_DIGEST_LENGTH];
	SHA1_CTX ctx;

	SHA1Init(&ctx);
	SHA1Update(&ctx, data, size);
	SHA1Final(digest, &ctx);
	memcpy(tag, digest, BPF_TAG_SIZE);
}

static void sha256_tag(const void *data, size_t size, __u8 tag[BPF_TAG_SIZE])
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	SHA256Update(&ctx, data, size);
	SHA256Final(digest, &ctx);
	memcpy(tag, digest, BPF_TAG_SIZE);
}

/* Linux 6.18 went from SHA-1 to SHA-256: ask it for the tag of a program that needs no rights. */
static bool kernel_has_sha256_tags(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	__u8 tag[BPF_TAG_SIZE];
	struct program_info info;
	int fd;

	fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "tag", "GPL", insns, 2, NULL);
	if (fd < 0)
		test_skip_kernel("no program can be loaded: %s", strerror(errno));
	info = program_info(fd);
	close(fd);
	sha256_tag(insns, sizeof(insns), tag);
	if (memcmp(tag, info.tag, sizeof(tag)) == 0)
		return true;
	sha1_tag(insns, sizeof(insns), tag);
	ck_assert_msg(memcmp(tag, info.tag, sizeof(tag)) == 0,
		      "this kernel's program tags are neither SHA-1 nor SHA-256");
	return false;
}

void expected_tag(const struct bpf_insn *insns, size_t count, __u8 tag[BPF_TAG_SIZE])
{
	struct bpf_insn *copy = without_maps(insns, count);

	if (kernel_has_sha256_tags())
		sha256_tag(copy, count * sizeof(*copy), tag);
	else
		sha1_tag(copy, count * sizeof(*copy), tag);
	free(copy);
}
