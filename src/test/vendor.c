// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>

#include "test/vendor.h"

static int decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	__u64 kind, sharing, key_bytes;
	int err;

	(void)ctx;
	err = elfmap_entry__number(entry, 0, 1, &kind);
	if (!err)
		err = elfmap_entry__number(entry, 1, 1, &sharing);
	if (!err)
		err = elfmap_entry__number(entry, 2, 2, &key_bytes);
	if (!err)
		err = elfmap_entry__u32(entry, 4, &def->value_size);
	if (!err)
		err = elfmap_entry__u32(entry, 8, &def->max_entries);
	if (!err)
		err = elfmap_entry__u32(entry, 12, &def->map_flags);
	if (err)
		return err;
	def->type = (__u32)kind;
	def->key_size = (__u32)key_bytes;
	def->pinning = (__u32)sharing;
	def->has = ELFMAP_DEF_MAP_FLAGS | ELFMAP_DEF_PINNING;
	def->pin = ELFMAP_PIN_BY_LOADER;
	return 0;
}

static int probe(const struct elfmap_section *section, const char **why, void *ctx)
{
	(void)ctx;
	*why = "the loader knows its objects";
	return elfmap_section__entry_size(section) == 16 ? ELFMAP_EVIDENCE_CONTENT :
							   ELFMAP_EVIDENCE_NONE;
}

const struct elfmap_format vendor_format = {
	.sz = sizeof(struct elfmap_format),
	.name = "vendor",
	.probe = probe,
	.decode = decode,
};

const struct elfmap_format *const vendor_formats[] = { &vendor_format, NULL };

int vendor_program(const char *section, struct elfmap_program_hint *hint, void *ctx)
{
	(void)ctx;
	hint->type = BPF_PROG_TYPE_XDP;
	hint->expected_attach_type = BPF_XDP;
	if (sscanf(section, "stage_%u", &hint->tail_call_key) == 1) {
		hint->has_tail_call = true;
		hint->tail_call_map = "stages";
	}
	return 0;
}

int vendor_pin_path(const char *map, __u32 pinning, char *path, size_t size, void *ctx)
{
	static const char *const directories[] = { NULL, "site", "all" };

	if (pinning >= sizeof(directories) / sizeof(directories[0]))
		return -EINVAL;
	if (!pinning)
		*path = '\0';
	else if (snprintf(path, size, "%s/%s/%s", (const char *)ctx, directories[pinning], map) >=
		 (int)size)
		return -ENAMETOOLONG;
	return ELFMAP_PIN_PATH_SET;
}

struct elfmap_open_opts vendor_opts(const char *pins)
{
	return (struct elfmap_open_opts){
		.sz = sizeof(struct elfmap_open_opts),
		.formats = vendor_formats,
		.nr_formats = 1,
		.program_cb = vendor_program,
		.pin_path_cb = vendor_pin_path,
		.ctx = (void *)pins,
	};
}
