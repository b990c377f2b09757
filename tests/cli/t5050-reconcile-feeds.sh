#!/bin/sh
# A side read by a feed: many rows per order, columns of its own, real exports.
. "$(dirname "$0")/lib.sh"

expect 0 'orders with lines and a statement' ordmill gen --orders 800 \
	--breaks 12 d
expect 0 'by their feeds, without a store' ordmill reconcile d/orders.csv \
	d/statement.csv --feed-left canonical --feed-right payments \
	--key reference --compare amount --answers d/answers.csv
check 'every order once' grep -qx '  left      d/orders.csv: 800 rows, .*' out

awk -F, -v OFS=, 'NR == 2 { $13 = "oops" } 1' d/orders.csv >bad.csv
expect 1 'an order that the feed would quarantine' ordmill reconcile bad.csv \
	d/orders.csv --feed-left canonical --feed-right canonical \
	--key reference --compare total --format csv
check 'is one break' test "$(wc -l <out)" -eq 2
check 'of class data, with its partner' grep -q '^data,SO0000000001,,[0-9.]*,' out
check 'and its line and reason' grep -q ",3,2,total '[0-9.]*' but .* says 'oops'$" out

expect 2 'a feed of two files' ordmill reconcile a b --key reference \
	--feed-left tpch
err_is 'needs a store' <<'END'
ordmill reconcile: feed 'tpch' reads 2 files at once: ingest them, and reconcile store:orders
END
expect 2 'a query' ordmill reconcile store:orders b --key reference \
	--feed-left canonical
err_is 'is no file' <<'END'
ordmill reconcile: 'store:orders' is not read by a feed
END
expect 4 'a missing file' ordmill reconcile nope.csv d/orders.csv \
	--feed-left canonical --key reference

if test -n "${ORDMILL_CORPUS:-}"; then
	shop=$ORDMILL_CORPUS/shopify/orders_export_pseudonymised.csv
	cat >bank.csv <<'END'
order,amount
END
	expect 1 "a shop's export" ordmill reconcile "$shop" bank.csv \
		--feed-left shopify --key reference --map reference=order \
		--compare total --map total=amount --currency EUR --json
	check 'has seven orders and their total' grep -q \
		'"missing_right":{"count":"7","amount":{"EUR":"2093.85"}}' out
fi
finish
