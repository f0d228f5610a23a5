// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * elfmap ip link set leaves the kernel as ip with iproute2's own loader did: which program runs in
 * which mode, which maps it has, what is pinned where, and what replaces what.
 */
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "test/namespace.h"
#include "test/original.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define SET "ip link set dev veth0 "
#define OBJECT "testdata/xdp.o"
#define OTHER "testdata/goebpf.o sec xdp"

static const struct mode {
	const char *word;
	__u8 attached;
} modes[] = {
	{ "xdpgeneric", XDP_ATTACHED_SKB },
	{ "xdpdrv", XDP_ATTACHED_DRV },
};
#define NR_MODES 2

static void assert_attached(const char *device, __u8 mode, const char *program)
{
	struct xdp_attachment xdp = attached_xdp(device);

	ck_assert_uint_eq(xdp.mode, mode);
	ck_assert_uint_ne(xdp.program, 0);
	ck_assert_uint_eq(xdp.generic, mode == XDP_ATTACHED_SKB ? xdp.program : 0);
	ck_assert_uint_eq(xdp.native, mode == XDP_ATTACHED_DRV ? xdp.program : 0);
	ck_assert_str_eq(program_info_of_id(xdp.program).name, program);
}

static void assert_not_attached(const char *device)
{
	struct xdp_attachment xdp = attached_xdp(device);

	ck_assert_uint_eq(xdp.mode, XDP_ATTACHED_NONE);
	ck_assert_uint_eq(xdp.program, 0);
}

/* --- what is attached --------------------------------------------------------------------- */

/*
 * Each XDP program of each object file in both modes: tags show that programs are not changed,
 * attributes that definitions are not misread, slots and pins that what belongs together does.
 */
START_TEST(test_state)
{
	const struct mode *mode = &modes[_i % NR_MODES];
	const struct outcome_program *program;
	struct object_file file = xdp_case((size_t)_i / NR_MODES, &program);
	const struct expectation expectation = {
		.file = &file,
		.asked = program,
		.type = BPF_PROG_TYPE_XDP,
		.only_held = true,
		.loader = LOADER_TC,
	};
	struct state state = { 0 };

	enter_kernel();
	tool_works(SET "%s obj %s sec %s", mode->word, file.path, program->section);
	assert_attached("veth0", mode->attached, program->name);
	assert_not_attached("veth1");
	state_add_program(&state, attached_xdp_program("veth0"));
	state_add_pins(&state, BPFFS);
	assert_state(&state, &expectation);
	assert_object_pins(&file, LOADER_TC);
}
END_TEST

/* All that ip takes for the same: one program, from the default section. */
static const char *const forms[] = {
	"ip link set dev veth0 xdp obj " OBJECT,
	"ip link set veth0 xdp obj " OBJECT,
	"ip link set xdp obj " OBJECT " veth0",
	"ip link set xdp obj " OBJECT " sec prog dev veth0",
	"ip link change dev veth0 xdp obj " OBJECT,
	"ip l s veth0 xdp object-file " OBJECT " section prog program forward",
	"ip li c veth0 xdp o " OBJECT " program forward",
	"ip -force link set dev veth0 xdp obj " OBJECT,
	"ip -4 -o link set dev veth0 xdpdrv obj " OBJECT " program forward sec prog",
};
#define NR_FORMS (sizeof(forms) / sizeof(forms[0]))

START_TEST(test_forms)
{
	__u8 tag[BPF_TAG_SIZE];

	enter_kernel();
	tool_works("%s", forms[_i]);
	assert_attached("veth0", XDP_ATTACHED_DRV, "forward");
	original_tag(OBJECT, "forward", tag);
	assert_tags_equal(program_info_of_id(attached_xdp_program("veth0")).tag, tag);
}
END_TEST

/* Without a mode it is native where the device has that, and generic where it has not. */
START_TEST(test_mode_is_the_devices)
{
	enter_kernel();
	tool_works("ip link set dev veth0 xdp obj " OBJECT);
	tool_works("ip link set dev lo xdp obj " OBJECT);
	assert_attached("veth0", XDP_ATTACHED_DRV, "forward");
	assert_attached("lo", XDP_ATTACHED_SKB, "forward");
}
END_TEST

/* Frames are counted, with their bytes: the program runs, in either mode. */
START_TEST(test_packets)
{
	const struct mode *mode = &modes[_i % NR_MODES];
	struct state state = { 0 };
	int seen CLEANUP(cleanup_fd) = -1;

	enter_kernel();
	tool_works(SET "%s obj testdata/%s", mode->word, _i < NR_MODES ? "xdp.o" : "xdp.btf.o");
	state_add_program(&state, attached_xdp_program("veth0"));
	seen = open_map(state_map(&state, "seen"));
	for (unsigned int count = 1; count <= 3; count++) {
		send_packet("veth1", ETH_P_IP, IPPROTO_UDP);
		wait_until(map_counter(seen, 1) == count * ETH_ZLEN);
		ck_assert_uint_eq(map_counter(seen, 0), count);
	}
}
END_TEST

/* --- off ---------------------------------------------------------------------------------- */

/* The program goes, its pins stay as after ip; where there is none, there is nothing to say. */
START_TEST(test_off)
{
	const struct mode *mode = &modes[_i % NR_MODES];
	const char *word = _i < NR_MODES ? "off" : "none";
	char *pins CLEANUP(cleanup_free) = NULL, *left CLEANUP(cleanup_free) = NULL;

	enter_kernel();
	tool_works(SET "%s obj " OBJECT, mode->word);
	pins = pinned_maps();
	tool_works(SET "%s %s", mode->word, word);
	assert_not_attached("veth0");
	tool_works(SET "%s %s", mode->word, word);
	assert_not_attached("veth0");
	left = pinned_maps();
	ck_assert_str_eq(left, pins);
}
END_TEST

/* Of a device with a native mode `xdp off` means that one: a generic program is not forgotten. */
START_TEST(test_off_of_the_other_mode)
{
	struct run run;

	enter_kernel();
	tool_works(SET "xdpgeneric obj " OBJECT);
	run = tool(SET "xdp off");
	assert_status(&run, 0);
	ck_assert_str_eq(run.out, "");
	ck_assert_ptr_nonnull(strstr(run.err, "elfmap: warning: veth0 still has a program"));
	ck_assert_ptr_nonnull(strstr(run.err, "elfmap ip link set dev veth0 xdpgeneric off\n"));
	free_run(&run);
	assert_attached("veth0", XDP_ATTACHED_SKB, "forward");
}
END_TEST

/* --- replacing ---------------------------------------------------------------------------- */

/* Without -force the program that is there stays, and of the other nothing does. */
START_TEST(test_no_replacement)
{
	char *before;

	enter_kernel();
	tool_works(SET "%s obj " OBJECT, modes[_i].word);
	before = snapshot();
	assert_kernel_refusal_with_details(tool(SET "%s obj " OTHER, modes[_i].word),
					   "elfmap: ip link set: veth0 xdp", "already attached",
					   "-force", "elfmap ip -force link set dev veth0 xdp");
	assert_unchanged(before);
}
END_TEST

/* With it there is always one of the two: the kernel exchanges them. */
START_TEST(test_replacement)
{
	__u32 first;

	enter_kernel();
	tool_works(SET "%s obj " OBJECT, modes[_i].word);
	first = attached_xdp_program("veth0");
	tool_works("ip -force link set dev veth0 %s obj " OTHER, modes[_i].word);
	assert_attached("veth0", modes[_i].attached, "count");
	ck_assert_uint_ne(attached_xdp_program("veth0"), first);
}
END_TEST

/* The kernel has no exchange between the modes, and the user is told how to take the first away. */
START_TEST(test_other_mode)
{
	const char *other = modes[!_i].word;
	char *before;

	enter_kernel();
	tool_works(SET "%s obj " OBJECT, modes[_i].word);
	before = snapshot();
	assert_kernel_refusal_with_details(
		tool("ip -force link set dev veth0 %s obj " OTHER, other), "same time",
		"elfmap ip link set dev veth0", modes[_i].word, "off");
	assert_unchanged(before);
}
END_TEST

/* A link of another process does not yield to -force, nor to off. */
START_TEST(test_bpf_link)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = XDP_FLAGS_DRV_MODE);
	int fd CLEANUP(cleanup_fd) = -1, link CLEANUP(cleanup_fd) = -1;
	char *before;

	enter_kernel();
	tool_works(SET "xdp obj " OBJECT);
	fd = open_program(attached_xdp_program("veth0"));
	tool_works(SET "xdp off");
	link = bpf_link_create(fd, (int)if_nametoindex("veth0"), BPF_XDP, &options);
	ck_assert_int_ge(link, 0);
	before = snapshot();
	assert_kernel_refusal_with_details(tool(SET "xdp obj " OTHER), "veth0", "bpf_link");
	assert_kernel_refusal_with_details(tool("ip -force link set dev veth0 xdp obj " OTHER),
					   "veth0", "bpf_link");
	assert_kernel_refusal_with_details(tool(SET "xdp off"), "veth0", "bpf_link");
	assert_unchanged(before);
}
END_TEST

/* --- pinned programs ---------------------------------------------------------------------- */

static void pin_program(__u32 id, const char *path)
{
	int fd CLEANUP(cleanup_fd) = open_program(id);

	ck_assert_int_eq(bpf_obj_pin(fd, path), 0);
}

/* By its path, and by the short form of paths below tc. */
START_TEST(test_pinned)
{
	__u32 id;

	enter_kernel();
	tool_works(SET "xdp obj " OBJECT);
	id = attached_xdp_program("veth0");
	pin_program(id, BPFFS "/tc/globals/kept");
	tool_works(SET "xdp off");
	tool_works(SET "xdpgeneric pinned " BPFFS "/tc/globals/kept");
	ck_assert_uint_eq(attached_xdp("veth0").generic, id);
	tool_works("ip link set dev veth1 xdpdrv pinned m:globals/kept");
	ck_assert_uint_eq(attached_xdp("veth1").native, id);
}
END_TEST

/* A program that was loaded for the host is none for a device. */
START_TEST(test_pinned_for_device)
{
	char *before;

	enter_kernel();
	tool_works(SET "xdp obj " OBJECT);
	pin_program(attached_xdp_program("veth0"), BPFFS "/tc/globals/kept");
	tool_works(SET "xdp off");
	before = snapshot();
	assert_kernel_refusal_with_details(tool(SET "xdpoffload pinned m:globals/kept"),
					   "veth0 xdpoffload: ", "xdp runs them on the host");
	assert_unchanged(before);
}
END_TEST

/* What is pinned must be there, a program, and one for XDP. */
START_TEST(test_pinned_something_else)
{
	char *before;

	enter_with_clsact();
	tool_works("tc filter add dev veth0 ingress bpf da obj testdata/elf28.o sec ingress");
	pin_program(attached_program("veth0", TC_H_MIN_INGRESS), BPFFS "/filter");
	before = snapshot();
	assert_refusal(tool(SET "xdp pinned " BPFFS "/filter"), BPFFS "/filter", "sched_cls",
		       "must be xdp");
	assert_refusal(tool(SET "xdp pinned " BPFFS "/tc/globals/policy"), "/tc/globals/policy",
		       "no program");
	assert_refusal(tool(SET "xdp pinned " BPFFS "/nothing"), BPFFS "/nothing",
		       "No such file or directory");
	assert_unchanged(before);
}
END_TEST

/* --- what goes wrong ---------------------------------------------------------------------- */

/* By the device, in the kernel's words, with what to do instead: nothing is left behind. */
static const struct refusal {
	const char *words;
	const char *said[4];
} refusals[] = {
	{ "dev lo xdpdrv obj " OBJECT, { "lo xdpdrv: ", "native", "dev lo xdpgeneric" } },
	{ "dev veth0 xdpoffload obj " OBJECT, { OBJECT, "veth0 has no", "place of xdpoffload" } },
	{ "dev lo xdpoffload obj " OBJECT, { OBJECT, "lo has no", "place of xdpoffload" } },
};
#define NR_REFUSALS (sizeof(refusals) / sizeof(refusals[0]))

START_TEST(test_devices_refusal)
{
	char *before;

	enter_kernel();
	before = snapshot();
	check_refusal(tool("ip link set %s", refusals[_i].words), 2, true, refusals[_i].said);
	assert_unchanged(before);
}
END_TEST

static void set_mtu(const char *device, int mtu)
{
	struct ifreq request = { .ifr_mtu = mtu };
	int fd CLEANUP(cleanup_fd) = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	strcpy(request.ifr_name, device);
	ck_assert_int_eq(ioctl(fd, SIOCSIFMTU, &request), 0);
}

/* The driver of veth gives its reason, and the generic mode does without the driver. */
START_TEST(test_mtu)
{
	char *before;

	enter_kernel();
	set_mtu("veth1", 9000);
	before = snapshot();
	assert_kernel_refusal_with_details(tool(SET "xdp obj " OBJECT), "veth0 xdp: ", "MTU",
					   "elfmap ip link set dev veth0 xdpgeneric");
	assert_unchanged(before);
	tool_works(SET "xdpgeneric obj " OBJECT);
	assert_attached("veth0", XDP_ATTACHED_SKB, "forward");
}
END_TEST

/* An object that names its section otherwise than ip does, or has no program of that name. */
START_TEST(test_no_such_program)
{
	char *before;

	enter_kernel();
	before = snapshot();
	assert_refusal_with_details(tool(SET "xdp obj testdata/goebpf.o"), "testdata/goebpf.o",
				    "'prog'", "default", "'sec'", "xdp (count)");
	assert_refusal_with_details(tool(SET "xdp obj " OBJECT " sec xdp"), OBJECT, "'xdp'",
				    "prog (forward)");
	assert_refusal_with_details(tool(SET "xdp obj " OBJECT " program count"), OBJECT, "'count'",
				    "prog (forward)");
	assert_unchanged(before);
}
END_TEST

START_TEST(test_no_such_file_or_device)
{
	enter_kernel();
	assert_refusal(tool(SET "xdp obj nothing.o"), "nothing.o", "No such file");
	assert_refusal(tool("ip link set dev nothing xdp obj " OBJECT), "\"nothing\"");
	assert_refusal(tool("ip link set dev nothing xdp off"), "\"nothing\"");
}
END_TEST

/* The verifier's words are shown, and nothing of the load stays. */
START_TEST(test_verifier)
{
	const struct bpf_insn bad = { .code = BPF_ALU64 | BPF_MOV | BPF_X, .src_reg = BPF_REG_9 };
	struct test_object object = object_load("xdp");
	const char *path;
	char *before;

	memcpy(object_section_bytes(&object, "prog"), &bad, sizeof(bad));
	path = scratch_object("bad.o", object);
	enter_kernel();
	before = snapshot();
	assert_kernel_refusal_with_details(tool(SET "xdp obj %s", path), path, "R9 !read_ok");
	assert_unchanged(before);
}
END_TEST

/* Without the rights: the kernel's refusal, and which they are. */
START_TEST(test_no_rights)
{
	struct run run;

	if (!have_command("setpriv"))
		test_skip("setpriv is not installed");
	enter_kernel();
	run = command(
		"setpriv --bounding-set -all --inh-caps -all %s ip link set dev veth0 xdp off",
		tool_path());
	assert_kernel_refusal_with_details(run, "veth0 xdp", "CAP_NET_ADMIN");
}
END_TEST

/* --- elsewhere, and many ------------------------------------------------------------------ */

/* -n is entered before anything is looked up or attached. */
START_TEST(test_named_namespace)
{
	int first;

	enter_kernel();
	first = leave_network_namespace("there");
	assert_refusal(tool(SET "xdp obj " OBJECT), "\"veth0\"");
	tool_works("ip -n there link set dev veth0 xdp obj " OBJECT);
	tool_works("ip -netns there link set dev lo xdpgeneric obj " OBJECT);
	assert_not_attached("lo");
	return_to_network_namespace(first);
	assert_attached("veth0", XDP_ATTACHED_DRV, "forward");
	assert_attached("lo", XDP_ATTACHED_SKB, "forward");
}
END_TEST

/* Lines are run one by one: the second fails, so that the third is not run, but with -force. */
START_TEST(test_batch)
{
	static const char lines[] = "link set dev veth0 xdp obj " OBJECT "\n"
				    "link set dev veth0 xdpgeneric obj " OBJECT "\n"
				    "link set dev veth1 xdpgeneric obj " OBJECT "\n";
	const char *path = scratch_file("lines", lines, strlen(lines));
	struct run run;

	enter_kernel();
	run = tool("ip -batch %s", path);
	assert_status(&run, 1);
	ck_assert_ptr_nonnull(strstr(run.err, "lines:2: "));
	free_run(&run);
	assert_attached("veth0", XDP_ATTACHED_DRV, "forward");
	assert_not_attached("veth1");
	run = tool("ip -force -batch %s", path);
	assert_status(&run, 1);
	free_run(&run);
	assert_attached("veth1", XDP_ATTACHED_SKB, "forward");
}
END_TEST

/* ---------------------------------------------------------------------------------------------- */

static const struct {
	const char *words;
	unsigned int flags; /* IFF_UP or nothing */
	int mtu;
} states[] = {
	{ "up xdpgeneric obj " OBJECT, IFF_UP, 1500 },
	{ "xdp obj " OBJECT " sec prog mtu 1400 up", IFF_UP, 1400 },
	{ "mtu 1300 down xdpgeneric obj " OBJECT, 0, 1300 },
};
#define NR_STATES (sizeof(states) / sizeof(states[0]))

/* What the kernel says of a device by itself. */
static struct ifreq ask_device(unsigned long what)
{
	int fd CLEANUP(cleanup_fd) = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "veth0" };

	ck_assert_int_eq(ioctl(fd, what, &request), 0);
	return request;
}

/* up, down and mtu may stand beside xdp, as scripts have them. */
START_TEST(test_beside_other_words)
{
	struct run run;

	enter_kernel();
	/* a native program takes only what fits into a page */
	run = tool("ip link set dev veth0 %s", states[_i].words);
	assert_status(&run, 0);
	free_run(&run);
	ck_assert_uint_ne(attached_xdp("veth0").program, 0);
	ck_assert_uint_eq((unsigned short)ask_device(SIOCGIFFLAGS).ifr_flags & IFF_UP,
			  states[_i].flags);
	ck_assert_int_eq(ask_device(SIOCGIFMTU).ifr_mtu, states[_i].mtu);
}
END_TEST

Suite *ip_link_suite(void)
{
	Suite *suite = suite_of("ip_link", test_mode_is_the_devices, test_off_of_the_other_mode,
				test_bpf_link, test_pinned, test_pinned_for_device,
				test_pinned_something_else, test_mtu, test_no_such_program,
				test_no_such_file_or_device, test_verifier, test_no_rights,
				test_named_namespace, test_batch);

	add_loop_test(suite, test_state, NR_MODES * nr_xdp_cases());
	add_loop_test(suite, test_forms, NR_FORMS);
	add_loop_test(suite, test_packets, 2 * NR_MODES);
	add_loop_test(suite, test_off, 2 * NR_MODES);
	add_loop_test(suite, test_no_replacement, NR_MODES);
	add_loop_test(suite, test_replacement, NR_MODES);
	add_loop_test(suite, test_other_mode, NR_MODES);
	add_loop_test(suite, test_devices_refusal, NR_REFUSALS);
	add_loop_test(suite, test_beside_other_words, NR_STATES);
	return suite;
}
