#!/bin/sh
# A store's orders against a statement that should have paid them.
. "$(dirname "$0")/lib.sh"

expect 0 'orders and a statement' ordmill gen --orders 2000 --breaks 24 d
expect 0 'a store' ordmill init -s S --shards 3
expect 0 'with the orders' ordmill ingest -s S d/orders.csv
expect 0 'finds exactly the planted breaks' ordmill reconcile -s S \
	store:orders d/statement.csv --key reference --compare amount \
	--answers d/answers.csv
expect 1 'which are breaks' ordmill reconcile -s S store:orders \
	d/statement.csv --key channel,reference --compare amount --json
check 'all of them' grep -q '"new":"24","cleared":"0","closing":"24"' out
check 'of all the orders' grep -q '"left":{"name":"store:orders","rows":"2000"' out
check 'a store has no file hash' sh -c '! grep -q "\"rows\":\"2000\",\"unreadable\":\"0\",\"bytes\"" out'
expect 1 'the other way round' ordmill reconcile -s S d/statement.csv \
	store:orders --key reference --compare amount --json
check 'as many' grep -q '"closing":"24"' out
expect 0 'the store against itself' ordmill reconcile -s S store:orders \
	store:orders --key channel,reference \
	--compare total,tax,paid,customer,placed_at,state
expect 2 'an unknown query' ordmill reconcile -s S store:oders x.csv --key id
err_is 'is told the known ones' <<'END'
ordmill reconcile: no 'store:oders'; did you mean 'store:orders'?
END
expect 6 'no store there' ordmill reconcile -s T store:orders d/statement.csv \
	--key reference
finish
