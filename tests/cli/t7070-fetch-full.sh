#!/bin/sh
# No room for what comes: it is told, nothing is half there, and with more room
# the same call goes on.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$om_root/tests/support/faults.sh"

export ORDMILL_STORE=day ORDMILL_NOW=2026-11-26T12:00:00Z
check 'the server starts' faults_start
ordmill init -q
seq 15000 | sed 's/.*/A&,EUR,&.00/; 1ireference,currency,total' >whole
answers <<EOT
{"/x": [{"file": "whole", "headers": {"ETag": "\"1\"",
	"Accept-Ranges": "bytes"}}]}
EOT
cat >x.yaml <<EOT
profile: canonical
source: $url/x
http: {allow-http: true}
EOT
# limited BLOCKS COMMAND... : no file may have more blocks of 512 bytes.
limited() { sh -c 'ulimit -f "$0" && exec "$@"' "$@"; }

# The body: no other file is as long.
for blocks in 128 256 512; do
	expect 12 "room for $blocks blocks" \
		limited $blocks ordmill fetch -q --map x.yaml
	sed 's,http://[^ ]*:,URL:,' err >o && mv o err
	err_is 'is told' <<-\EOT
	ordmill fetch: x: URL: cannot write 'day/inbox/x/next.part': File too large
	EOT
	check 'nothing is there, and the room is free again' \
		test -z "$(find day/inbox/x -name '0*' -o -name 'next*')"
done
expect 0 'with room' ordmill fetch -q --map x.yaml
check 'it comes whole' cmp whole day/inbox/x/00000001.body
check 'what was asked stays legible' python3 -c \
	'import json; [json.loads(l) for l in open("day/inbox/x/exchanges.ndjson")]'

python3 - >log <<\EOT
line = '{"comment":"%s"}\n' % ('x' * 85)
print(line * 655, end='')
EOT
cp log day/inbox/x/exchanges.ndjson
expect 0 'no room to note what was asked' limited 128 \
	ordmill fetch -q --map x.yaml
check 'is no failure, and leaves no half a line' \
	cmp log day/inbox/x/exchanges.ndjson

# Pages: those before it stay, and the walk goes on behind them.
orders 1 40
python3 - "$web/orders.json" <<\EOT
import json, sys
orders = json.load(open(sys.argv[1]))
orders[24]['note'] = 99999 * 'x'
json.dump(orders, open(sys.argv[1], 'w'))
EOT
cat >shop.yaml <<EOT
format: json
source: $url/link?limit=10
items: orders
channel: shop
columns: {reference: id, currency: currency, total: total, revision: updated_at}
http: {allow-http: true, paging: {kind: link}}
EOT
expect 12 'no room for the third of four pages' \
	limited 128 ordmill fetch -q --map shop.yaml
check 'two are there' test "$(echo day/inbox/shop/0*.json)" = \
	"day/inbox/shop/00000001.json day/inbox/shop/00000002.json"
forget
expect 0 'with room' ordmill fetch -q --map shop.yaml
check 'only the rest is asked for' test "$(asked .)" -eq 2
expect 0 'loaded' ordmill ingest -q --inbox --map shop.yaml
expect 0 'every order is there once' ordmill expect orders=40 rejects=0
finish
