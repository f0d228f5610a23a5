/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * gobpf's struct bpf_map_def of 280 bytes (tcptracer and others), and the 284 bytes of DataDog's
 * manager and its derivatives: each map in a section "maps/<name>", pinned below a namespace of
 * its own. Facts: elf/elf.go of gobpf.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "formats.h"
#include "gobpf.h"
#include "layout.h"

#define NAMESPACE_SIZE 256
#define SECTION_PREFIX "maps/"

/* Values of pinning. */
enum gobpf_pinning {
	PIN_NONE = 0,
	PIN_OBJECT_NS = 1, /* gobpf refused to load it: only a user can say where */
	PIN_GLOBAL_NS = 2, /* <bpffs>/<namespace>/globals/<map> */
	PIN_CUSTOM_NS = 3, /* the path is an argument of the load */
};

#define FIELD_NAMESPACE(offset)                                        \
	{                                                              \
		"namespace", offset, NAMESPACE_SIZE, ELFMAP_FIELD_TEXT \
	}

static const struct elfmap_field gobpf_fields[] = {
	LAYOUT_WORD("type", 0),	       LAYOUT_WORD("key_size", 1),  LAYOUT_WORD("value_size", 2),
	LAYOUT_WORD("max_entries", 3), LAYOUT_WORD("map_flags", 4), LAYOUT_WORD("pinning", 5),
	FIELD_NAMESPACE(24),
};
static const struct elfmap_field datadog_fields[] = {
	LAYOUT_WORD("type", 0),	       LAYOUT_WORD("key_size", 1),  LAYOUT_WORD("value_size", 2),
	LAYOUT_WORD("max_entries", 3), LAYOUT_WORD("map_flags", 4), LAYOUT_WORD("inner_map_idx", 5),
	LAYOUT_WORD("pinning", 6),     FIELD_NAMESPACE(28),
};

static const struct layout gobpf = { gobpf_fields, 7, 280, NULL, ELFMAP_PIN_BY_NUMBER };
static const struct layout datadog = { datadog_fields, 8, 284, NULL, ELFMAP_PIN_BY_NUMBER };

/* That loader goes by the section's name. */
static const char *map_name(const struct elfmap_entry *entry)
{
	const char *section = elfmap_entry__section(entry);

	return strncmp(section, SECTION_PREFIX, strlen(SECTION_PREFIX)) ?
		       elfmap_entry__name(entry) :
		       section + strlen(SECTION_PREFIX);
}

static int set_path(const struct elfmap_entry *entry, const char *namespace, size_t size,
		    struct elfmap_map_def *def)
{
	char path[2 * NAMESPACE_SIZE + 64];
	size_t length = strnlen(namespace, size);
	int needed;

	if (!length) {
		elfmap_entry__refuse(entry, "pinning 2 needs a namespace, and it is empty");
		return -EINVAL;
	}
	needed = snprintf(path, sizeof(path), "%.*s/globals/%s", (int)length, namespace,
			  map_name(entry));
	if (needed < 0 || (size_t)needed >= sizeof(path)) {
		elfmap_entry__refuse(entry, "its pin path is longer than %zu bytes",
				     sizeof(path) - 1);
		return -EINVAL;
	}
	/* a namespace that begins with "/" is below the bpffs as well */
	def->pin_path = elfmap_entry__keep(entry, path + strspn(path, "/"));
	return def->pin_path ? 0 : -ENOMEM;
}

int gobpf_read_pin(const struct elfmap_entry *entry, size_t offset, size_t size,
		   struct elfmap_map_def *def)
{
	size_t entry_size;
	const char *data = elfmap_entry__data(entry, &entry_size);

	if (offset > entry_size || size > entry_size - offset)
		return -ERANGE;
	switch (def->pinning) {
	case PIN_GLOBAL_NS:
		def->pin = ELFMAP_PIN_BY_PATH;
		return set_path(entry, data + offset, size, def);
	case PIN_OBJECT_NS:
	case PIN_CUSTOM_NS:
		def->pin = ELFMAP_PIN_BY_LOADER;
		return 0;
	default: /* not pinned, whatever the number: gobpf looks at these three */
		def->pin = def->pinning ? ELFMAP_PIN_BY_PATH : ELFMAP_PIN_BY_NUMBER;
		return 0;
	}
}

static int decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	const struct layout *layout = ctx;
	const struct elfmap_field *field = &layout->fields[layout->nr_fields - 1];
	int err = layout_decode(entry, def, ctx);

	return err ? err : gobpf_read_pin(entry, field->offset, field->size, def);
}

const struct elfmap_format format_gobpf280 = {
	.sz = sizeof(struct elfmap_format),
	.name = "gobpf280",
	.summary = "gobpf, tcptracer",
	.fields = gobpf_fields,
	.nr_fields = 7,
	.probe = layout_probe,
	.decode = decode,
	.ctx = (void *)&gobpf,
};
const struct elfmap_format format_datadog284 = {
	.sz = sizeof(struct elfmap_format),
	.name = "datadog284",
	.summary = "DataDog's manager and derivatives",
	.fields = datadog_fields,
	.nr_fields = 8,
	.probe = layout_probe,
	.decode = decode,
	.ctx = (void *)&datadog,
};
