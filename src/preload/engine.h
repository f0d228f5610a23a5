/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the preload library has of the engine, which it loads when a program first opens an object.
 * The engine holds the library's rooms; it opens no objects, and hands out what the program's own
 * libbpf is to open instead.
 */
#ifndef ELFMAP_PRELOAD_ENGINE_H
#define ELFMAP_PRELOAD_ENGINE_H

#include <stddef.h>

struct bpf_object;
struct bpf_object_open_opts;
struct bpf_program;

/* What a program hands to libbpf to open. */
struct preload_request {
	const char *path;  /* NULL: it is in memory */
	const void *bytes; /* there, with their size */
	size_t size;
	const char *name; /* what libbpf calls it where the options do not say; NULL for no name */
	const struct bpf_object_open_opts *opts; /* the program's; NULL for none */
};

/* What is to be opened instead; both are the engine's until it is let go. */
struct preload_translation {
	const void *image;
	size_t size;
	/* the program's options, with the name that libbpf would give to the original */
	const struct bpf_object_open_opts *opts;
};

/* All of it may be called from several threads at once. Messages go to stderr, as ELFMAP_LOG says. */
struct preload_engine {
	/* an address in the libbpf whose calls the engine makes, which must be the program's */
	const void *libbpf;
	/* NULL: it needs no translation, or, after a message, cannot be translated */
	struct preload_translation *(*translate)(const struct preload_request *request);
	/*
	 * Set on what was opened from the image what its BTF cannot say. A negative errno, after a
	 * message, if that fails: it is closed then.
	 */
	int (*prepare)(const struct preload_translation *translation, struct bpf_object *opened);
	/* Say that libbpf did not open the image. */
	void (*refused)(const struct preload_translation *translation, int err);
	void (*let_go)(struct preload_translation *translation);
	/* An object that is none of a translation may have the address of one that is gone. */
	void (*forget)(const struct bpf_object *untouched);
	/*
	 * Before the load: what is pinned is compared. Of tc and ip, let the programs of slots be
	 * loaded with the one that was asked for, and return this one; else NULL.
	 */
	const struct bpf_program *(*start_load)(struct bpf_object *opened);
	/*
	 * Store slots in what was loaded, but not the program that was asked for, if one was. A
	 * negative errno on failure, when they are as they were.
	 */
	int (*fill)(const struct bpf_object *loaded, const struct bpf_program *asked);
	/* Replace the file behind a descriptor by what iproute2's own reader must see of it. */
	void (*show_to_iproute2)(int fd);
};

/* The engine's one symbol. */
#define PRELOAD_ENGINE elfmap_preload_engine
#define PRELOAD_ENGINE_NAME "elfmap_preload_engine"
/* Its file, beside that of the preload library. */
#define PRELOAD_ENGINE_FILE "elfmap-preload-engine.so"

#endif
