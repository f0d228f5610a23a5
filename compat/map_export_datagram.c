/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "descriptor.h"
#include "log.h"
#include "map_export_datagram.h"

#define HEADER_SIZE offsetof(struct datagram_content, maps)

_Static_assert(sizeof(struct datagram_map) == 36, "struct bpf_elf_map");
_Static_assert(offsetof(struct datagram_content, count) == 2, "num_ent");
_Static_assert(offsetof(struct datagram_content, object) == 4, "obj_name");
/* some hosts, such as i386, align 64 bits to 4 bytes in a struct */
_Static_assert(_Alignof(struct datagram_content) < 8 ||
		       (offsetof(struct datagram_content, device) == 72 &&
			offsetof(struct datagram_content, inode) == 80 && HEADER_SIZE == 88 &&
			sizeof(struct datagram_content) == 2392),
	       "obj_st, ent");

/* Control data with room for the descriptors of one datagram, and not for one more. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int) * DATAGRAM_MAPS)];
};
_Static_assert(sizeof(union control) - CMSG_LEN(0) == sizeof(int) * DATAGRAM_MAPS, "fds[]");

static size_t content_size(size_t count)
{
	return HEADER_SIZE + count * sizeof(struct datagram_map);
}

static size_t maps_from(size_t first, size_t count)
{
	return count - first < DATAGRAM_MAPS ? count - first : DATAGRAM_MAPS;
}

/* --- sending ---------------------------------------------------------------------------------- */

static struct datagram_map to_wire(const struct elfmap_map_def *def)
{
	return (struct datagram_map){
		.type = def->type,
		.key_size = def->key_size,
		.value_size = def->value_size,
		.max_entries = def->max_entries,
		.map_flags = def->map_flags,
		.id = def->id,
		.pinning = def->pinning,
		.inner_id = def->inner_id,
		.inner_idx = def->inner_idx,
	};
}

int datagram_send(int socket, const struct map_export *what, size_t first)
{
	const size_t count = maps_from(first, what->count);
	struct datagram_content content;
	union control control;
	struct iovec part = { .iov_base = &content, .iov_len = content_size(count) };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = CMSG_SPACE(sizeof(int) * count) };
	int fds[DATAGRAM_MAPS];

	/* the receiver is not to see what the stack held: padding is sent too */
	memset(&content, 0, sizeof(content));
	memset(&control, 0, sizeof(control));
	content.version = DATAGRAM_VERSION;
	content.count = (uint16_t)what->count;
	memcpy(content.object, what->object, strnlen(what->object, MAP_EXPORT_NAME_SIZE - 1));
	content.device = what->device;
	content.inode = what->inode;
	for (size_t i = 0; i < count; i++) {
		content.maps[i] = to_wire(&what->maps[first + i].def);
		fds[i] = what->maps[first + i].fd;
	}
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int) * count);
	memcpy(CMSG_DATA(&control.header), fds, sizeof(int) * count);
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : (int)count;
}

/* --- receiving -------------------------------------------------------------------------------- */

static void collect_descriptors(struct msghdr *message, struct datagram *datagram)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	size_t size;

	for (; header; header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		size = header->cmsg_len - CMSG_LEN(0);
		memcpy(datagram->fds + datagram->nr_fds, CMSG_DATA(header), size);
		datagram->nr_fds += size / sizeof(int);
	}
}

int datagram_receive(int socket, struct datagram *datagram)
{
	union control control;
	struct iovec part = { .iov_base = &datagram->content,
			      .iov_len = sizeof(datagram->content) };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	ssize_t size = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	datagram->nr_fds = 0;
	if (size < 0)
		return -errno;
	datagram->size = (size_t)size;
	datagram->flags = message.msg_flags;
	collect_descriptors(&message, datagram);
	return 0;
}

static int check_header(const struct datagram *datagram, const char *path)
{
	const struct datagram_content *content = &datagram->content;

	if (datagram->size < HEADER_SIZE) {
		log_error("%s: the datagram of %zu bytes that arrived is no export of maps", path,
			  datagram->size);
		return -EBADMSG;
	}
	if (content->version != DATAGRAM_VERSION) {
		log_error("%s: the sender exports maps in format version %u, only version %u is "
			  "known",
			  path, content->version, DATAGRAM_VERSION);
		return -EPROTONOSUPPORT;
	}
	if (!content->count || !memchr(content->object, '\0', sizeof(content->object))) {
		log_error("%s: the sender %s", path,
			  content->count ? "does not end the object's name" :
					   "announces that there are no maps");
		return -EBADMSG;
	}
	return 0;
}

static bool same_export(const struct datagram_content *content, const struct map_export *begun)
{
	return content->count == begun->count && content->device == begun->device &&
	       content->inode == begun->inode && !strcmp(content->object, begun->object);
}

static int check_descriptors(const struct datagram *datagram, size_t expected, const char *path)
{
	if (datagram->flags & MSG_CTRUNC && datagram->nr_fds < expected) {
		log_error("%s: %zu of %zu descriptors did not get through: this process may not "
			  "have more; raise the limit (ulimit -n)",
			  path, expected - datagram->nr_fds, expected);
		return -EMFILE;
	}
	if (datagram->flags & MSG_CTRUNC || datagram->nr_fds != expected) {
		log_error("%s: the sender sent %s%zu descriptors, expected %zu", path,
			  datagram->flags & MSG_CTRUNC ? "more than " : "", datagram->nr_fds,
			  expected);
		return -EBADMSG;
	}
	for (size_t i = 0; i < expected; i++) {
		if (!descriptor_is(datagram->fds[i], "bpf-map")) {
			log_error("%s: descriptor %zu of those that arrived is not of a map", path,
				  i);
			return -EBADF;
		}
	}
	return 0;
}

int datagram_check(const struct datagram *datagram, const struct map_export *begun, size_t first,
		   const char *path)
{
	size_t expected;
	int err = check_header(datagram, path);

	if (err)
		return err;
	if (first && !same_export(&datagram->content, begun)) {
		log_error("%s: two exports arrived at once: one of %s, one of %s; export again",
			  path, begun->object, datagram->content.object);
		return -EBADMSG;
	}
	expected = maps_from(first, datagram->content.count);
	if (datagram->flags & MSG_TRUNC || datagram->size != content_size(expected)) {
		log_error("%s: the datagram that arrived has %s%zu bytes, %zu maps take %zu", path,
			  datagram->flags & MSG_TRUNC ? "more than " : "", datagram->size, expected,
			  content_size(expected));
		return -EBADMSG;
	}
	return check_descriptors(datagram, expected, path);
}

static struct elfmap_map_def from_wire(const struct datagram_map *map)
{
	return (struct elfmap_map_def){
		.has = ELFMAP_DEF_MAP_FLAGS | ELFMAP_DEF_ID | ELFMAP_DEF_PINNING |
		       ELFMAP_DEF_INNER_ID | ELFMAP_DEF_INNER_IDX,
		.type = map->type,
		.key_size = map->key_size,
		.value_size = map->value_size,
		.max_entries = map->max_entries,
		.map_flags = map->map_flags,
		.id = map->id,
		.pinning = map->pinning,
		.inner_id = map->inner_id,
		.inner_idx = map->inner_idx,
	};
}

size_t datagram_take(struct datagram *datagram, struct map_export_map *maps)
{
	const size_t count = datagram->nr_fds;

	for (size_t i = 0; i < count; i++)
		maps[i] = (struct map_export_map){
			.fd = datagram->fds[i],
			.def = from_wire(&datagram->content.maps[i]),
		};
	datagram->nr_fds = 0;
	return count;
}

void datagram_close(struct datagram *datagram)
{
	for (size_t i = 0; i < datagram->nr_fds; i++)
		close(datagram->fds[i]);
	datagram->nr_fds = 0;
}
