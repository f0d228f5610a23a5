/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The nouns that the steps pass on: an object with its maps and programs. Each member says which
 * step sets it; later steps only read it.
 */
#ifndef ELFMAP_MODEL_H
#define ELFMAP_MODEL_H

#include <linux/bpf.h>

#include "btf_append.h"
#include "elfmap.h"
#include "journal.h"
#include "map_types.h"
#include "read.h"
#include "texts.h"

/* Slots that libbpf is told of are a dense array up to the highest key; beyond this many it pays
 * better to fill them after load. */
#define DECLARED_SLOTS_MAX 65536u

/* libbpf reads at most this many variables from a DATASEC: its count has 16 bits. */
#define MAPS_MAX 65535u

/* Every inner map in every outer map is a product: more than this is no object but an attack. */
#define SLOTS_MAX (1u << 20)

/* A BTF-defined map's pinning: libbpf's LIBBPF_PIN_BY_NAME, which only its BPF-side header has. */
#define PIN_BY_NAME 1u

/* What an outer map or a prog array holds at a key after load; one of the two is set. */
struct map_slot {
	uint32_t key;
	const struct elfmap_map *map;
	struct elfmap_program *program;
	bool was_declared; /* of a map that was translated before: in .rel.maps */
	bool is_added;	   /* to a map that was translated before, by the caller */
	size_t number;	   /* among those of its map, in the order in which iproute2 stores them */
};

/* There may be many: what needs no more has 32 bits, and each step's stand so that none is lost. */
struct elfmap_map {
	struct elfmap_object *object;

	/* decode */
	const char *name;
	size_t offset;	  /* in the section, bytes */
	uint32_t section; /* index */
	uint32_t symbol;  /* index */
	uint32_t size;	  /* of the definition, bytes */
	bool is_renamed;  /* its symbol has another name, which is taken: resolve sets this */
	bool native;	  /* a BTF-defined map: libbpf reads it, it is not translated */
	bool converted;	  /* a native one that was translated before, as its tags say */
	struct elfmap_map_def def;
	struct extra_field *fields; /* those that def has no member for */
	const char *layout;
	const char *evidence;
	const uint8_t *sha1;   /* of the file that a converted map comes from, NULL for this one */
	uint32_t btf_var;      /* its VAR in the object's BTF, 0 where there is none */
	uint32_t btf_id;       /* its struct there, 0 where there is none */
	uint32_t shown_btf_id; /* of a native one: its variable's, without fields hidden before */
	uint32_t nr_fields;

	/* the caller, from map_cb on until libbpf's object is opened */
	uint32_t changed; /* words of def, by model_word_bit() */
	int own_fd;	  /* to be used instead of creating it, or held by its pin; -1 for none */
	bool skipped;	  /* not to be created */

	/* load */
	bool reused;
	bool is_pinned; /* at its pin_path already */

	/* resolve */
	bool pin_is_open; /* the loader must say where, or that it is not pinned */
	uint32_t nr_slots;
	struct map_slot *slots; /* by key */
	const struct elfmap_map *inner;
	char *pin_path;
	uint32_t key_type_id;
	uint32_t value_type_id;

	/* synthesise; for native maps where libbpf will find them already */
	uint32_t image_offset;	/* in the image's .maps, bytes */
	uint32_t image_size;	/* of the variable with its declared slots, bytes */
	uint32_t values_offset; /* of the first declared slot in the variable, bytes; of a converted
				 * one from resolve on, the variable's size where it has none */
	uint32_t image_btf_id;	/* the struct that libbpf reads */

	struct bpf_map *bpf_map; /* load */
};

struct elfmap_program {
	struct elfmap_object *object;

	/* decode */
	const char *name;
	size_t section;	 /* index */
	size_t offset;	 /* in the section, bytes */
	size_t size;	 /* bytes */
	size_t symbol;	 /* index; one beyond the object's own where it has none */
	bool is_renamed; /* its symbol has another name, which is taken: resolve sets this */
	bool subprogram;

	/* resolve; the caller may change them before load */
	struct elfmap_map *tail_call_map;
	uint32_t tail_call_key;
	uint32_t type; /* enum bpf_prog_type */
	uint32_t attach_type;
	bool autoload;
	char *pin_path;

	/* load */
	struct bpf_program *bpf_program;

	/* open_pinned */
	int fd; /* the program's own: no bpf_program stands behind it */
};

/* What an image is for. */
struct image_options {
	/* elfmap's own load: it fills the slots itself, so that none is declared */
	bool own_load;
	enum elfmap_loader loader;
	bool no_tags;
	bool rename_sections;
	bool drop_in; /* libbpf loads it right away: what stays empty is declared nowhere */
};

struct elfmap_object {
	struct elf_view view; /* read */
	struct texts texts;   /* names and paths that were made on the way */
	struct btf *btf; /* decode: the object's own, or empty; synthesise changes types of it */
	bool has_btf;	 /* decode: the object came with usable BTF */
	uint32_t first_datasec; /* decode: no type of its before this one is a DATASEC */

	struct elfmap_map *maps; /* by section, then by offset */
	size_t nr_maps;
	struct elfmap_map **by_name; /* resolve: the same, by name */
	size_t nr_legacy;
	bool has_ids; /* decode: or maps of maps; of one or the other resolve makes something */
	size_t nr_converted;
	bool has_renamed; /* resolve: static maps or programs have other names than their symbols */
	bool *passed_over;    /* passed_over: sections that libbpf is not to look at */
	const char *refusal;  /* why it is only to be looked at; NULL if it is not */
	size_t nr_slots;      /* of all maps together */
	bool has_other_slots; /* the caller changed those of maps that were translated before */
	struct elfmap_program *programs; /* by section, then by offset */
	size_t nr_programs;
	size_t nr_added_symbols; /* of programs in sections where no symbol names a function */

	struct elfmap_open_opts opts;  /* the caller's; valid while the object is being opened */
	struct elfmap_format *formats; /* copies of the caller's */
	size_t nr_formats;
	struct bpf_object_open_opts *bpf_opts; /* a copy of the caller's, with a name filled in */
	char *bpf_name;			       /* that name */

	/* resolve */
	char *bpffs;	  /* for resolve_bpffs() */
	bool has_pin_dir; /* they go where the caller says instead */

	/* synthesise */
	bool is_synthesised;	   /* nothing was changed since */
	bool is_appended;	   /* btf has other types than the object's own */
	struct btf_append added;   /* what stands behind the object's own */
	struct btf *whole_btf;	   /* both; NULL until somebody asks for it */
	size_t nr_shown;	   /* native maps that get another struct than they have */
	struct elfmap_map **order; /* maps as they stand in the image's .maps */
	uint32_t maps_size;	   /* of that section, bytes */

	/* write */
	struct image_options image_options;
	uint8_t *image;
	size_t image_size;
	size_t image_nr_slots; /* of all maps when it was written; tail calls may be cleared */

	/* load */
	int pin_lock;	  /* the caller's, 0 for none */
	uint32_t ifindex; /* of the device whose hardware it is for, 0 for none: the caller's */
	struct bpf_object *bpf_object;
	bool loaded;
	struct journal journal;
	struct elfmap_link *links; /* the caller's, in the order in which they were made */

	/* open_pinned */
	bool is_pinned; /* loaded by another process, and found by its pins: no file is behind it */
};

/* The bit of a word of struct elfmap_map_def, by its offset there. */
static inline uint32_t model_word_bit(size_t offset)
{
	return 1u << offset / sizeof(uint32_t);
}

static inline const char *map_section(const struct elfmap_map *map)
{
	return map->object->view.sections[map->section].name;
}

static inline const char *program_section(const struct elfmap_program *program)
{
	return program->object->view.sections[program->section].name;
}

/* The program's symbol in the file, NULL where it has none. */
static inline const Elf64_Sym *program_symbol(const struct elfmap_program *program)
{
	const struct elf_view *view = &program->object->view;

	return program->symbol < view->nr_symbols ? &view->symbols[program->symbol] : NULL;
}

#endif
