/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * own_format [--by-name] OBJECT - load an object whose maps are
 * defined by a struct of our own
 *
 * The struct is read in two ways: by the places of its members,
 * which is all that an object without BTF allows, or by the names
 * that the object's BTF has for them. Sections of programs have
 * names of our own as well: "stage_N" is the program in slot N of
 * the prog array "stages".
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>
#include <elfmap.h>

/* What our objects have in SEC("maps"). */
struct vendor_map {
	__u8 kind;
	__u8 sharing;
	__u16 key_bytes;
	__u32 value_bytes;
	__u32 slots;
	__u32 options;
};

/* --- the format --- */

/* Whether the definitions are ours: here their size decides. */
static int probe(const struct elfmap_section *section,
		const char **why, void *ctx)
{
	(void)ctx;
	*why = "its definitions are as long as ours";
	return elfmap_section__entry_size(section) ==
					sizeof(struct vendor_map) ?
			ELFMAP_EVIDENCE_CONTENT :
			ELFMAP_EVIDENCE_NONE;
}

/* A member and what it means. */
static const struct member {
	const char *name;
	size_t offset, size;
	size_t to; /* in struct elfmap_map_def */
} members[] = {
#define MEMBER(member, means)                                \
	{                                                        \
		.name = #member,                                     \
		.offset = offsetof(struct vendor_map, member),       \
		.size = sizeof(((struct vendor_map *)NULL)->member), \
		.to = offsetof(struct elfmap_map_def, means),        \
	}
	MEMBER(kind, type),
	MEMBER(key_bytes, key_size),
	MEMBER(value_bytes, value_size),
	MEMBER(slots, max_entries),
	MEMBER(options, map_flags),
};

/*
 * In the object's byte order, by place, or by name where ctx says
 * so.
 */
static int read_member(const struct elfmap_entry *entry,
		const struct member *member, void *ctx, __u64 *value)
{
	if (ctx)
		return elfmap_entry__member(entry, member->name, value);
	return elfmap_entry__number(
			entry, member->offset, member->size, value);
}

static int decode(const struct elfmap_entry *entry,
		struct elfmap_map_def *def, void *ctx)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]);
			i++) {
		__u64 value;
		__u32 word;
		int err = read_member(entry, &members[i], ctx, &value);

		if (err) {
			elfmap_entry__refuse(
					entry, "no member \"%s\"", members[i].name);
			return err;
		}
		word = (__u32)value;
		memcpy((char *)def + members[i].to, &word, sizeof(word));
	}
	def->has = ELFMAP_DEF_MAP_FLAGS;
	return 0;
}

/* --- the programs --- */

static int name_program(const char *section,
		struct elfmap_program_hint *hint, void *ctx)
{
	(void)ctx;
	hint->type = BPF_PROG_TYPE_XDP;
	if (sscanf(section, "stage_%u", &hint->tail_call_key) == 1) {
		hint->has_tail_call = true;
		hint->tail_call_map = "stages";
	}
	return 0;
}

/* --- the loader --- */

static void print(
		enum elfmap_log_level level, const char *message, void *ctx)
{
	(void)ctx;
	if (level <= ELFMAP_LOG_WARNING)
		fprintf(stderr, "%s\n", message);
}

int main(int argc, char **argv)
{
	int by_name = argc == 3 && !strcmp(argv[1], "--by-name");
	const struct elfmap_format format = {
		.sz = sizeof(format),
		.name = "vendor_map",
		.probe = probe,
		.decode = decode,
		.ctx = by_name ? &by_name : NULL,
	};
	const struct elfmap_format *const formats[] = { &format };
	const struct elfmap_open_opts opts = {
		.sz = sizeof(opts),
		.formats = formats,
		.nr_formats = 1,
		.program_cb = name_program,
	};
	struct bpf_object *object;
	const struct bpf_map *map;

	if (argc != 2 && !by_name) {
		fprintf(stderr, "usage: %s [--by-name] OBJECT\n", argv[0]);
		return 2;
	}
	elfmap_set_log(print, NULL);
	object = elfmap_open_file(argv[argc - 1], &opts);
	if (!object || bpf_object__load(object)) {
		bpf_object__close(object);
		return 1;
	}
	bpf_object__for_each_map(map, object)
		printf("%s: type %u, key %u, value %u, entries %u, "
			   "flags %#x\n",
				bpf_map__name(map), bpf_map__type(map),
				bpf_map__key_size(map), bpf_map__value_size(map),
				bpf_map__max_entries(map), bpf_map__map_flags(map));
	bpf_object__close(object);
	return 0;
}
