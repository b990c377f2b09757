# shellcheck shell=sh disable=SC2154
# pass.sh - a pass over a loaded store, against the statement that it replaces
# on a copy of the same files: an UPDATE per shard, both at once.

# The conditions of validate; states as in ordmill-schema(7).
pass_sql="PRAGMA cache_size = -65536;
UPDATE order_rows SET state = CASE
	WHEN line_count > 0 AND abs(subtotal_minor - (SELECT sum(l.total_minor)
		FROM order_lines l WHERE l.order_id = order_rows.id))
		> line_count THEN 1
	WHEN abs(total_minor - (subtotal_minor - discount_minor + shipping_minor
		+ (1 - tax_included) * tax_minor)) > line_count + 1 THEN 1
	WHEN total_minor < 0 THEN 1
	WHEN placed_at > unixepoch() + 86400 THEN 1
	ELSE 2 END
WHERE state = 0 AND until_batch = 0"
export pass_sql

pass_turn() {
	rm -rf store copy
	cp -R loaded store
	cp -R loaded copy
	timed ours.pass ordmill run -s store validate
	timed update sh -c 'sqlite3 copy/shard-0.db "$pass_sql" &
		first=$!
		sqlite3 copy/shard-1.db "$pass_sql" && wait $first'
}

flat random >made
fresh loaded
quietly ordmill ingest -s loaded --feed canonical random/orders.csv
rounds pass pass_turn
same 'the UPDATE' "$orders" "$(in_all 'SELECT count(*) FROM order_rows
	WHERE state = 2' copy/shard-0.db copy/shard-1.db)"
row 'run validate: ordmill' "$orders" ours.pass
against '  the UPDATE that it replaces' "$orders" update ours.pass '>=' 0.5
rm -rf store copy loaded
