/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The entries of a handle's map, one at a time and many.
 */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>

#include "handle.h"
#include "log.h"

/* --- one at a time ----------------------------------------------------------------------------- */

static int check_key(const struct elfmap_handle *handle, size_t size)
{
	char text[HANDLE_TEXT_MAX];

	if (size == handle->info.key_size)
		return 0;
	log_error("%s: a key of %zu bytes, expected key_size %u", handle_text(handle, text), size,
		  handle->info.key_size);
	return -EINVAL;
}

static int check_value(const struct elfmap_handle *handle, size_t size)
{
	size_t expected = elfmap_handle__value_buffer_size(handle);
	bool is_unknown = !expected && handle->info.value_size;
	int err = is_unknown ? -errno : -EINVAL;
	char text[HANDLE_TEXT_MAX];

	if (size == expected && !is_unknown)
		return 0;
	handle_text(handle, text);
	if (is_unknown)
		log_error("%s: cannot tell for how many CPUs it has values: %s", text,
			  strerror(-err));
	else if (expected != handle->info.value_size)
		log_error("%s: a value of %zu bytes, expected %zu, value_size %u for each CPU",
			  text, size, expected, handle->info.value_size);
	else
		log_error("%s: a value of %zu bytes, expected value_size %zu", text, size,
			  expected);
	return err;
}

static int check_entry(const struct elfmap_handle *handle, size_t key_size, size_t value_size)
{
	int err = check_key(handle, key_size);

	return err ? err : check_value(handle, value_size);
}

int elfmap_handle__lookup(const struct elfmap_handle *handle, const void *key, size_t key_size,
			  void *value, size_t value_size, __u64 flags)
{
	int err = check_entry(handle, key_size, value_size);

	if (!err)
		err = bpf_map_lookup_elem_flags(handle->fd, key, value, flags);
	return handle_result(err);
}

int elfmap_handle__update(const struct elfmap_handle *handle, const void *key, size_t key_size,
			  const void *value, size_t value_size, __u64 flags)
{
	int err = check_entry(handle, key_size, value_size);

	if (!err)
		err = bpf_map_update_elem(handle->fd, key, value, flags);
	return handle_result(err);
}

int elfmap_handle__delete(const struct elfmap_handle *handle, const void *key, size_t key_size,
			  __u64 flags)
{
	int err = check_key(handle, key_size);

	if (!err)
		err = bpf_map_delete_elem_flags(handle->fd, key, flags);
	return handle_result(err);
}

int elfmap_handle__lookup_and_delete(const struct elfmap_handle *handle, const void *key,
				     size_t key_size, void *value, size_t value_size, __u64 flags)
{
	int err = check_entry(handle, key_size, value_size);

	if (!err)
		err = bpf_map_lookup_and_delete_elem_flags(handle->fd, key, value, flags);
	return handle_result(err);
}

int elfmap_handle__next_key(const struct elfmap_handle *handle, const void *cur, void *next,
			    size_t key_size)
{
	int err = check_key(handle, key_size);

	if (!err)
		err = bpf_map_get_next_key(handle->fd, cur, next);
	return handle_result(err);
}

/* --- many at a time ---------------------------------------------------------------------------- */

/*
 * The kernel leaves the count alone where it fails before the first entry. Only at the end of a map,
 * which is ENOENT, may it be what was asked for after a failure.
 */
static int batch_result(int err, __u32 asked, __u32 *count)
{
	if (err && err != -ENOENT && *count == asked)
		*count = 0;
	return handle_result(err);
}

int elfmap_handle__lookup_batch(const struct elfmap_handle *handle, void *in_batch, void *out_batch,
				void *keys, void *values, __u32 *count,
				const struct bpf_map_batch_opts *opts)
{
	__u32 asked = *count;
	int err = bpf_map_lookup_batch(handle->fd, in_batch, out_batch, keys, values, count, opts);

	return batch_result(err, asked, count);
}

int elfmap_handle__lookup_and_delete_batch(const struct elfmap_handle *handle, void *in_batch,
					   void *out_batch, void *keys, void *values, __u32 *count,
					   const struct bpf_map_batch_opts *opts)
{
	__u32 asked = *count;
	int err = bpf_map_lookup_and_delete_batch(handle->fd, in_batch, out_batch, keys, values,
						  count, opts);

	return batch_result(err, asked, count);
}

int elfmap_handle__update_batch(const struct elfmap_handle *handle, const void *keys,
				const void *values, __u32 *count,
				const struct bpf_map_batch_opts *opts)
{
	__u32 asked = *count;
	int err = bpf_map_update_batch(handle->fd, keys, values, count, opts);

	return batch_result(err, asked, count);
}

int elfmap_handle__delete_batch(const struct elfmap_handle *handle, const void *keys, __u32 *count,
				const struct bpf_map_batch_opts *opts)
{
	__u32 asked = *count;
	int err = bpf_map_delete_batch(handle->fd, keys, count, opts);

	return batch_result(err, asked, count);
}
