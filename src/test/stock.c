// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include "cleanup.h"
#include "test/parsed.h"
#include "test/stock.h"
#include "test/tests.h"
#include "test/tool.h"

void require_stock(const char *command)
{
	if (!have_command(command))
		test_skip("%s is not installed", command);
}

void assert_same_text(const char *command, const char *option, const char *words)
{
	char *ours CLEANUP(cleanup_free) = tool_output("%s %s %s", command, option, words);
	char *stock CLEANUP(cleanup_free) = output_of("%s %s %s", command, option, words);

	ck_assert_str_eq(ours, stock);
}

void assert_same_json(const char *command, const char *option, const char *words)
{
	char *ours CLEANUP(cleanup_free) = tool_output("%s %s %s", command, option, words);
	char *stock CLEANUP(cleanup_free) = output_of("%s %s %s", command, option, words);
	struct json_object *our_json = parse_json(ours), *stock_json = parse_json(stock);

	ck_assert_msg(json_object_equal(our_json, stock_json), "%s: %s, not %s", words, ours,
		      stock);
	json_object_put(our_json);
	json_object_put(stock_json);
}
