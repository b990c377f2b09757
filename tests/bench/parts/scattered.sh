# shellcheck shell=sh disable=SC2154
# scattered.sh - all first lines of the orders, then all second ones, to the
# fourth: nothing is told till the end is read, and little of it fits in memory.
# SCATTERED_ROWS is how many rows there are (20000000); a row takes 0.2 KB of
# TMPDIR.

scattered_rows=${SCATTERED_ROWS:-20000000}

scattered_turn() {
	fresh store
	timed scattered ordmill ingest -s store scattered.csv
}

say "making $scattered_rows scattered rows"
{
	echo 'reference,currency,total,line,sku,quantity,unit_price'
	for line in 1 2 3 4; do
		awk -v line="$line" -v n=$((scattered_rows / 4)) 'BEGIN {
			for (i = 0; i < n; i++)
				printf("A%d,EUR,10.00,%d,sku%d,1,2.50\n",
					100000000 + i, line, line)
		}'
	done
} >scattered.csv
rounds scattered scattered_turn
quietly ordmill expect -s store "orders=$((scattered_rows / 4))" rejects=0
row 'ingest, scattered rows: ordmill' "$scattered_rows" scattered
mib=$(($(largest 2 scattered) / 1024))
printf '%-44s %44s %7s  %-13s %s\n' '  its memory, at most' "$mib" '' \
	'<= 512 MiB' "$(met "$mib" '<=' 512)"
rm -rf store scattered.csv
