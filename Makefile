# ordmill - order batches in, reconciled books and evidence out.
# `make help` lists the targets.

CC       = gcc
STD      = -std=c17 -D_POSIX_C_SOURCE=200809L
WARN     = -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion \
           -Wcast-qual -Wcast-align=strict -Wstrict-prototypes \
           -Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
           -Wwrite-strings -Wformat=2 -Wformat-signedness -Wundef -Wvla \
           -Wswitch-enum -Wduplicated-cond -Wduplicated-branches -Wlogical-op \
           -Wnull-dereference -Wdouble-promotion -Wfloat-equal \
           -Wimplicit-fallthrough -Wredundant-decls
HARDEN   = -fno-common -fstack-protector-strong -D_FORTIFY_SOURCE=2
CFLAGS   = -O2 -g
INCLUDES = -Ilib -I. -isystem /usr/include/postgresql
LDLIBS   = -Wl,--as-needed -lsqlite3 -lpq -lcsv -lexpat -lfyaml -lz -lcrypto -lcurl -lpthread
B        = build
PREFIX   = /usr/local

# Each kind of build has a tree of its own.
ifdef SAN
B        = build/san
CFLAGS   = -O1 -g -fno-omit-frame-pointer
SANFLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all
HARDEN   = -fno-common
endif
ifdef TSAN
B        = build/tsan
CFLAGS   = -O1 -g -fno-omit-frame-pointer
SANFLAGS = -fsanitize=thread
HARDEN   = -fno-common
endif
ifdef COV
B        = build/cov
CFLAGS   = -O0 -g
SANFLAGS = --coverage -fprofile-update=atomic
HARDEN   =
endif

COMPILE  = $(CC) $(STD) $(WARN) $(HARDEN) $(CFLAGS) $(SANFLAGS) $(INCLUDES)

# Text that C includes as bytes: static const char sql[] = { #include NAME.inc };
TEXT     = $(patsubst %,$(B)/%.inc,$(sort $(wildcard lib/*/*/*.sql lib/*/*/*.yaml)))
LIB      = $(patsubst %.c,$(B)/%.o,$(sort $(wildcard lib/*/*.c)))
CMD      = $(patsubst %.c,$(B)/%.o,$(sort $(wildcard cmd/*.c)))
SUPPORT  = $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/support/*.c)))
T        = */test_*
UNIT     = $(patsubst %.c,$(B)/%,$(sort $(wildcard $(T:%=tests/unit/%.c))))
MAN      = $(patsubst man/%.in,$(B)/man/%,$(sort $(wildcard man/*.in)))
SOURCES  = $(wildcard lib/*/*.[ch] cmd/*.[ch] tests/*/*.[ch] tests/unit/*/*.[ch])

.PHONY: all check unit cli lint fmt man cover torture bench fuzz install help clean
all: $(B)/ordmill                ## build the program

$(B)/ordmill: $(CMD) $(B)/libordmill.a
	$(CC) $(SANFLAGS) -o $@ $^ $(LDLIBS)

$(B)/libordmill.a: $(LIB)
	rm -f $@ && ar rcs $@ $^

$(B)/%.inc: %
	@mkdir -p $(@D)
	{ od -An -v -td1 $< | sed 's/[-0-9][0-9]*/&,/g'; echo 0; } >$@

$(B)/%.o: %.c | $(TEXT)
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -I$(B)/lib -Itests/support -c -o $@ $<

# tests/support/spy.h stands between the tests of some rooms and lib/db.
SPY      = -Wl,--wrap=om_db_exec,--wrap=om_txn_begin,--wrap=om_txn_commit \
           -Wl,--wrap=om_db_prepare,--wrap=om_stmt_step,--wrap=om_stmt_run \
           -Wl,--wrap=om_db_lend,--wrap=om_db_append
$(B)/tests/unit/store/% $(B)/tests/unit/ingest/% $(B)/tests/unit/audit/%: \
    LDLIBS += $(SPY)
$(B)/tests/unit/store/test_copy: LDLIBS += -Wl,--wrap=rename,--wrap=unlink

$(B)/tests/unit/cmd/%: $(B)/tests/unit/cmd/%.o $(SUPPORT) \
    $(filter-out %/main.o,$(CMD)) $(B)/libordmill.a
	$(CC) $(SANFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(SUPPORT) $(B)/libordmill.a
	$(CC) $(SANFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

check: unit cli                  ## run every test
unit: $(UNIT)                    ## run the unit tests; T='db/* io/test_lock' picks
	CMOCKA_MESSAGE_OUTPUT=TAP prove -j2 -e 'scripts/tap.sh $(B)/tap' $(UNIT)
cli: $(B)/ordmill                ## run the command-line tests
	OM_BIN=$(abspath $(B)) prove -j2 -e 'scripts/tap.sh $(B)/tap' tests/cli/t*.sh

lint: all man                    ## layers, lengths, format, shell, pages, analyzers
	scripts/check-layers.sh
	awk -f scripts/check-length.awk $(SOURCES)
	clang-format --dry-run -Werror $(SOURCES)
	shellcheck -x -e SC2016 -P tests/cli scripts/*.sh scripts/demo scripts/check .ci/run \
	    tests/*/*.sh tests/bench/parts/*.sh
	mandoc -T lint -W warning $(MAN)
	cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 \
	    --enable=warning,performance,portability -Ilib -I. lib cmd
	printf '%s\n' lib/*/*.c cmd/*.c | xargs -P2 -I{} clang-tidy --quiet {} -- \
	    $(STD) $(INCLUDES) -I$(B)/lib 2>/dev/null

fmt:                             ## reformat in place
	clang-format -i $(SOURCES)

man: $(MAN)                      ## build the manual pages
$(B)/man/%: man/%.in $(B)/ordmill scripts/man.sh
	@mkdir -p $(@D)
	scripts/man.sh $(B)/ordmill $< >$@.tmp && mv $@.tmp $@

cover:                           ## line and branch coverage, per source file
	$(MAKE) COV=1 check
	scripts/cover.sh build/cov 0

torture: all                     ## kill, fill and fail an ingest till it gives up
	$(MAKE) $(filter $(B)/tests/unit/ingest/%,$(UNIT))
	sh tests/torture/run.sh

# BENCH='ingest growth' picks parts; tests/bench/lib.sh says how to get DuckDB.
bench: all $(B)/tests/bench/measure $(B)/tests/bench/bare ## ratios against peers
	OM_BIN=$(abspath $(B)) sh tests/bench/run.sh
$(B)/tests/bench/%: $(B)/tests/bench/%.o
	$(CC) $(SANFLAGS) -o $@ $^ $(LDLIBS)

fuzz:                            ## a minute of each fuzzer (needs clang)
	sh tests/fuzz/run.sh

install: all man                 ## install under $(DESTDIR)$(PREFIX)
	install -D -m 755 $(B)/ordmill $(DESTDIR)$(PREFIX)/bin/ordmill
	for p in $(MAN); do install -D -m 644 $$p \
	    $(DESTDIR)$(PREFIX)/share/man/man$${p##*.}/$${p##*/}; done

help:                            ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t12

clean:                           ## remove everything that was built
	rm -rf build

-include $(LIB:.o=.d) $(CMD:.o=.d) $(SUPPORT:.o=.d) $(UNIT:=.d)
