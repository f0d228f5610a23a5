/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include "decode.h"
#include "passed_over.h"
#include "references.h"
#include "resolve.h"
#include "synthesise.h"
#include "translate.h"

int translate(struct elfmap_object *object)
{
	int err = decode_object(object);

	if (err)
		return err;
	/* what is only looked at means something else by its ids, pins and types */
	if (object->refusal)
		return resolve_names(object);
	err = references_check(object);
	if (!err)
		err = passed_over_find(object);
	if (!err)
		err = resolve_object(object);
	if (!err)
		err = synthesise_object(object);
	return err;
}
