/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include "decode.h"
#include "resolve.h"
#include "synthesise.h"
#include "translate.h"

int translate(struct elfmap_object *object)
{
	int err = decode_object(object);

	if (!err)
		err = resolve_object(object);
	if (!err && object->nr_legacy)
		err = synthesise_object(object);
	return err;
}
