/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "digest.h"
#include "iproute2.h"
#include "log.h"
#include "mounts.h"
#include "pin_path.h"

const char iproute2_dir[] = "tc";

/* One %i of scanf(): blanks, a sign, and a C integer. Moves *text behind it. */
static bool scan_integer(const char **text, uint32_t *value)
{
	char *end;
	long long number = strtoll(*text, &end, 0);

	if (end == *text || number < INT32_MIN || number > UINT32_MAX)
		return false;
	*value = (uint32_t)number;
	*text = end;
	return true;
}

/* As iproute2's scanf(): what follows the second number does not matter. */
bool iproute2_parse_tail_call(const char *section, uint32_t *id, uint32_t *key)
{
	const char *text = section;

	if (!scan_integer(&text, id) || *text != '/')
		return false;
	text++;
	return scan_integer(&text, key);
}

int iproute2_hint(const char *section, struct elfmap_program_hint *hint, void *ctx)
{
	uint32_t id, key;

	(void)ctx;
	if (!iproute2_parse_tail_call(section, &id, &key))
		return 0;
	hint->has_tail_call = true;
	hint->tail_call_id = id;
	hint->tail_call_key = key;
	return 0;
}

char *iproute2_bpffs(void)
{
	static const char *const usual[] = { "/sys/fs/bpf", "/bpf", NULL };
	static const struct mount_type bpffs = { "bpf", BPF_FS_MAGIC, usual };
	const char *configured = getenv("TC_BPF_MNT");
	char *found;

	if (configured && *configured)
		return strdup(configured);
	found = mounts_find(&bpffs);
	return found ? found : strdup(usual[0]);
}

char *iproute2_globals(void)
{
	CLEANUP(cleanup_free) char *bpffs = iproute2_bpffs();
	char *globals;

	if (!bpffs || asprintf(&globals, "%s/%s/globals", bpffs, iproute2_dir) < 0)
		return NULL;
	return globals;
}

char *iproute2_full_path(const char *path)
{
	CLEANUP(cleanup_free) char *bpffs = NULL;
	char *full;

	if (strncmp(path, "m:", 2) != 0 || !path[2])
		return strdup(path);
	bpffs = iproute2_bpffs();
	if (!bpffs || asprintf(&full, "%s/%s/%s", bpffs, iproute2_dir, path + 2) < 0)
		return NULL;
	return full;
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

enum line_kind {
	LINE_BLANK,
	LINE_ENTRY,
	LINE_CORRUPT
};

/* NUMBER SUBPATH, anything behind; subpath has room for as much as the line. */
static enum line_kind parse_database_line(const char *line, uint32_t *number, char *subpath)
{
	line += strspn(line, " \t");
	if (!*line || *line == '#' || *line == '\n')
		return LINE_BLANK;
	return scan_integer(&line, number) && sscanf(line, "%s", subpath) == 1 ? LINE_ENTRY :
										 LINE_CORRUPT;
}

/*
 * The subpath that the database gives a number, NULL where it gives none; the caller frees it. As
 * iproute2: the last entry counts, and a corrupt line ends the database.
 */
static int find_subpath(uint32_t pinning, char **subpath)
{
	CLEANUP(cleanup_file) FILE *database = open_database();
	CLEANUP(cleanup_free) char *line = NULL;
	CLEANUP(cleanup_free) char *found = NULL;
	size_t capacity = 0;

	while (database && getline(&line, &capacity, database) >= 0) {
		CLEANUP(cleanup_free) char *candidate = malloc(strlen(line) + 1);
		enum line_kind kind;
		uint32_t number;

		if (!candidate)
			return -ENOMEM;
		kind = parse_database_line(line, &number, candidate);
		if (kind == LINE_CORRUPT) {
			log_warning("bpf_pinning database: corrupt at \"%s\": read no further",
				    line);
			break;
		}
		if (kind == LINE_BLANK || number != pinning)
			continue;
		free(found);
		found = take_ptr(candidate);
	}
	/* iproute2 would follow "..", a file in /etc/ or not */
	if (found && pin_path_climbs(found)) {
		log_error("bpf_pinning database: %u: subpath \"%s\" leaves the bpffs", pinning,
			  found);
		return -EINVAL;
	}
	*subpath = take_ptr(found);
	return 0;
}

/* --- pin paths ----------------------------------------------------------------------------- */

static int custom_pin_path(const char *bpffs, uint32_t pinning, const char *map, char *path,
			   size_t size)
{
	CLEANUP(cleanup_free) char *subpath = NULL;
	int err = find_subpath(pinning, &subpath);

	if (err || !subpath)
		return err;
	return pin_path_format(path, size, "%s/%s/%s", bpffs, subpath, map);
}

int iproute2_pin_path(const char *map, __u32 pinning, char *path, size_t size, void *ctx)
{
	const struct iproute2_places *places = ctx;
	char hex[2 * SHA1_SIZE + 1];

	switch (pinning) {
	case IPROUTE2_PIN_NONE:
		return 0;
	case IPROUTE2_PIN_OBJECT_NS:
		digest_text(places->sha1, hex);
		return pin_path_format(path, size, "%s/%s/%s/%s", places->bpffs, iproute2_dir, hex,
				       map);
	case IPROUTE2_PIN_GLOBAL_NS:
		return pin_path_format(path, size, "%s/%s/globals/%s", places->bpffs, iproute2_dir,
				       map);
	default:
		return custom_pin_path(places->bpffs, pinning, map, path, size);
	}
}
