// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * names FILE NAME...: opens the file with libbpf; prints those of the names that this program can see
 * afterwards, and the library that each is from.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

int main(int argc, char **argv)
{
	struct bpf_object *object = argc > 1 ? bpf_object__open_file(argv[1], NULL) : NULL;

	for (int i = 2; i < argc; i++) {
		void *found = dlsym(RTLD_DEFAULT, argv[i]);
		const char *slash;
		Dl_info info;

		if (!found || !dladdr(found, &info))
			continue;
		slash = strrchr(info.dli_fname, '/');
		printf("%s %s\n", argv[i], slash ? slash + 1 : info.dli_fname);
	}
	bpf_object__close(object);
	return object ? 0 : 1;
}
