/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Making handles, and what they tell of their maps.
 */
#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "descriptor.h"
#include "handle.h"
#include "log.h"
#include "map_types.h"
#include "mounts.h"
#include "rights.h"

/* Of include/linux/errno.h in the kernel, which is not for programs; all the same it gets out. */
#define KERNEL_ENOTSUPP 524

const char *handle_text(const struct elfmap_handle *handle, char text[HANDLE_TEXT_MAX])
{
	snprintf(text, HANDLE_TEXT_MAX, "map \"%s\" (id %u)", handle->info.name, handle->info.id);
	return text;
}

int handle_result(int err)
{
	return err == -KERNEL_ENOTSUPP ? -ENOTSUP : err;
}

int handle_read_info(int fd, struct bpf_map_info *info)
{
	struct bpf_map_info read = { 0 };
	__u32 size = sizeof(read);

	/* the kernel describes whatever it is */
	if (!descriptor_is(fd, "bpf-map"))
		return -EINVAL;
	if (bpf_obj_get_info_by_fd(fd, &read, &size))
		return handle_result(-errno);
	*info = read;
	return 0;
}

/* --- making ------------------------------------------------------------------------------------ */

static int cannot_open(const char *what, int err)
{
	char remark[RIGHTS_TEXT_MAX];

	log_error("%s: cannot open the map: %s%s", what, strerror(-err),
		  rights_remark(err, remark));
	return err;
}

/* Takes fd over, also on failure; negative is the failure to open it. */
static int make(int fd, const char *what, struct elfmap_handle **out)
{
	CLEANUP(cleanup_fd) int owned = fd;
	struct elfmap_handle *handle;
	struct bpf_map_info info;
	int err = fd < 0 ? fd : handle_read_info(fd, &info);

	if (fd >= 0 && err == -EINVAL)
		log_error("%s: not a map's: expected the descriptor, pin or id of a map", what);
	else if (err)
		cannot_open(what, err);
	if (err)
		return err;
	handle = malloc(sizeof(*handle));
	if (!handle)
		return -ENOMEM;
	*handle = (struct elfmap_handle){ .fd = take_fd(&owned), .info = info };
	*out = handle;
	return 0;
}

/* The same, as the public calls return it. */
static struct elfmap_handle *handle_of(int fd, const char *what)
{
	struct elfmap_handle *handle = NULL;
	int err = make(fd, what, &handle);

	if (err)
		errno = -err;
	return handle;
}

struct elfmap_handle *elfmap_handle__open_fd(int fd)
{
	char what[32];

	snprintf(what, sizeof(what), "descriptor %d", fd);
	return handle_of(descriptor_duplicate(fd), what);
}

struct elfmap_handle *elfmap_handle__open_map(const struct elfmap_map *map)
{
	int fd = elfmap_map__fd(map);

	if (fd < 0) {
		errno = ENOENT;
		return NULL;
	}
	return handle_of(descriptor_duplicate(fd), elfmap_map__name(map));
}

struct elfmap_handle *elfmap_handle__clone(const struct elfmap_handle *handle)
{
	char what[HANDLE_TEXT_MAX];

	return handle_of(descriptor_duplicate(handle->fd), handle_text(handle, what));
}

struct elfmap_handle *elfmap_handle__open_id(__u32 id)
{
	char what[32];

	snprintf(what, sizeof(what), "map id %u", id);
	return handle_of(bpf_map_get_fd_by_id(id), what);
}

struct elfmap_handle *elfmap_handle__open_pinned(const char *path)
{
	LIBBPF_OPTS(bpf_obj_get_opts, reading, .file_flags = BPF_F_RDONLY);
	int fd = bpf_obj_get(path);

	if (fd == -EACCES || fd == -EPERM)
		fd = bpf_obj_get_opts(path, &reading);
	/* what the kernel says of files of other file systems */
	if (fd == -EACCES && !access(path, F_OK) && !mounts_is(path, BPF_FS_MAGIC)) {
		log_error("%s: no pin: not on a bpffs", path);
		errno = -fd;
		return NULL;
	}
	return handle_of(fd, path);
}

void elfmap_handle__close(struct elfmap_handle *handle)
{
	if (!handle)
		return;
	close(handle->fd);
	free(handle);
}

/* --- describing -------------------------------------------------------------------------------- */

int elfmap_handle__fd(const struct elfmap_handle *handle)
{
	return handle->fd;
}

__u32 elfmap_handle__id(const struct elfmap_handle *handle)
{
	return handle->info.id;
}

const char *elfmap_handle__name(const struct elfmap_handle *handle)
{
	return handle->info.name;
}

__u32 elfmap_handle__type(const struct elfmap_handle *handle)
{
	return handle->info.type;
}

__u32 elfmap_handle__key_size(const struct elfmap_handle *handle)
{
	return handle->info.key_size;
}

__u32 elfmap_handle__value_size(const struct elfmap_handle *handle)
{
	return handle->info.value_size;
}

size_t elfmap_handle__value_buffer_size(const struct elfmap_handle *handle)
{
	const size_t value_size = handle->info.value_size, alignment = 8;
	int cpus;

	if (!is_percpu_type(handle->info.type))
		return value_size;
	cpus = libbpf_num_possible_cpus();
	if (cpus < 0) {
		errno = -cpus;
		return 0;
	}
	return (value_size + alignment - 1) / alignment * alignment * (size_t)cpus;
}

__u32 elfmap_handle__max_entries(const struct elfmap_handle *handle)
{
	return handle->info.max_entries;
}

__u32 elfmap_handle__map_flags(const struct elfmap_handle *handle)
{
	return handle->info.map_flags;
}

__u64 elfmap_handle__map_extra(const struct elfmap_handle *handle)
{
	return handle->info.map_extra;
}

__u32 elfmap_handle__ifindex(const struct elfmap_handle *handle)
{
	return handle->info.ifindex;
}

__u32 elfmap_handle__btf_key_type_id(const struct elfmap_handle *handle)
{
	return handle->info.btf_key_type_id;
}

__u32 elfmap_handle__btf_value_type_id(const struct elfmap_handle *handle)
{
	if (handle->info.btf_vmlinux_value_type_id)
		return handle->info.btf_vmlinux_value_type_id;
	return handle->info.btf_value_type_id;
}

int elfmap_handle__is_frozen(const struct elfmap_handle *handle)
{
	uint32_t frozen = 0;
	int err = descriptor_number(handle->fd, "frozen", &frozen);

	/* before Linux 5.2 there was no such line, and nothing to freeze */
	if (err && (err != -ENOENT || access("/proc/thread-self/fdinfo", F_OK)))
		return err;
	return frozen != 0;
}

int elfmap_handle__freeze(const struct elfmap_handle *handle)
{
	return handle_result(bpf_map_freeze(handle->fd));
}

/* --- BTF --------------------------------------------------------------------------------------- */

/*
 * The id of the BTF that has a struct_ops map's types: the kernel's, or a module's. 0 before Linux
 * 6.9, where it is the kernel's; headers from before that have padding there.
 */
static __u32 struct_ops_btf_id(const struct bpf_map_info *info)
{
	__u32 id;

	memcpy(&id, (const char *)info + offsetof(struct bpf_map_info, map_extra) - sizeof(id),
	       sizeof(id));
	return id;
}

/* libbpf returns NULL with errno, too. */
static struct btf *load_btf(const struct bpf_map_info *info)
{
	__u32 id = info->btf_id;

	if (info->btf_vmlinux_value_type_id) {
		id = struct_ops_btf_id(info);
		if (!id)
			return btf__load_vmlinux_btf();
	}
	if (id)
		return btf__load_from_kernel_by_id(id);
	errno = ENOENT;
	return NULL;
}

struct btf *elfmap_handle__btf(const struct elfmap_handle *handle)
{
	bool has_btf = handle->info.btf_id || handle->info.btf_vmlinux_value_type_id;
	struct btf *btf = load_btf(&handle->info);
	char text[HANDLE_TEXT_MAX], remark[RIGHTS_TEXT_MAX];
	int err = btf ? 0 : -errno;

	if (err && has_btf)
		log_error("%s: cannot read its BTF from the kernel: %s%s",
			  handle_text(handle, text), strerror(-err), rights_remark(err, remark));
	errno = -err;
	return btf;
}
