#!/bin/sh
# Each kind of damage has one outcome, at one place: the table of
# ordmill-feed(5), line by line.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=day
head=reference,customer,currency,total
# rows FORMAT: a header and rows, as printf(1) makes them.
rows() {
	echo "$head"
	# shellcheck disable=SC2059
	printf "$1"
}
# load STATUS TITLE FILE...: into an empty store, with one reject allowed.
load() {
	rm -rf day && ordmill init -q
	want=$1 title=$2
	shift 2
	expect "$want" "$title" ordmill ingest -q --max-rejects 1 "$@"
}
# reads TITLE FILE ROW...: the file is read, these are its orders.
reads() {
	title=$1 file=$2
	shift 2
	load 0 "$title" "$file"
	for i in 0 1; do
		sqlite3 day/shard-$i.db \
			'SELECT reference, customer, total_minor FROM orders'
	done | sort >out
	printf '%s\n' "$@" >want
	check "is read: $*" diff -u want out
}
# rejects TITLE FILE PLACE: one order is quarantined, for this.
rejects() {
	load 3 "$1" "$2"
	ordmill rejects list | sed -n '1s/^[^ ]*  [^ ]*  *//p' >out
	printf '%s\n' "$3" >want
	check "is a reject: $3" diff -u want out
}
# ends TITLE FILE MESSAGE: nothing of it is loaded, and that is said.
ends() {
	load 5 "$1" "$2"
	printf 'ordmill ingest: %s\n' "$3" >want
	check "ends the batch: $3" diff -u want err
	check 'nothing of it stays' ordmill expect orders=0
}

# line DAMAGE OUTCOME: that of the page which is tried next.
line() { echo "$1|$2" >>lines; }

# Values.
line 'leading zeros' 'kept'
rows '0042,a,EUR,1.00\n42,b,EUR,1.00\n' >f
reads 'leading zeros' f '0042|a|100' '42|b|100'
line "an apostrophe: '75008" 'kept in a text'
rows "'75008,'a,EUR,1.00\n" >f
reads 'an apostrophe in a text' f "'75008|'a|100"
line '' 'reject in a number'
rows "1,a,EUR,'1.00\n" >f
rejects 'an apostrophe in a number' f \
	"line 2, byte 34, column 'total': bad amount ''1.00'"
line 'an offset: +0200' 'read'
printf 'reference,currency,total,placed_at\n1,EUR,1,2026-10-07 09:50:26 +0200\n' >f
load 0 'an offset without a colon' f
sqlite3 day/shard-0.db 'SELECT placed_at FROM orders' >out
sqlite3 day/shard-1.db 'SELECT placed_at FROM orders' >>out
check 'is read' test "$(cat out)" = "$(date -u -d '2026-10-07 07:50:26' +%s)"
line '1.653,75' 'as the feed says'
line '' 'else a reject'
rows '1,a,EUR,"1.653,75"\n' >f
rejects 'a number in another format' f \
	"line 2, byte 34, column 'total': bad amount '1.653,75'"
cat >comma.yaml <<\EOT
profile: canonical
channel: c
decimal: ","
thousands: "."
EOT
load 0 'which the feed declares' --map comma.yaml f
check 'is read' ordmill expect total.EUR=1653.75
line '13085.0' 'is 13085.00'
rows '1,a,EUR,13085.0\n' >f
reads 'a decimal too few' f '1|a|1308500'
line '1.005 in EUR' 'reject'
rows '1,a,EUR,1.005\n' >f
rejects 'a decimal too many' f \
	"line 2, byte 34, column 'total': bad amount '1.005': more than 2 decimals"
line '"", and nothing' 'both empty'
rows '1,"",EUR,1\n2,,EUR,1\n' >f
reads '"" and nothing' f '1||100' '2||100'

# Bytes.
line 'a NUL byte' 'reject'
rows '1,a\0b,EUR,1.00\n2,b,EUR,1.00\n' >f
rejects 'a NUL byte' f "line 2, byte 37, column 'customer': NUL byte"
line 'bytes not of the encoding' 'reject'
rows '1,a\377b,EUR,1.00\n2,b,EUR,1.00\n' >f
rejects 'invalid UTF-8' f "line 2, byte 37, column 'customer': not UTF-8"
rows '1,a\355\240\200,EUR,1.00\n' >f
rejects 'a surrogate in UTF-8' f \
	"line 2, byte 37, column 'customer': not UTF-8"
line 'UTF-16 without a mark' 'batch ends'
rows '1,a,EUR,1.00\n' | iconv -t UTF-16LE >f
ends 'UTF-16 without a mark' f "f: looks like UTF-16 without a byte order\
 mark: say 'encoding: utf-16le' in the feed"
{ printf '\377\376' && rows '1,ä,EUR,1.00\n' | iconv -f UTF-8 -t UTF-16LE; } >f
reads 'UTF-16 with a mark' f '1|ä|100'
line 'half a character of UTF-16' 'batch ends'
head -c -1 f >g
ends 'half a character of it' g \
	'g: byte 94: ends inside a character of UTF-16'
line 'LF, CR LF and CR mixed' 'read'
line 'blank lines' 'are no rows'
rows '1,a,EUR,1.00\r\n2,b,EUR,1.00\r3,c,EUR,1.00\n\r\n4,d,EUR,x\r\n' >f
rejects 'line ends mixed, and a blank line' f \
	"line 6, byte 76, column 'total': bad amount 'x'"
check 'the rest is read' ordmill expect orders=3
line 'a byte order mark' 'dropped'
{ printf '\357\273\277' && rows '1,a,EUR,x\n'; } >f
rejects 'a byte order mark counts' f \
	"line 2, byte 37, column 'total': bad amount 'x'"
sed 's/x$/1.00/' f >g
reads 'a byte order mark is no text' g '1|a|100'

# Quotes.
line 'an unterminated quote' 'batch ends'
rows '1,"a\n,EUR,1.00\n2,b,EUR,1.00\n' >f
ends 'an unterminated quote' f 'f: line 2, byte 36: unterminated quote'
line 'a bare quote' 'reject'
rows '1,a"b,EUR,1.00\n' >f
rejects 'a bare quote' f "line 2, byte 37, column 'customer': bare quote"
line 'text behind a closing quote' 'reject'
rows '1,"a"b,EUR,1.00\n' >f
rejects 'text behind a quote' f \
	"line 2, byte 39, column 'customer': text after closing quote"

# Rows.
line 'a column twice in the header' 'batch ends if used'
printf '%s,total\n1,a,EUR,1,1\n' "$head" >f
ends 'a header with a column twice' f "f: two columns 'total'"
printf '%s,x,x\n1,a,EUR,1,1,1\n' "$head" >f
reads 'a column twice that is not used' f '1|a|100'
line 'a column that is missing' 'batch ends'
printf 'reference,customer,currency,sum\n1,a,EUR,1\n' >f
ends 'a column that is missing' f "f: no column 'total'"
line 'the header in mid-file' 'reject'
{ rows '1,a,EUR,1\n' && rows '2,a,EUR,1\n'; } >f
rejects 'a second header in mid-file' f 'line 3, byte 44: the header again'
check 'the rows around it are read' ordmill expect orders=2
line 'a field too few, too many' 'reject'
rows '1,a,EUR\n2,a,EUR,1\n' >f
rejects 'a field too few' f 'line 2, byte 34: 3 fields, 4 expected'
rows '1,a,EUR,1,x\n2,a,EUR,1\n' >f
rejects 'a field too many' f 'line 2, byte 34: 5 fields, 4 expected'

# Sizes.
long() { head -c "$1" /dev/zero | tr '\0' x; }
line 'a field of 10 MiB' 'read if not used'
{ echo "$head,x" && echo "1,a,EUR,1,$(long 10485760)"; } >f
reads 'a field of 10 MiB that is not used' f '1|a|100'
line '' 'else a reject'
rows "1,$(long 10485760),EUR,1\n" >f
rejects 'one that is used' f \
	"line 2, byte 34, column 'customer': customer is longer than 4096 bytes"
line 'a record over 16 MiB' 'batch ends'
{ echo "$head,x" && echo "1,a,EUR,1,$(long 16777216)"; } >f
ends 'a record over 16 MiB' f \
	'f: line 2, byte 36: record longer than 16777216 bytes'
{ echo "$head,x" && echo "1,a,EUR,1,\"$(long 16777216)"; } >f
ends 'a record over 16 MiB in a quote' f "f: line 2, byte 36: in the quotes\
 opened at line 2, byte 46: record longer than 16777216 bytes"

# Files.
line 'several gzip members' 'read as one file'
{ rows '1,a,EUR,1\n' | gzip && echo '2,b,EUR,1' | gzip; } >f
reads 'gzip members, one behind the other' f '1|a|100' '2|b|100'
line 'a truncated gzip file' 'batch ends'
rows "$(seq 500 | sed 's/$/,a,EUR,1\\n/' | tr -d '\n')" | gzip >f
head -c 700 f >g
ends 'a truncated gzip' g "g: 'g': gzip data is cut off at byte 700"
line 'garbage behind gzip' 'batch ends'
{ rows '1,a,EUR,1\n' | gzip && echo x; } >f
ends 'garbage behind gzip' f "f: 'f': garbage behind the gzip data at byte\
 $(($(wc -c <f) - 2))"
line 'an empty file' 'batch ends'
: >f
ends 'an empty file' f 'f: empty, not even a header'
line 'the wrong file: 100 rejects in a row, all alike' 'batch ends'
rows "$(seq 100 | sed 's/$/,a,EURO,1\\n/' | tr -d '\n')" >f
ends 'a wrong file' f "f: 100 rejects in a row, all 'currency: no such\
 currency': is this the right file?"
ordmill rejects list >out
check 'whose rejects can be seen' test "$(grep -c 'no such currency' out)" -ge 99
line 'cut at the end of a line' 'batch ends by totals'
cat >t.yaml <<\EOT
profile: canonical
channel: t
totals: {trailer: {match: "T,*", count: 2}}
EOT
rows '1,a,EUR,1\n' >f
load 5 'a file cut short at the end of a line' --map t.yaml f
err_is 'is noticed by its totals alone' <<\EOT
ordmill ingest: f: no trailer 'T,*': was the file cut short?; nothing was loaded
EOT

sed -n '/^\.Bl -column "text behind/,/^\.El/p' \
	"$om_root/man/ordmill-feed.5.in" |
	sed -n "s/\\\\&//; s/\\\\(aq/'/g; s/\\\\(dq/\"/g; s/^\.It //p" |
	sed '1d; s/^\(.*\) Ta \(.*\) Ta.*/\1|\2/; s/^ *Ta/|/' |
	sed 's/ *| */|/' >want
mv lines out
check 'these are the lines of the page, and all of them' diff -u want out

finish
