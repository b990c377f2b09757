#!/bin/sh
# Shopify and WooCommerce as they speak, by their profiles; into a store of
# files and into one on a server.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$om_root/tests/support/faults.sh"
# shellcheck source=tests/support/pg.sh
. "$om_root/tests/support/pg.sh"

check 'the server starts' faults_start
printf 'shpat_sesame' >shop.key
printf 'cs_sesame' >woo.key

# shopify NUMBER TOTAL UPDATED ; woo ID TOTAL UPDATED STATUS : orders.
shopify() {
	cat <<-EOT
	{"id": 45078999$1, "name": "#$1", "email": "bob@shop.example",
	"created_at": "2026-11-20T10:00:00+01:00", "updated_at": "$3",
	"cancelled_at": null, "currency": "EUR", "taxes_included": false,
	"total_line_items_price": "$2", "total_discounts": "0.00",
	"total_tax": "0.00", "total_price": "$2", "financial_status": "paid",
	"shipping_lines": [], "line_items": [{"id": 1, "sku": "CUP",
	"quantity": 1, "price": "$2"}]}
	EOT
}
woo() {
	cat <<-EOT
	{"id": $1, "number": "$1", "status": "$4", "currency": "EUR",
	"date_created_gmt": "2026-11-20T09:00:00", "date_modified_gmt": "$3",
	"shipping_total": "0.00", "total": "$2", "total_tax": "0.00",
	"billing": {"email": "ann@shop.example"}, "fee_lines": [],
	"line_items": [{"id": 1, "sku": "POT", "quantity": 1,
	"subtotal": "$2", "total": "$2", "total_tax": "0.00"}]}
	EOT
}
# body TEXT : as a JSON string.
body() { python3 -c 'import json, sys; print(json.dumps(sys.argv[1]))' "$1"; }

cat >config.yaml <<EOT
inbox: inbox
feeds:
  shop:
    profile: shopify
    source: $url/admin/api/2026-10/orders.json
    http: {allow-http: true, auth: {secret: {file: shop.key}}}
  woo:
    profile: woocommerce
    source: $url/wp-json/wc/v3/orders
    http:
      allow-http: true
      auth: {user: ck_1, secret: {file: woo.key}}
      paging: {size: 2}
EOT
export ORDMILL_CONFIG=config.yaml

# round STORE : fetch and load what the shops have, twice.
round() {
	export ORDMILL_STORE="$1"
	rm -rf inbox
	ordmill init -q
	forget
	api=/admin/api/2026-10/orders.json
	first=$(body "{\"orders\": [$(shopify 1 5.00 2026-11-21T10:00:00+01:00),
		$(shopify 2 6.00 2026-11-21T10:00:00+01:00)]}")
	second=$(body "{\"orders\": [$(shopify 3 7.00 2026-11-21T11:00:00+01:00)]}")
	later=$(body "{\"orders\": [$(shopify 3 7.00 2026-11-21T11:00:00+01:00),
		$(shopify 1 5.50 2026-11-22T10:00:00+01:00)]}")
	one=$(body "[$(woo 11 1.00 2026-11-21T10:00:00 processing),
		$(woo 12 2.00 2026-11-21T10:00:01 processing)]")
	two=$(body "[$(woo 13 3.00 2026-11-21T10:00:01 processing)]")
	again=$(body "[$(woo 12 2.00 2026-11-21T10:00:01 processing),
		$(woo 11 1.00 2026-11-22T10:00:00 cancelled)]")
	rest=$(body "[$(woo 13 3.00 2026-11-21T10:00:01 processing)]")
	answers <<-EOT
	{"round": "$1", "$api": [
		{"body": $first, "headers": {
			"X-Shopify-Shop-Api-Call-Limit": "39/40",
			"Link": "<$url$api?limit=250&page_info=abc>; rel=\"next\""}},
		{"body": $second, "headers": {"Link":
			"<$url$api?limit=250&page_info=zzz>; rel=\"previous\""}},
		{"body": $later}],
	 "/wp-json/wc/v3/orders": [
		{"body": $one, "headers": {"X-WP-Total": "3",
			"X-WP-TotalPages": "2"}},
		{"body": $two, "headers": {"X-WP-Total": "3",
			"X-WP-TotalPages": "2"}},
		{"body": $again, "headers": {"X-WP-Total": "3"}},
		{"body": $rest, "headers": {"X-WP-Total": "3"}}]}
	EOT
	expect 0 'both shops' ordmill fetch -q --all
	check 'Shopify is asked with its key' \
		test "$(asked 'X-Shopify-Access-Token": "shpat_sesame')" -eq 2
	check 'for orders of any status' test \
		"$(asked 'orders.json?status=any&limit=250"')" -eq 1
	check 'and the page it points to' test "$(asked 'page_info=abc"')" -eq 1
	check 'WooCommerce by name and password' test "$(asked "Basic $(
		printf ck_1:cs_sesame | base64)")" -eq 2
	check 'sorted by what never changes' test \
		"$(asked 'dates_are_gmt=true&orderby=id&order=asc&per_page=2&page=[12]"')" -eq 2
	expect 0 'loaded' ordmill ingest -q --inbox
	expect 0 'all is there' ordmill expect orders=6 rejects=0
	expect 0 'what has changed since' ordmill fetch -q --all
	check 'is asked for from the last change on' test \
		"$(asked 'updated_at_min=2026-11-21T11:00:00%2B01:00"')" -eq 1
	check 'or a second before' test \
		"$(asked 'modified_after=2026-11-21T10:00:00&page=1"')" -eq 1
	expect 0 'and loaded' ordmill ingest --inbox
	out_is 'in the order in which it came' <<-\EOT
	batch 5: shop/3: 2 rows
	                     orders                EUR
	  read                    2              12.50
	  amended                 1               5.50
	  unchanged               1               7.00
	batch 6: woo/3: 2 rows
	                     orders                EUR
	  read                    2               3.00
	  cancelled               1               1.00
	  unchanged               1               2.00
	EOT
	expect 0 'nothing was lost, nothing is there twice' \
		ordmill expect orders=6 rejects=0
}

round day
if pg_wanted; then
	check 'a PostgreSQL server starts' pg_start
	trap 'kill "$faults_pid" 2>/dev/null; pg_stop; rm -rf "$scratch"' EXIT
	round "$ORDMILL_TEST_PG&schema=shops"
fi
finish
