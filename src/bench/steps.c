// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "bench/objects.h"
#include "bench/steps.h"
#include "elfmap.h"

static void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void save(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "we");

	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file))
		die(path);
}

void subject_make(struct subject *subject, const char *directory, struct input input)
{
	struct test_object legacy = bench_legacy_object(input.nr_maps, input.has_btf);
	struct test_object native = bench_native_object(input.nr_maps);

	*subject = (struct subject){
		.legacy = legacy.bytes,
		.legacy_size = legacy.size,
		.native = native.bytes,
		.native_size = native.size,
	};
	snprintf(subject->legacy_path, sizeof(subject->legacy_path), "%s/legacy%zu.o", directory,
		 input.nr_maps);
	snprintf(subject->native_path, sizeof(subject->native_path), "%s/native%zu.o", directory,
		 input.nr_maps);
	save(subject->legacy_path, legacy.bytes, legacy.size);
	save(subject->native_path, native.bytes, native.size);
	subject->translated = elfmap_object__open_mem(legacy.bytes, legacy.size, NULL);
	if (!subject->translated)
		die("opening the legacy object");
	subject->image = elfmap_object__image(subject->translated, &subject->image_size);
	if (!subject->image)
		die("translating the legacy object");
}

void subject_remove(struct subject *subject)
{
	unlink(subject->legacy_path);
	unlink(subject->native_path);
	elfmap_object__close(subject->translated);
	free(subject->legacy);
	free(subject->native);
}

static int close_opened(struct bpf_object *opened)
{
	bpf_object__close(opened);
	return opened ? 0 : -1;
}

static int run_elfmap_open(void *ctx)
{
	const struct subject *subject = ctx;

	return close_opened(elfmap_open_file(subject->legacy_path, NULL));
}

static int run_libbpf_open(void *ctx)
{
	const struct subject *subject = ctx;

	return close_opened(bpf_object__open_file(subject->native_path, NULL));
}

static int run_translate(void *ctx)
{
	const struct subject *subject = ctx;
	struct elfmap_object *object =
		elfmap_object__open_mem(subject->legacy, subject->legacy_size, NULL);
	size_t size;
	int err = object && elfmap_object__image(object, &size) ? 0 : -1;

	elfmap_object__close(object);
	return err;
}

static int run_open_image(void *ctx)
{
	const struct subject *subject = ctx;
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "image");

	return close_opened(bpf_object__open_mem(subject->image, subject->image_size, &opts));
}

const struct step step_elfmap_open = { "elfmap-open", run_elfmap_open };
const struct step step_libbpf_open = { "libbpf-open", run_libbpf_open };
const struct step step_translate = { "translate", run_translate };
const struct step step_open_image = { "open-image", run_open_image };

const struct step *step_find(const char *name)
{
	static const struct step *const steps[] = { &step_elfmap_open, &step_libbpf_open,
						    &step_translate, &step_open_image };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (!strcmp(steps[i]->name, name))
			return steps[i];
	return NULL;
}
