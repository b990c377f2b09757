#!/bin/sh
# What is planted in generated data is what ingest says of it, to the letter.
. "$(dirname "$0")/lib.sh"

# From the program's JSON, a row per reject, like those of rejects.csv.
rejects() {
	ordmill rejects list -s "$1" -b 1 --json >json
	sqlite3 -separator '|' :memory: "SELECT json_extract(value, '\$.line'),
		json_extract(value, '\$.column'),
		json_extract(value, '\$.reference'),
		json_extract(value, '\$.currency'),
		iif(json_extract(value, '\$.currency') = '', '',
			json_extract(value, '\$.total')),
		json_extract(value, '\$.reason')
		FROM json_each(CAST(readfile('json') AS text), '\$.rejects')" |
		sort
}
answers() {
	sqlite3 -separator '|' :memory: ".import --csv $1/rejects.csv r" \
		'SELECT line, "column", reference, currency, total, reason
		FROM r' | sort
}
books() {
	sqlite3 -separator , "$1/catalog.db" "SELECT
		substr(source, instr(source, '/') + 1), currency, outcome,
		orders, amount_minor FROM batch_books JOIN batches
		USING (batch)" | sort
}
# Amounts in minor units, as the catalog has them.
stated() { sed 1d "$1/books.csv" | awk -F, -v OFS=, \
	'{ sub(/\./, "", $5); $5 += 0 } 1' | sort; }

# holds TITLE OPTIONS... : generate into d, load into S, compare.
holds() {
	what=$1
	shift
	rm -rf d S
	expect 0 "$what" ordmill gen -q --seed 7 "$@" d
	expect 0 'a store' ordmill init -q -s S
	expect 3 'the orders are taken, the bad ones are not' \
		ordmill ingest -q -s S --max-rejects 100% d/orders.csv
	rejects S >out
	answers d >want
	check 'each was foretold: line, column, order, money, reason' \
		diff -u want out
	check 'and there are some' test -s want
	expect 0 'so are the changes' ordmill ingest -q -s S d/changes.csv
	books S >out
	stated d >want
	check 'the books of both are as foretold' diff -u want out
	check 'with orders of all fates' test "$(cut -d, -f3 want | sort -u |
		tr '\n' ' ')" = 'amended cancelled created read rejected '
	expect 0 'the payments' ordmill ingest -q -s S --feed payments \
		d/statement.csv
	expect 0 'what is left are the breaks' ordmill reconcile -q -s S \
		store:orders d/statement.csv --key reference \
		--compare amount --answers d/answers.csv
}
holds 'orders with lines' --orders 3000 --amendments 5% --cancellations 3% \
	--bad-rows 100 --breaks 18
cut -d, -f3 d/rejects.csv | sort | uniq -c | awk '{ print $2, $1 }' >out
out_is 'kinds of damage take turns' <<\EOT
bad_amount 10
bad_date 10
bad_quantity 10
class 1
extra_cell 10
line_total_off 10
missing_cell 10
missing_reference 10
not_utf8 10
total_off 10
unknown_currency 10
EOT
expect 0 'and the evidence holds' ordmill audit verify -q -s S
holds 'flat orders, references in no order' --flat --references random \
	--orders 2000 --amendments 40 --cancellations 1.5% --bad-rows 2% \
	--currencies EUR,JPY,KWD,CLF
holds 'many lines, all orders damaged or changed' --orders 300 --lines 20 \
	--amendments 100 --cancellations 100 --bad-rows 90 --breaks 10
expect 2 'one more' ordmill gen --orders 300 --amendments 100 \
	--cancellations 100 --bad-rows 91 --breaks 10 d
err_is 'is refused' <<\EOT
ordmill gen: breaks, amendments, cancellations and bad rows are 301 together, but there are 300 orders
EOT
for bad in x -1 101% 1.5 % 0.00001%; do
	expect 2 "--bad-rows $bad" ordmill gen "--bad-rows=$bad" d
	echo "ordmill gen: --bad-rows: bad number '$bad'" >want
	check 'is refused' cmp want err
done

# The parts, put behind each other, are the whole.
in_parts() {
	what=$1
	shift
	rm -rf whole p[0-9]*
	ordmill gen -q --seed 9 "$@" whole
	for n in 1 2 3 4 5 6 7; do
		ordmill gen -q --seed 9 "$@" --parts 7 --part $n p$n
	done
	for f in orders changes statement answers rejects books; do
		cat p?/$f.csv >joined
		check "$what: $f.csv in parts" cmp joined whole/$f.csv
	done
}
in_parts 'lines' --orders 1000 --amendments 50 --cancellations 30 --bad-rows 70
in_parts 'flat' --orders 1000 --flat --amendments 50 --cancellations 30 \
	--bad-rows 70

expect 0 'changes alone' ordmill gen --orders 500 --amendments 2 \
	--cancellations 1 --breaks 0 alone
sed '/^ /s/ [0-9a-f]\{64\}/ HASH/' out >o && mv o out
out_is 'come with books and without rejects' <<\EOT
500 orders, 1525 lines
  EUR           328 orders             188471.05
  USD           122 orders              68855.87
  JPY            24 orders               1301909
  KWD            26 orders              4492.773
breaks planted
  missing_right       0
  amount_under        0
  missing_left        0
  amount_over         0
  duplicate           0
  currency            0
orders changed
  amended                2
  cancelled              1
files
  orders.csv             1525 rows          203175 bytes
    sha256 HASH
  statement.csv           500 rows           32064 bytes
    sha256 HASH
  answers.csv               0 rows              44 bytes
    sha256 HASH
  changes.csv               3 rows             540 bytes
    sha256 HASH
  books.csv                11 rows             404 bytes
    sha256 HASH
EOT
cut -d, -f1,3-20 alone/changes.csv >out
out_is 'an amendment has other lines, a cancellation has none' <<\EOT
kind,reference,revision,customer,placed_at,currency,subtotal,discount,shipping,tax,tax_included,total,line,sku,quantity,unit_price,line_discount,line_tax,line_total
cancel,SO0000000156,2,C00000152,2026-01-10T07:12:00Z,EUR,21.07,1.05,4.90,2.10,false,27.02,,,,,,,
order,SO0000000294,2,C00000073,2026-01-18T13:55:12Z,EUR,61.68,0.00,4.90,6.16,false,72.74,1,SKU-01839,4,15.42,0.00,6.16,61.68
order,SO0000000474,2,C00000046,2026-01-29T09:07:12Z,EUR,516.67,0.00,9.90,86.11,true,526.57,1,SKU-03184,3.5,164.02,57.40,86.11,516.67
EOT
cut -d, -f1-4 alone/books.csv >out
out_is 'the books are in the order of currencies and outcomes' <<\EOT
file,currency,outcome,orders
orders.csv,EUR,read,328
orders.csv,EUR,created,328
orders.csv,JPY,read,24
orders.csv,JPY,created,24
orders.csv,KWD,read,26
orders.csv,KWD,created,26
orders.csv,USD,read,122
orders.csv,USD,created,122
changes.csv,EUR,read,3
changes.csv,EUR,amended,2
changes.csv,EUR,cancelled,1
EOT
expect 0 'bad rows' ordmill gen --flat --orders 50 --bad-rows 9 --json bad
check 'are counted by kind' grep -qF '"bad_rows":{"bad_amount":"2",'\
'"missing_reference":"1","unknown_currency":"1","total_off":"1",'\
'"not_utf8":"1","missing_cell":"1","extra_cell":"1","bad_date":"1",'\
'"bad_quantity":"0","line_total_off":"0"}' out
check 'without changes there is no file of them' test ! -e bad/changes.csv
sed -n 's/^[0-9]*,\([a-z_]*,[a-z_0-9]*\),.*,\(".*"\)/\1 \2/p' \
	bad/rejects.csv >out
out_is 'and each has its reason' <<\EOT
total,bad_amount "bad amount '127.18x'"
reference,missing_reference "reference is empty"
currency,unknown_currency "no such currency 'XXZ'"
total,total_off "total 301.16 but subtotal, discount, shipping and tax make 301.15"
customer,not_utf8 "not UTF-8"
,missing_cell "9 fields, 10 expected"
,extra_cell "11 fields, 10 expected"
placed_at,bad_date "bad time '2026-13-24T09:36:00Z'"
total,bad_amount "bad amount '410.44x'"
EOT
finish
