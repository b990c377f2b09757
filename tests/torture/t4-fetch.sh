#!/bin/sh
# 200 pages of 100 orders, killed at random moments until it is through: every
# order exactly once, and every page asked for at most once more than there
# were kills.
# shellcheck source=tests/torture/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$om_root/tests/support/faults.sh"

seed=${ORDMILL_SEED:-$(date +%s)}
echo "# seed $seed"
pages=200 orders=20000 kills=${ORDMILL_FETCH_KILLS:-50}
check 'the server starts' faults_start
export ORDMILL_STORE=day
python3 - "$seed" >"$web/orders.json" <<\EOT
import json, random, sys
random.seed(int(sys.argv[1]))
print(json.dumps([{'id': n, 'currency': 'EUR', 'total': '%d.00' % n,
	'updated_at': '2026-11-%02dT%02d:00:00Z' % (random.randint(1, 20),
	random.randint(0, 23))} for n in range(1, 20001)]))
EOT
cat >shop.yaml <<EOT
format: json
source: $url/link?limit=100
items: orders
channel: shop
columns: {reference: id, currency: currency, total: total, revision: updated_at}
http:
  allow-http: true
  paging: {kind: link}
  since: {parameter: updated_at_min, field: updated_at}
EOT

# now: milliseconds.
now() { echo $(($(date +%s%N) / 1000000)); }
ordmill init -q -s plain
begun=$(now)
expect 0 'undisturbed' ordmill fetch -q -s plain --map shop.yaml
took=$(($(now) - begun))
echo "# undisturbed: $took ms"
ordmill ingest -q -s plain --inbox --map shop.yaml

ordmill init -q
forget
killed=0 tries=0
while test "$tries" -lt "$kills"; do
	tries=$((tries + 1))
	# a random part of what is left, so that most are in time
	at=$(awk -v seed="$seed" -v n="$tries" -v ms=$((took / kills)) 'BEGIN {
		srand(seed); while (n-- > 0) x = rand()
		printf "%.3f\n", x * ms * 2 / 1000 }')
	ordmill fetch -q --map shop.yaml 2>>kill.log &
	victim=$!
	sleep "$at"
	kill -9 "$victim" 2>/dev/null
	wait "$victim" 2>/dev/null
	test $? -ne 137 || killed=$((killed + 1))
done
echo "# $killed of $kills killed in time"
check 'most were killed in time' test "$killed" -gt $((kills / 2))
expect 0 'finished' ordmill fetch -q --map shop.yaml
walk=$(asked 'path": "/link?limit=100')
echo "# $walk requests for $pages pages"
check 'no page was asked for more than once more than needed' \
	test "$walk" -le $((2 * pages + killed))
check 'all pages are mirrored, once' \
	test "$(find day/inbox/shop -name '0*.json' | wc -l)" -eq "$pages"
check 'no two alike' test "$(cat day/inbox/shop/0*.body | sha256sum)" = \
	"$(cat plain/inbox/shop/0*.body | sha256sum)"

# The same of loading them.
killed=0 tries=0
while test "$tries" -lt 10; do
	tries=$((tries + 1))
	ordmill ingest -q --inbox --map shop.yaml 2>>kill.log &
	victim=$!
	sleep "0.$((tries * 7 % 10))"
	kill -9 "$victim" 2>/dev/null
	wait "$victim" 2>/dev/null
	test $? -ne 137 || killed=$((killed + 1))
done
echo "# $killed of 10 killed in time"
expect 0 'loaded' ordmill ingest -q --inbox --map shop.yaml
expect 0 'every order is there' ordmill expect orders=$orders rejects=0
check 'exactly once, as without a kill' \
	test "$(store_digest day)" = "$(store_digest plain)"
expect 0 'and the evidence agrees' ordmill audit verify
finish
