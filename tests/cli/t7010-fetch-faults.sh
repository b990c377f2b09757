#!/bin/sh
# Whatever a server does, the mirror holds whole documents or none.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$om_root/tests/support/faults.sh"

export ORDMILL_STORE=day ORDMILL_NOW=2026-11-26T12:00:00Z
check 'the server starts' faults_start
ordmill init -q
blur() { sed 's,127.0.0.1:[0-9]*,HOST,g; s,[0-9]* ms,N ms,
	s,stalled: [1-9][0-9]* bytes,stalled: N bytes,' "$1" >o && mv o "$1"; }
feed() { # OPTION... : x.yaml, with these in its http block
	cat >x.yaml <<-EOT
	profile: canonical
	source: $url/x
	http:
	  allow-http: true
	  retry-wait: 1ms
	  retry-after-max: 1ms
	EOT
	for line; do echo "  $line" >>x.yaml; done
}
anew() { rm -rf day/inbox && forget; }
# mirrored: the inbox has the document, whole, and nothing else.
mirrored() {
	cmp whole day/inbox/x/00000001.body &&
		test ! -e day/inbox/x/00000002.json &&
		test ! -e day/inbox/x/next.part
}
nothing() { # is mirrored
	test -z "$(find day/inbox/x -name '0*' -o -name '*.part' -o -name 's*')"
}

i=0
while test $i -lt 300; do i=$((i + 1)) && echo "A$i,EUR,$i.00"; done |
	sed '1ireference,currency,total' >whole
size=$(wc -c <whole)
feed

for at in 1 $((size / 2)) $((size - 1)); do
	anew
	answers <<-EOT
	{"/x": [{"file": "whole", "cut": $at, "headers": {"ETag": "\"1\"",
		"Accept-Ranges": "bytes"}}, {"file": "whole",
		"headers": {"ETag": "\"1\"", "Accept-Ranges": "bytes"}}]}
	EOT
	expect 0 "cut at byte $at" ordmill fetch --map x.yaml
	check 'nothing is said' test ! -s err
	check 'it is resumed' test "$(asked "\"Range\": \"bytes=$at-")" -eq 1
	check 'and mirrored whole' mirrored
done
anew
answers <<EOT
{"/x": [{"file": "whole", "cut": 99, "headers": {"ETag": "\"1\"",
	"Accept-Ranges": "bytes"}}, {"file": "whole", "headers":
	{"ETag": "\"2\"", "Accept-Ranges": "bytes"}}]}
EOT
expect 0 'cut, and another one by then' ordmill fetch -v --map x.yaml
blur err
err_is 'it is read anew, and told to who wants to know' <<EOT
ordmill fetch: x: GET http://HOST/x: 200 OK, 99 bytes, N ms: the body ends after 99 of $size bytes
ordmill fetch: x: http://HOST/x: the body ends after 99 of $size bytes; try 2 of 6 in N ms
ordmill fetch: x: GET http://HOST/x: 200 OK, $size bytes, N ms
EOT
check 'and mirrored whole' mirrored

# fails STATUS TITLE MESSAGE : with the answers from here-document.
fails() {
	anew
	answers
	expect "$1" "$2" ordmill fetch -q --map x.yaml
	blur err
	echo "ordmill fetch: x: http://HOST/x: $3" >want
	check 'is told' diff -u want err
	check 'and nothing is mirrored' nothing
	ordmill ingest --inbox --map x.yaml >out 2>err
	check 'nor stored' ordmill expect -q orders=0 rejects=0
}

feed 'retries: 1'
fails 10 'a length that is not true' \
	"the body ends after $size of 99999 bytes, after 2 tries" <<EOT
{"/x": [{"file": "whole", "length": 99999}]}
EOT
fails 10 'a broken chunk' \
	"the body breaks off after $size bytes, after 2 tries" <<EOT
{"/x": [{"file": "whole", "chunked": true, "broken": true}]}
EOT
fails 10 'a server in trouble' '503 Service Unavailable, after 2 tries' <<EOT
{"/x": [{"status": 503}]}
EOT
fails 4 'one that has no such thing' '404 Not Found' <<EOT
{"/x": [{"status": 404}]}
EOT
fails 11 'one that does not know us' '401 Unauthorized' <<EOT
{"/x": [{"status": 401}]}
EOT
fails 10 'a redirect to itself' 'is redirected to itself' <<EOT
{"/x": [{"status": 302, "headers": {"Location": "/x"}}]}
EOT
fails 11 'a redirect to a file' \
	"is redirected to 'file:///etc/passwd', by another scheme" <<EOT
{"/x": [{"status": 302, "headers": {"Location": "file:///etc/passwd"}}]}
EOT
anew
answers <<EOT
{"/x": [{"status": 302, "headers": {"Location": "/y"}}],
 "/y": [{"status": 302, "headers": {"Location": "/x"}}]}
EOT
expect 10 'a circle of redirects' ordmill fetch -q --map x.yaml
blur err
err_is 'ends' <<\EOT
ordmill fetch: x: http://HOST/y: is redirected more than 5 times
EOT
fails 5 'a wrong checksum' "wrong checksum: repr-digest states SHA-256 \
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, the body has \
$(sha256sum whole | cut -c1-64); see 'day/inbox/x/bad.body'" <<EOT
{"/x": [{"file": "whole", "headers": {"Repr-Digest":
	"sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"}}]}
EOT
check 'but left to be looked at' cmp whole day/inbox/x/bad.body
fails 5 'a wrong checksum of the content' "wrong checksum: content-digest \
states SHA-256 $(printf %064d 0), the body has $(sha256sum whole |
	cut -c1-64); see 'day/inbox/x/bad.body'" <<EOT
{"/x": [{"file": "whole", "headers": {"Content-Digest":
	"sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"}}]}
EOT
gzip <whole | head -c 900 >cut.gz
fails 5 'a gzip that was cut short before it was sent' \
	"'day/inbox/x/next.part': gzip data is cut off at byte 900; see \
'day/inbox/x/bad.body'" <<EOT
{"/x": [{"file": "cut.gz"}]}
EOT
fails 5 'a coding that was not asked for' "it is packed by 'br', which was not \
asked for; see 'day/inbox/x/bad.body'" <<EOT
{"/x": [{"file": "whole", "headers": {"Content-Encoding": "br"}}]}
EOT
anew
answers <<EOT
{"/x": [{"file": "whole", "headers": {"Digest":
	"SHA-256=$(openssl dgst -sha256 -binary whole | base64)"}}]}
EOT
expect 0 'a checksum that is right' ordmill fetch -q --map x.yaml
check 'lets it in' mirrored

feed 'retries: 0' 'timeout: 100ms'
fails 10 'a server that stalls' \
	'stalled: 0 bytes in N ms, after 1 try' <<EOT
{"/x": [{"file": "whole", "cut": 0, "stall": true}]}
EOT
# A byte every 10 ms is neither a stall nor a speed; nor does it ever end.
feed 'retries: 0' 'timeout: 200ms' 'min-speed: 100000'
fails 10 'a body that drips' 'stalled: N bytes in N ms, after 1 try' <<EOT
{"/x": [{"file": "whole", "drip": true}]}
EOT
feed 'retries: 0' 'max-time: 200ms'
fails 10 'one that takes for ever' 'took too long, after 1 try' <<EOT
{"/x": [{"file": "whole", "drip": true}]}
EOT
feed 'retries: 0' 'max-size: 1k'
fails 5 'a body that is too large' \
	"a body of $size bytes is over the limit of 1024" <<EOT
{"/x": [{"file": "whole"}]}
EOT
feed 'retries: 0' 'max-unpacked: 1M'
fails 5 'a bomb' 'it unpacks to over 1048576 bytes' <<EOT
{"/x": [{"body": "0123456789abcdef", "repeat": 70000, "gzip": true}]}
EOT
fails 10 'no budget for a retry' '429 Too Many Requests, after 1 try' <<EOT
{"/x": [{"status": 429, "headers": {"Retry-After": "1"}}]}
EOT

feed
anew
answers <<EOT
{"/x": [{"status": 429, "headers": {"Retry-After": "3600"}},
	{"status": 429, "headers": {"Retry-After":
		"Thu, 26 Nov 2026 12:00:01 GMT"}},
	{"status": 429, "headers": {"Retry-After":
		"Thu, 26 Nov 2020 12:00:01 GMT"}},
	{"status": 500}, {"file": "whole"}]}
EOT
expect 0 'busy, busy, busy, in trouble, and fine' ordmill fetch --map x.yaml
check 'nobody need know' test ! -s err
check 'it took five requests' test "$(asked)" -eq 5
check 'and is mirrored once' mirrored
expect 0 'and loaded' ordmill ingest -q --inbox --map x.yaml
expect 0 'all of it' ordmill expect orders=300

for option in 'tiemout: 5s' 'timeout: 5' 'rate: fast' 'max-size: 1T' \
	'paging: {kind: page}' 'paging: {kind: cursor}' \
	'auth: {kind: basic}' 'auth: {kind: bearer, secret: sesame}' \
	'headers: {Authorization: sesame}' 'client-key: x.pem' \
	'since: {field: updated_at}' 'signature: {header: X-Sign}'; do
	feed "$option"
	ordmill fetch --map x.yaml 2>&1
	echo "$?"
done | paste - - >out
out_is 'what cannot be understood is told, with its place' <<\EOT
ordmill fetch: x.yaml:7:3: unknown key 'tiemout', did you mean 'timeout'	2
ordmill fetch: x.yaml:7:12: a duration such as 500ms, 30s or 5m expected	2
ordmill fetch: x.yaml:7:9: a rate such as 2/s, 40/m or 1000/h expected	2
ordmill fetch: x.yaml:7:13: a number of bytes such as 500, 64k, 16M or 2G expected	2
ordmill fetch: x.yaml:7:11: pages that are counted skip and repeat items unless they are sorted: name the parameters that sort them in 'sort', or say 'unstable: true'	2
ordmill fetch: x.yaml:7:11: paging by cursor needs 'next', the path of the cursor	2
ordmill fetch: x.yaml:7:9: 'auth' lacks 'secret'	2
ordmill fetch: x.yaml:7:32: a secret does not stand here: say {file: PATH}, {command: COMMAND} or {credential: NAME}	2
ordmill fetch: x.yaml:7:13: 'Authorization' is a secret: use 'auth' or 'header-file'	2
ordmill fetch: x.yaml:4:3: 'client-key' without 'client-certificate'	2
ordmill fetch: x.yaml:7:10: 'since' needs 'parameter' and 'field'	2
ordmill fetch: x.yaml:7:14: a signature needs 'header' and 'secret'	2
EOT
finish
