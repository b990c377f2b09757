#!/bin/sh
# Passes: what validate and settle do, once, again, in part and not at all.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=s ORDMILL_NOW=2026-02-01T12:00:00Z

cat >orders.csv <<\EOT
channel,reference,placed_at,currency,subtotal,total
web,SO0000001916,2026-02-01,EUR,1176.13,1176.13
web,B2,2026-02-01,EUR,20.00,20.00
web,B3,2026-03-01,EUR,30.00,30.00
web,B4,2026-02-01,EUR,-4.00,-4.00
EOT
cat >paid.csv <<\EOT
channel,reference,payment,currency,amount,paid_at
web,SO0000001916,P1,EUR,1000.00,2026-02-01
web,SO0000001916,P2,EUR,200.00,2026-02-01
web,SO0000001916,P3,EUR,-23.87,2026-02-01
web,B2,P4,USD,20.00,2026-02-01
web,B9,P5,EUR,9.00,2026-02-01
EOT
ordmill init -q
ordmill ingest -q orders.csv
ordmill ingest -q --feed payments paid.csv

expect 0 'a dry run says what would happen' ordmill run -n validate
out_is 'and to how many' <<\EOT
validate: 4 orders, 2 accepted, 2 held
EOT
expect 0 'all passes run in their order' ordmill run
out_is 'as the dry run said' <<\EOT
validate: 4 orders, 2 accepted, 2 held
settle: 5 payments, 3 applied, 1 held, 1 untouched
EOT
expect 0 'run again' ordmill run
out_is 'nothing is done twice' <<\EOT
validate: 0 orders, 0 accepted, 0 held
settle: 2 payments, 0 applied, 1 held, 1 untouched
EOT
expect 0 'the evidence agrees' ordmill audit verify

for db in s/shard-*.db; do
	sqlite3 "$db" 'SELECT reference, state, paid_minor, refunded_minor,
	    due_minor FROM orders'
done | sort >out
out_is 'states and sums are where they belong' <<\EOT
B2|accepted|0|0|2000
B3|held|0|0|3000
B4|held|0|0|-400
SO0000001916|accepted|120000|2387|0
EOT
for db in s/shard-*.db; do
	sqlite3 "$db" 'SELECT reason FROM events WHERE to_state = 1'
done | sort >out
out_is 'held orders say why' <<\EOT
placed in the future
the total is negative
EOT

printf 'reference,currency,total\nB9,EUR,9.00\n' |
	sed '1s/^/channel,/;2s/^/web,/' >late.csv
expect 0 'the order comes after its payment' ordmill ingest -q late.csv
expect 0 'and a rule of the user is asked' ordmill run --json \
	--hold "small=o.total_minor < 1000"
check 'the rule held it' grep -q '"pass":"validate".*"in":"1","moved":{"accepted":"0"},"held":"1"' out
check 'the payment found it' grep -q '"pass":"settle".*"moved":{"applied":"1"},"held":"1","untouched":"0"' out

expect 2 'a pass that is not there' ordmill run valdate
err_is 'gets a suggestion' <<\EOT
ordmill run: no pass 'valdate'; did you mean 'validate'?
EOT
runs() { sqlite3 s/catalog.db 'SELECT count(*) FROM runs'; }
was=$(runs)
expect 2 'a shard that is not there' ordmill run --only-shard 9
expect 2 'a rule that cannot be asked' ordmill run --hold 'big=o.totl > 1'
err_is 'is told by its name' <<\EOT
ordmill run: validate: rule 'big': prepare 'SELECT CASE WHEN (o.totl > 1) THEN 1 END FROM order_rows o': no such column: o.totl
EOT
expect 2 'a rule that is two statements' \
	ordmill run --hold 'big=1); DROP TABLE events; --'
check 'none of them became a run' test "$(runs)" = "$was"
expect 2 'a rule without a name' ordmill run --hold 'total > 1'
expect 0 'the list of passes' ordmill run --list
expect 6 'no store, no pass' ordmill run -s elsewhere

finish
