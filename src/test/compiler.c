// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "test/compiler.h"
#include "test/run.h"
#include "test/tests.h"

/* What a variable of the environment says, else what is usual. */
static const char *setting(const char *name, const char *usual)
{
	const char *value = getenv(name);

	return value && *value ? value : usual;
}

/* Skip the test unless the first word of the command is one. */
static const char *there(const char *command)
{
	char *name CLEANUP(cleanup_free) = strndup(command, strcspn(command, " "));

	ck_assert_ptr_nonnull(name);
	if (access(name, X_OK) != 0 && !have_command(name))
		test_skip("no %s here", name);
	return command;
}

const char *compiler(const char *name)
{
	if (!strcmp(name, COMPILER_C))
		return there(setting(name, "cc"));
	if (!strcmp(name, COMPILER_CXX))
		return there(setting(name, "c++"));
	return there(name);
}

bool compiler_sanitizes(void)
{
	return strstr(setting(COMPILER_C, "cc"), "-fsanitize");
}

const char *pkg_config(void)
{
	return there(setting("PKG_CONFIG", "pkg-config"));
}
