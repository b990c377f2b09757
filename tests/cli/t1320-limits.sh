#!/bin/sh
# Rejects are limited in number and in money; a batch goes in if both hold.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=day
ordmill init -q
cat >a.csv <<\EOT
reference,currency,total,sku,quantity,unit_price
A1,EUR,1.00,X,1,1.00
A2,EUR,7.50,X,1,7.00
A3,EUR,2.51,X,1,2.00
A4,JPY,500,X,1,400
EOT
for limit in 10.00EUR '10.01EUR --max-reject-amount 499JPY' \
	'10.01EUR --max-rejects 2'; do
	# shellcheck disable=SC2086
	expect 5 "over a limit: $limit" ordmill ingest -n --max-rejects 3 \
		--max-reject-amount $limit a.csv
done
expect 5 'money over its limit' ordmill ingest --max-rejects 75% \
	--max-reject-amount 10.00EUR a.csv
err_is 'is told' <<\EOT
ordmill ingest: a.csv: 10.01 EUR in rejected orders, more than the 10.00 allowed; nothing was loaded
EOT
expect 5 'a limit of money alone' ordmill ingest --max-reject-amount 99EUR a.csv
check 'allows no reject' grep -q '3 of 4 orders rejected' err
expect 3 'at the limits' ordmill ingest -q --max-rejects 3 \
	--max-reject-amount 10.01EUR --max-reject-amount 500JPY a.csv
check 'it goes in' ordmill expect orders=1 rejects=3
expect 2 'no limit' ordmill ingest --max-reject-amount 10 a.csv
err_is 'is refused' <<\EOT
ordmill ingest: --max-reject-amount wants an amount and a currency, such as 1000.00EUR, got '10'
EOT
finish
