/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "host.h"
#include "stderr_log.h"

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	stderr_log(ELFMAP_LOG_ERROR, message, NULL);
}

/* --- libraries ----------------------------------------------------------------------------------- */

static Dl_info library_of(const void *address)
{
	Dl_info info;

	if (!dladdr(address, &info))
		info = (Dl_info){ .dli_fname = "" };
	return info;
}

static bool is_ours(const void *address)
{
	return library_of(address).dli_fbase == library_of(say).dli_fbase;
}

/* What a library finds by a name, in itself and in those that it needs, if it is loaded. */
static void *find_in(const char *file, const char *name)
{
	void *library = *file ? dlopen(file, RTLD_LAZY | RTLD_NOLOAD) : NULL;
	void *found = library ? dlsym(library, name) : NULL;

	if (library)
		dlclose(library);
	/* what was not found is no error that the program should hear of */
	dlerror();
	return found && !is_ours(found) ? found : NULL;
}

/*
 * A program that loads libbpf at run time, and calls a function there that ends by calling another: the
 * caller of that one is the program, which has no such library.
 */
static void *find_loaded(const char *name)
{
	static const char *const files[] = { "libbpf.so.1", "libbpf.so.0", "libelf.so.1" };
	void *found = NULL;

	for (size_t i = 0; !found && i < sizeof(files) / sizeof(files[0]); i++)
		found = find_in(files[i], name);
	return found;
}

/*
 * What is linked to the program, or preloaded by its user, is behind us in the order of the search, and
 * what all other calls of the caller's go to. A libbpf that a plugin brought counts where there is none.
 */
static void *find(const char *name, const void *caller)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (!found && !is_ours(caller))
		found = find_in(library_of(caller).dli_fname, name);
	return found ? found : find_loaded(name);
}

void *host_function(const char *name, const void *caller)
{
	void *found = find(name, caller);

	if (found)
		return found;
	say("%s is called, and nothing in this process has it", name);
	errno = ENOSYS;
	return NULL;
}

/* --- the engine ---------------------------------------------------------------------------------- */

/* set once; read by threads that did not wait for it */
static const struct preload_engine *_Atomic engine;

static void *open_engine(char *path, size_t size)
{
	const char *self = library_of(say).dli_fname;
	const char *slash = strrchr(self, '/');
	int length = snprintf(path, size, "%.*s%s", slash ? (int)(slash + 1 - self) : 0, self,
			      PRELOAD_ENGINE_FILE);

	if (length < 0 || (size_t)length >= size)
		return NULL;
	/* local: none of its names, and of those of the libraries that it needs, are the program's */
	return dlopen(path, RTLD_LAZY | RTLD_LOCAL);
}

static void load_engine(void)
{
	char path[PATH_MAX] = PRELOAD_ENGINE_FILE;
	void *library = open_engine(path, sizeof(path));
	const char *error;

	if (library)
		engine = dlsym(library, PRELOAD_ENGINE_NAME);
	if (engine)
		return;
	error = dlerror();
	say("%s cannot be loaded, BPF objects are opened as they are: %s", path,
	    error ? error : "its path is too long");
}

static pthread_once_t told_once = PTHREAD_ONCE_INIT;
static const char *other_libbpf;

static void tell_of_other(void)
{
	say("this program calls the libbpf at %s, and elfmap found the one at %s: BPF objects are "
	    "opened as they are; \"elfmap convert\" makes them what any libbpf takes",
	    other_libbpf, library_of(engine->libbpf).dli_fname);
}

/* Not by the function that is called, which another preload library may stand before. */
const struct preload_engine *host_engine(const void *caller)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	void *found = find("libbpf_major_version", caller);
	uint32_t (*version)(void);
	Dl_info library;

	memcpy(&version, &found, sizeof(version));
	/* there were no such numbers at first */
	if (!found || version() < 1)
		return NULL;
	pthread_once(&once, load_engine);
	library = library_of(found);
	if (!engine || library_of(engine->libbpf).dli_fbase == library.dli_fbase)
		return engine;
	other_libbpf = library.dli_fname;
	pthread_once(&told_once, tell_of_other);
	return NULL;
}

const struct preload_engine *host_engine_so_far(void)
{
	return engine;
}
