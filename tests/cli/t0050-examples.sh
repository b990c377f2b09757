#!/bin/sh
# Every example of the help does what is said of it, where it can be tried.
. "$(dirname "$0")/lib.sh"

# Paths that are not ours, and sizes that take long.
here() {
	sed 's,/mnt/other/,mnt/,; s,/var/lib/node/,mnt/,; s,/etc/ordmill/,mnt/,
		s/--orders [0-9]\{5,\}/--orders 2000/
		s/^ordmill bench$/& --orders 2000/'
}

# What the examples work on.
prepare() {
	mkdir -p in mnt
	cat >acme.yaml <<\EOT
profile: canonical
channel: acme
EOT
	echo 'store: day' >new.yaml
	printf 'reference,currency,total\nA1,EUR,1.00\n' >acme.csv
	echo 'reference,currency,total' >heading
	{ cat heading && echo 'X1,EUR,1.00'; } >in/x.csv
	{ cat heading && echo 'Y1,EUR,1.00'; } >in/y.csv
	cat >orders_export.csv <<\EOT
Name,Email,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at
#1165,a@b.example,EUR,30.00,4.90,5.57,34.90,0.00,2026-01-07 09:50:26 +0200,1,Cup,10.00,CUP-1,
#1165,a@b.example,,,,,,,2026-01-07 09:50:26 +0200,2,Pot,10.00,POT-1,
EOT
	echo '1|C|O|5.00|2026-01-01|1-URGENT|Clerk|0|x|' | gzip >orders.tbl.gz
	echo '1|10|1|1|1|5.00|0.00|0.00|N|O|2026-01-01|2026-01-01|2026-01-01|NONE|RAIL|x|' |
		gzip >lineitem.tbl.gz
	printf 'id,amount\n1,34.90\n' >shop.csv
	printf 'id,order,amount,currency\n1,#1165,34.90,EUR\n' >bank.csv
	printf 'reference,total,currency\nA,5.00,EUR\nB,700,JPY\n' >orders.csv
	printf 'order,gross,currency\nB,700,JPY\nA,5.00,EUR\n' |
		gzip >payout.csv.gz
	ordmill audit keygen -q bob@example.com bob.key >/dev/null
	prepare_day
	prepare_S
	ordmill init -q -s test --template day
}

# day: batch 7 has an order in quarantine.
prepare_day() {
	ordmill init -q -s day
	for i in 1 2 3 4 5 6; do
		{ cat heading && echo "B$i,EUR,$i.00"; } >in.csv
		ordmill ingest -q -s day --map acme.yaml in.csv
	done
	printf 'channel,reference,currency,total\nweb,A1001,EUR,5.00\nweb,A1002,EUR,x\n' |
		ordmill ingest -q -s day --max-rejects 1 -
	ordmill run -q -s day
	printf 'channel,reference,currency,total\nweb,A1002,EUR,6.00\n' \
		>repaired.csv
	{
		echo 'channel,reference,amount,currency'
		echo 'web,A1001,5.00,EUR'
		for i in 1 2 3 4 5 6; do echo "acme,B$i,$i.00,EUR"; done
	} >statement.csv
	prepare_gaps
	ordmill audit checkpoint -s day -o last-week.note
	ordmill audit checkpoint -s day --sign bob.key -o close.note
	mv bob.pub alice.pub
}

# What came says nothing new, but 17 is missing, and a few days.
prepare_gaps() {
	printf 'profile: canonical\nchannel: acme\nname: %s\nsequence: %s\n' \
		acme '{name: "{number}.csv"}' >number.yaml
	printf 'profile: canonical\nchannel: acme\nname: %s\nsequence: %s\n' \
		stock '{name: "{date}.csv", days: weekdays}' >weekday.yaml
	{ cat in.csv && echo; } >16.csv
	for name in 16:18 18:2026-12-23 2026-12-23:2026-12-29; do
		{ cat "${name%:*}.csv" && echo; } >"${name#*:}.csv"
	done
	ordmill ingest -q -s day --map number.yaml 16.csv 18.csv
	ordmill ingest -q -s day --map weekday.yaml 2026-12-2?.csv
	rm 16.csv 18.csv 2026-12-2?.csv
}

# S: seven orders, paid.
prepare_S() {
	ordmill init -q -s S
	{
		echo channel,reference,currency,total
		echo web,SO0000000001,EUR,2087.85
		for i in 2 3 4 5 6 7; do echo "web,$i,EUR,1.00"; done
	} >seven.csv
	ordmill ingest -q -s S seven.csv
	sed '1s/$/,payment/; 1!s/$/,P/; 1s/total/amount/' seven.csv |
		ordmill ingest -q -s S --feed payments -
	ordmill run -q -s S
}

# list: number of a file ex/N with the lines of an example, for each of them.
mkdir ex
ordmill help | sed -n '/^Options/q; s/^  \([a-z][a-z -]*[a-z]\)  .*/\1/p' |
	while read -r name; do
		# shellcheck disable=SC2086
		ordmill help $name | sed -n '/^Examples/,/^usage/p'
	done | awk '
	/^  #/ { if (!about) n++; about = 1; next }
	/^  / { about = 0; print substr($0, 3) >("ex/" n) }
	END { print n }' >number
check 'there are examples' test "$(cat number)" -gt 40

mkdir start
(cd start && prepare) >prepared.log 2>&1
check 'what they need can be made' test -s start/close.note

# tried STATUS FILE: run it in a directory of its own.
tried() {
	rm -rf work
	cp -R start work
	case $what in # what is to be made
	'ordmill init -s day') rm -r work/day ;;
	'ordmill init -s test '*) rm -r work/test ;;
	'ordmill audit keygen '*) rm work/alice.pub ;;
	esac
	here <"$2" >work/example.sh
	(cd work && TMPDIR=$PWD exec bash -eu example.sh) >out 2>err </dev/null
	test $? -eq "$1"
}

# parsed FILE: the parser gets to the end of it, and stumbles there only.
parsed() {
	sed '$s/$/ --no-such-option/' "$1" | bash >out 2>err
	test $? -eq 2 && grep -q "unknown option '--no-such-option'" err
}

for i in $(seq "$(cat number)"); do
	what=$(sed '1!s/^ */ /' "ex/$i" | tr -d '\\\n')
	case $what in
	# a server, or what came from one: tests/cli/t7*.sh
	*'ordmill fetch '* | *'ordmill inbox '[ds]*) check "$what (is understood)" \
		parsed "ex/$i" ;;
	*postgresql:*) check "$what (is understood)" parsed "ex/$i" ;;
	*) check "$what" tried 0 "ex/$i" ;;
	esac
done

# Those of ordmill-design(7): each display that begins with gen.
awk '
	/^\.Ed/ { inside = 0 }
	fresh && /^ordmill gen/ { inside = 1; n++ }
	inside { sub(/\\e$/, "\\"); print >("ex/design" n) }
	{ fresh = /^\.Bd/ }
	END { exit n != 2 }' "$om_root/man/ordmill-design.7.in" >out 2>err
check 'ordmill-design(7) has examples' test $? -eq 0
what=
rm -r start/day
for i in 1 2; do
	check "$(sed 's/ -.*//; q' ex/design$i)... and what follows in\
 ordmill-design(7)" tried 0 "ex/design$i"
done
check 'all was found right' grep -q '^ok: ' out

finish
