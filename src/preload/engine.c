/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "engine.h"
#include "fill_opened.h"
#include "iproute2.h"
#include "iproute2_view.h"
#include "log.h"
#include "model.h"
#include "open.h"
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
	const char *name;

	if (request->path || (request->opts && request->opts->object_name))
		return 0;
	name = texts_format(&object->texts, "%" PRIxPTR "-%zx", (uintptr_t)request->bytes,
			    request->size);
	if (!name)
		return -ENOMEM;
	object->bpf_opts->object_name = name;
	return 0;
}

static struct elfmap_object *open_original(const struct preload_request *request)
{
	const struct elfmap_open_opts opts = {
		.sz = sizeof(opts),
		.bpf_opts = request->opts,
		.layout = settings.layout,
		.map_cb = choose_pin,
	};

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

static struct preload_translation *translate(const struct preload_request *request)
{
	struct translation *translation = calloc(1, sizeof(*translation));
	struct elfmap_object *object;

	if (!translation)
		return NULL;
	object = translation->object = open_original(request);
	if (object && !name_memory(object, request) && !make_image(translation) &&
	    translation->shown.image != object->view.bytes)
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

/*
 * Objects that have slots to be filled once they are loaded, by their addresses. One that is closed
 * before stays, until its address is that of another.
 */
static struct {
	pthread_mutex_t lock;
	const struct bpf_object **objects;
	size_t count, room;
} waiting = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Its place, or the count if it has none; with the lock. */
static size_t find_waiting(const struct bpf_object *object)
{
	size_t i = 0;

	while (i < waiting.count && waiting.objects[i] != object)
		i++;
	return i;
}

static bool is_waiting(const struct bpf_object *object)
{
	bool found;

	pthread_mutex_lock(&waiting.lock);
	found = find_waiting(object) < waiting.count;
	pthread_mutex_unlock(&waiting.lock);
	return found;
}

/* Whether it was there. */
static bool stop_waiting(const struct bpf_object *object)
{
	bool found;
	size_t i;

	pthread_mutex_lock(&waiting.lock);
	i = find_waiting(object);
	found = i < waiting.count;
	if (found)
		waiting.objects[i] = waiting.objects[--waiting.count];
	pthread_mutex_unlock(&waiting.lock);
	return found;
}

static int wait_for(const struct bpf_object *object)
{
	const struct bpf_object **objects = waiting.objects;
	int err = 0;

	stop_waiting(object);
	pthread_mutex_lock(&waiting.lock);
	if (waiting.count == waiting.room) {
		objects = reallocarray(waiting.objects, waiting.room + 16, sizeof(*objects));
		err = objects ? 0 : -ENOMEM;
	}
	if (!err) {
		waiting.room += waiting.count == waiting.room ? 16 : 0;
		waiting.objects = objects;
		waiting.objects[waiting.count++] = object;
	}
	pthread_mutex_unlock(&waiting.lock);
	return err;
}

static void forget(const struct bpf_object *untouched)
{
	stop_waiting(untouched);
}

/* tc and ip let no other program be loaded, see iproute2_view.h. */
static const struct bpf_program *find_asked(struct bpf_object *opened)
{
	const struct bpf_program *asked = NULL;
	struct bpf_program *program;

	bpf_object__for_each_program(program, opened)
		if (bpf_program__autoload(program)) {
			if (asked)
				return NULL;
			asked = program;
		}
	return asked;
}

static const struct bpf_program *choose(struct bpf_object *opened)
{
	const struct bpf_program *asked = is_waiting(opened) ? find_asked(opened) : NULL;
	int err = asked ? fill_opened_choose(opened, asked) : 0;

	if (err)
		log_error("%s: the programs of slots cannot be chosen: %s",
			  bpf_object__name(opened), strerror(-err));
	return asked;
}

static int fill(const struct bpf_object *loaded, const struct bpf_program *asked)
{
	int count = stop_waiting(loaded) ? fill_opened_store(loaded, asked) : 0;

	if (count > 0)
		log_info("%s: %d slots stored after the load", bpf_object__name(loaded), count);
	return count < 0 ? count : 0;
}

static void tell_map(const struct elfmap_map *map)
{
	log_info("%s: map %s: %s, key %u, value %u, %u entries, read as %s, %s%s",
		 map->object->view.name, map->name,
		 libbpf_bpf_map_type_str((enum bpf_map_type)map->def.type) ?: "of no known type",
		 map->def.key_size, map->def.value_size, map->def.max_entries, map->layout,
		 map->pin_path ? "pinned as " : "not pinned", map->pin_path ?: "");
}

static void tell(const struct elfmap_object *object)
{
	log_info("%s: translated: %zu legacy maps of %zu, %zu slots", object->view.name,
		 object->nr_legacy, object->nr_maps, object->nr_slots);
	for (size_t i = 0; i < object->nr_maps; i++)
		if (!object->maps[i].native)
			tell_map(&object->maps[i]);
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

static int prepare(const struct preload_translation *shown, struct bpf_object *opened)
{
	struct elfmap_object *object = translation_of(shown)->object;
	int err = open_prepare(object, opened);

	if (!err && object->nr_slots)
		err = wait_for(opened);
	else
		stop_waiting(opened);
	if (err) {
		bpf_object__close(opened);
		return err;
	}
	warn_of_sections(object, opened);
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
	.forget = forget,
	.choose = choose,
	.fill = fill,
	.show_to_iproute2 = show_to_iproute2,
};
