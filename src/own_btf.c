/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include <bpf/btf.h>

#include "btf_check.h"
#include "log.h"
#include "own_btf.h"

/* What libbpf takes for granted when it adds types: the strings follow the types at once. */
static bool is_contiguous(const void *data)
{
	struct btf_header header;

	memcpy(&header, data, sizeof(header));
	return header.type_off == 0 && header.str_off == header.type_len; /* in either byte order */
}

/* The section's BTF; none, with a message, where it cannot be used. */
static int read_btf(const struct elf_view *view, const struct elf_section *section,
		    struct elfmap_object *object)
{
	struct btf *btf = btf__new(section->data, (__u32)section->header.sh_size);
	const char *fault;
	uint32_t id;
	int err;

	if (!btf && errno == ENOMEM)
		return -ENOMEM;
	if (!btf) {
		log_warning("%s: section .BTF cannot be read and is left out: %s", view->name,
			    strerror(errno));
		return 0;
	}
	if (!is_contiguous(section->data)) {
		log_warning("%s: section .BTF is left out: something stands between its types and "
			    "its strings",
			    view->name);
		btf__free(btf);
		return 0;
	}
	err = btf_check(btf, &id, &fault);
	if (!err) {
		object->btf = btf;
		object->first_datasec = id;
		return 0;
	}
	btf__free(btf);
	if (err != -EINVAL)
		return err;
	log_warning("%s: section .BTF is left out: type %u %s", view->name, id, fault);
	return 0;
}

/* An empty one where there is none yet, and the object's byte order. */
static int finish(const struct elf_view *view, struct btf **btf)
{
	if (!*btf)
		*btf = btf__new_empty();
	if (!*btf)
		return -errno;
	return btf__set_endianness(*btf,
				   read_is_big_endian(view) ? BTF_BIG_ENDIAN : BTF_LITTLE_ENDIAN);
}

/* The object's BTF, or an empty one in its byte order where there is none that can be read. */
int own_btf_read(struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;
	size_t index = read_find_section(view, ".BTF");
	const struct elf_section *section = &view->sections[index];

	if (index && section->header.sh_type != SHT_PROGBITS) {
		log_error("%s: section .BTF: type %u: expected 1 (SHT_PROGBITS)", view->name,
			  section->header.sh_type);
		return -EINVAL;
	}
	if (index) {
		int err = read_btf(view, section, object);

		if (err)
			return err;
	}
	object->has_btf = object->btf;
	if (!object->has_btf)
		object->first_datasec = 1;
	return finish(view, &object->btf);
}

/* What there was stays where there is no memory for another: setters and fields look into it. */
int own_btf_restore(struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;
	const struct elf_section *section = &view->sections[read_find_section(view, ".BTF")];
	struct btf *btf = NULL;
	int err;

	if (object->has_btf) {
		btf = btf__new(section->data, (__u32)section->header.sh_size);
		if (!btf)
			return -errno;
	}
	err = finish(view, &btf);
	if (err) {
		btf__free(btf);
		return err;
	}
	btf__free(object->btf);
	object->btf = btf;
	return 0;
}
