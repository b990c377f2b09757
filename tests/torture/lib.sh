# shellcheck shell=sh
# lib.sh - sourced by tests/torture/*.sh, on top of that of the CLI tests.
#
# What is loaded again and again is TPC-H from $ORDMILL_CORPUS or, without it,
# generated orders. ORDMILL_SEED repeats a run.

# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
# shellcheck source=tests/support/pg.sh
. "$om_root/tests/support/pg.sh"

seed=${ORDMILL_SEED:-$(date +%s)}
echo "# seed $seed"

if test -n "${ORDMILL_CORPUS:-}"; then
	set -- --feed tpch "$ORDMILL_CORPUS/tpch-sf0.1/orders.tbl.gz" \
		"$ORDMILL_CORPUS/tpch-sf0.1/lineitem.tbl.gz"
else
	ordmill gen -q --seed 1 --orders 200000 input
	set -- --feed canonical input/orders.csv
fi

# now: milliseconds.
now() { echo $(($(date +%s%N) / 1000000)); }

# load STORE : with a patience for the locks of those who were killed.
loader() {
	exec ordmill ingest -q -s "$1" --lock-wait 60s "$feed_option" "$feed" \
		"$first" ${second:+"$second"}
}
load() { (loader "$1"); }
feed_option=$1 feed=$2 first=$3 second=${4:-}

# moment N LIMIT : the Nth random number of seconds below LIMIT milliseconds.
moment() {
	awk -v seed="$seed" -v n="$1" -v ms="$2" 'BEGIN {
		srand(seed); while (n-- > 0) x = rand()
		printf "%.3f\n", x * ms / 1000 }'
}

# kill_after SECONDS STORE : load it and kill -9 then; 0 if it was in time.
kill_after() {
	loader "$2" 2>>kill.log & # the loader itself, no shell around it
	victim=$!
	sleep "$1"
	kill -9 "$victim" 2>/dev/null
	wait "$victim" 2>/dev/null
	test $? -eq 137
}

# undisturbed STORE : what the others will be held to.
undisturbed() {
	started=$(now)
	expect 0 'undisturbed' load "$1"
	took=$(($(now) - started))
	digest=$(store_digest "$1")
	echo "# undisturbed: $took ms"
}

# same TITLE STORE : it holds what an undisturbed one holds, and proves it.
same() {
	check "$1: the same content" test "$(store_digest "$2")" = "$digest"
	expect 0 "$1: and the evidence agrees" ordmill audit verify -s "$2"
}
