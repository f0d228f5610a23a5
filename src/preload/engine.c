/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "engine.h"
#include "iproute2.h"
#include "iproute2_view.h"
#include "log.h"
#include "main_program.h"
#include "model.h"
#include "open.h"
#include "opened.h"
#include "pin_path.h"
#include "settings.h"
#include "stderr_log.h"

static struct settings settings;

__attribute__((constructor)) static void start(void)
{
	elfmap_set_log(stderr_log, NULL);
	settings = settings_read();
	stderr_log_set(settings.log);
}

/* --- translations ------------------------------------------------------------------------------ */

struct translation {
	struct preload_translation shown; /* the first member */
	struct elfmap_object *object;
};

static struct translation *translation_of(const struct preload_translation *shown)
{
	return (struct translation *)(uintptr_t)shown;
}

/*
 * A global pin goes to the directory that the program names for its pins: what it says itself is not
 * for us to change. That of tc and ip is the one that the object means.
 */
static int choose_pin(struct elfmap_map *map, void *ctx)
{
	const struct bpf_object_open_opts *opts = map->object->bpf_opts;
	char path[PATH_MAX];
	int err;

	(void)ctx;
	if (map->native)
		return 0;
	if (settings.pin_policy == PIN_POLICY_NONE)
		return elfmap_map__set_pin_path(map, NULL);
	if (!map->pin_path || !opts->pin_root_path || map->def.pin != ELFMAP_PIN_BY_NUMBER ||
	    map->def.pinning != IPROUTE2_PIN_GLOBAL_NS)
		return 0;
	err = pin_path_format(path, sizeof(path), "%s/%s", opts->pin_root_path, map->name);
	return err ? err : elfmap_map__set_pin_path(map, path);
}

/* What libbpf calls an object in memory whose program has no name for it. */
static int name_memory(struct elfmap_object *object, const struct preload_request *request)
{
	const char *name = request->name;

	if (request->path || object->bpf_opts->object_name != object->bpf_name)
		return 0;
	if (!name)
		name = texts_format(&object->texts, "%" PRIxPTR "-%zx", (uintptr_t)request->bytes,
				    request->size);
	if (!name)
		return -ENOMEM;
	object->bpf_opts->object_name = name;
	return 0;
}

/* libbpf refuses it too, and what is read from a pipe by one is not there for the other. */
static bool is_regular(const char *path)
{
	struct stat st;

	if (stat(path, &st) || S_ISREG(st.st_mode))
		return true;
	log_error("%s: not a regular file", path);
	return false;
}

static struct elfmap_object *open_original(const struct preload_request *request)
{
	const struct elfmap_open_opts opts = {
		.sz = sizeof(opts),
		.bpf_opts = request->opts,
		.layout = settings.layout,
		.map_cb = choose_pin,
	};

	if (settings.is_wrong || (request->path && !is_regular(request->path)))
		return NULL;
	if (request->path)
		return elfmap_object__open_file(request->path, &opts);
	return elfmap_object__open_mem(request->bytes, request->size, &opts);
}

/*
 * The slots of prog arrays are not declared, as they are for tc: a program may choose not to load what
 * is in one, which libbpf would fail at. They are filled after the load.
 */
static int make_image(struct translation *translation)
{
	const struct elfmap_image_opts for_tc = { .sz = sizeof(for_tc),
						  .loader = ELFMAP_LOADER_TC };
	struct elfmap_object *object = translation->object;
	int err = 0;

	if (object->nr_legacy && !object->nr_converted)
		err = elfmap_object__set_image_opts(object, &for_tc);
	if (err)
		return err;
	translation->shown.image = open_make_image(object, &translation->shown.size);
	translation->shown.opts = object->bpf_opts;
	return translation->shown.image ? 0 : -errno;
}

static void let_go(struct preload_translation *shown)
{
	struct translation *translation = translation_of(shown);

	if (!translation)
		return;
	elfmap_object__close(translation->object);
	free(translation);
}

static bool has_own_order(const struct elfmap_object *object)
{
	if (!object->view.swapped)
		return true;
	log_error("%s: expected this machine's byte order", object->view.name);
	return false;
}

static struct preload_translation *translate(const struct preload_request *request)
{
	struct translation *translation = calloc(1, sizeof(*translation));
	struct elfmap_object *object;

	if (!translation)
		return NULL;
	object = translation->object = open_original(request);
	if (object && has_own_order(object) && !name_memory(object, request) &&
	    !make_image(translation) && translation->shown.image != object->view.bytes)
		return &translation->shown;
	let_go(&translation->shown);
	return NULL;
}

static void refused(const struct preload_translation *shown, int err)
{
	char reason[128];

	/* libbpf has errors of its own */
	libbpf_strerror(err, reason, sizeof(reason));
	log_error("%s: libbpf does not open the translated object: %s",
		  translation_of(shown)->object->view.name, reason);
}

/* --- what was opened ----------------------------------------------------------------------------- */

static void tell_map(const struct elfmap_map *map)
{
	log_info("%s: map %s: %s, key %u, value %u, max_entries %u, read as %s, %s%s",
		 map->object->view.name, map->name,
		 libbpf_bpf_map_type_str((enum bpf_map_type)map->def.type) ?: "of no known type",
		 map->def.key_size, map->def.value_size, map->def.max_entries, map->layout,
		 map->pin_path ? "to be pinned as " : "not to be pinned", map->pin_path ?: "");
}

static void tell_remark(enum elfmap_remark kind, const char *text, void *ctx)
{
	const struct elfmap_object *object = ctx;

	/* the image goes to nobody else */
	if (kind != ELFMAP_REMARK_DIFFERENCE)
		log_info("%s: %s", object->view.name, text);
}

static void tell(struct elfmap_object *object)
{
	log_info("%s: translated: legacy maps %zu of %zu, initial slots %zu", object->view.name,
		 object->nr_legacy, object->nr_maps, object->nr_slots);
	for (size_t i = 0; i < object->nr_maps; i++)
		if (!object->maps[i].native)
			tell_map(&object->maps[i]);
	elfmap_object__remarks(object, tell_remark, object);
}

/* libbpf has no programs in .text: who asks for them by their section must ask for another. */
static void warn_of_sections(const struct elfmap_object *object, const struct bpf_object *opened)
{
	for (size_t i = 0; i < object->nr_programs; i++) {
		const struct elfmap_program *program = &object->programs[i];
		const struct bpf_program *found =
			bpf_object__find_program_by_name(opened, program->name);
		const char *section = found ? bpf_program__section_name(found) : NULL;

		if (section && !program->subprogram && strcmp(section, program_section(program)))
			log_warning("%s: section %s is \"%s\" to this program, as libbpf takes "
				    "no programs from %s",
				    object->view.name, program_section(program), section,
				    program_section(program));
	}
}

/* tc and ip end, and the kernel empties what nobody holds then. */
static void warn_of_tail_calls(const struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps && main_program_is_iproute2(); i++) {
		const struct elfmap_map *map = &object->maps[i];

		if (map->def.type == BPF_MAP_TYPE_PROG_ARRAY && map->nr_slots && !map->pin_path)
			log_warning("%s: prog array %s is not pinned: the kernel empties it when "
				    "this command ends; \"elfmap tc --keep-tail-calls\" pins it",
				    object->view.name, map->name);
	}
}

static int prepare(const struct preload_translation *shown, struct bpf_object *opened)
{
	struct elfmap_object *object = translation_of(shown)->object;
	int err = open_prepare(object, opened);

	if (!err)
		err = opened_add(opened);
	if (err) {
		bpf_object__close(opened);
		return err;
	}
	warn_of_sections(object, opened);
	warn_of_tail_calls(object);
	tell(object);
	return 0;
}

/* --- iproute2 ------------------------------------------------------------------------------------ */

static int write_all(int fd, const void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t written = write(fd, (const char *)bytes + done, size - done);

		if (written < 0)
			return -errno;
		done += (size_t)written;
	}
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

static int replace(int fd, const void *bytes, size_t size)
{
	int flags = fcntl(fd, F_GETFD);
	CLEANUP(cleanup_fd) int view = memfd_create("elfmap", MFD_CLOEXEC);
	int err = flags < 0 || view < 0 ? -errno : write_all(view, bytes, size);

	if (!err && dup3(view, fd, flags & FD_CLOEXEC ? O_CLOEXEC : 0) < 0)
		err = -errno;
	return err;
}

static int show(const struct elfmap_object *object, int fd)
{
	CLEANUP(cleanup_free) void *bytes = NULL;
	size_t size;
	int err = iproute2_view_make(object, &bytes, &size);

	return err ? err : replace(fd, bytes, size);
}

static void show_to_iproute2(int fd)
{
	const struct elfmap_open_opts opts = { .sz = sizeof(opts), .layout = settings.layout };
	struct elfmap_object *object;
	int err = 0;

	if (settings.is_wrong)
		return;
	/* what there is to say is said when libbpf is to open it */
	stderr_log_silence(true);
	object = elfmap_object__open_fd(fd, &opts);
	stderr_log_silence(false);
	if (object && object->nr_legacy && !object->refusal)
		err = show(object, fd);
	if (err)
		log_error("fd %d: tc and ip cannot be shown the translated maps: %s", fd,
			  strerror(-err));
	elfmap_object__close(object);
}

__attribute__((visibility("default"))) extern const struct preload_engine PRELOAD_ENGINE;
const struct preload_engine PRELOAD_ENGINE = {
	.libbpf = bpf_object__next_map,
	.translate = translate,
	.prepare = prepare,
	.refused = refused,
	.let_go = let_go,
	.forget = opened_forget,
	.start_load = opened_start_load,
	.fill = opened_fill,
	.show_to_iproute2 = show_to_iproute2,
};
