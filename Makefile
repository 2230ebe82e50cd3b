# unionml: see `make help`. Local settings go into config.mk.

-include config.mk

VERSION := 0.1.0
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR ?= $(PREFIX)/share/zsh/site-functions
FISHCOMPDIR ?= $(PREFIX)/share/fish/vendor_completions.d
SYSTEMDUSERDIR ?= $(PREFIX)/lib/systemd/user
INSTALL ?= install
PKG_CONFIG ?= pkg-config
PROVE ?= prove
VALGRIND ?= valgrind
VALGRIND_FLAGS ?= -q --leak-check=full --error-exitcode=99 \
	--child-silent-after-fork=yes --run-libc-freeres=no \
	--suppressions=t/helper/valgrind.supp
CFLAGS ?= -O2 -g
O ?= build

# Both are evaluated once, so whoever installs the packages calls make again.
# Of libcurl only the headers: lib/net opens it when it is needed.
PKGS := jansson yaml-0.1 sqlite3 zlib libmd libbsd-overlay
HEADER_PKGS := libcurl
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) $(HEADER_PKGS) 2>/dev/null)
PKG_LIBS := $(and $(shell $(PKG_CONFIG) --exists $(HEADER_PKGS) && echo t),\
	$(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null))

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wvla -Wformat=2 -Wpointer-arith -Wundef
ifeq ($(CI),true)
WERROR ?= 1
endif
ifdef WERROR
WARN += -Werror
endif
ifdef SANITIZE
SAN := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
LINT_CFLAGS = -std=c11 -D_GNU_SOURCE -I. $(WARN) $(PKG_CFLAGS)
ALL_CFLAGS = $(LINT_CFLAGS) -pthread -DUNIONML_VERSION='"$(VERSION)"' \
	$(SAN) $(CFLAGS)
ALL_LDFLAGS = -pthread -Wl,--as-needed $(SAN) $(LDFLAGS)
LIBS = $(PKG_LIBS) -ldl

LIB_SRC := $(sort $(wildcard lib/*/*.c lib/*/*/*.c))
CMD_SRC := main.c $(sort $(wildcard cmd/*.c))
UNIT_SRC := $(sort $(wildcard t/unit/*.c))
# Those that do not run the program itself: once is enough.
APART := $(wildcard t/769*.t t/77[0-6]*.t t/90[0-3]*.t)
SCRIPTS := $(filter-out $(if $(SANITIZE),$(APART)),$(wildcard t/*.t))
FUZZ_SRC := $(filter-out t/fuzz/replay.c,$(sort $(wildcard t/fuzz/*.c)))

LIB_OBJ := $(LIB_SRC:%.c=$(O)/%.o) $(O)/prelude.o
CMD_OBJ := $(CMD_SRC:%.c=$(O)/%.o) $(O)/templates.o
UNIT := $(UNIT_SRC:%.c=$(O)/%)
FUZZ := $(FUZZ_SRC:%.c=$(O)/%)
FAIL_IO := $(O)/t/helper/fail-io.so
HELPERS := $(O)/t/helper/oracle $(O)/t/helper/packdir
FLYTE := $(O)/t/flyte/flyte
ALL_OBJ := $(LIB_OBJ) $(CMD_OBJ) $(UNIT:%=%.o) $(FUZZ:%=%.o) $(HELPERS:%=%.o) \
	$(O)/t/fuzz/replay.o

# libFuzzer brings a main of its own; elsewhere replay.c is it.
ifdef LIBFUZZER
SAN += -fsanitize=fuzzer-no-link
FUZZ_MAIN := -fsanitize=fuzzer
else
FUZZ_MAIN := $(O)/t/fuzz/replay.o
endif

# What `install` puts where.
INST := $(O)/unionml:$(BINDIR)/unionml \
	$(foreach i,$(wildcard man/*.1),$(i):$(MANDIR)/man1/$(notdir $(i))) \
	$(foreach i,$(wildcard man/*.5),$(i):$(MANDIR)/man5/$(notdir $(i))) \
	$(foreach i,$(wildcard man/*.7),$(i):$(MANDIR)/man7/$(notdir $(i))) \
	$(patsubst %,%:$(BASHCOMPDIR)/unionml,\
		$(wildcard share/completions/unionml.bash)) \
	$(patsubst %,%:$(ZSHCOMPDIR)/_unionml,\
		$(wildcard share/completions/_unionml)) \
	$(patsubst %,%:$(FISHCOMPDIR)/unionml.fish,\
		$(wildcard share/completions/unionml.fish)) \
	$(patsubst share/systemd/%,share/systemd/%:$(SYSTEMDUSERDIR)/%,\
		$(wildcard share/systemd/*))

# Tests wait more than they compute.
TESTS_AT_ONCE := $(shell expr 2 '*' $$(getconf _NPROCESSORS_ONLN || echo 2))

# What the scripts are told.
JOBS := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
PARALLEL = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))
SCRIPT_ENV = UNIONML_BUILD='$(abspath $(O))' UNIONML_SANITIZE='$(SANITIZE)' \
	CC='$(CC)'

.DELETE_ON_ERROR:
.SECONDARY: $(ALL_OBJ)
.PHONY: all help unit test-programs check asan test valgrind lint fuzz \
	fuzz-run faults histories bench demo install uninstall dist clean FORCE

all: $(O)/unionml		## build the program

help:				## list what can be made
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile | \
		expand -t 20

# One short line for each step; `make V=1` shows the commands, -s nothing.
say = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '%-8s%s\n' $(1) '$@';)

$(O)/unionml: $(CMD_OBJ) $(O)/libunionml.a
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $(CMD_OBJ) $(O)/libunionml.a $(LIBS)

$(O)/libunionml.a: $(LIB_OBJ)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $(LIB_OBJ)

$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The templates of `init` and the prelude of Flyte's tasks are C, too.
$(O)/templates.o $(O)/prelude.o: $(O)/%.o: $(O)/%.c $(O)/flags
	$(call say,CC)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(O)/templates.c: scripts/embed share/templates/index \
		$(wildcard share/templates/*/* share/templates/*/.gitignore)
	@mkdir -p $(@D)
	$(call say,EMBED)scripts/embed templates >$@

$(O)/prelude.c: scripts/embed share/flyte/prelude.sh
	@mkdir -p $(@D)
	$(call say,EMBED)scripts/embed prelude >$@

# The compiler and its flags, rewritten when they are others than last time.
$(O)/flags: FORCE
ifeq ($(PKG_LIBS),)
	@echo 'These libraries are needed, with their headers and pkg-config:' >&2
	@for i in $(PKGS) $(HEADER_PKGS); do $(PKG_CONFIG) --exists $$i 2>/dev/null || \
		echo "  $$i is missing"; done >&2
	@echo "On Debian 'scripts/setup build' installs them." >&2; exit 1
endif
	@mkdir -p $(O)
	@printf '%s\n' "$$FLAGS" | cmp -s - $@ || printf '%s\n' "$$FLAGS" >$@
$(O)/flags: export FLAGS = $(CC) $(ALL_CFLAGS)

$(O)/t/unit/%: $(O)/t/unit/%.o $(O)/libunionml.a
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $< $(O)/libunionml.a $(LIBS) -lm

$(FUZZ): $(O)/t/fuzz/%: $(O)/t/fuzz/%.o $(O)/t/fuzz/replay.o $(O)/libunionml.a
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $< $(FUZZ_MAIN) $(O)/libunionml.a \
		$(LIBS) -lm

$(HELPERS): $(O)/t/helper/%: $(O)/t/helper/%.o $(O)/libunionml.a
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(O)/libunionml.a $(LIBS)

# There is none where Go is not to be had.
$(FLYTE): $(wildcard t/flyte/*.go) t/flyte/api.txt t/flyte/go.mod \
		t/flyte/go.sum scripts/build-flyte
	$(call say,GO)scripts/build-flyte $(@D)

$(FAIL_IO): t/helper/fail-io.c $(O)/flags
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) -std=c11 -D_GNU_SOURCE -I. $(WARN) $(CFLAGS) -fPIC -shared \
		-o $@ $< -ldl

unit: $(UNIT)			## build the unit tests

test-programs: $(UNIT) $(FUZZ) $(FAIL_IO) $(HELPERS) $(FLYTE)

check:				## install what is missing, build, run all tests
	@scripts/setup build test
	@$(MAKE) $(PARALLEL) test

asan:				## the same under the address and UB sanitizers
	@scripts/setup build test
	@$(MAKE) $(PARALLEL) O=$(O)-asan SANITIZE=address,undefined test

test: all test-programs
	$(SCRIPT_ENV) $(PROVE) -j$(TESTS_AT_ONCE) $(SCRIPTS) $(UNIT) $(FUZZ) \
		</dev/null

valgrind: unit			## run the unit tests under valgrind
	UNIONML_VALGRIND=1 $(PROVE) -j$(JOBS) -e '$(VALGRIND) $(VALGRIND_FLAGS)' $(UNIT) </dev/null

lint:				## check the source against its own rules
	@$(SCRIPT_ENV) LINT_CFLAGS='$(LINT_CFLAGS)' scripts/lint

FUZZ_TIME ?= 60
fuzz:				## fuzz each target for FUZZ_TIME seconds
	@$(MAKE) O=$(O)-fuzz SANITIZE=address,undefined fuzz-run \
		LIBFUZZER=$$($(CC) --version | grep -q clang && echo 1)

fuzz-run: $(FUZZ)
	@mkdir -p $(FUZZ_SRC:t/fuzz/%.c=$(O)/corpus/%)
ifdef LIBFUZZER
	@set -e; for i in $(FUZZ_SRC:t/fuzz/%.c=%); do echo "$$i"; \
		$(O)/t/fuzz/$$i -max_total_time=$(FUZZ_TIME) -timeout=10 \
		-print_final_stats=1 -artifact_prefix=$(O)/$$i- \
		$(O)/corpus/$$i t/fuzz/corpus/$$i; done
else
	@set -e; for i in $(FUZZ); do echo "$$i"; $$i -t $(FUZZ_TIME); done
endif

# All of it as it is met most, and a part behind TLS and a login.
MATRIX = t/matrix/matrix --build '$(O)' --dir '$(O)/t/matrix' \
	--jobs $$((2 * $(JOBS)))
faults: all $(FLYTE)		## let each request to Flyte meet each fault
	@if [ -x $(FLYTE) ]; then $(MATRIX) && $(MATRIX) --guarded --rows 40; fi

histories: all $(FLYTE)		## play 500 histories of schedules on Flyte
	UNIONML_TEST_HISTORIES=500 UNIONML_TEST_JOBS=$(JOBS) $(SCRIPT_ENV) \
		t/7970-flyte-histories.t -v

bench: all $(HELPERS) $(FLYTE)	## time it against its peers
	@$(SCRIPT_ENV) bench/run

demo:				## train and predict handwritten digits
	@scripts/setup build demo
	@$(MAKE) $(PARALLEL) all
	@$(SCRIPT_ENV) scripts/demo

install: all			## install below PREFIX (and DESTDIR)
	@set -e; for i in $(INST); do \
		from=$${i%%:*} to='$(DESTDIR)'"$${i#*:}"; mode=644; \
		if [ -x "$$from" ]; then mode=755; fi; \
		$(INSTALL) -d "$${to%/*}"; \
		$(INSTALL) -m $$mode "$$from" "$$to"; done

uninstall:			## remove what install put there
	@for i in $(INST); do rm -f '$(DESTDIR)'"$${i#*:}"; done

DIST ?= unionml-$(VERSION).tar.gz
dist:				## make the archive of a release
	git archive --format=tar.gz --prefix=unionml-$(VERSION)/ \
		-o '$(DIST)' HEAD

clean:				## remove what was built
	rm -rf build build-*

-include $(ALL_OBJ:.o=.d)
