/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The tests' frame. Every suite is a file test_NAME.c that defines Suite *NAME_suite(void) and has
 * its NAME in the list below. Each test runs in a process of its own, with the top of the source
 * tree as working directory, and is killed after a minute.
 */
#ifndef ELFMAP_TESTS_H
#define ELFMAP_TESTS_H

#include <check.h>

/* The suites in the order they run: rooms first, then what is built from them. */
/* clang-format off */
#define TEST_SUITES(SUITE) \
	SUITE(harness) \
	SUITE(symbols) \
	SUITE(aged) \
	SUITE(read) \
	SUITE(hostile) \
	SUITE(decode) \
	SUITE(reads_same) \
	SUITE(size28) \
	SUITE(formats) \
	SUITE(btf_check) \
	SUITE(nesting) \
	SUITE(tail_calls) \
	SUITE(sections) \
	SUITE(naming) \
	SUITE(pinning) \
	SUITE(write) \
	SUITE(libbpf_view) \
	SUITE(image_btf) \
	SUITE(image_slots) \
	SUITE(tags) \
	SUITE(tags_kept) \
	SUITE(tags_hostile) \
	SUITE(bounds) \
	SUITE(growth) \
	SUITE(save) \
	SUITE(byte_order) \
	SUITE(api) \
	SUITE(memory) \
	SUITE(callbacks) \
	SUITE(changed_slots) \
	SUITE(map_change) \
	SUITE(own_fields) \
	SUITE(drop_in) \
	SUITE(repairs) \
	SUITE(repairs_code) \
	SUITE(repairs_sizes) \
	SUITE(ambiguous) \
	SUITE(claims) \
	SUITE(layout_rules) \
	SUITE(layout_pointers) \
	SUITE(mutations) \
	SUITE(properties) \
	SUITE(properties_image) \
	SUITE(contradictions) \
	SUITE(old_rules) \
	SUITE(tc_load) \
	SUITE(reuse) \
	SUITE(packets) \
	SUITE(load) \
	SUITE(handle) \
	SUITE(handle_btf) \
	SUITE(handle_entries) \
	SUITE(handle_batches) \
	SUITE(handle_pins) \
	SUITE(handle_threads) \
	SUITE(aged_load) \
	SUITE(section_load) \
	SUITE(converted) \
	SUITE(lossless_load) \
	SUITE(lossless_stock) \
	SUITE(pin_path) \
	SUITE(links) \
	SUITE(pin_object) \
	SUITE(unpin_object) \
	SUITE(open_pinned) \
	SUITE(generated_load) \
	SUITE(transaction) \
	SUITE(bpffs) \
	SUITE(explain) \
	SUITE(offload) \
	SUITE(map_export) \
	SUITE(map_export_hostile) \
	SUITE(map_export_socket) \
	SUITE(bad_input) \
	SUITE(usage) \
	SUITE(inspect) \
	SUITE(convert) \
	SUITE(losses) \
	SUITE(renamed) \
	SUITE(skeleton) \
	SUITE(remarks) \
	SUITE(tc_words) \
	SUITE(tc_show) \
	SUITE(tc_clsact) \
	SUITE(tc_blocks) \
	SUITE(live_replace) \
	SUITE(ip_link) \
	SUITE(ip_link_words) \
	SUITE(ip_link_show) \
	SUITE(ip_route) \
	SUITE(ip_route_words) \
	SUITE(lwt_packets) \
	SUITE(action_messages) \
	SUITE(action_show) \
	SUITE(tc_actions) \
	SUITE(tc_mirred) \
	SUITE(graft) \
	SUITE(export_import) \
	SUITE(trace_pipe) \
	SUITE(batch) \
	SUITE(netns) \
	SUITE(iproute2_options) \
	SUITE(keep_tail_calls) \
	SUITE(readme) \
	SUITE(completion) \
	SUITE(examples) \
	SUITE(failing_calls) \
	SUITE(man) \
	SUITE(together) \
	SUITE(beside_stock) \
	SUITE(exec) \
	SUITE(preload) \
	SUITE(preload_process) \
	SUITE(preload_skeleton) \
	SUITE(preload_stock) \
	SUITE(abi) \
	SUITE(header) \
	SUITE(install)
/* clang-format on */

#define TEST_SUITE_DECLARATION(name) Suite *name##_suite(void);
TEST_SUITES(TEST_SUITE_DECLARATION)
#undef TEST_SUITE_DECLARATION

/* A suite of one test case with these tests: suite_of("read", test_a, test_b). */
#define suite_of(name, ...)                                     \
	make_suite(name, (const TTest *const[]){ __VA_ARGS__ }, \
		   sizeof((const TTest *const[]){ __VA_ARGS__ }) / sizeof(const TTest *))
Suite *make_suite(const char *name, const TTest *const *tests, size_t nr_tests);
/* Add a test that runs count times, with the number of the run in _i. */
void add_loop_test(Suite *suite, const TTest *test, size_t count);

/* How messages of skipped tests begin; the runner tells them from failures by this. */
#define TEST_SKIP_PREFIX "SKIP "

/* End the test here, counted as skipped. The arguments are a literal format and its values. */
#define test_skip(...) ck_abort_msg(TEST_SKIP_PREFIX __VA_ARGS__)

/*
 * The same where the kernel or the rights are what is missing: with ELFMAP_REQUIRE_KERNEL=1 in the
 * environment the test has failed instead.
 */
#define test_skip_kernel(format, ...) ck_abort_msg("%s" format, test_kernel_prefix(), ##__VA_ARGS__)
const char *test_kernel_prefix(void);

#endif
