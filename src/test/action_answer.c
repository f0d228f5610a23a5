// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <string.h>
#include <unistd.h>
#include <linux/gen_stats.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_gact.h>

#include <libmnl/libmnl.h>

#include "test/action_answer.h"
#include "test/tests.h"

struct answer *begin_answer(__u32 total)
{
	static struct answer answer;
	struct nlmsghdr *header;

	memset(&answer, 0, sizeof(answer));
	header = mnl_nlmsg_put_header(answer.bytes);
	header->nlmsg_type = RTM_GETACTION;
	mnl_nlmsg_put_extra_header(header, sizeof(struct tcamsg));
	if (total)
		mnl_attr_put_u32(header, TCA_ROOT_COUNT, total);
	answer.list = mnl_attr_nest_start(header, TCA_ACT_TAB);
	return &answer;
}

void begin_action(struct answer *answer, __u16 order, const char *kind)
{
	answer->action = mnl_attr_nest_start(&answer->header, order);
	mnl_attr_put_strz(&answer->header, TCA_ACT_KIND, kind);
}

void begin_options(struct answer *answer)
{
	answer->options = mnl_attr_nest_start(&answer->header, TCA_ACT_OPTIONS);
}

void end_options(struct answer *answer)
{
	mnl_attr_nest_end(&answer->header, answer->options);
}

void end_action(struct answer *answer)
{
	mnl_attr_nest_end(&answer->header, answer->action);
}

void end_answer(struct answer *answer)
{
	mnl_attr_nest_end(&answer->header, answer->list);
}

void put_value(struct answer *answer, __u16 type, const void *value, size_t size)
{
	ck_assert_uint_lt(answer->header.nlmsg_len + size + 64, sizeof(answer->bytes));
	mnl_attr_put(&answer->header, type, size, value);
}

void put_parameters(struct answer *answer, __u16 type, __u32 index, int control)
{
	const struct tc_gact parameters = {
		.index = index,
		.action = control,
		.refcnt = 2,
		.bindcnt = 1,
	};

	put_value(answer, type, &parameters, sizeof(parameters));
}

/* In the kernel's units, of which USER_HZ are a second. */
void put_times(struct answer *answer, __u16 type, unsigned int installed, unsigned int used,
	       unsigned int first)
{
	const __u64 hertz = (__u64)sysconf(_SC_CLK_TCK);
	const struct tcf_t times = {
		.install = installed * hertz + hertz - 1,
		.lastuse = used * hertz,
		.firstuse = first * hertz,
	};

	put_value(answer, type, &times, sizeof(times));
}

void put_bits(struct answer *answer, __u16 type, __u32 value, __u32 selector)
{
	const struct nla_bitfield32 bits = { .value = value, .selector = selector };

	put_value(answer, type, &bits, sizeof(bits));
}

void put_stats(struct answer *answer, __u64 bytes, __u32 packets,
	       const struct gnet_stats_queue *queue)
{
	const struct gnet_stats_basic basic = { .bytes = bytes, .packets = packets };
	struct nlattr *nest = mnl_attr_nest_start(&answer->header, TCA_ACT_STATS);

	/* the kernel leaves out the struct's padding */
	put_value(answer, TCA_STATS_BASIC, &basic, 12);
	put_value(answer, TCA_STATS_QUEUE, queue, sizeof(*queue));
	mnl_attr_nest_end(&answer->header, nest);
}
