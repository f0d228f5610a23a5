// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/snapshot.h"
#include "test/tests.h"

static void put_slots(FILE *out, int fd)
{
	__u32 key, *last = NULL, id;

	while (bpf_map_get_next_key(fd, last, &key) == 0) {
		last = &key;
		id = slot_id(fd, key);
		if (id)
			fprintf(out, " %u=%u", key, id);
	}
}

static void put_pin(FILE *out, const char *path, bool slots)
{
	int fd CLEANUP(cleanup_fd) = open_pin(path);
	struct bpf_map_info info;

	if (is_program(fd)) {
		fprintf(out, "%s: program %u\n", path, program_info(fd).id);
		return;
	}
	info = map_info(fd);
	fprintf(out, "%s: map %u", path, info.id);
	if (slots && has_slots(info.type))
		put_slots(out, fd);
	fprintf(out, "\n");
}

static void put_pins(FILE *out, bool slots)
{
	char *pins CLEANUP(cleanup_free) = list_pins(BPFFS);
	char *rest = NULL;

	for (char *pin = strtok_r(pins, "\n", &rest); pin; pin = strtok_r(NULL, "\n", &rest)) {
		char *path CLEANUP(cleanup_free) = NULL;

		ck_assert_int_gt(asprintf(&path, BPFFS "/%s", pin), 0);
		put_pin(out, path, slots);
	}
}

static void put_tree(FILE *out, const char *directory)
{
	char *tree CLEANUP(cleanup_free) = list_tree(directory);

	fprintf(out, "%s:\n%s", directory, tree);
}

static void put_mounts(FILE *out)
{
	FILE *mounts = setmntent("/proc/mounts", "re");
	struct mntent *mount;

	ck_assert_ptr_nonnull(mounts);
	while ((mount = getmntent(mounts))) {
		if (!strcmp(mount->mnt_type, "bpf"))
			fprintf(out, "a bpffs on %s\n", mount->mnt_dir);
	}
	endmntent(mounts);
}

static void put_filters(FILE *out, const char *device, __u32 hook)
{
	struct filter filters[16];
	size_t count = attached_filters(device, hook, filters, 16);

	ck_assert_uint_le(count, 16);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s %x: pref %u handle %u chain %u program %u\n", device, hook,
			filters[i].preference, filters[i].handle, filters[i].chain,
			filters[i].program);
}

static void put_device(FILE *out, const char *device)
{
	struct xdp_attachment xdp = attached_xdp(device);

	fprintf(out, "%s:%s%s xdp %u: generic %u native %u\n", device,
		has_qdisc(device, "clsact") ? " clsact" : "",
		has_qdisc(device, "ingress") ? " ingress" : "", xdp.mode, xdp.generic, xdp.native);
	if (!has_qdisc(device, "clsact"))
		return;
	put_filters(out, device, TC_H_MIN_INGRESS);
	put_filters(out, device, TC_H_MIN_EGRESS);
}

char *snapshot(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	put_mounts(out);
	put_tree(out, BPFFS);
	put_pins(out, true);
	put_tree(out, scratch_directory());
	put_device(out, "veth0");
	put_device(out, "veth1");
	fclose(out);
	return text;
}

void assert_unchanged(char *before)
{
	char *now CLEANUP(cleanup_free) = snapshot();

	ck_assert_str_eq(now, before);
	free(before);
}

char *pinned_maps(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	put_pins(out, false);
	fclose(out);
	return text;
}
