#!/bin/sh
# Five ways to turn pages; no order is lost or comes in twice, whatever the
# list does meanwhile.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$om_root/tests/support/faults.sh"

export ORDMILL_STORE=day ORDMILL_NOW=2026-11-26T12:00:00Z
check 'the server starts' faults_start
blur() { sed 's,127.0.0.1:[0-9]*,HOST,g; s,[0-9]* ms,N ms,' "$1" >o &&
	mv o "$1"; }
# feed PATH PAGING [SINCE] : shop.yaml.
feed() {
	cat >shop.yaml <<-EOT
	format: json
	source: $url/$1
	items: orders
	channel: shop
	columns: {reference: id, currency: currency, total: total, revision: updated_at}
	http:
	  allow-http: true
	  retry-wait: 1ms
	  paging: {$2}
	EOT
	test -z "${3:-}" || echo "  since: {$3}" >>shop.yaml
}
anew() {
	rm -rf day && ordmill init -q && forget
	echo '{}' | answers
}
fetch() { ordmill fetch --map shop.yaml "$@"; }
load() { ordmill ingest -q --inbox --map shop.yaml; }
stored() { for i in 0 1; do sqlite3 "day/shard-$i.db" \
	'SELECT reference FROM orders'; done | sort -n; }
# holds FROM TO [BUT] : the store has just these.
holds() { seq "$1" "$2" | grep -vx "${3:-none}" >wanted &&
	stored | diff - wanted; }
link='kind: link'
cursor='kind: cursor, parameter: cursor, next: meta.next, more: meta.more'
offset='kind: offset, size: 10, size-parameter: limit, sort: {order: id}'
page='kind: page, size: 10, size-parameter: per_page, sort: {order: id}, total-header: X-WP-Total'
since_id='kind: since-id, size: 10, size-parameter: limit'

orders 1 25
for way in "link?limit=10 $link" "cursor?limit=10 $cursor" "offset $offset" \
	"page $page" "since_id $since_id"; do
	name=${way%%[ ?]*}
	anew
	feed "${way%% *}" "${way#* }"
	expect 0 "$name: three pages" fetch
	check "$name: three documents" grep -q '^shop: 3 new documents, ' out
	check "$name: three requests" test "$(asked)" -eq 3
	expect 0 "$name: loaded" load
	check "$name: all orders are there" holds 1 25
	expect 0 "$name: the same again" fetch
	check "$name: brings nothing" grep -qx 'shop: 0 new documents' out
done

anew
expect 9 'no time at all' fetch --max-duration 1ms
check 'is told' grep -q 'shop: stopped behind 0 pages$' err
expect 0 'time enough, and told line by line' fetch -q --progress lines
blur err
check 'page by page' test "$(grep -c '^ordmill fetch: shop: [123] pages, [123] documents, ' err)" -eq 3
load

# By since_id, the last id is where the next fetch begins.
orders 1 30
forget
expect 0 'since_id: five more' fetch
check 'are asked for alone' grep -q 'limit=10&since_id=25"' "$web/log"
load
check 'and come in' holds 1 30

# Only what has changed; three orders stand at the edge with the same second.
orders 1 25 2026-11-02T00:00:00Z
anew
feed 'link?limit=10' "$link" 'parameter: updated_at_min, field: updated_at'
expect 0 'all orders of one second' fetch
load
orders 1 26 2026-11-02T00:00:00Z
forget
expect 0 'one more of that second' fetch
check 'is asked for from it on' grep -q \
	'updated_at_min=2026-11-02T00:00:00Z' "$web/log"
check 'and one page is new' grep -q '^shop: 1 new document, ' out
load
check 'no tie is lost' holds 1 26
expect 0 'nothing more' fetch
check 'is nothing' grep -qx 'shop: 0 new documents' out
# Changed again within the second: same id, same time, other bytes.
sed 's/"total": "26.00"/"total": "99.00"/' "$web/orders.json" >o &&
	mv o "$web/orders.json"
expect 0 'changed in the same second' fetch
check 'is seen all the same' grep -q '^shop: 1 new document, ' out

# What changes while a walk is on, on a page that was read, bears a time before
# the last one seen: the next walk begins where this one began.
anew
orders 1 25 2099-01-01T00:00:00Z
expect 0 'orders of a time after the walk began' fetch
forget
expect 0 'are' fetch
check 'no place to go on from' test "$(asked updated_at_min)" -eq 0
check 'but are known' grep -qx 'shop: 0 new documents' out

# A server that leaves out what is just as old.
anew
orders 1 25 2026-11-02T00:00:00
feed 'page' "$page" \
	'parameter: modified_after, field: updated_at, exclusive: true'
expect 0 'an exclusive server' fetch
load
orders 1 26 2026-11-02T00:00:00
forget
expect 0 'one more of the same second' fetch
check 'is asked for from a second before' grep -q \
	'modified_after=2026-11-01T23:59:59&page=1' "$web/log"
load
check 'and not lost' holds 1 26

# The list becomes shorter while it is read.
anew
orders 1 25
feed page "$page"
# one FROM TO TOTAL [BUT] : an answer with a page.
one() {
	python3 - "$@" <<-\EOT
	import json, sys
	first, last, total = map(int, sys.argv[1:4])
	but = int(sys.argv[4]) if len(sys.argv) > 4 else 0
	items = [{'id': n, 'updated_at': '2026-11-01T00:00:00Z',
	          'currency': 'EUR', 'total': '%d.00' % n}
	         for n in range(first, last + (2 if but else 1)) if n != but]
	print(json.dumps({'headers': {'X-WP-Total': str(total)},
	                  'body': json.dumps({'orders': items})}))
	EOT
}
answers <<EOT
{"/page": [$(one 1 10 25), $(one 12 21 24), $(one 1 10 24 3),
	$(one 12 21 24), $(one 22 25 24)]}
EOT
expect 0 'a list that becomes shorter' fetch -v
check 'is noticed' grep -qx \
	'ordmill fetch: shop: the list has become shorter; starting over' err
load
check 'and read again: nothing is skipped' holds 1 25
anew
answers <<EOT
{"/page": [$(one 1 10 25), $(one 11 20 24), $(one 1 10 24), $(one 11 20 23),
	$(one 1 10 23), $(one 11 20 22), $(one 1 10 22), $(one 11 20 21)]}
EOT
expect 10 'one that never holds still' fetch
blur err
err_is 'is given up' <<\EOT
ordmill fetch: shop: http://HOST/page?order=id&per_page=10&page=2: the list has become shorter, and did so 4 times: it keeps changing while it is read
EOT
anew
answers <<EOT
{"/page": [$(one 1 10 25), $(one 11 18 25), $(one 1 10 25), $(one 11 20 25),
	$(one 21 25 25)]}
EOT
expect 0 'a page that is short' fetch -v
check 'is read again' grep -q 'a page is shorter than it should be' err
load
check 'with the whole list' holds 1 25

# By offset, without a total: the page hangs together with the one before.
anew
feed offset "$offset"
answers <<EOT
{"/offset": [$(one 1 10 0), $(one 11 20 0), $(one 1 10 0), $(one 10 19 0),
	$(one 19 25 0)]}
EOT
expect 0 'an offset that has slipped' fetch -v
check 'is noticed by the item that two pages share' grep -q \
	'a page does not go on where the last one ended; starting over' err
load
check 'and nothing is skipped' holds 1 25

# Pages that come again.
anew
feed page "$page"
answers <<EOT
{"/page": [$(one 1 10 25)]}
EOT
expect 5 'a page that comes again and again' fetch
blur err
err_is 'ends the fetch' <<\EOT
ordmill fetch: shop: http://HOST/page?order=id&per_page=10&page=2: page 2 repeats an earlier one; see 'day/inbox/shop/bad.body'
EOT
check 'the first is mirrored once' test \
	"$(echo day/inbox/shop/0*.json)" = day/inbox/shop/00000001.json
anew
answers <<EOT
{"/page": [$(one 1 10 25), $(one 10 19 25), $(one 20 25 25)]}
EOT
expect 0 'pages that overlap' fetch --json
check 'are counted' grep -q '"items":"26","known":"0","overlap":"1"' out
load
check 'and do no harm' holds 1 25
feed link "$link"
anew
answers <<EOT
{"/link": [{"headers": {"Link": "</link>; rel=next"},
	"body": "{\"orders\": [{\"id\": 1}]}"}]}
EOT
expect 5 'a page that comes after itself' fetch
check 'ends the fetch' grep -q ': page 1 says that it comes after itself' err
anew
answers <<EOT
{"/link": [{"headers": {"Link": "<ftp://elsewhere/>; rel=next"},
	"body": "{\"orders\": [{\"id\": 1}]}"}]}
EOT
expect 11 'a next page by another scheme' fetch
check 'is not asked for' test "$(asked)" -eq 1

# What is no page.
anew
feed cursor "$cursor"
answers <<EOT
{"/cursor": [{"body": "<html>sorry</html>"}, {"body": "{\"orders\": [{"}]}
EOT
expect 5 'a page that is no JSON' fetch
check 'is told' grep -q ': it is no JSON, which paging and .since. need; see' err
expect 5 'one that is cut off' fetch
check 'is told with its place' grep -q 'cursor: line 1, byte ' err
check 'neither is mirrored' test ! -e day/inbox/shop/00000001.json

# The place where a walk was left may be gone; then it begins anew.
anew
feed link "$link"
answers <<EOT
{"/link": [{"headers": {"Link": "</gone>; rel=next"},
	"body": "{\"orders\": [{\"id\": 1}]}"}, $(one 1 5 5)], "/gone": [
	{"status": 500}, {"status": 500}, {"status": 500}, {"status": 500},
	{"status": 500}, {"status": 500}, {"status": 410}]}
EOT
expect 10 'a walk that was interrupted' fetch
expect 0 'goes on where it was' fetch -v
check 'if it can' grep -q '/gone: 410 Gone; starting over$' err
check 'else from the start' grep -qx 'shop: 1 new document, .*, resumed' out
finish
