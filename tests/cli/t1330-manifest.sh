#!/bin/sh
# A batch that does not add up to what was said of it is not loaded.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=day
ordmill init -q
head='reference,currency,total,sku,quantity,unit_price'
{
	echo "$head"
	echo 'A1,EUR,5.00,X,2,1.00'
	echo 'A1,EUR,5.00,Y,1.5,2.00'
	echo 'A2,EUR,1.25,X,1,1.25'
	echo 'A3,JPY,500,X,1,500'
} >a.csv
sha=$(sha256sum a.csv | cut -c1-64)
cat >good.yaml <<EOT
orders: 3
lines: 4
rows: 4
hash: 5.5
sum: {EUR: 6.25, JPY: 500}
sha256: $sha
EOT
# holds_not FIGURE... : a manifest of one wrong figure, and what is said of it.
holds_not() {
	echo "$1" >bad.yaml
	expect 5 "a manifest that does not hold: $1" \
		ordmill ingest -n --manifest bad.yaml a.csv
	check "says both: $2" grep -qxF "ordmill ingest: a.csv: 'bad.yaml' $2;\
 nothing was loaded" err
}
holds_not 'orders: 4' 'says 4 orders, but there are 3'
holds_not 'lines: 3' 'says 3 lines, but there are 4'
holds_not 'rows: 5' 'says 5 rows, but there are 4'
holds_not 'hash: 5.501' 'says that the quantities make 5.501, but they make 5.500'
holds_not 'sum: {EUR: 6.26, JPY: 500}' \
	'says that the orders make 6.26 EUR, but they make 6.25'
holds_not 'sum: {EUR: 6.25, JPY: 500.5}' \
	'says that the orders make 500.5 JPY, but they make 500'
holds_not 'sum: {EUR: 6.25, JPY: 500, USD: 1}' \
	'says that the orders make 1.00 USD, but they make 0.00'
holds_not 'sum: {EUR: 6.25}' \
	'states no sum in JPY, but there are 1 such orders'
holds_not 'sum: 6.25' 'states one sum, but there are several currencies'
holds_not "sha256: $(printf '%064d' 0)" \
	"says SHA-256 $(printf '%064d' 0), but the batch has $sha"
expect 5 'without a dry run' ordmill ingest -q --manifest bad.yaml a.csv
check 'nothing is loaded, either' ordmill expect orders=0 batches=0

expect 0 'one that holds' ordmill ingest -q --manifest good.yaml a.csv
check 'lets the batch in' ordmill expect orders=3
expect 0 'and again' ordmill ingest --manifest good.yaml a.csv
check 'when it is known already' grep -q 'already loaded' out
echo 'orders: 4' >bad.yaml
expect 5 'one that does not' ordmill ingest --manifest bad.yaml a.csv
err_is 'is told then, too' <<\EOT
ordmill ingest: a.csv: 'bad.yaml' says 4 orders, but there are 3
EOT
expect 2 'one manifest' ordmill ingest --manifest good.yaml a.csv a.csv
expect 2 'a figure that nobody knows' sh -c 'echo "order: 4" >x.yaml &&
	ordmill ingest --manifest x.yaml a.csv'
err_is 'is likened to others' <<\EOT
ordmill ingest: x.yaml:1:1: unknown key 'order', did you mean 'orders'
EOT
expect 4 'a manifest that is not there' ordmill ingest --manifest no.yaml a.csv
expect 2 'a figure that is none' sh -c 'echo "orders: many" >x.yaml &&
	ordmill ingest --manifest x.yaml a.csv'

# Trailers.
cat >t.yaml <<\EOT
profile: canonical
channel: t
delimiter: ";"
decimal: ","
shape: lines
totals:
  trailer: {match: "T;*", count: 2, sum: 3, lines: 4, rows: 5, hash: 6, currency: 7}
EOT
data() {
	echo "$head" | tr , ';'
	echo 'B1;EUR;5,00;X;2;1,00'
	echo 'B1;EUR;5,00;Y;1,5;2,00'
	echo 'B2;EUR;1,25;X;1;1,25'
}
{ data && echo 'T;02;6,25;3;3;4,5;EUR'; } >good.csv
expect 0 'a trailer' ordmill ingest --map t.yaml good.csv
out_is 'is no row' <<\EOT
batch 3: good.csv: 3 rows
                     orders                EUR
  read                    2               6.25
  created                 2               6.25
EOT
# trailer ROW MESSAGE...
trailer() {
	{ data && printf '%s\n' "$1"; } >bad.csv
	expect 5 "a trailer: $1" ordmill ingest -n --map t.yaml bad.csv
	check "says: $2" grep -qF "$2" err
}
trailer 'T;3;6,25;3;3;4,5;EUR' \
	'the trailer in line 5 says 3 orders, but there are 2; nothing was loaded'
trailer 'T;2;6,26;3;3;4,5;EUR' 'orders make 6.26 EUR, but they make 6.25'
trailer 'T;2;6,25;4;3;4,5;EUR' 'says 4 lines, but there are 3'
trailer 'T;2;6,25;3;2;4,5;EUR' 'says 2 rows, but there are 3'
trailer 'T;2;6,25;3;3;4;EUR' 'make 4.000, but they make 4.500'
trailer 'T;2;6,25;3;3;4,5;USD' 'orders make 6.25 USD, but they make 0.00'
trailer 'T;x;6,25;3;3;4,5;EUR' "the trailer in line 5: bad count 'x'"
trailer 'T;2' 'the trailer in line 5: no field 4'
expect 0 'explained' ordmill ingest --explain --map t.yaml good.csv
check 'it is no row, either' grep -qx 'totals: 3 rows, 3 lines' out
expect 5 'explained, a wrong one' ordmill ingest --explain --map t.yaml bad.csv
err_is 'is told' <<\EOT
ordmill ingest: bad.csv: the trailer in line 5: no field 4
EOT
data >bad.csv
expect 5 'no trailer' ordmill ingest --map t.yaml bad.csv
err_is 'means a cut file' <<\EOT
ordmill ingest: bad.csv: no trailer 'T;*': was the file cut short?; nothing was loaded
EOT
{ cat good.csv && echo 'B3;EUR;1,25;X;1;1,25'; } >bad.csv
expect 5 'a row behind it' ordmill ingest --map t.yaml bad.csv
err_is 'is told' <<\EOT
ordmill ingest: bad.csv: line 6 stands behind the trailer of line 5
EOT
check 'nothing of these is there' ordmill expect orders=5

# A reject counts in the trailer; repaired, it comes without one.
{ data | sed 's/^B/C/; s/2;1,00$/2;1,01/' && echo 'T;2;6,25;3;3;2,5;EUR'; } >c.csv
expect 5 'what could not be read' \
	ordmill ingest -n --map t.yaml --max-rejects 1 c.csv
check 'is missing' grep -q 'quantities make 2.500, but they make 1.000' err
sed 's/2,5;EUR/1,0;EUR/' c.csv >d.csv
expect 3 'but what could, counts' \
	ordmill ingest -q --map t.yaml --max-rejects 1 d.csv --rejects left
batch=$(basename left/*.csv .csv)
check 'the rejects are rows alone' test "$(wc -l <"left/$batch.csv")" -eq 3
sed 's/1,01/1,00/' "left/$batch.csv" >fixed.csv
expect 0 'and can be retried' \
	ordmill ingest -q --map t.yaml --retries "$batch" fixed.csv
check 'all are in' ordmill expect orders=7

# Sidecars.
cat >s.yaml <<\EOT
profile: canonical
channel: s
totals: {sidecar: "{source}.sha256"}
EOT
expect 4 'a sidecar that is missing' ordmill ingest --map s.yaml a.csv
err_is 'is named' <<\EOT
ordmill ingest: a.csv: cannot open 'a.csv.sha256': No such file or directory
EOT
sha256sum good.csv a.csv >a.csv.sha256
expect 0 'a sidecar of two files' ordmill ingest -n --map s.yaml a.csv
echo "$sha" | tr a-f A-F >a.csv.sha256
expect 0 'the sum alone' ordmill ingest -n --map s.yaml a.csv
sha256sum --binary "$PWD/a.csv" >a.csv.sha256
expect 0 'another path' ordmill ingest -n --map s.yaml ./a.csv
sha256sum good.csv >a.csv.sha256
expect 5 'none of this file' ordmill ingest --map s.yaml a.csv
err_is 'is told' <<\EOT
ordmill ingest: a.csv: 'a.csv.sha256' has no SHA-256 of 'a.csv'
EOT
sha256sum good.csv | sed 's/good/a/' >a.csv.sha256
expect 5 'another content' ordmill ingest --map s.yaml a.csv
err_is 'is told with both' <<EOT
ordmill ingest: a.csv: 'a.csv.sha256' says SHA-256 $(sha256sum good.csv |
	cut -c1-64), but the file has $sha
EOT
expect 2 'standard input has none' ordmill ingest --map s.yaml - <a.csv

printf 'totals: {trailer: {count: 2}}\n' >x.yaml
expect 2 'a trailer that cannot be told' ordmill ingest --map x.yaml a.csv
err_is 'is refused' <<\EOT
ordmill ingest: x.yaml:1:19: a trailer needs 'match': the pattern of its row
EOT
finish
