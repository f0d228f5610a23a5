/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <libmnl/libmnl.h>

#include "netlink_read.h"

struct attributes {
	const struct nlattr **table;
	unsigned int most;
};

static int keep_attribute(const struct nlattr *attribute, void *ctx)
{
	const struct attributes *attributes = ctx;

	if (mnl_attr_get_type(attribute) <= attributes->most)
		attributes->table[mnl_attr_get_type(attribute)] = attribute;
	return MNL_CB_OK;
}

const void *netlink_read_header(const struct nlmsghdr *message, size_t size,
				const struct nlattr **table, unsigned int most)
{
	struct attributes attributes = { table, most };

	if (mnl_nlmsg_get_payload_len(message) < size)
		return NULL;
	if (mnl_attr_parse(message, (unsigned int)size, keep_attribute, &attributes) < 0)
		return NULL;
	return mnl_nlmsg_get_payload(message);
}

int netlink_read_nest(const struct nlattr *nest, const struct nlattr **table, unsigned int most)
{
	struct attributes attributes = { table, most };

	return mnl_attr_parse_nested(nest, keep_attribute, &attributes) < 0 ? -EBADMSG : 0;
}

__u8 netlink_read_u8(const struct nlattr *attribute)
{
	if (!attribute || mnl_attr_validate(attribute, MNL_TYPE_U8) < 0)
		return 0;
	return mnl_attr_get_u8(attribute);
}

__u32 netlink_read_u32(const struct nlattr *attribute)
{
	if (!attribute || mnl_attr_validate(attribute, MNL_TYPE_U32) < 0)
		return 0;
	return mnl_attr_get_u32(attribute);
}

void netlink_read_string(const struct nlattr *attribute, char *string, size_t size)
{
	string[0] = '\0';
	if (attribute && mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0)
		snprintf(string, size, "%s", mnl_attr_get_str(attribute));
}

void netlink_read_struct(const struct nlattr *attribute, void *data, size_t size)
{
	size_t length = attribute ? mnl_attr_get_payload_len(attribute) : 0;

	memset(data, 0, size);
	if (length)
		memcpy(data, mnl_attr_get_payload(attribute), length < size ? length : size);
}
