#!/bin/sh
# What was turned away can be seen, exported as it came, repaired and loaded.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=day
ordmill init -q
expect 0 'an empty quarantine' ordmill rejects list
out_is 'is said to be so' <<\EOT
0 in quarantine
EOT
expect 0 'in JSON' ordmill rejects list --json
out_is 'too' <<\EOT
{"schema":"ordmill.rejects/1","rejects":[]}
EOT

# Quotes, line ends inside and outside of them, bytes that are no text.
{
	printf 'reference,customer,currency,total,sku,quantity,unit_price\r\n'
	printf 'R1,Ann,EUR,1.00,X,1,1.00\r\n'
	printf 'R2,"Bob ""B"", Jr",EUR,2.50,X,1,2.00\r\n'
	printf 'R3,"two\r\nlines",EUR,3.00,X,1,3.00\r\n'
	printf 'R4,M\374ller,EUR,4.00,X,1,4.00\r\n'
	printf 'R5,"a\r\nb",EUR,oops,X,1,5.00\r\n'
	printf ',nobody,EUR,6.00,X,1,6.00\r\n'
} >a.csv

expect 5 'bad orders' ordmill ingest -q a.csv --rejects left
expect 0 'are listed' ordmill rejects list
out_is 'with place and reason' <<\EOT
1/1    line 9, byte 216, column 'reference': reference is empty
1/2  R2  line 3, byte 85, column 'total': total 2.50 but lines, discount, shipping and tax make 2.00
1/3  R4  line 6, byte 162, column 'customer': not UTF-8
1/4  R5  line 7, byte 187, column 'total': bad amount 'oops'
4 in quarantine
EOT
expect 0 'in JSON' ordmill rejects list --json
out_is 'with all that is known' <<EOT
{"schema":"ordmill.rejects/1","rejects":[\
{"batch":"1","reject":"1","outcome":"rejected","channel":"","reference":"",\
"source":"0","line":"9","offset":"216","column":"reference","value":"",\
"reason":"reference is empty","currency":"EUR","total":"6.00",\
"resolved_by":"0"},\
{"batch":"1","reject":"2","outcome":"rejected","channel":"canonical",\
"reference":"R2","source":"0","line":"3","offset":"85","column":"total",\
"value":"2.50","reason":"total 2.50 but lines, discount, shipping and tax make\
 2.00","currency":"EUR","total":"2.50","resolved_by":"0"},\
{"batch":"1","reject":"3","outcome":"rejected","channel":"canonical",\
"reference":"R4","source":"0","line":"6","offset":"162","column":"customer",\
"value":"M?ller","reason":"not UTF-8","currency":"EUR","total":"4.00",\
"resolved_by":"0"},\
{"batch":"1","reject":"4","outcome":"rejected","channel":"canonical",\
"reference":"R5","source":"0","line":"7","offset":"187","column":"total",\
"value":"oops","reason":"bad amount 'oops'","currency":"EUR","total":"0.00",\
"resolved_by":"0"}]}
EOT

{
	printf 'reference,customer,currency,total,sku,quantity,unit_price\n'
	printf ',nobody,EUR,6.00,X,1,6.00\n'
	printf 'R2,"Bob ""B"", Jr",EUR,2.50,X,1,2.00\n'
	printf 'R4,M\374ller,EUR,4.00,X,1,4.00\n'
	printf 'R5,"a\r\nb",EUR,oops,X,1,5.00\n'
} >want.csv
expect 0 'an export' ordmill rejects export 1
check 'has the rows to the byte, and their header' cmp out want.csv
check 'the same lies in the directory of --rejects' cmp left/1.csv want.csv
check 'and nothing else' test "$(ls left)" = 1.csv
expect 0 'into a file' ordmill rejects export 1 -o e.csv
check 'it is the same' cmp e.csv want.csv

expect 3 'the good orders are loaded' ordmill ingest -q a.csv --max-rejects 4
sed 's/,2\.50,/,2.00,/; s/M\xfcller/Mueller/; s/oops/5.00/
	s/^,nobody/R6,nobody/' e.csv >fixed.csv
sed 3d fixed.csv >some.csv

expect 0 'some of the bad ones, repaired' ordmill ingest --retries 2 some.csv
out_is 'leave the others open' <<\EOT
batch 3: some.csv: 3 rows
                     orders                EUR
  read                    3              15.00
  created                 3              15.00
  batch 2 has 2 open rejects left
EOT
expect 0 'of that batch' ordmill rejects list --batch 2
out_is 'the unrepaired and the nameless' <<\EOT
2/1    line 9, byte 216, column 'reference': reference is empty
2/2  R2  line 3, byte 85, column 'total': total 2.50 but lines, discount, shipping and tax make 2.00
2 in quarantine
EOT
expect 0 'a rehearsal' ordmill ingest -n --retries 2 --json fixed.csv
check 'closes nothing' grep -q '"open_rejects":"0"' out
expect 0 'it does not' ordmill rejects list -b 2
check 'two are open' grep -qx '2 in quarantine' out
expect 0 'all of them' ordmill ingest --retries 2 fixed.csv --json
check 'leave none open' grep -q '"parent_open_rejects":"0"' out
expect 0 'the quarantine' ordmill rejects list -b 2
out_is 'is empty' <<\EOT
0 in quarantine
EOT
expect 0 'except for the record' ordmill rejects list -b 2 --all
out_is 'of who repaired what' <<\EOT
2/1    line 9, byte 216, column 'reference': reference is empty (repaired by batch 4)
2/2  R2  line 3, byte 85, column 'total': total 2.50 but lines, discount, shipping and tax make 2.00 (repaired by batch 4)
2/3  R4  line 6, byte 162, column 'customer': not UTF-8 (repaired by batch 3)
2/4  R5  line 7, byte 187, column 'total': bad amount 'oops' (repaired by batch 3)
4 in quarantine
EOT
expect 0 'nothing is left to export' ordmill rejects export 2
check 'but the header' test "$(wc -l <out)" -eq 1
expect 0 'what batch 1 rejected' ordmill rejects list -b 1 --all
check 'became that of batch 2, of the same content' \
	grep -qx '0 in quarantine' out
expect 0 'known content' ordmill ingest --retries 1 fixed.csv
out_is 'repairs, too' <<\EOT
batch 4: fixed.csv: already loaded
                     orders                EUR
  read                    4              17.00
  unchanged               4              17.00
  batch 1 has 0 open rejects left
EOT

printf 'reference,currency,total\nR1,EUR,9.99\n' >b.csv
expect 3 'an order that contradicts the store' \
	ordmill ingest -q b.csv --max-rejects 1
expect 0 'is quarantined' ordmill rejects list
out_is 'with what differs' <<\EOT
5/1  R1  line 2, byte 25: stored with other values: customer, subtotal, total, lines
1 in quarantine
EOT
expect 0 'a newer revision' ordmill ingest --retries 5 - <<\EOT
reference,revision,currency,total
R1,2,EUR,9.99
EOT
check 'settles it' grep -qx '  batch 5 has 0 open rejects left' out

expect 4 'a batch that is not there' ordmill rejects list -b 99
expect 4 'cannot be exported' ordmill rejects export 99
err_is 'and that is told' <<\EOT
ordmill rejects export: no batch 99
EOT
expect 4 'nor retried' ordmill ingest --retries 99 fixed.csv
expect 2 'a batch is a number' ordmill rejects export last
expect 6 'no store' ordmill rejects list -s nowhere
expect 12 'a full disk' sh -c 'ordmill rejects list --all >/dev/full'

# The lines of a joined feed lie in a second file.
printf '1|C|O|5.00|2026-01-01|1-URGENT|Clerk|0|x|\n2|C|O|7.00|2026-01-01|1-URGENT|Clerk|0|x|\n' >o.tbl
printf '1|10|1|1|1|5.00|0.00|0.00|N|O|2026-01-01|2026-01-01|2026-01-01|NONE|RAIL|x|\n2|10|1|1|1|7.01|0.00|0.00|N|O|2026-01-01|2026-01-01|2026-01-01|NONE|RAIL|x|\n' >l.tbl
expect 3 'a feed of two files' \
	ordmill ingest -q --feed tpch --max-rejects 1 o.tbl l.tbl --rejects two
check 'has its orders in one' cmp -s two/7.csv - <<\EOT
2|C|O|7.00|2026-01-01|1-URGENT|Clerk|0|x|
EOT
check 'and its lines in the other' cmp two/7.1.csv - <<\EOT
2|10|1|1|1|7.01|0.00|0.00|N|O|2026-01-01|2026-01-01|2026-01-01|NONE|RAIL|x|
EOT
expect 0 'an export of the second' ordmill rejects export 7 --source 1
check 'is the same' cmp out two/7.1.csv
sed 's/7\.01/7.00/' out >fixed.tbl
expect 0 'repaired, both close the batch' ordmill ingest --feed tpch \
	--retries 7 two/7.csv fixed.tbl
check 'without a header' grep -qx '  batch 7 has 0 open rejects left' out

finish
