/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "link.h"
#include "log.h"
#include "messages.h"
#include "perf_link.h"

/* --- making them -------------------------------------------------------------------------------- */

static struct elfmap_link *find(const struct elfmap_object *object, const char *name)
{
	struct elfmap_link *link = object->links;

	while (link && strcmp(link->name, name) != 0)
		link = link->next;
	return link;
}

static int check_new(const struct elfmap_object *object, const char *name)
{
	if (!object->loaded) {
		log_error(
			"%s: link \"%s\": the object is not loaded: load it before it is attached",
			object->view.name, name);
		return -ENOENT;
	}
	if (!find(object, name))
		return 0;
	log_error("%s: link \"%s\": the object has one of that name: name it otherwise "
		  "(elfmap_object__add_link), or destroy the other first",
		  object->view.name, name);
	return -EEXIST;
}

/* The last one, as they are gone through in the order in which they were made. */
static struct elfmap_link *append(struct elfmap_object *object, const char *name)
{
	size_t size = strlen(name) + 1;
	struct elfmap_link *link = malloc(sizeof(*link) + size), **end = &object->links;

	if (!link)
		return NULL;
	*link = (struct elfmap_link){ .object = object };
	memcpy(link->name, name, size);
	while (*end)
		end = &(*end)->next;
	*end = link;
	return link;
}

struct elfmap_link *elfmap_object__add_link(struct elfmap_object *obj, const char *name,
					    struct bpf_link *link)
{
	struct elfmap_link *added;
	int err = name && link ? check_new(obj, name) : -EINVAL;

	if (err) {
		errno = -err;
		return NULL;
	}
	added = append(obj, name);
	if (added)
		added->bpf_link = link;
	return added;
}

static int cannot_attach(const struct elfmap_program *program, int err)
{
	const char *advice = "";
	char reason[128];

	libbpf_strerror(err, reason, sizeof(reason));
	if (err == EOPNOTSUPP)
		advice = ": the name of its section does not say to what: attach it with libbpf's "
			 "call for that (elfmap_program__bpf_program), and hand the link over "
			 "(elfmap_object__add_link)";
	program_error(program, "libbpf cannot attach it: %s%s", reason, advice);
	return -err;
}

static int attach(struct elfmap_program *program, struct bpf_link **out)
{
	struct bpf_program *bpf_program = elfmap_program__bpf_program(program);
	struct bpf_link *link;
	int err = bpf_program ? check_new(program->object, program->name) : -errno;

	if (err)
		return err;
	if (elfmap_program__fd(program) < 0) {
		program_error(program, "it is not loaded");
		return -ENOENT;
	}
	link = bpf_program__attach(bpf_program);
	if (!link)
		return cannot_attach(program, errno);
	*out = link;
	return 0;
}

struct elfmap_link *elfmap_program__attach(struct elfmap_program *prog)
{
	struct bpf_link *attached = NULL;
	struct elfmap_link *link;
	int err = attach(prog, &attached);

	if (err) {
		errno = -err;
		return NULL;
	}
	link = elfmap_object__add_link(prog->object, prog->name, attached);
	if (!link) {
		err = errno;
		bpf_link__destroy(attached);
		errno = err;
	}
	return link;
}

/* --- giving them up ----------------------------------------------------------------------------- */

/* Takes it over, out of the object's list. */
static int destroy(struct elfmap_link *link)
{
	int err = perf_link_destroy(link->bpf_link);

	free(link);
	return err;
}

int elfmap_link__destroy(struct elfmap_link *link)
{
	struct elfmap_link **at;

	if (!link)
		return 0;
	at = &link->object->links;
	while (*at != link)
		at = &(*at)->next;
	*at = link->next;
	return destroy(link);
}

void links_destroy(struct elfmap_object *object)
{
	while (object->links) {
		struct elfmap_link *link = object->links;

		object->links = link->next;
		destroy(link);
	}
}

/* --- the public view ---------------------------------------------------------------------------- */

struct elfmap_link *elfmap_object__next_link(const struct elfmap_object *obj,
					     const struct elfmap_link *prev)
{
	return prev ? prev->next : obj->links;
}

struct elfmap_link *elfmap_object__find_link(const struct elfmap_object *obj, const char *name)
{
	struct elfmap_link *link = find(obj, name);

	if (!link)
		errno = ENOENT;
	return link;
}

const char *elfmap_link__name(const struct elfmap_link *link)
{
	return link->name;
}

int elfmap_link__fd(const struct elfmap_link *link)
{
	return bpf_link__fd(link->bpf_link);
}

struct bpf_link *elfmap_link__bpf_link(const struct elfmap_link *link)
{
	return link->bpf_link;
}
