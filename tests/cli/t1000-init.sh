#!/bin/sh
# A store is made once, whole, where it was told to be.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/pg.sh
. "$om_root/tests/support/pg.sh"

# Ids and keys are random.
blur() { sed 's/ordmill\/[0-9a-f]\{16\}+[0-9a-f]\{8\}+[^" ]*/KEY/' out >o &&
	mv o out; }
map() { sqlite3 "$1/catalog.db" "SELECT slot_from, slot_to, shard, url
	FROM shard_map JOIN shards USING (shard) ORDER BY slot_from"; }

expect 0 'a directory becomes a store' ordmill init -s day
blur
out_is 'the number of shards and the verifier key are told' <<\EOT
store day with 2 shards
verifier key KEY
EOT
check 'nothing on stderr' test ! -s err
(cd day && echo *) >out
out_is 'a catalog, two shards, a lock, a pair of keys' <<\EOT
catalog.db lock shard-0.db shard-1.db signing.key signing.pub
EOT
map day >out
out_is 'each has half the slots' <<\EOT
0|2047|0|shard-0.db
2048|4095|1|shard-1.db
EOT
check 'the private key is private' \
	test "$(stat -c %a day/signing.key)" = 600
sqlite3 day/catalog.db "SELECT value FROM meta WHERE name = 'vkey'" >key
check 'the catalog has the verifier key' cmp key day/signing.pub

expect 5 'a store is not made twice' ordmill init -s day
err_is 'and that is said' <<\EOT
ordmill init: 'day' is a store already
EOT
expect 5 'nor in a dry run' ordmill init -s day -n
expect 0 'unless it is only wanted' ordmill init -s day --if-missing
check 'without a word' test ! -s out
check 'and nothing changed' cmp key day/signing.pub

expect 0 'a dry run' ordmill init -s dry -n
check 'makes nothing' test ! -e dry
expect 0 'quiet' ordmill init -q -s quiet
check 'says nothing' test ! -s out

ORDMILL_NOW=2026-01-02T03:04:05Z
export ORDMILL_NOW
expect 0 'as JSON' ordmill init -s json --shards 3 --json
unset ORDMILL_NOW
blur
out_is 'the same' <<\EOT
{"schema":"ordmill.init/1","store":"json","shards":"3","made":true,"vkey":"KEY"}
EOT
check 'a store knows since when it is' test 2026-01-02T03:04:05Z = "$(sqlite3 \
	json/catalog.db "SELECT value FROM meta WHERE name = 'created_at'")"
map json >out
out_is 'slots that cannot be shared evenly' <<\EOT
0|1364|0|shard-0.db
1365|2729|1|shard-1.db
2730|4095|2|shard-2.db
EOT
expect 0 'wanted, and there' ordmill init -s json --if-missing --json
blur
out_is 'is as good as made' <<\EOT
{"schema":"ordmill.init/1","store":"json","shards":"3","made":false,"vkey":"KEY"}
EOT

expect 0 'the largest number of shards' ordmill init -s most --shards 64
check 'they are all there' test -e most/shard-63.db
for n in 0 65 x -1; do
	expect 2 "$n shards are refused" ordmill init -s bad "--shards=$n"
done
expect 2 'two opinions about the number' \
	ordmill init -s bad --shards 3 --shard a --shard b
check 'are told' grep -qx \
	'ordmill init: --shards 3, but --shard was given 2 times' err
expect 2 'one place for two shards' ordmill init -s bad --shard a --shard a
check 'is refused' grep -qx "ordmill init: shard 'a' is named twice" err
expect 2 'no store named' ordmill init
check 'nothing was made' test ! -e bad

mkdir far
expect 0 'shards where they are told to be' \
	ordmill init -s near --shard here.db --shard "$scratch/far/there.db"
map near >out
out_is 'relative to the store, or absolute' <<EOT
0|2047|0|here.db
2048|4095|1|$scratch/far/there.db
EOT
check 'one in the store' test -e near/here.db
check 'one outside' test -e far/there.db
printf 'reference,currency,total\n1,EUR,1.00\n2,EUR,2.00\n' >two.csv
expect 0 'and both work' ordmill ingest -q -s near two.csv

expect 4 'a shard that cannot be made' \
	ordmill init -s again --shard a.db --shard missing/b.db
check 'is named' grep -q "^ordmill init: shard 1: " err
expect 6 'half a store is none' ordmill ingest -s again two.csv
mkdir again/missing
expect 0 'the next attempt finishes it' \
	ordmill init -s again --shard a.db --shard missing/b.db
expect 0 'so that it works' ordmill ingest -q -s again two.csv
expect 5 'a shard does not join a second store' \
	ordmill init -s other --shard "$scratch/again/a.db"
check 'and that is said' grep -qx \
	'ordmill init: shard 0: belongs to another store: [0-9a-f]\{16\}' err
cp again/a.db day/shard-1.db
expect 7 'nor by a copied file' ordmill ingest -s day two.csv
check 'and that is said' grep -q 'shard 1: belongs to another store$' err

expect 0 'a key from elsewhere' ordmill init -s keyed --key day/signing.key
check 'is used where it lies' test ! -e keyed/signing.key
check 'by its verifier key' grep -qF "$(cat day/signing.pub)" out
expect 4 'a key that is missing' ordmill init -s unkeyed --key nowhere
err_is 'is named' <<\EOT
ordmill init: key 'nowhere' cannot be read
EOT
check 'and nothing is made' test ! -e unkeyed

mkdir garbage
echo garbage >garbage/catalog.db
expect 7 'a file that is no database is not overwritten' \
	ordmill init -s garbage
check 'it is as it was' grep -qx garbage garbage/catalog.db

if pg_wanted; then
	check 'a PostgreSQL server starts' pg_start
	expect 0 'a store on a server' \
		ordmill init -s "$ORDMILL_TEST_PG" --shards 2
	sed "s|$ORDMILL_TEST_PG|URL|" out >o && mv o out
	out_is 'has no key' <<\EOT
store URL with 2 shards
no signing key: checkpoints will not be signed
EOT
	expect 5 'once' ordmill init -s "$ORDMILL_TEST_PG"
	expect 0 'another one beside it' \
		ordmill init -q -s "$ORDMILL_TEST_PG&schema=b" --shards 2
	expect 0 'orders in the first' \
		ordmill ingest -q -s "$ORDMILL_TEST_PG" two.csv
	expect 0 'and in the second' \
		ordmill ingest -s "$ORDMILL_TEST_PG&schema=b" two.csv
	out_is 'do not mix' <<\EOT
batch 1: two.csv: 2 rows
                     orders                EUR
  read                    2               3.00
  created                 2               3.00
EOT
	expect 2 'a shard on the server needs a place' \
		ordmill init -s "$ORDMILL_TEST_PG&schema=c" --shard a
	check 'that can be found again' grep -qx "ordmill init: shard 0: shard\
 'a' is neither a url nor an absolute path" err
fi

finish
