# shellcheck shell=sh disable=SC2154
# ingest.sh - input A, both kinds of reference, into an empty store, against
# loaders of a keyed table and the bare loop.

# Which input is being loaded: growing or random.
ingest_turn() {
	fresh store
	timed "ours.ingest.$kind" ordmill ingest -s store --feed canonical \
		"$kind/orders.csv"
	rm -f sqlite.db bare.0* bare.1* duck.db*
	timed "sqlite.$kind" sqlite3 sqlite.db "$(for_sqlite "$flat_table")" \
		".import --csv --skip 1 $kind/orders.csv orders"
	timed "bare.$kind" bare "$kind/orders.csv" bare.0 bare.1
	! has_duckdb || duckdb "duck.$kind" duck.db "$flat_table" \
		"INSERT OR IGNORE INTO orders
		SELECT * FROM read_csv('$kind/orders.csv')"
}

ingest_same() {
	quietly ordmill expect -s store "orders=$orders"
	same 'sqlite3 .import' "$orders" \
		"$(in_all 'SELECT count(*) FROM orders' sqlite.db)"
	same 'the bare loop' "$orders" "$(in_all \
		'SELECT count(*) FROM orders' bare.0 bare.1)"
	! has_duckdb || {
		duckdb count duck.db 'SELECT count(*) FROM orders'
		same DuckDB "$orders" "$(cat answer)"
	}
}

for kind in random growing; do
	flat $kind >made
	rounds "ingest $kind" ingest_turn
	ingest_same
	at_rate "ingest, $kind: ordmill" "$orders" ours.ingest.$kind 1000000
	against '  sqlite3 .import' "$orders" sqlite.$kind ours.ingest.$kind \
		'>=' 12
	if has_duckdb; then
		against '  DuckDB INSERT OR IGNORE' "$orders" duck.$kind \
			ours.ingest.$kind '>=' 4
	else
		skipped '  DuckDB INSERT OR IGNORE' 'not installed'
	fi
	against '  the bare loop' "$orders" bare.$kind ours.ingest.$kind '>=' 0.8
done
rm -rf store sqlite.db bare.0* bare.1* duck.db*
