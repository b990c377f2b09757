#!/bin/sh
# Killed at any moment, the same command ends in the same store.
# shellcheck source=tests/torture/lib.sh
. "$(dirname "$0")/lib.sh"

# kills ENGINE COUNT STORE-COMMAND : make a store, kill its load, finish it. Every
# other time the second attempt is killed as well.
kills() {
	engine=$1 count_of=$2 place=$3 in_time=0
	"$place" plain
	ordmill init -q -s "$store" --shards 4
	undisturbed "$store"
	i=0
	while test "$i" -lt "$count_of"; do
		i=$((i + 1))
		"$place" "kill$i"
		ordmill init -q -s "$store" --shards 4
		at=$(moment "$i" "$took")
		kill_after "$at" "$store" && in_time=$((in_time + 1))
		if test $((i % 2)) -eq 0; then
			again=$(moment $((100 + i)) "$took")
			kill_after "$again" "$store" && at="$at and $again"
		fi
		expect 0 "$engine: killed after $at s, finished" load "$store"
		same "$engine: killed after $at s" "$store"
		rm -rf "$scratch"/kill[0-9]*
	done
	echo "# $engine: $in_time of $count_of killed in time"
	check "$engine: most were killed in time" \
		test "$in_time" -gt $((count_of / 2))
}

directory() { store=$scratch/$1; }
schema() { store="$ORDMILL_TEST_PG&schema=$1"; }

kills SQLite "${ORDMILL_KILLS:-20}" directory
if pg_wanted; then
	check 'a PostgreSQL server starts' pg_start
	kills PostgreSQL "${ORDMILL_PG_KILLS:-5}" schema
fi
finish
