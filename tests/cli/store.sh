# shellcheck shell=sh
# store.sh - a small store with a bit of everything, for the tests that look
# at one. Sourced behind lib.sh; works in the current directory. small_store
# is its URL.
#
# 12:00 a.csv: A1 and A2 created, A3 quarantined; validated, settled
# 13:00 b.csv: A1 amended, A2 cancelled
# 14:00 pay.csv: A1 paid, A9 paid but never ordered; validated, settled

export ORDMILL_STORE="${small_store:=S}"

csv_head=kind,channel,reference,revision,customer,placed_at,currency,subtotal,discount,shipping,tax,tax_included,total,line,sku,quantity,unit_price,line_discount,line_tax,line_total
cat >a.csv <<EOT
$csv_head
order,web,A1,1,C1,2026-11-22T09:30:00Z,EUR,30.00,1.00,4.90,6.00,false,39.90,1,SKU-1,2,10.00,0.00,4.00,20.00
order,web,A1,1,C1,2026-11-22T09:30:00Z,EUR,30.00,1.00,4.90,6.00,false,39.90,2,SKU-2,1.5,6.666667,0.00,2.00,10.00
order,web,A2,1,C2,2026-11-22T10:00:00Z,JPY,1200,0,0,0,true,1200,1,SKU-1,1,1200,0,0,1200
order,web,A3,1,C3,2026-11-22T11:00:00Z,EUR,5.00,0.00,0.00,0.00,true,5.01,1,SKU-3,1,5.00,0.00,0.00,5.00
EOT
cat >b.csv <<EOT
$csv_head
order,web,A1,2,C1,2026-11-22T09:30:00Z,EUR,20.00,0.00,4.90,4.00,false,28.90,1,SKU-1,2,10.00,0.00,4.00,20.00
cancel,web,A2,2,,,JPY,,,,,,0,,,,,,,
EOT
cat >pay.csv <<EOT
channel,reference,payment,currency,amount,paid_at
web,A1,P1,EUR,28.90,2026-11-23T08:00:00Z
web,A9,P9,EUR,1.00,2026-11-23T08:00:00Z
EOT

at() { export ORDMILL_NOW="2026-11-23T$1:00Z"; }

at 12:00
expect 0 'a store' ordmill init --shards 2
expect 3 'a batch with a bad order' \
	ordmill ingest --feed canonical --max-rejects 1 a.csv
expect 0 'passes' ordmill run
at 13:00
expect 0 'an amendment and a cancellation' ordmill ingest --feed canonical b.csv
at 14:00
expect 0 'payments' ordmill ingest --feed payments pay.csv
expect 0 'passes again' ordmill run
at 15:00
