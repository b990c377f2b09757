#!/bin/sh
# What a feed left out is told until it comes; nothing waits for it.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/pg.sh
. "$om_root/tests/support/pg.sh"

at() { export ORDMILL_NOW="2026-11-$1T12:00:00Z"; }
# batch NAME REFERENCE: a file of one order.
batch() { printf 'reference,currency,total\n%s,EUR,1.00\n' "$2" >"$1"; }
# feeds: the section of the last status or report.
feeds() { sed -n '/^Numbered feeds/,/^$/p' out >o && mv o out; }
remarks() { grep '^  !!' out >o; mv o out; }

cat >acme.yaml <<\EOT
profile: canonical
sequence: {name: "acme-{number}.csv*"}
EOT
cat >daily.yaml <<\EOT
profile: canonical
sequence: {name: "day-{date}.csv", days: weekdays}
EOT

# numbered STORE: the story of a few days.
numbered() {
	export ORDMILL_STORE="$1"
	at 23
	batch acme-5.csv A5
	expect 0 'a numbered file' ordmill ingest --map acme.yaml --json \
		acme-5.csv
	check 'has its number' grep -qF \
		'"sequence":{"numbers":"1","first":"5","last":"5"}' out
	expect 0 'one is no gap' ordmill status
	feeds
	out_is 'but known' <<\EOT
Numbered feeds
--------------
  Feed  First  Last  Missing  Accepted  Repeated  Which
  ----  -----  ----  -------  --------  --------  -----
  acme      5     5        0         0         0  -

EOT
	expect 0 'a file that is not called so' sh -c \
		'cp acme-5.csv x.csv && ordmill ingest -q --map acme.yaml x.csv'
	at 24
	batch acme-7.csv A7
	expect 0 'the next but one' ordmill ingest -q --map acme.yaml acme-7.csv
	batch acme-12.csv A12
	gzip -n acme-12.csv
	expect 0 'and one much later' ordmill ingest -q --map acme.yaml \
		acme-12.csv.gz
	expect 0 'the store is in order' ordmill status
	cp out status
	remarks
	out_is 'but for what did not come' <<\EOT
  !!  feed acme: 5 missing, 6 first
EOT
	mv status out
	feeds
	out_is 'which is named' <<\EOT
Numbered feeds
--------------
  Feed  First  Last  Missing  Accepted  Repeated  Which
  ----  -----  ----  -------  --------  --------  ----------
  acme      5    12        5         0         0  6, 8 to 11

EOT
	expect 0 'gauges' ordmill status --format prom
	grep '^ordmill_feed' out >o && mv o out
	out_is 'say so, too' <<\EOT
ordmill_feed_missing{feed="acme",unit="number"} 5
ordmill_feed_accepted{feed="acme",unit="number"} 0
ordmill_feed_repeated{feed="acme",unit="number"} 0
EOT
	expect 0 'JSON' ordmill status --json
	check 'as well' grep -qF '{"feed":"acme","first":"5","last":"12",'\
'"missing":"5","accepted":"0","repeated":"0","gaps":"6, 8 to 11"}' out

	at 25
	batch acme-6.csv A6
	expect 0 'the late one' ordmill ingest -q --map acme.yaml acme-6.csv
	batch acme-0007.csv B7
	expect 0 'a number again' ordmill ingest -q --map acme.yaml acme-0007.csv
	for n in 8 9 10 11; do
		batch acme-$n.csv "A$n"
		ordmill ingest -q --map acme.yaml acme-$n.csv
	done
	expect 0 'no gap is left' ordmill status
	cp out status
	remarks
	out_is 'but one came with other content' <<\EOT
  !!  feed acme: 1 came again with other content
EOT
	mv status out
	feeds
	out_is 'as the table says' <<\EOT
Numbered feeds
--------------
  Feed  First  Last  Missing  Accepted  Repeated  Which
  ----  -----  ----  -------  --------  --------  -----
  acme      5    12        0         0         1  -

EOT
	expect 0 'the report of the day before' \
		ordmill report daily --date 2026-11-24
	cp out report
	remarks
	out_is 'tells what was missing then' <<\EOT
  !!  feed acme: 5 missing, 6 first
EOT
	mv report out
	feeds
	check 'in its table, too' grep -q 'acme .* 5  *0  *0  6, 8 to 11$' out
	expect 0 'that of the first day' ordmill report daily --date 2026-11-23
	check 'tells of no gap' sh -c '! grep -q missing, out'
}

expect 0 'a store' ordmill init -q -s day
numbered day
expect 0 'the evidence agrees' ordmill audit verify -q

# Days: a weekend is none, a Monday that is missing is.
export ORDMILL_STORE=days
ordmill init -q
for day in 2026-11-19 2026-11-20 20261124 2026-11-30; do
	batch "day-$day.csv" "D$day"
	ordmill ingest -q --map daily.yaml "day-$day.csv"
done
expect 0 'files by day' ordmill status
feeds
out_is 'miss working days' <<\EOT
Numbered feeds
--------------
  Feed        First        Last  Missing  Accepted  Repeated  Which
  -----  ----------  ----------  -------  --------  --------  ------------------
  daily  2026-11-19  2026-11-30        4         0         0  2026-11-23,
                                                              2026-11-25 to
                                                              2026-11-27

EOT
ordmill init -q -s dry
batch acme-1.csv A1
expect 0 'a dry run' ordmill ingest -s dry -n --json --map acme.yaml acme-1.csv
check 'knows the number' grep -qF '"first":"1"' out
expect 0 'and keeps nothing' ordmill status -s dry
check 'of it' sh -c '! grep -q Numbered out'

# A manifest, a trailer, and repaired rows, which have no number.
export ORDMILL_STORE=stated
ordmill init -q
batch m.csv M1
echo 'sequence: 3' >m.yaml
expect 0 'a manifest' ordmill ingest -q --manifest m.yaml m.csv
cat >trailer.yaml <<\EOT
profile: canonical
name: canonical
totals: {trailer: {match: "T,*", count: 2, sequence: 3}}
EOT
printf 'reference,currency,total\nT1,EUR,1.00\nT2,EUR,x\nT,2,5\n' >t.csv
expect 3 'a trailer' ordmill ingest -q --map trailer.yaml --max-rejects 1 t.csv
printf 'reference,currency,total\nT2,EUR,2.00\n' >r.csv
expect 0 'repaired rows' ordmill ingest -q --map trailer.yaml --retries 2 r.csv
expect 0 'two that say numbers' ordmill status
check 'are one feed' grep -q '^  canonical *3 *5 *1 *0 *0  4$' out
printf 'reference,currency,total\nT3,EUR,1.00\nT,1,x\n' >t.csv
expect 5 'a number that is none' ordmill ingest -q --map trailer.yaml t.csv
check 'is told' grep -q "bad count 'x'" err

# Envelopes.
export ORDMILL_STORE=edi
ordmill init -q
x12() { # FILE NUMBER
	printf '%s\n' "ISA*00*          *00*          *01*828513080      *01*001903202U     *100817*0850*U*00400*$2*0*P*>~" \
		"GS*PO*BUYER1*US*20100817*0850*1*X*004010~" 'ST*850*0001~' \
		"BEG*00*SA*P$2**20100810~" 'CUR*BY*USD~' \
		'PO1*1*5*EA*5.09*UM*BP*0459*VP*V-1~' 'CTT*1~' 'SE*6*0001~' \
		'GE*1*1~' "IEA*1*$2~" >"$1"
}
printf 'profile: x12-850\nname: po\nsequence: {envelope: interchange}\n' >po.yaml
x12 1.x12 000000245
x12 2.x12 000000246
cat 2.x12 >>1.x12
x12 3.x12 000000249
expect 0 'two interchanges in a file' ordmill ingest --json --map po.yaml 1.x12
check 'are two numbers' grep -qF \
	'"sequence":{"numbers":"2","first":"245","last":"246"}' out
expect 0 'and a third' ordmill ingest -q --map po.yaml 3.x12
expect 0 'what is missing' ordmill status
check 'is between the files' \
	grep -q '^  po *245 *249 *2 *0 *0  247 to 248$' out
expect 0 'without that rule' ordmill init -q -s other
expect 0 'they are' ordmill ingest -s other --json --feed x12-850 3.x12
check 'not numbered' sh -c '! grep -q sequence out'

if pg_wanted; then
	check 'a PostgreSQL server starts' pg_start
	expect 0 'a store on it' ordmill init -q -s "$ORDMILL_TEST_PG"
	rm -f acme-*
	numbered "$ORDMILL_TEST_PG"
fi

finish
