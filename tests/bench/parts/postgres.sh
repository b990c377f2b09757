# shellcheck shell=sh disable=SC2154
# postgres.sh - input A into a local server, against \copy into a keyed table.

# shellcheck source=tests/support/pg.sh
. "$bench/../support/pg.sh"

pg_sql() { quietly psql -XAtq "$ORDMILL_TEST_PG" -c "$1"; }

postgres_turn() {
	quietly ordmill init -s "$ORDMILL_TEST_PG&schema=bench$round" --shards 2
	timed ours.postgres ordmill ingest \
		-s "$ORDMILL_TEST_PG&schema=bench$round" --feed canonical \
		random/orders.csv
	quietly ordmill expect -s "$ORDMILL_TEST_PG&schema=bench$round" \
		"orders=$orders"
	for schema in "bench$round" "bench${round}_shard_0" \
		"bench${round}_shard_1"; do
		pg_sql "DROP SCHEMA $schema CASCADE"
	done
	pg_sql "DROP TABLE IF EXISTS orders"
	pg_sql "$flat_table"
	timed psql psql -Xq "$ORDMILL_TEST_PG" -c \
		'\copy orders from random/orders.csv csv header'
}

if pg_wanted && pg_start; then
	trap 'set +e; pg_stop; rm -rf "$scratch"' EXIT
	flat random >made
	rounds postgres postgres_turn
	same 'psql \copy' "$orders" "$(psql -XAtq "$ORDMILL_TEST_PG" \
		-c 'SELECT count(*) FROM orders')"
	row 'ingest, PostgreSQL, random: ordmill' "$orders" ours.postgres
	against '  psql \copy' "$orders" psql ours.postgres '>=' 1.5
	pg_stop || :
else
	skipped 'ingest, PostgreSQL, random: ordmill' 'no server'
fi
