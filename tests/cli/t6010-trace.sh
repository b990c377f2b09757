#!/bin/sh
# Everything that happened to an order, and where it came from.
. "$(dirname "$0")/lib.sh"
# shellcheck source=store.sh
. "$om_root/tests/cli/store.sh"

expect 0 'an amended and paid order' ordmill trace web/A1
out_is 'is told from its first line on' <<\EOT
Order web/A1
============

The order
---------
  Channel    web
  Reference  A1
  State      accepted
  Currency   EUR
  Total      28.90
  Paid       28.90
  Refunded   0.00
  Slot       1505
  Shard      0
  Row id     5
  Leaf       4

What happened
-------------
  Leaf  When                  What           Detail                By
  ----  --------------------  -------------  --------------------  -------------
  0     2026-11-23T12:00:00Z  received       revision 1, 39.90     batch 1,
                                             EUR                   a.csv, line 2
  2     2026-11-23T12:00:00Z  pass validate  received to accepted  run 2
  4     2026-11-23T13:00:00Z  amended        revision 2, 28.90     batch 2,
                                             EUR                   b.csv, line 2
  7     2026-11-23T14:00:00Z  payment        P1: 28.90 EUR on      batch 3,
                              stated         2026-11-23T08:00:00Z  pay.csv, line
                                                                   2
  8     2026-11-23T14:00:00Z  pass validate  received to accepted  run 6
  9     2026-11-23T14:00:00Z  pass settle    paid 28.90 EUR: P1    run 7

Facts, by revision
------------------
  Leaf                 0
  Kind                 order
  Revision             1
  Batch                1
  Line in its file     2
  Customer             C1
  Placed at            2026-11-22T09:30:00Z
  Currency             EUR
  Subtotal             30.00
  Discount             1.00
  Shipping             4.90
  Tax                  6.00
  Tax is               added
  Total                39.90
  Superseded by batch  2
  Attributes           -

  Leaf                 4
  Kind                 order
  Revision             2
  Batch                2
  Line in its file     2
  Customer             C1
  Placed at            2026-11-22T09:30:00Z
  Currency             EUR
  Subtotal             20.00
  Discount             0.00
  Shipping             4.90
  Tax                  4.00
  Tax is               added
  Total                28.90
  Superseded by batch  -
  Attributes           -

Lines, by revision
------------------
  Leaf  Line  SKU    Quantity  Unit price  Discount   Tax  Total
  ----  ----  -----  --------  ----------  --------  ----  -----
  0     1     SKU-1         2       10.00      0.00  4.00  20.00
  0     2     SKU-2       1.5    6.666667      0.00  2.00  10.00
  4     1     SKU-1         2       10.00      0.00  4.00  20.00

Turned away
-----------
  Batch  Source  Line  Column  Value  Reason  Resolved
  -----  ------  ----  ------  -----  ------  --------
  (none)
EOT
expect 0 'a cancelled order' ordmill trace web/A2
sed -n '/^What happened/,/^Facts/p' out >part && mv part out
out_is 'says who cancelled it' <<\EOT
What happened
-------------
  Leaf  When                  What             Detail           By
  ----  --------------------  ---------------  ---------------  ----------------
  1     2026-11-23T12:00:00Z  received         revision 1,      batch 1, a.csv,
                                               1200 JPY         line 4
  3     2026-11-23T12:00:00Z  pass validate    received to      run 2
                                               accepted
  5     2026-11-23T13:00:00Z  cancelled by     revision 2,      batch 2, b.csv,
                              its feed         1200 JPY         line 3

Facts, by revision
EOT
expect 0 'a quarantined order' ordmill trace web/A3
grep -v '^  [CSR]' out >part && mv part out
out_is 'is found among the rejects' <<\EOT
Order web/A3
============

The order
---------

  !!  no such order was taken


What happened
-------------
  Leaf  When  What  Detail  By
  ----  ----  ----  ------  --
  (none)

Facts, by revision
------------------
  (none)

Lines, by revision
------------------
  Leaf  Line  SKU  Quantity  Unit price  Discount  Tax  Total
  ----  ----  ---  --------  ----------  --------  ---  -----
  (none)

Turned away
-----------
  Batch  Source  Line  Column  Value  Reason                            Resolved
  -----  ------  ----  ------  -----  --------------------------------  --------
  1      a.csv      5  total   5.01   total 5.01 but lines, discount    open
                                      and shipping make 5.00
EOT
expect 0 'a payment without an order' ordmill trace web/A9
check 'is told, too' grep -q 'payment .*P9: 1.00 EUR on' out
check 'with what is missing' grep -q '!!  no such order was taken' out

expect 0 'JSON' ordmill trace web/A1 --json
check 'says its schema' grep -q '^{"schema":"ordmill.trace/1",' out
check 'has figures as strings' grep -q '"total":"28.90","paid":"28.90"' out

expect 4 'an order nobody knows' ordmill trace web/A4
err_is 'is not found' <<\EOT
ordmill trace: no order 'web/A4'
EOT
expect 2 'half a name' ordmill trace A1
err_is 'is explained' <<\EOT
ordmill trace: 'A1' is not CHANNEL/REFERENCE
EOT
expect 2 'no reference' ordmill trace web/
expect 2 'no channel' ordmill trace /A1

finish
