#!/bin/sh
# A pass that is killed goes on where it was, and every run's books close.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=s

ordmill gen -q --orders 400000 --flat --breaks 0 g
ordmill init -q --shards 2
ordmill ingest -q g/orders.csv

expect 9 'a deadline stops it at a checkpoint' \
	ordmill run validate --max-duration 1ms --json
expect 3 'the rest is still to do' sh -c '
	ordmill run validate >first.log 2>&1 &
	pid=$!
	while ! [ -s s/shard-0.db-wal ]; do :; done
	kill -9 "$pid"
	wait "$pid" 2>/dev/null
	exit 3'
expect 0 'the next run goes on' ordmill run validate --json
expect 0 'everything is accepted' ordmill expect state.accepted=400000
expect 0 'the evidence agrees' ordmill audit verify

# What all runs did together is every order once, whoever was killed when.
sqlite3 s/catalog.db "SELECT sum(orders) FROM run_books
	WHERE outcome = 'accepted'" >out
out_is 'the books of all runs make every order once' <<\EOT
400000
EOT
sqlite3 s/catalog.db "SELECT count(*) FROM (SELECT run,
	sum(CASE outcome WHEN 'in' THEN orders ELSE -orders END) AS rest
	FROM run_books GROUP BY run) WHERE rest <> 0" >out
out_is 'and each of them closes' <<\EOT
0
EOT

finish
