// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Links as an object owns them: what is attached, and until when. */
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/door.h"
#include "test/forbid.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tracing.h"

static struct elfmap_object *load_tracing(void)
{
	struct elfmap_object *object;

	enter_kernel();
	object = open_tracing();
	ck_assert_int_eq(elfmap_object__load(object), 0);
	return object;
}

/* --- attaching by the section's name ------------------------------------------------------- */

START_TEST(test_attach)
{
	struct elfmap_object *object = load_tracing();
	struct elfmap_program *program = program_of(object, TRACING_PROGRAM);
	int counts = dup(elfmap_map__fd(map_of(object, TRACING_MAP)));
	struct bpf_link_info info = { 0 };
	__u32 size = sizeof(info);
	struct elfmap_link *link;

	ck_assert(!is_traced(counts));
	ck_assert_ptr_null(elfmap_object__next_link(object, NULL));
	link = elfmap_program__attach(program);
	ck_assert_msg(link, "%s", messages(ELFMAP_LOG_ERROR));
	ck_assert(is_traced(counts));
	ck_assert_str_eq(elfmap_link__name(link), TRACING_PROGRAM);
	ck_assert_ptr_eq(elfmap_object__find_link(object, TRACING_PROGRAM), link);
	ck_assert_ptr_eq(elfmap_object__next_link(object, NULL), link);
	ck_assert_ptr_null(elfmap_object__next_link(object, link));
	ck_assert_int_eq(bpf_link__fd(elfmap_link__bpf_link(link)), elfmap_link__fd(link));
	ck_assert_int_eq(bpf_obj_get_info_by_fd(elfmap_link__fd(link), &info, &size), 0);
	ck_assert_uint_eq(info.type, BPF_LINK_TYPE_PERF_EVENT);
	ck_assert_uint_eq(info.prog_id, program_id(object, TRACING_PROGRAM));
	ck_assert_int_eq(elfmap_link__destroy(link), 0);
	ck_assert(!is_traced(counts));
	ck_assert_ptr_null(elfmap_object__next_link(object, NULL));
	elfmap_object__close(object);
	close(counts);
}
END_TEST

/* All kernels and libbpfs do it so: closed, a link that nobody pinned is no more. */
START_TEST(test_close_detaches)
{
	struct elfmap_object *object = load_tracing();
	int counts = dup(elfmap_map__fd(map_of(object, TRACING_MAP)));
	size_t descriptors = count_descriptors();

	ck_assert_ptr_nonnull(elfmap_program__attach(program_of(object, TRACING_PROGRAM)));
	ck_assert(is_traced(counts));
	/* the link and its event */
	ck_assert_uint_eq(count_descriptors(), descriptors + 2);
	elfmap_object__close(object);
	ck_assert(!is_traced(counts));
	close(counts);
}
END_TEST

/* Whoever closes what: the pin is what counts. */
START_TEST(test_pinned_goes_on)
{
	size_t descriptors;
	struct elfmap_object *object;
	struct elfmap_link *link;
	int counts, other;

	enter_kernel();
	descriptors = count_descriptors();
	object = open_tracing();
	ck_assert_int_eq(elfmap_object__load(object), 0);
	counts = dup(elfmap_map__fd(map_of(object, TRACING_MAP)));
	link = elfmap_program__attach(program_of(object, TRACING_PROGRAM));
	ck_assert_ptr_nonnull(link);
	ck_assert_int_eq(bpf_obj_pin(elfmap_link__fd(link), BPFFS "/link"), 0);
	if (_i == 0)
		ck_assert_int_eq(elfmap_link__destroy(link), 0);
	elfmap_object__close(object);
	ck_assert_uint_eq(count_descriptors(), descriptors + 1);
	ck_assert(is_traced(counts));
	/* nor does who finds the pin again */
	other = open_pin(BPFFS "/link");
	close(other);
	ck_assert(is_traced(counts));
	ck_assert_int_eq(unlink(BPFFS "/link"), 0);
	/* the kernel lets go of what was pinned a little later */
	wait_until(!is_traced(counts));
	close(counts);
}
END_TEST

/* Here the kernel heeds whether the event is enabled. */
START_TEST(test_pinned_sampling_goes_on)
{
	struct elfmap_object *object;
	struct bpf_link *other;
	size_t descriptors;
	int counts;

	enter_kernel();
	descriptors = count_descriptors();
	object = open_sampling();
	ck_assert_int_eq(elfmap_object__load(object), 0);
	counts = dup(elfmap_map__fd(map_of(object, TRACING_MAP)));
	other = sampling_link(object);
	bpf_link__destroy(other);
	ck_assert(!is_sampled(counts));
	ck_assert_ptr_nonnull(elfmap_object__add_link(object, "clock", sampling_link(object)));
	ck_assert(is_sampled(counts));
	ck_assert_int_eq(elfmap_object__pin(object, BPFFS), 0);
	elfmap_object__close(object);
	ck_assert_uint_eq(count_descriptors(), descriptors + 1);
	ck_assert(is_sampled(counts));
	ck_assert_int_eq(unlink(BPFFS "/tracing/links/clock"), 0);
	wait_until(!is_sampled(counts));
	close(counts);
}
END_TEST

/* Where no descriptors are left for that, one stays open, and the program goes on. */
START_TEST(test_sampling_goes_on_without_descriptors)
{
	struct elfmap_object *object;
	struct rlimit limit, low;
	int counts;

	enter_kernel();
	object = open_sampling();
	ck_assert_int_eq(elfmap_object__load(object), 0);
	counts = dup(elfmap_map__fd(map_of(object, TRACING_MAP)));
	ck_assert_ptr_nonnull(elfmap_object__add_link(object, "clock", sampling_link(object)));
	ck_assert_int_eq(elfmap_object__pin(object, BPFFS), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	low = limit;
	low.rlim_cur = 3;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
	elfmap_object__close(object);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert(is_sampled(counts));
	close(counts);
}
END_TEST

/* The kernel takes a program once for each event. */
static struct bpf_link *attach_elsewhere(const struct elfmap_object *object, const char *event)
{
	struct elfmap_program *program = program_of(object, TRACING_PROGRAM);
	struct bpf_link *link = bpf_program__attach_tracepoint(elfmap_program__bpf_program(program),
							       "syscalls", event);

	ck_assert_ptr_nonnull(link);
	return link;
}

/* Whether the program counts at "sys_enter_sched_get_priority_max". */
static bool is_traced_elsewhere(int counts)
{
	__u64 before = map_counter(counts, TRACING_KEY);

	ck_assert_int_ge(sched_get_priority_max(SCHED_OTHER), 0);
	return map_counter(counts, TRACING_KEY) > before;
}

/* Of several events only that of the link goes. */
START_TEST(test_other_events_stay)
{
	struct elfmap_object *object = load_tracing();
	struct elfmap_program *program = program_of(object, TRACING_PROGRAM);
	int counts = dup(elfmap_map__fd(map_of(object, TRACING_MAP)));
	struct bpf_link *other = attach_elsewhere(object, "sys_enter_sched_get_priority_max");
	struct elfmap_link *link = elfmap_program__attach(program);
	size_t descriptors = count_descriptors();

	ck_assert_ptr_nonnull(link);
	ck_assert_int_eq(elfmap_link__destroy(link), 0);
	ck_assert_uint_eq(count_descriptors(), descriptors - 2);
	ck_assert(!is_traced(counts));
	ck_assert(is_traced_elsewhere(counts));
	ck_assert_int_eq(bpf_link__destroy(other), 0);
	ck_assert(!is_traced_elsewhere(counts));
	elfmap_object__close(object);
	close(counts);
}
END_TEST

START_TEST(test_undo_load)
{
	size_t descriptors;
	struct elfmap_object *object;
	int counts;

	enter_kernel();
	descriptors = count_descriptors();
	object = open_tracing();
	ck_assert_int_eq(elfmap_object__load(object), 0);
	counts = dup(elfmap_map__fd(map_of(object, TRACING_MAP)));
	ck_assert_ptr_nonnull(elfmap_program__attach(program_of(object, TRACING_PROGRAM)));
	elfmap_object__undo_load(object);
	ck_assert(!is_traced(counts));
	close(counts);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	ck_assert_ptr_null(elfmap_object__next_link(object, NULL));
	ck_assert_ptr_null(elfmap_program__bpf_program(program_of(object, TRACING_PROGRAM)));
	elfmap_object__close(object);
}
END_TEST

/* A kernel without links of perf events: libbpf has a descriptor of the event alone. */
START_TEST(test_no_perf_links)
{
	struct elfmap_object *object = load_tracing();
	int counts = elfmap_map__fd(map_of(object, TRACING_MAP));
	size_t descriptors = count_descriptors();
	struct elfmap_link *link;

	forbid_bpf(BPF_LINK_CREATE, EINVAL);
	link = elfmap_program__attach(program_of(object, TRACING_PROGRAM));
	ck_assert_ptr_nonnull(link);
	ck_assert(is_traced(counts));
	ck_assert_int_eq(elfmap_link__destroy(link), 0);
	ck_assert(!is_traced(counts));
	ck_assert_uint_eq(count_descriptors(), descriptors);
	elfmap_object__close(object);
}
END_TEST

/* --- links of the caller's ----------------------------------------------------------------- */

START_TEST(test_add_link)
{
	struct elfmap_object *object;
	struct elfmap_link *link;

	enter_kernel();
	object = load_door();
	link = elfmap_object__next_link(object, NULL);
	ck_assert_str_eq(elfmap_link__name(link), "door");
	ck_assert_ptr_eq(elfmap_object__find_link(object, "door"), link);
	ck_assert_uint_eq(attached_xdp_program("veth0"), program_id(object, "firewall"));
	elfmap_object__close(object);
	ck_assert_uint_eq(attached_xdp_program("veth0"), 0);
}
END_TEST

/* What is refused is still the caller's, and attached. */
START_TEST(test_add_link_refused)
{
	struct elfmap_object *object, *unloaded = open_name("counter");
	struct elfmap_program *program;
	struct bpf_link *made;

	enter_kernel();
	object = load_named("aya28", "buffer");
	program = program_of(object, "firewall");
	made = bpf_program__attach_xdp(elfmap_program__bpf_program(program),
				       (int)if_nametoindex("veth0"));
	ck_assert_ptr_nonnull(made);
	ck_assert_ptr_nonnull(elfmap_object__add_link(
		object, "door",
		bpf_program__attach_xdp(elfmap_program__bpf_program(program),
					(int)if_nametoindex("veth1"))));
	collect_messages();
	ck_assert_ptr_null(elfmap_object__add_link(object, "door", made));
	ck_assert_int_eq(errno, EEXIST);
	assert_one_error("buffer", "link \"door\"");
	ck_assert_ptr_null(elfmap_object__add_link(object, NULL, made));
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_ptr_null(elfmap_object__add_link(object, "window", NULL));
	ck_assert_int_eq(errno, EINVAL);
	collect_messages();
	ck_assert_ptr_null(elfmap_object__add_link(unloaded, "window", made));
	ck_assert_int_eq(errno, ENOENT);
	assert_one_error("buffer", "link \"window\"", "not loaded");
	elfmap_object__close(unloaded);
	elfmap_object__close(object);
	ck_assert_uint_eq(attached_xdp_program("veth1"), 0);
	ck_assert_uint_ne(attached_xdp_program("veth0"), 0);
	ck_assert_int_eq(bpf_link__destroy(made), 0);
	ck_assert_uint_eq(attached_xdp_program("veth0"), 0);
}
END_TEST

START_TEST(test_order)
{
	static const char *const names[] = { "b", "c", "a" };
	static const char *const events[] = { "sys_enter_sched_get_priority_max",
					      "sys_enter_sched_get_priority_min",
					      "sys_enter_vhangup" };
	struct elfmap_object *object = load_tracing();
	struct elfmap_link *link = NULL;

	for (size_t i = 0; i < 3; i++)
		ck_assert_ptr_nonnull(elfmap_object__add_link(object, names[i],
							      attach_elsewhere(object, events[i])));
	for (size_t i = 0; i < 3; i++) {
		link = elfmap_object__next_link(object, link);
		ck_assert_str_eq(elfmap_link__name(link), names[i]);
	}
	ck_assert_int_eq(elfmap_link__destroy(elfmap_object__find_link(object, "c")), 0);
	ck_assert_ptr_null(elfmap_object__find_link(object, "c"));
	ck_assert_int_eq(errno, ENOENT);
	link = elfmap_object__next_link(object, elfmap_object__find_link(object, "b"));
	ck_assert_str_eq(elfmap_link__name(link), "a");
	ck_assert_int_eq(elfmap_link__destroy(NULL), 0);
	elfmap_object__close(object);
}
END_TEST

/* --- what cannot be attached --------------------------------------------------------------- */

START_TEST(test_attach_refused)
{
	struct elfmap_object *object;
	size_t descriptors;

	enter_kernel();
	object = load_named("aya28", "xdp");
	descriptors = count_descriptors();
	collect_messages();
	ck_assert_ptr_null(elfmap_program__attach(program_of(object, "firewall")));
	ck_assert_int_eq(errno, EOPNOTSUPP);
	assert_one_error("xdp: section xdp", "\"firewall\"", "elfmap_object__add_link");
	ck_assert_uint_eq(count_descriptors(), descriptors);
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_attach_twice)
{
	struct elfmap_object *object = load_tracing();
	struct elfmap_program *program = program_of(object, TRACING_PROGRAM);
	size_t descriptors;

	ck_assert_ptr_nonnull(elfmap_program__attach(program));
	descriptors = count_descriptors();
	collect_messages();
	ck_assert_ptr_null(elfmap_program__attach(program));
	ck_assert_int_eq(errno, EEXIST);
	assert_one_error("tracing", TRACING_PROGRAM, "has one of that name");
	ck_assert_uint_eq(count_descriptors(), descriptors);
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_attach_unloaded)
{
	struct elfmap_object *object;
	struct elfmap_program *program;

	enter_kernel();
	object = open_tracing();
	program = program_of(object, TRACING_PROGRAM);
	ck_assert_ptr_null(elfmap_program__attach(program));
	ck_assert_int_eq(errno, ENOENT);
	elfmap_program__set_autoload(program, false);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	collect_messages();
	ck_assert_ptr_null(elfmap_program__attach(program));
	ck_assert_int_eq(errno, ENOENT);
	assert_one_error("tracing", TRACING_PROGRAM, "not loaded");
	elfmap_object__close(object);
}
END_TEST

/* --- libbpf's view of maps and programs ---------------------------------------------------- */

START_TEST(test_views)
{
	struct elfmap_object *object = open_name("subprogs");
	struct elfmap_program *program = NULL;
	struct elfmap_map *map = elfmap_object__next_map(object, NULL);
	size_t nr_subprograms = 0;

	ck_assert_ptr_null(elfmap_map__bpf_map(map));
	ck_assert_int_eq(errno, ENOENT);
	errno = 0;
	ck_assert_ptr_null(elfmap_program__bpf_program(elfmap_object__next_program(object, NULL)));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_ptr_nonnull(elfmap_object__bpf_object(object));
	ck_assert_str_eq(bpf_map__name(elfmap_map__bpf_map(map)), elfmap_map__name(map));
	while ((program = elfmap_object__next_program(object, program))) {
		const struct bpf_program *view = elfmap_program__bpf_program(program);

		if (elfmap_program__is_subprogram(program)) {
			ck_assert_ptr_null(view);
			nr_subprograms++;
		} else {
			ck_assert_str_eq(bpf_program__name(view), elfmap_program__name(program));
		}
	}
	ck_assert_uint_gt(nr_subprograms, 0);
	elfmap_object__close(object);
}
END_TEST

Suite *links_suite(void)
{
	Suite *suite = suite_of("links", test_attach, test_close_detaches, test_other_events_stay,
				test_undo_load, test_no_perf_links, test_pinned_sampling_goes_on,
				test_sampling_goes_on_without_descriptors, test_add_link,
				test_add_link_refused, test_order, test_attach_refused,
				test_attach_twice, test_attach_unloaded, test_views);

	/* by elfmap_link__destroy(), and by elfmap_object__close() */
	add_loop_test(suite, test_pinned_goes_on, 2);
	return suite;
}
