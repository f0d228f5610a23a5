/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * An object found again by its pins: the directory says what there is, and the kernel what that is.
 * Neither is to be trusted: whoever may write there puts what he likes under any name.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "link.h"
#include "log.h"
#include "mounts.h"
#include "object_layout.h"
#include "placing.h"
#include "rights.h"
#include "zeroed.h"

/* --- directories -------------------------------------------------------------------------------- */

/* What a directory holds, sorted. */
struct listing {
	struct dirent **entries;
	size_t count;
};

static void listing_release(struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++)
		free(listing->entries[i]);
	free(listing->entries);
}

static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* By bytes, which is how maps are looked for by name. */
static int compare_entries(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int list(const char *directory, struct listing *out)
{
	int count = scandir(directory, &out->entries, is_entry, compare_entries);

	if (count < 0) {
		*out = (struct listing){ NULL, 0 };
		return -errno;
	}
	out->count = (size_t)count;
	return 0;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISDIR(st.st_mode);
}

static int join(const char *directory, const char *name, char **out)
{
	if (asprintf(out, "%s/%s", directory, name) >= 0)
		return 0;
	*out = NULL;
	return -ENOMEM;
}

/* Whether a directory has a pin in it: 1 or 0. What is not for us to read is another's. */
static int has_pins(const char *path)
{
	CLEANUP(listing_release) struct listing listing = { NULL, 0 };
	int err = is_directory(path) ? list(path, &listing) : 0;

	for (size_t i = 0; !err && i < listing.count; i++)
		if (listing.entries[i]->d_type == DT_REG &&
		    !placing_is_temporary(listing.entries[i]->d_name))
			return 1;
	return err == -EACCES || err == -ENOENT ? 0 : err;
}

/* --- which object ------------------------------------------------------------------------------- */

/* Whether a directory is an object's: 1 or 0. */
static int is_object(const char *directory)
{
	int found = 0;

	for (enum held_kind kind = HELD_MAP; !found && kind < NR_HELD_KINDS; kind++) {
		CLEANUP(cleanup_free) char *path = NULL;

		found = join(directory, object_layout_directory(kind), &path);
		if (!found)
			found = has_pins(path);
	}
	return found;
}

/* Objects in a directory; the path of the first, and the names of all. */
struct candidates {
	size_t count;
	char *first;
	char names[512];
};

static void add_candidate(struct candidates *candidates, const char *name, char **path)
{
	size_t used = strlen(candidates->names);

	snprintf(candidates->names + used, sizeof(candidates->names) - used, "%s%s",
		 candidates->count ? ", " : "", name);
	if (!candidates->count++)
		candidates->first = take_ptr(*path);
}

static int find_candidates(const char *dir, struct candidates *out)
{
	CLEANUP(listing_release) struct listing listing = { NULL, 0 };
	int err = list(dir, &listing);

	for (size_t i = 0; !err && i < listing.count; i++) {
		CLEANUP(cleanup_free) char *path = NULL;
		int found;

		err = join(dir, listing.entries[i]->d_name, &path);
		/* symbolic links lead to what has a name of its own, or out of here */
		if (err || !is_directory(path))
			continue;
		found = is_object(path);
		if (found > 0)
			add_candidate(out, listing.entries[i]->d_name, &path);
		else
			err = found;
	}
	return err;
}

/* The directory of the object that dir is, or the only one in it. */
static int find_object(const char *dir, char **out)
{
	struct candidates candidates = { 0 };
	int err = is_object(dir);

	if (err > 0) {
		*out = strdup(dir);
		return *out ? 0 : -ENOMEM;
	}
	if (!err)
		err = find_candidates(dir, &candidates);
	if (!err && candidates.count == 1) {
		*out = candidates.first;
		return 0;
	}
	free(candidates.first);
	if (err) {
		log_error("%s: cannot look for pinned objects: %s", dir, strerror(-err));
		return err;
	}
	if (candidates.count) {
		log_error(
			"%s: %zu objects are pinned here, expected one: name the directory of one "
			"of them: %s",
			dir, candidates.count, candidates.names);
		return -EINVAL;
	}
	log_error("%s: no object is pinned here: expected a directory with pins in maps, programs "
		  "or links",
		  dir);
	return -ENOENT;
}

/* --- what its pins hold ------------------------------------------------------------------------- */

static int wrong_kind(const struct elfmap_object *object, enum held_kind kind, const char *path,
		      int fd)
{
	char text[HELD_TEXT_MAX];

	held_describe(fd, text);
	log_error("%s: the pin %s is %s: expected a %s there: remove it", object->view.name, path,
		  text, held_kind_name(kind));
	return -EINVAL;
}

static int cannot_open(const struct elfmap_object *object, const char *path, int err)
{
	char remark[RIGHTS_TEXT_MAX];

	log_error("%s: cannot open the pin %s: %s%s", object->view.name, path, strerror(-err),
		  rights_remark(err, remark));
	return err;
}

/* Opens a map or a program, and asks what it is. */
static int open_pin(const struct elfmap_object *object, enum held_kind kind, const char *path,
		    void *info, uint32_t size, int *out)
{
	CLEANUP(cleanup_fd) int fd = bpf_obj_get(path);

	if (fd < 0)
		return cannot_open(object, path, -errno);
	if (!held_is(fd, kind))
		return wrong_kind(object, kind, path, fd);
	if (bpf_obj_get_info_by_fd(fd, info, &size))
		return cannot_open(object, path, -errno);
	*out = take_fd(&fd);
	return 0;
}

/* The readers take over the path; name lives as long as the object. */
static int read_map(struct elfmap_object *object, const char *name, char **path)
{
	struct elfmap_map *map = &object->maps[object->nr_maps];
	struct bpf_map_info info = { 0 };
	int err = open_pin(object, HELD_MAP, *path, &info, sizeof(info), &map->own_fd);

	if (err)
		return err;
	map->object = object;
	map->name = name;
	map->layout = "pinned";
	map->evidence = "held by its pin";
	map->pin_path = take_ptr(*path);
	map->def = (struct elfmap_map_def){
		.has = ELFMAP_DEF_MAP_FLAGS,
		.type = info.type,
		.key_size = info.key_size,
		.value_size = info.value_size,
		.max_entries = info.max_entries,
		.map_flags = info.map_flags,
	};
	object->by_name[object->nr_maps++] = map;
	return 0;
}

static int read_program(struct elfmap_object *object, const char *name, char **path)
{
	struct elfmap_program *program = &object->programs[object->nr_programs];
	struct bpf_prog_info info = { 0 };
	int err = open_pin(object, HELD_PROGRAM, *path, &info, sizeof(info), &program->fd);

	if (err)
		return err;
	program->object = object;
	program->name = name;
	program->type = info.type;
	program->size = info.xlated_prog_len;
	program->autoload = true;
	program->pin_path = take_ptr(*path);
	object->nr_programs++;
	return 0;
}

static int read_link(struct elfmap_object *object, const char *name, char **path)
{
	struct bpf_link *link = bpf_link__open(*path);
	int err;

	if (!link)
		return cannot_open(object, *path, -errno);
	if (!held_is(bpf_link__fd(link), HELD_LINK))
		err = wrong_kind(object, HELD_LINK, *path, bpf_link__fd(link));
	else
		err = elfmap_object__add_link(object, name, link) ? 0 : -errno;
	if (err)
		bpf_link__destroy(link);
	return err;
}

static int make_room(struct elfmap_object *object, enum held_kind kind, size_t count)
{
	if (kind == HELD_MAP) {
		object->maps = zeroed(count + 1, sizeof(*object->maps));
		object->by_name = zeroed(count + 1, sizeof(struct elfmap_map *));
		return object->maps && object->by_name ? 0 : -ENOMEM;
	}
	if (kind == HELD_PROGRAM) {
		object->programs = zeroed(count + 1, sizeof(*object->programs));
		return object->programs ? 0 : -ENOMEM;
	}
	return 0;
}

static bool is_passed_over(const struct elfmap_object *object, const char *directory,
			   const struct dirent *entry)
{
	if (entry->d_type == DT_REG && !placing_is_temporary(entry->d_name))
		return false;
	log_warning("%s: passed over %s/%s: %s", object->view.name, directory, entry->d_name,
		    entry->d_type == DT_REG ?
			    "a process that pinned it did not live to give it its name" :
			    "it is no pin");
	return true;
}

static int read_kind(struct elfmap_object *object, enum held_kind kind)
{
	static int (*const readers[])(struct elfmap_object *, const char *, char **) = {
		[HELD_MAP] = read_map,
		[HELD_PROGRAM] = read_program,
		[HELD_LINK] = read_link,
	};
	CLEANUP(listing_release) struct listing listing = { NULL, 0 };
	CLEANUP(cleanup_free) char *directory = NULL;
	int err = join(object->view.name, object_layout_directory(kind), &directory);

	if (!err && is_directory(directory) && list(directory, &listing))
		err = cannot_open(object, directory, -errno);
	if (!err)
		err = make_room(object, kind, listing.count);
	for (size_t i = 0; !err && i < listing.count; i++) {
		CLEANUP(cleanup_free) char *path = NULL;
		const char *name;

		if (is_passed_over(object, directory, listing.entries[i]))
			continue;
		name = texts_keep(&object->texts, listing.entries[i]->d_name);
		err = name ? join(directory, name, &path) : -ENOMEM;
		if (!err)
			err = readers[kind](object, name, &path);
	}
	return err;
}

/* What is neither of the three directories. */
static int warn_of_others(const struct elfmap_object *object)
{
	CLEANUP(listing_release) struct listing listing = { NULL, 0 };
	int err = list(object->view.name, &listing);

	for (size_t i = 0; !err && i < listing.count; i++) {
		const struct dirent *entry = listing.entries[i];
		bool known = false;

		for (enum held_kind kind = HELD_MAP; kind < NR_HELD_KINDS; kind++)
			known |= entry->d_type == DT_DIR &&
				 !strcmp(entry->d_name, object_layout_directory(kind));
		if (!known)
			log_warning("%s: passed over %s: expected directories maps, programs and "
				    "links",
				    object->view.name, entry->d_name);
	}
	return err;
}

/* --- opening ------------------------------------------------------------------------------------ */

/* What stands for the file that is not there: a section without a name, of this machine's order. */
static int make_view(struct elf_view *view, const char *directory)
{
	view->name = strdup(directory);
	view->sections = zeroed(1, sizeof(*view->sections));
	if (!view->name || !view->sections)
		return -ENOMEM;
	view->sections[0].name = "";
	view->nr_sections = 1;
	view->header.e_ident[EI_DATA] = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB :
										    ELFDATA2MSB;
	return 0;
}

static int open_directory(struct elfmap_object *object, const char *directory)
{
	int err = make_view(&object->view, directory);

	object->is_pinned = true;
	object->loaded = true;
	object->is_synthesised = true;
	object->bpf_name = strdup(strrchr(directory, '/') + 1);
	if (!object->bpf_name)
		err = -ENOMEM;
	for (enum held_kind kind = HELD_MAP; !err && kind < NR_HELD_KINDS; kind++)
		err = read_kind(object, kind);
	return err ? err : warn_of_others(object);
}

static int open_pinned(struct elfmap_object *object, const char *dir)
{
	CLEANUP(cleanup_free) char *real = realpath(dir, NULL);
	CLEANUP(cleanup_free) char *directory = NULL;
	int err = real ? 0 : -errno;

	if (err) {
		log_error("%s: cannot look for pinned objects: %s", dir, strerror(-err));
		return err;
	}
	if (!mounts_is(real, BPF_FS_MAGIC)) {
		log_error("%s: not on a bpffs: no object can be pinned here", dir);
		return -ENOENT;
	}
	err = find_object(real, &directory);
	return err ? err : open_directory(object, directory);
}

struct elfmap_object *elfmap_object__open_pinned(const char *dir)
{
	struct elfmap_object *object = zeroed(1, sizeof(*object));
	int err;

	if (!object)
		return NULL;
	err = dir && *dir ? open_pinned(object, dir) : -EINVAL;
	if (!err)
		return object;
	elfmap_object__close(object);
	errno = -err;
	return NULL;
}
