#!/bin/sh
# The report of a day: the same figures in every format, and books that close.
. "$(dirname "$0")/lib.sh"
# shellcheck source=store.sh
. "$om_root/tests/cli/store.sh"

expect 0 'the day is reported' ordmill report daily
mv out full
sed '/^Evidence$/,$d' full >out
out_is 'with orders, money, batches, quarantine and runs' <<\EOT
Daily report, 2026-11-23
========================

The day at a glance
-------------------
  Day (UTC)            2026-11-23
  Batches taken        3
  Orders read          5
  New orders           2
  In quarantine        1
  Orders in the store  2
  Early cancellations  0
  Report made          2026-11-23T15:00:00Z
  Store                S

  ok  the books of every batch and pass close
  !!  orders in quarantine: 1

Orders and money in
-------------------
  Currency  Outcome    Orders  Amount
  --------  ---------  ------  ------
  EUR       read            3   73.81
  EUR       created         1   39.90
  EUR       amended         1   28.90
  EUR       rejected        1    5.01
  JPY       read            2   1,200
  JPY       created         1   1,200
  JPY       cancelled       1       0

  Orders read, by what became of them
  created      #################################### 2
  amended      ################## 1
  cancelled    ################## 1
  unchanged    0
  conflicting  0
  rejected     ################## 1

Orders by state
---------------
  State      Currency  Orders  Total   Paid  Refunded   Due
  ---------  --------  ------  -----  -----  --------  ----
  accepted   EUR            1  28.90  28.90      0.00  0.00
  cancelled  JPY            1  1,200      0         0     -

  Orders by state
  accepted   #################################### 1
  cancelled  #################################### 1

Orders by shard
---------------
  Shard  Slots  Orders  Lines
  -----  -----  ------  -----
  0      2,048       2      2
  1      2,048       0      0

  Orders by shard
  shard 0  #################################### 2
  shard 1  0

Payments
--------
  Payments known           2
  Applied to no order yet  1

  Currency  Ordered   Paid  Refunded   Due
  --------  -------  -----  --------  ----
  EUR         28.90  28.90      0.00  0.00
  JPY             0      0         0     0

Batches of the day
------------------
  Batch  Feed       Source   Read  Taken  Unchanged  Set aside  Books
  -----  ---------  -------  ----  -----  ---------  ---------  ------
  1      canonical  a.csv       3      2          0          1  closed
  2      canonical  b.csv       2      2          0          0  closed
  3      payments   pay.csv     2      2          0          0  closed

Their books
-----------
  Batch  Currency  Outcome    Orders  Amount
  -----  --------  ---------  ------  ------
  1      EUR       read            2   44.91
  1      EUR       created         1   39.90
  1      EUR       rejected        1    5.01
  1      JPY       read            1   1,200
  1      JPY       created         1   1,200
  2      EUR       read            1   28.90
  2      EUR       amended         1   28.90
  2      JPY       read            1       0
  2      JPY       cancelled       1       0
  3      EUR       read            2   29.90
  3      EUR       created         2   29.90

Quarantine
----------
  Batch  Line  Order   Stated total  Reason                             Resolved
  -----  ----  ------  ------------  ---------------------------------  --------
  1         5  web/A3      5.01 EUR  total 5.01 but lines, discount     open
                                     and shipping make 5.00

Runs of the day
---------------
  Run  Command       Started               Seconds  State  Books
  ---  ------------  --------------------  -------  -----  ---------------------
  1    ingest        2026-11-23T12:00:00Z        0  done
  2    run validate  2026-11-23T12:00:00Z        0  done   2 in, 2 accepted, 0
                                                           held
  3    run settle    2026-11-23T12:00:00Z        0  done   0 in
  4    ingest        2026-11-23T13:00:00Z        0  done
  5    ingest        2026-11-23T14:00:00Z        0  done
  6    run validate  2026-11-23T14:00:00Z        0  done   1 in, 1 accepted, 0
                                                           held
  7    run settle    2026-11-23T14:00:00Z        0  done   2 in, 1 applied, 0
                                                           held, 1 untouched

EOT
sed -n '/^Evidence$/,$p' full >out
check 'and with its evidence' grep -q '^  Entries          7$' out
check 'signed' grep -q '^  Signature        — ordmill/' out
check 'nothing on stderr' test ! -s err
check 'within 80 columns' sh -c \
	'LC_ALL=C.UTF-8 awk "length > 80 { exit 1 }" full'

expect 0 'another day' ordmill report daily --date 2026-11-22
check 'had no batch' grep -q 'no batch came in on this day' out
expect 0 'yesterday' ordmill report daily --date yesterday
check 'is that day' grep -q '2026-11-22$' out
expect 0 'three days ago' ordmill report daily --date -3d
check 'is said in the title' test "$(head -1 out)" = 'Daily report, 2026-11-20'

expect 0 'CSV' ordmill report daily --format csv
grep '^money,' out >part && mv part out
out_is 'has tagged records' <<\EOT
money,books,head,currency,outcome,orders,amount
money,books,row,EUR,read,3,73.81
money,books,row,EUR,created,1,39.90
money,books,row,EUR,amended,1,28.90
money,books,row,EUR,rejected,1,5.01
money,books,row,JPY,read,2,1200
money,books,row,JPY,created,1,1200
money,books,row,JPY,cancelled,1,0
money,outcomes,bar,created,2,2
money,outcomes,bar,amended,1,1
money,outcomes,bar,cancelled,1,1
money,outcomes,bar,unchanged,0,0
money,outcomes,bar,conflicting,0,0
money,outcomes,bar,rejected,1,1
EOT
expect 0 'JSON' ordmill report daily --json
check 'is one line' test "$(wc -l <out)" = 1
check 'says its schema' grep -q '^{"schema":"ordmill.report-daily/1",' out
check 'has the same figures' grep -Fq \
	'{"currency":"EUR","outcome":"rejected","orders":"1","amount":"5.01"}' out
if command -v python3 >/dev/null; then
	check 'is JSON' python3 -m json.tool out
fi

expect 0 'HTML' ordmill report daily --format html -o day.html
check 'goes to its file' test ! -s out
check 'has the same figures' grep -Fq \
	'<td>EUR</td><td>rejected</td><td class="n">1</td><td class="n">5.01</td>' \
	day.html
check 'has a chart' grep -q '<svg class="chart" role="img"' day.html
check 'has no script and no address' sh -c \
	'! grep -Eiq "<script|https?:|src=|url\(|@import" day.html'

expect 2 'a date that is none' ordmill report daily --date soon
err_is 'is named' <<\EOT
ordmill report daily: --date: bad date 'soon'
EOT
expect 2 'an unknown format' ordmill report daily --format pdf
expect 2 'two formats at once' ordmill report daily --json --format csv
expect 6 'a store that is not there' ordmill report daily -s nowhere
expect 12 'a full disk' sh -c 'ordmill report daily >/dev/full'

sqlite3 S/catalog.db "UPDATE batch_books SET orders = orders + 1
	WHERE batch = 1 AND outcome = 'created' AND currency = 'EUR'"
expect 70 'a book that does not close' ordmill report daily
check 'is shown' grep -q '  !!  a book does not close: see below' out
check 'by batch' grep -q '^  1      canonical  a.csv .*  open$' out
err_is 'and said' <<\EOT
ordmill report daily: a book of the day does not close
EOT
sqlite3 S/catalog.db "UPDATE batch_books SET orders = orders - 1
	WHERE batch = 1 AND outcome = 'created' AND currency = 'EUR';
	UPDATE run_books SET orders = orders + 1 WHERE outcome = 'held'"
expect 70 'nor may a pass lose an order' ordmill report daily

finish
