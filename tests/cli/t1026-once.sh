#!/bin/sh
# What arrives, what is there, what it counts as: each line of the table in
# ordmill-ingest(1), on both engines.
. "$(dirname "$0")/lib.sh"
# shellcheck source=../support/pg.sh
. "$om_root/tests/support/pg.sh"

page=$om_root/man/ordmill-ingest.1.in
head=kind,reference,revision,currency,total

# row ARRIVES THERE COUNTS: the line of the table that is tried next.
row() {
	echo "$1|$2|$3" >>rows
	label="$1, $2: $3"
}

# batch NAME LINES: a file of its own.
batch() { printf '%s\n%b\n' "$head" "$2" >"$1"; }

# brings FILE LINES BOOKS: loaded, the outcomes besides read are these.
number=0 by=
brings() {
	number=$((number + 1))
	batch "b$number.csv" "$1"
	ordmill ingest --max-rejects 9 ${by:+--map "$by.yaml"} \
		"b$number.csv" >out 2>err
	got=$(sed '1,3d; s/^ *\([a-z]*\) *\([0-9]*\).*/\1 \2/' out |
		tr '\n' ',' | sed 's/,$//; s/,/, /g')
	check "$engine: $label" test "$got" = "$2"
}
# reason WORDS: why the newest reject was one.
reason() {
	ordmill rejects list | tail -n 2 | head -n 1 | sed 's/^[^:]*: //' >out
	echo "$1" >want
	check "$engine: and says why" diff -u want out
}
# is REFERENCE STATE: by its trace.
is() {
	ordmill trace --json "canonical/$1" >out
	check "$engine: it is $2" grep -q "\"state\":\"$2\"" out
}
sound() {
	expect 0 "$engine: the evidence agrees" ordmill audit verify
	expect 0 "$engine: the figures agree" ordmill expect "$@"
}

scene() {
	engine=$1 ORDMILL_STORE=$2 number=0
	export ORDMILL_STORE
	: >rows
	expect 0 "$engine: a store" ordmill init -q --shards 2

	row 'a batch' 'none of its content' 'loaded'
	brings 'order,A0,1,EUR,1.00' 'created 1'
	row 'a batch' 'its content, by any name' 'already loaded'
	cp b1.csv renamed.csv
	ordmill ingest renamed.csv >out
	out_is "$engine: $label" <<-EOT
	batch 1: renamed.csv: already loaded
	                     orders                EUR
	  read                    1               1.00
	  unchanged               1               1.00
	EOT
	expect 0 "$engine: by its hash: no feed is asked to read it again" \
		ordmill ingest --feed shopify renamed.csv
	check "$engine: not even one that could not" \
		grep -qx 'batch 1: renamed.csv: already loaded' out
	row 'a batch' 'its name, with other content' 'loaded'
	batch b1.csv 'order,A0,2,EUR,2.00'
	ordmill ingest b1.csv >out
	out_is "$engine: $label" <<-EOT
	batch 2: b1.csv: 1 rows
	                     orders                EUR
	  read                    1               2.00
	  amended                 1               2.00
	  batch 1 had this name and other content
	EOT

	row 'an order' 'nothing' 'created'
	brings 'order,A1,2,EUR,1.00\norder,A2,2,EUR,1.00' 'created 2'
	row 'an order' 'the same' 'unchanged'
	brings 'order,A1,2,EUR,1.00' 'unchanged 1'
	row 'an order' 'the same, other facts' 'conflicting'
	brings 'order,A1,2,EUR,1.50' 'conflicting 1'
	reason 'stored with other values: subtotal, total'
	row 'an order' 'an earlier revision' 'amended'
	brings 'order,A1,3,EUR,2.00' 'amended 1'
	row 'an order' 'a later revision' 'unchanged, stale'
	brings 'order,A1,1,EUR,1.00' 'unchanged 1, stale 1'
	is A1 received

	row 'a cancellation' 'a later revision' 'unchanged, stale'
	brings 'cancel,A1,2,,' 'unchanged 1, stale 1'
	is A1 received
	row 'a cancellation' 'the order' 'cancelled'
	brings 'cancel,A1,3,,\ncancel,A2,,,' 'cancelled 2'
	is A1 cancelled
	row 'a cancellation' 'the order, cancelled' 'unchanged'
	brings 'cancel,A1,3,,\ncancel,A1,,,\ncancel,A2,9,,' 'unchanged 3'
	row 'an order' 'the same, cancelled' 'unchanged'
	brings 'order,A2,2,EUR,1.00' 'unchanged 1'
	row 'an order' 'an earlier revision, cancelled' 'conflicting'
	brings 'order,A1,4,EUR,2.00' 'conflicting 1'
	reason 'cannot be amended: it is cancelled'

	row 'a cancellation' 'nothing' 'cancelled, early'
	brings 'cancel,B1,,,\ncancel,B2,5,EUR,\ncancel,B3,5,,' \
		'cancelled 3, early 3'
	sound orders=3 waiting=3 total.EUR=5 due.EUR=2 books.early=3
	row 'a cancellation' 'the same, waiting' 'unchanged'
	brings 'cancel,B1,,,\ncancel,B1,7,,\ncancel,B2,5,,' 'unchanged 3'
	row 'a cancellation' 'a later one, waiting' 'unchanged, stale'
	brings 'cancel,B2,4,,' 'unchanged 1, stale 1'
	row 'a cancellation' 'an earlier one, waiting' 'amended'
	brings 'cancel,B3,6,,' 'amended 1'
	ordmill status >out
	check "$engine: an operator sees them" \
		grep -q '^  Early cancellations   3$' out
	printf 'reference,payment,currency,amount\nB1,p1,EUR,1.00\n' >p.csv
	ordmill ingest -q --feed payments p.csv
	ordmill run settle >out
	check "$engine: a payment finds no order" \
		grep -q '^settle: 1 payments, 0 applied, 0 held, 1 untouched' out
	ordmill trace --format csv canonical/B1 >out
	check "$engine: a trace tells what waits" grep -q '^order,,note,.*waits' out
	row 'an order' 'its cancellation, waiting' 'created, overtaken'
	brings 'order,B1,9,EUR,1.00\norder,B2,5,EUR,2.00' \
		'created 2, overtaken 2'
	is B1 cancelled
	is B2 cancelled
	ordmill trace --format csv canonical/B1 >story
	sed -n 's/^history,steps,row,[0-9]*,[^,]*,\([^"]*\),/\1,/p' story >out
	out_is "$engine: and what came of it" <<-\EOT
	cancelled by its feed,before its order came,"batch 13, b12.csv, line 2"
	payment stated,"p1: 1.00 EUR on -, not applied","batch 17, p.csv, line 2"
	received,"revision 9, 1.00 EUR, cancelled already","batch 18, b16.csv, line 2"
	EOT
	ordmill run settle >out
	check "$engine: a payment finds it cancelled" \
		grep -q '^settle: 1 payments, 0 applied, 1 held, 0 untouched' out
	sound orders=5 waiting=1 state.cancelled=4 total.EUR=8 due.EUR=2
	row 'a cancelled order' 'nothing' 'created, void'
	brings 'cancelled,V1,1,EUR,6.00\ncancelled,V2,,EUR,5.00' \
		'created 2, void 2'
	is V1 cancelled
	ordmill trace --format csv canonical/V1 >story
	sed -n 's/^history,steps,row,[0-9]*,[^,]*,\([^"]*\),/\1,/p' story >out
	out_is "$engine: the trace shows both" <<-\EOT
	received,"revision 1, 6.00 EUR","batch 19, b17.csv, line 2"
	cancelled by its feed,as it came,"batch 19, b17.csv, line 2"
	EOT
	check "$engine: and what it is" \
		grep -q '^revisions,revisions,row,[0-9]*,cancelled order,1,' story
	sound orders=7 waiting=1 state.cancelled=6 total.EUR=19 due.EUR=2 \
		books.void=2
	row 'a cancelled order' 'the same, cancelled' 'unchanged'
	brings 'cancelled,V1,1,EUR,6.00' 'unchanged 1'
	row 'a cancelled order' 'a later revision' 'unchanged, stale'
	brings 'order,V3,2,EUR,1.00\ncancelled,V3,1,EUR,1.00' \
		'created 1, unchanged 1, stale 1'
	row 'a cancelled order' 'the order' 'cancelled'
	brings 'cancelled,V3,2,EUR,1.00' 'cancelled 1'
	is V3 cancelled
	row 'a cancelled order' 'its cancellation, waiting' 'created, overtaken'
	brings 'cancel,V4,1,,\ncancelled,V4,1,EUR,1.00' \
		'created 1, overtaken 1, cancelled 1, early 1'
	row 'a cancelled order' 'that of an earlier one, waiting' 'created, void'
	brings 'cancel,V5,1,,\ncancelled,V5,2,EUR,1.00' \
		'created 1, void 1, cancelled 1, early 1'
	row 'an order' 'that of an earlier one, waiting' 'created'
	brings 'order,B3,7,EUR,4.00' 'created 1'
	is B3 received
	label='an order that was overtaken is as any that is cancelled'
	brings 'order,B1,9,EUR,1.00\norder,B2,6,EUR,2.00\ncancel,B2,5,,' \
		'unchanged 2, conflicting 1'
	reason 'cannot be amended: it is cancelled'

	label='within one batch, what stands first is there for what follows'
	brings 'cancel,C1,,,\norder,C1,1,EUR,1.00\ncancel,C1,,,\norder,C2,1,EUR,1.00\norder,C2,2,EUR,3.00\norder,C2,1,EUR,1.00\ncancel,C2,2,,' \
		'created 2, overtaken 1, amended 1, cancelled 2, early 1, unchanged 2, stale 1'
	sound orders=13 waiting=0 state.cancelled=11 total.EUR=30 due.EUR=6 \
		books.early=6 books.overtaken=4 books.stale=5 books.void=3

	printf 'profile: canonical\nchannel: canonical\n' >feed.yaml
	for clash in replace keep; do
		{ cat feed.yaml && echo "on-conflict: $clash"; } >$clash.yaml
	done
	brings 'order,X1,,EUR,1.00\norder,X2,1,EUR,1.00' 'created 2'
	row 'an order' 'other facts, on-conflict: replace' 'amended'
	by=replace
	brings 'order,X1,,EUR,2.00\norder,X2,1,EUR,2.00' \
		'amended 1, conflicting 1'
	by=keep
	row 'an order' 'other facts, on-conflict: keep' 'unchanged'
	brings 'order,X1,,EUR,3.00\norder,X1,4,EUR,3.00' \
		'amended 1, unchanged 1'
	by=
	brings 'cancel,X1,,,\ncancel,X2,,,' 'cancelled 2'
	by=replace
	brings 'order,X2,,EUR,9.00' 'unchanged 1, stale 1'
	by=
	ordmill report daily >out
	check "$engine: the report has the parts behind their wholes" \
		sh -c 'grep -A1 "^  EUR *created" out | grep -q "of which overtaken"'
	row 'a cancellation' 'the order, shipped or closed' 'conflicting'
	ship "UPDATE order_rows SET state = 6 WHERE reference = 'B3'"
	brings 'cancel,B3,,,' 'conflicting 1'
	reason 'cannot be cancelled: it is shipped'

	sed -n '/^\.Bl -column/,/^\.El/p' "$page" |
		sed -n 's/^\.It //p' | sed 1d | sed 's/ Ta /|/g' | sort >want
	sort rows >out
	check "$engine: these are the lines of the page, and all of them" \
		diff -u want out
}

# ship SQL: no pass of this version does; behind the back of the store.
ship() { for i in 0 1; do sqlite3 "day/shard-$i.db" "$1"; done; }
scene SQLite day
if pg_wanted; then
	pg_start || exit 1
	ship() {
		for i in 0 1; do
			psql -XAtq "$ORDMILL_TEST_PG" -c "SET search_path =
				once_shard_$i; $1"
		done
	}
	scene PostgreSQL "$ORDMILL_TEST_PG&schema=once"
fi

finish
