// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * plugin [-g] LIBRARY ARGUMENT...: a program without libbpf that loads a library which has it, for
 * itself alone, and runs what open(1) does in there. With -g all can see a libbpf before that.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	void *seen = argc > 1 && !strcmp(argv[1], "-g") ?
			     dlopen("libbpf.so.1", RTLD_NOW | RTLD_GLOBAL) :
			     NULL;
	int first = seen ? 2 : 1;
	void *library = argc > first ? dlopen(argv[first], RTLD_NOW | RTLD_LOCAL) : NULL;
	void *found = library ? dlsym(library, "host_main") : NULL;
	int (*host_main)(int, char **);

	memcpy(&host_main, &found, sizeof(host_main));
	if (!found || (!seen && dlsym(RTLD_DEFAULT, "bpf_object__close"))) {
		fprintf(stderr, "%s\n", found ? "libbpf can be seen from here" : dlerror());
		return 2;
	}
	return host_main(argc - first, argv + first);
}
