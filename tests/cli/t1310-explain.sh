#!/bin/sh
# What a feed makes of a file is shown before anything is loaded.
. "$(dirname "$0")/lib.sh"

cat >acme.yaml <<\EOT
delimiter: ";"
shape: lines
channel: acme
currency: EUR
decimal: ","
thousands: "."
encoding: latin1
date: "%d.%m.%Y %H:%M"
timezone: Europe/Vienna
columns:
  reference: Bestellnummer
  placed_at: Datum
  customer: {from: Kunde, trim: true}
  kind: {from: Bestellnummer, map: {"C*": cancel, "*": order}}
  sku: Artikel
  quantity: {from: Menge, absolute: true}
  unit_price: Preis
attributes: [Notiz]
EOT
{
	echo 'Bestellnummer;Datum;Kunde;Artikel;Menge;Preis;Notiz;Lager'
	printf '0042;01.10.2026 10:00; J\374rgen;X;2;1.653,75;eilt;W1\n'
	printf '0042;01.10.2026 10:00; J\374rgen;Y;-1;0,25;;W1\n'
	echo '0043;32.10.2026 10:00;A;X;1;1,00;;'
	echo '0044;30.10.2026 10:00;B;X;1;1.00;;'
	echo '0045;31.10.2026 10:00;B;X;1;2.00;;'
	echo 'C0042;30.10.2026 10:00;;;;;;'
} >acme.csv

expect 1 'a feed and its file' ordmill ingest --explain --map acme.yaml acme.csv
at() { grep -abo "^$1" acme.csv | cut -d: -f1; }
out_is 'are shown side by side' <<EOT
file acme.csv
  latin1
  delimiter ';', quote ", escape none, comment none
  header, 8 columns
feed acme, shape lines
  kind           column 1 'Bestellnummer' (C* -> cancel, * -> order)
  channel        'acme'
  reference      column 1 'Bestellnummer' (required)
  customer       column 3 'Kunde' (trimmed)
  placed_at      column 2 'Datum' (date %d.%m.%Y %H:%M, Europe/Vienna)
  currency       'EUR'
  sku            column 4 'Artikel'
  quantity       column 5 'Menge' (decimal ',', thousands '.', without its sign)
  unit_price     column 6 'Preis' (decimal ',', thousands '.')
  kept as attributes: 'Notiz'
  not used: 'Lager'
as understood
  acme/0042, customer Jürgen, 2026-10-01T08:00:00Z, line 2
    EUR 3307.75 = 3307.75 - 0.00 discount + 0.00 shipping + 0.00 tax
    1  X  2.000 x 1653.750000 = 3307.50
    2  Y  1.000 x 0.250000 = 0.25
  acme/C0042, 2026-10-30T09:00:00Z, line 7
    cancelled
would be rejected: 3
  1  line 4, byte $(at 0043), column 'Datum': bad time '32.10.2026 10:00' (want '%d.%m.%Y %H:%M')
  2  line 5, byte $(at 0044), column 'Preis': bad amount '1.00'
totals: 6 rows, 2 lines
                     orders                EUR
  read                    5            3307.75
  rejected                3               0.00
EOT
check 'nothing on stderr' test ! -s err
check 'and no store is made' test ! -e ordmill

sed 's/Preis/Pries/' acme.yaml >bad.yaml
expect 5 'a column that is missing' \
	ordmill ingest --explain --map bad.yaml acme.csv
err_is 'is told' <<\EOT
ordmill ingest: acme.csv: no column 'Pries', did you mean 'Preis'
EOT
check 'among the others' grep -q "^  unit_price     no column 'Pries': MISSING,\
 did you mean 'Preis' (" out
check 'with what is not used then' grep -qx "  not used: 'Preis', 'Lager'" out

printf 'reference,currency,total\n1,EUR,1.00\n' | gzip >a.csv.gz
expect 0 'JSON' ordmill ingest --explain --json a.csv.gz
head=$(tr -d '\n' <<\EOT
{"schema":"ordmill.explain/1","batches":[{"feed":"canonical",
"source":"a.csv.gz","shape":"orders","files":[{"source":"a.csv.gz",
"format":"csv","encoding":"utf-8","mark":false,"gzip":true,"delimiter":",","quote":"\"",
"escape":"none","comment":"none","header":true,"skip":"0","columns":[
{"name":"reference","use":"mapped"},{"name":"currency","use":"mapped"},
{"name":"total","use":"mapped"}]}],"facts":[
EOT
)
tail=$(tr -d '\n' <<\EOT
],"first":[{"kind":"order","channel":"canonical","reference":"1",
"revision":"","customer":"","placed_at":null,"currency":"EUR",
"subtotal":"1.00","discount":"0.00","shipping":"0.00","tax":"0.00",
"tax_included":false,"total":"1.00","lines":[],"attributes":"","row":"2"}],
"rejects":[],"rows":"1","lines":"0","orders":{"read":"1","created":"0",
"amended":"0","cancelled":"0","unchanged":"0","conflicting":"0",
"rejected":"0","overtaken":"0","early":"0","stale":"0","void":"0"},"money":{"EUR":{"read":"1.00","created":"0.00",
"amended":"0.00","cancelled":"0.00","unchanged":"0.00","conflicting":"0.00",
"rejected":"0.00","overtaken":"0.00","early":"0.00","stale":"0.00","void":"0.00"}}}]}
EOT
)
check 'says the same' test "$(sed 's/"facts":\[.*/"facts":[/' out)" = "$head"
check 'to its end' test "$(sed 's/.*\],"first"/],"first"/' out)" = "$tail"
check 'fact by fact' grep -qF \
	'{"fact":"total","from":"total","source":"0","number":"3","missing":false,' out
expect 1 'two files, one empty' \
	ordmill ingest --explain --feed tpch - /dev/null <<\EOT
1|C|O|5.00|2026-01-01|1-URGENT|Clerk|0|x|
EOT
check 'are told apart' grep -qx "  key            '1' of file 2 (required)" out
check 'and so are their rejects' grep -qx \
	"  1  file 1, line 1, byte 0, column '1': an order without lines" out

# Documents have the columns of their format.
cat >po.x12 <<\EOT
ISA*00*          *00*          *01*0011223456     *01*999999999      *120822*1734*U*00401*000000019*0*P*>~
GS*PO*4405197800*999999999*20101127*1719*1421*X*004010VICS~
ST*850*000000010~
BEG*00*SA*08292233294**20101127~
CUR*BY*USD~
PO1*1*5*EA*9.5**VN*ABC~
CTT*1*5~
SE*6*000000010~
GE*1*1421~
IEA*1*000000019~
EOT
expect 0 'a document' ordmill ingest --explain --feed x12-850 po.x12
check 'names its format' grep -qx '  x12, 22 columns' out
check 'has its columns' grep -qx "  sku            column 16 'sku'" out
check 'and is understood' grep -qx '    1  ABC  5.000 x 9.500000 = 47.50' out

# JSON has paths.
cat >web.yaml <<\EOT
format: ndjson
channel: web
columns: {reference: id, currency: money.code, total: money.sum}
EOT
echo '{"id":7,"money":{"code":"EUR","sum":"1.50"}}' | gzip >web.gz
expect 0 'JSON' ordmill ingest --explain --map web.yaml web.gz
check 'has paths' grep -qx '  ndjson, gzip, 3 paths' out
check 'that are shown' grep -qx "  total          path 'money.sum'" out
finish
