#!/bin/sh
# Orders come as JSON documents; what is turned away leaves as it came.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=day
ordmill init -q
cat >shop.yaml <<\EOT
format: json
items: orders
channel: shop
columns:
  reference: id
  revision: {from: updated_at, required: false}
  customer: {from: billing.email, required: false}
  currency: currency
  shipping: {from: "shipping_lines[].price", required: false}
  total: total
  sku: "lines[].sku"
  quantity: "lines[].n"
  unit_price: "lines[].price"
EOT
cat >a.json <<\EOT
{"next": null, "orders": [
  {"id": 1, "currency": "EUR", "total": "5.50", "billing": {"email": "a@b.c"},
   "shipping_lines": [{"price": "0.30"}, {"price": "0.20"}],
   "lines": [{"sku": "X", "n": 2, "price": 2.50}]},
  {"id": 2, "currency": "EUR", "total": "7.00",
   "lines": [{"sku": "X", "n": 1, "price": "5.00"},
             {"sku": "Y", "n": 1, "price": "two"}]},
  {"id": 3, "currency": "JPY", "total": 700, "note": "\ud83d\ude00",
   "lines": [{"sku": "Z", "n": 7, "price": 1e2}]}
]}
EOT
expect 3 'a bad order' \
	ordmill ingest -q --map shop.yaml --max-rejects 1 --rejects left a.json
expect 0 'is listed' ordmill rejects list
out_is 'with the place of its value' <<\EOT
1/1  2  line 7, byte 362, column 'lines[1].price': bad amount 'two'
1 in quarantine
EOT
expect 0 'and exported' ordmill rejects export 1
out_is 'as it stood' <<\EOT
{"id": 2, "currency": "EUR", "total": "7.00",
   "lines": [{"sku": "X", "n": 1, "price": "5.00"},
             {"sku": "Y", "n": 1, "price": "two"}]}
EOT
sed 's/"two"/2/' out >repaired.json
expect 0 'repaired, it is loaded' \
	ordmill ingest --map shop.yaml --retries 1 repaired.json
expect 0 'and its reject' ordmill rejects list
out_is 'is gone' <<\EOT
0 in quarantine
EOT
for i in 0 1; do
	sqlite3 "day/shard-$i.db" \
		'SELECT reference, currency, total_minor FROM orders'
done | sort >out
out_is 'all three are there' <<\EOT
1|EUR|550
2|EUR|700
3|JPY|700
EOT

sed 's/^format: json/format: ndjson/; /^items/d; s/shop$/nd/' shop.yaml >nd.yaml
cat >b.ndjson <<\EOT
{"id":"N1","currency":"EUR","total":"1.00","lines":[{"sku":"X","n":1,"price":1}]}
{"id":"N2","currency":"EUR","total":"1.00","lines":[{"sku":"X","n":1,"price":1}

{"id":"N3","currency":"EUR","total":"1.00","lines":[{"sku":"X","n":1,"price":1}]}
EOT
expect 3 'a broken line of ndjson' \
	ordmill ingest -q --map nd.yaml --max-rejects 1 --rejects left b.ndjson
expect 0 'is one reject' ordmill rejects export 3
out_is 'of that line' <<\EOT
{"id":"N2","currency":"EUR","total":"1.00","lines":[{"sku":"X","n":1,"price":1}
EOT
sed 's/$/]}/' out >repaired.ndjson
expect 0 'repaired' ordmill ingest -q --map nd.yaml --retries 3 repaired.ndjson

printf '[{"id": 9}' >cut.json
expect 5 'a document that is cut off' \
	ordmill ingest --map shop.yaml --rejects left cut.json
err_is 'is no batch' <<\EOT
ordmill ingest: cut.json: line 1, byte 10, [0]: the input ends in the middle of a value
EOT
expect 1 'how it is understood' \
	ordmill ingest --explain --map shop.yaml a.json
check 'is told by path' grep -q "  sku            path 'lines\[\].sku'" out

finish
