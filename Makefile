# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#
# make help lists the targets. Variables: CC, CFLAGS, CPPFLAGS, LDFLAGS as usual; BUILD=dir;
# V=1 shows the commands; WERROR=1; DEBUG=1; SANITIZE=1 builds with ASan and UBSan in its own
# directory; ONLY=suites and EXCEPT=suites limit make check; SECONDS=n and FUZZ_FLAGS=... are
# make fuzz's; DESTDIR, PREFIX and the directories below it are make install's.

# Of MAJOR, MINOR or PATCH.
version = $(shell sed -n 's/^.define ELFMAP_$1_VERSION //p' include/elfmap.h)
SOVERSION := $(call version,MAJOR)
VERSION := $(SOVERSION).$(call version,MINOR).$(call version,PATCH)

on = $(filter-out 0 n no,$($1))
comma := ,
quoted = '$(subst ','\'',$1)'
BUILD ?= build$(if $(call on,SANITIZE),/sanitize)
PKG_CONFIG ?= pkg-config
CLANG_FORMAT ?= clang-format
CFLAGS ?= $(if $(call on,DEBUG),-Og -g3,-O2 -g)
# for make demo and make check, which are typed without -j
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)

INSTALL ?= install
PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
COMPLETIONDIR ?= $(DATADIR)/bash-completion/completions

Q := $(if $(call on,V),,@)
say = @$(if $(call on,V),:,printf '  %-7s %s\n' $1 $(patsubst $(BUILD)/obj/%.o,%.c,$@))

# --- sources -------------------------------------------------------------------------------

# The attach rooms need libmnl, which the library does without: the tool alone links them, and what
# only its commands have a use for.
TOOL_ONLY := $(sort $(wildcard src/netlink*.c src/attach*.c src/tc*.c compat/map_export*.c) \
	src/program_file.c)
LIB_SOURCES := $(sort $(filter-out $(TOOL_ONLY),$(wildcard src/*.c compat/*.c)))
CLI_SOURCES := $(sort $(wildcard src/cli/*.c src/cli/*/*.c)) $(TOOL_ONLY)
# What is loaded into other programs; the engine has the library's rooms as well.
PRELOAD_SOURCES := $(addprefix src/preload/,host.c main_program.c preload.c stderr_log.c)
ENGINE_SOURCES := $(addprefix src/preload/,engine.c iproute2_view.c main_program.c opened.c \
	settings.c stderr_log.c)
TEST_SOURCES := $(sort $(wildcard src/test/*.c)) $(TOOL_ONLY)
HOST_SOURCES := $(sort $(wildcard src/test/host/*.c))
FUZZ_SOURCES := $(sort $(wildcard src/fuzz/*.c))
# The demo's helper makes its veth pair and sends its frames with the tests' rooms for that.
EXAMPLE_SOURCES := $(sort $(wildcard examples/*.c))
DEMO_SOURCES := demo/helper.c src/test/veth.c src/test/rtnetlink.c
# So does the benchmark with its objects and the tests' room for ELF files.
BENCH_SHARED := src/bench/objects.c src/bench/objects_btf.c src/test/elf_made.c
BENCH_SOURCES := $(filter-out src/bench/peak.c,$(sort $(wildcard src/bench/*.c))) \
	$(addprefix src/test/,elf_made.c instructions.c veth.c rtnetlink.c)
PEAK_SOURCES := src/bench/peak.c $(BENCH_SHARED)

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$1)
OBJECTS := $(sort $(call objects,$(LIB_SOURCES) $(CLI_SOURCES) $(TEST_SOURCES) $(DEMO_SOURCES) \
	$(BENCH_SOURCES) $(PEAK_SOURCES) $(FUZZ_SOURCES) $(EXAMPLE_SOURCES) $(PRELOAD_SOURCES) \
	$(ENGINE_SOURCES) $(HOST_SOURCES)))

TOOL := $(BUILD)/elfmap
# What others link has no names but the public ones. The tool and the tests call the rooms as well.
LIB_A := $(BUILD)/libelfmap.a
ROOMS_O := $(BUILD)/libelfmap.o
ROOMS_A := $(BUILD)/elfmap-rooms.a
# The tool's rooms, for those tests that call one: printing what no kernel here has.
CLI_A := $(BUILD)/elfmap-cli.a
LIB_SO := $(BUILD)/libelfmap.so.$(VERSION)
LIB_SONAME := libelfmap.so.$(SOVERSION)
LIB_LINKS := $(BUILD)/$(LIB_SONAME) $(BUILD)/libelfmap.so
PRELOAD := $(BUILD)/elfmap-preload.so
ENGINE := $(BUILD)/elfmap-preload-engine.so
TESTS := $(BUILD)/elfmap-tests
HELPER := $(BUILD)/demo-helper
BENCH := $(BUILD)/bench
PEAK := $(BUILD)/bench-peak
STRIPPED := $(BUILD)/libelfmap.stripped.so
PC := $(BUILD)/libelfmap.pc
# Programs and libraries for the tests of the preload library, which know nothing of elfmap.
HOSTS := $(addprefix $(BUILD)/host/,open names plugin threads libopen.so spy.so)
EXAMPLES := $(patsubst %.c,$(BUILD)/%,$(EXAMPLE_SOURCES))
FUZZERS := $(patsubst src/fuzz/%.c,$(BUILD)/%,$(FUZZ_SOURCES))

# --- flags ---------------------------------------------------------------------------------

LIB_PKGS := libbpf libelf
TOOL_PKGS := $(LIB_PKGS) libmnl json-c
TEST_PKGS := $(TOOL_PKGS) check libmd

# Targets that build nothing, or that see to the dependencies before they do.
UNBUILT := install uninstall deps check demo bench bench-instr fuzz format format-check testdata \
	clean help man install-man uninstall-man
BUILT := $(filter-out $(UNBUILT),$(or $(MAKECMDGOALS),all))
NEEDED := $(if $(filter run-check $(TESTS),$(BUILT)),$(TEST_PKGS),$(TOOL_PKGS))
ifneq ($(BUILT),)
ifneq ($(shell $(PKG_CONFIG) --exists 'libbpf >= 1.0' $(NEEDED) 2>/dev/null && echo yes),yes)
$(error libraries or pkg-config are missing (needed: libbpf >= 1.0 $(filter-out \
	libbpf,$(NEEDED))); run: make deps)
endif
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(TOOL_PKGS))
CHECK_CFLAGS := $(if $(filter check,$(NEEDED)),$(shell $(PKG_CONFIG) --cflags check libmd))
libs = $(shell $(PKG_CONFIG) --libs $1)
endif

WARNINGS := -Wall -Wextra -Wshadow -Wvla -Wmissing-prototypes -Wstrict-prototypes -Wconversion \
	    $(if $(call on,WERROR),-Werror)
# The library cannot be linked with -z defs then: the sanitizers' runtime is in the executable.
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SANITIZE_FLAGS := $(if $(call on,SANITIZE),$(SANITIZERS))
DEFS := $(if $(call on,SANITIZE),,-Wl,-z,defs)

ALL_CPPFLAGS = -Iinclude -Isrc -Icompat -D_GNU_SOURCE $(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS = -std=c11 $(WARNINGS) -fPIC -fvisibility=hidden -ffile-prefix-map=$(CURDIR)=. \
	     $(SANITIZE_FLAGS) $(CFLAGS)
ALL_LDFLAGS = $(SANITIZE_FLAGS) $(LDFLAGS)

# The library is to be small: behind CFLAGS, as distributions' ask for -O2. Most of its time goes
# into memory and other libraries. It throws nothing, has nothing to be run at its start, calls its
# own functions directly and others without a table of jumps.
takes = $(foreach flag,$1,$(shell $(CC) -Werror $(flag) -E -x c /dev/null >/dev/null 2>&1 && \
	echo $(flag)))
SMALL_CFLAGS := $(if $(call on,DEBUG)$(call on,SANITIZE),,$(or $(call takes,-Oz),-Os) \
	-ffunction-sections -fdata-sections $(call takes,-fno-semantic-interposition \
	-fno-asynchronous-unwind-tables -fno-unwind-tables -fno-plt -fno-caller-saves \
	-fno-tree-loop-optimize -fno-move-loop-invariants -fno-tree-dominator-opts \
	-malign-data=abi))
# Relocations as a bitmap, where the C library that it is linked to knows these.
hash := \#
has_relr = $(shell printf '%s\n' '$(hash)include <features.h>' '$(hash)if !__GLIBC_PREREQ(2, 36)' \
	'$(hash)error' '$(hash)endif' | $(CC) $(CPPFLAGS) -shared -fPIC \
	-Wl,-z,pack-relative-relocs -x c - -o /dev/null 2>&1 | grep -q . || echo yes)
SMALL_LDFLAGS = $(if $(call on,DEBUG)$(call on,SANITIZE),,-nostartfiles -Wl,-Bsymbolic-functions \
	-Wl,--gc-sections -Wl,-z,noseparate-code -Wl,-z,now \
	$(if $(has_relr),-Wl$(comma)-z$(comma)pack-relative-relocs))

COMPILE = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS)
LINK = $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)

# For the tests that compile programs against the library: make's CXX is g++ whatever CC is.
CXX_OF_CC = $(if $(filter default,$(origin CXX)),$(subst gcc,g++,$(subst clang,clang++,$(patsubst \
	cc,c++,$(CC)))),$(CXX))

# --- targets -------------------------------------------------------------------------------

.PHONY: all install uninstall check run-check demo run-demo bench run-bench \
	bench-instr run-bench-instr fuzz run-fuzz deps format format-check \
	testdata clean help FORCE
.DELETE_ON_ERROR:
.SUFFIXES:

all: $(TOOL) $(LIB_A) $(LIB_LINKS) $(PC) $(PRELOAD) $(ENGINE)

help:
	@echo 'make               build the tool and the library in $(BUILD)/'
	@echo 'make install       install what was built, below PREFIX=/usr/local; uninstall removes it'
	@echo 'make demo          install what is missing, build, and show the tool at work'
	@echo 'make check         install what is missing, build, and run the tests'
	@echo 'make bench         measure it beside libbpf, tc and llvm-objcopy; ARGS=-j for JSON'
	@echo 'make bench-instr   the same by instructions, which valgrind counts'
	@echo 'make man           make the man pages; install-man and uninstall-man'
	@echo 'make deps          install what is missing through the package manager'
	@echo 'make fuzz          feed the parsers damaged objects for SECONDS=60, with clang'
	@echo 'make testdata      rebuild the test objects with clang and show what changed'
	@echo 'make format        format the sources; format-check only looks'
	@echo 'make clean         remove $(BUILD)/'

deps:
	$(Q)PKG_CONFIG='$(PKG_CONFIG)' CC='$(CC)' ./deps.sh $(TEST_PKGS) command=scdoc

# A make of its own after deps, since the flags of the libraries are read at its start.
again = +$(Q)$(MAKE) --no-print-directory \
	$(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS)) $1

check: deps
	$(call again,run-check)

demo: deps
	$(call again,run-demo)

bench: deps
	$(call again,run-bench)

bench-instr: deps
	$(call again,run-bench-instr)

run-check: all $(TESTS) $(EXAMPLES) $(HOSTS)
	$(Q)ELFMAP='$(abspath $(TOOL))' BUILD='$(abspath $(BUILD))' V='$(call on,V)' \
		PKG_CONFIG='$(PKG_CONFIG)' CC='$(CC) $(SANITIZE_FLAGS)' \
		CXX='$(CXX_OF_CC) $(SANITIZE_FLAGS)' $(TESTS) $(ONLY) $(addprefix -,$(EXCEPT))

run-demo: all $(HELPER)
	$(Q)ELFMAP='$(abspath $(TOOL))' HELPER='$(abspath $(HELPER))' demo/run

run-bench: all $(BENCH) $(PEAK) $(STRIPPED)
	$(Q)$(BENCH) $(ARGS) '$(abspath $(TOOL))' $(STRIPPED) '$(abspath $(PEAK))'

run-bench-instr: $(BENCH)
	$(Q)$(BENCH) $(ARGS) -i

# Needs clang with libFuzzer. What breaks is written to $(BUILD)/fuzz, what is new to the corpus
# there.
SECONDS ?= 60
fuzz:
	$(call again,BUILD='$(BUILD)/fuzz' CC=clang SANITIZE=1 run-fuzz \
		SANITIZERS='$(subst =address,=fuzzer-no-link$(comma)address,$(SANITIZERS))')

run-fuzz: $(FUZZERS)
	$(Q)for fuzzer in $^; do \
		mkdir -p $$fuzzer.corpus && \
		$$fuzzer -max_total_time=$(SECONDS) -artifact_prefix=$$fuzzer. -print_final_stats=1 \
			$(FUZZ_FLAGS) $$fuzzer.corpus testdata || exit 1; \
	done

testdata:
	$(Q)testdata/rebuild

# Of the files that git knows, or would if asked.
formatted = files=$$(git ls-files --cached --others --exclude-standard -- '*.c' '*.h' \
	':!testdata') && test -n "$$files"

format:
	$(Q)$(formatted) && $(CLANG_FORMAT) -i $$files

format-check:
	$(Q)$(formatted) && $(CLANG_FORMAT) --dry-run -Werror $$files

clean:
	$(Q)rm -rf $(BUILD)

# --- installing ----------------------------------------------------------------------------

# Paths below the prefix move with it: pkg-config --define-variable=prefix=...
below_prefix = $(patsubst $(PREFIX)/%,$${prefix}/%,$1)
FILL_IN_PC = sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(call below_prefix,$(LIBDIR))|' \
	-e 's|@INCLUDEDIR@|$(call below_prefix,$(INCLUDEDIR))|' -e 's|@VERSION@|$(VERSION)|' \
	-e 's|@REQUIRES@|libbpf >= 1.0|' \
	-e 's|@REQUIRES_PRIVATE@|$(filter-out libbpf,$(LIB_PKGS))|' src/libelfmap.pc.in

# MODE:FILE:PLACE
INSTALLED = 755:$(TOOL):$(SBINDIR)/elfmap \
	755:$(LIB_SO):$(LIBDIR)/$(notdir $(LIB_SO)) \
	644:$(LIB_A):$(LIBDIR)/$(notdir $(LIB_A)) \
	755:$(PRELOAD):$(LIBDIR)/elfmap/$(notdir $(PRELOAD)) \
	755:$(ENGINE):$(LIBDIR)/elfmap/$(notdir $(ENGINE)) \
	644:include/elfmap.h:$(INCLUDEDIR)/elfmap.h \
	644:completion/elfmap.bash:$(COMPLETIONDIR)/elfmap
# TARGET:PLACE
INSTALLED_LINKS = $(notdir $(LIB_SO)):$(LIBDIR)/$(LIB_SONAME) $(LIB_SONAME):$(LIBDIR)/libelfmap.so
INSTALLED_PC = $(PKGCONFIGDIR)/$(notdir $(PC))

part = $(word $1,$(subst :, ,$2))
destination = $(call quoted,$(DESTDIR)$1)
PLACES = $(foreach file,$(INSTALLED),$(call part,3,$(file))) \
	$(foreach link,$(INSTALLED_LINKS),$(call part,2,$(link))) $(INSTALLED_PC)

# Builds nothing, as it may be another user who installs than the one who built. The .pc file alone
# is made anew: these directories may be other ones than those of the build. Directories that are
# there keep their mode.
install: $(filter all,$(MAKECMDGOALS))
	$(Q)for file in $(foreach file,$(INSTALLED),$(call part,2,$(file))); do \
		test -f $$file || { echo "install: $$file is not there; run: make" >&2; exit 1; }; \
	done
	$(Q)$(check_man)
	$(Q)umask 022 && set -e; \
	mkdir -p $(foreach dir,$(sort $(dir $(PLACES))),$(call destination,$(dir))); \
	$(foreach file,$(INSTALLED),$(INSTALL) -m $(call part,1,$(file)) $(call part,2,$(file)) \
		$(call destination,$(call part,3,$(file)));) \
	$(foreach link,$(INSTALLED_LINKS),ln -sf $(call part,1,$(link)) \
		$(call destination,$(call part,2,$(link)));) \
	$(FILL_IN_PC) >$(call destination,$(INSTALLED_PC)); \
	chmod 644 $(call destination,$(INSTALLED_PC))
	$(Q)$(install_man)

uninstall:
	$(Q)rm -f $(foreach place,$(PLACES),$(call destination,$(place)))
	$(Q)$(uninstall_man)

include man/man.mk

# --- rules ---------------------------------------------------------------------------------

$(TOOL): $(call objects,$(CLI_SOURCES)) $(ROOMS_A)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(call libs,$(TOOL_PKGS))

# What src/test/test_memory.c can make fail.
FAILING_CALLS := malloc calloc realloc reallocarray strdup strndup btf__new btf__new_empty
$(TESTS): $(call objects,$(TEST_SOURCES)) $(CLI_A) $(ROOMS_A)
	$(call say,LD)
	$(Q)$(LINK) $(addprefix -Wl$(comma)--wrap=,$(FAILING_CALLS)) -o $@ $^ \
		$(call libs,$(TEST_PKGS))

$(HELPER): $(call objects,$(DEMO_SOURCES))
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(call libs,libbpf libmnl)

# Measures the library as loaders have it.
$(BENCH): $(call objects,$(BENCH_SOURCES)) $(LIB_LINKS)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) -L$(BUILD) -Wl,-rpath,'$$ORIGIN' -lelfmap \
		$(call libs,libbpf libmnl)

$(PEAK): $(call objects,$(PEAK_SOURCES)) $(LIB_LINKS)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) -L$(BUILD) -Wl,-rpath,'$$ORIGIN' -lelfmap \
		$(call libs,libbpf)

STRIP ?= strip
$(STRIPPED): $(LIB_SO)
	$(Q)$(STRIP) -o $@ $<

$(EXAMPLES): $(BUILD)/%: $(BUILD)/obj/%.o $(LIB_A)
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(call libs,$(LIB_PKGS)) -pthread

$(FUZZERS): $(BUILD)/%: $(BUILD)/obj/src/fuzz/%.o $(ROOMS_A)
	$(call say,LD)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $^ $(call libs,$(LIB_PKGS))

$(CLI_A): $(call objects,$(filter-out src/cli/main.c,$(filter src/cli/%,$(CLI_SOURCES))))
$(ROOMS_A): $(call objects,$(LIB_SOURCES))
$(LIB_A): $(ROOMS_O)
$(CLI_A) $(ROOMS_A) $(LIB_A):
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

# One object, in which the rooms are linked to each other, and then forget the names for it. With
# -flto the compiler must leave code, which no later one has to understand.
OBJCOPY ?= $(shell $(CC) -print-prog-name=objcopy)
to_code = $(if $(findstring -flto,$(ALL_CFLAGS)),$(shell \
	$(CC) -flinker-output=nolto-rel -E -x c /dev/null >/dev/null 2>&1 && \
	echo -flinker-output=nolto-rel))
$(ROOMS_O): $(call objects,$(LIB_SOURCES))
	$(call say,LD)
	$(Q)$(CC) $(ALL_CFLAGS) -fno-sanitize=all $(to_code) -r -nostdlib -o $@ $^
	$(Q)$(OBJCOPY) --localize-hidden $@

$(LIB_SO): $(call objects,$(LIB_SOURCES)) src/libelfmap.map
	$(call say,LD)
	$(Q)$(LINK) -shared $(DEFS) $(SMALL_LDFLAGS) -Wl,-soname,$(LIB_SONAME) \
		-Wl,--version-script,src/libelfmap.map -o $@ $(filter %.o,$^) \
		$(call libs,$(LIB_PKGS))

ifneq ($(call on,SANITIZE),)
# The programs that these come into have no sanitizer's runtime.
plain = $(@:$(BUILD)/%=$(BUILD)/plain/%)
$(PRELOAD) $(ENGINE) $(HOSTS): FORCE
	+$(Q)$(MAKE) --no-print-directory SANITIZE=0 BUILD=$(BUILD)/plain $(plain)
	@mkdir -p $(@D)
	$(Q)cmp -s $(plain) $@ || cp $(plain) $@
else
$(PRELOAD): $(call objects,$(PRELOAD_SOURCES)) src/preload/preload.map
	$(call say,LD)
	$(Q)$(LINK) -shared -Wl,-z,defs -Wl,--version-script,src/preload/preload.map -o $@ \
		$(filter %.o,$^) -pthread -Wl,--as-needed -ldl

$(ENGINE): $(call objects,$(ENGINE_SOURCES) $(LIB_SOURCES)) src/preload/engine.map
	$(call say,LD)
	$(Q)$(LINK) -shared -Wl,-z,defs -Wl,--version-script,src/preload/engine.map -o $@ \
		$(filter %.o,$^) $(call libs,$(LIB_PKGS)) -pthread

host_objects = $(patsubst %,$(BUILD)/obj/src/test/host/%.o,$1)
$(BUILD)/host/open: $(call host_objects,main open)
$(BUILD)/host/names $(BUILD)/host/plugin $(BUILD)/host/threads: $(BUILD)/host/%: \
	$(call host_objects,%)
$(BUILD)/host/libopen.so: $(call host_objects,open)
$(BUILD)/host/spy.so: $(call host_objects,spy)
$(BUILD)/host/libopen.so $(BUILD)/host/spy.so: private SHARED = -shared
$(BUILD)/host/plugin $(BUILD)/host/spy.so: private HOST_LIBS = -Wl,--as-needed -ldl
$(HOSTS): private HOST_LIBS ?= $(call libs,libbpf)
$(HOSTS):
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(LINK) $(SHARED) -o $@ $^ $(HOST_LIBS) -pthread
endif

$(PC): src/libelfmap.pc.in include/elfmap.h $(BUILD)/directories
	$(Q)$(FILL_IN_PC) >$@

$(LIB_LINKS): $(LIB_SO)
	$(Q)ln -sf $(if $(filter %.so,$@),$(LIB_SONAME),$(<F)) $@

$(OBJECTS): $(BUILD)/obj/%.o: %.c $(BUILD)/flags
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<

$(call objects,$(LIB_SOURCES)): EXTRA_CFLAGS = $(SMALL_CFLAGS)

# Where the preload library is when it is not beside the tool.
$(call objects,src/cli/exec.c src/cli/preload_path.c): $(BUILD)/directories
$(call objects,src/cli/exec.c src/cli/preload_path.c): EXTRA_CFLAGS = -DELFMAP_LIBDIR='"$(LIBDIR)"'
$(call objects,$(filter src/test/%,$(TEST_SOURCES))): EXTRA_CFLAGS = $(CHECK_CFLAGS)
# What every C library has: programs of another one have to start with it.
$(call objects,$(PRELOAD_SOURCES)): EXTRA_CFLAGS = -U_FORTIFY_SOURCE

# These change when what they hold does. Nothing that was built with another compiler or other flags
# is linked in.
$(BUILD)/flags: holds = $(COMPILE)$(SMALL_CFLAGS)$(ALL_LDFLAGS)
$(BUILD)/directories: holds = $(PREFIX) $(LIBDIR) $(INCLUDEDIR)
$(BUILD)/flags $(BUILD)/directories: FORCE
	@mkdir -p $(@D)
	@test "$$(cat $@ 2>/dev/null)" = $(call quoted,$(holds)) || \
		printf '%s\n' $(call quoted,$(holds)) >$@

-include $(OBJECTS:.o=.d)
