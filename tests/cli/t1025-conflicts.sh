#!/bin/sh
# What contradicts the store is quarantined with every byte it came with, too.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=day
head='reference,revision,currency,total,line,sku,quantity,unit_price'
orders() { echo "$head" && cat; }

ordmill init -q
orders >a.csv <<\EOT
A1,1,EUR,3.00,1,X,1,1.00
A1,1,EUR,3.00,2,Y,2,1.00
A2,1,EUR,5.00,1,X,1,5.00
EOT
expect 0 'orders' ordmill ingest -q a.csv

# The rows of A1 are not adjacent; A2 says nothing new; A4 is bad in itself.
orders >b.csv <<\EOT
A1,1,EUR,4.00,1,X,1,1.00
A3,1,EUR,1.00,1,X,1,1.00
A2,1,EUR,5.00,1,X,1,5.00
A4,1,EUR,oops,1,X,1,1.00
A1,1,EUR,4.00,2,"Y ""y""",3,1.00
EOT
gzip b.csv
expect 3 'others with the same revision' \
	ordmill ingest -q --max-rejects 2 b.csv.gz --rejects left
expect 0 'are quarantined' ordmill rejects list -b 2
out_is 'behind what was rejected' <<\EOT
2/1  A4  line 5, byte 138, column 'total': bad amount 'oops'
2/2  A1  line 2, byte 63: stored with other values: subtotal, total
2 in quarantine
EOT
orders >want <<\EOT
A4,1,EUR,oops,1,X,1,1.00
A1,1,EUR,4.00,1,X,1,1.00
A1,1,EUR,4.00,2,"Y ""y""",3,1.00
EOT
expect 0 'the export' ordmill rejects export 2
check 'has all their rows' cmp out want
check 'so has the directory of --rejects' cmp left/2.csv want

sed '/^A4/s/oops/1.00/; /^A1/s/,1,EUR/,2,EUR/' want >fixed.csv
expect 0 'a later revision' ordmill ingest --retries 2 fixed.csv
out_is 'closes the books' <<\EOT
batch 3: fixed.csv: 3 rows
                     orders                EUR
  read                    2               5.00
  created                 1               1.00
  amended                 1               4.00
  batch 2 has 0 open rejects left
EOT

orders >c.csv <<\EOT
A2,1,EUR,6.00,1,X,1,6.00
EOT
expect 5 'too many of them' ordmill ingest -q c.csv
expect 0 'can be looked at, too' ordmill rejects export 4
check 'with all rows' cmp out c.csv

# Payments: another amount under an id that is known.
printf 'reference,payment,currency,amount\nA1,p1,EUR,4.00\n' >p.csv
printf 'reference,payment,currency,amount\nA1,p1,EUR,4.50\nA2,p2,EUR,5.00\n' \
	>q.csv
expect 0 'a payment' ordmill ingest -q --feed payments p.csv
expect 3 'the same with another amount' \
	ordmill ingest -q --feed payments --max-rejects 1 q.csv
batch=$(ordmill rejects list | sed -n 's,^\([0-9]*\)/.*payment stored.*,\1,p')
expect 0 'is exported' ordmill rejects export "$batch"
out_is 'as it came' <<\EOT
reference,payment,currency,amount
A1,p1,EUR,4.50
EOT

# Lines in a second file.
printf '1|C|O|5.00|2026-01-01|1-URGENT|Clerk|0|x|\n' >o.tbl
printf '1|10|1|1|1|5.00|0.00|0.00|N|O|2026-01-01|2026-01-01|2026-01-01|NONE|RAIL|x|\n' >l.tbl
expect 0 'a feed of two files' ordmill ingest -q --feed tpch o.tbl l.tbl
sed 's/5\.00/6.00/' o.tbl >o2.tbl
sed 's/5\.00/6.00/' l.tbl >l2.tbl
expect 3 'that contradicts itself' \
	ordmill ingest -q --feed tpch --max-rejects 1 o2.tbl l2.tbl --rejects two
check 'keeps the order' cmp o2.tbl "$(echo two/*[0-9].csv | tr ' ' '\n' |
	grep -v '\.1\.csv')"
check 'and its lines' cmp l2.tbl two/*.1.csv

expect 0 'the evidence agrees' ordmill audit verify

finish
