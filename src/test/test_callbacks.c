// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What loaders plug in, call by call: formats, programs, pins, and the last word on each map. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "test/kernel.h"
#include "test/opening.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/vendor.h"

#define PINS "/sys/fs/bpf/vendor"

/* --- formats ------------------------------------------------------------------------------- */

static void check_vendor_maps(const struct elfmap_object *object, const char *evidence)
{
	const struct elfmap_map_def *flows = elfmap_map__def(map_of(object, "flows"));

	ck_assert_uint_eq(flows->type, BPF_MAP_TYPE_HASH);
	ck_assert_uint_eq(flows->key_size, 4);
	ck_assert_uint_eq(flows->value_size, 8);
	ck_assert_uint_eq(flows->max_entries, 512);
	ck_assert_uint_eq(flows->map_flags, BPF_F_NO_PREALLOC);
	ck_assert_uint_eq(flows->pinning, 1);
	ck_assert_uint_eq(elfmap_map__def(map_of(object, "packets"))->max_entries, 3);
	ck_assert_uint_eq(elfmap_map__def(map_of(object, "stages"))->type, BPF_MAP_TYPE_PROG_ARRAY);
	ck_assert_str_eq(elfmap_map__evidence(map_of(object, "flows")), evidence);
}

static void check_format(const char *name)
{
	struct elfmap_open_opts opts = vendor_opts(PINS);
	struct test_object object = object_load(name);
	struct elfmap_object *opened = open_object(&object, &opts);

	check_vendor_maps(opened, "content: the loader knows its objects (16 bytes)");
	elfmap_object__close(opened);
	object_free(&object);
}

START_TEST(test_format)
{
	check_format("vendor");
	check_format("vendor.btf");
	check_format("vendor.be");
	check_format("vendor.be.btf");
}
END_TEST

static int decode_by_name(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	const struct {
		const char *name;
		__u32 *to;
	} members[] = {
		{ "kind", &def->type },
		{ "key_bytes", &def->key_size },
		{ "value_bytes", &def->value_size },
		{ "slots", &def->max_entries },
		{ "options", &def->map_flags },
		{ "sharing", &def->pinning },
	};
	__u64 value;

	(void)ctx;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		int err = elfmap_entry__member(entry, members[i].name, &value);

		if (err)
			return err;
		*members[i].to = (__u32)value;
	}
	value = 77;
	ck_assert_int_eq(elfmap_entry__member(entry, "kinds", &value), -ENOENT);
	ck_assert_uint_eq(value, 77);
	ck_assert_uint_eq(elfmap_entry__offset(entry) % 16, 0);
	return 0;
}

/* In a section of its own, which nobody else is asked about. */
START_TEST(test_own_section)
{
	const struct elfmap_format format = {
		.sz = sizeof(format),
		.name = "vendor",
		.decode = decode_by_name,
		.section = "vend",
	};
	const struct elfmap_format *const formats[] = { &format };
	struct elfmap_open_opts opts = vendor_opts(PINS);
	struct test_object object = object_load("vendor.btf"), image;
	struct elfmap_object *opened;

	object_rename_section(&object, "maps", "vend");
	opts.formats = formats;
	opened = open_object(&object, &opts);
	check_vendor_maps(opened, "content: the section is its own (16 bytes)");
	ck_assert_str_eq(elfmap_map__section(map_of(opened, "flows")), "vend");
	image = image_of(opened);
	elfmap_object__close(opened);
	/* and what comes out needs no callback any more */
	opened = open_object(&image, NULL);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "flows"))->max_entries, 512);
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(opened, "stages")), 2);
	elfmap_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

static int refuse_probe(const struct elfmap_section *section, const char **why, void *ctx)
{
	(void)section, (void)why, (void)ctx;
	return ELFMAP_EVIDENCE_NONE;
}

START_TEST(test_own_section_unclaimed)
{
	struct elfmap_format format = vendor_format;
	const struct elfmap_format *const formats[] = { &format };
	struct elfmap_open_opts opts = vendor_opts(PINS);
	struct test_object object = object_load("vendor");

	opts.formats = formats;
	format.section = "vend";
	format.probe = refuse_probe;
	object_rename_section(&object, "maps", "vend");
	assert_refused(&object, &opts, ENOTSUP, "section vend: definitions of 16 bytes",
		       "no format that was given for this section takes them");
	format.section = ".maps";
	assert_refused(&object, &opts, EINVAL,
		       "format vendor: section .maps is that of BTF-defined");
	object_free(&object);
}
END_TEST

/* A struct of another header's length, and ones that say too little. */
START_TEST(test_format_size)
{
	struct {
		struct elfmap_format format;
		char more[8];
	} later = { .format = vendor_format };
	struct elfmap_field field = { "sharing", 4, 4, ELFMAP_FIELD_TYPE };
	const struct elfmap_format *const formats[] = { &later.format };
	struct elfmap_open_opts opts = vendor_opts(PINS);
	struct test_object object = object_load("vendor");

	opts.formats = formats;
	later.format.sz = sizeof(later);
	elfmap_object__close(open_object(&object, &opts));
	later.more[3] = 1;
	ck_assert_ptr_null(elfmap_object__open_mem(object.bytes, object.size, &opts));
	ck_assert_int_eq(errno, E2BIG);
	/* up to ctx: what is behind is not looked at */
	later.format.sz = offsetof(struct elfmap_format, summary);
	later.format.refusal = "never read";
	elfmap_object__close(open_object(&object, &opts));
	later.format.sz = 1;
	ck_assert_ptr_null(elfmap_object__open_mem(object.bytes, object.size, &opts));
	ck_assert_int_eq(errno, EINVAL);
	later.format = vendor_format;
	later.format.fields = &field;
	later.format.nr_fields = 1;
	assert_refused(&object, &opts, EINVAL, "format vendor: expected a name for each field");
	field.kind = (enum elfmap_field_kind)77;
	assert_refused(&object, &opts, EINVAL, "format vendor: expected a name for each field");
	later.format.fields = NULL;
	assert_refused(&object, &opts, EINVAL, "format vendor: expected a name for each field");
	later.format = vendor_format;
	later.format.decode = NULL;
	assert_refused(&object, &opts, EINVAL, "format vendor: expected a name, decode, and probe");
	object_free(&object);
}
END_TEST

/* --- programs ------------------------------------------------------------------------------ */

START_TEST(test_programs)
{
	struct elfmap_open_opts opts = vendor_opts(PINS);
	struct test_object object = object_load("vendor");
	struct elfmap_object *opened = open_object(&object, &opts);
	const struct elfmap_program *drop = program_of(opened, "drop");
	__u32 key = 77;

	ck_assert_uint_eq(elfmap_program__type(drop), BPF_PROG_TYPE_XDP);
	ck_assert_uint_eq(elfmap_program__expected_attach_type(drop), BPF_XDP);
	ck_assert_ptr_eq(elfmap_program__tail_call(drop, &key), map_of(opened, "stages"));
	ck_assert_uint_eq(key, 1);
	ck_assert_ptr_null(elfmap_program__tail_call(program_of(opened, "entry"), NULL));
	ck_assert_ptr_eq(elfmap_program__object(drop), opened);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* What elfmap makes of each name by itself. */
static int note_hints(const char *section, struct elfmap_program_hint *hint, void *ctx)
{
	char *notes = ctx;
	size_t used = strlen(notes);

	snprintf(notes + used, 512 - used, "%s %s %u", section, hint->name, hint->type);
	used = strlen(notes);
	if (hint->has_tail_call)
		snprintf(notes + used, 512 - used, " %u/%u %s", hint->tail_call_id,
			 hint->tail_call_key, hint->tail_call_map ? hint->tail_call_map : "");
	strcat(notes, hint->autoload ? "\n" : " not\n");
	return 0;
}

START_TEST(test_hints)
{
	char notes[512] = "";
	struct elfmap_open_opts opts = { .sz = sizeof(opts),
					 .program_cb = note_hints,
					 .ctx = notes };
	struct test_object object = object_load("tailcalls"), image = convert(&object);

	elfmap_object__close(open_object(&object, &opts));
	ck_assert_str_eq(notes, "0xabccba/0 accept 0 11259066/0 \n"
				"0xabccba/0x1 drop 0 11259066/1 \n"
				"42/0 parse 0 42/0 \n42/1 decide 0 42/1 \n"
				"99/0 lost 0 99/0 \nclassifier enter 3\n");
	*notes = '\0';
	elfmap_object__close(open_object(&image, &opts));
	ck_assert_str_eq(notes, "0xabccba/0 accept 0 0/0 verdicts\n"
				"0xabccba/0x1 drop 0 0/1 verdicts\n"
				"42/0 parse 0 0/0 steps\n42/1 decide 0 0/1 steps\n"
				"99/0 lost 0 99/0 \nclassifier enter 3\n");
	object_free(&image);
	object_free(&object);
}
END_TEST

/* A change of each part, by the program's name. */
static int rearrange(const char *section, struct elfmap_program_hint *hint, void *ctx)
{
	(void)section;
	if (!strcmp(hint->name, "accept"))
		hint->has_tail_call = false;
	if (!strcmp(hint->name, "lost")) {
		hint->tail_call_map = ctx ? ctx : "verdicts";
		hint->tail_call_key = 0;
	}
	if (!strcmp(hint->name, "parse")) {
		hint->tail_call_map = "verdicts";
		hint->tail_call_key = 1;
	}
	if (!strcmp(hint->name, "drop")) {
		hint->tail_call_map = NULL;
		hint->tail_call_id = 4711;
	}
	if (!strcmp(hint->name, "decide"))
		hint->autoload = false;
	return 0;
}

static void check_rearranged(const struct test_object *object)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .program_cb = rearrange };
	struct elfmap_object *opened = open_object(object, &opts);
	const struct elfmap_map *verdicts = map_of(opened, "verdicts");
	const char *target;
	__u32 key;

	ck_assert_ptr_null(elfmap_program__tail_call(program_of(opened, "accept"), NULL));
	ck_assert_ptr_null(elfmap_program__tail_call(program_of(opened, "drop"), NULL));
	ck_assert_ptr_eq(elfmap_program__tail_call(program_of(opened, "lost"), &key), verdicts);
	ck_assert_uint_eq(key, 0);
	ck_assert_uint_eq(elfmap_map__nr_slots(verdicts), 2);
	ck_assert_int_eq(elfmap_map__slot(verdicts, 0, &key, &target), 0);
	ck_assert_uint_eq(key, 0);
	ck_assert_str_eq(target, "lost");
	ck_assert_int_eq(elfmap_map__slot(verdicts, 1, &key, &target), 0);
	ck_assert_str_eq(target, "parse");
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(opened, "steps")), 1);
	ck_assert(!elfmap_program__autoload(program_of(opened, "decide")));
	/* of the same type as the others, as tail calls are */
	ck_assert_uint_eq(elfmap_program__type(program_of(opened, "lost")),
			  BPF_PROG_TYPE_SCHED_CLS);
	elfmap_object__close(opened);
}

START_TEST(test_rearranged)
{
	struct test_object object = object_load("tailcalls"), image = convert(&object);
	char wrong[] = "trace", none[] = "nowhere";
	struct elfmap_open_opts opts = { .sz = sizeof(opts),
					 .program_cb = rearrange,
					 .ctx = wrong };

	check_rearranged(&object);
	check_rearranged(&image);
	assert_refused(&object, &opts, EINVAL, "program \"lost\"",
		       "\"trace\": that map is no prog array");
	opts.ctx = none;
	assert_refused(&object, &opts, EINVAL, "\"nowhere\": the object has no map of that name");
	object_free(&image);
	object_free(&object);
}
END_TEST

static int refuse_program(const char *section, struct elfmap_program_hint *hint, void *ctx)
{
	(void)section, (void)hint;
	return *(int *)ctx;
}

START_TEST(test_program_refused)
{
	int answer = -EPROTO;
	struct elfmap_open_opts opts = { .sz = sizeof(opts),
					 .program_cb = refuse_program,
					 .ctx = &answer };
	struct test_object object = object_load("counter");

	assert_refused(&object, &opts, EPROTO, "the loader's callback refuses it");
	answer = 5;
	assert_refused(&object, &opts, EINVAL, "the loader's callback refuses it");
	object_free(&object);
}
END_TEST

/* --- pins ---------------------------------------------------------------------------------- */

static int odd_path(const char *map, __u32 pinning, char *path, size_t size, void *ctx)
{
	(void)map, (void)pinning;
	switch (*(int *)ctx) {
	case 0:
		memset(path, 'x', size); /* no end */
		return ELFMAP_PIN_PATH_SET;
	case 1:
		strcpy(path, "half done");
		return ELFMAP_PIN_PATH_DEFAULT;
	default:
		return *(int *)ctx;
	}
}

START_TEST(test_pin_paths)
{
	struct elfmap_open_opts opts = vendor_opts(PINS);
	struct test_object object = object_load("vendor");
	struct elfmap_object *opened = open_object(&object, &opts);

	ck_assert_str_eq(elfmap_map__pin_path(map_of(opened, "flows")), PINS "/site/flows");
	ck_assert_str_eq(elfmap_map__pin_path(map_of(opened, "packets")), PINS "/all/packets");
	ck_assert_ptr_null(elfmap_map__pin_path(map_of(opened, "stages")));
	elfmap_object__close(opened);
	/* a directory that is named counts first */
	opts.pin_dir = "/sys/fs/bpf/flat";
	opened = open_object(&object, &opts);
	ck_assert_str_eq(elfmap_map__pin_path(map_of(opened, "flows")), "/sys/fs/bpf/flat/flows");
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

START_TEST(test_odd_pin_paths)
{
	int which = 0;
	struct elfmap_open_opts opts = {
		.sz = sizeof(opts), .bpffs = "/bpf", .pin_path_cb = odd_path, .ctx = &which
	};
	struct test_object object = object_load("elf36");
	struct elfmap_object *opened;

	assert_refused(&object, &opts, ENAMETOOLONG, "its pin's path is longer than 4095 bytes");
	which = 1;
	opened = open_object(&object, &opts);
	ck_assert_str_eq(elfmap_map__pin_path(map_of(opened, "peers")), "/bpf/tc/globals/peers");
	ck_assert_ptr_null(elfmap_map__pin_path(map_of(opened, "scratch")));
	elfmap_object__close(opened);
	which = -EXDEV;
	assert_refused(&object, &opts, EXDEV, "the loader's callback for pins refuses it");
	object_free(&object);
}
END_TEST

/* --- all of it, in the kernel -------------------------------------------------------------- */

static void check_state(const struct bpf_object *object)
{
	struct program_info program;
	int stages = bpf_map__fd(bpf_object__find_map_by_name(object, "stages"));

	program = program_info_of_id(slot_id(stages, 1));
	ck_assert_str_eq(program.name, "drop");
	ck_assert_uint_eq(program.type, BPF_PROG_TYPE_XDP);
	ck_assert_uint_eq(map_info_of_pin(PINS "/site/flows").max_entries, 512);
	ck_assert_uint_eq(
		map_info_of_pin(PINS "/all/packets").id,
		map_info(bpf_map__fd(bpf_object__find_map_by_name(object, "packets"))).id);
}

START_TEST(test_load)
{
	struct elfmap_open_opts opts = vendor_opts(PINS);
	struct test_object object = object_load("vendor.btf");
	struct elfmap_object *opened;
	struct bpf_object *dropped_in;

	enter_kernel();
	dropped_in = elfmap_open_mem(object.bytes, object.size, &opts);
	ck_assert_ptr_nonnull(dropped_in);
	ck_assert_int_eq(bpf_object__load(dropped_in), 0);
	check_state(dropped_in);
	opened = open_object(&object, &opts);
	ck_assert_int_eq(elfmap_object__load(opened), 0);
	check_state(elfmap_object__bpf_object(opened));
	bpf_object__close(dropped_in);
	check_state(elfmap_object__bpf_object(opened));
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* --- the last word on each map ---------------------------------------------------------------- */

struct last_word {
	char names[64];
	int fd;
	int answer;
};

static int say_last_word(struct elfmap_map *map, void *ctx)
{
	struct elfmap_object *object = elfmap_map__object(map);
	const char *name = elfmap_map__name(map);
	struct last_word *word = ctx;

	strcat(strcat(word->names, name), " ");
	ck_assert_ptr_eq(elfmap_object__find_map(object, name), map);
	/* what is synthesised later can be asked for, and changed afterwards */
	ck_assert_ptr_nonnull(btf__type_by_id(elfmap_object__btf(object), elfmap_map__btf_id(map)));
	if (!strcmp(name, "trace")) {
		ck_assert_int_eq(elfmap_map__set_max_entries(map, 99), 0);
		ck_assert_int_eq(elfmap_map__set_pin_path(map, NULL), 0);
	} else if (!strcmp(name, "steps")) {
		ck_assert_int_eq(elfmap_map__set_autocreate(map, false), 0);
	} else if (word->fd >= 0) {
		ck_assert_int_eq(elfmap_map__reuse_fd(map, word->fd), 0);
	}
	return word->answer;
}

static int none_of_steps(const char *section, struct elfmap_program_hint *hint, void *ctx)
{
	(void)ctx;
	/* those that use the map that is not created */
	if (!strncmp(section, "42/", 3) || !strcmp(section, "classifier"))
		hint->autoload = false;
	hint->type = BPF_PROG_TYPE_SCHED_CLS;
	return 0;
}

static void check_last_word(const struct bpf_object *object, const struct last_word *word)
{
	const struct bpf_map *trace = bpf_object__find_map_by_name(object, "trace");
	/* as the kernel calls it */
	const struct bpf_map *verdicts = bpf_object__find_map_by_name(object, "mine");

	ck_assert_str_eq(word->names, "steps verdicts trace ");
	ck_assert_uint_eq(map_info(bpf_map__fd(trace)).max_entries, 99);
	ck_assert(!bpf_map__autocreate(bpf_object__find_map_by_name(object, "steps")));
	ck_assert_uint_eq(map_info(bpf_map__fd(verdicts)).id, map_info(word->fd).id);
	ck_assert_str_eq(program_info_of_id(slot_id(word->fd, 0)).name, "accept");
	ck_assert_str_eq(program_info_of_id(slot_id(word->fd, 1)).name, "drop");
}

START_TEST(test_last_word)
{
	struct last_word word = { .fd = -1 };
	struct elfmap_open_opts opts = { .sz = sizeof(opts),
					 .program_cb = none_of_steps,
					 .map_cb = say_last_word,
					 .ctx = &word };
	struct test_object object = object_load("tailcalls");
	struct elfmap_object *opened;
	struct bpf_object *dropped_in;
	char *pins;

	enter_kernel();
	word.fd = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "mine", 4, 4, 2, NULL);
	dropped_in = elfmap_open_mem(object.bytes, object.size, &opts);
	ck_assert_ptr_nonnull(dropped_in);
	ck_assert_int_eq(bpf_object__load(dropped_in), 0);
	check_last_word(dropped_in, &word);
	bpf_object__close(dropped_in);
	*word.names = '\0';
	opened = open_object(&object, &opts);
	ck_assert_int_eq(elfmap_object__load(opened), 0);
	ck_assert_int_eq(elfmap_map__fd(map_of(opened, "steps")), -ENOENT);
	check_last_word(elfmap_object__bpf_object(opened), &word);
	elfmap_object__close(opened);
	pins = list_pins("/sys/fs/bpf");
	ck_assert_str_eq(pins, "");
	free(pins);
	*word.names = '\0';
	word.answer = -EDOM;
	assert_refused(&object, &opts, EDOM, "map \"steps\": the loader's callback refuses it");
	object_free(&object);
}
END_TEST

/* --- maps of others by the drop-ins ----------------------------------------------------------- */

static int give_to_steps(struct elfmap_map *map, void *ctx)
{
	return strcmp(elfmap_map__name(map), "steps") ? 0 : elfmap_map__reuse_fd(map, *(int *)ctx);
}

/* libbpf calls it what the kernel calls it, which is what another map of the object is called. */
START_TEST(test_namesake)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts),
					 .pin_dir = "/sys/fs/bpf/pins",
					 .map_cb = give_to_steps };
	struct test_object object = object_load("tailcalls");
	struct bpf_object *opened;
	char *pins;
	int fd;

	enter_kernel();
	fd = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "trace", 4, 4, 2, NULL);
	opts.ctx = &fd;
	opened = elfmap_open_mem(object.bytes, object.size, &opts);
	ck_assert_ptr_nonnull(opened);
	ck_assert_int_eq(bpf_object__load(opened), 0);
	pins = list_pins("/sys/fs/bpf");
	ck_assert_str_eq(pins, "pins/trace\npins/verdicts\n");
	free(pins);
	ck_assert_uint_eq(map_info_of_pin("/sys/fs/bpf/pins/trace").type, BPF_MAP_TYPE_ARRAY);
	bpf_object__close(opened);
	object_free(&object);
}
END_TEST

static int give_and_pin(struct elfmap_map *map, void *ctx)
{
	int err = give_to_steps(map, ctx);

	if (err || strcmp(elfmap_map__name(map), "steps") != 0)
		return err;
	return elfmap_map__set_pin_path(map, "/sys/fs/bpf/taken");
}

/* What is given is not given up for what is pinned: as elfmap_object__load() says. */
START_TEST(test_taken_pin)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .map_cb = give_and_pin };
	struct test_object object = object_load("tailcalls");
	struct bpf_object *opened;
	int fd, other;

	enter_kernel();
	fd = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "mine", 4, 4, 2, NULL);
	other = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "other", 4, 4, 2, NULL);
	ck_assert_int_eq(bpf_obj_pin(other, "/sys/fs/bpf/taken"), 0);
	opts.ctx = &fd;
	collect_messages();
	ck_assert_ptr_null(elfmap_open_mem(object.bytes, object.size, &opts));
	ck_assert_int_eq(errno, EEXIST);
	assert_message(ELFMAP_LOG_ERROR,
		       "map \"steps\": cannot pin it as /sys/fs/bpf/taken, which is map ");
	/* that very map may be there */
	ck_assert_int_eq(unlink("/sys/fs/bpf/taken"), 0);
	ck_assert_int_eq(bpf_obj_pin(fd, "/sys/fs/bpf/taken"), 0);
	opened = elfmap_open_mem(object.bytes, object.size, &opts);
	ck_assert_ptr_nonnull(opened);
	ck_assert_int_eq(bpf_object__load(opened), 0);
	ck_assert_uint_eq(map_info_of_pin("/sys/fs/bpf/taken").id, map_info(fd).id);
	bpf_object__close(opened);
	close(other);
	object_free(&object);
}
END_TEST

Suite *callbacks_suite(void)
{
	return suite_of("callbacks", test_format, test_own_section, test_own_section_unclaimed,
			test_format_size, test_programs, test_hints, test_rearranged,
			test_program_refused, test_pin_paths, test_odd_pin_paths, test_load,
			test_last_word, test_namesake, test_taken_pin);
}
