#!/bin/sh
# Rows of one order that stand apart: found late, and gathered all the same.
. "$(dirname "$0")/lib.sh"

export ORDMILL_NOW=2026-02-01T12:00:00Z
head='reference,currency,total,line,sku,quantity,unit_price'

# A100 comes again after orders enough for several blocks were read off.
{
	echo "$head"
	echo 'A1000000,EUR,3.00,1,x,1,1.00'
	echo 'A1000001,EUR,9.99,1,x,1,1.00'
	awk 'BEGIN { for (i = 1000002; i < 1150000; i++)
		printf "A%d,EUR,2.00,1,x,2,1.00\n", i }'
	echo 'A1000000,EUR,3.00,2,y,2,1.00'
} >apart.csv
{
	sed -n 1,2p apart.csv
	tail -n 1 apart.csv
	sed '1,2d;$d' apart.csv
} >together.csv

ordmill init -q -s a
ordmill init -q -s t
expect 3 'apart' ordmill ingest -s a --max-rejects 1 apart.csv
sed 1d out >apart
expect 3 'together' ordmill ingest -s t --max-rejects 1 together.csv
sed 1d out >together
check 'the books are the same' diff apart together
out_is 'and right' <<\EOT
batch 1: together.csv: 150001 rows
                     orders                EUR
  read               150000          300008.99
  created            149999          299999.00
  rejected                1               9.99
EOT

content() {
	for db in "$1"/shard-*.db; do
		sqlite3 "$db" 'SELECT reference, o.total_minor, line, sku
			FROM orders o JOIN order_lines l ON l.order_id = o.id'
	done | sort
}
content a >a.txt
content t >t.txt
check 'the orders are the same' cmp a.txt t.txt
check 'with both lines of the order apart' \
	test "$(grep -c '^A1000000|' a.txt)" -eq 2
expect 0 'the evidence agrees' ordmill audit verify -s a
expect 0 'the reject was kept once' ordmill expect -s a rejects=1
expect 0 'it is exported' ordmill rejects export -s a 1
printf '%s\nA1000001,EUR,9.99,1,x,1,1.00\n' "$head" >want
check 'with its header' diff want out

ordmill init -q -s n
expect 3 'a dry run comes to the same end' \
	ordmill ingest -n -s n --max-rejects 1 apart.csv
sed 1d out >dry
check 'with the same books' diff apart dry
expect 0 'and leaves nothing' ordmill expect -s n orders=0 rejects=0 batches=0

# All first lines, then all second ones: no order adds up till the end is read.
{
	echo "$head"
	for line in 1 2; do
		seq 1000 1299 | sed "s/.*/A&,EUR,5.00,$line,x,1,2.50/"
	done
} >far.csv
ordmill init -q -s f
expect 0 'lines far apart' ordmill ingest -s f far.csv
out_is 'are brought together' <<\EOT
batch 1: far.csv: 600 rows
                     orders                EUR
  read                  300            1500.00
  created               300            1500.00
EOT
expect 0 'with nothing left of the first attempt' \
	ordmill expect -s f orders=300 rejects=0 batches=1
expect 0 'and sound evidence' ordmill audit verify -s f
sed '/,2,x/d' far.csv >half.csv
expect 5 'lines that do not come' ordmill ingest -s f half.csv
err_is 'are the wrong file all the same' <<\EOT
ordmill ingest: half.csv: 100 rejects in a row, all 'total: total': is this the right file?
EOT

# Of two files, the second with its end in front.
seq 1000 1299 | sed 's/.*/&|C|O|5.00|2026-01-01|1-URGENT|Clerk|0|x|/' >o.tbl
{
	seq 1150 1299
	seq 1000 1149
} | sed 's/.*/&|10|1|1|1|5.00|0|0|N|O|2026-01-01|2026-01-01|2026-01-01|N|R|x|/' \
	>l.tbl
expect 0 'orders before whose lines others stand' \
	ordmill ingest -q -s f --feed tpch o.tbl l.tbl
expect 0 'have them all' ordmill expect -s f orders=600 batches=2

# Two revisions of an order, together and apart: the later one is there in the
# end, as if each had been a batch.
{
	echo "$head,revision"
	echo 'A1,EUR,3.00,1,x,1,1.00,1'
	echo 'A1,EUR,3.00,2,y,2,1.00,1'
	echo 'A1,EUR,5.00,1,x,5,1.00,2'
	echo 'A2,EUR,1.00,1,x,1,1.00,1'
} >ascending.csv
{
	sed 1q ascending.csv
	sed -n '4p' ascending.csv
	sed -n '5p' ascending.csv
	sed -n '2,3p' ascending.csv
} >across.csv
ordmill init -q -s r
expect 0 'two revisions in a file' ordmill ingest -s r ascending.csv
out_is 'are an order and its amendment' <<\EOT
batch 1: ascending.csv: 4 rows
                     orders                EUR
  read                    3               9.00
  created                 2               4.00
  amended                 1               5.00
EOT
expect 0 'in another order of rows' ordmill ingest -s r across.csv
out_is 'the older one changes nothing' <<\EOT
batch 2: across.csv: 4 rows
                     orders                EUR
  read                    3               9.00
  unchanged               3               9.00
    stale                 1               3.00
EOT
ordmill init -q -s w
expect 0 'into an empty store' ordmill ingest -s w across.csv
out_is 'it is stale at once' <<\EOT
batch 1: across.csv: 4 rows
                     orders                EUR
  read                    3               9.00
  created                 2               6.00
  unchanged               1               3.00
    stale                 1               3.00
EOT
for store in r w; do
	expect 0 "$store: what is there" ordmill expect -s $store orders=2 \
		lines=2 total.EUR=6
	expect 0 "$store: the evidence agrees" ordmill audit verify -q -s $store
done

# An order with as many revisions as a block has orders, and as many payments.
awk 'BEGIN { print "reference,currency,total,revision"
	for (i = 0; i < 30000; i++) printf "A1,EUR,1.00,%06d\n", i }' >many.csv
awk 'BEGIN { print "reference,currency,amount,payment"
	for (i = 0; i < 60000; i++) printf "A1,EUR,1.00,%d\n", i % 20000 }' >paid.csv
ordmill init -q -s m
expect 0 'revisions without end' ordmill ingest -s m many.csv
out_is 'amend each other' <<\EOT
batch 1: many.csv: 30000 rows
                     orders                EUR
  read                30000           30000.00
  created                 1               1.00
  amended             29999           29999.00
EOT
expect 0 'and payments' ordmill ingest -s m --feed payments paid.csv
out_is 'are known again' <<\EOT
batch 2: paid.csv: 60000 rows
                     orders                EUR
  read                60000           60000.00
  created             20000           20000.00
  unchanged           40000           40000.00
EOT
expect 0 'the evidence agrees' ordmill audit verify -q -s m

finish
