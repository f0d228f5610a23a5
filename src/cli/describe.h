/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Objects, maps and programs as JSON. What inspect -j prints; other commands add to it.
 */
#ifndef ELFMAP_CLI_DESCRIBE_H
#define ELFMAP_CLI_DESCRIBE_H

struct elfmap_map;
struct elfmap_object;
struct elfmap_program;
struct json_object;

/* Each result is the caller's. */
struct json_object *describe_object(struct elfmap_object *obj);
struct json_object *describe_map(const struct elfmap_map *map);
struct json_object *describe_program(const struct elfmap_program *program);

#endif
