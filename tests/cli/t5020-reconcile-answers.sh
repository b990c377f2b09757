#!/bin/sh
# Generated data: the breaks found are exactly the breaks planted.
. "$(dirname "$0")/lib.sh"

rec="ordmill reconcile d/orders.csv d/statement.csv --key reference
	--compare total --map total=amount"

expect 0 'data with planted breaks' ordmill gen --flat --orders 5000 \
	--breaks 60 --seed 7 d
# shellcheck disable=SC2086 # words
expect 1 'the breaks are found' $rec --format csv
cut -d, -f1,2 out | sort >found
cut -d, -f1,2 d/answers.csv | sort >planted
check 'all of them and no other' diff -u planted found
# shellcheck disable=SC2086
expect 0 'which is success with the answer key' $rec --answers d/answers.csv
check 'and told' grep -qx '  ok  60 expected, 60 found, 0 missing, 0 extra' out

{ cat d/answers.csv && echo 'missing_left,SO99,,1.00,EUR'; } >more.csv
# shellcheck disable=SC2086
expect 1 'a planted break that is not found' $rec --answers more.csv --json
check 'is named' grep -q \
	'"missing_items":\[{"class":"missing_left","key":"SO99","line":"62"}\]' out
sed '2d' d/answers.csv >fewer.csv
# shellcheck disable=SC2086
expect 1 'a break that was not planted' $rec --answers fewer.csv --json
check 'is named, too' grep -q \
	'"missing":"0","extra":"1","missing_items":\[\],"extra_items":\[{"class":"' out
check 'and they do not agree' grep -q '"agree":false' out
awk -F, -v OFS=, 'NR == 2 { $3 = $3 + 1 } 1' d/answers.csv >other.csv
# shellcheck disable=SC2086
expect 1 'the right break with the wrong amount' $rec --answers other.csv
check 'is another break' grep -q '59 found, 1 missing, 1 extra' out

# The budget changes nothing, nor does the order of the rows.
# shellcheck disable=SC2086
expect 1 'little memory' $rec --format csv --memory 4
mv out little
# shellcheck disable=SC2086
expect 1 'much memory' $rec --format csv
check 'the same bytes' cmp little out
{ head -1 d/statement.csv && sed 1d d/statement.csv | sort -r; } >turned.csv
expect 1 'the statement backwards' ordmill reconcile d/orders.csv turned.csv \
	--key reference --compare total --map total=amount --format csv
cut -d, -f1-6 little >want
cut -d, -f1-6 out >got
check 'the same breaks' diff -u want got

expect 0 'data without breaks' ordmill gen --orders 500 --flat --breaks 0 e
expect 0 'have none' ordmill reconcile e/orders.csv e/statement.csv \
	--key reference --compare total --map total=amount
finish
