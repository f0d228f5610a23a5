// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Scripts read what ip lists: of each link elfmap ip link show lists what ip does, as far as that is
 * its name and XDP, in text and in JSON.
 */
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "test/namespace.h"
#include "test/outcome.h"
#include "test/parsed.h"
#include "test/printed.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

/* A generic program on lo, a native one on veth0, none on veth1 and on two that are down. */
static void attach_programs(void)
{
	enter_kernel();
	ck_assert_int_eq(make_veth_pair("down0", "down1"), 0);
	tool_works("ip link set dev lo xdp obj testdata/goebpf.btf.o sec xdp");
	tool_works("ip link set dev veth0 xdp obj testdata/xdp.o");
}

static void require_stock_ip(void)
{
	if (!have_command("ip"))
		test_skip("ip is not installed");
}

/* --- text --------------------------------------------------------------------------------- */

/* Of a link's first line its number, its name, and how a program is attached. */
static void put_first_line(FILE *out, const char *line)
{
	const char *name = strstr(line, ": ");
	const char *words = name ? strstr(name + 2, ": ") : NULL;
	const char *xdp = words ? strstr(words, " xdp") : NULL;

	ck_assert_msg(words, "%s", line);
	fwrite(line, 1, (size_t)(words + 2 - line), out);
	if (xdp)
		fprintf(out, "%.*s ", (int)strcspn(xdp + 1, " "), xdp + 1);
}

/* What of ip's output is elfmap's too. Lines end in newlines, with -o the inner ones in "\". */
static char *xdp_part(const char *text)
{
	char *part = NULL, *copy CLEANUP(cleanup_free) = strdup(text), *at = copy;
	const char *end = "";
	size_t size = 0;
	FILE *out = open_memstream(&part, &size);

	ck_assert(out && copy);
	while (*at) {
		size_t length = strcspn(at, "\n\\");
		char *next = at + length + (at[length] != '\0');
		char ending[] = { at[length], '\0' };

		at[length] = '\0';
		if (*at != ' ') {
			fputs(end[0] ? "\n" : "", out);
			put_first_line(out, at);
		} else if (!strncmp(at, "    prog/xdp", 12)) {
			fprintf(out, "%s%s", end, at);
		}
		end = ending[0] == '\\' ? "\\" : "\n";
		at = next;
	}
	fputs(end, out);
	fclose(out);
	return part;
}

static const char *const shown[] = {
	"",
	"show",
	"list",
	"lst up",
	"show up",
	"show veth0",
	"show dev veth0",
	"show dev veth0 up",
	"show dev lo",
	"show dev veth1",
	"show dev down0",
};
#define NR_SHOWN (sizeof(shown) / sizeof(shown[0]))

static void assert_same_text(const char *options, const char *words)
{
	char *ours CLEANUP(cleanup_free) = tool_output("ip %s link %s", options, words);
	char *stock CLEANUP(cleanup_free) = output_of("ip %s link %s", options, words);
	char *expected CLEANUP(cleanup_free) = xdp_part(stock);

	ck_assert_msg(!strcmp(ours, expected), "%s %s:\n%snot\n%s", options, words, ours, expected);
}

START_TEST(test_text)
{
	require_stock_ip();
	attach_programs();
	assert_same_text("", shown[_i]);
	assert_same_text("-d", shown[_i]);
	assert_same_text("-o", shown[_i]);
	assert_same_text("-d -oneline -s", shown[_i]);
}
END_TEST

/* --- JSON --------------------------------------------------------------------------------- */

/* The members that are elfmap's too; without the empty objects that ip has for links left out. */
static struct json_object *xdp_members(struct json_object *list)
{
	static const char *const names[] = { "ifindex", "link", "link_index", "ifname", "xdp" };
	struct json_object *result = json_object_new_array(), *link, *value;

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *part = json_object_new_object();

		link = json_object_array_get_idx(list, i);
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			if (json_object_object_get_ex(link, names[j], &value))
				json_object_object_add(part, names[j], json_object_get(value));
		}
		if (json_object_object_length(part))
			json_object_array_add(result, part);
		else
			json_object_put(part);
	}
	return result;
}

static void assert_same_json(const char *options, const char *words)
{
	char *ours CLEANUP(cleanup_free) = tool_output("ip %s link %s", options, words);
	char *stock CLEANUP(cleanup_free) = output_of("ip %s link %s", options, words);
	struct json_object *our_json = parse_json(ours), *stock_json = parse_json(stock);
	struct json_object *expected = xdp_members(stock_json);

	ck_assert_msg(json_object_equal(our_json, expected), "%s %s: %s, not %s", options, words,
		      ours, json_object_to_json_string(expected));
	json_object_put(our_json);
	json_object_put(stock_json);
	json_object_put(expected);
}

START_TEST(test_json)
{
	require_stock_ip();
	attach_programs();
	assert_same_json("-j", shown[_i]);
	assert_same_json("-j -p", shown[_i]);
	assert_same_json("-d -j", shown[_i]);
}
END_TEST

/* The other end is in another namespace: only its number is known here. */
START_TEST(test_peer_elsewhere)
{
	require_stock_ip();
	attach_programs();
	leave_network_namespace("there");
	ck_assert_int_eq(make_veth_pair("veth2", "veth3"), 0);
	free(output_of("ip link set dev veth3 netns there"));
	tool_works("ip link set dev veth2 xdp obj testdata/xdp.o");
	assert_same_text("", "show");
	assert_same_json("-j", "show");
	assert_same_json("-j -n there", "show dev veth3");
	assert_same_text("-n there", "show dev veth3");
}
END_TEST

/* --- without stock ip --------------------------------------------------------------------- */

static void tag_text(__u32 program, char text[2 * BPF_TAG_SIZE + 1])
{
	struct program_info info = program_info_of_id(program);

	for (int i = 0; i < BPF_TAG_SIZE; i++)
		sprintf(text + 2 * i, "%02x", info.tag[i]);
}

/* What the kernel has is what is shown. */
START_TEST(test_lines)
{
	char line[128], tag[2 * BPF_TAG_SIZE + 1];
	char *out CLEANUP(cleanup_free) = NULL;
	__u32 id;

	attach_programs();
	id = attached_xdp_program("lo");
	tag_text(id, tag);
	out = tool_output("ip link show");
	ck_assert(has_line(out, "1: lo: xdpgeneric "));
	snprintf(line, sizeof(line), "    prog/xdp id %u name count tag %s jited ", id, tag);
	ck_assert_msg(has_line(out, line), "%s", out);
	snprintf(line, sizeof(line), "%u: veth0@veth1: xdp ", if_nametoindex("veth0"));
	ck_assert(has_line(out, line));
	snprintf(line, sizeof(line), "%u: veth1@veth0: ", if_nametoindex("veth1"));
	ck_assert(has_line(out, line));
	snprintf(line, sizeof(line), "%u: down0@down1: ", if_nametoindex("down0"));
	ck_assert(has_line(out, line));
}
END_TEST

START_TEST(test_members)
{
	struct json_object *json, *link, *xdp;
	char tag[2 * BPF_TAG_SIZE + 1];
	char *out CLEANUP(cleanup_free) = NULL;

	attach_programs();
	out = tool_output("ip -j link show dev veth0");
	json = parse_json(out);
	ck_assert_uint_eq(json_object_array_length(json), 1);
	link = json_object_array_get_idx(json, 0);
	ck_assert_int_eq(member_number(link, "ifindex"), if_nametoindex("veth0"));
	ck_assert_str_eq(member_text(link, "ifname"), "veth0");
	ck_assert_str_eq(member_text(link, "link"), "veth1");
	xdp = member(link, "xdp");
	ck_assert_int_eq(member_number(xdp, "mode"), XDP_ATTACHED_DRV);
	ck_assert_int_eq(member_number(member(xdp, "prog"), "id"), attached_xdp_program("veth0"));
	tag_text(attached_xdp_program("veth0"), tag);
	ck_assert_str_eq(member_text(member(xdp, "prog"), "tag"), tag);
	ck_assert_uint_eq(member_length(xdp, "attached"), 1);
	ck_assert_int_eq(member_number(member_at(xdp, "attached", 0), "mode"), XDP_ATTACHED_DRV);
	json_object_put(json);
}
END_TEST

/* Only what is up, and nothing where the only one that is asked for is not. */
START_TEST(test_up)
{
	char *up CLEANUP(cleanup_free) = NULL, *one CLEANUP(cleanup_free) = NULL;

	attach_programs();
	up = tool_output("ip link show up");
	ck_assert_ptr_nonnull(strstr(up, "veth0"));
	ck_assert_ptr_null(strstr(up, "down"));
	one = tool_output("ip link show dev down0 up");
	ck_assert_str_eq(one, "");
	assert_refusal(tool("ip link show dev nothing"), "\"nothing\"");
}
END_TEST

/* Names in cyan, where that is asked for; a name cannot color more, nor do anything else. */
START_TEST(test_colors)
{
	char *plain CLEANUP(cleanup_free) = NULL, *colored CLEANUP(cleanup_free) = NULL;

	enter_kernel();
	ck_assert_int_eq(make_veth_pair("a\033[2Jb", "c"), 0);
	plain = tool_output("ip -c=auto link show");
	ck_assert_ptr_null(strchr(plain, '\033'));
	ck_assert_ptr_nonnull(strstr(plain, ": a?[2Jb@c: "));
	colored = tool_output("ip -c link show");
	ck_assert_ptr_nonnull(strstr(colored, ": \033[36ma?[2Jb@c: \033[0m\n"));
}
END_TEST

/* Who may not ask for programs sees their ids, as with ip. */
START_TEST(test_no_rights)
{
	char *out CLEANUP(cleanup_free) = NULL;
	char line[64];

	if (!have_command("setpriv"))
		test_skip("setpriv is not installed");
	attach_programs();
	out = output_of("setpriv --bounding-set -all --inh-caps -all %s ip link show dev veth0",
			tool_path());
	snprintf(line, sizeof(line), "    prog/xdp id %u ", attached_xdp_program("veth0"));
	ck_assert_msg(has_line(out, line), "%s", out);
}
END_TEST

Suite *ip_link_show_suite(void)
{
	Suite *suite = suite_of("ip_link_show", test_peer_elsewhere, test_lines, test_members,
				test_up, test_colors, test_no_rights);

	add_loop_test(suite, test_text, NR_SHOWN);
	add_loop_test(suite, test_json, NR_SHOWN);
	return suite;
}
