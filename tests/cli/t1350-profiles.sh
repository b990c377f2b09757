#!/bin/sh
# Each example of ordmill-feed(5) is tried: every profile on a small file, and
# where there is one on a real file of its format, and every feed in YAML.
. "$(dirname "$0")/lib.sh"

page=$om_root/man/ordmill-feed.5.in
corpus=${ORDMILL_CORPUS:-}

# displays: those of the page in files d1, d2, ...
awk '
	/^\.Ed/ { inside = 0 }
	inside { sub(/^\\&/, ""); gsub(/\\\\/, "\\"); print >("d" n) }
	/^\.Bd/ { inside = 1; n++ }
	END { print n }' "$page" >number

: >feeds.yaml
for i in $(seq "$(cat number)"); do
	grep -q '^columns:\|^profile:' "d$i" || continue
	test -s feeds.yaml || echo 'feeds:' >feeds.yaml
	{ echo "  f$i:" && sed 's/^/    /' "d$i"; } >>feeds.yaml
done
expect 0 'the feeds of the page are read' ordmill config check feeds.yaml
check 'all of them' test "$(grep -c '^  f' feeds.yaml)" -ge 5

grep -h '^ordmill ingest --feed' d* >examples
sed 's/.*--feed \([^ ]*\) .*/\1/' examples | sort >out
for file in "$om_root"/lib/feed/profiles/*.yaml; do
	basename "$file" .yaml
done | sort >want
check 'each profile has its example' diff -u want out

# What the examples read.
mkdir small
cd small || exit 1
ordmill gen -q --orders 20 --breaks 0 .
cat >orders.edi <<\EOT
UNB+UNOA:1+S+R+101120:1030+77'
UNH+1+ORDERS:D:96A:UN'BGM+220+P1+9'CUX+2:EUR:9'DTM+137:20101120:102'
LIN+1++X1:SA'QTY+21:9'PRI+AAA:5'UNS+S'CNT+2:1'UNT+10+1'
UNZ+1+77'
EOT
cat >orders_export.csv <<\EOT
Name,Email,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at
#1165,a@b.example,EUR,30.00,4.90,5.57,34.90,0.00,2026-01-07 09:50:26 +0200,1,Cup,10.00,CUP-1,
#1165,a@b.example,,,,,,,2026-01-07 09:50:26 +0200,2,Pot,10.00,POT-1,
#1166,a@b.example,EUR,10.00,0.00,1.60,10.00,0.00,2026-01-07 10:50:26 +0200,1,Cup,10.00,CUP-1,2026-01-08 10:50:26 +0200
EOT
cat >orders.json <<\EOT
{"orders": [{"name": "#7", "created_at": "2026-01-07T09:50:26+02:00",
  "cancelled_at": null, "currency": "EUR", "total_price": "20.00",
  "line_items": [{"sku": "X", "quantity": 2, "price": "10.00"}]}]}
EOT
echo '1|C|O|5.00|2026-01-01|1-URGENT|Clerk|0|x|' | gzip >orders.tbl.gz
echo '1|10|1|1|1|5.00|0.00|0.00|N|O|2026-01-01|2026-01-01|2026-01-01|NONE|RAIL|x|' |
	gzip >lineitem.tbl.gz
echo '1|' >delete.1
urn=urn:oasis:names:specification:ubl:schema:xsd
cat >order.xml <<EOT
<Order xmlns="$urn:Order-2" xmlns:a="$urn:CommonAggregateComponents-2"
 xmlns:b="$urn:CommonBasicComponents-2"><b:ID>U1</b:ID>
 <b:IssueDate>2026-01-07</b:IssueDate>
 <b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>
 <a:AnticipatedMonetaryTotal>
  <b:LineExtensionAmount currencyID="EUR">20</b:LineExtensionAmount>
  <b:PayableAmount currencyID="EUR">20</b:PayableAmount>
 </a:AnticipatedMonetaryTotal>
 <a:OrderLine><a:LineItem><b:ID>1</b:ID><b:Quantity>2</b:Quantity>
  <b:LineExtensionAmount currencyID="EUR">20</b:LineExtensionAmount>
  <a:Price><b:PriceAmount currencyID="EUR">10</b:PriceAmount></a:Price>
 </a:LineItem></a:OrderLine></Order>
EOT
cat >page.json <<\EOT
[{"id": 7, "status": "failed", "currency": "EUR", "total": "20.00",
  "date_created_gmt": "2026-01-07T09:50:26",
  "line_items": [{"sku": "X", "quantity": 2, "total": "20.00"}]}]
EOT
cat >order.x12 <<\EOT
ISA*00*          *00*          *01*828513080      *01*001903202U     *100817*0850*U*00400*000000245*0*P*>~
GS*PO*BUYER1*US*20100817*0850*1*X*004010~
ST*850*0001~
BEG*00*SA*P1**20100810~
CUR*BY*USD~
PO1*1*5*EA*5.09*UM*BP*0459*VP*V-1~
CTT*1~
SE*6*0001~
GE*1*1~
IEA*1*245~
EOT
cd .. || exit 1

# real: the same names, for files of the corpus; those of TPC-H are read in
# tests/cli/t9000-corpus.sh.
real() {
	mkdir real
	ln -s "$corpus/shopify/orders_export_pseudonymised.csv" \
		real/orders_export.csv
	ln -s "$corpus/shopify/orders.json" real/orders.json
	ln -s "$corpus/edi/UC1_Order.xml" real/order.xml
	ln -s "$corpus/woocommerce/orders-load-all.json" real/page.json
	ln -s "$corpus/edi/x12_850.txt" real/order.x12
}

# try FOLDER: every example whose file is there.
try() {
	cp -r small "$1.run" && rm "$1.run"/*
	cp -P "$1"/* "$1.run"
	ordmill init -q -s "$1.run/day"
	while read -r line <&3; do
		test -e "$1.run/${line##* }" || continue
		# shellcheck disable=SC2086
		expect 0 "$1: $line" sh -c "cd '$1.run' &&
			ORDMILL_STORE=day $line"
		check 'takes all of it' sh -c '! grep -q "rejected\|conflict" out'
	done 3<examples
}
try small
expect 0 'the evidence agrees' ordmill audit verify -q -s small.run/day
expect 0 'cancelled as it came' ordmill expect -s small.run/day \
	books.void=2 waiting=0 state.cancelled=3
if test -n "$corpus"; then
	real
	try real
fi

finish
