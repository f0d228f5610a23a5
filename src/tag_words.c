/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include "tag_words.h"

const char *const tag_members[TAG_NR_MEMBERS] = { "id", "pinning", "inner_id", "inner_idx",
						  "inner_map_idx" };

const char *const tag_pins[TAG_NR_PINS] = {
	[ELFMAP_PIN_BY_NUMBER] = "number",
	[ELFMAP_PIN_BY_NAME] = "name",
	[ELFMAP_PIN_BY_PATH] = "path",
	[ELFMAP_PIN_BY_LOADER] = "loader",
};

/* pointers are no fields to keep: what they pointed to is kept */
const char *const tag_field_prefixes[TAG_NR_FIELD_PREFIXES] = {
	[ELFMAP_FIELD_NUMBER] = "field.",
	[ELFMAP_FIELD_OCTAL] = "octal.",
	[ELFMAP_FIELD_TEXT] = "text.",
};
