#!/bin/sh
# What will never come can be said to be so: by whom and why is kept, and it is
# told no more until somebody takes it back.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/pg.sh
. "$om_root/tests/support/pg.sh"

at() { export ORDMILL_NOW="2026-11-$1T12:00:00Z"; }
# batch NAME REFERENCE: a file of one order.
batch() { printf 'reference,currency,total\n%s,EUR,1.00\n' "$2" >"$1"; }
remarks() { grep '^  !!' out >o; mv o out; }

cat >acme.yaml <<\EOT
profile: canonical
sequence: {name: "acme-{number}.csv"}
EOT
cat >daily.yaml <<\EOT
profile: canonical
sequence: {name: "day-{date}.csv", days: weekdays}
EOT
for n in 5 7 12; do batch acme-$n.csv "A$n"; done
for day in 2026-11-19 2026-11-26; do batch "day-$day.csv" "D$day"; done

# gaps STORE: a gap, from its being seen to its being forgotten.
gaps() {
	export ORDMILL_STORE="$1"
	at 23
	expect 0 'no gap yet' ordmill gaps list
	out_is 'is said' <<\EOT
0 open gaps
EOT
	ordmill ingest -q --map acme.yaml acme-5.csv acme-7.csv acme-12.csv
	ordmill ingest -q --map daily.yaml day-2026-11-19.csv day-2026-11-26.csv
	expect 0 'what is missing' ordmill gaps list
	out_is 'feed by feed' <<\EOT
acme 6  1 missing
acme 8 to 11  4 missing
daily 2026-11-20 to 2026-11-25  4 missing
3 open gaps
EOT
	expect 0 'of one feed' ordmill gaps list daily
	out_is 'only' <<\EOT
daily 2026-11-20 to 2026-11-25  4 missing
1 open gap
EOT

	at 24
	expect 0 'a dry run' ordmill gaps accept -n acme 6 --reason lost --by k
	out_is 'tells' <<\EOT
dry run: feed acme: 6: 1 accepted by k
EOT
	expect 0 'and leaves it' ordmill gaps list acme
	check 'open' grep -qx 'acme 6  1 missing' out
	expect 0 'never sent' ordmill gaps accept --by karl \
		--reason 'skipped, ticket 80' acme 6
	out_is 'is accepted' <<\EOT
feed acme: 6: 1 accepted by karl
EOT
	expect 0 'twice' ordmill gaps accept --by eve --reason again acme 6
	out_is 'is once' <<\EOT
feed acme: 6 accepted before
EOT
	expect 0 'days' ordmill gaps accept --by karl --reason closed --json \
		daily 2026-11-20 2026-11-24
	out_is 'as JSON' <<\EOT
{"schema":"ordmill.gaps-decision/1","feed":"daily","unit":"weekday","from":"2026-11-20","to":"2026-11-24","decision":"accepted","by":"karl","reason":"closed","changed":"3","dry_run":false,"entry":"6"}
EOT
	expect 0 'all of them' ordmill gaps list --all
	out_is 'with who, when and why' <<\EOT
acme 6  1 accepted 2026-11-24T12:00:00Z by karl: skipped, ticket 80
acme 8 to 11  4 missing
daily 2026-11-20 to 2026-11-24  3 accepted 2026-11-24T12:00:00Z by karl: closed
daily 2026-11-25  1 missing
2 open gaps
EOT
	expect 0 'as JSON' ordmill gaps list --all --json acme
	out_is 'too' <<\EOT
{"schema":"ordmill.gaps/1","gaps":[{"feed":"acme","unit":"number","from":"6","to":"6","missing":"1","accepted":true,"at":"2026-11-24T12:00:00Z","by":"karl","reason":"skipped, ticket 80","entry":"5"},{"feed":"acme","unit":"number","from":"8","to":"11","missing":"4","accepted":false}]}
EOT
	expect 0 'the status' ordmill status
	cp out status
	remarks
	out_is 'speaks of the others' <<\EOT
  !!  feed acme: 4 missing, 8 to 11 first
  !!  feed daily: 1 missing, 2026-11-25 first
EOT
	check 'and counts these apart' \
		grep -q '^  acme  *5  *12  *4  *1  *0  8 to 11$' status
	ordmill gaps accept -q --by karl --reason lost acme 8 11
	ordmill gaps accept -q --by karl --reason closed daily 2026-11-25
	expect 0 'with none left' ordmill status
	remarks
	out_is 'it is quiet' </dev/null
	ordmill report daily --date 2026-11-23 >out
	remarks
	out_is 'but the day before knew of nothing' <<\EOT
  !!  feed acme: 5 missing, 6 first
  !!  feed daily: 4 missing, 2026-11-20 to 2026-11-25 first
EOT
	expect 0 'gauges' ordmill status --format prom
	grep '^ordmill_feed_[am].*acme' out >o && mv o out
	out_is 'say so' <<\EOT
ordmill_feed_missing{feed="acme",unit="number"} 0
ordmill_feed_accepted{feed="acme",unit="number"} 5
EOT

	at 25
	expect 0 'it was another one' ordmill gaps reopen --by eve \
		--reason 'it was 10' acme 9 10
	out_is 'and is expected again' <<\EOT
feed acme: 9 to 10: 2 reopened by eve
EOT
	expect 0 'twice' ordmill gaps reopen --by eve --reason x acme 9
	out_is 'is once' <<\EOT
feed acme: 9 open already
EOT
	expect 0 'what is open now' ordmill gaps list acme
	out_is 'is told again' <<\EOT
acme 9 to 10  2 missing
1 open gap
EOT
	expect 4 'what came' ordmill gaps accept --reason x acme 6 7
	err_is 'is not missing' <<\EOT
ordmill gaps accept: feed 'acme': 7 is not missing
EOT
	expect 4 'nor is what is not due' ordmill gaps accept --reason x acme 13
	expect 4 'no such feed' ordmill gaps accept --reason x none 6
	err_is 'by name' <<\EOT
ordmill gaps accept: feed 'none' has no batches that are numbered so
EOT
	batch acme-8.csv A8
	expect 0 'what comes all the same' \
		ordmill ingest -q --map acme.yaml acme-8.csv
	expect 0 'is there' ordmill gaps list --all acme
	check 'and no gap any more' sh -c '! grep -q "acme 8" out'
	expect 0 'the journal' ordmill audit log
	check 'has the decisions' test "$(grep -c 'command=gaps' out)" -eq 5
	check 'with all that was said' grep -q 'decision=reopened.*feed=acme.*unit=number.*from=9.*to=10.*at=2026-11-25T12:00:00Z.*by=eve.*reason=it was 10' out
	expect 0 'and the evidence agrees' ordmill audit verify -q
}

expect 0 'a store' ordmill init -q -s day
gaps day

expect 2 'no reason' ordmill gaps accept acme 9
err_is 'is asked for' <<\EOT
ordmill gaps accept: say why, with --reason TEXT
EOT
expect 2 'an empty one' ordmill gaps accept acme 9 --reason ''
expect 2 'one of two lines' ordmill gaps accept acme 9 --reason 'a
b'
expect 2 'no number' ordmill gaps accept acme nine --reason x
err_is 'is told' <<\EOT
ordmill gaps accept: 'nine' is neither a number nor a day such as 2026-11-26
EOT
expect 2 'from back to front' ordmill gaps accept acme 10 9 --reason x
err_is 'is told, too' <<\EOT
ordmill gaps accept: 10 is not before 9
EOT
expect 0 'who calls' ordmill gaps accept acme 9 --reason x
check 'is who says so' grep -qx "feed acme: 9: 1 accepted by $(id -un)" out
long=$(printf '%1000s' '' | tr ' ' x)
expect 0 'a long reason' ordmill gaps accept -q acme 10 --reason "$long"
expect 2 'one that is too long' ordmill gaps accept acme 10 --reason "y$long"

if pg_wanted; then
	check 'a PostgreSQL server starts' pg_start
	expect 0 'a store on it' ordmill init -q -s "$ORDMILL_TEST_PG"
	gaps "$ORDMILL_TEST_PG"
fi

finish
