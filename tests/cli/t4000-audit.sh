#!/bin/sh
# Whatever is changed in a store behind its back, `audit verify` says so, and
# says where.
. "$(dirname "$0")/lib.sh"

# copy: a store to spoil, as good as the first.
copy() { rm -rf bad && cp -r good bad; }

# spoil DB SQL: change the copy.
spoil() { sqlite3 "bad/$1.db" "$2" >spoil.log 2>&1 || cat spoil.log >&2; }

# found TITLE PATTERN: verify exits 1 and says a line like it.
found() {
	expect 1 "$1" ordmill audit verify -s bad
	check "$1: said where" grep -Eq "$2" out
	check "$1: said on standard output only" test ! -s err
}

# columns DB TABLE: name and type of each.
columns() {
	sqlite3 "good/$1.db" "SELECT name || ' ' || lower(type)
		FROM pragma_table_info('$2')"
}

# change TYPE COLUMN: an expression with another value.
change() {
	case $1,$2 in
	text,*) echo "$2 || 'x'" ;;
	*,id | *,order_id) echo "$2 + 100000" ;; # ids have neighbours
	*) echo "$2 + 1" ;;
	esac
}

expect 0 'orders are made' ordmill gen --orders 300 --breaks 6 .
expect 0 'a store is made' ordmill init -s good --shards 2
expect 0 'an empty store verifies' ordmill audit verify -s good
out_is 'with the root of nothing' <<\EOT
ok: 0 leaves, 0 journal entries, 0 checkpoints signed
root 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
EOT
expect 4 'it has no checkpoint' ordmill audit checkpoint -s good
err_is 'and says so' <<\EOT
ordmill audit checkpoint: store 'good' has no checkpoint yet
EOT
expect 0 'its journal is empty' ordmill audit log -s good
check 'to the byte' test ! -s out
expect 0 'also as JSON' ordmill audit log -s good --json
out_is 'which has its frame' <<\EOT
{"schema":"ordmill.audit-log/1","entries":[]}
EOT

expect 0 'orders are loaded' ordmill ingest -q -s good orders.csv
expect 0 'a checkpoint is kept elsewhere' \
	ordmill audit checkpoint -s good -o first.note
cp -r good early
expect 0 'orders are validated' ordmill run -q -s good validate
sed -n '1p; /^order,web,SO00000000[0-3]/s/^\([^,]*,[^,]*,[^,]*\),1,/\1,2,/p' \
	orders.csv >amended.csv
expect 0 'some are amended' ordmill ingest -q -s good amended.csv
expect 0 'payments are loaded' ordmill ingest -q -s good --feed payments \
	statement.csv
expect 0 'and settled' ordmill run -q -s good
expect 0 'the store verifies' ordmill audit verify -s good
check 'signed' grep -q 'checkpoints signed$' out
expect 0 'as JSON too' ordmill audit verify -s good --json
check 'which says ok' grep -Eq '^\{"schema":"ordmill.audit-verify/1","ok":true,"size":"[0-9]+","root":"[^"]{44}","checked":"[0-9]+","pending":"0","checkpoints":"[0-9]+","signed":true,"flaw_count":"0","flaws":\[\]\}$' out
ordmill audit verify -q -s good >out
check 'silent with --quiet' test ! -s out
expect 0 'it continues the checkpoint that was kept' \
	ordmill audit verify -s good --checkpoint first.note
check 'amended orders are there' test "$(sqlite3 good/shard-0.db \
	'SELECT count(*) > 0 FROM order_rows WHERE prev_id <> 0')" -eq 1
check 'payments were applied' test "$(sqlite3 good/shard-0.db \
	'SELECT count(*) > 0 FROM payments WHERE apply_leaf <> 0')" -eq 1

# One value in one row of every table that a leaf or an event speaks of.
for table in order_rows line_rows payments events; do
	columns shard-1 $table >list
	check "$table has columns" test -s list
	while read -r column type <&3; do
		copy
		spoil shard-1 "UPDATE $table SET $column = $(change "$type" \
			"$column") WHERE rowid = (SELECT max(rowid) FROM $table)" \
			2>/dev/null
		[ ! -s spoil.log ] || {
			key=$(sqlite3 bad/shard-1.db "SELECT group_concat(name)
				FROM pragma_table_info('$table') WHERE pk > 0")
			spoil shard-1 "UPDATE $table SET $column = $(change \
				"$type" "$column") WHERE ($key) =
				(SELECT $key FROM $table ORDER BY $key DESC
				LIMIT 1)"
		}
		found "$table.$column" "^shard 1: order 'webx?/SO[0-9]*x?': "
	done 3<list
done

# A column of integers takes a fraction, which cut off would be what it was.
for change in order_rows.total_minor order_rows.state order_rows.until_batch \
	order_rows.line_count payments.amount_minor \
	events.to_state events.prev_leaf; do
	copy
	column=${change#*.}
	spoil shard-1 "UPDATE ${change%.*} SET $column = $column + 0.5
		WHERE $column = (SELECT max($column) FROM ${change%.*})"
	found "half of one in $change" "^shard 1: .*column '$column' holds '[0-9.]*', which is no integer$"
done
copy
spoil catalog 'UPDATE batch_books SET orders = orders + 0.5'
found 'half an order in the books' "^journal: batch 1: its EUR.created is '.*\.5 "

# Rows of a superseded revision and of a cancelled one are looked at, too.
copy
spoil shard-0 'UPDATE order_rows SET until_batch = 0 WHERE id =
	(SELECT min(id) FROM order_rows WHERE until_batch <> 0)'
found 'a superseded revision brought back' 'superseded it, its row says 0$'
copy
spoil shard-0 'UPDATE order_rows SET until_batch = 2 WHERE id =
	(SELECT min(id) FROM order_rows WHERE until_batch = 0)'
found 'a revision ended by none' 'superseded it, 0 revisions did$'
copy
spoil shard-0 'UPDATE order_rows SET last_leaf = 0, state = 0,
	paid_minor = 0, refunded_minor = 0 WHERE until_batch = 0 AND id =
	(SELECT min(id) FROM order_rows WHERE last_leaf <> 0 AND prev_id = 0
	AND until_batch = 0)'
found 'an order set back to its start' 'events are stored, orders lead to'

# Whole rows.
copy
spoil shard-0 'DELETE FROM events WHERE leaf = (SELECT max(leaf) FROM events)'
found 'an event removed' "^shard 0: order 'web/SO[0-9]*': event [0-9]* is missing$"
check 'and its leaf is left over' grep -Eq '^shard 0: leaf [0-9]+ has no row$' out
copy
spoil shard-0 'INSERT INTO events SELECT leaf + 1000, slot, order_id,
	prev_leaf, run, pass, kind, from_state, to_state, amount_minor, reason
	FROM events LIMIT 1'
found 'an event inserted' '^shard 0: [0-9]+ events are stored, [0-9]+ of them where they belong$'
copy
spoil shard-0 'CREATE TABLE one AS SELECT min(id) AS id FROM order_rows;
	DELETE FROM order_rows WHERE id IN one;
	DELETE FROM line_rows WHERE id IN one; DROP TABLE one'
found 'an order removed' '^shard 0: leaf [0-9]+ has no row$'
copy
spoil shard-0 'CREATE TABLE two AS SELECT id, total_minor FROM order_rows
	WHERE id IN ((SELECT min(id) FROM order_rows),
		(SELECT max(id) FROM order_rows));
	UPDATE order_rows SET total_minor = (SELECT t.total_minor FROM two t
		WHERE t.id <> order_rows.id) WHERE id IN (SELECT id FROM two);
	DROP TABLE two'
found 'two amounts swapped' "^shard 0: order 'web/SO[0-9]*': the order's row is not what leaf [0-9]+ sealed$"
check 'and both are named' test "$(grep -c "the order's row is not" out)" -eq 2
copy
spoil shard-0 'INSERT INTO line_rows SELECT id + 100000, slot, lines
	FROM line_rows LIMIT 1'
found 'lines of no order' '^shard 0: (lines of id [0-9]+ belong to no order|[0-9]+ rows of lines are stored, [0-9]+ of them where they belong)$'
copy
spoil shard-0 "UPDATE line_rows SET lines = '[]' WHERE id = (SELECT min(id) FROM line_rows)"
found 'lines taken away' "^shard 0: order '[^']*': the order's row is not what leaf [0-9]+ sealed$"
copy
spoil shard-0 "UPDATE line_rows SET lines = replace(lines, ',', ', ') WHERE id = (SELECT min(id) FROM line_rows)"
found 'a blank among the lines' "^shard 0: order '[^']*': the row has values that no order has$"

# The index of keys: what is wrong in it hides an order that is there.
# broken TITLE SQL SAID: verify exits 1 and says so of shard 0.
broken() {
	copy
	spoil shard-0 "$2"
	expect 1 "$1" ordmill audit verify -s bad
	check "$1: said where" grep -Fqx "shard 0: $3" out
}
first='WHERE page = (SELECT min(page) FROM key_pages)'
broken 'the id of a key changed' "UPDATE key_pages SET entries =
	CAST(substr(entries, 1, length(entries) - 1) || X'FF' AS blob) $first" \
	'run 1 of the keys: its bounds are not those of its entries'
broken 'a key changed' "UPDATE key_pages SET entries = CAST(substr(entries, 1,
	15) || X'00' || substr(entries, 17) AS blob) $first" \
	'the table of keys is not that of the order rows'
broken 'keys out of order' "UPDATE key_pages SET entries = CAST(X'7F' ||
	substr(entries, 2) AS blob) $first" \
	'run 1 of the keys: a key is out of its bounds'
broken 'a page cut' "UPDATE key_pages SET entries = substr(entries, 15) $first" \
	'page 0 of run 1 of the keys has 2184 bytes, not 2198'
broken 'a page removed' "DELETE FROM key_pages $first" \
	'page 0 of run 1 of the keys has 0 bytes, not 2198'
broken 'a page too many' "INSERT INTO key_pages
	SELECT page + 1, entries FROM key_pages $first" \
	'3 pages of keys are stored, 2 of them in runs'
broken 'a mark changed' "UPDATE key_marks SET marks = CAST(substr(marks, 1,
	length(marks) - 1) || X'00' AS blob)" \
	'run 1 of the keys: its marks are not those of its entries'
broken 'marks cut' 'UPDATE key_marks SET marks = substr(marks, 1,
	length(marks) - 2)' \
	'marks 0 of run 1 of the keys do not fit'
broken 'marks removed' 'DELETE FROM key_marks' \
	'run 1 of the keys: it has no marks'
broken 'marks too many' 'INSERT INTO key_marks
	SELECT part + (1 << 30), marks FROM key_marks LIMIT 1' \
	'3 parts of marks of keys are stored, 2 of them in runs'
broken 'a lower bound lowered' 'UPDATE key_runs SET low_key = low_key - 1' \
	'run 1 of the keys: its bounds are not those of its entries'
broken 'a lower bound raised' 'UPDATE key_runs SET low_key = low_key + 1' \
	'run 1 of the keys: a key is out of its bounds'
broken 'an upper bound lowered' 'UPDATE key_runs SET high_key = high_key - 1' \
	'run 1 of the keys: a key is out of its bounds'
broken 'an upper bound raised' 'UPDATE key_runs SET high_key = high_key + 1' \
	'run 1 of the keys: its bounds are not those of its entries'
broken 'an id beyond those there are' 'UPDATE key_runs SET max_id = max_id + 1' \
	'run 1 of the keys: its bounds are not those of its entries'
broken 'a run said to be empty' 'UPDATE key_runs SET entries = 0' \
	'run 1 of the keys: its row has bad numbers'
broken 'a run said to be large' 'UPDATE key_runs SET entries =
	entries + 1000000000' \
	'page 862069 of run 1 of the keys has 0 bytes, not 1638'
broken 'a run removed' 'DELETE FROM key_runs WHERE run = 1' \
	'2 pages of keys are stored, 1 of them in runs'
broken 'a number that is to be used again' 'UPDATE key_head SET next_run = 1' \
	'run 1 of the keys: its row has bad numbers'
broken 'no head' 'DELETE FROM key_head' \
	'key_head is empty'

# The logs themselves.
copy
spoil shard-1 'UPDATE log_tiles SET hashes = zeroblob(32)'
found 'a log cut' '^shard 1: log (tile|has) '
copy
spoil shard-1 "UPDATE log_tiles SET hashes = CAST(X'00' ||
	substr(hashes, 2) AS blob) WHERE level = 0 AND tile = 0"
found 'a leaf rewritten' "^shard 1: order 'web/SO[0-9]*': "
copy
cp early/shard-1.db bad/shard-1.db
rm -f bad/shard-1.db-*
found 'a shard replaced by an older copy' '^shard 1: log has [0-9]+ leaves, not [0-9]+$'
copy
spoil catalog 'UPDATE journal SET record = CAST(record || 0 AS blob) WHERE leaf = 1'
found 'an entry changed' '^journal: entry 1 is not what its leaf sealed$'
copy
spoil catalog 'DELETE FROM journal WHERE leaf = 1'
found 'an entry removed' '^journal: entry 1 is missing$'
copy
spoil catalog 'DELETE FROM checkpoints WHERE size =
	(SELECT max(size) FROM checkpoints)'
found 'the newest checkpoint removed' '^journal: the newest checkpoint is of [0-9]+ entries, the journal has [0-9]+$'
copy
spoil catalog "UPDATE checkpoints SET note = replace(note, 'ordmill/', 'ordmi11/')
	WHERE size = 1"
found 'a checkpoint changed' "^journal: checkpoint 1: "
copy
spoil catalog 'UPDATE shard_heads SET size = size - 1 WHERE shard = 1'
found 'a head changed' '^journal: the head of shard 1 is not what the newest entry says$'

copy
spoil catalog 'INSERT INTO journal SELECT max(leaf) + 1, record FROM journal'
found 'an entry added' '^journal: entry [0-9]+ is not in the log$'
copy
spoil catalog 'DELETE FROM journal WHERE leaf = (SELECT max(leaf) FROM journal)'
found 'the last entry removed' '^journal: the journal has [0-9]+ entries, its log [0-9]+$'
copy
spoil catalog 'UPDATE checkpoints SET size = 99 WHERE size =
	(SELECT max(size) FROM checkpoints)'
found 'a checkpoint under another size' '^journal: checkpoint 99 is of [0-9]+ entries$'
copy
spoil catalog 'DELETE FROM shard_heads'
found 'heads removed' '^journal: the heads of 2 shards are missing$'
copy
spoil catalog "UPDATE meta SET value = 'x' || value WHERE name = 'vkey'"
found 'the key of the store changed' "^journal: the store's verifier key: key 'x.*' does not have the id it states$"
copy
spoil catalog "UPDATE meta SET value = 'x' || value WHERE name = 'origin'"
found 'the name of the store changed' "^journal: checkpoint 1 is of 'ordmill/[0-9a-f]+', this store is 'xordmill/"
copy
spoil shard-0 'DELETE FROM events'
found 'all events removed' '^shard 0: leaves [0-9]+ to [0-9]+ have no rows$'

# Books in the catalog.
for change in \
	'batch_books.orders' 'batch_books.amount_minor' 'batch_books.outcome' \
	'batches.feed' 'batches.source' 'batches.sha256' 'batches.rows_read' \
	'batches.state' 'run_books.orders' 'run_books.outcome'; do
	copy
	table=${change%.*} column=${change#*.}
	spoil catalog "UPDATE $table SET $column = CASE typeof($column)
		WHEN 'text' THEN $column || 'x' ELSE $column + 1 END
		WHERE rowid = (SELECT min(rowid) FROM $table)"
	found "$change" '^journal: (batch|run) [0-9]+[: ]'
done
copy
spoil catalog "DELETE FROM batch_books WHERE outcome = 'created'"
found 'a row of the books removed' '^journal: batch 1: its books have [0-9]+ rows, entry 0 has [0-9]+$'
copy
spoil catalog "INSERT INTO batches SELECT 99, feed, kind, source, 'x', bytes,
	state, plan, parent, rows_read, started_at, finished_at, reason
	FROM batches WHERE batch = 1"
found 'a batch inserted' '^journal: 4 batches are published, entries speak of 3$'

# A store that is older, or another one, as a whole: only a checkpoint that
# was kept elsewhere tells.
ordmill audit checkpoint -s good -o now.note
expect 0 'an older copy of everything is consistent' \
	ordmill audit verify -s early
expect 1 'but not with what was kept' \
	ordmill audit verify -s early --checkpoint now.note
check 'and says so' grep -Eq '^journal: the checkpoint that was given is of [0-9]+ entries, the journal has 1$' out
expect 0 'another store is made' ordmill init -q -s other
expect 0 'from the same orders' ordmill ingest -q -s other orders.csv
expect 1 'it is not the one that was kept' \
	ordmill audit verify -s other --checkpoint first.note
expect 1 'nor is it signed by that key' \
	ordmill audit verify -s other --key good/signing.pub
check 'which is named' grep -q "no signature by 'ordmill/" out

expect 0 'the journal is listed' ordmill audit log -s good
check 'a line per entry' test "$(wc -l <out)" -eq "$(sqlite3 good/catalog.db \
	'SELECT count(*) FROM journal')"
check 'with what was done' grep -Eq '^0 command=ingest batch=1 feed=canonical source=orders.csv sha256=[0-9a-f]{64} rows=[0-9]+ .* shard.0=[0-9]+ shard.1=[0-9]+$' out
expect 0 'from a number on' ordmill audit log -s good --from 2 --json
check 'as JSON' grep -Eq '^\{"schema":"ordmill.audit-log/1","entries":\[\{"entry":"2","fields":\[\{"name":"command","value":"(run|ingest)"\},.*"heads":\[\{"shard":"0","size":"[0-9]+","root":"[^"]{44}"\},\{"shard":"1",' out
check 'of two entries and more' test "$(grep -o '"entry":' out | wc -l)" -gt 1
expect 1 'flaws are told as JSON' ordmill audit verify -s bad --json
check 'with their place' grep -Eq '^\{"schema":"ordmill.audit-verify/1","ok":false,.*"flaw_count":"[0-9]+","flaws":\[\{"shard":null,"order":null,"what":"[^"]+"\}' out

expect 4 'a checkpoint that is not there' \
	ordmill audit verify -s good --checkpoint nowhere
expect 2 'a key that is none' ordmill audit verify -s good --key nowhere
expect 6 'a store that is not there' ordmill audit verify -s nowhere
for command in verify checkpoint log; do
	sh -c "ordmill audit $command -s good >/dev/full" 2>err
	check "a full disk is not success: $command" test $? -eq 12
done

finish
