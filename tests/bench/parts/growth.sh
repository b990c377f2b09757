# shellcheck shell=sh disable=SC2154
# growth.sh - the rate as the store grows: batches of a million flat orders
# into one store of two shards, a line at 1, 3, 10, 30 and 100 million.
#
# GROWTH_ORDERS is how far it goes (10000000), GROWTH_BATCH the size of a batch,
# GROWTH_KINDS which references (growing random).
# A rate is that of the last three batches, each of which is then loaded into an
# empty store, too: the ratio is the median of those three. Each batch is made
# before it is loaded and removed afterwards.

growth_batch=${GROWTH_BATCH:-1000000}
growth_orders=${GROWTH_ORDERS:-10000000}
growth_parts=$((growth_orders / growth_batch))
case $growth_parts in
0) fail 'GROWTH_ORDERS is less than GROWTH_BATCH' ;;
esac

# Is the Nth batch one of the last three before a line?
growth_counts() {
	for line in 1 3 10 30 100 "$growth_parts"; do
		test "$1" -gt "$line" || test "$1" -le $((line - 3)) || return 0
	done
	return 1
}

growth_load() {
	quietly ordmill gen --seed 42 --orders "$growth_orders" --flat \
		--references "$kind" --breaks 0 --parts "$growth_parts" \
		--part "$1" grown
	# only the first part has the heading
	if test "$1" -eq 1; then
		head -n 1 grown/orders.csv >heading
		mv grown/orders.csv batch.csv
	else
		cat heading grown/orders.csv >batch.csv
	fi
	rm -rf grown
	timed "ours.growth.$kind" ordmill ingest -s store --feed canonical \
		batch.csv
	! growth_counts "$1" || {
		fresh empty
		timed "empty.$kind" ordmill ingest -s empty --feed canonical \
			batch.csv
	}
	rm batch.csv
}

# growth_line N: what it is like with N batches in the store.
growth_line() {
	tail -n 3 "ours.growth.$kind" >last
	tail -n 3 "empty.$kind" >empty.last
	rm -f status
	for _ in 1 2 3; do timed status ordmill status -s store; done
	awk -v n="$(($1 * growth_batch))" -v batch="$growth_batch" \
		-v kind="$kind" -v s="$(median 1 last)" \
		-v share="$(ratio empty.last last)" \
		-v kib="$(largest 2 "ours.growth.$kind")" \
		-v cpu="$(median 3 last)" -v disk="$(du -sk store | cut -f1)" \
		-v status="$(median 1 status)" 'BEGIN {
		met = share < 0.5 ? "no" : "yes"
		printf "%-10s %10d %9.3f %8.3f %9d %7.3f %6s %9d %5d %9.1f\n", kind,
			n, s, cpu, batch / s, share, met,
			disk * 1024 / n, kib / 1024, status * 1000 }'
}

printf '%-10s %10s %9s %8s %9s %7s %6s %9s %5s %9s\n' references stored \
	seconds cpu orders/s ratio '>= 0.5' bytes/ord MiB 'status ms'
for kind in ${GROWTH_KINDS:-growing random}; do
	fresh store
	i=0
	while test "$i" -lt "$growth_parts"; do
		i=$((i + 1))
		say "growth $kind: batch $i of $growth_parts"
		growth_load "$i"
		case $i in
		1 | 3 | 10 | 30 | 100) growth_line "$i" ;;
		"$growth_parts") growth_line "$i" ;;
		esac
	done
	quietly ordmill expect -s store "orders=$growth_orders"
done
rm -rf store empty
