#!/bin/sh
# Who we are: told to the server, and to nobody else.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$om_root/tests/support/faults.sh"

export ORDMILL_STORE=day ORDMILL_NOW=2026-11-26T12:00:00Z
check 'the server starts' faults_start
ordmill init -q
blur() { sed 's,127.0.0.1:[0-9]*,HOST,g' "$1" >o && mv o "$1"; }
head=reference,currency,total
mkdir keys creds
echo sesame-file >keys/secret
printf sesame-credential >creds/shop
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
# sent HEADER: with every request since forget.
sent() { test "$(asked "\"$1\"")" -eq "$(asked)" && test "$(asked)" -gt 0; }
fetch() { ordmill fetch --map x.yaml -v >>said 2>&1; }

answers <<EOT
{"/x": [{"body": "$head\nA1,EUR,1.00\n", "headers": {"X-Token": "sesame"}}]}
EOT
feed 'auth: {kind: bearer, secret: {file: keys/secret}}'
expect 0 'a bearer, from a file' fetch
check 'is sent' sent 'Authorization": "Bearer sesame-file'
anew
feed 'auth: {kind: basic, user: ann, secret: {command: echo sesame-command}}'
expect 0 'a password, from a command' fetch
check 'is sent' sent "Authorization\": \"Basic $(printf ann:sesame-command |
	base64)"
anew
feed 'auth: {kind: header, header: X-Api-Key, secret: {credential: shop}}'
CREDENTIALS_DIRECTORY=$PWD/creds
export CREDENTIALS_DIRECTORY
expect 0 'a key, from a credential' fetch
check 'is sent' sent 'X-Api-Key": "sesame-credential'
unset CREDENTIALS_DIRECTORY
expect 11 'a credential that is not there' ordmill fetch --map x.yaml
err_is 'is told by its name' <<\EOT
ordmill fetch: x: credential 'shop': $CREDENTIALS_DIRECTORY is not set
EOT
anew
printf 'X-One: sesame-1\nX-Two: sesame-2\n' >keys/headers
mkdir sub
feed 'header-file: ../keys/headers' 'headers: {X-Three: open}'
mv x.yaml sub
expect 0 'headers from a file, from the folder of the feed' \
	ordmill fetch --map sub/x.yaml
check 'are sent' sent 'X-Two": "sesame-2'
check 'and those of the feed' sent 'X-Three": "open'
anew

# OAuth2: a token, and another when the first has run out.
feed "auth: {kind: oauth2, user: ann, token-url: $url/token, scope: orders, secret: {file: keys/secret}}"
answers <<EOT
{"/token": [{"body": "{\"access_token\": \"sesame-t1\", \"expires_in\": 60}"},
	{"body": "{\"access_token\": \"sesame-t2\"}"}],
 "/x": [{"status": 401}, {"body": "$head\nA2,EUR,1.00\n"}]}
EOT
expect 0 'a token that has run out' fetch
check 'is asked for by name and secret' test "$(asked "\"/token\".*\"form\": \
\"grant_type=client_credentials&scope=orders\".*Basic $(printf ann:sesame-file |
	base64)")" -eq 2
check 'is used' test "$(asked 'Bearer sesame-t1')" -eq 1
check 'and renewed' test "$(asked 'Bearer sesame-t2')" -eq 1
check 'and the document is there' test -s day/inbox/x/00000001.body
anew
answers <<EOT
{"/token": [{"body": "{\"error\": \"sesame\"}"}]}
EOT
expect 11 'an answer without a token' ordmill fetch --map x.yaml
blur err
err_is 'is told without what it says' <<\EOT
ordmill fetch: x: http://HOST/token: the answer has no token
EOT

# A signed feed.
anew
feed 'signature: {header: X-Signature, encoding: base64, secret: {file: keys/secret}}'
answers <<EOT
{"/x": [{"body": "$head\nA3,EUR,1.00\n", "sign": "sesame-file"},
	{"body": "$head\nA4,EUR,1.00\n", "sign": "sesame-other"},
	{"body": "$head\nA5,EUR,1.00\n"}]}
EOT
expect 0 'a signature that holds' fetch
check 'of a body that was not packed' sent 'Accept-Encoding": "identity'
expect 5 'one that does not' ordmill fetch --map x.yaml
blur err
err_is 'is told' <<\EOT
ordmill fetch: x: http://HOST/x: the signature in 'X-Signature' is not that of the body; see 'day/inbox/x/bad.body'
EOT
expect 5 'none' ordmill fetch --map x.yaml
check 'is told, too' grep -q ': it is not signed: no header .X-Signature.; see' \
	err
check 'only the good one is mirrored' test "$(echo day/inbox/x/0*.json)" = \
	day/inbox/x/00000001.json

# With credentials nothing leads to another host.
anew
feed 'auth: {kind: bearer, secret: {file: keys/secret}}'
other=http://localhost:${url##*:}
answers <<EOT
{"/x": [{"status": 307, "headers": {"Location": "$other/y"}}],
 "/y": [{"body": "$head\nA6,EUR,1.00\n"}]}
EOT
expect 11 'a redirect to another host' ordmill fetch --map x.yaml
sed 's/localhost:[0-9]*/OTHER/' err >o && mv o err
blur err
err_is 'is not followed' <<\EOT
ordmill fetch: x: http://HOST/x: is redirected to 'http://OTHER/y', another host, which may not see our credentials
EOT
check 'not even asked' test "$(asked)" -eq 1
feed
expect 0 'without them it is' fetch

# A key that a server puts into a URL is followed, and not told.
anew
feed 'auth: {kind: bearer, secret: {file: keys/secret}}'
answers <<EOT
{"/x": [{"status": 302, "headers": {"Location": "/y?access_token=sesame"}}],
 "/y": [{"body": "$head\nA7,EUR,1.00\n", "cut": 20, "headers":
	{"ETag": "\"1\"", "Accept-Ranges": "bytes", "X-Secret": "sesame"}},
	{"status": 500}]}
EOT
feed 'retries: 0' 'auth: {kind: bearer, secret: {file: keys/secret}}'
expect 10 'a redirect with a key in it' ordmill fetch -v --map x.yaml
cat err >>said
check 'is followed' test "$(asked 'access_token=sesame')" -eq 1
check 'and shown without the key' grep -q 'y?access_token=\*\*\*: the body ends' \
	err
check 'what is left of the body knows of none' test -s day/inbox/x/next.mark
expect 2 'a key in a URL of ours' ordmill ingest --feed canonical \
	"$url/x?api_key=sesame"
cat err >>said
check 'is refused' grep -q 'api_key' err

# No secret anywhere.
echo 'X-One: sesame-1' >keys/headers
cat >tell.sh <<\EOT
tr '\0' '\n' </proc/self/environ >child
tr '\0' '\n' <"/proc/$PPID/cmdline" >>child
echo sesame-command
EOT
feed 'retries: 0' 'header-file: keys/headers' \
	'auth: {kind: basic, user: ann, secret: {command: sh tell.sh}}'
ordmill fetch --map x.yaml --log-format json >>said 2>&1
check 'a command for a secret was run' grep -q PATH child
check 'its environment knows of none' sh -c '! grep -q sesame child'
answers <<EOT
{"/x": [{"status": 500}]}
EOT
feed 'retry-wait: 400ms' 'retries: 1' \
	'auth: {kind: bearer, secret: {file: keys/secret}}'
sed -i '/retry-wait: 1ms/d' x.yaml
ordmill fetch --map x.yaml >>said 2>&1 &
fetcher=$!
until test "$(asked 'Bearer sesame-file.*')" -gt 1; do
	kill -0 "$fetcher" 2>/dev/null || break
done
tr '\0' '\n' <"/proc/$fetcher/cmdline" >argv 2>/dev/null
tr '\0' '\n' <"/proc/$fetcher/environ" >environ 2>/dev/null
wait "$fetcher"
{
	ordmill inbox list
	ordmill status
	ordmill ingest --inbox --map x.yaml
	for format in text csv json html; do
		ordmill report daily --format $format
	done
	ordmill trace canonical/A2
	ordmill audit log
	ordmill inbox show -r x 1
	ordmill config show
	ordmill fetch --map x.yaml --json -vv
} >>said 2>&1
coded=$(printf ann:sesame | base64 | cut -c1-12)
check 'the arguments were seen' test -s argv
check 'no secret is in arguments or environment' sh -c \
	'! grep -q sesame argv environ'
check 'nor in what was said' sh -c "! grep -q 'sesame\|$coded' said"
check 'nor in the mirror and the store' sh -c "! grep -rq 'sesame\|$coded' day"
finish
