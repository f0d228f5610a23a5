/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Each file has lines "NUMBER NAME", decimal or as 0xHEX, and comments behind #; beside it there may
 * be a directory of more such files, NAME.d/ANY.conf.
 */
#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/rtnetlink.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "route_names.h"
#include "words.h"

#define DIRECTORY "/etc/iproute2/"

struct named_number {
	const char *name;
	__u32 number;
};

struct route_names {
	const char *file; /* of DIRECTORY */
	const struct named_number *own;
	__u32 most;
	bool hexadecimal; /* numbers without 0x too */
};

static const struct named_number tables[] = {
	{ "default", RT_TABLE_DEFAULT },
	{ "main", RT_TABLE_MAIN },
	{ "local", RT_TABLE_LOCAL },
	{ NULL, 0 },
};

static const struct named_number protocols[] = {
	{ "unspec", RTPROT_UNSPEC },
	{ "redirect", RTPROT_REDIRECT },
	{ "kernel", RTPROT_KERNEL },
	{ "boot", RTPROT_BOOT },
	{ "static", RTPROT_STATIC },
	{ "gated", RTPROT_GATED },
	{ "ra", RTPROT_RA },
	{ "mrt", RTPROT_MRT },
	{ "zebra", RTPROT_ZEBRA },
	{ "bird", RTPROT_BIRD },
	{ "dnrouted", RTPROT_DNROUTED },
	{ "xorp", RTPROT_XORP },
	{ "ntk", RTPROT_NTK },
	{ "dhcp", RTPROT_DHCP },
	{ "keepalived", RTPROT_KEEPALIVED },
	{ "babel", RTPROT_BABEL },
	{ "bgp", RTPROT_BGP },
	{ "isis", RTPROT_ISIS },
	{ "ospf", RTPROT_OSPF },
	{ "rip", RTPROT_RIP },
	{ "eigrp", RTPROT_EIGRP },
	{ NULL, 0 },
};

static const struct named_number scopes[] = {
	{ "global", RT_SCOPE_UNIVERSE }, { "nowhere", RT_SCOPE_NOWHERE }, { "host", RT_SCOPE_HOST },
	{ "link", RT_SCOPE_LINK },	 { "site", RT_SCOPE_SITE },	  { NULL, 0 },
};

static const struct named_number no_names[] = { { NULL, 0 } };

const struct route_names route_table_names = { "rt_tables", tables, (__u32)-1, false };
const struct route_names route_protocol_names = { "rt_protos", protocols, 0xff, false };
const struct route_names route_scope_names = { "rt_scopes", scopes, 0xff, false };
const struct route_names route_tos_names = { "rt_dsfield", no_names, 0xff, true };

/* Whether a line gives the name to a number. */
static bool read_line(char *line, const char *name, __u32 most, __u32 *number)
{
	char *rest = line;
	const char *first, *second;

	line[strcspn(line, "#")] = '\0';
	first = strtok_r(line, " \t\n", &rest);
	second = first ? strtok_r(NULL, " \t\n", &rest) : NULL;
	return second && !strcmp(second, name) && read_number(first, most, number);
}

static bool read_file(const char *path, const char *name, __u32 most, __u32 *number)
{
	CLEANUP(cleanup_file) FILE *file = fopen(path, "re");
	CLEANUP(cleanup_free) char *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) >= 0) {
		if (read_line(line, name, most, number))
			return true;
	}
	return false;
}

static bool read_files(const struct route_names *names, const char *name, __u32 *number)
{
	CLEANUP(globfree) glob_t found = { .gl_pathc = 0 };
	char pattern[64];
	size_t i;

	snprintf(pattern, sizeof(pattern), DIRECTORY "%s", names->file);
	if (read_file(pattern, name, names->most, number))
		return true;
	snprintf(pattern, sizeof(pattern), DIRECTORY "%s.d/*.conf", names->file);
	if (glob(pattern, 0, NULL, &found))
		return false;
	for (i = 0; i < found.gl_pathc; i++) {
		if (read_file(found.gl_pathv[i], name, names->most, number))
			return true;
	}
	return false;
}

static bool read_hexadecimal(const char *text, __u32 most, __u32 *number)
{
	unsigned long value;
	char *end;

	if (!isxdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoul(text, &end, 16);
	if (errno || *end || value > most)
		return false;
	*number = (__u32)value;
	return true;
}

bool read_named_number(const struct route_names *names, const char *text, __u32 *number)
{
	const struct named_number *own = names->own;

	for (; own->name; own++) {
		if (!strcmp(text, own->name)) {
			*number = own->number;
			return true;
		}
	}
	if (read_files(names, text, number))
		return true;
	if (names->hexadecimal)
		return read_hexadecimal(text, names->most, number);
	return read_number(text, names->most, number);
}
