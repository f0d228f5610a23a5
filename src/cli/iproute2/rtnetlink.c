/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "cli/cli.h"
#include "rtnetlink.h"

int rtnetlink_find_device(struct cli *cli, const char *name)
{
	unsigned int index = if_nametoindex(name);

	if (!index)
		message_error(cli, "Cannot find device \"%s\"", name);
	return (int)index;
}

enum cli_status rtnetlink_open(struct cli *cli, struct netlink *nl)
{
	int err = netlink_open(nl);

	return err ? message_refused(cli, err, "cannot open rtnetlink") : CLI_OK;
}

enum cli_status rtnetlink_answer(struct words *words, const struct netlink *nl, int err,
				 const char *where)
{
	struct cli *cli = words->cli;

	if (err == -EINTR && nl->interrupted) {
		message_warning(cli, "%s: %s: changed meanwhile, the list may be incomplete",
				words->command, where);
		return CLI_OK;
	}
	if (!err) {
		if (nl->text[0])
			message_warning(cli, "%s: %s: %s", words->command, where, nl->text);
		return CLI_OK;
	}
	message_error(cli, "%s: %s: %s", words->command, where,
		      nl->text[0] ? nl->text : strerror(-err));
	if (err == -EPERM)
		message_detail(cli, "this needs root, or CAP_NET_ADMIN");
	return CLI_KERNEL;
}
