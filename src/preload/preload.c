/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The calls that stand before those of libbpf, and one before libelf's. This library comes into every
 * process below elfmap exec, most of which have nothing to do with BPF: it needs the C library alone,
 * and loads the engine when an object is first opened.
 *
 * What needs no translation, or cannot be translated, goes on with the very arguments that came.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <bpf/libbpf.h>
#include <libelf.h>

#include "engine.h"
#include "host.h"
#include "main_program.h"

#define INTERPOSED __attribute__((visibility("default")))
#define CALLER __builtin_return_address(0)

/* The function that is called in truth, of the type of the one that stands before it. */
#define REAL(name, caller) real_##name(caller)
#define DEFINE_REAL(name)                                          \
	static __typeof__(&(name)) real_##name(const void *caller) \
	{                                                          \
		void *found = host_function(#name, caller);        \
		__typeof__(&(name)) function;                      \
                                                                   \
		memcpy(&function, &found, sizeof(function));       \
		return function;                                   \
	}

DEFINE_REAL(bpf_object__open)
DEFINE_REAL(bpf_object__open_file)
DEFINE_REAL(bpf_object__open_mem)
DEFINE_REAL(bpf_object__open_skeleton)
DEFINE_REAL(bpf_object__close)
DEFINE_REAL(bpf_object__load)
DEFINE_REAL(bpf_object__load_skeleton)
DEFINE_REAL(elf_begin)

/* libbpf and the engine call each other's like: what comes from below one of ours is not looked at. */
static _Thread_local int depth __attribute__((tls_model("initial-exec")));

/* --- opening ------------------------------------------------------------------------------------- */

/* Open the image with the options, which are the program's with a name. */
typedef int (*open_image_fn)(const struct preload_translation *translation, void *ctx,
			     const void *caller, struct bpf_object **opened);

static int open_memory(const struct preload_translation *translation, void *ctx, const void *caller,
		       struct bpf_object **opened)
{
	__typeof__(&bpf_object__open_mem) real = REAL(bpf_object__open_mem, caller);

	(void)ctx;
	*opened = real ? real(translation->image, translation->size, translation->opts) : NULL;
	return *opened ? 0 : -errno;
}

/* 0, with the object; else it is to be opened as it is. */
static int open_translation(const struct preload_engine *engine,
			    struct preload_translation *translation, open_image_fn open_image,
			    void *ctx, const void *caller, struct bpf_object **opened)
{
	int err = open_image(translation, ctx, caller, opened);

	if (err) {
		engine->refused(translation, -err);
		return err;
	}
	return engine->prepare(translation, *opened);
}

/* Whether there is a translation, and it was opened. */
static bool open_translated(const struct preload_request *request, open_image_fn open_image,
			    void *ctx, const void *caller, struct bpf_object **opened)
{
	const struct preload_engine *engine;
	struct preload_translation *translation;
	int saved = errno, err = -ENOENT;

	if (depth)
		return false;
	depth++;
	engine = host_engine(caller);
	translation = engine ? engine->translate(request) : NULL;
	if (translation) {
		err = open_translation(engine, translation, open_image, ctx, caller, opened);
		engine->let_go(translation);
	}
	depth--;
	errno = saved;
	return !err;
}

static struct bpf_object *forget(struct bpf_object *untouched)
{
	const struct preload_engine *engine = host_engine_so_far();

	depth--;
	if (engine && untouched && !depth)
		engine->forget(untouched);
	return untouched;
}

INTERPOSED struct bpf_object *bpf_object__open(const char *path)
{
	__typeof__(&bpf_object__open) real = REAL(bpf_object__open, CALLER);
	const struct preload_request request = { .path = path };
	struct bpf_object *opened;

	if (!real)
		return NULL;
	if (path && open_translated(&request, open_memory, NULL, CALLER, &opened))
		return opened;
	depth++;
	return forget(real(path));
}

INTERPOSED struct bpf_object *bpf_object__open_file(const char *path,
						    const struct bpf_object_open_opts *opts)
{
	__typeof__(&bpf_object__open_file) real = REAL(bpf_object__open_file, CALLER);
	const struct preload_request request = { .path = path, .opts = opts };
	struct bpf_object *opened;

	if (!real)
		return NULL;
	if (path && open_translated(&request, open_memory, NULL, CALLER, &opened))
		return opened;
	depth++;
	return forget(real(path, opts));
}

INTERPOSED struct bpf_object *bpf_object__open_mem(const void *obj_buf, size_t obj_buf_sz,
						   const struct bpf_object_open_opts *opts)
{
	__typeof__(&bpf_object__open_mem) real = REAL(bpf_object__open_mem, CALLER);
	const struct preload_request request = { .bytes = obj_buf,
						 .size = obj_buf_sz,
						 .opts = opts };
	struct bpf_object *opened;

	if (!real)
		return NULL;
	if (obj_buf && obj_buf_sz && open_translated(&request, open_memory, NULL, CALLER, &opened))
		return opened;
	depth++;
	return forget(real(obj_buf, obj_buf_sz, opts));
}

/* --- skeletons ----------------------------------------------------------------------------------- */

struct skeleton {
	struct bpf_object_skeleton *skeleton;
	const struct bpf_object_open_opts *opts;
	__typeof__(&bpf_object__open_skeleton) real;
	bool was_tried;
	struct bpf_object *before; /* what the skeleton had then */
};

static void close_real(struct bpf_object *object, const void *caller)
{
	__typeof__(&bpf_object__close) real = REAL(bpf_object__close, caller);

	if (real)
		real(object);
}

/* The skeleton has its own bytes again afterwards: libbpf reads them here and nowhere else. */
static int open_skeleton(const struct preload_translation *translation, void *ctx,
			 const void *caller, struct bpf_object **opened)
{
	struct skeleton *call = ctx;
	struct bpf_object_skeleton own = *call->skeleton;
	int err;

	call->was_tried = true;
	call->before = *own.obj;
	*own.obj = NULL;
	call->skeleton->data = translation->image;
	call->skeleton->data_sz = translation->size;
	err = call->real(call->skeleton, call->opts);
	call->skeleton->data = own.data;
	call->skeleton->data_sz = own.data_sz;
	/* one whose maps and programs are not those of the skeleton is left to be closed */
	if (err)
		close_real(*own.obj, caller);
	else
		*opened = *own.obj;
	return err;
}

INTERPOSED int bpf_object__open_skeleton(struct bpf_object_skeleton *s,
					 const struct bpf_object_open_opts *opts)
{
	struct skeleton call = { .skeleton = s,
				 .opts = opts,
				 .real = REAL(bpf_object__open_skeleton, CALLER) };
	const struct preload_request request = {
		.bytes = s->data, .size = s->data_sz, .name = s->name, .opts = opts
	};
	struct bpf_object *opened;
	int err;

	if (!call.real)
		return -errno;
	if (s->data && s->data_sz &&
	    open_translated(&request, open_skeleton, &call, CALLER, &opened))
		return 0;
	/* not that of a translation which came to nothing */
	if (call.was_tried)
		*s->obj = call.before;
	depth++;
	err = call.real(s, opts);
	forget(err ? NULL : *s->obj);
	return err;
}

/* --- loading ------------------------------------------------------------------------------------- */

/* What surrounds a load: libbpf could not be told of all at open. */
struct load {
	const struct preload_engine *engine; /* NULL: there is nothing to be done */
	struct bpf_object *object;
	const struct bpf_program *asked;
};

static struct load start_load(struct bpf_object *object)
{
	struct load load = { depth ? NULL : host_engine_so_far(), object, NULL };

	depth++;
	if (load.engine)
		load.asked = load.engine->start_load(object);
	return load;
}

static int end_load(const struct load *load, int err)
{
	if (!err && load->engine) {
		err = load->engine->fill(load->object, load->asked);
		if (err)
			errno = -err;
	}
	depth--;
	return err;
}

INTERPOSED int bpf_object__load(struct bpf_object *obj)
{
	__typeof__(&bpf_object__load) real = REAL(bpf_object__load, CALLER);
	struct load load;

	if (!real)
		return -errno;
	load = start_load(obj);
	return end_load(&load, real(obj));
}

/* libbpf calls the one above for it, but past us where it was linked with -Bsymbolic. */
INTERPOSED int bpf_object__load_skeleton(struct bpf_object_skeleton *s)
{
	__typeof__(&bpf_object__load_skeleton) real = REAL(bpf_object__load_skeleton, CALLER);
	struct load load;

	if (!real)
		return -errno;
	load = start_load(*s->obj);
	return end_load(&load, real(s));
}

/* --- what tc and ip read by themselves --------------------------------------------------------------- */

INTERPOSED Elf *elf_begin(int fildes, Elf_Cmd cmd, Elf *ref)
{
	__typeof__(&elf_begin) real = REAL(elf_begin, CALLER);
	const struct preload_engine *engine;

	if (!real)
		return NULL;
	if (!depth && cmd == ELF_C_READ && !ref && main_program_is_iproute2()) {
		depth++;
		engine = host_engine(CALLER);
		if (engine)
			engine->show_to_iproute2(fildes);
		depth--;
	}
	return real(fildes, cmd, ref);
}
