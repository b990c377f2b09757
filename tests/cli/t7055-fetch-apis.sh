#!/bin/sh
# The APIs of servers that others made, by configuration alone: json-server and
# Django REST framework, where they are installed.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=day
servers=
# shellcheck disable=SC2086,SC2154 # numbers of processes; lib.sh's
trap 'kill $servers 2>/dev/null; rm -rf "$scratch"' EXIT
# started FILE PID : it has said so.
started() {
	until grep -q . "$1" 2>/dev/null; do
		kill -0 "$2" || return 1
	done
}
# twice MAP CHANGE... : all orders come; then what was changed, and no more.
twice() {
	name=$1
	shift
	rm -rf day && ordmill init -q
	expect 0 "$name: all pages" ordmill fetch -q --map "$name.yaml"
	expect 0 "$name: are loaded" \
		ordmill ingest -q --inbox --map "$name.yaml"
	expect 0 "$name: again" ordmill fetch --map "$name.yaml"
	check "$name: brings nothing" grep -qx "$name: 0 new documents" out
	check "$name: two orders are changed" "$@"
	expect 0 "$name: that" ordmill fetch --map "$name.yaml"
	check "$name: is a document" grep -q "^$name: 1 new document, " out
	expect 0 "$name: it is loaded" ordmill ingest --inbox --map "$name.yaml"
	check "$name: two are amended" grep -q '^  amended  *2 ' out
	check "$name: the tie beside them is not" grep -q '^  unchanged  *1 ' out
	expect 0 "$name: every order is there" ordmill expect orders=35 rejects=0
}

# json-server 0.17: pages by number, with a Link and X-Total-Count.
change_js() { # SECOND PRICE
	for n in 7 19; do
		curl -sfX PATCH -H 'Content-Type: application/json' -d \
			"{\"updated\": \"2026-11-02T00:00:$1Z\", \"total\": \"$2\",
			\"items\": [{\"sku\": \"POT\", \"qty\": 1, \"price\": \"$2\"}]}" \
			"http://127.0.0.1:$port/orders/$n" || return 1
	done
}
case $(json-server --version 2>/dev/null) in
0.17*)
	for n in $(seq 35); do
		echo "{\"id\": $n, \"number\": \"W-$n\", \"currency\": \"EUR\",
		\"updated\": \"2026-11-02T00:00:$((n + 10))Z\",
		\"total\": \"$n.00\", \"items\": [{\"sku\": \"CUP\", \"qty\": 1,
		\"price\": \"$n.00\"}]},"
	done | sed '1s/^/{"orders": [/; $s/,$/]}/' >db.json
	port=$(python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	setpriv --pdeathsig KILL json-server --host 127.0.0.1 --port "$port" \
		db.json >js.log 2>&1 &
	servers="$servers $!"
	check 'json-server starts' started js.log $!
	until curl -s "http://127.0.0.1:$port/orders/1" >o; do
		kill -0 "${servers##* }" || break
	done
	second=44
	for way in 'kind: link' \
		'kind: page, parameter: _page, total-header: X-Total-Count'; do
		name=js-$(expr "$way" : 'kind: \([a-z]*\)')
		cat >"$name.yaml" <<-EOT
		format: json
		source: http://127.0.0.1:$port/orders
		channel: $name
		columns:
		  reference: number
		  revision: updated
		  currency: currency
		  total: total
		  sku: items[].sku
		  quantity: items[].qty
		  unit_price: items[].price
		http:
		  allow-http: true
		  parameters: {_page: 1}
		  paging: {$way, size: 10, size-parameter: _limit, sort: {_sort: id}}
		  since: {parameter: updated_gte, field: updated}
		EOT
		test "$name" = js-link || sed -i '/parameters:/d' "$name.yaml"
		second=$((second + 1))
		twice "$name" change_js $second $second.00
	done
	;;
*)
	check 'json-server # SKIP it is not installed' true ;;
esac

# Django REST framework: a cursor that is a URL, offsets with a limit, pages.
load_drf() { # FILTER : of the lines of the first state
	sed "$1" first | sed '1s/^/[/; $!s/$/,/; $s/$/]/' |
		curl -sf -H 'Content-Type: application/json' -d @- \
			"http://127.0.0.1:$port/load/"
}
if /usr/bin/python3 -c 'import rest_framework' 2>/dev/null; then
	setpriv --pdeathsig KILL /usr/bin/python3 \
		"$om_root/tests/support/restframework.py" "$PWD" 2>drf.log &
	servers="$servers $!"
	check 'Django REST framework starts' started port $!
	port=$(cat port)
	for n in $(seq 35); do
		echo "{\"number\": \"D-$n\", \"total\": \"$n.00\", \"changed\":
			\"2026-11-02T00:00:$((n + 10))Z\"}" | tr -d '\n\t'
		echo
	done >first
	for way in 'kind: cursor, next: next' \
		'kind: offset, size: 10, size-parameter: limit, total: count, sort: {ordering: id}' \
		'kind: page, size: 10, size-parameter: size, total: count, sort: {ordering: id}'; do
		name=$(expr "$way" : 'kind: \([a-z]*\)')
		cat >"drf-$name.yaml" <<-EOT
		format: json
		source: http://127.0.0.1:$port/$name/
		items: results
		channel: shop
		currency: EUR
		columns: {reference: number, revision: changed, total: total}
		http:
		  allow-http: true
		  paging: {$way}
		  since: {parameter: changed_since, field: changed}
		EOT
		check "drf-$name: the server has orders" load_drf ''
		twice "drf-$name" load_drf \
			'/D-7"/s/7.00.*/47.00","changed":"2026-11-02T00:00:45Z"}/
			/D-19"/s/19.00.*/59.00","changed":"2026-11-02T00:00:45Z"}/'
	done
else
	check 'Django REST framework # SKIP it is not installed' true
fi
finish
