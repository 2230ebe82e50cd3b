# unionml: see `make help`. Local settings go into config.mk.

-include config.mk

VERSION := 0.1.0

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share/unionml
MANDIR ?= $(PREFIX)/share/man
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR ?= $(PREFIX)/share/zsh/site-functions
FISHCOMPDIR ?= $(PREFIX)/share/fish/vendor_completions.d
INSTALL ?= install
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
O ?= build

PKGS := jansson yaml-0.1 sqlite3 libbsd-overlay libmd
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wvla -Wformat=2 -Wpointer-arith -Wundef
ifdef WERROR
WARN += -Werror
endif
ifdef SANITIZE
SAN := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -I. -DUNIONML_VERSION='"$(VERSION)"' \
	-DUNIONML_DATADIR='"$(DATADIR)"' $(WARN) $(PKG_CFLAGS) $(SAN) $(CFLAGS)
ALL_LDFLAGS = -Wl,--as-needed $(SAN) $(LDFLAGS)

LIB_SRC := $(sort $(wildcard lib/*/*.c lib/target/*/*.c))
CMD_SRC := main.c $(sort $(wildcard cmd/*.c))
UNIT_SRC := $(sort $(wildcard t/unit/*.c))
FUZZ_SRC := $(sort $(wildcard t/fuzz/*.c))

LIB_OBJ := $(LIB_SRC:%.c=$(O)/%.o)
CMD_OBJ := $(CMD_SRC:%.c=$(O)/%.o)
UNIT := $(UNIT_SRC:t/unit/%.c=$(O)/t/unit/%)
FUZZ := $(filter-out $(O)/t/fuzz/replay,$(FUZZ_SRC:t/fuzz/%.c=$(O)/t/fuzz/%))
ALL_OBJ := $(LIB_OBJ) $(CMD_OBJ) $(UNIT:%=%.o) $(FUZZ:%=%.o) $(O)/t/fuzz/replay.o

.DELETE_ON_ERROR:
.SECONDARY: $(ALL_OBJ)
.PHONY: all help clean unit

all: $(O)/unionml		## build the program

help:				## list what can be made
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | \
		expand -t 20

$(O)/unionml: $(CMD_OBJ) $(O)/libunionml.a
	$(CC) $(ALL_LDFLAGS) -o $@ $(CMD_OBJ) $(O)/libunionml.a $(PKG_LIBS)

$(O)/libunionml.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $(LIB_OBJ)

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(O)/t/unit/%: $(O)/t/unit/%.o $(O)/libunionml.a
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(O)/libunionml.a $(PKG_LIBS) -lm

unit: $(UNIT)			## build the unit tests

clean:				## remove what was built
	rm -rf build build-*

-include $(ALL_OBJ:.o=.d)
