# shellcheck shell=sh disable=SC2154
# documents.sh - input B, orders with lines: TPC-H, two files.

documents_turn() {
	fresh store
	timed ours.tpch ordmill ingest -s store --feed tpch orders.tbl \
		lineitem.tbl
	rm -f sqlite.db duck.db*
	timed sqlite.tpch sqlite3 sqlite.db "$(for_sqlite "$tpch_orders")" \
		"$(for_sqlite "$tpch_lines")" '.mode list' '.separator |' \
		'.import orders.tbl orders' '.import lineitem.tbl lineitem'
	! has_duckdb || duckdb duck.tpch duck.db "$tpch_orders" "$tpch_lines" \
		"INSERT OR IGNORE INTO orders
		SELECT * FROM read_csv('orders.tbl', delim='|', header=false)" \
		"INSERT OR IGNORE INTO lineitem
		SELECT * FROM read_csv('lineitem.tbl', delim='|', header=false)"
}

documents_same() {
	quietly ordmill expect -s store orders=150000 lines=600572
	same 'sqlite3 .import' 600572 \
		"$(in_all 'SELECT count(*) FROM lineitem' sqlite.db)"
	! has_duckdb || {
		duckdb count duck.db 'SELECT count(*) FROM lineitem'
		same DuckDB 600572 "$(cat answer)"
	}
}

tpch=${ORDMILL_CORPUS:+$ORDMILL_CORPUS/tpch-sf0.1}
if test -z "$tpch" || ! test -d "$tpch"; then
	skipped 'ingest, TPC-H 0.1: ordmill' 'no $ORDMILL_CORPUS/tpch-sf0.1'
else
	gzip -dc "$tpch/orders.tbl.gz" >orders.tbl
	gzip -dc "$tpch/lineitem.tbl.gz" >lineitem.tbl
	rounds documents documents_turn
	documents_same
	row 'ingest, TPC-H 0.1: ordmill' 150000 ours.tpch
	against '  sqlite3 .import' 150000 sqlite.tpch ours.tpch '>=' 4
	if has_duckdb; then
		against '  DuckDB INSERT OR IGNORE' 150000 duck.tpch ours.tpch \
			'>=' 2.4
	else
		skipped '  DuckDB INSERT OR IGNORE' 'not installed'
	fi
	rm -rf store sqlite.db duck.db* orders.tbl lineitem.tbl
fi
