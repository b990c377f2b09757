#!/bin/sh
# Rejected payments: an order that is there does not mean that it was paid.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=day
ordmill init -q
printf 'reference,currency,total\nA1,EUR,1.00\nA2,EUR,2.00\n' >a.csv
expect 0 'two orders' ordmill ingest -q a.csv
cat >pay.csv <<\EOT
reference,payment,currency,amount
A1,p1,EUR,oops
A2,p2,EUR,?
EOT
expect 3 'two payments that cannot be read' \
	ordmill ingest -q --feed payments --max-rejects 2 pay.csv
head -2 pay.csv | sed 's/oops/1.00/' >one.csv
expect 0 'one repaired' ordmill ingest --feed payments --retries 2 one.csv
out_is 'leaves the other open' <<\EOT
batch 3: one.csv: 1 rows
                     orders                EUR
  read                    1               1.00
  created                 1               1.00
  batch 2 has 1 open rejects left
EOT
expect 0 'the other' ordmill rejects list
out_is 'is in quarantine' <<\EOT
2/2  A2  line 3, byte 49, column 'amount': bad amount '?'
1 in quarantine
EOT
sed 1q pay.csv >two.csv
echo A2,p2,EUR,2.00 >>two.csv
expect 0 'it, too' ordmill ingest --feed payments --retries 2 two.csv
check 'closes the books' grep -qx '  batch 2 has 0 open rejects left' out

finish
