# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#
# Prints one page, or what pages there are.

# What is declared on a page, with its comments.
function add_groups(page, sections,    group, i, text, term, members, gap, was_function, was_type) {
	for (group = page ? 1 : 2; group <= nr_groups; group++) {
		if (group_page[group] != page)
			continue
		term = members = ""
		for (i = 1; i <= nr_declarations[group]; i++) {
			text = declaration[group, i]
			term = term (i > 1 ? ", " : "") "*" literal(name_of(text)) "*" \
			       (is_function(text) ? "()" : "")
			type_members = ""
			if (is_type(text))
				read_type(text)
			else
				type_synopsis = wrapped(plain(text), "")
			gap = synopsis && (was_function != is_function(text) || is_type(text) || was_type)
			was_function = is_function(text)
			was_type = is_type(text)
			synopsis = synopsis (gap ? "\n" : "") type_synopsis "\n"
			members = members type_members
		}
		if (term) {
			sections["DESCRIPTION"] = sections["DESCRIPTION"] "\n" term "\n"
			sections["ends in a term"] = 1
		}
		describe(group_comment[group], term ? "\t" : "", sections)
		sections["DESCRIPTION"] = sections["DESCRIPTION"] (members ? "\n" members : "")
	}
}

function print_section(name, text) {
	gsub(/^\n|\n$/, "", text)
	if (text)
		print "\n# " name "\n\n" text
}

# The file that the table names for the page.
function print_example(    line, word, file, result) {
	while ((getline line <examples) > 0)
		if (split(line, word) == 2 && word[1] == page)
			file = word[2]
	if (!file)
		return
	print "\n# EXAMPLES\n\n```"
	while ((result = (getline line <file)) > 0)
		if (line !~ /SPDX/) {
			gsub(/\t/, "    ", line)
			gsub(/\\/, "\\\\&", line)
			print line
		}
	if (result < 0)
		fail(examples ": there is no " file)
	print "```"
}

function print_name(number,    names) {
	names = number ? substr(functions[number], 2) : ""
	gsub(/ /, ", ", names)
	print "# NAME\n\n" literal(names ? names : page) " - " literal(description[number])
}

function print_see_also(    i, pages) {
	for (i = 0; i <= nr_pages; i++)
		if (page_name[i] != page)
			pages = pages "*" literal(page_name[i]) "*(3), "
	print_section("SEE ALSO", pages "*elfmap*(8), *elfmap-formats*(7), *bpf*(2)\n\n" \
		      "libbpf's own calls: https://libbpf.readthedocs.io")
}

# The first comment begins with the name, and says what all pages have in common.
function print_page(number,    common, own, i) {
	describe(substr(first_comment, index(first_comment, "\n")), "", common)
	add_groups(number, own)
	print page "(3) \"elfmap " version "\" \"Library Functions Manual\"\n"
	print_name(number)
	print_section("SYNOPSIS", "*#include <elfmap.h>*\n\n" \
		      (number ? "```\n" synopsis "```" : \
				"cc _program.c_ $(pkg-config --cflags --libs libelfmap)"))
	if (number) {
		print_section("DESCRIPTION", own["DESCRIPTION"])
		common["THREADS"] = own["THREADS"] ? "" : common["THREADS"]
	} else {
		print_section("DESCRIPTION", common["DESCRIPTION"])
		print_section("TYPES", own["DESCRIPTION"])
		print "\n# PAGES\n"
		for (i = 1; i <= nr_pages; i++)
			print "- *" literal(page_name[i]) "*(3): " escaped(description[i])
	}
	print_section("RETURN VALUE", own["RETURN VALUE"] common["RETURN VALUE"])
	print_section("ERRORS", own["ERRORS"] common["ERRORS"])
	print_section("THREADS", own["THREADS"] common["THREADS"])
	print_example()
	print_see_also()
}

function print_list(    number, nr, names, i) {
	for (number = 0; number <= nr_pages; number++) {
		print page_name[number]
		nr = split(functions[number], names)
		for (i = 1; i <= nr; i++)
			print page_name[number] "/" names[i]
	}
}

END {
	if (failed)
		exit 1
	page_name[0] = "libelfmap"
	first_comment = group_comment[1]
	sub(/^\n* /, "", first_comment)
	description[0] = substr(first_comment, 1, index(first_comment, "\n") - 1)
	sub(/.* - /, "", description[0])
	if (list) {
		print_list()
		exit
	}
	for (number = 0; number <= nr_pages && page_name[number] != page; number++)
		;
	if (number > nr_pages)
		fail("no page " page)
	print_page(number)
}
