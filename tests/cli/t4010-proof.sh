#!/bin/sh
# Proofs and notes are checked without the store, and openssl agrees.
. "$(dirname "$0")/lib.sh"

verify() { sh "$om_root/scripts/verify-proof.sh" "$@"; }

# rejected TITLE MESSAGE: the proof in bad.proof does not convince.
rejected() {
	expect 1 "$1" verify bad.proof good/signing.pub
	check "$1: says why" grep -Fqx "verify-proof: $2" err
	check "$1: prints no verdict" sh -c '! grep -q "^sealed" out'
}

# swap LINE FILE TEXT: bad.proof is FILE with another LINE.
swap() { sed "$1s|.*|$3|" "$2" >bad.proof; }

cat >orders.csv <<\EOT
kind,channel,reference,revision,customer,placed_at,currency,subtotal,discount,shipping,tax,tax_included,total,line,sku,quantity,unit_price,line_discount,line_tax,line_total
order,web,A/1,1,Ann,2026-01-01T00:00:00Z,EUR,-30.00,0.00,0.00,0.00,true,-30.00,1,SKU,-3,10.00,0.00,0.00,-30.00
order,web,B2,1,Zoë,2026-01-02T00:00:00Z,EUR,7.50,0.00,1.00,0.00,true,8.50,1,SKU,1,7.50,0.00,0.00,7.50
EOT
expect 0 'a store is made' ordmill init -q -s good --shards 1
expect 0 'orders are loaded' ordmill ingest -q -s good orders.csv
expect 4 'what is not there has no proof' ordmill audit prove -s good web/C3
err_is 'and is named' <<\EOT
ordmill audit prove: no order 'web/C3'
EOT
expect 2 'an order has a channel' ordmill audit prove -s good A1
expect 4 'nothing has happened to it yet' \
	ordmill audit prove -s good --event web/B2
err_is 'which is said' <<\EOT
ordmill audit prove: order 'web/B2': nothing has happened to the order yet
EOT

expect 0 'an order is proved' ordmill audit prove -s good -o one.proof web/A/1
expect 0 'the proof convinces' verify one.proof good/signing.pub
name=$(sed 's/+.*//' good/signing.pub)
out_is 'and tells the record' <<EOT
ordmill/order/1
kind               0
channel            web
reference          A/1
revision           1
customer           Ann
placed_at          1767225600
currency           EUR
tax_included       1
subtotal_minor     -3000
discount_minor     0
shipping_minor     0
tax_minor          0
total_minor        -3000
attributes$(printf '         ')
prev_id            0
batch              1
source_line        2
line               1
  sku              SKU
  quantity_milli   -3000
  unit_price_micro 10000000
  discount_minor   0
  tax_minor        0
  total_minor      -3000
sealed by checkpoint 1 of $name, signed by $name
EOT

# A longer log and a longer journal, so that both paths have hashes.
expect 0 'more orders are made' ordmill gen --orders 600 --breaks 0 .
expect 0 'and loaded' ordmill ingest -q -s good orders.csv
expect 0 'and validated' ordmill run -q -s good
for order in web/A/1 web/B2 web/SO0000000001 web/SO0000000600; do
	expect 0 "$order is proved" ordmill audit prove -s good -o two.proof \
		"$order"
	expect 0 "$order: the proof convinces" verify two.proof \
		good/signing.pub
	check "$order: of that order" grep -Fqx \
		"reference          ${order#web/}" out
	expect 0 "$order: its last event, too" \
		ordmill audit prove -s good --event -o event.proof "$order"
	expect 0 "$order: convinces" verify event.proof good/signing.pub
	check "$order: as an event" grep -q '^pass  *validate$' out
done
expect 0 'text that is not ASCII' ordmill audit prove -s good -o z.proof web/B2
expect 0 'is told as it is' verify z.proof good/signing.pub
check 'in UTF-8' grep -qx 'customer           Zoë' out

# Every line of a proof counts.
check 'a proof has two paths' test "$(grep -c '^[A-Za-z0-9+/]\{43\}=$' \
	two.proof)" -gt 8
lines=$(wc -l <two.proof)
n=1
while [ "$n" -le "$lines" ]; do
	sed "${n}d" two.proof >bad.proof
	verify bad.proof good/signing.pub >out 2>err
	check "without line $n it does not convince" test $? -eq 1
	n=$((n + 1))
done
other=$(sed -n 's/^record //p' one.proof)
swap 2 two.proof "record $other"
rejected 'another record' \
	'the record does not lead to what the journal sealed'
swap 4 two.proof 'index 0'
rejected 'another place' 'the record does not lead to what the journal sealed'
swap 4 two.proof 'index 99999999'
rejected 'a place beyond the end' 'record has no leaf 99999999'
swap 4 two.proof 'index 01'
rejected 'a number that is none' "bad index '01'"
swap 3 two.proof 'shard 1'
rejected 'another shard' 'the entry has no head of shard 1'
swap 6 two.proof AAAA
rejected 'a hash that is none' 'bad hash in the path of the record'
printf 'nothing\n' >bad.proof
rejected 'a file of another kind' "'bad.proof' is not a proof"
sed '$d' two.proof >bad.proof
rejected 'a checkpoint without a signature' "no signature by '$name'"
sed '$s|...=$|AAA=|' two.proof >bad.proof
rejected 'a signature changed' "the signature by '$name' does not hold"
expect 2 'without a key there is no verdict' verify two.proof
expect 2 'nor with a key that is not there' verify two.proof nowhere

cut -c1-60 two.proof >bad.proof
rejected 'lines cut short' 'bad base64 in the record'

# A record is proved when a command has sealed it, not before.
cp -r good soon
sqlite3 soon/catalog.db 'DELETE FROM journal WHERE leaf > 0'
expect 4 'what is not sealed yet has no proof' \
	ordmill audit prove -s soon web/SO0000000600
check 'and is told so' grep -Eqx 'ordmill audit prove: leaf [0-9]+ of shard 0 is not sealed yet' err

# Keys and notes of people.
expect 0 'a key pair is made' ordmill audit keygen alice@example.com alice.key
check 'its public part is printed and kept' cmp -s out alice.pub
check 'its private part is private' test "$(find . -name alice.key \
	-perm 600)" = ./alice.key
expect 0 'another, told as JSON' \
	ordmill audit keygen bob@example.com bob --json
check 'which is in a file of its own' grep -Fqx "$(printf \
	'{"schema":"ordmill.audit-keygen/1","key":"bob","vkey":"%s"}' \
	"$(cat bob.pub)")" out
expect 0 'a dry run' ordmill audit keygen --dry-run carol@example.com carol
check 'makes nothing' sh -c '! test -e carol && ! test -e carol.pub'
expect 5 'it is never overwritten' \
	ordmill audit keygen alice@example.com alice.key
expect 5 'a name is one word' ordmill audit keygen 'Alice B' b.key
check 'and leaves no file' sh -c '! test -e b.key && ! test -e b.pub'
expect 0 'a person signs the checkpoint' \
	ordmill audit checkpoint -s good --sign alice.key -o alice.note
expect 0 'her signature holds' \
	ordmill audit verify --note alice.note --key alice.pub
ordmill audit checkpoint -s good | sed '/^$/,$d' >want
check 'under the same text' diff -u want out
expect 0 'the key may be given as text' \
	ordmill audit verify --note alice.note --key "$(cat alice.pub)"
expect 1 'it is not that of the store' \
	ordmill audit verify --note alice.note --key good/signing.pub
err_is 'which is said' <<EOT
ordmill audit verify: 'alice.note': no signature by '$name'
EOT
sed '2s/.*/99/' alice.note >bad.note
expect 1 'a changed note does not hold' \
	ordmill audit verify --note bad.note --key alice.pub
err_is 'and is named' <<\EOT
ordmill audit verify: 'bad.note': the signature by 'alice@example.com' does not hold
EOT
expect 2 'a note without a key says nothing' \
	ordmill audit verify --note alice.note
expect 4 'a note that is not there' \
	ordmill audit verify --note nowhere --key alice.pub

# A row that was changed has no proof.
sqlite3 good/shard-0.db "UPDATE order_rows SET customer = 'Eve'
	WHERE reference = 'B2'"
expect 7 'a changed row is not proved' ordmill audit prove -s good web/B2
check 'and says so' grep -Eq "^ordmill audit prove: shard 0: the row is not what leaf [0-9]+ sealed$" err

finish
