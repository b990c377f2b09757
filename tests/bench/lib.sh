# shellcheck shell=sh disable=SC2034,SC2154
# lib.sh - what the parts of `make bench` share: taking turns, rows, peers.
#
# A figure is the median of BENCH_REPEAT rounds, in which the contestants take
# turns, so that a noisy machine is as noisy for all of them. A ratio is the
# median of the ratios of each round: seconds of the row's contestant to those
# of ordmill. "cpu" is how long processors worked, which a busy machine changes
# less (of a server's client it is the client's). Memory is the largest of all
# rounds.
#
# Peers that are not installed are skipped, and said to be. DuckDB comes from
# the npm registry (needs node 20), to a directory of one's own:
#     npm install --prefix DIR @duckdb/node-api && BENCH_DUCKDB=DIR make bench

say() { printf '%s\n' "$*" >&2; }

fail() {
	say "bench: $*"
	exit 1
}

# quietly COMMAND... : what it says is shown if it fails.
quietly() {
	"$@" >log 2>&1 || {
		cat log >&2
		fail "failed: $*"
	}
}

# timed FILE COMMAND... : run it and add a line to FILE.
timed() {
	quietly measure "$@"
}

# same WHAT WANT GOT: a fast load of something else is no load.
same() {
	test "$2" = "$3" || fail "$1: $3 instead of $2"
}

# in_all SQL DB... : the sum of what a count says in each.
in_all() {
	sql=$1
	shift
	for db; do sqlite3 "$db" "$sql"; done | awk '{ n += $1 } END { print n }'
}

# rounds NAME FUNCTION: call it as often as is wanted.
rounds() {
	round=0
	while test "$round" -lt "$repeat"; do
		round=$((round + 1))
		say "$1: round $round of $repeat"
		"$2"
	done
}

# median, largest COLUMN FILE
median() {
	cut -d' ' -f"$1" "$2" | sort -g |
		awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
largest() { cut -d' ' -f"$1" "$2" | sort -g | tail -n 1; }

# ratio FILE BASE: of each round's seconds.
ratio() {
	paste -d' ' "$1" "$2" | awk '{ printf "%.4f\n", $1 / $4 }' >ratios
	median 1 ratios
}

header() {
	printf '%-44s %9s %9s %8s %9s %5s %7s  %-13s %s\n' what n seconds \
		cpu n/s MiB ratio goal met
}

# met VALUE OP GOAL
met() {
	awk -v v="$1" -v op="$2" -v goal="$3" 'BEGIN {
		if (op == ">=")
			good = v + 0 >= goal + 0
		else if (op == "<=")
			good = v + 0 <= goal + 0
		else
			good = v + 0 < goal + 0
		print good ? "yes" : "no" }'
}

# line WHAT N FILE RATIO GOAL MET
line() {
	awk -v what="$1" -v n="$2" -v s="$(median 1 "$3")" \
		-v cpu="$(median 3 "$3")" -v kib="$(largest 2 "$3")" \
		-v ratio="$4" -v goal="$5" \
		-v met="$6" 'BEGIN {
		if (ratio != "")
			ratio = sprintf(ratio + 0 < 10 ? "%.3f" : "%.1f", ratio)
		line = sprintf("%-44s %9d %9.4f %8.3f %9d %5d %7s  %-13s %s",
			what, n, s, cpu, n / s, kib / 1024, ratio, goal, met)
		sub(/ +$/, "", line)
		print line }'
}

# row WHAT N FILE: without a goal.
row() { line "$1" "$2" "$3" '' '' ''; }

# against WHAT N FILE BASE OP GOAL: the goal is for seconds to those in BASE.
against() {
	r=$(ratio "$3" "$4")
	line "$1" "$2" "$3" "$r" "${5:+$5 $6 x}" "${5:+$(met "$r" "$5" "${6:-0}")}"
}

# at_rate WHAT N FILE GOAL: so many a second.
at_rate() {
	line "$1" "$2" "$3" '' ">= $(printf '%.0f' "$4")/s" "$(met "$(
		awk -v n="$2" -v s="$(median 1 "$3")" 'BEGIN { print n / s }'
	)" '>=' "$4")"
}

# within WHAT N FILE MILLISECONDS
within() {
	line "$1" "$2" "$3" '' "< $4 ms" "$(met "$(
		awk -v s="$(median 1 "$3")" 'BEGIN { print s * 1000 }'
	)" '<' "$4")"
}

# skipped WHAT WHY
skipped() { printf '%-44s %s\n' "$1" "$2: skipped"; }

# memory FILE... : the peak of ordmill in all of them.
memory() {
	cat "$@" | cut -d' ' -f2 | sort -g | tail -n 1 >peak
	mib=$(($(cat peak) / 1024))
	printf '%-44s %44s %7s  %-13s %s\n' 'memory of ordmill, at most' "$mib" \
		'' '<= 512 MiB' "$(met "$mib" '<=' 512)"
}

# Tables of the peers, as each of them is fastest.
flat_table='CREATE TABLE orders (reference TEXT PRIMARY KEY, revision TEXT,
	customer TEXT, placed_at TIMESTAMP, currency TEXT, subtotal NUMERIC,
	discount NUMERIC, shipping NUMERIC, tax NUMERIC, total NUMERIC)'
tpch_orders='CREATE TABLE orders (o_orderkey INTEGER PRIMARY KEY,
	o_custkey INTEGER, o_orderstatus TEXT, o_totalprice NUMERIC,
	o_orderdate DATE, o_orderpriority TEXT, o_clerk TEXT,
	o_shippriority INTEGER, o_comment TEXT, x TEXT)'
tpch_lines='CREATE TABLE lineitem (l_orderkey INTEGER, l_partkey INTEGER,
	l_suppkey INTEGER, l_linenumber INTEGER, l_quantity NUMERIC,
	l_extendedprice NUMERIC, l_discount NUMERIC, l_tax NUMERIC,
	l_returnflag TEXT, l_linestatus TEXT, l_shipdate DATE,
	l_commitdate DATE, l_receiptdate DATE, l_shipinstruct TEXT,
	l_shipmode TEXT, l_comment TEXT, x TEXT,
	PRIMARY KEY (l_orderkey, l_linenumber))'

# for_sqlite SQL: which has no type of its own for times.
for_sqlite() { printf '%s;' "$1" | sed 's/TIMESTAMP\|DATE/TEXT/g'; }

has_duckdb() {
	test -d "${BENCH_DUCKDB:-/none}/node_modules/@duckdb/node-api" &&
		command -v node >/dev/null
}
# duckdb FILE DATABASE SQL... : what it returned is then in answer.
duckdb() {
	file=$1
	shift
	timed whole node "$bench/duckdb.cjs" "$@"
	sed 1,2d log >answer
	echo "$(sed -n 's/^seconds //p' log) $(tail -n 1 whole |
		cut -d' ' -f2) $(sed -n 's/^cpu //p' log)" >>"$file"
}

# The store that is made anew for each round.
fresh() {
	rm -rf "$1"
	quietly ordmill init -s "$1" --shards 2
}

# flat REFERENCES: the directory that has input A. It is made once.
flat() {
	test -f "$1/orders.csv" || {
		say "making $orders flat orders, $1 references"
		quietly ordmill gen --seed 42 --orders "$orders" --flat \
			--references "$1" --breaks 600 "$1"
	}
	echo "$1"
}
