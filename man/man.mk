# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#
# The man pages, made with scdoc: sections 7 and 8 from man/*.scd, section 3 from the public header
# (man/from-header). Each function has a page of its own, which refers to the one that it is on.

SCDOC ?= scdoc
AWK ?= awk
# What the pages are dated, 21 November 2026 in seconds: the same whenever they are built.
RELEASE_DATE := 1795219200

MAN_BUILD := $(BUILD)/man
MAN_HEADER := include/elfmap.h
MAN_MAKERS := $(addprefix man/,from-header header.awk scdoc.awk pages.awk examples)
# files that pages show
MAN_EXAMPLES := $(shell $(AWK) '$$2 ~ /^examples\// && NF == 2 { print $$2 }' man/examples)

# PAGE, and PAGE/FUNCTION for each function that is on it
MAN_NAMES := $(shell AWK='$(AWK)' man/from-header list=1 $(MAN_HEADER))
MAN_TOPICS := $(foreach name,$(MAN_NAMES),$(if $(findstring /,$(name)),,$(name)))
MAN_FUNCTIONS := $(notdir $(filter-out $(MAN_TOPICS),$(MAN_NAMES)))

MAN_7 := $(patsubst man/%.scd,man7/%,$(sort $(wildcard man/*.7.scd)))
MAN_8 := $(patsubst man/%.scd,man8/%,$(sort $(wildcard man/*.8.scd)))
MAN_3 := $(MAN_TOPICS:%=man3/%.3)
MAN_ALIASES := $(MAN_FUNCTIONS:%=man3/%.3)
MAN_PAGES := $(MAN_3) $(MAN_ALIASES) $(MAN_7) $(MAN_8)

in_build = $(addprefix $(MAN_BUILD)/,$1)
man_say = @$(if $(call on,V),:,echo '  MAN     $@')

.PHONY: man install-man uninstall-man

# Without a list, which fails with a message of its own, there would be nothing to make.
man: $(call in_build,$(MAN_PAGES))
	@test -n '$(firstword $(MAN_NAMES))'
run-check: man
# Where scdoc is missing, the rest is built without pages.
all: $(if $(shell command -v $(SCDOC)),man)

# --- pages ---------------------------------------------------------------------------------

# scdoc forbids hyphenation before the title line, where man allows it again; and it leaves hyphens as
# they are, which are no ASCII in some terminals, and where lines end. Names and options stay whole.
mend_hyphens = '!/^\.|\\h/ { gsub(/-/, "\\\\-") } { print } /^\.TH / { print ".nh" }'
$(call in_build,$(MAN_3) $(MAN_7) $(MAN_8)): %: %.scd man/man.mk
	$(man_say)
	$(Q)command -v $(SCDOC) >/dev/null || { echo '$(SCDOC) is missing; run: make deps' >&2; exit 1; }
	$(Q)SOURCE_DATE_EPOCH=$(RELEASE_DATE) $(SCDOC) <$< >$@.hyphens
	$(Q)$(AWK) $(mend_hyphens) $@.hyphens >$@ && rm $@.hyphens

$(call in_build,$(MAN_3:=.scd)): $(MAN_BUILD)/man3/%.3.scd: $(MAN_HEADER) $(MAN_MAKERS) \
		$(MAN_EXAMPLES) Makefile
	@mkdir -p $(@D)
	$(Q)AWK='$(AWK)' man/from-header page=$* version=$(VERSION) examples=man/examples \
		$(MAN_HEADER) >$@

# the version stands in the Makefile or in the header
man_version = @mkdir -p $(@D) && sed 's/@VERSION@/$(VERSION)/' $< >$@
$(call in_build,$(MAN_7:=.scd)): $(MAN_BUILD)/man7/%: man/% Makefile $(MAN_HEADER)
	$(man_version)
$(call in_build,$(MAN_8:=.scd)): $(MAN_BUILD)/man8/%: man/% Makefile $(MAN_HEADER)
	$(man_version)

# of the name that stands behind a page's in the list
$(call in_build,$(MAN_ALIASES)): $(MAN_BUILD)/man3/%.3: $(MAN_HEADER) $(MAN_MAKERS)
	@mkdir -p $(@D)
	$(Q)echo '.so man3/$(patsubst %/$*,%,$(filter %/$*,$(MAN_NAMES))).3' >$@

# --- installing ----------------------------------------------------------------------------

# Nothing is built here: whoever installs may be another than who builds. make install does these too.
check_man = test -f $(call in_build,$(lastword $(MAN_PAGES))) || \
	{ echo 'install: the man pages are not there; run: make deps man' >&2; exit 1; }
man_destination = $(call destination,$(MANDIR)/man$1)
install_pages = mkdir -p $(man_destination) && $(INSTALL) -m 644 \
	$(call in_build,$(filter man$1/%,$(MAN_PAGES))) $(man_destination)
install_man = umask 022 && $(call install_pages,3) && $(call install_pages,7) && \
	$(call install_pages,8)
uninstall_man = rm -f $(foreach page,$(MAN_PAGES),$(call destination,$(MANDIR)/$(page)))

install-man:
	$(Q)$(check_man)
	$(Q)$(install_man)

uninstall-man:
	$(Q)$(uninstall_man)
