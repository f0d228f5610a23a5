// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cleanup.h"
#include "test/handles.h"
#include "test/tests.h"

const struct made_map made_array = { BPF_MAP_TYPE_ARRAY, "made_array", 4, 8, 16, 0, 0, 0 };
const struct made_map made_hash = { BPF_MAP_TYPE_HASH, "made_hash", 4, 8, 16, 0, 0, 0 };

int make_map(const struct made_map *map)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = map->flags, .map_extra = map->extra,
		    .inner_map_fd = (__u32)map->inner);
	int fd = bpf_map_create(map->type, map->name, map->key_size, map->value_size,
				map->max_entries, &opts);

	ck_assert_msg(fd >= 0, "creating map %s: %s", map->name, strerror(errno));
	return fd;
}

struct elfmap_handle *make_handle(const struct made_map *map)
{
	int fd = make_map(map);
	struct elfmap_handle *handle = elfmap_handle__open_fd(fd);

	ck_assert_msg(handle, "a handle of map %s: %s", map->name, strerror(errno));
	close(fd);
	return handle;
}

int make_program(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "made", "GPL", insns, 2, NULL);

	ck_assert_msg(fd >= 0, "loading a program: %s", strerror(errno));
	return fd;
}

__u64 value_at(const struct elfmap_handle *handle, __u32 key)
{
	__u64 value = 0;

	ck_assert_int_eq(elfmap_handle__lookup(handle, &key, sizeof(key), &value, sizeof(value), 0),
			 0);
	return value;
}

void set_value(const struct elfmap_handle *handle, __u32 key, __u64 value)
{
	ck_assert_int_eq(elfmap_handle__update(handle, &key, sizeof(key), &value, sizeof(value),
					       BPF_ANY),
			 0);
}

bool map_exists(__u32 id)
{
	CLEANUP(cleanup_fd) int fd = bpf_map_get_fd_by_id(id);

	return fd >= 0;
}

void become(uid_t user)
{
	ck_assert_int_eq(seteuid(user), 0);
	/* or /proc/self is root's */
	ck_assert_int_eq(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), 0);
}
