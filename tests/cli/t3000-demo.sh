#!/bin/sh
# The demo does the main job, says so, may be repeated, and can fail.
. "$(dirname "$0")/lib.sh"

export ORDMILL_NOW=2026-02-01T12:00:00Z

summary() {
	sed -n '/^ordmill demo/,$p' out
}

expect 0 'the demo works' ordmill demo --orders 500 --breaks 12 d
summary >first
mv first out
out_is 'and ends with its figures' <<\EOT
ordmill demo
  money in          347 orders            179527.62 EUR
                    102 orders             61779.72 USD
                     21 orders              1043282 JPY
                     30 orders             5804.023 KWD
  shard 0           254 orders, 773 lines
  shard 1           246 orders, 772 lines
  breaks             12 found of 12 planted, 0 others
  evidence   audit verify ok: 2000 leaves, 4 checkpoints, signed
  reports    d/daily.html
             d/reconciliation.html
  result     all of it is right
EOT
check 'the reports are there' test -s d/daily.html -a -s d/reconciliation.html
expect 0 'again in the same directory' ordmill demo --orders 500 --breaks 12 d
check 'nothing was loaded twice' grep -q 'breaks  *12 found of 12' out

sqlite3 d/store/shard-0.db 'UPDATE order_rows SET total_minor = total_minor + 1
	WHERE id = (SELECT min(id) FROM order_rows)'
expect 1 'after one amount was changed by hand it fails' \
	ordmill demo --orders 500 --breaks 12 d
check 'and says that something is wrong' grep -q 'SOMETHING IS WRONG' out

finish
