#!/bin/sh
# Two files with planted differences: counts and sums per class, to the byte.
. "$(dirname "$0")/lib.sh"

cat >a.csv <<'END'
id,amount
a,1.00
b,2.00
c,3.00
d,4.00
e,7.01
f,1
f,1
,2
g,x
END
cat >b.csv <<'END'
id,amount
b,2.50
c,2.75
d,4.00
e,7.00
h,5.00
f,1
g,2
END

expect 1 'planted differences are found' ordmill reconcile a.csv b.csv \
	--key id --compare amount --tolerance amount=0.01
out_is 'and told on one screen' <<'END'
Reconciliation of a.csv with b.csv
==================================

Inputs and rules
----------------
  left      a.csv: 9 rows, 60 bytes
  sha256    0eb162f729ef944b2bcfd7789cc9baa353fd2710b3f833dadb8fade6cc773705
  right     b.csv: 7 rows, 53 bytes
  sha256    69b36878a31f6cfd469ee0b762e7fe6f795a5cdd8aec2f28a6ac8e70e8b31e73
  key       id
  compare   amount (tolerance 0.01)
  currency  not given

Control totals
--------------
  currency  left rows  left total  right rows  right total  difference
  --------  ---------  ----------  ----------  -----------  ----------
  XXX               9       19.01           7        24.25        5.24

  unreadable rows  2 left, 0 right (no amount counted)

Matched, by rule
----------------
  class      currency  count  amount
  ---------  --------  -----  ------
  exact      XXX           2    5.00
  tolerance  XXX           1    0.01

Breaks, by class
----------------
  class          currency  count  amount
  -------------  --------  -----  ------
  missing_left   XXX           1    5.00
  missing_right  XXX           1    1.00
  amount_over    XXX           1    0.50
  amount_under   XXX           1   -0.25
  duplicate      XXX           1    1.00
  data           XXX           2    2.00

Books
-----
  left    9 rows = 3 matched + 6 in breaks
  right   7 rows = 3 matched + 4 in breaks
  breaks  0 opening + 7 new - 0 cleared = 7 closing

  !!  7 breaks

Breaks (lines are left:right, the difference is right - left)
-------------------------------------------------------------
  class          key  left  right  difference  lines
  -------------  ---  ----  -----  ----------  -----
  data                                         9:-
  missing_right  a    1.00                     2:-
  amount_over    b    2.00   2.50        0.50  3:2
  amount_under   c    3.00   2.75       -0.25  4:3
  duplicate      f    1.00                     8:-
  data           g           2.00              10:8
  missing_left   h           5.00              -:6

  key  lines  about
  ---  -----  ----------------------
       9:-    id; empty key
  f    8:-    exact repeat of line 7
  g    10:8   amount; bad amount 'x'
END
check 'nothing on stderr' test ! -s err
mv out first
expect 1 'and once more' ordmill reconcile a.csv b.csv \
	--key id --compare amount --tolerance amount=0.01
check 'with the same bytes' cmp first out

expect 1 'as CSV' ordmill reconcile a.csv b.csv --key id --compare amount \
	--tolerance amount=0.01 --format csv
out_is 'a row per break' <<'END'
class,key,left_amount,right_amount,currency,difference,column,left_value,right_value,left_line,right_line,reason
data,,,,,,id,,,9,,empty key
missing_right,a,1.00,,,,,,,2,,
amount_over,b,2.00,2.50,,0.50,amount,,,3,2,
amount_under,c,3.00,2.75,,-0.25,amount,,,4,3,
duplicate,f,1.00,,,,,,,8,,exact repeat of line 7
data,g,,2.00,,,amount,x,,10,8,bad amount 'x'
missing_left,h,,5.00,,,,,,,6,
END

expect 1 'with the matches' ordmill reconcile a.csv b.csv --key id \
	--compare amount --tolerance amount=0.01 --format csv --matches
check 'which are listed too' grep -qx \
	'tolerance,e,7.01,7.00,,-0.01,amount,,,6,5,' out
check 'row by row' test "$(grep -c '^exact,' out)" -eq 2

expect 1 'as JSON' ordmill reconcile a.csv b.csv --key id --compare amount \
	--tolerance amount=0.01 --json --limit 1
tr '{' '\n' <out | sed -n '/^"count"/p' >counts
cat >want <<'END'
"count":"1","amount":
"count":"1","amount":
"count":"1","amount":
"count":"1","amount":
"count":"0","amount":
"count":"0","amount":
"count":"1","amount":
"count":"2","amount":
END
check 'every class is there' diff -u want counts
check 'with its sum' grep -q \
	'"amount_under":{"count":"1","amount":{"XXX":"-0.25"}}' out
check 'the matches by rule' grep -q \
	'"matched":{"exact":"2","tolerance":"1","group":"0",' out
check 'the roll-forward' grep -q \
	'"opening":"0","new":"7","cleared":"0","closing":"7","closed":true' out
check 'and no more items than asked for' grep -q \
	'"items":\[{"class":"data","column":"id","left_line":"9","reason":"empty key"}\]' out

expect 0 'equal files have no breaks' ordmill reconcile b.csv b.csv \
	--key id --compare amount
check 'and say so' grep -qx '  ok  no breaks' out
expect 0 'in silence' ordmill reconcile -q b.csv b.csv --key id --compare amount
check 'if asked to' test ! -s out

printf 'id|amount|\nb|2.50|\nc|2.75|\n' >bar.txt
printf 'id\tamount\nc\t2.75\nb\t2.5\n' | gzip >tab.gz
expect 0 'bars, tabs and gzip are noticed' ordmill reconcile bar.txt tab.gz \
	--key id --compare amount
# shellcheck disable=SC2016 # expanded by the inner shell
expect 0 'standard input is a side' sh -c \
	'ordmill reconcile - bar.txt --key id --compare amount <tab.gz'
check 'hashed as it came' grep -q "sha256    $(sha256sum <tab.gz | cut -c1-64)" out

{ printf '\357\273\277' && cat b.csv; } >bom.csv
expect 0 'a byte order mark is no part of a name' ordmill reconcile bom.csv \
	b.csv --key id --compare amount

expect 1 'HTML' ordmill reconcile a.csv b.csv --key id --compare amount \
	--format html
check 'is one page' grep -q '</html>' out
check 'that loads nothing' sh -c '! grep -Eq "(src|href)=.?https?:|<script" out'
finish
