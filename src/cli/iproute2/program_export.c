/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdlib.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "map_export.h"
#include "program_export.h"

#define VARIABLE "TC_BPF_UDS"

/* Where the words do not say it; NULL if nowhere. */
static const char *path_of_environment(const struct program_choice *choice)
{
	const char *path = choice->kind->may_export ? getenv(VARIABLE) : NULL;

	return path && *path ? path : NULL;
}

static enum cli_status send_maps(struct cli *cli, const struct program_choice *choice,
				 const char *path, const struct map_export *maps)
{
	enum cli_status status;
	int err;

	if (!maps->count) {
		message_warning(cli, "%s: it has no maps to export to %s", choice->object, path);
		return CLI_OK;
	}
	err = map_export_send(path, maps);
	if (!err)
		return CLI_OK;
	status = message_refused(cli, err, "%s: cannot send maps", path);
	message_detail(cli, "%s is not attached; 'elfmap tc exec bpf import %s' waits for its maps",
		       choice->object, path);
	if (!choice->export_path)
		message_detail(cli, "$" VARIABLE " asks for this; unset it to attach without");
	return status;
}

enum cli_status program_export(struct cli *cli, const struct program_choice *choice,
			       const struct loaded_program *loaded)
{
	CLEANUP(map_export_free) struct map_export maps = { 0 };
	const char *path = choice->export_path;
	int err;

	if (!loaded->obj)
		return CLI_OK;
	if (!path)
		path = path_of_environment(choice);
	if (!path)
		return CLI_OK;
	err = map_export_of_object(loaded->obj, choice->object, &maps);
	if (err)
		return message_refused(cli, err, "%s: cannot export its maps", choice->object);
	return send_maps(cli, choice, path, &maps);
}
