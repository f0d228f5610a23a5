// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The man pages, as a reader has them in a terminal of 80 columns: they name what there is. What is
 * looked for comes from the version script, which is the public header's, the tool's help and the
 * library, not from the pages' sources.
 */
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "elfmap.h"
#include "tag_words.h"
#include "test/run.h"
#include "test/tests.h"
#include "test/text_file.h"
#include "test/tool.h"

#define COLUMNS 80
/* How far text is indented, what it explains further, and the titles of subsections. */
#define INDENT 7
#define INDENT_SUBSECTION 3

/* --- pages ---------------------------------------------------------------------------------- */

/* For free(). */
static char *page_path(const char *name)
{
	char *file CLEANUP(cleanup_free) = NULL;

	ck_assert_int_gt(asprintf(&file, "man/%s", name), 0);
	return built_file(file);
}

static struct run format_page(const char *path)
{
	static const char *const environment[] = { "MANWIDTH=80", "LC_ALL=C.UTF-8", NULL };
	const char *const man[] = { "man", "--warnings=w", "-l", path, NULL };

	if (have_command("groff"))
		return run("groff", "-man", "-t", "-ww", "-Tutf8", "-P-cbu", "-rLL=80n", path);
	if (!have_command("man"))
		test_skip("neither groff nor man is here");
	return run_command(man, environment);
}

/* As it is read; the caller frees it. */
static char *page_text(const char *name)
{
	char *path CLEANUP(cleanup_free) = page_path(name);
	struct run run = format_page(path);

	assert_status(&run, 0);
	free(run.err);
	return run.out;
}

static glob_t find_pages(const char *pattern)
{
	char *path CLEANUP(cleanup_free) = page_path(pattern);
	glob_t found;

	ck_assert_msg(glob(path, 0, NULL, &found) == 0, "no %s: make man", path);
	return found;
}

/* --- text ----------------------------------------------------------------------------------- */

static size_t indent_of(const char *line)
{
	return strspn(line, " ");
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : NULL;
}

static size_t columns_of(const char *line)
{
	size_t columns = 0;

	for (; *line && *line != '\n'; line++)
		columns += (*line & 0xc0) != 0x80;
	return columns;
}

static bool is_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* Where the text has the word, which is not part of another; NULL if it has not. */
static const char *find_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at++)
		if ((at == text || !is_of_word(at[-1])) && !is_of_word(at[length]) &&
		    at[length] != '[')
			return at;
	return NULL;
}

/* Lines up to the next one that is indented no more than the first; for free(). NULL without them. */
static char *part_below(const char *text, size_t indent, const char *title)
{
	size_t length = strlen(title);

	for (const char *line = text, *end; line; line = next_line(line)) {
		if (indent_of(line) != indent || strncmp(line + indent, title, length) != 0 ||
		    is_of_word(line[indent + length]))
			continue;
		for (end = next_line(line); end; end = next_line(end))
			if (*end != '\n' && indent_of(end) <= indent)
				break;
		return end ? strndup(line, (size_t)(end - line)) : strdup(line);
	}
	return NULL;
}

/* --- format --------------------------------------------------------------------------------- */

static void check_format(const char *path)
{
	struct run run = format_page(path);

	assert_status(&run, 0);
	ck_assert_msg(!*run.err, "%s: %.500s", path, run.err);
	for (const char *line = run.out; line; line = next_line(line))
		ck_assert_msg(columns_of(line) <= COLUMNS, "%s: %.*s", path,
			      (int)strcspn(line, "\n"), line);
	free_run(&run);
}

static bool is_alias(const char *path)
{
	char *text CLEANUP(cleanup_free) = file_text(path);

	return !strncmp(text, ".so ", 4);
}

START_TEST(test_format)
{
	glob_t pages = find_pages("man[378]/*.[378]");
	size_t count = 0;

	for (size_t i = 0; i < pages.gl_pathc; i++) {
		if (is_alias(pages.gl_pathv[i]))
			continue;
		check_format(pages.gl_pathv[i]);
		count++;
	}
	ck_assert_uint_ge(count, 4);
	globfree(&pages);
}
END_TEST

/* --- functions ------------------------------------------------------------------------------ */

/* Whether a line is "one(), two()", of which a description follows. */
static bool is_term(const char *line)
{
	size_t length = strcspn(line, "\n");

	if (indent_of(line) != INDENT)
		return false;
	for (const char *word = line + INDENT; word < line + length;
	     word += strcspn(word, " \n") + 1) {
		size_t size = strcspn(word, " ,\n");

		if (size < 3 || strncmp(word + size - 2, "()", 2) != 0)
			return false;
	}
	return true;
}

/* Whether a page says something of the function. */
static bool describes(const char *text, const char *function)
{
	for (const char *line = text; line; line = next_line(line)) {
		char *term CLEANUP(cleanup_free) = strndup(line, strcspn(line, "\n"));
		const char *below = next_line(line);

		if (!is_term(line) || !find_word(term, function))
			continue;
		while (below && is_term(below))
			below = next_line(below);
		return below && indent_of(below) > INDENT && *below != '\n';
	}
	return false;
}

struct page {
	char *name; /* "man3/elfmap_opening.3" */
	char *text;
};

struct pages {
	struct page page[64];
	size_t count;
};

static struct pages read_pages(void)
{
	glob_t found = find_pages("man3/*.3");
	struct pages pages = { .count = 0 };

	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct page *page = &pages.page[pages.count];

		if (is_alias(found.gl_pathv[i]))
			continue;
		ck_assert_uint_lt(pages.count, sizeof(pages.page) / sizeof(pages.page[0]));
		page->name = strdup(strstr(found.gl_pathv[i], "/man3/") + 1);
		page->text = page_text(page->name);
		pages.count++;
	}
	globfree(&found);
	return pages;
}

static void check_function(const struct pages *pages, const char *function)
{
	char *alias CLEANUP(cleanup_free) = NULL;
	char *name CLEANUP(cleanup_free) = NULL;
	char *path CLEANUP(cleanup_free) = NULL;
	char *expected CLEANUP(cleanup_free) = NULL;
	const struct page *on = NULL;

	for (size_t i = 0; i < pages->count; i++) {
		if (!describes(pages->page[i].text, function))
			continue;
		ck_assert_msg(!on, "%s is on %s and on %s", function, on ? on->name : "",
			      pages->page[i].name);
		on = &pages->page[i];
	}
	ck_assert_msg(on, "%s is on no page", function);
	name = part_below(on->text, 0, "NAME");
	ck_assert_msg(name && find_word(name, function), "%s: %s is not in NAME", on->name,
		      function);
	ck_assert_int_gt(asprintf(&alias, "man3/%s.3", function), 0);
	ck_assert_int_gt(asprintf(&expected, ".so %s\n", on->name), 0);
	path = page_path(alias);
	free(name);
	name = file_text(path);
	ck_assert_str_eq(name, expected);
}

START_TEST(test_functions)
{
	char *script CLEANUP(cleanup_free) = file_text("src/libelfmap.map");
	struct pages pages = read_pages();
	size_t count = 0;

	for (const char *line = script; line; line = next_line(line)) {
		char function[64];

		if (sscanf(line, " %63[a-z0-9_];", function) != 1 ||
		    strncmp(function, "elfmap_", 7) != 0)
			continue;
		check_function(&pages, function);
		count++;
	}
	ck_assert_uint_ge(count, 70);
	for (size_t i = 0; i < pages.count; i++) {
		free(pages.page[i].name);
		free(pages.page[i].text);
	}
}
END_TEST

/* --- the tool ------------------------------------------------------------------------------- */

/* Options, and what lines begin with that are indented by two: both are to be explained. */
static bool is_explained(const char *help, const char *word)
{
	bool is_first = word - help >= 3 && !strncmp(word - 3, "\n  ", 3);

	if (*word == '-')
		return strchr(" \n", word[-1]) &&
		       (isalnum((unsigned char)word[1]) || word[1] == '-');
	return is_first && isalpha((unsigned char)*word);
}

static void check_help(const char *command, const char *help, const char *text)
{
	size_t count = 0;

	for (const char *at = help + 1; *at; at++) {
		char *word CLEANUP(cleanup_free) = NULL;

		if (!is_explained(help, at))
			continue;
		word = strndup(at, strcspn(at, " ,\n=(:"));
		ck_assert_msg(find_word(text, word), "elfmap(8) does not name %s of elfmap %s",
			      word, command);
		count++;
	}
	ck_assert_uint_ge(count, 4);
}

static void check_command(const char *page, const char *command)
{
	char *text CLEANUP(cleanup_free) = part_below(page, INDENT_SUBSECTION, command);
	char *help CLEANUP(cleanup_free) = tool_output("%s --help", command);

	ck_assert_msg(text, "elfmap(8) has no section on elfmap %s", command);
	check_help(command, help, text);
}

START_TEST(test_tool)
{
	char *page CLEANUP(cleanup_free) = page_text("man8/elfmap.8");
	char *help CLEANUP(cleanup_free) = tool_output("--help");
	char *options CLEANUP(cleanup_free) = part_below(page, 0, "OPTIONS");
	const char *line = strstr(help, "\ncommands:\n");
	size_t count = 0;

	ck_assert_ptr_nonnull(line);
	line = next_line(line + 1);
	for (; line && *line != '\n'; line = next_line(line)) {
		char command[32];

		ck_assert_int_eq(sscanf(line, " %31s", command), 1);
		check_command(page, command);
		count++;
	}
	ck_assert_uint_ge(count, 5);
	ck_assert_ptr_nonnull(options);
	check_help("itself", line, options);
}
END_TEST

/* --- formats -------------------------------------------------------------------------------- */

/* Its size, as words of the layout's fields make it, and the fields in their order. */
static void check_layout(const char *layouts, const struct elfmap_format *format)
{
	char *text CLEANUP(cleanup_free) = part_below(layouts, INDENT, format->name);
	const char *at, *found;
	char size[32];

	ck_assert_msg(text, "elfmap-formats(7) does not name %s", format->name);
	at = next_line(text);
	for (size_t i = 0; i < format->nr_fields; i++) {
		found = at ? find_word(at, format->fields[i].name) : NULL;
		ck_assert_msg(found, "elfmap-formats(7): %s: no %s, or not in its place",
			      format->name, format->fields[i].name);
		at = found + 1;
	}
	if (!format->nr_fields)
		return;
	snprintf(size, sizeof(size), "%u bytes",
		 (format->fields[format->nr_fields - 1].offset +
		  format->fields[format->nr_fields - 1].size + 3) &
			 ~3u);
	ck_assert_msg(find_word(text, size), "elfmap-formats(7): %s: no %s", format->name, size);
}

START_TEST(test_layouts)
{
	char *page CLEANUP(cleanup_free) = page_text("man7/elfmap-formats.7");
	char *layouts CLEANUP(cleanup_free) = part_below(page, 0, "LAYOUTS");
	const struct elfmap_format *format;
	size_t count;

	ck_assert_ptr_nonnull(layouts);
	for (count = 0; (format = elfmap_builtin_format(count)); count++)
		check_layout(layouts, format);
	ck_assert_uint_ge(count, 20);
}
END_TEST

static void check_words(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(strstr(text, words[i]), "elfmap-formats(7): no tag word %s",
			      words[i]);
}

START_TEST(test_tags)
{
	static const char *const first_words[] = { TAG_PREFIX TAG_SLOT, TAG_PREFIX TAG_MAP };
	char *page CLEANUP(cleanup_free) = page_text("man7/elfmap-formats.7");
	char *text CLEANUP(cleanup_free) = part_below(page, INDENT_SUBSECTION, "Tags");

	ck_assert_ptr_nonnull(text);
	check_words(text, first_words, sizeof(first_words) / sizeof(first_words[0]));
	check_words(text, tag_members, TAG_NR_MEMBERS);
	check_words(text, tag_pins, TAG_NR_PINS);
	check_words(text, tag_field_prefixes, TAG_NR_FIELD_PREFIXES);
}
END_TEST

Suite *man_suite(void)
{
	return suite_of("man", test_format, test_functions, test_tool, test_layouts, test_tags);
}
