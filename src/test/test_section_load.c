// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Programs from sections that only old loaders know, in the kernel. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <net/if.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/kernel.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/tests.h"

struct renamed {
	const char *section;
	enum bpf_prog_type type;
};

static const struct renamed renamed[] = {
	{ "socket2", BPF_PROG_TYPE_SOCKET_FILTER },
	{ "skfilter/x", BPF_PROG_TYPE_SOCKET_FILTER },
	{ "classifier/x", BPF_PROG_TYPE_SCHED_CLS },
	{ "schedcls/ingress/x", BPF_PROG_TYPE_SCHED_CLS },
	{ "tc/ingress", BPF_PROG_TYPE_SCHED_CLS },
	{ "sched_cls/x", BPF_PROG_TYPE_SCHED_CLS },
	{ "tc_act/x", BPF_PROG_TYPE_SCHED_ACT },
	{ "action_ok", BPF_PROG_TYPE_SCHED_ACT },
	{ "prog", BPF_PROG_TYPE_XDP },
	{ "xdp_drop", BPF_PROG_TYPE_XDP },
	{ "xdp_devmap/x", BPF_PROG_TYPE_XDP },
	{ "xdp_cpumap/x", BPF_PROG_TYPE_XDP },
	{ "kprobe/sys_foo", BPF_PROG_TYPE_KPROBE },
	{ "tracepoint/sched/sched_switch", BPF_PROG_TYPE_TRACEPOINT },
	{ "perf_event/cpu", BPF_PROG_TYPE_PERF_EVENT },
	{ "lwt_in_foo", BPF_PROG_TYPE_LWT_IN },
	{ "lwt_seg6local_foo", BPF_PROG_TYPE_LWT_SEG6LOCAL },
	{ "sockops1", BPF_PROG_TYPE_SOCK_OPS },
	{ "sk_skb1", BPF_PROG_TYPE_SK_SKB },
	{ "sk_skb/stream_parser1", BPF_PROG_TYPE_SK_SKB },
	{ "sk_msg1", BPF_PROG_TYPE_SK_MSG },
	{ "sk_reuseport/x", BPF_PROG_TYPE_SK_REUSEPORT },
	{ "sk_lookup/x", BPF_PROG_TYPE_SK_LOOKUP },
	{ "flow_dissector_x", BPF_PROG_TYPE_FLOW_DISSECTOR },
	{ "cgroup/skb_foo", BPF_PROG_TYPE_CGROUP_SKB },
	{ "cgroup_skb/egress_x", BPF_PROG_TYPE_CGROUP_SKB },
	{ "cgroup/dev_x", BPF_PROG_TYPE_CGROUP_DEVICE },
	{ "cgroup/sysctl_x", BPF_PROG_TYPE_CGROUP_SYSCTL },
};

/* Those of which the kernel wants to be told at load what they will be attached to. */
static const struct {
	struct renamed renamed;
	enum bpf_attach_type attach_type;
	enum bpf_attach_type other;
} attached[] = {
	{ { "cgroup/bind4_x", BPF_PROG_TYPE_CGROUP_SOCK_ADDR },
	  BPF_CGROUP_INET4_BIND,
	  BPF_CGROUP_INET6_BIND },
	{ { "connect6/x", BPF_PROG_TYPE_CGROUP_SOCK_ADDR },
	  BPF_CGROUP_INET6_CONNECT,
	  BPF_CGROUP_INET4_CONNECT },
	{ { "cgroup/sendmsg4_x", BPF_PROG_TYPE_CGROUP_SOCK_ADDR },
	  BPF_CGROUP_UDP4_SENDMSG,
	  BPF_CGROUP_UDP6_SENDMSG },
	{ { "cgroup/sock_release2", BPF_PROG_TYPE_CGROUP_SOCK },
	  BPF_CGROUP_INET_SOCK_RELEASE,
	  BPF_CGROUP_INET_SOCK_CREATE },
	{ { "cgroup/sock1", BPF_PROG_TYPE_CGROUP_SOCK },
	  BPF_CGROUP_INET_SOCK_CREATE,
	  BPF_CGROUP_INET_SOCK_RELEASE },
	{ { "postbind4/x", BPF_PROG_TYPE_CGROUP_SOCK },
	  BPF_CGROUP_INET4_POST_BIND,
	  BPF_CGROUP_INET6_POST_BIND },
	{ { "getsockopt/x", BPF_PROG_TYPE_CGROUP_SOCKOPT },
	  BPF_CGROUP_GETSOCKOPT,
	  BPF_CGROUP_SETSOCKOPT },
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* --- loading ------------------------------------------------------------------------------- */

/* counter with program direct, which returns 0, in that section. */
static struct test_object counter_with(const char *section)
{
	struct test_object object = object_load("counter");

	object_rename_section(&object, "ingress", section);
	return object;
}

static struct elfmap_object *open_renamed(const char *section)
{
	struct test_object changed = counter_with(section);
	struct elfmap_object *object = open_object(&changed, NULL);

	object_free(&changed);
	return object;
}

static void load(struct elfmap_object *object)
{
	ck_assert_msg(elfmap_object__load(object) == 0, "%s", messages(ELFMAP_LOG_ERROR));
}

/* Load it; the descriptor of program direct is the object's. */
static int load_renamed(const struct renamed *program, struct elfmap_object **object)
{
	int fd;

	enter_kernel();
	if (libbpf_probe_bpf_prog_type(program->type, NULL) == 0)
		test_skip("this kernel has no programs of type %s",
			  libbpf_bpf_prog_type_str(program->type));
	*object = open_renamed(program->section);
	load(*object);
	fd = elfmap_program__fd(program_of(*object, "direct"));
	ck_assert_msg(program_info(fd).type == program->type, "%s: type %u", program->section,
		      program_info(fd).type);
	ck_assert_uint_eq(program_info(elfmap_program__fd(program_of(*object, "classify"))).type,
			  BPF_PROG_TYPE_SCHED_CLS);
	return fd;
}

START_TEST(test_types)
{
	struct elfmap_object *object;

	load_renamed(&renamed[_i], &object);
	elfmap_object__close(object);
}
END_TEST

/*
 * The kernel does not say which attach type it was told, but looks at it before it looks at what a
 * program is to be attached to, here at no cgroup.
 */
static void assert_attach_type(int fd, enum bpf_attach_type attach_type, enum bpf_attach_type other)
{
	ck_assert_int_eq(bpf_prog_attach(fd, -1, attach_type, 0), -EBADF);
	ck_assert_int_eq(bpf_prog_attach(fd, -1, other, 0), -EINVAL);
}

START_TEST(test_attach_types)
{
	struct elfmap_object *object;
	int fd = load_renamed(&attached[_i].renamed, &object);

	assert_attach_type(fd, attached[_i].attach_type, attached[_i].other);
	elfmap_object__close(object);
}
END_TEST

/* What the caller sets is what the kernel is told, with the type that libbpf guessed as well. */
START_TEST(test_set_attach_type)
{
	struct elfmap_object *object = open_renamed("cgroup/bind4");
	struct elfmap_program *program = program_of(object, "direct");

	enter_kernel();
	elfmap_program__set_expected_attach_type(program, BPF_CGROUP_INET6_BIND);
	load(object);
	assert_attach_type(elfmap_program__fd(program), BPF_CGROUP_INET6_BIND,
			   BPF_CGROUP_INET4_BIND);
	elfmap_object__close(object);
}
END_TEST

/* A device map takes no program but one that was loaded for it. */
static int put_into_devmap(int program)
{
	const struct bpf_devmap_val value = { .ifindex = if_nametoindex("veth0"),
					      .bpf_prog.fd = program };
	int map CLEANUP(cleanup_fd) = bpf_map_create(BPF_MAP_TYPE_DEVMAP, "devices", sizeof(__u32),
						     sizeof(value), 1, NULL);
	__u32 key = 0;

	ck_assert_int_ge(map, 0);
	return bpf_map_update_elem(map, &key, &value, 0);
}

START_TEST(test_devmap)
{
	static const struct renamed other = { "xdp_devmap", BPF_PROG_TYPE_XDP };
	static const struct renamed devmap = { "xdp_devmap/x", BPF_PROG_TYPE_XDP };
	struct elfmap_object *object;

	ck_assert_int_eq(put_into_devmap(load_renamed(&devmap, &object)), 0);
	elfmap_object__close(object);
	object = open_renamed(other.section);
	load(object);
	ck_assert_int_eq(put_into_devmap(elfmap_program__fd(program_of(object, "direct"))),
			 -EINVAL);
	elfmap_object__close(object);
}
END_TEST

/* Newer kernels want one attach type of all programs that a prog array ties together. */
START_TEST(test_tail_calls)
{
	struct test_object changed = object_load("tailcalls");
	struct elfmap_object *object;
	int fd CLEANUP(cleanup_fd) = -1;

	object_rename_section(&changed, "classifier", "xdp_main");
	object = open_object(&changed, NULL);
	enter_kernel();
	load(object);
	fd = open_pin(BPFFS "/tc/globals/steps");
	ck_assert_uint_eq(slot_id(fd, 0),
			  program_info(elfmap_program__fd(program_of(object, "parse"))).id);
	ck_assert_uint_eq(program_info_of_id(slot_id(fd, 1)).type, BPF_PROG_TYPE_XDP);
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

/* The drop-in sets both on libbpf's programs. */
START_TEST(test_drop_in)
{
	struct test_object changed = counter_with("recvmsg6/x");
	struct bpf_object *object;
	struct bpf_program *program;

	enter_kernel();
	object = elfmap_open_mem(changed.bytes, changed.size, NULL);
	ck_assert_ptr_nonnull(object);
	program = bpf_object__find_program_by_name(object, "direct");
	ck_assert_int_eq(bpf_program__type(program), BPF_PROG_TYPE_CGROUP_SOCK_ADDR);
	ck_assert_int_eq(bpf_program__expected_attach_type(program), BPF_CGROUP_UDP6_RECVMSG);
	bpf_object__close(object);
	object_free(&changed);
}
END_TEST

Suite *section_load_suite(void)
{
	Suite *suite = suite_of("section_load", test_set_attach_type, test_devmap, test_tail_calls,
				test_drop_in);

	add_loop_test(suite, test_types, LENGTH(renamed));
	add_loop_test(suite, test_attach_types, LENGTH(attached));
	return suite;
}
