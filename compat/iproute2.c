/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <linux/magic.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "cleanup.h"
#include "iproute2.h"
#include "log.h"

const char iproute2_dir[] = "tc";

static void cleanup_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

static void cleanup_mounts(FILE **mounts)
{
	if (*mounts)
		endmntent(*mounts);
}

/* A C integer without sign, decimal, octal or hexadecimal, that ends where end points. */
static bool parse_integer(const char *text, const char *end, uint32_t *value)
{
	char *stop;
	unsigned long long number;

	if (!isdigit((unsigned char)*text))
		return false;
	number = strtoull(text, &stop, 0);
	if (stop != end || number > UINT32_MAX)
		return false;
	*value = (uint32_t)number;
	return true;
}

bool iproute2_parse_tail_call(const char *section, uint32_t *id, uint32_t *key)
{
	const char *slash = strchr(section, '/');

	return slash && parse_integer(section, slash, id) &&
	       parse_integer(slash + 1, slash + strlen(slash), key);
}

static bool is_bpffs(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && (unsigned long)fs.f_type == BPF_FS_MAGIC;
}

/* The first bpf mount of the system, or NULL. */
static char *first_bpf_mount(void)
{
	CLEANUP(cleanup_mounts) FILE *mounts = setmntent("/proc/mounts", "r");
	struct mntent *mount;

	while (mounts && (mount = getmntent(mounts)))
		if (!strcmp(mount->mnt_type, "bpf"))
			return strdup(mount->mnt_dir);
	return NULL;
}

char *iproute2_bpffs(void)
{
	static const char *const known[] = { "/sys/fs/bpf", "/bpf" };
	const char *configured = getenv("TC_BPF_MNT");
	char *found;

	if (configured && *configured)
		return strdup(configured);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (is_bpffs(known[i]))
			return strdup(known[i]);
	found = first_bpf_mount();
	return found ? found : strdup(known[0]);
}

char *iproute2_globals(void)
{
	CLEANUP(cleanup_free) char *bpffs = iproute2_bpffs();
	char *globals;

	if (!bpffs || asprintf(&globals, "%s/%s/globals", bpffs, iproute2_dir) < 0)
		return NULL;
	return globals;
}

/* --- the pinning database ------------------------------------------------------------------ */

static FILE *open_database(void)
{
	static const char *const places[] = {
		"/etc/iproute2/bpf_pinning",
		"/usr/share/iproute2/bpf_pinning",
		"/usr/lib/iproute2/bpf_pinning",
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		FILE *database = fopen(places[i], "re");

		if (database)
			return database;
	}
	return NULL;
}

/* Split "NUMBER SUBPATH [# comment]" in place. */
static bool parse_database_line(char *line, uint32_t *number, char **subpath)
{
	char *rest = NULL;
	char *first, *second;

	line[strcspn(line, "#\n")] = '\0';
	first = strtok_r(line, " \t", &rest);
	second = strtok_r(NULL, " \t", &rest);
	if (!first || !second || !parse_integer(first, first + strlen(first), number))
		return false;
	*subpath = second;
	return true;
}

/* A subpath stays below bpffs: iproute2 would follow "..", a file in /etc/ or not. */
static bool is_below(const char *subpath)
{
	size_t length;

	for (const char *part = subpath; *part; part += length + (part[length] == '/')) {
		length = strcspn(part, "/");
		if (length == 2 && !strncmp(part, "..", 2))
			return false;
	}
	return true;
}

/* The subpath that the database gives a number, NULL where it gives none; the caller frees it. */
static int find_subpath(uint32_t pinning, char **subpath)
{
	CLEANUP(cleanup_file) FILE *database = open_database();
	CLEANUP(cleanup_free) char *line = NULL;
	size_t capacity = 0;

	*subpath = NULL;
	while (database && getline(&line, &capacity, database) >= 0) {
		uint32_t number;
		char *found;

		if (!parse_database_line(line, &number, &found) || number != pinning)
			continue;
		if (!is_below(found)) {
			log_error("bpf_pinning database: %u: subpath \"%s\" leaves the bpffs",
				  number, found);
			return -EINVAL;
		}
		*subpath = strdup(found);
		return *subpath ? 0 : -ENOMEM;
	}
	return 0;
}

/* --- pin paths ----------------------------------------------------------------------------- */

static void hex_digits(const uint8_t sha1[20], char out[41])
{
	for (size_t i = 0; i < 20; i++)
		snprintf(out + 2 * i, 3, "%02x", sha1[i]);
}

static int custom_pin_path(const char *bpffs, uint32_t pinning, const char *map, char **path)
{
	CLEANUP(cleanup_free) char *subpath = NULL;
	int err = find_subpath(pinning, &subpath);

	if (err || !subpath)
		return err;
	return asprintf(path, "%s/%s/%s", bpffs, subpath, map) < 0 ? -ENOMEM : 0;
}

int iproute2_pin_path(const char *bpffs, const uint8_t sha1[20], uint32_t pinning, const char *map,
		      char **path)
{
	char hex[41];
	char *made = NULL;
	int err = 0;

	switch (pinning) {
	case IPROUTE2_PIN_NONE:
		break;
	case IPROUTE2_PIN_OBJECT_NS:
		hex_digits(sha1, hex);
		if (asprintf(&made, "%s/%s/%s/%s", bpffs, iproute2_dir, hex, map) < 0)
			return -ENOMEM;
		break;
	case IPROUTE2_PIN_GLOBAL_NS:
		if (asprintf(&made, "%s/%s/globals/%s", bpffs, iproute2_dir, map) < 0)
			return -ENOMEM;
		break;
	default:
		err = custom_pin_path(bpffs, pinning, map, &made);
	}
	if (!err)
		*path = made;
	return err;
}
