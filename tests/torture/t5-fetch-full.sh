#!/bin/sh
# A disk that is full while a feed is fetched, with a little more room each
# time: status 12, whole documents only, and in the end all of them.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$om_root/tests/support/faults.sh"

mkdir disk
if ! mount -t tmpfs -o size=16k tmpfs disk 2>/dev/null; then
	echo '1..0 # SKIP cannot mount'
	exit 0
fi
trap 'umount "$scratch/disk"; rm -rf "$scratch"' EXIT
check 'the server starts' faults_start
trap 'kill "$faults_pid" 2>/dev/null; umount "$scratch/disk"
	rm -rf "$scratch"' EXIT
pages=8
orders 1 $((pages * 100))
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
export ORDMILL_STORE=day
ordmill init -q
for inbox in plain disk; do
	echo "inbox: $inbox" >$inbox.yaml
done
expect 0 'undisturbed' ordmill --config plain.yaml fetch -q --map shop.yaml

# whole: each document that is there is that of the undisturbed fetch.
whole() {
	for record in disk/shop/0*.json; do
		body=${record%.json}.body
		test ! -e "$record" || cmp "$body" "plain/${body#disk/}" ||
			return 1
	done
}
full=0 room=16 got=12
while test $got -eq 12 && test $room -lt 1000; do
	ordmill --config disk.yaml fetch -q --map shop.yaml >out 2>err
	got=$?
	check "a disk of $room KiB: what is there is whole" whole
	ordmill --config disk.yaml inbox list >out
	check "a disk of $room KiB: and can be listed" test $? -eq 0
	test $got -eq 0 || full=$((full + 1))
	room=$((room + 12))
	mount -o remount,size="${room}k" "$scratch/disk"
done
echo "# full $full times, enough at $room KiB"
check 'it was full again and again' test "$full" -ge 5
check 'with room enough it ends well' test "$got" -eq 0
check 'all documents are there' test \
	"$(find disk/shop -name '0*.json' | wc -l)" -eq $pages
expect 12 'no room to note that they were loaded' \
	ordmill --config disk.yaml ingest -q --inbox --map shop.yaml
mount -o remount,size=1m "$scratch/disk"
expect 0 'with room they are' \
	ordmill --config disk.yaml ingest -q --inbox --map shop.yaml
expect 0 'every order once' ordmill expect orders=$((pages * 100)) rejects=0
finish
