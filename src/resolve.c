/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>

#include "messages.h"
#include "resolve.h"
#include "slots.h"

/* When all is known of the maps, the caller has the last word on each. */
static int ask_map_cb(struct elfmap_object *object)
{
	int err = 0;

	for (size_t i = 0; object->opts.map_cb && !err && i < object->nr_maps; i++) {
		struct elfmap_map *map = &object->maps[i];

		err = object->opts.map_cb(map, object->opts.ctx);
		if (err)
			map_error(map, "the loader's callback refuses it");
	}
	return err > 0 ? -EINVAL : err;
}

int resolve_object(struct elfmap_object *object)
{
	int err = resolve_names(object);

	if (!err)
		err = resolve_nesting(object);
	if (!err)
		err = resolve_converted(object);
	if (!err)
		err = resolve_programs(object);
	if (!err)
		err = slots_settle(object);
	if (err)
		return err;
	resolve_types(object);
	err = resolve_pins(object);
	if (!err)
		err = ask_map_cb(object);
	return err;
}
