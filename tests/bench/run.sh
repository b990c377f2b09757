#!/bin/sh
# run.sh - ingest against `sqlite3 .import` into keyed tables, in the same run.
#
# Every figure is the median of BENCH_REPEAT runs (3) that take turns with the
# peer's, so that a noisy machine is as noisy for both. BENCH_ORDERS scales the
# made-up input (2000000). With ORDMILL_CORPUS set, TPC-H scale 0.1 is loaded,
# too. BENCH_REFERENCES: random (default) or growing.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
PATH=${OM_BIN:-$root/build}:$PATH
LC_ALL=C
export PATH LC_ALL
orders=${BENCH_ORDERS:-2000000}
repeat=${BENCH_REPEAT:-3}
references=${BENCH_REFERENCES:-random}
dir=$(mktemp -d "${TMPDIR:-/tmp}/ordmill-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

say() { printf '%s\n' "$*" >&2; }

# seconds COMMAND... : how long it took, on standard output; its own output
# goes to log, which is shown if it fails.
seconds() {
	from=$(date +%s%N)
	if ! "$@" >log 2>&1; then
		cat log >&2
		say "failed: $*"
		return 1
	fi
	echo "$from $(date +%s%N)" | awk '{ printf "%.3f\n", ($2 - $1) / 1e9 }'
}

# median FILE: of one number a line.
median() {
	sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# row NAME COUNT FILE PEERFILE: a line of the table.
row() {
	awk -v name="$1" -v n="$2" -v s="$(median "$3")" \
		-v peer="$(median "$4")" 'BEGIN {
		printf "%-46s %9d %8.2f %10d %7.1f\n", name, n, s, n / s,
			peer / s }'
}

# same NAME WANT GOT: a fast load of something else is no load.
same() {
	[ "$2" = "$3" ] || {
		say "$1: $3 instead of $2"
		exit 1
	}
}

flat_sql='CREATE TABLE orders (reference TEXT PRIMARY KEY, revision TEXT,
	customer TEXT, placed_at TEXT, currency TEXT, subtotal NUMERIC,
	discount NUMERIC, shipping NUMERIC, tax NUMERIC, total NUMERIC);'
tpch_sql='CREATE TABLE orders (o_orderkey INTEGER PRIMARY KEY, o_custkey INTEGER,
	o_orderstatus TEXT, o_totalprice NUMERIC, o_orderdate TEXT,
	o_orderpriority TEXT, o_clerk TEXT, o_shippriority INTEGER,
	o_comment TEXT, x TEXT);
CREATE TABLE lineitem (l_orderkey INTEGER, l_partkey INTEGER, l_suppkey INTEGER,
	l_linenumber INTEGER, l_quantity NUMERIC, l_extendedprice NUMERIC,
	l_discount NUMERIC, l_tax NUMERIC, l_returnflag TEXT,
	l_linestatus TEXT, l_shipdate TEXT, l_commitdate TEXT,
	l_receiptdate TEXT, l_shipinstruct TEXT, l_shipmode TEXT,
	l_comment TEXT, x TEXT, PRIMARY KEY (l_orderkey, l_linenumber));'

flat_peer() {
	rm -f peer.db
	sqlite3 peer.db "$flat_sql" '.import --csv --skip 1 a/orders.csv orders'
}

tpch_peer() {
	rm -f peer.db
	sqlite3 peer.db "$tpch_sql" '.mode list' '.separator |' \
		'.import orders.tbl orders' '.import lineitem.tbl lineitem'
}

peer_count() {
	sqlite3 peer.db "SELECT count(*) FROM $1"
}

fresh() {
	rm -rf store
	ordmill init -s store --shards 2
}

flat_ingest() {
	ordmill ingest -s store --feed canonical a/orders.csv
}

tpch_ingest() {
	ordmill ingest -s store --feed tpch orders.tbl lineitem.tbl
}

# pair NAME: NAME_peer and NAME_ingest by turns, and the load once more.
pair() {
	i=0
	while [ "$i" -lt "$repeat" ]; do
		i=$((i + 1))
		say "$1: round $i of $repeat"
		seconds "$1_peer" >>"$1.peer"
		fresh >log
		seconds "$1_ingest" >>"$1.ours"
		seconds "$1_ingest" >>"$1.again"
	done
}

report() {
	row "$1: sqlite3 .import" "$2" "$3.peer" "$3.peer"
	row "$1: ordmill ingest" "$2" "$3.ours" "$3.peer"
	row "$1: the same file again" "$2" "$3.again" "$3.peer"
}

say "making $orders flat orders, $references references"
ordmill gen --seed 42 --orders "$orders" --flat --references "$references" \
	--breaks 0 a >log
pair flat
same 'sqlite3 .import' "$orders" "$(peer_count orders)"
ordmill expect -s store "orders=$orders" >log || { cat log >&2; exit 1; }

tpch=${ORDMILL_CORPUS:+$ORDMILL_CORPUS/tpch-sf0.1}
if [ -n "$tpch" ] && [ -d "$tpch" ]; then
	gzip -dc "$tpch/orders.tbl.gz" >orders.tbl
	gzip -dc "$tpch/lineitem.tbl.gz" >lineitem.tbl
	pair tpch
	same 'sqlite3 .import' 600572 "$(peer_count lineitem)"
	ordmill expect -s store orders=150000 lines=600572 >log ||
		{ cat log >&2; exit 1; }
fi

printf '%-46s %9s %8s %10s %7s\n' 'load into an empty store' orders seconds \
	orders/s ratio
report "flat, $references keys" "$orders" flat
[ ! -f tpch.ours ] || report 'TPC-H 0.1, orders and lines' 150000 tpch
