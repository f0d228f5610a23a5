// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <string.h>
#include <linux/bpf.h>

#include "test/expected.h"
#include "test/tests.h"

#define NATIVE "BTF-defined"
#define NONE ((__u32)-1)

/* The words that a layout has. */
static const struct layout_words {
	const char *layout;
	__u32 has;
} layouts[] = {
	{ "bpf_map_def16", 0 },
	{ "bpf_map_def20", ELFMAP_DEF_MAP_FLAGS },
	{ "bpf_map_def24", ELFMAP_DEF_MAP_FLAGS | ELFMAP_DEF_INNER_MAP_IDX },
	{ "bpf_map_def28", ELFMAP_DEF_MAP_FLAGS | ELFMAP_DEF_INNER_MAP_IDX | ELFMAP_DEF_NUMA_NODE },
	{ "bpf_elf_map28", ELFMAP_DEF_MAP_FLAGS | ELFMAP_DEF_ID | ELFMAP_DEF_PINNING },
	/* of extended: the names that BTF tells, and no layout has as many bytes and no more words */
	{ "btf", ELFMAP_DEF_MAP_FLAGS | ELFMAP_DEF_ID | ELFMAP_DEF_PINNING },
	{ "bpf_elf_map36", ELFMAP_DEF_MAP_FLAGS | ELFMAP_DEF_ID | ELFMAP_DEF_PINNING |
				   ELFMAP_DEF_INNER_ID | ELFMAP_DEF_INNER_IDX },
};
#define NR_LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

/* clang-format off */
#define DEF(map_type, key, value, entries, ...) \
	{ .type = BPF_MAP_TYPE_##map_type, .key_size = key, .value_size = value, \
	  .max_entries = entries, __VA_ARGS__ }
#define ELF36(object, nr, name, ...) { object, "bpf_elf_map36", name, (nr) * 36, 36, DEF(__VA_ARGS__), NULL }
#define OUTER36(object, nr, name, inner, ...) \
	{ object, "bpf_elf_map36", name, (nr) * 36, 36, DEF(__VA_ARGS__), inner }
#define ELF28(nr, name, ...) { "elf28", "bpf_elf_map28", name, (nr) * 28, 28, DEF(__VA_ARGS__), NULL }
#define DEF16(nr, name, ...) { "def16", "bpf_map_def16", name, (nr) * 16, 16, DEF(__VA_ARGS__), NULL }
#define DEF20(object, nr, name, ...) \
	{ object, "bpf_map_def20", name, (nr) * 20, 20, DEF(__VA_ARGS__), NULL }
#define DEF24(nr, name, inner, ...) \
	{ "def24", "bpf_map_def24", name, (nr) * 24, 24, DEF(__VA_ARGS__), inner }
#define DEF28(nr, name, inner, ...) \
	{ "def28", "bpf_map_def28", name, (nr) * 28, 28, DEF(__VA_ARGS__), inner }
#define BTF(object, offset, name, ...) { object, NATIVE, name, offset, 0, DEF(__VA_ARGS__), NULL }
#define TYPE(nr, name, map_type, key, value, entries, flags) \
	ELF36("types", nr, name, map_type, key, value, entries, .map_flags = flags)
#define MANY(d, u, map_type, key, value, entries, flags) \
	ELF36("many", d * 10 + u, "m" #d #u, map_type, key, value, entries, .map_flags = flags)
#define TEN(d) \
	MANY(d, 0, ARRAY, 4, 8, 1, 0), \
	MANY(d, 1, ARRAY, 4, 64, 2 + d, 0), \
	MANY(d, 2, HASH, 4, 8, 10 + d, 0), \
	MANY(d, 3, HASH, 16, 4, 10 + d, BPF_F_NO_PREALLOC), \
	MANY(d, 4, PERCPU_ARRAY, 4, 8, 2 + d, 0), \
	MANY(d, 5, PERCPU_HASH, 8, 8, 10 + d, 0), \
	MANY(d, 6, LRU_HASH, 12, 24, 100 + d, 0), \
	MANY(d, 7, LRU_PERCPU_HASH, 4, 8, 100 + d, 0), \
	MANY(d, 8, LPM_TRIE, 8, 8, 10 + d, BPF_F_NO_PREALLOC), \
	MANY(d, 9, HASH, 1 + d, 1 + d, 10 + d, 0)

static const struct expected_map maps[] = {
	ELF36("annotated", 0, "talkers", HASH, 8, 24, 99, .pinning = 2),
	ELF36("annotated", 1, "stale", HASH, 4, 32, 10),
	ELF36("annotated", 2, "plain", ARRAY, 4, 8, 1),

	ELF36("counter", 0, "packets", ARRAY, 4, 8, 1, .pinning = 2),

	ELF36("custom_pin", 0, "listed", ARRAY, 4, 8, 1, .pinning = 3),
	ELF36("custom_pin", 1, "below", ARRAY, 4, 8, 1, .pinning = 4),
	ELF36("custom_pin", 2, "unlisted", ARRAY, 4, 8, 1, .pinning = 77),

	DEF16(0, "by_mark", HASH, 4, 8, 100),
	DEF16(1, "totals", ARRAY, 4, 8, 2),

	DEF20("def20", 0, "flows", LRU_HASH, 4, 8, 128, .map_flags = BPF_F_NO_COMMON_LRU),
	DEF20("def20", 1, "marks", HASH, 4, 8, 32, .map_flags = BPF_F_NO_PREALLOC),
	DEF20("def20", 2, "events", PERF_EVENT_ARRAY, 4, 4, 0),
	DEF20("def20", 3, "totals", PERCPU_ARRAY, 4, 8, 2),

	DEF24(0, "counter", NULL, ARRAY, 4, 8, 4),
	DEF24(1, "by_queue", "counter", ARRAY_OF_MAPS, 4, 4, 8),
	DEF24(2, "session", NULL, HASH, 4, 8, 64, .map_flags = BPF_F_NO_PREALLOC),
	DEF24(3, "by_mark", "session", HASH_OF_MAPS, 4, 0, 16, .inner_map_idx = 2),

	DEF28(0, "by_queue", "counter", ARRAY_OF_MAPS, 4, 0, 8, .inner_map_idx = 1),
	DEF28(1, "counter", NULL, ARRAY, 4, 8, 1),
	DEF28(2, "near", NULL, HASH, 4, 8, 256, .map_flags = BPF_F_NUMA_NODE),
	DEF28(3, "by_mark", "counter", HASH_OF_MAPS, 4, 4, 16, .inner_map_idx = 1),

	ELF36("demo", 0, "protocols", HASH, 4, 8, 64, .pinning = 2),
	ELF36("demo", 1, "bytes", ARRAY, 4, 8, 1, .pinning = 2),
	ELF36("demo", 2, "jumps", PROG_ARRAY, 4, 4, 1, .id = 0x2a, .pinning = 2),
	OUTER36("demo", 3, "directions", "packets_in", ARRAY_OF_MAPS, 4, 4, 2, .pinning = 2,
		.inner_id = 1),
	ELF36("demo", 4, "packets_in", ARRAY, 4, 8, 1, .id = 1, .pinning = 2),
	ELF36("demo", 5, "packets_out", ARRAY, 4, 8, 1, .id = 1, .pinning = 2, .inner_idx = 1),

	ELF36("extended", 0, "extended_counts", ARRAY, 4, 8, 2, .pinning = 2),
	ELF36("extended", 1, "extended_jumps", PROG_ARRAY, 4, 4, 3, .id = 1, .pinning = 1),
	{ "extended.btf", "btf", "extended_counts", 0, 36,
	  DEF(ARRAY, 4, 8, 2, .pinning = 2), NULL },
	{ "extended.btf", "btf", "extended_jumps", 36, 36,
	  DEF(PROG_ARRAY, 4, 4, 3, .id = 1, .pinning = 1), NULL },

	ELF36("global_sub", 0, "checked", ARRAY, 4, 8, 1, .pinning = 2),

	ELF28(0, "seen", HASH, 4, 8, 64, .map_flags = BPF_F_NO_PREALLOC),
	ELF28(1, "drops", PERCPU_ARRAY, 4, 8, 1, .pinning = 1),
	ELF28(2, "policy", ARRAY, 4, 8, 3, .pinning = 2),
	ELF28(3, "next", PROG_ARRAY, 4, 4, 5, .id = 7, .pinning = 1),

	ELF36("elf36", 0, "scratch", PERCPU_ARRAY, 4, 8, 2),
	ELF36("elf36", 1, "stats", ARRAY, 4, 8, 2, .pinning = 1),
	ELF36("elf36", 2, "peers", LRU_HASH, 8, 16, 512, .pinning = 2),

	DEF20("globals", 0, "packets", ARRAY, 4, 8, 4),
	DEF20("globals", 1, "marks", LRU_HASH, 4, 8, 64),

	TEN(0), TEN(1), TEN(2), TEN(3), TEN(4), TEN(5), TEN(6), TEN(7),

	DEF20("mixed", 0, "old_counter", ARRAY, 4, 8, 2),
	DEF20("mixed", 1, "old_marks", HASH, 4, 8, 48, .map_flags = BPF_F_NO_PREALLOC),
	BTF("mixed", 0, "even", ARRAY, 4, 8, 1),
	BTF("mixed", 32, "odd", ARRAY, 4, 8, 1),
	BTF("mixed", 64, "by_length", ARRAY_OF_MAPS, 4, 4, 4),
	BTF("mixed", 104, "new_marks", HASH, 4, 8, 24),

	OUTER36("mixed_order", 0, "old_outer", "old_inner", ARRAY_OF_MAPS, 4, 4, 2, .inner_id = 5),
	ELF36("mixed_order", 1, "old_inner", ARRAY, 4, 8, 1, .id = 5, .inner_idx = 1),
	ELF36("mixed_order", 2, "old_calls", PROG_ARRAY, 4, 4, 3, .id = 0x11, .pinning = 2),
	BTF("mixed_order", 0, "new_counter", ARRAY, 4, 8, 2),
	BTF("mixed_order", 32, "new_marks", HASH, 4, 8, 24, .map_flags = BPF_F_NO_PREALLOC,
	    .pinning = 1, .has = ELFMAP_DEF_MAP_FLAGS | ELFMAP_DEF_PINNING),

	OUTER36("nested", 0, "by_direction", "ingress_stats", ARRAY_OF_MAPS, 4, 4, 2,
		.inner_id = 10),
	OUTER36("nested", 1, "mirror", "ingress_stats", ARRAY_OF_MAPS, 4, 4, 6, .pinning = 2,
		.inner_id = 10),
	OUTER36("nested", 2, "later", "template", ARRAY_OF_MAPS, 4, 4, 3, .inner_id = 20),
	OUTER36("nested", 3, "by_mark", "mark_stats", HASH_OF_MAPS, 4, 4, 16,
		.map_flags = BPF_F_NO_PREALLOC, .inner_id = 30),
	ELF36("nested", 4, "ingress_stats", ARRAY, 4, 8, 2, .id = 10),
	ELF36("nested", 5, "egress_stats", ARRAY, 4, 8, 2, .id = 10, .inner_idx = 1),
	ELF36("nested", 6, "template", HASH, 4, 8, 9, .id = 20, .inner_idx = NONE),
	ELF36("nested", 7, "mark_stats", LRU_HASH, 4, 8, 64, .id = 30, .inner_idx = 7),

	ELF36("static_map", 0, "first", ARRAY, 4, 8, 1),
	ELF36("static_map", 1, "between", ARRAY, 4, 8, 2),
	ELF36("static_map", 2, "last", HASH, 4, 8, 3, .pinning = 2),

	ELF36("subprogs", 0, "calls", ARRAY, 4, 8, 4, .pinning = 2),
	ELF36("subprogs", 1, "marks", HASH, 4, 8, 32),

	ELF36("tailcalls", 0, "steps", PROG_ARRAY, 4, 4, 2, .id = 42, .pinning = 2),
	ELF36("tailcalls", 1, "verdicts", PROG_ARRAY, 4, 4, 2, .id = 0xabccba, .pinning = 1),
	ELF36("tailcalls", 2, "trace", ARRAY, 4, 8, 6, .pinning = 2),

	ELF36("text_only", 0, "text_counts", ARRAY, 4, 8, 1, .pinning = 2),

	TYPE(0, "hash", HASH, 4, 8, 64, 0),
	TYPE(1, "hash_flags", HASH, 12, 8, 64, BPF_F_NO_PREALLOC | BPF_F_ZERO_SEED),
	TYPE(2, "array", ARRAY, 4, 8, 3, 0),
	TYPE(3, "array_rdonly", ARRAY, 4, 8, 2, BPF_F_RDONLY_PROG),
	TYPE(4, "array_wronly", ARRAY, 4, 8, 2, BPF_F_WRONLY_PROG),
	TYPE(5, "array_mmap", ARRAY, 4, 8, 512, BPF_F_MMAPABLE),
	TYPE(6, "prog_array", PROG_ARRAY, 4, 4, 4, 0),
	TYPE(7, "perf", PERF_EVENT_ARRAY, 4, 4, 0, 0),
	TYPE(8, "perf_flags", PERF_EVENT_ARRAY, 4, 4, 2, BPF_F_PRESERVE_ELEMS),
	TYPE(9, "percpu_hash", PERCPU_HASH, 4, 8, 16, 0),
	TYPE(10, "percpu_array", PERCPU_ARRAY, 4, 8, 2, 0),
	TYPE(11, "stack_trace", STACK_TRACE, 4, 128, 32, 0),
	TYPE(12, "stack_build_id", STACK_TRACE, 4, 256, 32, BPF_F_STACK_BUILD_ID),
	TYPE(13, "cgroup_array", CGROUP_ARRAY, 4, 4, 1, 0),
	TYPE(14, "lru_hash", LRU_HASH, 4, 8, 128, 0),
	TYPE(15, "lru_hash_flags", LRU_HASH, 4, 8, 128, BPF_F_NO_COMMON_LRU),
	TYPE(16, "lru_percpu_hash", LRU_PERCPU_HASH, 4, 8, 128, 0),
	TYPE(17, "lpm_trie", LPM_TRIE, 8, 8, 256, BPF_F_NO_PREALLOC),
	TYPE(18, "devmap", DEVMAP, 4, 4, 8, 0),
	TYPE(19, "sockmap", SOCKMAP, 4, 4, 8, 0),
	TYPE(20, "cpumap", CPUMAP, 4, 4, 2, 0),
	TYPE(21, "xskmap", XSKMAP, 4, 4, 4, 0),
	TYPE(22, "sockhash", SOCKHASH, 8, 4, 16, 0),
	TYPE(23, "cgroup_storage", CGROUP_STORAGE, 16, 8, 0, 0),
	TYPE(24, "reuseport", REUSEPORT_SOCKARRAY, 4, 8, 4, 0),
	TYPE(25, "percpu_cgroup", PERCPU_CGROUP_STORAGE, 16, 8, 0, 0),
	TYPE(26, "queue", QUEUE, 0, 4, 32, 0),
	TYPE(27, "stack", STACK, 0, 4, 32, 0),
	TYPE(28, "devmap_hash", DEVMAP_HASH, 4, 4, 8, 0),
	TYPE(29, "ringbuf", RINGBUF, 0, 0, 65536, 0),
	TYPE(30, "bloom", BLOOM_FILTER, 0, 4, 100, 0),
	TYPE(31, "user_ringbuf", USER_RINGBUF, 0, 0, 65536, 0),

	ELF36("xdp", 0, "ports", DEVMAP, 4, 4, 8, .pinning = 1),
	ELF36("xdp", 1, "seen", PERCPU_ARRAY, 4, 8, 2, .pinning = 1),
};
#define NR_MAPS (sizeof(maps) / sizeof(maps[0]))
/* clang-format on */

/* Most objects are the same with BTF and without; extended has names that only BTF tells. */
static bool is_of(const struct expected_map *map, const char *object)
{
	size_t length = strcspn(object, ".");

	if (strchr(map->object, '.') || strcmp(object, "extended.btf") == 0)
		return strcmp(map->object, object) == 0;
	return strlen(map->object) == length && strncmp(map->object, object, length) == 0;
}

size_t expected_count(const char *object)
{
	size_t count = 0;

	for (size_t i = 0; i < NR_MAPS; i++)
		count += is_of(&maps[i], object);
	ck_assert_msg(count, "nothing is expected of %s", object);
	return count;
}

const struct expected_map *expected_at(const char *object, size_t i)
{
	for (size_t j = 0; j < NR_MAPS; j++) {
		if (is_of(&maps[j], object) && i-- == 0)
			return &maps[j];
	}
	ck_abort_msg("fewer maps are expected of %s", object);
}

bool expected_native(const struct expected_map *map)
{
	return strcmp(map->layout, NATIVE) == 0;
}

static const struct layout_words *layout_of(const struct expected_map *map)
{
	for (size_t i = 0; i < NR_LAYOUTS; i++) {
		if (strcmp(layouts[i].layout, map->layout) == 0)
			return &layouts[i];
	}
	ck_abort_msg("no layout %s", map->layout);
}

const struct expected_map *expected_map(const char *object, const char *name)
{
	static struct expected_map found;

	for (size_t i = 0; i < NR_MAPS; i++) {
		if (!is_of(&maps[i], object) || strcmp(maps[i].name, name) != 0)
			continue;
		found = maps[i];
		if (!expected_native(&found))
			found.def.has = layout_of(&found)->has;
		return &found;
	}
	ck_abort_msg("%s: no map %s is expected", object, name);
}
