#!/bin/sh
# A bad file that is tried again and again leaves the rejects of one attempt,
# and they are closed by the file that was repaired.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=day
ordmill init -q
printf 'reference,currency,total\nA1,EUR,1.00\nA2,EUR,oops\n,EUR,3.00\n' >a.csv
for i in 1 2 3; do
	expect 5 "attempt $i" ordmill ingest -q a.csv
done
expect 0 'the quarantine' ordmill rejects list
out_is 'is that of the last' <<\EOT
3/1  A2  line 3, byte 37, column 'total': bad amount 'oops'
3/2    line 4, byte 49, column 'reference': reference is empty
2 in quarantine
EOT
expect 1 'an expectation' ordmill expect rejects=0
expect 5 'another bad file' sh -c "sed 's/A1/B1/' a.csv | ordmill ingest -q -"
expect 0 'the quarantine' ordmill rejects list
check 'has both' grep -qx '4 in quarantine' out
expect 5 'a dry run' ordmill ingest -qn a.csv
expect 0 'forgets' ordmill rejects list -b 3
check 'nothing' grep -qx '2 in quarantine' out

sed 's/oops/2.00/; s/^,/A3,/' a.csv >fixed.csv
expect 0 'the repaired file' ordmill ingest --retries 3 fixed.csv
out_is 'closes the books of the failed one' <<\EOT
batch 5: fixed.csv: 3 rows
                     orders                EUR
  read                    3               6.00
  created                 3               6.00
  batch 3 has 0 open rejects left
EOT
expect 3 'the other file, with its rejects allowed' sh -c \
	"sed 's/A1/B1/' a.csv | ordmill ingest -q --max-rejects 2 -"
expect 0 'the quarantine' ordmill rejects list
out_is 'is that of the batch that was loaded' <<\EOT
6/1  A2  line 3, byte 37, column 'total': bad amount 'oops'
6/2    line 4, byte 49, column 'reference': reference is empty
2 in quarantine
EOT

gzip -c fixed.csv | head -c 40 >torn.csv.gz
expect 5 'a file that is cut short' ordmill ingest torn.csv.gz
err_is 'is named once' <<\EOT
ordmill ingest: torn.csv.gz: 'torn.csv.gz': gzip data is cut off at byte 40
EOT
expect 5 'a header that lacks a column' ordmill ingest - <<\EOT
reference,total
A1,1.00
EOT
err_is 'names standard input and its file' <<\EOT
ordmill ingest: -: /dev/stdin: no column 'currency'
EOT

finish
