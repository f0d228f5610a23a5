/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "addresses.h"
#include "words.h"

/* Up to four numbers in C notation with dots between them. */
static bool read_ipv4(const char *text, __u8 *bytes)
{
	unsigned long number;
	char *end;
	size_t i;

	for (i = 0; i < 4; i++) {
		if (!isdigit((unsigned char)*text))
			return false;
		number = strtoul(text, &end, 0);
		if (number > 255)
			return false;
		bytes[i] = (__u8)number;
		if (!*end)
			return true;
		if (*end != '.')
			return false;
		text = end + 1;
	}
	return false;
}

bool read_address(const char *text, int family, struct attach_route_address *address)
{
	struct attach_route_address read = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };

	if (family != AF_UNSPEC && family != read.family)
		return false;
	if (read.family == AF_INET6 ? inet_pton(AF_INET6, text, read.bytes) != 1 :
				      !read_ipv4(text, read.bytes))
		return false;
	*address = read;
	return true;
}

/* A netmask such as 255.0.0.0: ones, then zeros. */
static bool read_netmask(const char *text, __u32 *length)
{
	__u8 bytes[4] = { 0 };
	__u32 mask, bits = 0;

	if (!read_ipv4(text, bytes))
		return false;
	mask = (__u32)bytes[0] << 24 | (__u32)bytes[1] << 16 | (__u32)bytes[2] << 8 | bytes[3];
	for (; mask & 1U << 31; mask <<= 1)
		bits++;
	if (mask)
		return false;
	*length = bits;
	return true;
}

static bool read_length(const char *text, __u32 most, __u8 *length)
{
	__u32 value;

	if (!read_number(text, most, &value) && (!read_netmask(text, &value) || value > most))
		return false;
	*length = (__u8)value;
	return true;
}

static bool is_everywhere(const char *text)
{
	return !strcmp(text, "default") || !strcmp(text, "any") || !strcmp(text, "all");
}

bool read_prefix(const char *text, int family, struct prefix *prefix)
{
	char copy[64]; /* the longest address has 45 characters */
	size_t length = strcspn(text, "/");
	struct prefix read = { .length = 0 };
	__u32 most;

	if (is_everywhere(text)) {
		*prefix = read;
		return true;
	}
	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (!read_address(copy, family, &read.address))
		return false;
	most = (__u32)attach_route_address_size(read.address.family) * 8;
	read.length = (__u8)most;
	if (text[length] && !read_length(text + length + 1, most, &read.length))
		return false;
	*prefix = read;
	return true;
}
