#!/bin/sh
# Generated data is the same everywhere, adds up, and has the planted breaks.
. "$(dirname "$0")/lib.sh"

expect 0 'orders, a statement and answers are made' \
	ordmill gen --seed 42 --orders 1000 a
out_is 'the same on every machine' <<\EOT
1000 orders, 3118 lines
  EUR           707 orders             373734.57
  USD           197 orders             113068.59
  JPY            43 orders               2540042
  KWD            53 orders             10072.327
breaks planted
  missing_right       2
  amount_under        2
  missing_left        2
  amount_over         2
  duplicate           2
  currency            2
files
  orders.csv             3118 rows          414958 bytes
    sha256 1045235c7604fb12c025b7b78f99a190b98ea974369858696926ae50ca190aa2
  statement.csv          1002 rows           64194 bytes
    sha256 1d6c4ebeaa59e8618ae5fbbe7d1dd11d9226fc38cda2cac4f5341b37552c5bd2
  answers.csv              12 rows             519 bytes
    sha256 5c04a0b3c5a779c77a5cc884486bc044bb4760108538ccc1b241b9a6eabb7d5e
EOT
check 'nothing on stderr' test ! -s err

sha256sum a/orders.csv a/statement.csv a/answers.csv | cut -c1-64 >sums
sed -n 's/^    sha256 //p' out >said
check 'the files are what was said' cmp said sums

head -3 a/orders.csv >out
out_is 'order cells stand on every row' <<\EOT
kind,channel,reference,revision,customer,placed_at,currency,subtotal,discount,shipping,tax,tax_included,total,line,sku,quantity,unit_price,line_discount,line_tax,line_total
order,web,SO0000000001,1,C00000028,2026-01-01T00:00:00Z,EUR,306.36,0.00,4.90,27.85,true,311.26,1,SKU-01593,4,76.59,0.00,27.85,306.36
order,web,SO0000000002,1,C00000189,2026-01-01T00:43:12Z,EUR,166.75,8.33,9.90,33.34,false,201.66,1,SKU-02825,4,3.71,0.00,2.96,14.84
EOT

# Columns: 3 reference, 8 subtotal, 9 discount, 10 shipping, 11 tax, 12 tax
# included, 13 total, 16 quantity, 17 price, 18 line discount, 20 line total.
# Thousandths as integers: 0.1 + 0.2 is not this test's business.
awk -F, 'function m(x) { return sprintf("%.0f", x * 1000) + 0 }
	NR == 1 { next }
	$3 != was { if (was != "" && sum != subtotal) bad++; sum = 0; was = $3 }
	{ sum += m($20); subtotal = m($8)
	  due = m($8) - m($9) + m($10) + ($12 == "true" ? 0 : m($11))
	  if (due != m($13) || m($16 * $17) - m($18) != m($20)) bad++
	  seen++ }
	END { if (sum != subtotal) bad++; print seen, bad + 0 }' a/orders.csv >out
out_is 'every line and every total adds up' <<\EOT
3118 0
EOT

cut -d, -f1 a/answers.csv | sort | uniq -c | awk '{ print $2, $1 }' >out
out_is 'the answers list each class' <<\EOT
amount_over 2
amount_under 2
class 1
currency 2
duplicate 2
missing_left 2
missing_right 2
EOT

# Work the breaks out again with join, from the two files alone.
cut -d, -f3,7,13 a/orders.csv | sed 1d | uniq | sort >left
cut -d, -f2,4,5 a/statement.csv | sed 1d | sort >right
{
	join -t, -v1 left right | sed 's/^\([^,]*\),.*/missing_right,\1/'
	join -t, -v2 left right | sed 's/^\([^,]*\),.*/missing_left,\1/'
	uniq -d right | sed 's/^\([^,]*\),.*/duplicate,\1/'
	join -t, left right | awk -F, '
		$2 != $4 { print "currency," $1; next }
		$3 < $5 { print "amount_over," $1 }
		$3 > $5 { print "amount_under," $1 }'
} | sort >found
sed 1d a/answers.csv | cut -d, -f1,2 | sort >planted
check 'what can be found is what was planted' diff planted found

expect 0 'again' ordmill gen --seed 42 --orders 1000 -q a
check 'in silence' test ! -s out
check 'with the same bytes' sh -c \
	'sha256sum a/*.csv | cut -c1-64 | sort >s; sort said | cmp - s'
expect 0 'another seed' ordmill gen --seed 43 --orders 1000 -q b
check 'makes other orders' sh -c '! cmp -s a/orders.csv b/orders.csv'

for part in 1 2 3; do
	expect 0 "part $part of 3" \
		ordmill gen --seed 42 --orders 1000 --parts 3 --part $part -q p$part
done
for file in orders statement answers; do
	cat p1/$file.csv p2/$file.csv p3/$file.csv >whole
	check "the parts of $file.csv make the whole" cmp whole a/$file.csv
done

expect 0 'flat orders' ordmill gen --seed 7 --orders 3 --flat \
	--currencies USD --start 2026-11-23 --days 1 --breaks 0 -q f
cp f/orders.csv out
out_is 'have ten columns and no line' <<\EOT
reference,revision,customer,placed_at,currency,subtotal,discount,shipping,tax,total
SO0000000001,1,C00000002,2026-11-23T00:00:00Z,USD,352.00,0.00,9.90,70.40,432.30
SO0000000002,1,C00000001,2026-11-23T08:00:00Z,USD,29.47,0.00,0.00,5.89,35.36
SO0000000003,1,C00000001,2026-11-23T16:00:00Z,USD,124.30,0.00,9.90,0.00,134.20
EOT
expect 0 'random references' ordmill gen --orders 1000 --flat \
	--references random -q r
check 'are distinct' test "$(cut -d, -f1 r/orders.csv | sort -u | wc -l)" = 1001
check 'and not in order' sh -c \
	'sed 1d r/orders.csv | cut -d, -f1 | sort -c 2>/dev/null && exit 1; :'

expect 0 'a dry run' ordmill gen --seed 42 --orders 1000 -n n
check 'writes nothing' test ! -e n
check 'but knows the hashes' sh -c \
	'sed -n "s/^    sha256 //p" out | cmp - said'

expect 0 'JSON' ordmill gen --orders 10 --breaks 1 --currencies JPY --json j
out_is 'is one line of strings' <<\EOT
{"schema":"ordmill.gen/1","seed":"0","orders":"10","lines":"24","money":{"JPY":{"orders":"10","total":"501301"}},"breaks":{"missing_right":"1","amount_under":"0","missing_left":"0","amount_over":"0","duplicate":"0","currency":"0"},"changes":{"amended":"0","cancelled":"0"},"bad_rows":{"bad_amount":"0","missing_reference":"0","unknown_currency":"0","total_off":"0","not_utf8":"0","missing_cell":"0","extra_cell":"0","bad_date":"0","bad_quantity":"0","line_total_off":"0"},"files":[{"name":"orders.csv","rows":"24","bytes":"3020","sha256":"91c9220e317587ef32d689bc202b70528398ec6fc58200022d6173329b8dcd6e"},{"name":"statement.csv","rows":"9","bytes":"617","sha256":"e9da0e91f0e0918fc25d978cadc09b1209c4e6ca8528d34256ffa4a475ebcd84"},{"name":"answers.csv","rows":"1","bytes":"82","sha256":"3352265dfd3b6f43473a7f2e20cdd5e8173d0e269b25bf0efbb2f0d34397a130"}]}
EOT

expect 2 'more breaks than orders' ordmill gen --orders 10 --breaks 11 x
err_is 'are refused' <<\EOT
ordmill gen: breaks is 11: not within 0 to 10
EOT
expect 2 'a part that is not there' ordmill gen --parts 2 --part 3 x
err_is 'is refused' <<\EOT
ordmill gen: part is 3: not within 1 to 2
EOT
expect 2 'an unknown currency' ordmill gen --currencies EUR:1,XXZ:1 x
err_is 'is named' <<\EOT
ordmill gen: --currencies: no currency 'XXZ'
EOT
expect 2 'a channel that would need quotes' ordmill gen --channel 'a,b' x
err_is 'is refused' <<\EOT
ordmill gen: bad channel 'a,b'
EOT
expect 2 '--flat with --lines' ordmill gen --flat --lines 2 x
expect 2 'a start that is no time' ordmill gen --start soon x
err_is 'is named' <<\EOT
ordmill gen: --start: bad time 'soon'
EOT
check 'and no refused call left a directory' test ! -e x

touch file
expect 12 'a directory that cannot be made' ordmill gen file/x

finish
