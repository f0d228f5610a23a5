// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The same words for elfmap with the original object, and for stock tc and ip with the converted one:
 * what the kernel has of each afterwards is the same.
 */
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "test/converted_file.h"
#include "test/setup.h"
#include "test/stock.h"
#include "test/tests.h"
#include "test/tool.h"

/* The words behind the device; %s is the object. Each is a filter, on ingress or egress. */
static const struct {
	__u32 hook;
	const char *object;
	const char *words;
} filters[] = {
	{ TC_H_MIN_INGRESS, "counter", "ingress bpf obj %s" },
	{ TC_H_MIN_INGRESS, "counter", "ingress bpf da obj %s sec ingress" },
	{ TC_H_MIN_EGRESS, "counter",
	  "egress prio 7 handle 0x2a protocol ip chain 3 bpf da obj %s sec ingress classid 1:2" },
	{ TC_H_MIN_EGRESS, "counter",
	  "parent ffff:fff3 pref 0x10 protocol 0x86dd handle 010 bpf "
	  "direct-action object-file %s section ingress flowid ff:" },
	{ TC_H_MIN_INGRESS, "counter", "ingress pri 3 prot arp ch 1 bpf obj %s s ingress d" },
	{ TC_H_MIN_INGRESS, "counter", "ingress bpf run obj %s sec ingress skip_hw da" },
	{ TC_H_MIN_INGRESS, "counter", "ingress protocol ip bpf obj %s verb c 0x1:2" },
	{ TC_H_MIN_INGRESS, "def20", "ingress bpf obj %s" },
	{ TC_H_MIN_EGRESS, "extended", "egress bpf da obj %s sec classifier" },
	{ TC_H_MIN_INGRESS, "elf36", "ingress prio 9 bpf da obj %s sec ingress" },
};
#define NR_FILTERS (sizeof(filters) / sizeof(filters[0]))

static const char *original(const char *object)
{
	static char path[64];

	snprintf(path, sizeof(path), "testdata/%s.o", object);
	return path;
}

static const char *converted(const char *object)
{
	struct object_file file = object_file_at(original(object));

	return converted_file(&file, "--for tc");
}

/* The words with the object in its place; for free(). */
static char *words_for(const char *words, const char *path)
{
	const char *place = strstr(words, "%s");
	char *text;

	ck_assert_ptr_nonnull(place);
	ck_assert_int_gt(asprintf(&text, "%.*s%s%s", (int)(place - words), words, path, place + 2),
			 0);
	return text;
}

static struct filter the_filter(const char *device, __u32 hook)
{
	struct filter filter;

	ck_assert_uint_eq(attached_filters(device, hook, &filter, 1), 1);
	return filter;
}

static void assert_same_program(__u32 ours, __u32 stock)
{
	struct program_info a = program_info_of_id(ours), b = program_info_of_id(stock);

	ck_assert_uint_eq(a.type, b.type);
	ck_assert_str_eq(a.name, b.name);
	assert_tags_equal(a.tag, b.tag);
	ck_assert_uint_eq(a.nr_maps, b.nr_maps);
}

START_TEST(test_filter)
{
	const __u32 hook = filters[_i].hook;
	char *ours CLEANUP(cleanup_free) = NULL, *stock CLEANUP(cleanup_free) = NULL;
	struct filter a, b;
	struct run run;

	require_stock("tc");
	enter_with_clsact();
	free(output_of("tc qdisc add dev veth1 clsact"));
	ours = words_for(filters[_i].words, original(filters[_i].object));
	stock = words_for(filters[_i].words, converted(filters[_i].object));
	run = tool("tc filter add dev veth0 %s", ours);
	assert_status(&run, 0);
	free_run(&run);
	free(output_of("tc filter add dev veth1 %s", stock));
	a = the_filter("veth0", hook);
	b = the_filter("veth1", hook);
	assert_same_program(a.program, b.program);
	ck_assert_uint_eq(a.handle, b.handle);
	ck_assert_uint_eq(a.preference, b.preference);
	ck_assert_uint_eq(a.protocol, b.protocol);
	ck_assert_uint_eq(a.chain, b.chain);
	ck_assert_uint_eq(a.classid, b.classid);
	ck_assert_uint_eq(a.flags, b.flags);
	ck_assert_uint_eq(a.gen_flags, b.gen_flags);
	ck_assert_str_eq(a.name, b.name);
}
END_TEST

static const struct {
	const char *object;
	const char *words;
} links[] = {
	{ "xdp", "xdp obj %s" },
	{ "xdp.btf", "xdpgeneric obj %s sec prog" },
	{ "xdp", "xdpdrv obj %s section prog verbose" },
	{ "idpin28", "xdpgeneric object-file %s" },
};
#define NR_LINKS (sizeof(links) / sizeof(links[0]))

START_TEST(test_link)
{
	char *ours CLEANUP(cleanup_free) = NULL, *stock CLEANUP(cleanup_free) = NULL;
	struct xdp_attachment a, b;
	struct run run;

	require_stock("ip");
	enter_kernel();
	ours = words_for(links[_i].words, original(links[_i].object));
	stock = words_for(links[_i].words, converted(links[_i].object));
	run = tool("ip link set dev veth0 %s", ours);
	assert_status(&run, 0);
	free_run(&run);
	free(output_of("ip link set dev veth1 %s", stock));
	a = attached_xdp("veth0");
	b = attached_xdp("veth1");
	ck_assert_uint_ne(a.mode, XDP_ATTACHED_NONE);
	ck_assert_uint_eq(a.mode, b.mode);
	assert_same_program(a.program, b.program);
}
END_TEST

Suite *beside_stock_suite(void)
{
	Suite *suite = suite_create("beside_stock");

	add_loop_test(suite, test_filter, NR_FILTERS);
	add_loop_test(suite, test_link, NR_LINKS);
	return suite;
}
