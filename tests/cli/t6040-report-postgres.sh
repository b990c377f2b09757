#!/bin/sh
# What is told of a store does not depend on the engine that keeps it.
. "$(dirname "$0")/lib.sh"
# shellcheck source=../support/pg.sh
. "$om_root/tests/support/pg.sh"

if ! pg_wanted; then
	echo '1..0 # SKIP ORDMILL_SKIP_PG is set'
	exit 0
fi
check 'a server starts' pg_start

# tell DIR: everything there is to see, without the name and the evidence of
# the store.
tell() {
	mkdir "$1"
	ordmill report daily >all
	sed '/^Evidence$/,$d; /^  Store  /d; /om_report$/d' all >"$1/report"
	ordmill report daily --format csv | grep -v '^evidence,\|,store,' \
		>"$1/csv"
	for order in A1 A2 A3 A9; do
		ordmill trace "web/$order" >"$1/trace-$order"
	done
	ordmill status >all
	sed '/^  Store  /d; /om_report$/d; /^  Lock  /d; s/^\([01] .*\)shard-[0-9].db/\1/' \
		all | sed '/^  Shard  URL/,$d' >"$1/status"
	ordmill status --format prom >"$1/prom"
	ordmill expect --json orders=2 lines=2 due.EUR=0 unsettled=1 >"$1/expect"
}

small_store=S
# shellcheck source=store.sh
. "$om_root/tests/cli/store.sh"
tell sqlite
small_store="$ORDMILL_TEST_PG&schema=om_report"
# shellcheck source=store.sh
. "$om_root/tests/cli/store.sh"
tell postgres

for part in sqlite/*; do
	part=${part#*/}
	check "$part is there" test -s "postgres/$part"
	check "$part is the same" diff -u "sqlite/$part" "postgres/$part"
done

finish
