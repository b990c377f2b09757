#!/bin/sh
# Exit 1 unless the store says so: every name, met and not met.
. "$(dirname "$0")/lib.sh"
# shellcheck source=store.sh
. "$om_root/tests/cli/store.sh"

expect 0 'what the store holds' ordmill expect orders=2 lines=2 batches=3 \
	rejects=1 shards=2 payments=2 unsettled=1 \
	state.accepted=1 state.cancelled=1 state.received=0 \
	total.EUR=28.90 total.JPY=1200 paid.EUR=28.9 refunded.EUR=0 \
	due.EUR=0.00 due.JPY=0 total.USD=0 \
	books.read=5 books.created=2 books.stale=0
out_is 'is confirmed word by word' <<\EOT
ok      orders=2
ok      lines=2
ok      batches=3
ok      rejects=1
ok      shards=2
ok      payments=2
ok      unsettled=1
ok      state.accepted=1
ok      state.cancelled=1
ok      state.received=0
ok      total.EUR=28.90
ok      total.JPY=1200
ok      paid.EUR=28.90
ok      refunded.EUR=0.00
ok      due.EUR=0.00
ok      due.JPY=0
ok      total.USD=0.00
ok      books.read=5
ok      books.created=2
ok      books.stale=0
EOT
expect 0 'in silence' ordmill expect -q orders=2
check 'if so wished' test ! -s out

expect 1 'what it does not hold' ordmill expect -q orders=3 lines=2 \
	total.EUR=28.91
out_is 'is told with what it does' <<\EOT
failed  orders: wanted 3, got 2
ok      lines=2
failed  total.EUR: wanted 28.91, got 28.90
EOT
expect 1 'JSON' ordmill expect --json rejects=0
out_is 'says the same' <<\EOT
{"schema":"ordmill.expect/1","met":false,"expectations":[{"name":"rejects","wanted":"0","got":"1","met":false}]}
EOT

# refused WORD MESSAGE: a word that makes no sense.
refused() {
	expect 2 "'$1'" ordmill expect "$1"
	printf 'ordmill expect: %s\n' "$2" >want
	check 'is refused with a reason' diff -u want err
}

refused orders "'orders' is not NAME=VALUE"
refused ordres=1 "nothing is called 'ordres'; did you mean 'orders'?"
refused weather=1 "nothing is called 'weather'"
refused orders=two "orders: bad number 'two'"
refused orders.EUR=2 "'orders' takes no '.'"
refused total=2 "'total' needs a '.' and a currency"
refused state=2 "'state' needs a '.' and a state"
refused books=2 "'books' needs a '.' and an outcome"
refused books.old=2 "books.old: no outcome 'old'"
refused state.lost=2 "state.lost: no state 'lost'"
refused total.XXZ=2 "total.XXZ: no currency 'XXZ'"
refused total.EUR=1,5 "total.EUR: bad amount '1,5'"

expect 6 'a store that is not there' ordmill expect -s nowhere orders=0

finish
