// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>

#include "bench/rows.h"

static bool is_json;
static unsigned int nr_printed, nr_within, nr_beyond, nr_left_out;

void rows_begin(bool as_json)
{
	is_json = as_json;
	if (as_json)
		puts("[");
	else
		printf("%-42s %7s %7s %6s %6s  %s\n", "what", "bound", "figure", "spread", "instr",
		       "verdict");
}

static void print_value(const struct row *row, double value)
{
	if (!value)
		printf(" %7s", "");
	else if (row->unit == ROW_CALLS)
		printf(" %7.0f", value);
	else if (row->unit == ROW_KIB)
		printf(" %4.0fKiB", value);
	else
		printf(" %7.2f", value);
}

static const char *verdict(const struct row *row)
{
	return !row->bound ? "" : row->figure <= row->bound ? "ok" : "BEYOND";
}

static void print_text(const struct row *row)
{
	printf("%-42s", row->what);
	print_value(row, row->bound);
	if (row->why_not) {
		printf("  not measured: %s\n", row->why_not);
		return;
	}
	print_value(row, row->figure);
	if (row->spread > 0)
		printf(" %6.2f", row->spread);
	else
		printf(" %6s", "");
	if (row->instructions > 0)
		printf(" %6.2f", row->instructions);
	else
		printf(" %6s", "");
	if (row->bound)
		printf("  %s", verdict(row));
	putchar('\n');
}

/* The texts are this program's own and have nothing to be escaped. */
static void print_json(const struct row *row)
{
	static const char *const units[] = {
		[ROW_RATIO] = "ratio",
		[ROW_CALLS] = "calls",
		[ROW_KIB] = "KiB",
	};

	/* those that explain the one before are told by their indentation in the text */
	printf("%s  { \"what\": \"%s\", \"unit\": \"%s\"", nr_printed ? ",\n" : "",
	       row->what + strspn(row->what, " "), units[row->unit]);
	if (row->bound)
		printf(", \"bound\": %g", row->bound);
	if (row->why_not) {
		printf(", \"not_measured\": \"%s\" }", row->why_not);
		return;
	}
	printf(", \"figure\": %.4g", row->figure);
	if (row->spread > 0)
		printf(", \"spread\": %.4g", row->spread);
	if (row->instructions > 0)
		printf(", \"instructions\": %.4g", row->instructions);
	if (row->us[0] > 0)
		printf(", \"us\": [%.4g, %.4g]", row->us[0], row->us[1]);
	if (row->bound)
		printf(", \"verdict\": \"%s\"", verdict(row));
	printf(" }");
}

void rows_print(const struct row *row)
{
	if (is_json)
		print_json(row);
	else
		print_text(row);
	fflush(stdout);
	nr_printed++;
	nr_left_out += row->why_not != NULL;
	nr_within += !row->why_not && row->bound && row->figure <= row->bound;
	nr_beyond += !row->why_not && row->bound && row->figure > row->bound;
}

void rows_end(void)
{
	if (is_json)
		puts("\n]");
	else
		printf("%u within their bound, %u beyond, %u not measured\n", nr_within, nr_beyond,
		       nr_left_out);
}
