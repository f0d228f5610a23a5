/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Opening objects, and small questions to them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <bpf/libbpf.h>

#include "cli.h"
#include "object.h"

struct elfmap_object *object_open(struct cli *cli, const char *path,
				  const struct object_options *options)
{
	LIBBPF_OPTS(bpf_object_open_opts, bpf_opts,
		    .kernel_log_level = options->verifier_log ? 1 : 0,
		    .pin_root_path = options->pin_root);
	struct elfmap_open_opts opts = {
		.sz = sizeof(opts),
		.layout = cli->layout,
		.pin_dir = options->pin_dir,
		.bpf_opts = &bpf_opts,
		.pin_lock = options->pin_lock,
	};
	struct elfmap_object *obj = elfmap_object__open_file(path, &opts);

	if (!obj)
		message_refused(cli, errno, "%s", path);
	return obj;
}

void cleanup_object(struct elfmap_object **obj)
{
	elfmap_object__close(*obj);
}

const char *object_byte_order(const struct elfmap_object *obj)
{
	return elfmap_object__is_big_endian(obj) ? "big" : "little";
}

void hex_text(const __u8 *bytes, size_t size, char *text)
{
	size_t i;

	text[0] = '\0';
	for (i = 0; i < size; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
}

void object_sha1_text(const struct elfmap_object *obj, char text[41])
{
	hex_text(elfmap_object__sha1(obj), 20, text);
}

const char *map_type_name(__u32 type)
{
	const char *name = libbpf_bpf_map_type_str((enum bpf_map_type)type);

	return name ? name : "unknown";
}

const char *program_type_name(__u32 type)
{
	const char *name = libbpf_bpf_prog_type_str((enum bpf_prog_type)type);

	return name ? name : "unknown";
}

__u32 program_type_by_name(const char *name)
{
	const char *known;
	__u32 type;

	for (type = 1; (known = libbpf_bpf_prog_type_str((enum bpf_prog_type)type)); type++) {
		if (!strcmp(known, name))
			return type;
	}
	return 0;
}
