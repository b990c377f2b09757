#!/bin/sh
# A body that was cut is gone on with, in this call or a later one; its
# beginning is never taken for a document.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$om_root/tests/support/faults.sh"

export ORDMILL_STORE=day ORDMILL_NOW=2026-11-26T12:00:00Z
check 'the server starts' faults_start
ordmill init -q
in=day/inbox/x
feed() { # OPTION... : x.yaml, with these in its http block
	cat >x.yaml <<-EOT
	profile: canonical
	source: $url/x
	http:
	  allow-http: true
	  retry-wait: 1ms
	EOT
	for line; do echo "  $line" >>x.yaml; done
}
anew() { rm -rf day/inbox && forget; }
fetch() { ordmill fetch -q --map x.yaml; }
blur() { sed 's,127.0.0.1:[0-9]*,HOST,g' err >o && mv o err; }
# mirrored [FILE] : the inbox has the document, whole, and nothing else.
mirrored() {
	cmp "${1:-whole}" $in/00000001.body && test ! -e $in/00000002.json &&
		test -z "$(find $in -name 'next*' -o -name '*.part')"
}
nothing() { # is left behind
	test -z "$(find $in -name '0*' -o -name 'next*' -o -name '*.part')"
}
# part BYTES : just so many are there, and they are no document.
part() {
	head -c "$1" whole | cmp - $in/next.part &&
		test -z "$(ordmill inbox list)"
}
ranges='"Accept-Ranges": "bytes"'
v1="\"headers\": {\"ETag\": \"\\\"1\\\"\", $ranges}"
v2="\"headers\": {\"ETag\": \"\\\"2\\\"\", $ranges}"

seq 1500 | sed 's/.*/A&,EUR,&.00/; 1ireference,currency,total' >whole
size=$(wc -c <whole)
sed 's/EUR/CHF/' whole >changed

# Cut at every 1,000th byte, and the process with it.
answers <<EOT
{"/x": [{"file": "whole", "cut": 1000, $v1}]}
EOT
feed 'retries: 0'
at=0
while test $((at + 1000)) -lt "$size"; do
	forget
	expect 10 "cut at byte $((at + 1000))" fetch
	blur
	err_is 'is told' <<-EOT
	ordmill fetch: x: http://HOST/x: the body ends after $((at + 1000)) of $size bytes, after 1 try
	EOT
	test "$at" -eq 0 || check "from byte $at on was asked" \
		test "$(asked "\"Range\": \"bytes=$at-\".*\"If-Range\": .*1")" -eq 1
	at=$((at + 1000))
	check "and byte $at is reached" part $at
done
expect 0 'nothing can be loaded yet' ordmill ingest --inbox --map x.yaml
expect 0 'and is' ordmill expect orders=0 rejects=0
expect 0 'the rest' fetch
check 'makes it whole' mirrored
expect 0 'loaded' ordmill ingest -q --inbox --map x.yaml
expect 0 'every order is there once' ordmill expect orders=1500 rejects=0

feed 'retries: 5'
anew
answers <<EOT
{"/x": [{"file": "whole", "cut": 5000, $v1}]}
EOT
expect 0 'cut again and again in one call' fetch
check 'nobody need know' test ! -s err
check 'no byte was sent twice' test "$(asked)" -eq $(((size + 4999) / 5000))
check 'it is whole' mirrored

# Only of a body that says what it is, and only as long as it is that.
feed 'retries: 2'
anew
answers <<EOT
{"/x": [{"file": "whole", "cut": 1000, "headers": {$ranges}}]}
EOT
expect 10 'a body without a tag' fetch
check 'is read from the start each time' test "$(asked Range)" -eq 0
check 'and leaves nothing' nothing

# cut_at BYTES : so much of it comes in, and no more.
cut_at() {
	anew
	feed 'retries: 0'
	answers <<-EOT
	{"/x": [{"file": "whole", "cut": $1, $v1}]}
	EOT
	fetch 2>/dev/null
	forget
}
cut_at 3000
answers <<EOT
{"/x": [{"file": "changed", $v2}]}
EOT
expect 0 'another body by then' fetch
check 'the rest is asked for' test "$(asked 'bytes=3000-')" -eq 1
check 'but it comes whole' mirrored changed

cut_at 3000
answers <<EOT
{"/x": [{"file": "changed", $v2, "cut": 5000}]}
EOT
expect 10 'another body by then, cut, too' fetch
answers <<EOT
{"/x": [{"file": "changed", $v2}]}
EOT
expect 0 'is the one that is gone on with' fetch
check 'where it was' test "$(asked 'bytes=5000-.*2')" -eq 1
check 'and comes whole' mirrored changed

cut_at 3000
head -c 1000 whole >changed
answers <<EOT
{"/x": [{"file": "changed", $v1}]}
EOT
expect 0 'a body that has become shorter under its tag' fetch
check 'is asked for anew' test "$(asked)" -eq 2
check 'without a wait' test ! -s err
check 'and comes whole' mirrored changed

# What lies there has to be what was written.
answer_whole() {
	answers <<-EOT
	{"/x": [{"file": "whole", $v1}]}
	EOT
}
for damage in 'printf y | dd of=next.part bs=1 seek=9 conv=notrunc' \
	'truncate -s 2000 next.part' 'rm next.part' 'rm next.mark' \
	': >next.mark' 'echo "{" >next.mark' 'truncate -s 60 next.mark' \
	'sed -i s/3000/2000/ next.mark'; do
	cut_at 3000
	(cd $in && eval "$damage") 2>/dev/null
	answer_whole
	expect 0 "after: $damage" fetch
	check 'it is read from the start' test "$(asked Range)" -eq 0
	check 'and whole' mirrored
done
cut_at 3000
echo more >>$in/next.part
answer_whole
expect 0 'what lies behind the mark' fetch
check 'does not count' test "$(asked bytes=3000-)" -eq 1
check 'it is whole' mirrored
cut_at 3000
answer_whole
expect 0 'a dry run' ordmill fetch -n --map x.yaml
check 'asks for all of it' test "$(asked Range)" -eq 0
check 'and leaves it alone' part 3000
expect 0 'so that it can be gone on with' fetch
check 'it is' test "$(asked bytes=3000-)" -eq 1
cut_at 3000
answer_whole
expect 0 'begun anew' ordmill fetch -q --anew --map x.yaml
check 'it is asked for from the start' test "$(asked Range)" -eq 0
cut_at 3000
sed -i "s,$url/x,$url/y," x.yaml
answers <<EOT
{"/y": [{"file": "whole", $v1}]}
EOT
expect 0 'from another place' fetch
check 'it is asked for from the start, too' test "$(asked Range)" -eq 0
check 'it is whole' mirrored
cut_at 3000
answers <<EOT
{"/x": [{"status": 404}]}
EOT
expect 4 'what is not there any more' fetch
check 'leaves nothing' nothing

# What the first answer said of the body holds for all of it.
digest() { openssl dgst -sha256 -binary "$1" | base64; }
for which in whole changed; do
	anew
	feed 'retries: 0'
	answers <<-EOT
	{"/x": [{"file": "whole", "cut": 3000, "headers":
		{"ETag": "\"1\"", $ranges, "Content-Type": "text/csv",
		"Digest": "SHA-256=$(digest $which)"}}, {"file": "whole", $v1}]}
	EOT
	fetch 2>/dev/null
	test $which = changed || expect 0 'a checksum that is right' fetch
done
expect 5 'a checksum that is wrong' fetch
check 'is remembered' grep -q ': wrong checksum: digest states ' err
check 'what does not hold is not gone on with' test ! -e $in/next.mark
answer_whole
forget
expect 0 'but read again' fetch
check 'from the start' test "$(asked Range)" -eq 0

# Killed.
seq 6000000 | head -c 48000000 >big
answers <<EOT
{"/x": [{"file": "big", "kill": "middle", $v1}, {"file": "big", $v1}]}
EOT
anew
sh -c 'echo $$ >"$0" && exec "$@"' "$web/victim" \
	ordmill fetch -q --map x.yaml >/dev/null 2>&1
check 'killed in the middle' test $? -eq 137
check 'there is a part' test -s $in/next.mark
check 'which is no document' test -z "$(ordmill inbox list)"
expect 0 'the next call' ordmill fetch -q --progress lines --map x.yaml
check 'tells how far it is' grep -q \
	'^ordmill fetch: x: 0 pages, 0 documents, [1-9][0-9]* bytes$' err
check 'goes on with it' test "$(asked '"Range": "bytes=[1-9]')" -eq 1
check 'and it is whole' mirrored big
finish
