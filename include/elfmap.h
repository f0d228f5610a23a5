/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap - load legacy BPF objects with libbpf 1.x
 *
 * Objects whose maps stand in SEC("maps"), as struct bpf_map_def or as iproute2's
 * struct bpf_elf_map, are refused by libbpf 1.0 and later. This library reads the legacy
 * definitions, translates them to BTF-defined maps in a new ELF image, and hands that image to
 * libbpf's ordinary open and load calls.
 *
 * An opts struct begins with sz = sizeof(the struct), and NULL means all defaults; fields that the
 * caller knows and the library does not must be zero. Nothing is printed: messages go to the
 * callback set with elfmap_set_log(), if any.
 *
 * Return values: these are the same as libbpf's.
 *  - A function that returns a pointer returns NULL on failure and sets errno.
 *  - A function that returns an int returns 0 or more, or a negative errno.
 *
 * Errors: many calls have these in common. The message sent to the log callback names the file, the
 * section, the symbol, and what was found and expected.
 *   -EINVAL, the object contradicts itself or is no BPF object.
 *   -ENOTSUP, it is understood but cannot be translated.
 *   -ENOMEM, there is no memory.
 *   -E2BIG, an opts struct has a field that the library does not know, and it is not zero.
 *
 * Threads: calls on different objects may run at the same time; calls on one object, and on the
 * maps and programs of that object, must not. elfmap_set_log() is for the time before the first
 * other call.
 */
#ifndef ELFMAP_H
#define ELFMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ELFMAP_API __attribute__((visibility("default")))

struct bpf_link;
struct bpf_map;
struct bpf_map_batch_opts;
struct bpf_object;
struct bpf_object_open_opts;
struct bpf_program;
struct btf;

/* One opened object file; owns its maps, its programs and its struct bpf_object. */
struct elfmap_object;
/* One map definition of an object; lives as long as the object. */
struct elfmap_map;
/* One program of an object; lives as long as the object. */
struct elfmap_program;
/* What a program of an object is attached by; lives until it is destroyed or the object closed. */
struct elfmap_link;
/* One map of the kernel, whatever object it came from. */
struct elfmap_handle;

/* --- versions: tell the versions of header and library ----------------------------------- */
/*
 * The macros are those of the header that a program was compiled with, the string is that of the
 * library that runs; these differ where a shared library was renewed under a program. Libraries
 * with the same major version are exchangeable: newer ones add calls, and members at the end of
 * structs.
 */

/* The version of this header, for the preprocessor. */
#define ELFMAP_MAJOR_VERSION 0
#define ELFMAP_MINOR_VERSION 1
#define ELFMAP_PATCH_VERSION 0

/* The version of the library, "MAJOR.MINOR.PATCH"; static text. May be called at any time. */
ELFMAP_API const char *elfmap_version_string(void);

/* --- messages: receive what the library has to say --------------------------------------- */
/*
 * The library prints nothing. What it has to say, errors that calls return without words included,
 * goes to one callback for the whole process. libbpf's own messages go where libbpf_set_print()
 * sends them.
 */

/* How much a message matters; errors and warnings are for the user, the rest for who looks closer. */
enum elfmap_log_level {
	ELFMAP_LOG_ERROR,
	ELFMAP_LOG_WARNING,
	ELFMAP_LOG_INFO,
	ELFMAP_LOG_DEBUG,
};

/* Receives one message: a single line without the newline, valid during the call. */
typedef void (*elfmap_log_fn)(enum elfmap_log_level level, const char *message, void *ctx);

/* Send messages to fn from now on; NULL, the initial value, drops them. */
ELFMAP_API void elfmap_set_log(elfmap_log_fn fn, void *ctx);

/* --- formats: map definitions, and the layouts that they are read by --------------------- */
/*
 * A format reads the map definitions of one legacy layout. Loaders that have a layout of their own
 * pass a struct elfmap_format in elfmap_open_opts.formats, with two callbacks: probe() says whether
 * definitions are of that layout, and on what evidence; decode() fills in a struct elfmap_map_def
 * from one of them. The elfmap_section__ and elfmap_entry__ calls are for these callbacks, and
 * nothing that they return is to be freed. The built-in layouts are formats too.
 */

/* The words of a definition that not every layout has; bits of elfmap_map_def.has. */
enum elfmap_map_def_word {
	ELFMAP_DEF_MAP_FLAGS = 1 << 0,
	ELFMAP_DEF_NUMA_NODE = 1 << 1,
	ELFMAP_DEF_ID = 1 << 2,
	ELFMAP_DEF_PINNING = 1 << 3,
	ELFMAP_DEF_INNER_ID = 1 << 4,
	ELFMAP_DEF_INNER_IDX = 1 << 5,
	ELFMAP_DEF_INNER_MAP_IDX = 1 << 6,
	ELFMAP_DEF_INNER_NAME = 1 << 7,
};

/* What a definition's pinning means: loaders number and name their pins differently. */
enum elfmap_pin {
	/* iproute2's numbers: 0 none, 1 object namespace, 2 global, else looked up in bpf_pinning */
	ELFMAP_PIN_BY_NUMBER = 0,
	/* libbpf's and aya's: 1 is <bpffs>/<map>, or <pin_root_path>/<map> */
	ELFMAP_PIN_BY_NAME,
	/* pin_path says where */
	ELFMAP_PIN_BY_PATH,
	/* only the loader knows where: a load needs elfmap_map__set_pin_path() */
	ELFMAP_PIN_BY_LOADER,
};

/*
 * A map definition, decoded. Sizes in bytes. Words that the layout does not have are 0 and absent
 * from .has. The library makes this struct and may append members to it: fill in what you know
 * and leave the rest.
 */
struct elfmap_map_def {
	__u32 has;  /* enum elfmap_map_def_word, or-ed */
	__u32 type; /* enum bpf_map_type, the kernel's number */
	__u32 key_size;
	__u32 value_size;
	__u32 max_entries;
	__u32 map_flags;
	__u32 numa_node; /* used by the kernel if map_flags has BPF_F_NUMA_NODE */
	__u32 id;	 /* iproute2: what ID/KEY sections and inner_id refer to; 0 is none */
	__u32 pinning;	 /* 0 none; others as .pin says */
	__u32 inner_id;	 /* iproute2: the id of the inner map of this outer map */
	__u32 inner_idx; /* iproute2: this inner map's key in its outer maps; (__u32)-1 is none */
	__u32 inner_map_idx; /* samples: position in the section of this outer map's inner map */
	__u32 pin;	     /* enum elfmap_pin: what pinning means */
	/* gobpf, goebpf: where it is pinned; below the bpffs if it does not begin with "/" */
	const char *pin_path;
	/* goebpf: the name of this outer map's inner map; NULL is none */
	const char *inner_name;
};

/* How sure a format is that a section holds its definitions; also what probe() returns. */
enum elfmap_evidence {
	ELFMAP_EVIDENCE_NONE = 0,    /* not mine */
	ELFMAP_EVIDENCE_SIZE = 1,    /* the size of the entries is this layout's */
	ELFMAP_EVIDENCE_CONTENT = 2, /* and what they hold rules other layouts of that size out */
	ELFMAP_EVIDENCE_BTF = 3,     /* the object's BTF names the members */
};

/*
 * Definitions of one size, as format callbacks see them: those of section "maps", and of sections
 * "maps/<name>", where some loaders put each map by itself. Valid during the callback.
 */
struct elfmap_section;
/* One definition in it; valid during the callback. */
struct elfmap_entry;

/* The name of the first definition's section, such as "maps" or "maps/events". */
ELFMAP_API const char *elfmap_section__name(const struct elfmap_section *section);
/* The number of definitions of this size, at least 1. */
ELFMAP_API size_t elfmap_section__nr_entries(const struct elfmap_section *section);
/* The size of each of them, in bytes. */
ELFMAP_API size_t elfmap_section__entry_size(const struct elfmap_section *section);
/* The i-th of them by section and offset; i is below elfmap_section__nr_entries(). */
ELFMAP_API const struct elfmap_entry *elfmap_section__entry(const struct elfmap_section *section,
							    size_t i);
/* The bytes of the object's section of that name, and their number; NULL if there is none. */
ELFMAP_API const void *elfmap_section__find(const struct elfmap_section *section, const char *name,
					    size_t *size);
/* Whether the object is big-endian. */
ELFMAP_API bool elfmap_section__is_big_endian(const struct elfmap_section *section);
/* Whether the object has a program section "ID/KEY" with this ID, iproute2's tail calls. */
ELFMAP_API bool elfmap_section__has_tail_call_id(const struct elfmap_section *section, __u32 id);

/* The name of the entry's symbol, which is the map's name, and that of the section it is in. */
ELFMAP_API const char *elfmap_entry__name(const struct elfmap_entry *entry);
ELFMAP_API const char *elfmap_entry__section(const struct elfmap_entry *entry);
/* The entry's bytes, in the object's byte order, and their number. */
ELFMAP_API const void *elfmap_entry__data(const struct elfmap_entry *entry, size_t *size);
/* Where it begins in that section, in bytes. */
ELFMAP_API size_t elfmap_entry__offset(const struct elfmap_entry *entry);
/* Read the 32-bit word at a byte offset in the object's byte order. -ERANGE: not in the entry. */
ELFMAP_API int elfmap_entry__u32(const struct elfmap_entry *entry, size_t offset, __u32 *value);
/* The same for an unsigned integer of 1, 2, 4 or 8 bytes; -EINVAL for other sizes. */
ELFMAP_API int elfmap_entry__number(const struct elfmap_entry *entry, size_t offset, size_t size,
				    __u64 *value);
/*
 * The same for a member of the entry's struct by the name that its author gave it, at any depth of
 * structs in structs. -ENOENT: the object's BTF names no such member; -EINVAL: it is no integer or
 * enum of whole bytes; -E2BIG: the struct has more members than a definition.
 */
ELFMAP_API int elfmap_entry__member(const struct elfmap_entry *entry, const char *name,
				    __u64 *value);
/* What a pointer in an entry refers to; see elfmap_entry__pointer(). */
struct elfmap_target {
	const char *name;    /* the map's if it is a definition, else its symbol's; may be empty */
	bool is_definition;  /* a map definition begins there */
	const char *section; /* the name of the section it is in */
	const void *data;    /* its bytes there; NULL in a section without bytes */
	size_t size;	     /* how many, up to the end of the section */
};
/*
 * Follow the 64-bit pointer at a byte offset, which the object's relocations fill in. Returns 0;
 * -ENOENT, no relocation is there; -EINVAL, it refers to no place in the object.
 */
ELFMAP_API int elfmap_entry__pointer(const struct elfmap_entry *entry, size_t offset,
				     struct elfmap_target *target);
/* A copy of the text which lives as long as the object, for pointers in elfmap_map_def; NULL
 * without memory. */
ELFMAP_API const char *elfmap_entry__keep(const struct elfmap_entry *entry, const char *text);
/* Say why an entry is refused, to the log callback: names the object, the section and the map. */
ELFMAP_API void elfmap_entry__refuse(const struct elfmap_entry *entry, const char *reason, ...)
	__attribute__((format(printf, 2, 3)));
/* The object's BTF, or NULL; its types as libbpf reads them, in the host's byte order. */
ELFMAP_API const struct btf *elfmap_entry__btf(const struct elfmap_entry *entry);
/* The BTF ID of the entry's struct, past typedefs and qualifiers; 0 where BTF has none. */
ELFMAP_API __u32 elfmap_entry__btf_id(const struct elfmap_entry *entry);

/* How to show a field of a definition. */
enum elfmap_field_kind {
	ELFMAP_FIELD_NUMBER, /* an integer of 1, 2, 4 or 8 bytes in the object's byte order */
	ELFMAP_FIELD_OCTAL,  /* the same, shown as a file's mode */
	ELFMAP_FIELD_TEXT,   /* bytes up to the first zero, or to the end */
	ELFMAP_FIELD_POINTER,
	/* of a BTF-defined map: a type, which elfmap_map__field_type_id() tells; its text is its name */
	ELFMAP_FIELD_TYPE,
};

/* A field of a layout, as its author called it. */
struct elfmap_field {
	const char *name;
	__u32 offset; /* bytes */
	__u32 size;   /* bytes */
	enum elfmap_field_kind kind;
};

/*
 * A legacy map-definition layout: two callbacks and what they are about. The struct and what it
 * points to must live as long as objects opened with it. The built-in layouts are values of this
 * type as well.
 */
struct elfmap_format {
	/* sizeof(struct elfmap_format), checked as the size of options is */
	size_t sz;
	/* how inspect, errors and elfmap_open_opts.layout call it */
	const char *name;
	/*
	 * Does this section hold my definitions? Returns an enum elfmap_evidence, or a negative
	 * errno to refuse the object. May point *why to a static text of a few words which
	 * completes "read as <name> because ...".
	 */
	int (*probe)(const struct elfmap_section *section, const char **why, void *ctx);
	/* Fill in *def, which is all zero, from one entry. Returns 0 or a negative errno. */
	int (*decode)(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx);
	/* handed to both */
	void *ctx;
	/* whose it is, in a few words; may be NULL */
	const char *summary;
	/*
	 * Its fields in order; may be NULL. They name what elfmap_map__field() knows where the
	 * object has no BTF.
	 */
	const struct elfmap_field *fields;
	size_t nr_fields;
	/*
	 * Why objects of this layout are shown and not translated: writing and loading them fails
	 * with -ENOTSUP and this reason. NULL for all others.
	 */
	const char *refusal;
	/*
	 * The name of the section in which this layout's definitions stand, and no other's; NULL
	 * is "maps" and "maps/<name>", as everywhere else.
	 */
	const char *section;
};
#define elfmap_format__last_field section

/* The i-th built-in layout in the order they are asked, NULL past the last. */
ELFMAP_API const struct elfmap_format *elfmap_builtin_format(size_t i);

/* --- opening: open object files, legacy or not ------------------------------------------- */
/*
 * There are two ways in. The short form replaces bpf_object__open_file(), or bpf_object__open_mem(),
 * by one call, and what follows is libbpf's. With the long form a loader looks at maps and programs,
 * changes what is to become of them, and loads with elfmap_object__load().
 */

/*
 * What a program will be, made of the name of its section; see elfmap_open_opts.program_cb. The
 * library makes this struct and may append members to it.
 */
struct elfmap_program_hint {
	/* the program's, as in the object; to be read only */
	const char *name;
	/* enum bpf_prog_type; 0: what is tail-called is as the object's other programs */
	__u32 type;
	/* enum bpf_attach_type, told to the kernel at load; 0 where there is none */
	__u32 expected_attach_type;
	/* whether it is loaded */
	bool autoload;
	/*
	 * Whether it is stored in slot tail_call_key of a prog array after load: of the one called
	 * tail_call_map, or where that is NULL of the one with the id tail_call_id (iproute2's
	 * "ID/KEY" sections; if no prog array has that id, it is stored nowhere).
	 */
	bool has_tail_call;
	const char *tail_call_map; /* copied when the callback returns */
	__u32 tail_call_id;
	__u32 tail_call_key;
};

/*
 * Called for each program that is not a subprogram, in the order of sections, while an object is
 * opened. *hint says what elfmap makes of the section's name; what is changed there counts. Returns
 * 0, or a negative errno which opening fails with.
 */
typedef int (*elfmap_program_fn)(const char *section, struct elfmap_program_hint *hint, void *ctx);

/* What an elfmap_pin_path_fn returns. */
enum elfmap_pin_path {
	ELFMAP_PIN_PATH_SET = 0,     /* path holds it, or is empty: the map is not pinned */
	ELFMAP_PIN_PATH_DEFAULT = 1, /* as without the callback */
};

/*
 * Called for each map while an object is opened: where does a map of this name go, whose definition
 * has this number for its pinning (0 where it has none)? Writes the path, which ends with a zero, to
 * path, which has room for size bytes. Returns an enum elfmap_pin_path, or a negative errno which
 * opening fails with.
 */
typedef int (*elfmap_pin_path_fn)(const char *map, __u32 pinning, char *path, size_t size,
				  void *ctx);

/*
 * Called for each map, in the order of elfmap_object__next_map(), while an object is opened, when
 * all is known of it: the last word on it, with the setters below. The map stays the object's.
 * Returns 0, or a negative errno which opening fails with.
 */
typedef int (*elfmap_map_fn)(struct elfmap_map *map, void *ctx);

/* How an object is opened. */
struct elfmap_open_opts {
	size_t sz; /* sizeof(struct elfmap_open_opts) */
	/*
	 * Formats asked before the built-in ones, in order; the first that claims a section
	 * decodes it. Borrowed: must live as long as the object.
	 */
	const struct elfmap_format *const *formats;
	size_t nr_formats;
	/* Read every legacy section with the format of this name, asking no probe. */
	const char *layout;
	/* Pin every map as <pin_dir>/<map>; NULL pins as the object says. */
	const char *pin_dir;
	/* Where the object's own pins go; NULL finds it as iproute2 does. */
	const char *bpffs;
	/*
	 * Handed on to libbpf; the struct is copied, the strings in it must live until libbpf's
	 * object is opened. Its object_name also names the object in messages.
	 */
	const struct bpf_object_open_opts *bpf_opts;
	/*
	 * A descriptor from elfmap_lock_pins() that stays open until the load is for good or taken
	 * back; 0: elfmap_object__load() takes that lock for itself, and lets it go when it returns.
	 */
	int pin_lock;
	/*
	 * Callbacks, any of them NULL, and what is handed to them. They are called during this call
	 * and not later, and not for objects that are only shown (elfmap_format.refusal). First
	 * pin_dir counts for a pin, then pin_path_cb, then what the object says; map_cb comes after
	 * these.
	 */
	elfmap_program_fn program_cb;
	elfmap_pin_path_fn pin_path_cb;
	elfmap_map_fn map_cb;
	void *ctx;
};
#define elfmap_open_opts__last_field ctx

/*
 * Drop-ins for bpf_object__open_file() and bpf_object__open_mem(), and one for a descriptor: open
 * an object, legacy or not, and return libbpf's view of the translation, ready for
 * bpf_object__load(), which creates, nests, fills and pins the maps and loads the programs. Set on it
 * are pin paths, slots, the types of those programs whose section name libbpf does not know, and what
 * callbacks said. The result is the caller's, for bpf_object__close(); nothing of elfmap remains
 * behind it, and buf may be freed or the descriptor closed at once.
 *
 * elfmap_open_fd() reads the file that fd is open for from its beginning, or what is left in a pipe;
 * fd stays the caller's, and is the object's name: "fd N".
 *
 * Directories for pins are made, as libbpf would not make all of them; what cannot be made is told
 * the log callback, and bpf_object__load() fails at it.
 *
 * What libbpf cannot be told of at open: the slots of a map that has one beyond its first 65,536. Few
 * objects have such; a warning says so, and elfmap_fill_slots() stores them after the load.
 *
 * libbpf fills a slot with a program only if that is loaded: bpf_program__set_autoload(prog, false)
 * on a tail-called program makes the load fail with EBADF. Let program_cb say it, or use the long
 * form: both leave such a slot empty.
 *
 * Errors: those of the file system; EINVAL and ENOTSUP as always; those of libbpf.
 */
ELFMAP_API struct bpf_object *elfmap_open_file(const char *path,
					       const struct elfmap_open_opts *opts);
ELFMAP_API struct bpf_object *elfmap_open_mem(const void *buf, size_t size,
					      const struct elfmap_open_opts *opts);
ELFMAP_API struct bpf_object *elfmap_open_fd(int fd, const struct elfmap_open_opts *opts);
/*
 * After bpf_object__load() of an object from one of these calls, or of a converted one from
 * anywhere: store what libbpf could not be told of. Slots whose map or program was not created are
 * left empty. Returns the number of slots stored; on failure they are as they were. -ENOENT: the
 * object is not loaded; -EINVAL: a map that is used in place of one with slots cannot hold them;
 * those of the kernel.
 */
ELFMAP_API int elfmap_fill_slots(const struct bpf_object *obj);

/*
 * The long form: open, look, change, load. The object is the caller's, for
 * elfmap_object__close(). elfmap_object__open_mem() copies the bytes, elfmap_object__open_fd() reads
 * as elfmap_open_fd() does. The errors are those of elfmap_open_file().
 */
ELFMAP_API struct elfmap_object *elfmap_object__open_file(const char *path,
							  const struct elfmap_open_opts *opts);
ELFMAP_API struct elfmap_object *elfmap_object__open_mem(const void *buf, size_t size,
							 const struct elfmap_open_opts *opts);
ELFMAP_API struct elfmap_object *elfmap_object__open_fd(int fd,
							const struct elfmap_open_opts *opts);
/*
 * Free the object with its maps, programs, links and struct bpf_object, and close their
 * descriptors. Pins stay, and what is attached by a link that is pinned stays attached. NULL is
 * allowed.
 */
ELFMAP_API void elfmap_object__close(struct elfmap_object *obj);

/* The object's name: object_name, else its path as given, "fd N" or "buffer". */
ELFMAP_API const char *elfmap_object__name(const struct elfmap_object *obj);
/* Whether the object has legacy definitions. */
ELFMAP_API bool elfmap_object__is_legacy(const struct elfmap_object *obj);
/* Whether the object is big-endian; only objects of the host's byte order can be loaded. */
ELFMAP_API bool elfmap_object__is_big_endian(const struct elfmap_object *obj);
/* SHA-1 of the file's bytes, 20 bytes: names iproute2's object namespace. */
ELFMAP_API const __u8 *elfmap_object__sha1(const struct elfmap_object *obj);

/* The map after prev in the order of the file's sections, the first for NULL; NULL at the end. */
ELFMAP_API struct elfmap_map *elfmap_object__next_map(const struct elfmap_object *obj,
						      const struct elfmap_map *prev);
/* The map of that name, or NULL with ENOENT. */
ELFMAP_API struct elfmap_map *elfmap_object__find_map(const struct elfmap_object *obj,
						      const char *name);
/* The program after prev in the order of sections, the first for NULL; NULL at the end. */
ELFMAP_API struct elfmap_program *elfmap_object__next_program(const struct elfmap_object *obj,
							      const struct elfmap_program *prev);

/* --- maps: look at an object's maps, and change them before they are loaded ------------------- */
/*
 * A map belongs to its object. All strings and structs that are returned here belong to the map, and
 * live as long as the object, or until they are set anew.
 */

/* The map's name. */
ELFMAP_API const char *elfmap_map__name(const struct elfmap_map *map);
/* The name of the section that holds the definition, and the offset there in bytes. */
ELFMAP_API const char *elfmap_map__section(const struct elfmap_map *map);
ELFMAP_API size_t elfmap_map__offset(const struct elfmap_map *map);
/* The layout it was read as, and on what evidence, in words. */
ELFMAP_API const char *elfmap_map__layout(const struct elfmap_map *map);
ELFMAP_API const char *elfmap_map__evidence(const struct elfmap_map *map);
/* The object that it belongs to. */
ELFMAP_API struct elfmap_object *elfmap_map__object(const struct elfmap_map *map);
/* The definition as decoded, with what setters changed. */
ELFMAP_API const struct elfmap_map_def *elfmap_map__def(const struct elfmap_map *map);
/*
 * A field of the definition by the name that its author gave it, or by its name in struct
 * elfmap_map_def, known to elfmap or not: from the object's BTF, else from the layout. BTF-defined
 * maps may have any fields as well: those that libbpf does not know are hidden from it, and their
 * value is the N of __uint(name, N) or __ulong(name, N).
 * Returns 0; -ENOENT, it has no such field; -EINVAL, that is no number.
 */
ELFMAP_API int elfmap_map__field(const struct elfmap_map *map, const char *name, __u64 *value);
/*
 * The type of that field in elfmap_object__btf(): the member's, or what the pointer of a field of a
 * BTF-defined map leads to, the type of __type(name, type). 0 where BTF knows no such field.
 */
ELFMAP_API __u32 elfmap_map__field_type_id(const struct elfmap_map *map, const char *name);
/*
 * The fields that no member of struct elfmap_map_def stands for, in order: name and kind, the
 * value of a number, the text of a text. Any pointer may be NULL. -ERANGE past the last.
 */
ELFMAP_API size_t elfmap_map__nr_extra_fields(const struct elfmap_map *map);
ELFMAP_API int elfmap_map__extra_field(const struct elfmap_map *map, size_t i, const char **name,
				       enum elfmap_field_kind *kind, __u64 *value,
				       const char **text);
/* The inner map of an outer map; NULL for other maps, or where only the loader knows it. */
ELFMAP_API const struct elfmap_map *elfmap_map__inner(const struct elfmap_map *map);
/* Where the map will be pinned, or reused from if it is there; NULL if nowhere. */
ELFMAP_API const char *elfmap_map__pin_path(const struct elfmap_map *map);
/*
 * Pin at that path instead, or nowhere for NULL; not after the load, which pins. The path is copied.
 * -ENOMEM. -EBUSY: the object was found by its pins.
 */
ELFMAP_API int elfmap_map__set_pin_path(struct elfmap_map *map, const char *path);
/*
 * Change a definition before it is loaded: from map_cb or later, like libbpf's setters of these
 * names. What is loaded has the change, and so has the image. A key's or value's type in BTF that is
 * not of the new size is dropped. With an outer map in a legacy section goes the inner map that it is
 * made with; BTF-defined outer maps describe theirs themselves.
 *
 * -EBUSY: elfmap_object__bpf_object() was called, whose own setters are the ones from then on, or the
 * object is loaded. -EINVAL: the initial slots of the map, or its being in a slot, do not allow it. The
 * slots of BTF-defined maps that were not translated before are libbpf's to know: what these do not
 * allow, opening libbpf's object or the load fails at.
 */
ELFMAP_API int elfmap_map__set_type(struct elfmap_map *map, __u32 type);
ELFMAP_API int elfmap_map__set_key_size(struct elfmap_map *map, __u32 size);
ELFMAP_API int elfmap_map__set_value_size(struct elfmap_map *map, __u32 size);
ELFMAP_API int elfmap_map__set_max_entries(struct elfmap_map *map, __u32 max_entries);
ELFMAP_API int elfmap_map__set_map_flags(struct elfmap_map *map, __u32 flags);
/* Used by the kernel if map_flags has BPF_F_NUMA_NODE. */
ELFMAP_API int elfmap_map__set_numa_node(struct elfmap_map *map, __u32 numa_node);
/*
 * The inner map of an outer map in a legacy section without initial slots, for those where only the
 * loader knows it. The outer map is made with its description; nothing is stored in it. Errors as
 * above; -EINVAL: map is no map of maps, or none in a legacy section; inner is a map of maps; they are
 * of two objects.
 */
ELFMAP_API int elfmap_map__set_inner(struct elfmap_map *map, const struct elfmap_map *inner);
/*
 * Whether the map is created, true at first. Slots of a map that is not, and slots that would hold
 * it, stay empty; a program that uses it is refused by the kernel, unless that code is never reached.
 * Errors as above.
 */
ELFMAP_API bool elfmap_map__autocreate(const struct elfmap_map *map);
ELFMAP_API int elfmap_map__set_autocreate(struct elfmap_map *map, bool autocreate);
/*
 * Use the map of this descriptor instead of creating one; what it is like is not compared, as with
 * bpf_map__reuse_fd(), and libbpf calls it what the kernel calls that map. One that cannot hold the
 * initial slots makes elfmap_object__load() fail with -EINVAL. The descriptor is duplicated, and
 * stays the caller's. The map is not pinned then, unless elfmap_map__set_pin_path() is called
 * afterwards, and where another map is pinned at that path, opening by the drop-ins or the load fails
 * with EEXIST. Errors as above; -EINVAL: it is no map's; those of fcntl(2).
 */
ELFMAP_API int elfmap_map__reuse_fd(struct elfmap_map *map, int fd);
/*
 * Type IDs in elfmap_object__btf(). btf_id: the struct that describes the definition, the author's
 * own if the object has BTF, the synthesised one otherwise. The others: the types of key and
 * value as the object annotates them, 0 where it only gives their size.
 */
ELFMAP_API __u32 elfmap_map__btf_id(const struct elfmap_map *map);
ELFMAP_API __u32 elfmap_map__btf_key_type_id(const struct elfmap_map *map);
ELFMAP_API __u32 elfmap_map__btf_value_type_id(const struct elfmap_map *map);
/* The descriptor of the loaded map, owned by the object; -ENOENT before elfmap_object__load(). */
ELFMAP_API int elfmap_map__fd(const struct elfmap_map *map);
/*
 * libbpf's view of the map, owned by obj, for what libbpf can do and elfmap has no call for; it
 * goes when a load fails or is taken back. NULL with ENOENT before elfmap_object__bpf_object() and
 * elfmap_object__load(), with ENOTSUP of an object that was found by its pins.
 */
ELFMAP_API struct bpf_map *elfmap_map__bpf_map(const struct elfmap_map *map);

/*
 * The initial slots of an outer map or a prog array, in the order of their keys.
 * elfmap_map__slot() fills in the key and the name of the map or program that is stored there,
 * both pointers may be NULL; -ERANGE if i is not below elfmap_map__nr_slots().
 */
ELFMAP_API size_t elfmap_map__nr_slots(const struct elfmap_map *map);
ELFMAP_API int elfmap_map__slot(const struct elfmap_map *map, size_t i, __u32 *key,
				const char **target);

/* --- programs: look at an object's programs, and say how they are loaded ----------------- */
/*
 * A program belongs to its object, and so do the strings that are returned here. What is set here
 * is for the time before elfmap_object__load().
 */

/* The program's name, and that of the section it is in. */
ELFMAP_API const char *elfmap_program__name(const struct elfmap_program *prog);
ELFMAP_API const char *elfmap_program__section(const struct elfmap_program *prog);
/* The object that it belongs to. */
ELFMAP_API struct elfmap_object *elfmap_program__object(const struct elfmap_program *prog);
/* The number of instructions, subprograms in other sections not counted. */
ELFMAP_API size_t elfmap_program__insn_cnt(const struct elfmap_program *prog);
/* Whether it is a subprogram, which is loaded only as a part of those that call it. */
ELFMAP_API bool elfmap_program__is_subprogram(const struct elfmap_program *prog);
/*
 * The prog array and key where it is stored after load (ID/KEY sections); NULL if none. key may
 * be NULL.
 */
ELFMAP_API const struct elfmap_map *elfmap_program__tail_call(const struct elfmap_program *prog,
							      __u32 *key);
/* Do not store it in that slot. */
ELFMAP_API void elfmap_program__clear_tail_call(struct elfmap_program *prog);
/*
 * The type it will be loaded with (enum bpf_prog_type), 0 if its section name does not tell. Names
 * are read as libbpf before 1.0, iproute2 and the loaders of other legacy layouts did: xdp_drop is
 * XDP. What is tail-called is of the type of the object's other programs, if that is one. Another
 * type than it had takes its expected attach type from it.
 */
ELFMAP_API __u32 elfmap_program__type(const struct elfmap_program *prog);
ELFMAP_API void elfmap_program__set_type(struct elfmap_program *prog, __u32 type);
/*
 * The attach type that the kernel is told at load (enum bpf_attach_type), at first from the section
 * name like the type; 0 where there is none. Not used for struct_ops, where libbpf sets it.
 */
ELFMAP_API __u32 elfmap_program__expected_attach_type(const struct elfmap_program *prog);
ELFMAP_API void elfmap_program__set_expected_attach_type(struct elfmap_program *prog,
							 __u32 attach_type);
/* Whether elfmap_object__load() loads it; true at first. */
ELFMAP_API bool elfmap_program__autoload(const struct elfmap_program *prog);
ELFMAP_API void elfmap_program__set_autoload(struct elfmap_program *prog, bool autoload);
/* Where elfmap_object__load() pins it, NULL at first: nowhere. The path is copied. */
ELFMAP_API const char *elfmap_program__pin_path(const struct elfmap_program *prog);
ELFMAP_API int elfmap_program__set_pin_path(struct elfmap_program *prog, const char *path);
/* The descriptor of the loaded program, owned by the object; -ENOENT if it is not loaded. */
ELFMAP_API int elfmap_program__fd(const struct elfmap_program *prog);
/*
 * libbpf's view of the program, as elfmap_map__bpf_map() is of a map. NULL with ENOENT as well for
 * subprograms.
 */
ELFMAP_API struct bpf_program *elfmap_program__bpf_program(const struct elfmap_program *prog);

/* --- translation: make the object file that libbpf 1.x takes ----------------------------- */
/*
 * The translation of a legacy object is an object file itself. It can be written to a file for
 * loaders that know nothing of elfmap, with what there is to remark about it.
 */

/* Whose way of loading an image is made for. */
enum elfmap_loader {
	/* libbpf's bpf_object__load(), and loaders that do as it does */
	ELFMAP_LOADER_LIBBPF = 0,
	/*
	 * tc and ip with libbpf, which load one program section of an object: slots that hold
	 * programs of others are left out
	 */
	ELFMAP_LOADER_TC,
	/* bpftool, which takes program types from section names: implies rename_sections */
	ELFMAP_LOADER_BPFTOOL,
};

/* How the object file is made. */
struct elfmap_image_opts {
	size_t sz;		   /* sizeof(struct elfmap_image_opts) */
	enum elfmap_loader loader; /* whose way of loading it is for */
	/*
	 * Leave out the declaration tags that keep what BTF-defined maps have no word for. elfmap
	 * reads them back; some other readers of BTF do not know their kind (cilium/ebpf 0.9).
	 */
	bool no_tags;
	/* Give program sections the names that libbpf 1.x takes the program's type from. */
	bool rename_sections;
};
#define elfmap_image_opts__last_field rename_sections

/*
 * What elfmap_object__image() and elfmap_object__write() make from now on; NULL is the default.
 * -ENOTSUP: the object is a translation already, and this option needs the original.
 */
ELFMAP_API int elfmap_object__set_image_opts(struct elfmap_object *obj,
					     const struct elfmap_image_opts *opts);

/*
 * The translated object file: what a libbpf 1.x loader takes with no elfmap around; the file's own
 * bytes if there is nothing to translate and nothing that old compilers left out. The same input
 * gives the same bytes, and a translated object is its own translation. Owned by the object; the
 * image from before a tail call was cleared or options were set goes when the next one is asked
 * for.
 */
ELFMAP_API const void *elfmap_object__image(struct elfmap_object *obj, size_t *size);
/*
 * Write the image to a file, mode 0666 less the umask: under a temporary name in the same
 * directory, synced and renamed, so that path is either as before or complete.
 */
ELFMAP_API int elfmap_object__write(struct elfmap_object *obj, const char *path);

/* What a remark is about. */
enum elfmap_remark {
	/* what old compilers left, and the image mends */
	ELFMAP_REMARK_REPAIR,
	/* what is good to know before the object is used */
	ELFMAP_REMARK_NOTE,
	/* what a stock loader does differently with the image, made with the options that are set */
	ELFMAP_REMARK_DIFFERENCE,
};

/* Receives one remark: a single line without the newline, valid during the call. */
typedef void (*elfmap_remark_fn)(enum elfmap_remark kind, const char *text, void *ctx);

/* Call fn for all that there is to remark: repairs, then notes, then differences by map. */
ELFMAP_API void elfmap_object__remarks(const struct elfmap_object *obj, elfmap_remark_fn fn,
				       void *ctx);

/*
 * The BTF of the image without tags, which the type IDs of maps refer to. Owned by the object; a
 * setter of a map makes both it and the IDs of synthesised types those of before. NULL with ENOENT
 * if the object has neither BTF nor maps.
 */
ELFMAP_API const struct btf *elfmap_object__btf(struct elfmap_object *obj);

/* --- loading: load an object's maps and programs, and take that back --------------------- */
/*
 * The long form's load follows the rules of the object's own loader, such as iproute2's: maps are
 * created, nested, filled and pinned by elfmap, with libbpf's calls. All of it or nothing.
 */

/*
 * libbpf's view of the object, opened at the first call and owned by obj: for what libbpf can set
 * and elfmap has no call for. Pin paths and initial slots are elfmap's here, so load it with
 * elfmap_object__load(), not with bpf_object__load().
 */
ELFMAP_API struct bpf_object *elfmap_object__bpf_object(struct elfmap_object *obj);
/*
 * Load for the hardware of this device: each map that is created, but those of type
 * BPF_MAP_TYPE_PERF_EVENT_ARRAY, and each program, as iproute2's loader does; 0, the value at
 * first, is for the kernel itself. Maps that are reused from pins stay what they are. Whether the
 * device's driver can do that shows at load. -EBUSY: already loaded.
 */
ELFMAP_API int elfmap_object__set_ifindex(struct elfmap_object *obj, __u32 ifindex);
/*
 * Create or reuse the maps, load the programs, fill the slots, and pin what has a pin path, in
 * this order. A pin that exists is reused if type, sizes, max_entries and flags agree, as iproute2
 * and libbpf do; all differences are named otherwise. Outer maps are left alone when each of them
 * was reused, which is iproute2's rule. Directories for pins are made, and bpffs is mounted where
 * iproute2 would. A load that fails leaves pins, slots and directories as they were, and closes
 * the struct bpf_object that elfmap_object__bpf_object() gave.
 *
 * Errors: -EEXIST, a pin holds something else; -EBUSY, already loaded; those of the kernel.
 */
ELFMAP_API int elfmap_object__load(struct elfmap_object *obj);
/*
 * Wait until no other process places pins in a bpffs by this library, and keep the others waiting
 * until the descriptor that is returned is closed; it is close-on-exec. For those who may take a
 * load back with elfmap_object__undo_load(): pins that others have found meanwhile would go with it.
 * bpffs NULL is the one that iproute2 takes, mounted or not; of a directory that is not there the
 * nearest one above is locked. It does not wait for ever: after half a minute a warning says that
 * somebody has it. -ENOENT: that directory cannot be opened.
 */
ELFMAP_API int elfmap_lock_pins(const char *bpffs);
/*
 * Take back what elfmap_object__load() changed outside this process: pins, directories, slots of
 * reused maps. For when a later step, such as attaching, failed. Only after a successful load, and
 * under the lock that the load was under, see elfmap_lock_pins(). The object's links are destroyed,
 * and what elfmap_object__pin() placed since is taken away as well. Nothing happens to an object
 * that was found by its pins.
 */
ELFMAP_API void elfmap_object__undo_load(struct elfmap_object *obj);

/* --- links: own what programs are attached by -------------------------------------------- */
/*
 * A loaded object owns the links that its programs are attached by. Each has a name, by which it is
 * found and pinned; no two of an object have the same. What a link attaches is detached when nobody
 * holds it any more: neither an object nor a pin. libbpf alone disables a perf event when it
 * destroys a link to it, which stops a program that samples by it though the link is pinned; elfmap
 * lets it go on, with a gap of an instant.
 */

/*
 * Attach a loaded program to what its section's name says, as bpf_program__attach() does. The link
 * is the object's and has the program's name. NULL with ENOENT: it is not loaded; EEXIST: the
 * object has a link of that name; EOPNOTSUPP: the section's name does not say to what, as those of
 * XDP and tc programs; ENOTSUP: the object was found by its pins; else what the kernel says.
 */
ELFMAP_API struct elfmap_link *elfmap_program__attach(struct elfmap_program *prog);
/*
 * Take over a link that the caller made with libbpf's calls, such as bpf_program__attach_xdp() on
 * elfmap_program__bpf_program(): from then on it is the object's to destroy. The name is copied. On
 * failure the link stays the caller's: NULL with EINVAL, there is no name or no link; ENOENT, the
 * object is not loaded; EEXIST, it has a link of that name; ENOMEM.
 */
ELFMAP_API struct elfmap_link *elfmap_object__add_link(struct elfmap_object *obj, const char *name,
						       struct bpf_link *link);
/* The link after prev in the order in which they were made, the first for NULL; NULL at the end. */
ELFMAP_API struct elfmap_link *elfmap_object__next_link(const struct elfmap_object *obj,
							const struct elfmap_link *prev);
/* The link of that name, or NULL with ENOENT. */
ELFMAP_API struct elfmap_link *elfmap_object__find_link(const struct elfmap_object *obj,
							const char *name);
/* The link's name, which goes with it. */
ELFMAP_API const char *elfmap_link__name(const struct elfmap_link *link);
/*
 * The link's descriptor, owned by it, as bpf_link__fd() says. It is one of a link of the kernel's
 * only where the kernel has such for what is attached; the others cannot be pinned.
 */
ELFMAP_API int elfmap_link__fd(const struct elfmap_link *link);
/* libbpf's view of the link, owned by it: not for bpf_link__destroy(). */
ELFMAP_API struct bpf_link *elfmap_link__bpf_link(const struct elfmap_link *link);
/*
 * Give the link up: the object forgets it, its descriptor is closed, and what it attached is
 * detached, unless it is pinned. Returns what bpf_link__destroy() says; the link is gone also
 * where that is an error. NULL is allowed.
 */
ELFMAP_API int elfmap_link__destroy(struct elfmap_link *link);

/* --- pinning: pin whole objects, and find them again ------------------------------------- */
/*
 * All that an object has in the kernel can be pinned at once, in a layout that keeps objects and
 * kinds apart, and be got back from there by another process, which need not have the file:
 *
 *	DIR/OBJECT/maps/MAP, DIR/OBJECT/programs/PROGRAM, DIR/OBJECT/links/LINK
 *
 * OBJECT is the name that libbpf is given: object_name of the open options, else the file's up to
 * its first dot. MAP, PROGRAM and LINK are the names that the calls above tell, whatever the kernel
 * calls a map that is reused, and libbpf's for the maps of global variables. A bpffs takes no dots in names: they become "_" here, as in libbpf's pins.
 */

/*
 * Pin a loaded object: all maps that it has, those of global variables as well; all programs that
 * are loaded; all links. All or nothing: pins and directories are made only if all can be, others
 * wait as for elfmap_object__load(), and a failure leaves everything as it was. A pin that is there
 * and holds the very same is kept. Pins of the load itself, elfmap_map__pin_path(), stay as they
 * are. elfmap_object__undo_load() takes these pins away with the load; elfmap_object__close() keeps
 * them.
 *
 * Errors: -ENOENT, the object is not loaded, or dir is not on a bpffs; -EEXIST, a pin is there that
 * holds something else, or two names would become one; -EINVAL, there is no dir, or a name cannot
 * become a file's; -ENOTSUP, a link is none of the kernel's, which the message names; those of the
 * file system.
 */
ELFMAP_API int elfmap_object__pin(struct elfmap_object *obj, const char *dir);
/*
 * Remove the pins in that layout that hold what the object has, then those of the directories maps,
 * programs, links and OBJECT that are empty. What is not there is no error. A pin that holds
 * something else stays, a message says so, and the result is -EEXIST. What is attached stays so as
 * long as the object holds its link. Other errors as of elfmap_object__pin().
 */
ELFMAP_API int elfmap_object__unpin(struct elfmap_object *obj, const char *dir);
/*
 * Find an object by its pins: dir is DIR/OBJECT, or a directory with one such in it. A directory is
 * an object's if it has a directory maps, programs or links with a pin in it. The result is the
 * caller's, for elfmap_object__close(). No lock is taken: who must not see half of what another
 * process is pinning or unpinning calls elfmap_lock_pins() before, and closes that again before he
 * pins or unpins himself.
 *
 * It is a loaded object without a file. Its name is its directory, absolute. Maps, programs and
 * links are found by the names of their pins and stand in the order of those; pin paths are where
 * they are. A map's definition is what the kernel says: type, sizes, max_entries and map_flags; its
 * layout is "pinned", its evidence "held by its pin", it has no inner map and no slots. A program
 * has the type and the number of instructions that the kernel tells, an expected attach type of 0,
 * and is in no prog array. Sections are "", offsets 0, type IDs 0; the SHA-1 is all zero; it is not
 * legacy, is of this machine's byte order, and there is nothing to remark.
 *
 * Pinning it elsewhere, unpinning and elfmap_object__add_link() work as on other objects. What
 * needs the file does not: elfmap_object__image() and _bpf_object(), elfmap_map__bpf_map(),
 * elfmap_program__bpf_program() and elfmap_program__attach() are NULL with ENOTSUP,
 * elfmap_object__write() is -ENOTSUP, and elfmap_object__btf() NULL with ENOENT: BTF is the
 * kernel's here, of each map and program (btf__load_from_kernel_by_id()). elfmap_object__load() and
 * what sets something is -EBUSY, or has no effect where it returns nothing.
 *
 * The directory is not trusted. What is no pin in it (directories, symbolic links, what a process
 * that was killed has left) is passed over with a warning. NULL with EINVAL: a pin holds another
 * kind than its directory is for, or there are several objects, which the message names; ENOENT:
 * there is none; those of the file system and of bpf(2).
 */
ELFMAP_API struct elfmap_object *elfmap_object__open_pinned(const char *dir);

/* --- handles: hold maps of the kernel, independently of objects -------------------------- */
/*
 * A handle holds one map of the kernel by a descriptor of its own, which is close-on-exec and above
 * 2, together with the kernel's description of the map. The map lives as long as the handle does,
 * whatever becomes of the object, the pin or the descriptor that it was made from. How it was made
 * makes no difference to what it tells: the kernel is asked, at the start what stays the same, and
 * at each call what may change.
 *
 * Threads: a handle is never changed after it is made, so all calls on it may run in several threads
 * at the same time, elfmap_handle__close() excepted, which must be the last. Messages may reach the
 * log callback from several threads at once then.
 *
 * Errors: those of the kernel; its ENOTSUPP (524), for what a type of map has no operation for,
 * becomes -ENOTSUP. -EPERM and -EACCES: this process, or the mode in which the map was opened, does
 * not allow it. Nothing is left open or changed by a call that fails, but where it says so.
 */

/*
 * Hold the map of a loaded object. This is a call on the map, and so not for the time of other calls
 * on its object. ENOENT: the object is not loaded.
 */
ELFMAP_API struct elfmap_handle *elfmap_handle__open_map(const struct elfmap_map *map);
/*
 * Hold the map that a descriptor is of; the descriptor is duplicated and stays the caller's. What it
 * may not do (read, write), the handle may not either. EBADF: it is not open; EINVAL: it is of
 * something else.
 */
ELFMAP_API struct elfmap_handle *elfmap_handle__open_fd(int fd);
/* Hold the map with this id of the kernel. ENOENT: there is none; EPERM: that needs CAP_SYS_ADMIN. */
ELFMAP_API struct elfmap_handle *elfmap_handle__open_id(__u32 id);
/*
 * Hold the map that is pinned at a path; for reading alone where the pin's mode does not allow more.
 * ENOENT: nothing is there; EINVAL: a program or link is; EACCES: it is no pin, or not to be opened.
 */
ELFMAP_API struct elfmap_handle *elfmap_handle__open_pinned(const char *path);
/* Another handle of the same map, with the same rights, for elfmap_handle__close() by itself. */
ELFMAP_API struct elfmap_handle *elfmap_handle__clone(const struct elfmap_handle *handle);
/* Let the map go. Pins stay. NULL is allowed. */
ELFMAP_API void elfmap_handle__close(struct elfmap_handle *handle);

/* The handle's descriptor, which stays the handle's: for libbpf's calls, not for close(). */
ELFMAP_API int elfmap_handle__fd(const struct elfmap_handle *handle);
/* The map's id: unlike a pin or a name it is of no other map while the handle holds this one. */
ELFMAP_API __u32 elfmap_handle__id(const struct elfmap_handle *handle);
/* The kernel's name of the map: at most 15 characters, may be empty. Lives as long as the handle. */
ELFMAP_API const char *elfmap_handle__name(const struct elfmap_handle *handle);
/* The map's type, enum bpf_map_type. */
ELFMAP_API __u32 elfmap_handle__type(const struct elfmap_handle *handle);
/* The size of a key in bytes; 0 for maps without keys: queues, stacks, bloom filters, ... */
ELFMAP_API __u32 elfmap_handle__key_size(const struct elfmap_handle *handle);
/* The size of a value in bytes, as BPF programs see it. */
ELFMAP_API __u32 elfmap_handle__value_size(const struct elfmap_handle *handle);
/*
 * The bytes of a value as the calls below give and take it: in per-CPU maps one for each possible
 * CPU, each rounded up to 8 bytes; value_size in all others. 0 with errno where the number of CPUs
 * cannot be found out.
 */
ELFMAP_API size_t elfmap_handle__value_buffer_size(const struct elfmap_handle *handle);
/* How many entries it may have; what else the kernel keeps there, such as the bytes of a buffer. */
ELFMAP_API __u32 elfmap_handle__max_entries(const struct elfmap_handle *handle);
/* The flags it was created with, BPF_F_*, and those that the kernel added. */
ELFMAP_API __u32 elfmap_handle__map_flags(const struct elfmap_handle *handle);
/* What the type means by it: a bloom filter's number of hashes, an arena's address. */
ELFMAP_API __u64 elfmap_handle__map_extra(const struct elfmap_handle *handle);
/* The device that holds the map in its hardware; 0: the kernel itself has it. */
ELFMAP_API __u32 elfmap_handle__ifindex(const struct elfmap_handle *handle);
/* The type of the key in elfmap_handle__btf(), 0 where the kernel was not told. */
ELFMAP_API __u32 elfmap_handle__btf_key_type_id(const struct elfmap_handle *handle);
/* The same of the value; that of a struct_ops map is a type of the kernel's own. */
ELFMAP_API __u32 elfmap_handle__btf_value_type_id(const struct elfmap_handle *handle);
/*
 * The BTF that the two above refer to, read from the kernel: the map's, or the kernel's own for
 * struct_ops maps. The caller's, for btf__free(). ENOENT: the map has none; EPERM: this needs
 * CAP_SYS_ADMIN.
 */
ELFMAP_API struct btf *elfmap_handle__btf(const struct elfmap_handle *handle);
/*
 * Whether nobody can change its entries by bpf(2) any more, now: 1, 0, or a negative errno where
 * /proc, which alone tells, cannot be read.
 */
ELFMAP_API int elfmap_handle__is_frozen(const struct elfmap_handle *handle);
/*
 * Forbid that for ever; BPF programs still may. -EPERM: it is frozen, or the handle is for reading
 * alone; -EBUSY: it is mapped into memory to be written.
 */
ELFMAP_API int elfmap_handle__freeze(const struct elfmap_handle *handle);

/*
 * Copy the value at a key. key_size must be elfmap_handle__key_size(), and value_size
 * elfmap_handle__value_buffer_size(): -EINVAL with a message otherwise, here and in the calls
 * below. Maps without keys take NULL and 0: a queue or stack gives what comes next and keeps it, a
 * bloom filter is asked for the value that *value has. flags: 0 or BPF_F_LOCK. Of a map of maps the
 * value is the inner map's id, of a prog array the program's. -ENOENT: there is none.
 */
ELFMAP_API int elfmap_handle__lookup(const struct elfmap_handle *handle, const void *key,
				     size_t key_size, void *value, size_t value_size, __u64 flags);
/*
 * Store a value at a key; a map of maps takes the descriptor of a map, a prog array that of a
 * program. flags: BPF_ANY, BPF_NOEXIST or BPF_EXIST (a queue or stack that is full drops the oldest),
 * and BPF_F_LOCK. -EEXIST, -ENOENT: as flags say; -E2BIG: it is full, or the key is beyond its end;
 * -EPERM: it is frozen.
 */
ELFMAP_API int elfmap_handle__update(const struct elfmap_handle *handle, const void *key,
				     size_t key_size, const void *value, size_t value_size,
				     __u64 flags);
/* Remove the entry at a key. flags: 0. -ENOENT: there is none; -EINVAL: entries of arrays stay. */
ELFMAP_API int elfmap_handle__delete(const struct elfmap_handle *handle, const void *key,
				     size_t key_size, __u64 flags);
/* Both in one step, nobody in between; of a queue or stack, take what comes next. */
ELFMAP_API int elfmap_handle__lookup_and_delete(const struct elfmap_handle *handle, const void *key,
						size_t key_size, void *value, size_t value_size,
						__u64 flags);
/*
 * The key after cur, the first for NULL and, in a hash, for a key that is not in it: where others
 * delete meanwhile, a walk may begin anew. cur and next may be the same memory. -ENOENT: it was the
 * last, or the map is empty.
 */
ELFMAP_API int elfmap_handle__next_key(const struct elfmap_handle *handle, const void *cur,
				       void *next, size_t key_size);

/*
 * Many entries at a time, as libbpf's calls do. For this call and the three below: keys and values
 * are arrays of *count keys and of *count values, the latter of elfmap_handle__value_buffer_size()
 * bytes each; opts may be NULL. *count becomes the number of entries that were done, also on
 * failure: those and no others are copied, changed or deleted. (After -EFAULT, memory that is not
 * the caller's, it may be less.) -ENOTSUP: the type of map, or the kernel, has no such call.
 *
 * This one copies entries. in_batch says where to begin, NULL for the start; *out_batch, of key_size
 * bytes and at least 4, becomes what to hand in as in_batch next. -ENOENT: these were the last, and
 * *count of them are good; it may be 0. (Where exactly the last fit, some types of map say so only
 * when asked again.) -ENOSPC: the next bucket of a hash has more than *count entries: ask again with
 * more.
 */
ELFMAP_API int elfmap_handle__lookup_batch(const struct elfmap_handle *handle, void *in_batch,
					   void *out_batch, void *keys, void *values, __u32 *count,
					   const struct bpf_map_batch_opts *opts);
/* Copy entries as elfmap_handle__lookup_batch() does, and delete what was copied. */
ELFMAP_API int elfmap_handle__lookup_and_delete_batch(const struct elfmap_handle *handle,
						      void *in_batch, void *out_batch, void *keys,
						      void *values, __u32 *count,
						      const struct bpf_map_batch_opts *opts);
/* Store entries in order up to the first that fails; errors are those of elfmap_handle__update(). */
ELFMAP_API int elfmap_handle__update_batch(const struct elfmap_handle *handle, const void *keys,
					   const void *values, __u32 *count,
					   const struct bpf_map_batch_opts *opts);
/* Delete entries in order up to the first that fails: -ENOENT at a key that is not there. */
ELFMAP_API int elfmap_handle__delete_batch(const struct elfmap_handle *handle, const void *keys,
					   __u32 *count, const struct bpf_map_batch_opts *opts);

/*
 * Pin the map at a path on a bpffs. Directories that are missing are made, mode 0700, and go again
 * on failure. 0 also where a pin of this very map is there already. -EEXIST: something else is, and
 * stays, as the message says; -ENOENT: the path is not on a bpffs; -EINVAL: a name in it has a dot,
 * or there is none at its end.
 */
ELFMAP_API int elfmap_handle__pin(const struct elfmap_handle *handle, const char *path);
/*
 * Remove the pin at a path if it holds this very map; directories stay. -ENOENT: nothing is there;
 * -EEXIST: something else is, and stays. NULL: all that elfmap_handle__pin_paths() finds, of which
 * there may be none; after a failure the others are gone. What somebody puts in the pin's place at
 * that very moment goes with it: elfmap_lock_pins() keeps other users of this library away.
 */
ELFMAP_API int elfmap_handle__unpin(const struct elfmap_handle *handle, const char *path);
/*
 * Where the map is pinned: looks through each bpffs that is mounted in this process's mount
 * namespace, and returns the number of pins. *paths becomes an array of their paths, sorted, in one
 * block for free(); NULL for none. A directory that is seen at several places counts at the first.
 * Symbolic links are not followed, and pins and directories that this process may not open are
 * passed over. -EMFILE, -ENFILE, -ENOMEM: there was not enough to look everywhere.
 */
ELFMAP_API int elfmap_handle__pin_paths(const struct elfmap_handle *handle, char ***paths);
/* Whether there is such a pin: 1, 0 or a negative errno, as above. */
ELFMAP_API int elfmap_handle__is_pinned(const struct elfmap_handle *handle);

#ifdef __cplusplus
}
#endif

#endif
