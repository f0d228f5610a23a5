// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * A preload library of the user's own, which tells of the calls that come through it.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#define INTERPOSED __attribute__((visibility("default")))

INTERPOSED struct bpf_object *bpf_object__open(const char *path)
{
	void *found = dlsym(RTLD_NEXT, "bpf_object__open");
	__typeof__(&bpf_object__open) real;

	memcpy(&real, &found, sizeof(real));
	fprintf(stderr, "open %p\n", (const void *)path);
	return real(path);
}

INTERPOSED struct bpf_object *bpf_object__open_file(const char *path,
						    const struct bpf_object_open_opts *opts)
{
	void *found = dlsym(RTLD_NEXT, "bpf_object__open_file");
	__typeof__(&bpf_object__open_file) real;

	memcpy(&real, &found, sizeof(real));
	fprintf(stderr, "open_file %p %p\n", (const void *)path, (const void *)opts);
	return real(path, opts);
}

INTERPOSED struct bpf_object *bpf_object__open_mem(const void *obj_buf, size_t obj_buf_sz,
						   const struct bpf_object_open_opts *opts)
{
	void *found = dlsym(RTLD_NEXT, "bpf_object__open_mem");
	__typeof__(&bpf_object__open_mem) real;

	memcpy(&real, &found, sizeof(real));
	fprintf(stderr, "open_mem %p %zu %p\n", obj_buf, obj_buf_sz, (const void *)opts);
	return real(obj_buf, obj_buf_sz, opts);
}

INTERPOSED void bpf_object__close(struct bpf_object *obj)
{
	void *found = dlsym(RTLD_NEXT, "bpf_object__close");
	__typeof__(&bpf_object__close) real;

	memcpy(&real, &found, sizeof(real));
	if (obj)
		fprintf(stderr, "close %p\n", (const void *)obj);
	real(obj);
}
