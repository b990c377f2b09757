#!/bin/sh
# Killed before, in and after any page, fetch goes on: every order comes in
# once, and no page is asked for more than once more than needed.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$om_root/tests/support/faults.sh"

export ORDMILL_STORE=day
check 'the server starts' faults_start
pages=4 i=0
orders 1 40
cat >shop.yaml <<EOT
format: json
source: $url/link?limit=10
items: orders
channel: shop
columns: {reference: id, currency: currency, total: total, revision: updated_at}
http:
  allow-http: true
  paging: {kind: link}
  since: {parameter: updated_at_min, field: updated_at}
EOT

# victim COMMAND... : runs as itself, so that the server can kill it.
victim() {
	# shellcheck disable=SC2154 # faults.sh's
	sh -c 'echo $$ >"$0" && exec "$@"' "$web/victim" "$@" >/dev/null 2>&1
}

for when in before middle after; do
	for page in 2 4; do
		name="page $page, $when"
		rm -rf day && ordmill init -q && forget
		echo "{\"page\": $page, \"when\": \"$when\", \"x\": $((i += 1))}" \
			>"$web/kill.json"
		victim ordmill fetch --map shop.yaml
		check "$name: killed" test $? -eq 137
		rm "$web/kill.json"
		expect 0 "$name: goes on" ordmill fetch -q --map shop.yaml
		check "$name: asked for one page more at most" \
			test "$(asked .)" -le $((pages + 1))
		check "$name: all pages are there, once" test \
			"$(echo day/inbox/shop/0*.json | wc -w)" -eq $pages
		expect 0 "$name: loaded" ordmill ingest -q --inbox --map shop.yaml
		expect 0 "$name: every order once" ordmill expect orders=40 rejects=0
		expect 0 "$name: nothing is new" \
			ordmill fetch --map shop.yaml
		check "$name: and it is told" grep -qx 'shop: 0 new documents' out
	done
done
finish
