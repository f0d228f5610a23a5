# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#
# Text as scdoc takes it.
#
# Comments are paragraphs; in them " - " begins an item of a list, "   -EINVAL, " one of a list of
# errors. Paragraphs between groups that begin with a label go into sections of the page's own.

BEGIN {
	heading["Return values: "] = "RETURN VALUE"
	heading["Errors: "] = "ERRORS"
	heading["Threads: "] = "THREADS"
	columns = 68 # of literal text, in a terminal of 80
}

# Text as it stands; names of functions are bold.
function escaped(text,    done) {
	while (match(text, /[A-Za-z_][A-Za-z0-9_]*\(\)/)) {
		done = done literal(substr(text, 1, RSTART - 1)) \
		       "*" literal(substr(text, RSTART, RLENGTH - 2)) "*()"
		text = substr(text, RSTART + RLENGTH)
	}
	text = done literal(text)
	return text ~ /^[-#.;|:\[\]]/ ? "\\" text : text
}

function literal(text) {
	gsub(/[\\*_`+]/, "\\\\&", text)
	return text
}

# A line of code; if it is too long it goes on, indented, behind a comma or a bracket.
function wrapped(text, indent,    done, end) {
	text = indent text
	while (length(text) > columns) {
		for (end = columns; end && substr(text, end, 2) !~ /^(, |[(][^)])/; end--)
			;
		if (!end)
			break
		done = done substr(text, 1, end) "\n"
		text = substr(text, end + 1)
		sub(/^ ?/, indent "        ", text)
	}
	return done text
}

function add_member(names, text) {
	type_members = type_members "\t- *" literal(names) "*:" escaped(text) "\n"
}

# Adds the paragraphs and lists of a comment to sections of a page, all to DESCRIPTION in a group.
function describe(comment, tabs, sections,    lines, nr, i, starts, kind, part) {
	where = "DESCRIPTION"
	nr = split(comment "\n", lines, "\n")
	for (i = 1; i <= nr; i++) {
		starts = lines[i] ~ /^ +- / ? "item" : lines[i] ~ /^  +-E[A-Z0-9]+, / ? "error" : ""
		if (starts || lines[i] ~ /^ *$/ || (kind && lines[i] !~ /^   /)) {
			add_block(part, kind, tabs, sections)
			kind = starts
			part = ""
		}
		sub(/^ +/, "", lines[i])
		part = part (part ? " " : "") lines[i]
	}
}

function add_block(part, kind, tabs, sections,    label, before) {
	if (!part)
		return
	label = substr(part, 1, index(part, ": ") + 1)
	if (!tabs && !kind) {
		where = label in heading ? heading[label] : "DESCRIPTION"
		if (label in heading)
			part = capital(substr(part, length(label) + 1))
	}
	before = sections["ends in a term"] ? "" : "\n"
	sections["ends in a term"] = 0
	if (kind == "error")
		part = "*" substr(part, 1, index(part, ",") - 1) "*\n\t" tabs \
		       escaped(capital(substr(part, index(part, ",") + 2)))
	else if (kind == "item") {
		before = sections[where] ~ /\n\t*- [^\n]*\n$/ ? "" : before
		part = "- " escaped(substr(part, 3))
	} else
		part = escaped(part)
	sections[where] = sections[where] before tabs part "\n"
}

function capital(text) {
	return toupper(substr(text, 1, 1)) substr(text, 2)
}

