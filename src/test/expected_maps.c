// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The table of expected.h. */
#include <linux/bpf.h>

#include "test/expected.h"

#define NONE ((__u32)-1)

/* clang-format off */
#define DEF(map_type, key, value, entries, ...) \
	{ .type = map_type, .key_size = key, .value_size = value, .max_entries = entries, \
	  __VA_ARGS__ }
#define ENTRY(of, as, called, at, bytes, inner_map, apart, ...) \
	{ .object = of, .layout = as, .name = called, .offset = at, .size = bytes, \
	  .def = DEF(__VA_ARGS__), .inner = inner_map, .own_section = apart }
#define MAP(object, layout, name, offset, size, inner, type, ...) \
	ENTRY(object, layout, name, offset, size, inner, false, BPF_MAP_TYPE_##type, __VA_ARGS__)
#define APART(object, layout, name, size, type, ...) \
	ENTRY(object, layout, name, 0, size, NULL, true, BPF_MAP_TYPE_##type, __VA_ARGS__)

#define DEF16(nr, name, ...) MAP("def16", "bpf_map_def16", name, (nr) * 16, 16, NULL, __VA_ARGS__)
#define DEF20(object, nr, name, ...) \
	MAP(object, "bpf_map_def20", name, (nr) * 20, 20, NULL, __VA_ARGS__)
#define DEF24(nr, name, inner, ...) \
	MAP("def24", "bpf_map_def24", name, (nr) * 24, 24, inner, __VA_ARGS__)
#define DEF28(nr, name, inner, ...) \
	MAP("def28", "bpf_map_def28", name, (nr) * 28, 28, inner, __VA_ARGS__)
#define ELF20(object, nr, name, ...) \
	MAP(object, "bpf_elf_map20", name, (nr) * 20, 20, NULL, __VA_ARGS__)
#define ELF24(object, nr, name, ...) \
	MAP(object, "bpf_elf_map24", name, (nr) * 24, 24, NULL, __VA_ARGS__)
#define ELF28(object, nr, name, ...) \
	MAP(object, "bpf_elf_map28", name, (nr) * 28, 28, NULL, __VA_ARGS__)
#define ELF32(nr, name, inner, ...) \
	MAP("elf32", "bpf_elf_map32", name, (nr) * 32, 32, inner, __VA_ARGS__)
#define ELF36(object, nr, name, ...) \
	MAP(object, "bpf_elf_map36", name, (nr) * 36, 36, NULL, __VA_ARGS__)
#define OUTER36(object, nr, name, inner, ...) \
	MAP(object, "bpf_elf_map36", name, (nr) * 36, 36, inner, __VA_ARGS__)
#define ELF40(nr, name, inner, ...) \
	MAP("elf40", "bpf_elf_map40", name, (nr) * 40, 40, inner, __VA_ARGS__)
#define GOBPF(object, name, ...) APART(object, "gobpf280", name, 280, __VA_ARGS__)
#define DATADOG(name, ...) APART("datadog", "datadog284", name, 284, __VA_ARGS__)
#define GOEBPF(nr, name, inner, ...) \
	MAP("goebpf", "goebpf40", name, (nr) * 40, 40, inner, __VA_ARGS__)
#define ANDROID(nr, name, ...) \
	MAP("android", "android", name, (nr) * 116, 116, NULL, __VA_ARGS__)
#define WINDOWS(object, size, nr, name, inner, ...) \
	ENTRY(object, "ebpf_for_windows", name, (nr) * (size), size, inner, false, __VA_ARGS__)
#define PADDED(nr, name, ...) \
	MAP("padded", "bpf_map_def_padded", name, (nr) * 48, 48, NULL, __VA_ARGS__)
#define SECTION20(name, ...) APART("sections20", "bpf_map_def20", name, 20, __VA_ARGS__)
#define BTF(object, offset, name, ...) \
	MAP(object, EXPECTED_NATIVE, name, offset, 0, NULL, __VA_ARGS__)

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

const struct expected_map expected_maps[] = {
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

	ELF36("global_sub", 0, "checked", ARRAY, 4, 8, 1, .pinning = 2),

	ELF28("elf28", 0, "seen", HASH, 4, 8, 64, .map_flags = BPF_F_NO_PREALLOC),
	ELF28("elf28", 1, "drops", PERCPU_ARRAY, 4, 8, 1, .pinning = 1),
	ELF28("elf28", 2, "policy", ARRAY, 4, 8, 3, .pinning = 2),
	ELF28("elf28", 3, "next", PROG_ARRAY, 4, 4, 5, .id = 7, .pinning = 1),

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

	ELF36("lwt", 0, "lwt_packets", ARRAY, 4, 8, 4, .pinning = 2),
	ELF36("lwt", 1, "lwt_bytes", ARRAY, 4, 8, 4, .pinning = 1),
	ELF36("xdp", 0, "ports", DEVMAP, 4, 4, 8, .pinning = 1),
	ELF36("xdp", 1, "seen", PERCPU_ARRAY, 4, 8, 2, .pinning = 1),

	ELF20("elf20", 0, "counts", ARRAY, 4, 8, 3, .id = 1),
	ELF20("elf20", 1, "limits", ARRAY, 4, 4, 1, .id = 2),
	ELF20("elf20", 2, "jumps", PROG_ARRAY, 4, 4, 2, .id = 42),

	ELF24("elf24", 0, "counts", ARRAY, 4, 8, 2, .pinning = 2),
	ELF24("elf24", 1, "marks", HASH, 4, 8, 64, .pinning = 1),
	ELF24("elf24", 2, "jumps", PROG_ARRAY, 4, 4, 4, .id = 7, .pinning = 2),

	ELF24("elf24u8", 0, "counts", ARRAY, 4, 8, 2, .pinning = 2),
	ELF24("elf24u8", 1, "marks", HASH, 4, 8, 64, .pinning = 1),
	ELF24("elf24u8", 2, "jumps", PROG_ARRAY, 4, 4, 4, .id = 7, .pinning = 2),

	ELF32(0, "by_kind", "lengths", ARRAY_OF_MAPS, 4, 4, 2, .inner_id = 3),
	ELF32(1, "lengths", NULL, ARRAY, 4, 8, 1, .id = 3),
	ELF32(2, "marks", NULL, HASH, 4, 8, 32, .map_flags = BPF_F_NO_PREALLOC, .pinning = 1),

	ELF40(0, "near", NULL, HASH, 4, 8, 256, .map_flags = BPF_F_NUMA_NODE),
	ELF40(1, "by_kind", "kind", ARRAY_OF_MAPS, 4, 4, 3, .inner_id = 6),
	ELF40(2, "kind", NULL, ARRAY, 4, 8, 1, .id = 6, .inner_idx = 1),
	ELF40(3, "shared", NULL, ARRAY, 4, 8, 2, .pinning = 2),

	ELF28("idpin28", 0, "shared", ARRAY, 4, 8, 2, .pinning = 2),
	ELF28("idpin28", 1, "ports", HASH, 4, 8, 16, .map_flags = BPF_F_NO_PREALLOC),

	ELF28("aya28", 0, "COUNTERS", PERCPU_ARRAY, 4, 8, 2, .pinning = 1),
	ELF28("aya28", 1, "BLOCKLIST", HASH, 4, 8, 1024),

	GOBPF("gobpf", "sleepers", HASH, 4, 8, 1024),
	GOBPF("gobpf", "totals", ARRAY, 4, 8, 2, .pinning = 2, .pin = ELFMAP_PIN_BY_PATH,
	      .pin_path = "tracer/globals/totals"),
	GOBPF("gobpf", "policy", PERCPU_ARRAY, 4, 8, 1, .pinning = 3, .pin = ELFMAP_PIN_BY_LOADER),

	GOBPF("gobpf_global", "sleepers", HASH, 4, 8, 1024),
	GOBPF("gobpf_global", "totals", ARRAY, 4, 8, 2, .pinning = 2, .pin = ELFMAP_PIN_BY_PATH,
	      .pin_path = "tracer/globals/totals"),

	DATADOG("connections", LRU_HASH, 4, 8, 512, .map_flags = BPF_F_NO_COMMON_LRU),
	DATADOG("telemetry", ARRAY, 4, 8, 3, .pinning = 2, .pin = ELFMAP_PIN_BY_PATH,
		.pin_path = "monitor/globals/telemetry"),

	/* with what its loader completes: key_size, value_size and map_flags */
	GOEBPF(0, "lengths", NULL, ARRAY, 4, 8, 2),
	GOEBPF(1, "by_queue", "lengths", ARRAY_OF_MAPS, 4, 4, 4, .inner_name = "lengths"),
	GOEBPF(2, "marks", NULL, HASH, 4, 8, 64, .pin = ELFMAP_PIN_BY_PATH,
	       .pin_path = "/sys/fs/bpf/goebpf_marks"),
	GOEBPF(3, "counter", NULL, PERCPU_ARRAY, 4, 8, 1, .pin = ELFMAP_PIN_BY_PATH,
	       .pin_path = "/sys/fs/bpf/goebpf_counter"),
	GOEBPF(4, "totals", NULL, ARRAY, 4, 8, 1, .pin = ELFMAP_PIN_BY_PATH,
	       .pin_path = "/sys/fs/bpf/goebpf_totals"),
	GOEBPF(5, "programs", NULL, PROG_ARRAY, 4, 4, 3),
	GOEBPF(6, "routes", NULL, LPM_TRIE, 8, 8, 128, .map_flags = BPF_F_NO_PREALLOC),

	ANDROID(0, "stats", HASH, 4, 8, 5000, .map_flags = BPF_F_NO_PREALLOC),
	ANDROID(1, "configuration", ARRAY, 4, 4, 2),

	/* types by their numbers there */
	WINDOWS("windows", 36, 0, "processes", NULL, 4, 8, 4, 1024, .pinning = 2),
	WINDOWS("windows", 36, 1, "limits", NULL, 2, 4, 4, 1, .id = 10),
	WINDOWS("windows", 36, 2, "by_port", "limits", 7, 4, 4, 4, .inner_map_idx = 1, .inner_id = 10),

	WINDOWS("windows24", 24, 0, "dropped", NULL, 1, 4, 8, 64),
	WINDOWS("windows24", 24, 1, "ports", NULL, 2, 4, 8, 16),
	WINDOWS("windows24", 24, 2, "by_interface", "ports", 7, 4, 4, 4, .inner_map_idx = 1),

	PADDED(0, "lengths", ARRAY, 4, 8, 4),
	PADDED(1, "marks", HASH, 4, 8, 128, .map_flags = BPF_F_NO_PREALLOC),

	SECTION20("packets", ARRAY, 4, 8, 2),
	SECTION20("marks", HASH, 4, 8, 32, .map_flags = BPF_F_NO_PREALLOC),
	SECTION20("events", PERF_EVENT_ARRAY, 4, 4, 0),

	DEF20("mixedsizes", 0, "packets", ARRAY, 4, 8, 1),
	DEF20("mixedsizes", 1, "marks", HASH, 4, 8, 32, .map_flags = BPF_F_NO_PREALLOC),
	DEF20("mixedsizes", 2, "flows", LRU_HASH, 4, 8, 256),
	MAP("mixedsizes", "bpf_elf_map36", "shared", 60, 36, NULL, ARRAY, 4, 8, 4, .pinning = 2),
	MAP("mixedsizes", "bpf_elf_map36", "jumps", 96, 36, NULL, PROG_ARRAY, 4, 4, 2, .id = 12,
	    .pinning = 2),

	DEF20("weak", 0, "lengths", ARRAY, 4, 8, 2),
	DEF20("weak", 1, "marks", HASH, 4, 8, 16),
	DEF20("weak", 2, "flows", LRU_HASH, 4, 8, 256),

	DEF20("nolicense", 0, "lengths", ARRAY, 4, 8, 2),

	/* only its loader knows the inner maps */
	DEF20("katran", 0, "caches", ARRAY_OF_MAPS, 4, 4, 8),
	DEF20("katran", 1, "by_source", HASH_OF_MAPS, 4, 4, 16, .map_flags = BPF_F_NO_PREALLOC),
	DEF20("katran", 2, "fallback", LRU_HASH, 4, 8, 100),

	DEF20("loose", 0, "counts", ARRAY, 4, 8, 7),

	MAP("notlisted", "btf", "classes", 0, 44, NULL, HASH, 4, 8, 40,
	    .map_flags = BPF_F_NO_PREALLOC),
	MAP("notlisted", "btf", "rates", 44, 44, NULL, ARRAY, 4, 8, 5, .pinning = 2),

	{ .name = NULL },
};
/* clang-format on */
