# shellcheck shell=sh disable=SC2154
# reconcile.sh - two files, row by row, against a full outer join. The join
# counts what differs; it does not see payments that came twice, says nothing
# of money and lists nothing.

reconcile_turn() {
	timed ours.reconcile ordmill reconcile random/orders.csv \
		random/statement.csv --key reference --compare total \
		--map total=amount --answers random/answers.csv
	! has_duckdb || duckdb duck.join :memory: "SELECT count(*)
		FROM read_csv('random/orders.csv',
			types={'total': 'DECIMAL(18,3)'}) o
		FULL JOIN read_csv('random/statement.csv',
			types={'amount': 'DECIMAL(18,3)'}) s
		ON o.reference = s.reference
		WHERE o.total IS NULL OR s.amount IS NULL
		OR o.total <> s.amount OR o.currency <> s.currency"
}

flat random >made
rounds reconcile reconcile_turn
row 'reconcile two files: ordmill' "$orders" ours.reconcile
if has_duckdb; then
	same 'DuckDB' "$(sed 1d random/answers.csv | grep -vc '^duplicate')" \
		"$(cat answer)"
	against '  DuckDB full outer join' "$orders" duck.join ours.reconcile \
		'>=' 1.5
else
	skipped '  DuckDB full outer join' 'not installed'
fi
