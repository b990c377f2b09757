#!/bin/sh
# A checksum that lies beside the document on its server.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$om_root/tests/support/faults.sh"

export ORDMILL_STORE=day ORDMILL_NOW=2026-11-03T12:00:00Z
check 'the server starts' faults_start
ordmill init -q
blur() { sed 's,127.0.0.1:[0-9]*,HOST,g; s,localhost:[0-9]*,OTHER,g' "$1" >o &&
	mv o "$1"; }
printf 'reference,currency,total\nA1,EUR,1.00\n' >one
printf 'reference,currency,total\nA2,EUR,2.00\n' >two
sum() { sha256sum "$1" | cut -c1-64; }
feed() { # SOURCE SIDECAR OPTION... : x.yaml
	cat >x.yaml <<-EOT
	profile: canonical
	source: $url/$1
	totals: {sidecar: "$2"}
	http:
	  allow-http: true
	  retry-wait: 1ms
	EOT
	shift 2
	for line; do echo "  $line" >>x.yaml; done
	rm -rf day/inbox
	forget
}
fetch() { ordmill fetch -q --map x.yaml; }
nothing() { test -z "$(find day/inbox -name '0*' -o -name 'next*')"; }

feed x.csv '{source}.sha256'
answers <<EOT
{"/x.csv": [{"file": "one", "gzip": false}],
 "/x.csv.sha256": [{"body": "$(sum one)  x.csv\n"}]}
EOT
expect 0 'a checksum that is right' fetch
check 'lets it in' cmp one day/inbox/x/00000001.body
check 'it was asked for first' sh -c \
	"head -1 '$web/log' | grep -q '\"/x.csv.sha256\"'"
check 'and the document as it lies there' test \
	"$(asked '"/x.csv".*"Accept-Encoding": "identity"')" -eq 1
expect 0 'it is loaded' ordmill ingest -q --inbox --map x.yaml
expect 0 'without another' ordmill expect orders=1 rejects=0
expect 4 'a file has its own' ordmill ingest --map x.yaml one
check 'beside it' grep -q "cannot open 'one.sha256'" err

feed x.csv '{source}.sha256'
answers <<EOT
{"/x.csv": [{"file": "one"}]}
EOT
expect 4 'one that is not there yet' fetch
blur err
err_is 'is told' <<\EOT
ordmill fetch: x: http://HOST/x.csv.sha256: 404 Not Found
EOT
check 'and the document is not asked for' test "$(asked .)" -eq 1

feed x.csv '{source}.sha256'
answers <<EOT
{"/x.csv": [{"file": "one"}],
 "/x.csv.sha256": [{"body": "$(sum two)  x.csv\n"}]}
EOT
expect 5 'one that is wrong' fetch
blur err
err_is 'is told with both' <<EOT
ordmill fetch: x: http://HOST/x.csv: 'http://HOST/x.csv.sha256' says SHA-256 $(
	sum two), but the file has $(sum one); see 'day/inbox/x/bad.body'
EOT
check 'nothing is mirrored' nothing
check 'but left to be looked at' cmp one day/inbox/x/bad.body

feed x.csv '{source}.sha256'
answers <<EOT
{"/x.csv": [{"file": "two", "headers": {"ETag": "\"two\""}}],
 "/x.csv.sha256": [{"body": "$(sum one)\n", "headers": {"ETag": "\"s1\""}},
	{"body": "$(sum two)\n", "headers": {"ETag": "\"s2\""}}]}
EOT
expect 0 'a document that is newer than the one that was read' fetch
check 'is held against the one of now' cmp two day/inbox/x/00000001.body
expect 0 'the record' ordmill inbox show -r x 1
check 'is that of the document' grep -q '\\"two\\"' out

feed 'day/x.csv?v=1' SHA256SUMS
answers <<EOT
{"/day/x.csv": [{"file": "one"}],
 "/day/SHA256SUMS": [{"body": "$(sum two)  y.csv\n$(sum one) *x.csv\n"}]}
EOT
expect 0 'a list, from the folder of the document' fetch
check 'has it by its name' cmp one day/inbox/x/00000001.body
feed 'day/x.csv?v=1' '{source}.sha256'
answers <<EOT
{"/day/x.csv": [{"file": "one"}],
 "/day/x.csv.sha256": [{"body": "$(sum one)  y.csv\n"}]}
EOT
expect 5 'one of another file' fetch
check 'is of no use' grep -q "sha256' has no SHA-256 of 'x.csv'; see" err
check 'the question mark is no part of the name' test \
	"$(asked '"/day/x.csv.sha256"')" -gt 0

feed x.csv '{source}.sha256'
answers <<EOT
{"/x.csv": [{"file": "one"}],
 "/x.csv.sha256": [{"body": "0123456789abcdef", "repeat": 300000}]}
EOT
expect 5 'one that has no end' fetch
check 'is told' grep -q 'sha256: an answer of over 4194304 bytes$' err

# With a key it has to be where the document is.
echo sesame >key
other=http://localhost:${url##*:}
answers <<EOT
{"/x.csv": [{"file": "one"}], "/x.sum": [{"body": "$(sum one)\n"}]}
EOT
feed x.csv "$other/x.sum" 'auth: {kind: bearer, secret: {file: key}}'
expect 11 'on another host' fetch
blur err
err_is 'our key is not for it' <<\EOT
ordmill fetch: x: the sidecar is at 'http://OTHER/x.sum', which may not see our credentials
EOT
check 'nobody was asked' test "$(asked .)" -eq 0
feed x.csv "$other/x.sum"
expect 0 'without one it may be anywhere' fetch
feed x.csv 'file:///etc/passwd'
expect 2 'but by HTTP' fetch
feed x.csv "$other/x.sum?token=sesame"
expect 2 'and without a secret' fetch
feed x.csv x.sum "auth: {kind: oauth2, user: ann, token-url: $url/token, secret: {file: key}}"
answers <<EOT
{"/token": [{"body": "{\"access_token\": \"t1\"}"},
	{"body": "{\"access_token\": \"t2\"}"}],
 "/x.sum": [{"status": 401}, {"body": "$(sum one)\n"}],
 "/x.csv": [{"file": "one"}]}
EOT
expect 0 'a token that runs out before it' fetch
check 'is renewed' test "$(asked 'Bearer t2')" -eq 2

# A day whose checksum is not there yet is not there yet.
feed 'd-{date}' '{source}.sha256' 'days: {from: 2026-11-02}'
answers <<EOT
{"/d-2026-11-02": [{"file": "one"}], "/d-2026-11-03": [{"file": "two"}],
 "/d-2026-11-02.sha256": [{"body": "$(sum one)\n"}]}
EOT
expect 0 'a day without one' ordmill fetch -v --map x.yaml
check 'has to wait' grep -q 'x: 2026-11-03: not there$' err
check 'the one before it is in' cmp one day/inbox/x/00000001.body
check 'alone' test ! -e day/inbox/x/00000002.json

answers <<EOT
{"/z.csv": [{"file": "two"}], "/z.csv.sha256": [{"body": "$(sum two)\n"}]}
EOT
expect 0 'a URL' ordmill ingest -q --map x.yaml "$url/z.csv"
check 'is held against its own' test "$(asked '/z.csv.sha256')" -eq 1
expect 0 'and loaded' ordmill expect orders=2 rejects=0
feed x.csv '{source}.sha256' 'paging: {kind: link}'
expect 2 'pages have none' fetch
err_is 'as is told' <<\EOT
ordmill fetch: x.yaml:2:9: pages, and what is asked for by 'since', have no sidecar
EOT
finish
