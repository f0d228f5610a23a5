// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_bpf.h>
#include <linux/tc_act/tc_gact.h>
#include <linux/tc_act/tc_mirred.h>

#include <libmnl/libmnl.h>

#include "cleanup.h"
#include "netlink.h"
#include "test/action_request.h"
#include "test/tests.h"

static int other_end = -1;

void begin_recording(struct netlink *nl)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	ck_assert_int_eq(shutdown(ends[1], SHUT_WR), 0);
	*nl = (struct netlink){ .socket = mnl_socket_fdopen(ends[0]) };
	ck_assert_ptr_nonnull(nl->socket);
	other_end = ends[1];
}

/* --- attributes --------------------------------------------------------------------------- */

static size_t size_of(const struct nlattr *attribute)
{
	return mnl_attr_get_payload_len(attribute);
}

static void put_hex(FILE *out, const char *name, const struct nlattr *attribute)
{
	const unsigned char *bytes = mnl_attr_get_payload(attribute);

	fprintf(out, "%s ", name);
	for (size_t i = 0; i < size_of(attribute); i++)
		fprintf(out, "%02x", bytes[i]);
	fputc(' ', out);
}

static void put_number(FILE *out, const char *name, const struct nlattr *attribute)
{
	ck_assert_uint_eq(size_of(attribute), sizeof(__u32));
	fprintf(out, "%s %u ", name, mnl_attr_get_u32(attribute));
}

static void put_string(FILE *out, const char *name, const struct nlattr *attribute)
{
	ck_assert_int_ge(mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING), 0);
	fprintf(out, "%s%s ", name, mnl_attr_get_str(attribute));
}

static void put_bits(FILE *out, const char *name, const struct nlattr *attribute)
{
	struct nla_bitfield32 bits;

	ck_assert_uint_eq(size_of(attribute), sizeof(bits));
	memcpy(&bits, mnl_attr_get_payload(attribute), sizeof(bits));
	fprintf(out, "%s %u/%u ", name, bits.value, bits.selector);
}

/* What only the kernel has to say is zero in a request. */
static void put_parameters(FILE *out, const struct nlattr *attribute)
{
	struct tc_gact parameters;

	ck_assert_uint_eq(size_of(attribute), sizeof(parameters));
	memcpy(&parameters, mnl_attr_get_payload(attribute), sizeof(parameters));
	ck_assert_uint_eq(parameters.capab, 0);
	ck_assert_int_eq(parameters.refcnt, 0);
	ck_assert_int_eq(parameters.bindcnt, 0);
	fprintf(out, "parms %u 0x%x ", parameters.index, (unsigned int)parameters.action);
}

static void put_unknown(FILE *out, const struct nlattr *attribute)
{
	fprintf(out, "?%u ", mnl_attr_get_type(attribute));
}

struct printing {
	FILE *out;
	const char *kind; /* of the action at hand */
};

static int put_bpf_option(const struct nlattr *attribute, void *ctx)
{
	FILE *out = ctx;

	switch (mnl_attr_get_type(attribute)) {
	case TCA_ACT_BPF_FD:
		put_number(out, "fd", attribute);
		break;
	case TCA_ACT_BPF_NAME:
		put_string(out, "name ", attribute);
		break;
	case TCA_ACT_BPF_PARMS:
		put_parameters(out, attribute);
		break;
	default:
		put_unknown(out, attribute);
	}
	return MNL_CB_OK;
}

static int put_gact_option(const struct nlattr *attribute, void *ctx)
{
	if (mnl_attr_get_type(attribute) == TCA_GACT_PARMS)
		put_parameters(ctx, attribute);
	else
		put_unknown(ctx, attribute);
	return MNL_CB_OK;
}

static void put_mirred(FILE *out, const struct nlattr *attribute)
{
	static const char *const directions[] = { "nothing", "egress redirect", "egress mirror",
						  "ingress redirect", "ingress mirror" };
	struct tc_mirred parameters;

	ck_assert_uint_eq(size_of(attribute), sizeof(parameters));
	memcpy(&parameters, mnl_attr_get_payload(attribute), sizeof(parameters));
	ck_assert_uint_eq(parameters.capab, 0);
	ck_assert_int_eq(parameters.refcnt, 0);
	ck_assert_int_eq(parameters.bindcnt, 0);
	ck_assert_int_ge(parameters.eaction, 0);
	ck_assert_int_lt(parameters.eaction, 5);
	fprintf(out, "parms %u 0x%x %s %u ", parameters.index, (unsigned int)parameters.action,
		directions[parameters.eaction], parameters.ifindex);
}

static int put_mirred_option(const struct nlattr *attribute, void *ctx)
{
	if (mnl_attr_get_type(attribute) == TCA_MIRRED_PARMS)
		put_mirred(ctx, attribute);
	else
		put_unknown(ctx, attribute);
	return MNL_CB_OK;
}

static void put_options(FILE *out, const char *kind, const struct nlattr *options)
{
	mnl_attr_cb_t put = put_gact_option;

	if (strcmp(kind, "bpf") == 0)
		put = put_bpf_option;
	else if (strcmp(kind, "mirred") == 0)
		put = put_mirred_option;
	fputc('{', out);
	ck_assert_int_ge(mnl_attr_parse_nested(options, put, out), 0);
	fputs("} ", out);
}

static int put_attribute(const struct nlattr *attribute, void *ctx)
{
	struct printing *printing = ctx;
	FILE *out = printing->out;

	switch (mnl_attr_get_type(attribute)) {
	case TCA_ACT_KIND:
		put_string(out, "", attribute);
		printing->kind = mnl_attr_get_str(attribute);
		break;
	case TCA_ACT_OPTIONS:
		put_options(out, printing->kind, attribute);
		break;
	case TCA_ACT_INDEX:
		put_number(out, "index", attribute);
		break;
	case TCA_ACT_COOKIE:
		put_hex(out, "cookie", attribute);
		break;
	case TCA_ACT_FLAGS:
		put_bits(out, "flags", attribute);
		break;
	case TCA_ACT_HW_STATS:
		put_bits(out, "hw_stats", attribute);
		break;
	default:
		put_unknown(out, attribute);
	}
	return MNL_CB_OK;
}

static int put_action(const struct nlattr *action, void *ctx)
{
	struct printing printing = { .out = ctx, .kind = "" };

	fprintf(printing.out, "%u{", mnl_attr_get_type(action));
	ck_assert_int_ge(mnl_attr_parse_nested(action, put_attribute, &printing), 0);
	fputs("} ", printing.out);
	return MNL_CB_OK;
}

static void put_actions(FILE *out, const struct nlattr *nest)
{
	ck_assert_int_ge(mnl_attr_parse_nested(nest, put_action, out), 0);
}

/* --- messages ----------------------------------------------------------------------------- */

static int put_filter_option(const struct nlattr *attribute, void *ctx)
{
	if (mnl_attr_get_type(attribute) == TCA_BPF_ACT)
		put_actions(ctx, attribute);
	return MNL_CB_OK;
}

static int put_filter_attribute(const struct nlattr *attribute, void *ctx)
{
	if (mnl_attr_get_type(attribute) != TCA_OPTIONS)
		return MNL_CB_OK;
	return mnl_attr_parse_nested(attribute, put_filter_option, ctx);
}

static int put_action_attribute(const struct nlattr *attribute, void *ctx)
{
	FILE *out = ctx;

	switch (mnl_attr_get_type(attribute)) {
	case TCA_ACT_TAB:
		put_actions(out, attribute);
		break;
	case TCA_ROOT_FLAGS:
		put_bits(out, "flags", attribute);
		break;
	case TCA_ROOT_TIME_DELTA:
		put_number(out, "since", attribute);
		break;
	default:
		put_unknown(out, attribute);
	}
	return MNL_CB_OK;
}

static void put_action_message(FILE *out, const struct nlmsghdr *message)
{
	const struct tcamsg none = { 0 };

	ck_assert_mem_eq(mnl_nlmsg_get_payload(message), &none, sizeof(none));
	ck_assert_int_ge(mnl_attr_parse(message, sizeof(none), put_action_attribute, out), 0);
}

/* A flag of one number means one thing to who makes, another to who asks. */
static void put_flags(FILE *out, const struct nlmsghdr *message)
{
	const bool makes = message->nlmsg_type == RTM_NEWACTION ||
			   message->nlmsg_type == RTM_NEWTFILTER;
	const __u16 flags = message->nlmsg_flags;

	ck_assert(flags & NLM_F_REQUEST);
	if (makes && flags & NLM_F_CREATE)
		fputs(" create", out);
	if (makes && flags & NLM_F_EXCL)
		fputs(" excl", out);
	if (makes && flags & NLM_F_REPLACE)
		fputs(" replace", out);
	if (!makes && (flags & NLM_F_DUMP) == NLM_F_DUMP)
		fputs(" dump", out);
	else if (!makes && flags & NLM_F_ROOT)
		fputs(" root", out);
	fputs(": ", out);
}

static void put_message(FILE *out, const struct nlmsghdr *message)
{
	switch (message->nlmsg_type) {
	case RTM_NEWACTION:
		fputs("new", out);
		break;
	case RTM_DELACTION:
		fputs("del", out);
		break;
	case RTM_GETACTION:
		fputs("get", out);
		break;
	case RTM_NEWTFILTER:
		fputs("filter", out);
		put_flags(out, message);
		ck_assert_int_ge(mnl_attr_parse(message, sizeof(struct tcmsg), put_filter_attribute,
						out),
				 0);
		return;
	default:
		ck_abort_msg("message %u", message->nlmsg_type);
	}
	put_flags(out, message);
	put_action_message(out, message);
}

/* Without the blanks that stand before what ends. */
static void tidy(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text != ' ' || (text[1] != '}' && text[1]))
			*to++ = *text;
	}
	*to = '\0';
}

char *recorded_request(void)
{
	union {
		struct nlmsghdr header;
		char bytes[NETLINK_REQUEST_SIZE];
	} request;
	ssize_t length = recv(other_end, request.bytes, sizeof(request.bytes), MSG_DONTWAIT);
	char *text = NULL;
	size_t size;
	FILE *out;

	ck_assert_msg(length > 0, "no request was sent");
	ck_assert(mnl_nlmsg_ok(&request.header, (int)length));
	out = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(out);
	put_message(out, &request.header);
	ck_assert_int_eq(fclose(out), 0);
	tidy(text);
	return text;
}
