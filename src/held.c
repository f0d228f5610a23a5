/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "descriptor.h"
#include "held.h"

static const struct {
	const char *name;
	const char *descriptor;
	const char *other; /* the same, where it was opened again */
} kinds[NR_HELD_KINDS] = {
	[HELD_MAP] = { "map", "bpf-map", NULL },
	[HELD_PROGRAM] = { "program", "bpf-prog", NULL },
	[HELD_LINK] = { "link", "bpf_link", "bpf-link" },
};

const char *held_kind_name(enum held_kind kind)
{
	return kinds[kind].name;
}

bool held_is(int fd, enum held_kind kind)
{
	return descriptor_is(fd, kinds[kind].descriptor) ||
	       (kinds[kind].other && descriptor_is(fd, kinds[kind].other));
}

int held_id(int fd, uint32_t *id)
{
	/* how bpf_map_info, bpf_prog_info and bpf_link_info all begin */
	struct {
		uint32_t type, id;
	} info = { 0, 0 };
	uint32_t size = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return -errno;
	*id = info.id;
	return 0;
}

void held_describe(int fd, char text[HELD_TEXT_MAX])
{
	uint32_t id = 0;

	snprintf(text, HELD_TEXT_MAX, "something that is no map, program or link");
	for (enum held_kind kind = HELD_MAP; kind < NR_HELD_KINDS; kind++) {
		if (!held_is(fd, kind) || held_id(fd, &id))
			continue;
		snprintf(text, HELD_TEXT_MAX, "%s %u", kinds[kind].name, id);
		return;
	}
}

static const char *file_words(mode_t mode)
{
	if (S_ISDIR(mode))
		return "a directory";
	return S_ISLNK(mode) ? "a symbolic link" : "a file that is no pin";
}

int held_compare(const char *path, enum held_kind kind, uint32_t id, char text[HELD_TEXT_MAX])
{
	CLEANUP(cleanup_fd) int fd = -1;
	uint32_t pinned = 0;
	struct stat st;

	/* a bpffs says EPERM of names with a dot; nothing is there then */
	if (lstat(path, &st))
		return errno == ENOENT || errno == EPERM ? -ENOENT : -errno;
	if (!S_ISREG(st.st_mode)) {
		snprintf(text, HELD_TEXT_MAX, "%s", file_words(st.st_mode));
		return -EEXIST;
	}
	fd = bpf_obj_get(path);
	if (fd < 0)
		return -errno;
	if (held_is(fd, kind) && !held_id(fd, &pinned) && pinned == id)
		return 0;
	held_describe(fd, text);
	return -EEXIST;
}
