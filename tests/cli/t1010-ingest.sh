#!/bin/sh
# A batch goes in once, as a whole, or not at all; its books say what it did.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=day
head='reference,revision,customer,currency,total,line,sku,quantity,unit_price'
orders() { echo "$head" && cat; }
# ask SQL... : of both shards, as one sorted list.
ask() { for i in 0 1; do sqlite3 "day/shard-$i.db" "$*"; done | sort; }
stored() { ask 'SELECT reference, revision, total_minor, state FROM orders'; }
dump() { for f in day/*.db; do sqlite3 "$f" .dump; done; }
blur() { sed 's/"seconds":[0-9.]*/"seconds":S/' out >o && mv o out; }

ordmill init -q
orders >a.csv <<\EOT
A1,1,C1,EUR,30.00,1,X,1,10.00
A2,1,C2,EUR,5.50,1,X,1,5.50
A1,1,C1,EUR,30.00,2,Y,2,10.00
B1,1,C3,JPY,500,1,Z,1,500
EOT

dump >before
expect 0 'a dry run' ordmill ingest -n a.csv
out_is 'tells what would happen' <<\EOT
dry run: a.csv: 4 rows
                     orders                EUR                JPY
  read                    3              35.50                500
  created                 3              35.50                500
EOT
dump >after
check 'and leaves the store as it was' cmp before after

expect 0 'a batch' ordmill ingest a.csv
out_is 'has its books, per currency' <<\EOT
batch 1: a.csv: 4 rows
                     orders                EUR                JPY
  read                    3              35.50                500
  created                 3              35.50                500
EOT
check 'nothing on stderr' test ! -s err
stored >out
out_is 'its orders are there' <<\EOT
A1|1|3000|received
A2|1|550|received
B1|1|500|received
EOT
ask 'SELECT reference, line, sku, quantity_milli, unit_price_micro,
	l.total_minor FROM order_lines l JOIN orders ON id = order_id' >out
out_is 'with their lines, adjacent in the file or not' <<\EOT
A1|1|X|1000|10000000|1000
A1|2|Y|2000|10000000|2000
A2|1|X|1000|5500000|550
B1|1|Z|1000|500000000|500
EOT

dump >before
expect 0 'the same again' ordmill ingest a.csv
out_is 'changes nothing' <<\EOT
batch 1: a.csv: already loaded
                     orders                EUR                JPY
  read                    3              35.50                500
  unchanged               3              35.50                500
EOT
cp a.csv b.csv
gzip -kc a.csv >a.csv.gz
expect 0 'under another name' ordmill ingest b.csv --json
blur
out_is 'it is known by its content' <<EOT
{"schema":"ordmill.ingest/1","batches":[{"id":"1","feed":"canonical",\
"source":"b.csv","sha256":"$(sha256sum a.csv | cut -c1-64)","bytes":"186",\
"already":true,"resumed":false,"published":true,"rows":{"read":"4"},\
"orders":{"read":"3","created":"0","amended":"0","cancelled":"0",\
"unchanged":"3","conflicting":"0","rejected":"0","overtaken":"0",\
"early":"0","stale":"0","void":"0"},\
"money":{"EUR":{"read":"35.50","created":"0.00","amended":"0.00",\
"cancelled":"0.00","unchanged":"35.50","conflicting":"0.00",\
"rejected":"0.00","overtaken":"0.00","early":"0.00","stale":"0.00","void":"0.00"},\
"JPY":{"read":"500","created":"0","amended":"0",\
"cancelled":"0","unchanged":"500","conflicting":"0","rejected":"0",\
"overtaken":"0",\
"early":"0","stale":"0","void":"0"}},\
"open_rejects":"0","same_name":"0","closed":true,"seconds":S}]}
EOT
expect 0 'through a pipe' sh -c 'cat a.csv | ordmill ingest -'
check 'too' grep -qx 'batch 1: -: already loaded' out
expect 0 'as a dry run' ordmill ingest -n a.csv
check 'too' grep -qx 'batch 1: a.csv: already loaded' out
dump >after
check 'the store is as it was' cmp before after

expect 0 'packed, it is another batch of the same orders' \
	ordmill ingest a.csv.gz
out_is 'all unchanged' <<\EOT
batch 2: a.csv.gz: 4 rows
                     orders                EUR                JPY
  read                    3              35.50                500
  unchanged               3              35.50                500
EOT

orders >c.csv <<\EOT
A1,2,C1,EUR,40.00,1,X,2,10.00
A1,2,C1,EUR,40.00,2,Y,2,10.00
A2,1,C2,EUR,6.50,1,X,1,6.50
B1,0,C3,JPY,9,1,Z,1,9
B2,1,C4,JPY,7,1,Z,1,7
EOT
expect 5 'an order that contradicts the store' ordmill ingest c.csv
out_is 'stops its batch' <<\EOT
batch 3: c.csv: 5 rows, rolled back
                     orders                EUR                JPY
  read                    4              46.50                 16
  created                 1               0.00                  7
  amended                 1              40.00                  0
  unchanged               1               0.00                  9
    stale                 1               0.00                  9
  conflicting             1               6.50                  0
EOT
err_is 'and that is told' <<\EOT
ordmill ingest: c.csv: 1 of 4 orders rejected, more than allowed; nothing was loaded
EOT
stored >out
out_is 'nothing of it stays' <<\EOT
A1|1|3000|received
A2|1|550|received
B1|1|500|received
EOT
check 'no line either' test "$(ask 'SELECT count(*) FROM order_lines' |
	awk '{ n += $1 } END { print n }')" -eq 4

expect 3 'allowed for, the rest goes in' ordmill ingest --max-rejects 1 c.csv
check 'as the next batch' grep -qx 'batch 4: c.csv: 5 rows' out
stored >out
out_is 'amended by a newer revision, not by an older one' <<\EOT
A1|2|4000|received
A2|1|550|received
B1|1|500|received
B2|1|7|received
EOT

printf 'kind,reference,currency,total\ncancel,A2,,\ncancel,B2,,\n' >d.csv
expect 0 'a feed of cancellations' ordmill ingest d.csv
out_is 'states no money' <<\EOT
batch 5: d.csv: 2 rows
                     orders
  read                    2
  cancelled               2
EOT
stored >out
out_is 'and cancels what it names' <<\EOT
A1|2|4000|received
A2|1|550|cancelled
B1|1|500|received
B2|1|7|cancelled
EOT
printf 'kind,reference,currency,total\ncancel,A2,,\ncancel,Z9,,\n' >e.csv
expect 0 'what is cancelled stays so, what is not there is cancelled when it comes' \
	ordmill ingest e.csv
out_is 'and the books tell the two apart' <<\EOT
batch 6: e.csv: 2 rows
                     orders
  read                    2
  cancelled               1
    early                 1
  unchanged               1
EOT

orders >bad.csv <<\EOT
D1,1,C1,EUR,1.00,1,X,1,1.00
D2,1,C1,EUR,oops,1,X,1,1.00
D3,1,C1,EUR,1.01,1,X,1,1.00
D4,1,C1,EUR,1.00,1,X,1,1.00
EOT
for limit in '' '--max-rejects 1' '--max-rejects 49.9%'; do
	# shellcheck disable=SC2086
	expect 5 "two bad orders of four are too many: '$limit'" \
		ordmill ingest -q $limit bad.csv
	check 'quiet, but for the failure' test ! -s out
done
check 'which is told' grep -qx 'ordmill ingest: bad.csv: 2 of 4 orders
 rejected, more than allowed; nothing was loaded' <<EOT
$(tr -d '\n' <err | sed 's/orders /orders\n /')
EOT
for limit in 2 50%; do
	expect 3 "but not for --max-rejects $limit" \
		ordmill ingest -n --max-rejects "$limit" bad.csv
done
expect 3 'the good half' ordmill ingest --max-rejects 50% bad.csv --json
blur
out_is 'goes in, and the books close' <<EOT
{"schema":"ordmill.ingest/1","batches":[{"id":"10","feed":"canonical",\
"source":"bad.csv","sha256":"$(sha256sum bad.csv | cut -c1-64)",\
"bytes":"184","already":false,"resumed":false,"published":true,\
"rows":{"read":"4"},"orders":{"read":"4","created":"2","amended":"0",\
"cancelled":"0","unchanged":"0","conflicting":"0","rejected":"2",\
"overtaken":"0",\
"early":"0","stale":"0","void":"0"},\
"money":{"EUR":{"read":"3.01","created":"2.00","amended":"0.00",\
"cancelled":"0.00","unchanged":"0.00","conflicting":"0.00",\
"rejected":"1.01","overtaken":"0.00","early":"0.00","stale":"0.00","void":"0.00"}},\
"open_rejects":"2","same_name":"0","closed":true,"seconds":S}]}
EOT
expect 3 'known, and still with open rejects' ordmill ingest -q bad.csv
for limit in -1 x 1.5 101% %; do
	expect 2 "a limit of $limit is refused" \
		ordmill ingest "--max-rejects=$limit" a.csv
done
err_is 'with what is wanted' <<\EOT
ordmill ingest: --max-rejects wants a number or a percentage, got '%'
EOT

orders >f.csv <<\EOT
F1,1,C1,EUR,1.00,1,X,1,1.00
EOT
orders >g.csv <<\EOT
G1,1,C1,EUR,2.00,1,X,1,2.00
EOT
expect 0 'several sources' ordmill ingest f.csv g.csv
out_is 'are as many batches' <<\EOT
batch 11: f.csv: 1 rows
                     orders                EUR
  read                    1               1.00
  created                 1               1.00
batch 12: g.csv: 1 rows
                     orders                EUR
  read                    1               2.00
  created                 1               2.00
EOT
orders >h1.csv <<\EOT
H1,1,C1,EUR,1.00,1,X,1,1.00
EOT
orders >h2.csv <<\EOT
H2,1,C1,EUR,1.00,1,X,1,1.00
EOT
expect 4 'one that is missing' ordmill ingest h1.csv missing.csv 'h[2].csv'
err_is 'is named' <<\EOT
ordmill ingest: missing.csv: cannot open 'missing.csv': No such file or directory
EOT
check 'the others go in' test "$(grep -c created out)" -eq 2
echo x >no.csv
expect 5 'the worst of two failures' ordmill ingest no.csv missing.csv
err_is 'is not the last one, and each is told once' <<\EOT
ordmill ingest: no.csv: no column 'reference'
ordmill ingest: missing.csv: cannot open 'missing.csv': No such file or directory
EOT
expect 4 'a directory is no source' ordmill ingest day
expect 2 'nor is nothing' ordmill ingest
expect 2 'standard input is there once' ordmill ingest - - <a.csv
err_is 'and that is told' <<\EOT
ordmill ingest: standard input can be read only once
EOT
expect 0 'quiet' ordmill ingest -q a.csv
check 'says nothing' test ! -s out
check 'at all' test ! -s err

printf 'columns:\n  reference: no\n  total: [1\n' >bad.yaml
expect 2 'a mapping that cannot be read' ordmill ingest --map bad.yaml a.csv
check 'names its place' grep -q '^ordmill ingest: bad.yaml:[0-9]*:[0-9]*: ' err
expect 2 'a feed that is not there' ordmill ingest --feed shopfy a.csv
err_is 'is likened to others' <<\EOT
ordmill ingest: no feed 'shopfy', did you mean 'shopify'
EOT
expect 2 'two ways to read' ordmill ingest --feed tpch --map x.yaml a.csv
expect 2 'one file of two' ordmill ingest --feed tpch a.csv
err_is 'is too few' <<\EOT
ordmill ingest: feed 'tpch' takes its files in groups of 2
EOT
expect 5 'a header without what must be there' ordmill ingest - <<\EOT
reference,amount
A1,1.00
EOT
check 'nothing of it was registered' test "$(sqlite3 day/catalog.db \
	"SELECT count(*) FROM batches WHERE source = '-'")" -eq 0

printf 'reference,payment,currency,amount\nA1,p1,EUR,40.00\nA1,p2,EUR,-5.00\n' \
	>pay.csv
expect 0 'a statement of payments' ordmill ingest --feed payments pay.csv
out_is 'has books, too' <<\EOT
batch 15: pay.csv: 2 rows
                     orders                EUR
  read                    2              35.00
  created                 2              35.00
EOT

expect 6 'no store' ordmill ingest -s nowhere a.csv
err_is 'is told' <<\EOT
ordmill ingest: store 'nowhere': no store: No such file or directory
EOT

# A reader of a fifo holds the lock until there is something to read.
mkfifo pipe
ordmill ingest -q - <pipe 2>empty &
holder=$!
exec 7>pipe
until grep -q "^pid $holder (ordmill ingest)" day/lock; do
	kill -0 "$holder" || break
done
expect 8 'while another writes' ordmill ingest a.csv
sed 's/ on .* since [-0-9T:]*Z$/ on HOST since TIME/' err >e && mv e err
err_is 'its name is told' <<EOT
ordmill ingest: store 'day': locked by pid $holder (ordmill ingest) on HOST since TIME
EOT
expect 0 'reading goes on' ordmill rejects list
{ ordmill ingest -q --lock-wait 60s h1.csv && echo in; } >waited 2>&1 7>&- &
waiter=$!
exec 7>&-
wait "$holder"
check 'an empty input is an error, not an empty batch' test $? -eq 5
check 'that is told' grep -qx \
	'ordmill ingest: -: /dev/stdin: empty, not even a header' empty
wait "$waiter"
check 'one who waits gets in' grep -qx in waited

finish
