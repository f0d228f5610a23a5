/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <linux/pkt_sched.h>

#include "attach_tc.h"
#include "cleanup.h"
#include "cli/cli.h"
#include "rtnetlink.h"
#include "tc_clsact.h"

static int find(const struct attach_tc_qdisc *qdisc, void *ctx)
{
	enum clsact *found = ctx;

	if (qdisc->parent == TC_H_CLSACT)
		*found = strcmp(qdisc->kind, "ingress") ? CLSACT_THERE : CLSACT_IS_INGRESS;
	return 0;
}

enum clsact clsact_find(int ifindex)
{
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	enum clsact found = CLSACT_NONE;

	if (netlink_open(&nl) || attach_tc_list_qdiscs(&nl, ifindex, find, &found))
		return CLSACT_UNKNOWN;
	return found;
}

static struct attach_tc_qdisc clsact(int ifindex)
{
	return (struct attach_tc_qdisc){
		.ifindex = ifindex,
		.handle = TC_H_MAKE(TC_H_CLSACT, 0),
		.parent = TC_H_CLSACT,
		.kind = "clsact",
	};
}

enum cli_status clsact_add(struct words *words, int ifindex, const char *device, bool *added)
{
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	const struct attach_tc_qdisc qdisc = clsact(ifindex);
	enum cli_status status = rtnetlink_open(words->cli, &nl);
	int err;

	if (status != CLI_OK)
		return status;
	err = attach_tc_qdisc(&nl, ATTACH_TC_ADD, &qdisc);
	if (err == -ENOENT) {
		rtnetlink_answer(words, &nl, err, device);
		message_detail(words->cli,
			       "this kernel has no clsact qdisc: that needs Linux 4.5 or "
			       "later, with CONFIG_NET_SCH_INGRESS");
		return CLI_KERNEL;
	}
	/* someone else was faster: that is as good */
	if (err == -EEXIST)
		return CLI_OK;
	status = rtnetlink_answer(words, &nl, err, device);
	if (status != CLI_OK)
		return status;
	*added = true;
	message_verbose(words->cli, "%s: %s: there was no clsact qdisc, added one", words->command,
			device);
	return CLI_OK;
}

static int stop(const struct attach_tc_filter *filter, void *ctx)
{
	(void)filter, (void)ctx;
	return -EBUSY;
}

void clsact_take_back(int ifindex)
{
	static const __u32 hooks[] = { TC_H_MIN_INGRESS, TC_H_MIN_EGRESS };
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	const struct attach_tc_qdisc qdisc = clsact(ifindex);
	size_t i;

	if (netlink_open(&nl))
		return;
	for (i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		const struct attach_tc_filter like = {
			.ifindex = ifindex,
			.parent = TC_H_MAKE(TC_H_CLSACT, hooks[i]),
		};

		if (attach_tc_list_filters(&nl, &like, stop, NULL))
			return;
	}
	attach_tc_qdisc(&nl, ATTACH_TC_DELETE, &qdisc);
}
