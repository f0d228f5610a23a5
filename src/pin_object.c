/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A loaded object pinned as a whole, all or nothing, and its pins taken away again.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "directory.h"
#include "log.h"
#include "object_layout.h"
#include "placing.h"
#include "resolve.h"
#include "rights.h"

/* --- what both begin with ----------------------------------------------------------------------- */

static int list_pins(const struct elfmap_object *object, const char *dir, struct layout_pins *out)
{
	if (!dir || !*dir)
		return -EINVAL;
	if (!object->loaded) {
		log_error("%s: it is not loaded: only what is in the kernel has pins",
			  object->view.name);
		return -ENOENT;
	}
	return object_layout_list(object, dir, out);
}

static int lock(const struct elfmap_object *object, const struct layout_pins *pins)
{
	return object->pin_lock ? -1 : directory_lock(pins->directory);
}

/* What libbpf calls a link need not be one of the kernel's. */
static bool is_pinnable(const struct layout_pin *pin)
{
	return pin->kind != HELD_LINK || held_is(pin->fd, HELD_LINK);
}

/* What is at a pin's place, as held_compare() says; other errors are told. */
static int look(const struct elfmap_object *object, const struct layout_pin *pin,
		char text[HELD_TEXT_MAX])
{
	char remark[RIGHTS_TEXT_MAX];
	uint32_t id = 0;
	int err = held_id(pin->fd, &id);

	if (!err)
		err = held_compare(pin->path, pin->kind, id, text);
	if (err && err != -ENOENT && err != -EEXIST)
		log_error("%s: %s \"%s\": cannot look at %s: %s%s", object->view.name,
			  held_kind_name(pin->kind), pin->name, pin->path, strerror(-err),
			  rights_remark(err, remark));
	return err;
}

/* --- pinning ------------------------------------------------------------------------------------ */

static int check_links(const struct elfmap_object *object, const struct layout_pins *pins)
{
	for (size_t i = 0; i < pins->count; i++) {
		const struct layout_pin *pin = &pins->list[i];

		if (is_pinnable(pin))
			continue;
		log_error("%s: link \"%s\": it cannot be pinned, as libbpf or this kernel attaches "
			  "by what is no link of the kernel's: it lasts as long as this process "
			  "(destroy it first to pin the rest)",
			  object->view.name, pin->name);
		return -ENOTSUP;
	}
	return 0;
}

/* Those that are not there yet. */
static int find_missing(const struct elfmap_object *object, const struct layout_pins *pins,
			struct placings *out)
{
	int err = 0;

	for (size_t i = 0; !err && i < pins->count; i++) {
		const struct layout_pin *pin = &pins->list[i];
		char text[HELD_TEXT_MAX];

		err = look(object, pin, text);
		if (err == -ENOENT)
			err = placings_add(out, (struct placing){
							.kind = held_kind_name(pin->kind),
							.name = pin->name,
							.path = pin->path,
							.fd = pin->fd,
						});
		else if (err == -EEXIST)
			log_error("%s: %s \"%s\": cannot pin it as %s, which is %s: remove that if "
				  "nothing uses it any more, or pin elsewhere",
				  object->view.name, held_kind_name(pin->kind), pin->name,
				  pin->path, text);
	}
	return err;
}

static int pin_steps(struct elfmap_object *object, const struct layout_pins *pins)
{
	CLEANUP(placings_release) struct placings placings = { NULL, 0 };
	const char *bpffs = resolve_bpffs(object);
	int err = bpffs ? directory_check_names(object->view.name, pins->directory) : -ENOMEM;

	if (!err)
		err = check_links(object, pins);
	if (!err)
		err = find_missing(object, pins, &placings);
	for (size_t i = 0; !err && i < placings.count; i++)
		err = directory_make_above(object->view.name, bpffs, placings.list[i].path,
					   &object->journal);
	return err ? err : placings_place(object, &placings);
}

int elfmap_object__pin(struct elfmap_object *obj, const char *dir)
{
	CLEANUP(object_layout_release) struct layout_pins pins = { NULL, NULL, 0 };
	CLEANUP(cleanup_fd) int locked = -1;
	size_t before = obj->journal.count;
	int err = list_pins(obj, dir, &pins);

	if (err)
		return err;
	locked = lock(obj, &pins);
	err = pin_steps(obj, &pins);
	if (err)
		journal_undo_since(&obj->journal, before);
	return err;
}

/* --- unpinning ---------------------------------------------------------------------------------- */

static int cannot_remove(const struct elfmap_object *object, const char *path, int err)
{
	char remark[RIGHTS_TEXT_MAX];

	log_error("%s: cannot remove %s: %s%s", object->view.name, path, strerror(-err),
		  rights_remark(err, remark));
	return err;
}

static int remove_pin(const struct elfmap_object *object, const struct layout_pin *pin)
{
	char text[HELD_TEXT_MAX];
	int err;

	if (!is_pinnable(pin))
		return 0;
	err = look(object, pin, text);
	if (err == -ENOENT)
		return 0;
	if (err == -EEXIST)
		log_error("%s: %s \"%s\": left %s as it is, which is %s, and not this %s",
			  object->view.name, held_kind_name(pin->kind), pin->name, pin->path, text,
			  held_kind_name(pin->kind));
	if (err)
		return err;
	return unlink(pin->path) ? cannot_remove(object, pin->path, -errno) : 0;
}

static int remove_directory(const struct elfmap_object *object, const char *path)
{
	if (!rmdir(path) || errno == ENOENT || errno == ENOTEMPTY || errno == ENOTDIR)
		return 0;
	return cannot_remove(object, path, -errno);
}

/* Those that are empty now. */
static int remove_directories(const struct elfmap_object *object, const char *directory)
{
	int err = 0;

	for (enum held_kind kind = HELD_MAP; !err && kind < NR_HELD_KINDS; kind++) {
		CLEANUP(cleanup_free) char *path = NULL;

		if (asprintf(&path, "%s/%s", directory, object_layout_directory(kind)) < 0) {
			path = NULL;
			return -ENOMEM;
		}
		err = remove_directory(object, path);
	}
	return err ? err : remove_directory(object, directory);
}

int elfmap_object__unpin(struct elfmap_object *obj, const char *dir)
{
	CLEANUP(object_layout_release) struct layout_pins pins = { NULL, NULL, 0 };
	CLEANUP(cleanup_fd) int locked = -1;
	int err = list_pins(obj, dir, &pins), result;

	if (err)
		return err;
	locked = lock(obj, &pins);
	/* one that stays is no reason to leave the others */
	for (size_t i = 0; i < pins.count; i++) {
		result = remove_pin(obj, &pins.list[i]);
		err = err ? err : result;
	}
	result = remove_directories(obj, pins.directory);
	return err ? err : result;
}
