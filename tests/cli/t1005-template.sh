#!/bin/sh
# A store as a copy of another, and back to what it was.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/pg.sh
. "$om_root/tests/support/pg.sh"

blur() { sed 's/ordmill\/[0-9a-f]\{16\}+[0-9a-f]\{8\}+[^" ]*/KEY/
	s/ordmill\/[0-9a-f]\{16\}/ORIGIN/; s/ [0-9A-Za-z+\/]\{43\}=/ ROOT/' \
	out >o && mv o out; }
meta() { sqlite3 "$1/catalog.db" "SELECT value FROM meta
	WHERE name = '$2'"; }

ordmill gen -q --orders 300 --breaks 6 --amendments 20 d
ordmill init -q -s T --shards 3
ordmill ingest -q -s T d/orders.csv
ordmill ingest -q -s T --feed payments d/statement.csv
ordmill audit checkpoint -s T >T.checkpoint
was=$(store_digest T)

expect 0 'a copy of a store' ordmill init -s N --template T
blur
out_is 'has as many shards, and a key of its own' <<\EOT
store N with 3 shards
verifier key KEY
EOT
check 'the key is another one' sh -c '! cmp -s N/signing.pub T/signing.pub'
check 'so is the id' test "$(meta N store_id)" != "$(meta T store_id)"
(cd N && echo *) >out
out_is 'what it began with is kept beside it' <<\EOT
catalog.db catalog.db.start lock shard-0.db shard-0.db.start shard-1.db shard-1.db.start shard-2.db shard-2.db.start signing.key signing.pub
EOT
expect 0 'its evidence is sound' ordmill audit verify -s N
blur
out_is 'and begins with one entry of its own' <<\EOT
ok: 603 leaves, 3 journal entries, 1 checkpoints signed
root ROOT
EOT
expect 0 'the last entry' sh -c 'ordmill audit log -s N | tail -1'
blur
out_is 'says what of' <<\EOT
2 command=init template=ORIGIN 2 ROOT shard.0=198 shard.1=210 shard.2=192
EOT
check 'which is what the template signed' sh -c \
	"ordmill audit log -s N | tail -1 | grep -qF \
	\"template=\$(head -3 T.checkpoint | tr '\n' ' ' | sed 's/ \$//') \""
expect 0 'the template' ordmill audit verify -s T
check 'is as it was' test "$(store_digest T)" = "$was"

start=$(store_digest N)
expect 0 'a test does' ordmill ingest -q -s N d/changes.csv
expect 0 'what it likes' ordmill run -q -s N
check 'the store is another one' test "$(store_digest N)" != "$start"
expect 2 'nobody is asked off a terminal' ordmill reset -s N
err_is 'and nothing happens' <<\EOT
ordmill reset: everything in 'N' since it was made will be lost: say --yes if that is meant
EOT
expect 0 'a rehearsal' ordmill reset -s N -n
out_is 'says what would be lost' <<\EOT
dry run: store N: back to the copy of its template, 3 batches gone
EOT
check 'and loses nothing' test "$(store_digest N)" != "$start"
expect 0 'a reset' ordmill reset -s N --yes
out_is 'says what it did' <<\EOT
store N: back to the copy of its template, 3 batches gone
EOT
check 'the store is what it was' test "$(store_digest N)" = "$start"
expect 0 'its evidence is sound' ordmill audit verify -q -s N
expect 0 'it works' ordmill ingest -q -s N d/changes.csv
rm -r T
expect 0 'the template is not needed any more' ordmill reset -s N --yes --json
out_is 'in JSON' <<\EOT
{"schema":"ordmill.reset/1","store":"N","dry_run":false,"resumed":false,"template":true,"batches":"3"}
EOT
check 'it is the same again' test "$(store_digest N)" = "$start"
if command -v script >/dev/null; then
	expect 0 'more orders' ordmill ingest -q -s N d/changes.csv
	# on_terminal ANSWER: what a person sees, and types.
	on_terminal() { echo "$1" | script -qec 'ordmill reset -s N' log; }
	expect 2 'on a terminal there is a question' on_terminal no
	check 'that says what is at stake' grep -q "^everything in 'N' since\
 it was made will be lost. Type yes to go on: ordmill reset: not confirmed" out
	check 'no is no' test "$(store_digest N)" != "$start"
	expect 0 'yes' on_terminal yes
	check 'is yes' test "$(store_digest N)" = "$start"
fi
expect 0 'quiet' ordmill reset -q -s N --yes
check 'says nothing' test ! -s out
expect 0 'a copy of a copy' ordmill init -q -s M --template N
expect 0 'has its orders' ordmill expect -q -s M orders=300
expect 0 'and its evidence, with an entry more' ordmill audit verify -s M
check 'one for each copy' grep -q ', 4 journal entries, 1 checkpoints' out

# A store that was not a copy.
ordmill init -q -s E --shards 1
key=$(cat E/signing.pub) id=$(meta E store_id)
ordmill ingest -q -s E d/orders.csv
expect 0 'any store' ordmill reset -s E --yes
out_is 'is emptied' <<\EOT
store E: back to empty, 1 batch gone
EOT
check 'and stays itself' test "$id" = "$(meta E store_id)"
check 'with its key' test "$key" = "$(meta E vkey)"
(cd E && echo *) >out
out_is 'and nothing beside it' <<\EOT
catalog.db lock shard-0.db signing.key signing.pub
EOT
expect 0 'so that it can be filled' ordmill ingest -q -s E d/orders.csv
expect 0 'anew' ordmill expect -q -s E orders=300
expect 0 'its evidence is sound' ordmill audit verify -q -s E

# Shards elsewhere.
mkdir far
expect 0 'a copy with shards elsewhere' ordmill init -q -s P --template E \
	--shard "$scratch/far/s.db"
check 'they lie there' test -e far/s.db
check 'with what they began with' test -e far/s.db.start
expect 0 'a reset' ordmill reset -q -s P --yes
(cd far && echo *) >out
out_is 'leaves nothing else there' <<\EOT
s.db s.db.start
EOT
expect 0 'it is the copy' ordmill expect -q -s P orders=300
expect 5 'a shard is never overwritten' ordmill init -s P2 --template E \
	--shard "$scratch/far/s.db"
err_is 'even one that has no catalog' <<EOT
ordmill init: shard 0: '$scratch/far/s.db' is there already
EOT

# Killed on the way: after the point of no return, with one shard in place.
ordmill init -q -s K --template N
start=$(store_digest K)
for n in 0 1 2; do cp K/shard-$n.db.start K/shard-$n.db.new; done
cp K/catalog.db.start K/catalog.db.new
mv K/shard-0.db.new K/shard-0.db
rm K/catalog.db
expect 6 'an interrupted reset' ordmill status -s K
err_is 'is told' <<\EOT
ordmill status: store 'K': an init or a reset was interrupted; the same command finishes it
EOT
expect 2 'it is still not done by accident' ordmill reset -s K
expect 0 'the next one' ordmill reset -s K --yes
out_is 'finishes it' <<\EOT
store K: what was interrupted is finished
EOT
check 'and it is whole' test "$(store_digest K)" = "$start"
mv K/catalog.db K/catalog.db.new
expect 0 'an interrupted copy' ordmill init -q -s K --template N --if-missing
check 'is finished, too' test "$(store_digest K)" = "$start"

# Who is not to be copied, or reset.
expect 5 'a store is not overwritten' ordmill init -s K --template N
err_is 'and that is said' <<\EOT
ordmill init: 'K' is a store already
EOT
expect 0 'unless it is only wanted' ordmill init -s K --template N --if-missing
check 'nothing is said' test ! -s out
expect 2 'another number of shards' ordmill init -s X --template N --shards 2
err_is 'than the template has' <<\EOT
ordmill init: the template has 3 shards, not 2
EOT
expect 6 'a template that is none' ordmill init -s X --template nowhere
err_is 'is named' <<\EOT
ordmill init: template 'nowhere': no store
EOT
expect 6 'a reset of nothing' ordmill reset -s nowhere --yes
err_is 'is none' <<\EOT
ordmill reset: store 'nowhere': no store
EOT
check 'and makes nothing' test ! -e nowhere
expect 0 'a dry run' ordmill init -s X --template N -n
check 'makes nothing' test ! -e X
expect 0 'a key from elsewhere' ordmill init -s X --template N \
	--key E/signing.key
check 'is used where it lies' test ! -e X/signing.key
check 'by its verifier key' test "$(meta X vkey)" = "$key"
expect 0 'and signs' ordmill audit verify -q -s X

mkfifo go
ordmill ingest -q -s K - <go 2>/dev/null & # has the lock, waits for a line
exec 9>go
tries=1000
while test $((tries = tries - 1)) -gt 0 &&
	! ordmill status -s K | grep -q 'Lock *pid'; do :; done
expect 8 'a store that is being written to is not reset' \
	ordmill reset -s K --yes
check 'and who writes is told' grep -q "store 'K': locked by pid .*ingest" err
expect 8 'nor copied' ordmill init -s Y --template K
check 'and who writes is told' grep -q "'K': locked by pid .*ingest" err
exec 9>&-
wait

if pg_wanted; then
	check 'a PostgreSQL server starts' pg_start
	ordmill init -q -s "$ORDMILL_TEST_PG" --shards 1
	expect 2 'a store on a server' ordmill reset --yes -s "$ORDMILL_TEST_PG"
	err_is 'is not reset' <<\EOT
ordmill reset: a store on a server cannot be reset: drop its schemas and make it anew
EOT
	expect 2 'nor is it a template' ordmill init -s Z \
		--template "$ORDMILL_TEST_PG"
	err_is 'for another' <<\EOT
ordmill init: a store on a server cannot be a template
EOT
	expect 2 'nor a copy' ordmill init --template E \
		-s "$ORDMILL_TEST_PG&schema=c"
	err_is 'of one' <<\EOT
ordmill init: a store on a server cannot be a copy of a template
EOT
	ordmill init -q -s R --shard "$ORDMILL_TEST_PG&schema=far"
	expect 2 'a shard on a server' ordmill reset --yes -s R
	check 'is not reset' grep -qx "ordmill reset: store 'R': shard 0 is on\
 a server" err
	expect 2 'nor copied' ordmill init -s Z --template R
	check 'and that is said' grep -qx "ordmill init: template 'R': shard 0\
 is on a server" err
	check 'nothing was made' test ! -e Z
fi

finish
