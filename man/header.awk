# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#
# Reads the public header into groups of declarations with their comments.
#
# A section of the header is a title line, "/* --- opening: description --- */", a comment directly
# below it as introduction, and groups: a comment with the declarations directly below it. A comment
# above a blank line is text between groups.

# --- reading ---------------------------------------------------------------------------------

/^#ifdef __cplusplus/ { in_cplusplus = 1 }
in_cplusplus { in_cplusplus = !/^#endif/; next }

/^\/\* --- .* -+ \*\/$/ {
	gsub(/^\/\* --- | -+ \*\/$/, "")
	colon = index($0 ":", ":")
	page_name[++nr_pages] = "elfmap_" substr($0, 1, colon - 1)
	gsub(/ /, "_", page_name[nr_pages])
	description[nr_pages] = substr($0, colon + 2)
	next
}

in_comment || (!code && /^\/\*/) {
	comment = in_comment ? comment : ""
	in_comment = !/\*\/$/
	sub(/^(\/\*| \*\/| \*)/, "")
	sub(/ *\*\/$/, "")
	comment = comment $0 "\n"
	has_comment = 1
	next
}

!code && (/^$/ || /^#(if|include|endif)/) {
	if (has_comment)
		add_group()
	in_group = 0
	next
}

# A declaration ends with a semicolon outside of braces.
{
	code = code $0 "\n"
	bare = without_comments(code)
	if (/^#define/ || (bare ~ /;[ \t\n]*$/ && gsub(/[{]/, "", bare) == gsub(/[}]/, "", bare))) {
		add_declaration(code)
		code = ""
	}
}

# A group is a comment, and what it is about; nothing, if it is text between groups.
function add_group() {
	group_page[++nr_groups] = nr_pages + 0
	group_comment[nr_groups] = comment
	has_comment = 0
}

function add_declaration(text) {
	if (has_comment) {
		add_group()
		in_group = 1
	}
	if (text ~ /^#define.*__last_field/ || (!nr_pages && !in_group))
		return
	if (!in_group)
		fail(FILENAME ":" FNR ": no comment says what this is: " plain(text))
	declaration[nr_groups, ++nr_declarations[nr_groups]] = text
	if (is_function(text))
		functions[nr_pages] = functions[nr_pages] " " name_of(text)
}

function fail(message) {
	print "man/from-header: " message >"/dev/stderr"
	failed = 1
	exit 1
}

# --- C ---------------------------------------------------------------------------------------

function without_comments(text,    begin) {
	while ((begin = index(text, "/*")) && index(substr(text, begin), "*/"))
		text = substr(text, 1, begin - 1) \
		       substr(text, begin + 1 + index(substr(text, begin), "*/"))
	return text
}

function is_function(text) { return text ~ /^ELFMAP_API/ }
function is_type(text) { return text ~ /^(struct|enum) [a-z_0-9]+ [{]/ }

# In one line, without what only the compiler needs.
function plain(text) {
	text = without_comments(text)
	gsub(/ELFMAP_API|__attribute__\(\(.*\)\)/, "", text)
	gsub(/[ \t\n]+/, " ", text)
	gsub(/^ | $/, "", text)
	sub(/ ;$/, ";", text)
	return text
}

# Of a declaration, or of a member of a type.
function name_of(text) {
	if (!is_function(text) && !is_type(text) && match(text, /\(\*[a-z_0-9]+\)/))
		return substr(text, RSTART + 2, RLENGTH - 3)
	text = plain(text)
	if (sub(/^#define /, "", text) || text ~ /^[A-Z_0-9]+( =|,|$)/)
		sub(/[^A-Za-z_0-9].*/, "", text)
	sub(/ ?[({;:[].*/, "", text)
	if (text !~ /^(struct|enum) [a-z_0-9]+$/)
		sub(/.*[ *]/, "", text)
	return text
}

# Takes a struct or enum apart: type_synopsis without comments, type_members as a list of them. A
# comment beside a member is about that one, a comment above about those up to the next blank line.
function read_type(text,    rest, is_beside, piece, name, size) {
	rest = substr(text, index(text, "{") + 1)
	type_synopsis = substr(text, 1, index(text, "{")) "\n"
	type_members = above = names_below = ""
	while (rest !~ /^[ \t\n]*[}]/) {
		if (match(rest, /^[ \t\n]+/)) {
			size = RLENGTH
			piece = substr(rest, 1, size)
			is_beside = is_beside && piece !~ /\n/
			if (piece ~ /\n[ \t]*\n/)
				end_members()
		} else if (rest ~ /^\/\*/) {
			size = index(rest, "*/") + 1
			piece = substr(rest, 3, size - 4)
			gsub(/[ \t\n]+(\*[ \t]+)?/, " ", piece)
			sub(/ $/, "", piece)
			if (is_beside)
				sub(/(, |^)[^ ,]*$/, "", names_below)
			end_members()
			if (is_beside)
				add_member(name, piece)
			else
				above = piece
		} else {
			match(rest, text ~ /^enum/ ? "^[^,\n]*,?" : "^[^;]*;")
			size = RLENGTH
			piece = substr(rest, 1, size)
			type_synopsis = type_synopsis wrapped(plain(piece), "    ") "\n"
			name = name_of(piece)
			names_below = names_below (names_below ? ", " : "") name
			is_beside = 1
		}
		rest = substr(rest, size + 1)
	}
	end_members()
	type_synopsis = type_synopsis "};"
}

function end_members() {
	if (above && names_below)
		add_member(names_below, above)
	above = names_below = ""
}

