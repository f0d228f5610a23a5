/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What each object of testdata must become in the kernel, by its source, and the comparison with
 * what the kernel holds. Nothing here goes through the library. Every call ends
 * the test where it fails or finds a difference.
 */
#ifndef ELFMAP_TEST_OUTCOME_H
#define ELFMAP_TEST_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>

#include "test/kernel.h"

#define BPFFS "/sys/fs/bpf"

/* --- the tables; each ends with a NULL name ---------------------------------------------- */

struct outcome_program {
	const char *name;
	const char *section;
	__u32 type;	  /* if all programs are loaded, each as what its section says */
	const char *maps; /* those it uses, blanks between them */
};

struct outcome_slot {
	const char *map;
	__u32 key;
	const char *target; /* a map or a program */
};

struct outcome_object {
	const char *name; /* testdata/NAME.o and NAME.btf.o */
	bool only_btf;
	const struct outcome_program *programs;
	const struct outcome_slot *slots;
	const char *typed; /* the maps with key and value types, if the object has BTF */
	/* a prog array has no pin: what tools store there is lost some time after they end */
	bool loses_tail_calls;
};

extern const struct outcome_object outcome_objects[];

const struct outcome_program *outcome_program(const struct outcome_object *object,
					      const char *name);

/* Whether a list of names, blanks between them, has one. */
bool list_has(const char *list, const char *name);

/* Where a map is pinned. */
enum outcome_pin {
	PIN_NOWHERE,
	PIN_OBJECT, /* in the object's own namespace */
	PIN_GLOBAL,
	PIN_BY_NAME, /* as BTF-defined maps are, in the loader's place for these */
	PIN_PATH,    /* at a path that the definition holds */
};

/* A map as the kernel says that it is: expected.h tells the definitions. */
struct outcome_map {
	const char *name;
	__u32 type;
	__u32 key_size;
	__u32 value_size;
	__u32 max_entries;
	__u32 map_flags;
	enum outcome_pin pin;
	const char *path; /* for PIN_PATH: absolute, or below the bpffs */
	bool typed;	  /* has key and value types, if the object has BTF */
};

/* The maps of an object in the order of expected.h, and one by its name, or NULL. Never freed. */
const struct outcome_map *outcome_maps(const struct outcome_object *object);
const struct outcome_map *outcome_map(const struct outcome_object *object, const char *name);

/* --- object files ------------------------------------------------------------------------ */

struct object_file {
	const struct outcome_object *object;
	bool btf;
	char name[32]; /* as object_load() takes it */
	char path[64];
};

/* The object files of testdata, to count through in a loop test, and one by its path. */
size_t nr_object_files(void);
struct object_file object_file(size_t i);
struct object_file object_file_at(const char *path);

/* The same for each program that tc can attach, but for objects that lose their tail calls. */
size_t nr_tc_cases(void);
struct object_file tc_case(size_t i, const struct outcome_program **program);

/* The same for each XDP program, which ip can attach. */
size_t nr_xdp_cases(void);
struct object_file xdp_case(size_t i, const struct outcome_program **program);

/* Loaders differ in where they pin BTF-defined maps by name. */
enum loader {
	LOADER_LIBRARY, /* in the bpffs itself */
	LOADER_TC,	/* below tc/globals */
	/* Those that know libbpf's pins alone: of conversions only what is pinned by name. */
	LOADER_LIBBPF,	 /* in the bpffs itself */
	LOADER_STOCK_TC, /* below tc/globals */
};

/* Where a map is pinned by what the object says: its path, or NULL if nowhere. For free(). */
char *pin_path(const struct object_file *file, const struct outcome_map *map, enum loader loader);

/* --- what the kernel holds --------------------------------------------------------------- */

/* Maps and programs, each once, that were found from pins and attachments. */
struct state {
	struct bpf_map_info maps[128];
	size_t nr_maps;
	struct program_info programs[32];
	size_t nr_programs;
};

/* Add something with all that is found from it: a program's maps, and what is in slots. */
void state_add_map(struct state *state, __u32 id);
void state_add_program(struct state *state, __u32 id);
/* Everything that is pinned below a directory. */
void state_add_pins(struct state *state, const char *directory);

/* Where the only map or program of that name is, and its id. */
size_t state_map_index(const struct state *state, const char *name);
size_t state_program_index(const struct state *state, const char *name);
__u32 state_map(const struct state *state, const char *name);
__u32 state_program(const struct state *state, const char *name);

/* Whether a descriptor is of a program, and not of a map. */
bool is_program(int fd);
/* Whether maps of a type hold programs or maps. */
bool has_slots(__u32 type);
/* How many slots of a map hold something; none if it is no prog array and no map of maps. */
size_t nr_filled_slots(__u32 map);

/* --- comparisons ------------------------------------------------------------------------- */

/* What of an object must be in the kernel. */
struct expectation {
	const struct object_file *file;
	/* the program that tc was asked for, with those in slots, but in none itself; NULL: all */
	const struct outcome_program *asked;
	__u32 type; /* of all programs; 0: what their sections say */
	/* those maps that are used, in a slot, or pinned by the loader; not set: all */
	bool only_held;
	enum loader loader;
};

/* Exactly these programs, maps and slots, with nothing but the expected attributes. */
void assert_state(const struct state *state, const struct expectation *expectation);

/* What tc leaves behind when it was asked for a program, and all maps and programs of an object. */
void assert_tc_state(const struct state *state, const struct object_file *file,
		     const struct outcome_program *asked);
void assert_whole_state(const struct state *state, const struct object_file *file);

/* Exactly the pins that the object asks for, in directories for their owner alone. */
void assert_object_pins(const struct object_file *file, enum loader loader);

/* What list_tree() says of BPFFS, and that all its directories are for their owner alone. */
void assert_tree(const char *expected);

#endif
