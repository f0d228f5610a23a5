/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "btf_check.h"
#include "cleanup.h"
#include "zeroed.h"

static const char bad_name[] = "has a name outside the strings";
static const char bad_reference[] = "refers to a type that there is not";

static bool has_name(const struct btf *btf, uint32_t offset)
{
	return btf__name_by_offset(btf, offset);
}

/* 0 is void, which is no type to look at but one to refer to. */
static bool has_type(const struct btf *btf, uint32_t id)
{
	return id < btf__type_cnt(btf);
}

static const char *check_members(const struct btf *btf, const struct btf_type *type)
{
	const struct btf_member *members = btf_members(type);

	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		if (!has_name(btf, members[i].name_off))
			return bad_name;
		if (!has_type(btf, members[i].type))
			return bad_reference;
	}
	return NULL;
}

static const char *check_params(const struct btf *btf, const struct btf_type *type)
{
	const struct btf_param *params = btf_params(type);

	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		if (!has_name(btf, params[i].name_off))
			return bad_name;
		if (!has_type(btf, params[i].type))
			return bad_reference;
	}
	return has_type(btf, type->type) ? NULL : bad_reference;
}

static const char *check_enumerators(const struct btf *btf, const struct btf_type *type)
{
	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		uint32_t name = btf_is_enum(type) ? btf_enum(type)[i].name_off :
						    btf_enum64(type)[i].name_off;

		if (!has_name(btf, name))
			return bad_name;
	}
	return NULL;
}

static const char *check_variables(const struct btf *btf, const struct btf_type *type)
{
	const struct btf_var_secinfo *infos = btf_var_secinfos(type);

	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		const struct btf_type *var = btf__type_by_id(btf, infos[i].type);

		if (!var || (!btf_is_var(var) && !btf_is_func(var)))
			return "lists what is no variable";
	}
	return NULL;
}

static const char *check_type(const struct btf *btf, const struct btf_type *type)
{
	if (!has_name(btf, type->name_off))
		return bad_name;
	switch (btf_kind(type)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return check_members(btf, type);
	case BTF_KIND_FUNC_PROTO:
		return check_params(btf, type);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return check_enumerators(btf, type);
	case BTF_KIND_DATASEC:
		return check_variables(btf, type);
	case BTF_KIND_ARRAY:
		return has_type(btf, btf_array(type)->type) &&
				       has_type(btf, btf_array(type)->index_type) ?
			       NULL :
			       bad_reference;
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_FWD:
		return NULL;
	case BTF_KIND_FUNC:
		if (!has_type(btf, type->type) ||
		    !btf_is_func_proto(btf__type_by_id(btf, type->type)))
			return "is a function without a prototype";
		return NULL;
	default: /* one reference: pointers, qualifiers, typedefs, variables, tags */
		return has_type(btf, type->type) ? NULL : bad_reference;
	}
}

/* The type that this one is followed to by who asks for its kind, size or alignment; 0 for none. */
static uint32_t next_in_chain(const struct btf_type *type)
{
	if (btf_is_array(type))
		return btf_array(type)->type;
	return btf_is_mod(type) || btf_is_typedef(type) ? type->type : 0;
}

/* Every type is walked over once: a walk that meets itself has found a loop. */
static int check_chains(const struct btf *btf, uint32_t *id, const char **fault)
{
	uint32_t count = btf__type_cnt(btf);
	CLEANUP(cleanup_free) uint32_t *walks = zeroed(count, sizeof(*walks));

	if (!walks)
		return -ENOMEM;
	for (uint32_t walk = 1; walk < count; walk++) {
		uint32_t at = walk;

		while (at && !walks[at]) {
			walks[at] = walk;
			at = next_in_chain(btf__type_by_id(btf, at));
		}
		if (walks[at] != walk)
			continue;
		*id = walk;
		*fault = "is a typedef, qualifier or array that leads to itself";
		return -EINVAL;
	}
	return 0;
}

int btf_check(const struct btf *btf, uint32_t *id, const char **fault)
{
	uint32_t count = btf__type_cnt(btf), datasec = count;
	int err;

	for (uint32_t i = 1; i < count; i++) {
		const struct btf_type *type = btf__type_by_id(btf, i);
		const char *found = check_type(btf, type);

		if (btf_is_datasec(type) && i < datasec)
			datasec = i;
		if (!found)
			continue;
		*id = i;
		*fault = found;
		return -EINVAL;
	}
	err = check_chains(btf, id, fault);
	if (!err)
		*id = datasec;
	return err;
}
