#!/bin/sh
# The same evidence on a real PostgreSQL server.
. "$(dirname "$0")/lib.sh"
# shellcheck source=../support/pg.sh
. "$om_root/tests/support/pg.sh"

if ! pg_wanted; then
	echo '1..0 # SKIP ORDMILL_SKIP_PG'
	exit 0
fi
pg_start || exit 1
store="$ORDMILL_TEST_PG&schema=shop"

# sql STATEMENT: behind the store's back.
sql() { psql -q -X -v ON_ERROR_STOP=1 -d "$ORDMILL_TEST_PG" -c "$1" >sql.log; }

# spoiled TITLE SQL UNDO PATTERN: verify says so, until it is undone.
spoiled() {
	check "$1: done" sql "$2"
	expect 1 "$1: found" ordmill audit verify -s "$store"
	check "$1: said where" grep -Eq "$4" out
	check "$1: undone" sql "$3"
}

expect 0 'orders are made' ordmill gen --orders 300 --breaks 6 .
expect 0 'a key is made' ordmill audit keygen shop.example shop.key
expect 0 'a store is made' \
	ordmill init -q -s "$store" --shards 2 --key shop.key
expect 0 'an empty store verifies' ordmill audit verify -s "$store"
expect 0 'orders are loaded' ordmill ingest -q -s "$store" orders.csv
expect 0 'and validated' ordmill run -q -s "$store"
sed -n '1p; /^order,web,SO00000000[0-3]/s/^\([^,]*,[^,]*,[^,]*\),1,/\1,2,/p' \
	orders.csv >amended.csv
expect 0 'some are amended' ordmill ingest -q -s "$store" amended.csv
expect 0 'payments are loaded' ordmill ingest -q -s "$store" --feed payments \
	statement.csv
expect 0 'and settled' ordmill run -q -s "$store"
expect 0 'the store verifies' ordmill audit verify -s "$store" --key shop.pub
check 'signed' grep -q 'checkpoints signed$' out
expect 0 'an order is proved' \
	ordmill audit prove -s "$store" -o one.proof web/SO0000000001
expect 0 'the proof convinces' \
	sh "$om_root/scripts/verify-proof.sh" one.proof shop.pub
expect 0 'so does that of its last event' \
	ordmill audit prove -s "$store" --event -o two.proof web/SO0000000001
expect 0 'without the store' \
	sh "$om_root/scripts/verify-proof.sh" two.proof shop.pub

# The schemas of the shards, from the server.
shard=$(psql -q -X -A -t -d "$ORDMILL_TEST_PG" -c "SELECT min(table_schema)
	FROM information_schema.tables WHERE table_name = 'order_rows'")
one="id = (SELECT min(id) FROM $shard.order_rows)"
spoiled 'an amount changed' \
	"UPDATE $shard.order_rows SET total_minor = total_minor + 1 WHERE $one" \
	"UPDATE $shard.order_rows SET total_minor = total_minor - 1 WHERE $one" \
	"^shard 0: order 'web/SO[0-9]+': the order's row is not what leaf [0-9]+ sealed$"
spoiled 'a state changed' \
	"UPDATE $shard.order_rows SET state = state + 1 WHERE $one" \
	"UPDATE $shard.order_rows SET state = state - 1 WHERE $one" \
	"^shard 0: order 'web/SO[0-9]+': its state is"
spoiled 'a slot changed' \
	"UPDATE $shard.order_rows SET slot = slot + 1 WHERE $one" \
	"UPDATE $shard.order_rows SET slot = slot - 1 WHERE $one" \
	"^shard 0: order 'web/SO[0-9]+': its row says slot"
spoiled 'an event removed' \
	"CREATE TABLE $shard.kept AS SELECT * FROM $shard.events
		ORDER BY leaf LIMIT 1;
	DELETE FROM $shard.events WHERE leaf IN (SELECT leaf FROM $shard.kept)" \
	"INSERT INTO $shard.events SELECT * FROM $shard.kept;
	DROP TABLE $shard.kept" \
	"^shard 0: order 'web/SO[0-9]+': event [0-9]+ is missing$"
expect 0 'then it verifies again' ordmill audit verify -s "$store"

finish
