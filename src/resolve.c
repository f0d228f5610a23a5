/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include "resolve.h"
#include "slots.h"

int resolve_object(struct elfmap_object *object)
{
	int err = resolve_names(object);

	if (!err)
		err = resolve_nesting(object);
	if (!err)
		err = resolve_converted(object);
	if (!err)
		err = resolve_tail_calls(object);
	if (!err)
		err = slots_settle(object);
	if (!err)
		err = resolve_types(object);
	if (!err)
		err = resolve_pins(object);
	return err;
}
