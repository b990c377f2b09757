#!/bin/sh
# run.sh [PART]... - the table of how fast, in ratios to others' time.
#
# Without arguments, the parts that $BENCH names, or all but those that take
# long (growth, scattered, spill). Each part is a file in parts/. BENCH_ORDERS
# scales the input that is made up (2000000), BENCH_REPEAT is how many rounds
# there are (3), TMPDIR is where it all happens (4 GB). With ORDMILL_CORPUS set,
# TPC-H scale 0.1 is loaded, too. The programs of this folder are in
# $OM_BIN/tests/bench.
set -eu

bench=$(cd "$(dirname "$0")" && pwd)
build=${OM_BIN:-$bench/../../build}
PATH=$build:$build/tests/bench:$PATH
LC_ALL=C
export PATH LC_ALL
unset ORDMILL_STORE ORDMILL_CONFIG ORDMILL_NOW
# shellcheck disable=SC2034 # the parts'
orders=${BENCH_ORDERS:-2000000} repeat=${BENCH_REPEAT:-3}

# shellcheck source=tests/bench/lib.sh
. "$bench/lib.sh"

# shellcheck disable=SC2086
test $# -gt 0 || set -- ${BENCH:-ingest documents again postgres gen pass \
	audit reconcile start}
for part; do
	test -f "$bench/parts/$part.sh" || fail "no part '$part'"
done

scratch=$(mktemp -d "${TMPDIR:-/tmp}/ordmill-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cd "$scratch"

machine() {
	echo "$(ordmill version | head -n 1) on $(getconf _NPROCESSORS_ONLN)" \
		"processors, $(awk '/^MemTotal/ { print int($2 / 1024) }' \
		/proc/meminfo) MiB, $(stat -f -c %T .)"
	echo "against sqlite3 $(sqlite3 -version | cut -d' ' -f1)$(if
		has_duckdb
	then
		duckdb version :memory: 'SELECT version()'
		printf ', DuckDB %s' "$(cat answer)"
	fi)"
}

machine
test "$*" = growth || header
for part; do
	# shellcheck source=/dev/null
	. "$bench/parts/$part.sh"
done
# Every contestant that is ordmill leaves its figures in ours.*
! ls ours.* >/dev/null 2>&1 || memory ours.*
