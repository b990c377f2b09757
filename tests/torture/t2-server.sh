#!/bin/sh
# The server dies under a load, comes back, and the same command goes on.
# shellcheck source=tests/torture/lib.sh
. "$(dirname "$0")/lib.sh"

pg_wanted || {
	echo '1..0 # SKIP no PostgreSQL wanted'
	exit 0
}
check 'a PostgreSQL server starts' pg_start
store="$ORDMILL_TEST_PG&schema=plain"
ordmill init -q -s "$store" --shards 4
undisturbed "$store"

for i in 1 2 3; do
	store="$ORDMILL_TEST_PG&schema=died$i"
	ordmill init -q -s "$store" --shards 4
	at=$(moment "$i" $((took * 8 / 10)))
	loader "$store" >out 2>err &
	victim=$!
	sleep "$at"
	pg_kill
	wait "$victim"
	check "the server dies after $at s: exit 10" test $? -eq 10
	check 'and one line says why' test "$(wc -l <err)" -eq 1
	expect 10 'nobody answers' load "$store"
	check 'the server comes back' pg_run
	expect 0 'the load goes on' load "$store"
	same "the server died after $at s" "$store"
done
finish
