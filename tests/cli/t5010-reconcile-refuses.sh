#!/bin/sh
# What reconcile cannot do it says at once, with the status that belongs to it.
. "$(dirname "$0")/lib.sh"

printf 'id,amount,note\na,1.00,x\n' >a.csv
printf 'id,amount,note\na,1.00,x\n' >b.csv

# says STATUS TITLE MESSAGE ARGUMENTS...
says() {
	status=$1 what=$2 message=$3
	shift 3
	expect "$status" "$what" ordmill reconcile "$@"
	check "$what: says so" grep -qxF "ordmill reconcile: $message" err
	check "$what: prints nothing" test ! -s out
}

says 2 'no key' '--key says which columns identify a row' a.csv b.csv
says 2 'an unknown key' \
	"--key: left 'a.csv' has no column 'idd'; did you mean 'id'?" \
	a.csv b.csv --key idd
says 2 'an unknown compared column' \
	"--compare: left 'a.csv' has no column 'amonut'; did you mean 'amount'?" \
	a.csv b.csv --key id --compare amonut
says 2 'a tolerance on nothing' \
	"--tolerance: 'fee' is not among --compare" \
	a.csv b.csv --key id --compare amount --tolerance fee=1
says 2 'a map of nothing' \
	"--map: 'fee' is neither a key nor compared" \
	a.csv b.csv --key id --compare amount --map fee=note
says 2 'an unknown format' "--format: no 'jsn'; did you mean 'json'?" \
	a.csv b.csv --key id --format jsn
says 2 'standard input twice' 'standard input cannot be both sides' \
	- - --key id
says 4 'a missing file' \
	"cannot open 'nope.csv': No such file or directory" \
	a.csv nope.csv --key id
says 4 'a directory' "'.' is a directory" . b.csv --key id

: >empty.csv
says 5 'an empty file' 'empty.csv: empty: no line of column names' \
	empty.csv b.csv --key id
printf 'id,amount\na,"1\n' >torn.csv
expect 5 'an unterminated quote' ordmill reconcile a.csv torn.csv --key id
check 'is placed' grep -q '^ordmill reconcile: torn.csv: ' err
gzip <a.csv | head -c 30 >cut.gz
expect 5 'a gzip that is cut off' ordmill reconcile cut.gz b.csv --key id
check 'is named' grep -q "cut.gz.*cut off" err
printf 'class\nmissing_left\n' >bad.key
says 5 'an answer key without keys' "bad.key: no column 'key'" \
	a.csv b.csv --key id --answers bad.key
printf 'class,key\nexact,a\n' >bad.key
says 5 'an answer key with a match' \
	"bad.key: line 2: no class of break 'exact'" \
	a.csv b.csv --key id --answers bad.key
says 2 'a query without a store' \
	"which store? name it with --store, \$ORDMILL_STORE or 'store:' in the configuration" \
	store:orders b.csv --key id

expect 12 'a full disk is not success' sh -c \
	'ordmill reconcile a.csv b.csv --key id >/dev/full'
expect 0 'half a screen is enough for head' sh -c \
	'ordmill reconcile a.csv b.csv --key id | head -1'
check 'without a word' test ! -s err

printf 'id,amount\na,1\nb,oops\n,3\n"c"x,4\n' >bad.csv
printf 'id,amount\na,1\n' >good.csv
expect 1 'bad rows are breaks, not the end' ordmill reconcile bad.csv good.csv \
	--key id --compare amount --format csv
check 'each with line and reason' test "$(grep -c '^data,' out)" -eq 3
check 'by column' grep -qx \
	"data,b,,,,,amount,oops,,3,,bad amount 'oops'" out
finish
