#!/bin/sh
# What a server has goes into the inbox once, and from there into the store.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/faults.sh
. "$om_root/tests/support/faults.sh"

export ORDMILL_STORE=day ORDMILL_NOW=2026-11-26T12:00:00Z
check 'the server starts' faults_start
ordmill init -q
blur() { sed 's/"seconds":[0-9.]*/"seconds":S/g; s,127.0.0.1:[0-9]*,HOST,g' \
	"$1" >o && mv o "$1"; }
head=reference,currency,total

answers <<EOT
{"/a.csv": [{"headers": {"ETag": "\"v1\"", "Content-Type": "text/csv"},
	"body": "$head\nA1,EUR,1.00\n"}],
 "/b.csv": [{"body": "$head\nB1,EUR,2.00\n", "gzip": true,
	"headers": {"Set-Cookie": "session=sesame"}}]}
EOT
cat >a.yaml <<EOT
profile: canonical
source: $url/a.csv
http: {allow-http: true, retry-wait: 1ms, timeout: 5s}
EOT
sed 's/a\.csv/b.csv/' a.yaml >b.yaml

expect 0 'a document' ordmill fetch --map a.yaml
out_is 'is new' <<\EOT
a: 1 new document, 37 bytes
EOT
check 'and nothing is said of it' test ! -s err
check 'its body is as it came' sh -c \
	"printf '$head\nA1,EUR,1.00\n' | cmp - day/inbox/a/00000001.body"
expect 0 'asked for again' ordmill fetch --map a.yaml --json
blur out
out_is 'it is known to the server' <<\EOT
{"schema":"ordmill.fetch/1","feeds":[{"feed":"a","documents":"0","first":"0","last":"0","pages":"0","items":"0","known":"1","overlap":"0","restarts":"0","requests":"1","bytes":"0","resumed":false,"complete":true,"seconds":S}]}
EOT
check 'by its tag' test "$(asked 'If-None-Match.*v1')" -eq 1
expect 0 'one that was packed on the way' ordmill fetch -v --map b.yaml
sed 's/, [0-9]* bytes, [0-9]* ms/, N bytes, T ms/' err >e && mv e err
blur err
err_is 'is told exchange by exchange' <<\EOT
ordmill fetch: b: GET http://HOST/b.csv: 200 OK, N bytes, T ms
EOT
check 'it stays packed' sh -c 'gzip -t <day/inbox/b/00000001.body'
check 'and is shown unpacked' test "$(ordmill inbox show b 1 | tail -1)" = \
	B1,EUR,2.00
expect 0 'it has no tag, so it is sent again' ordmill fetch --map b.yaml
out_is 'and known by its content' <<\EOT
b: 0 new documents
EOT

expect 0 'the inbox' ordmill inbox list
blur out
out_is 'has both' <<EOT
a 1  2026-11-26T12:00:00Z  37 bytes  waiting  http://HOST/a.csv
b 1  2026-11-26T12:00:00Z  $(wc -c <day/inbox/b/00000001.body) bytes  waiting  http://HOST/b.csv
EOT
expect 0 'a record' ordmill inbox show --record a 1
check 'has the checksum of the file' grep -q \
	"\"sha256\":\"$(sha256sum day/inbox/a/00000001.body | cut -c1-64)\"" out
check 'what was asked and answered is noted' test \
	"$(wc -l <day/inbox/a/exchanges.ndjson)" -eq 2
check 'each a line of JSON' python3 -c \
	'import json; [json.loads(l) for l in open("day/inbox/a/exchanges.ndjson")]'

expect 2 'feeds of the inbox are those of the configuration' \
	ordmill ingest --inbox
err_is 'or built in' <<\EOT
ordmill ingest: no feed 'a'
ordmill ingest: no feed 'b'
EOT
cat >feeds.yaml <<EOT
feeds:
  a: {$(sed '1s/^/ /; s/$/,/' a.yaml | tr -d '\n' | sed 's/,$//')}
  b: {$(sed '1s/^/ /; s/$/,/' b.yaml | tr -d '\n' | sed 's/,$//')}
  file: {profile: canonical, source: a.csv}
EOT
export ORDMILL_CONFIG=feeds.yaml
expect 0 'a dry run' ordmill ingest -n --inbox
check 'leaves them waiting' test "$(ordmill inbox list -w | wc -l)" -eq 2
expect 0 'what waits is loaded' ordmill ingest --inbox
out_is 'feed by feed' <<\EOT
batch 1: a/1: 1 rows
                     orders                EUR
  read                    1               1.00
  created                 1               1.00
batch 2: b/1: 1 rows
                     orders                EUR
  read                    1               2.00
  created                 1               2.00
EOT
expect 0 'once' ordmill ingest --inbox
check 'and no more' test ! -s out
expect 0 'the inbox knows' ordmill inbox list a
blur out
out_is 'its batch' <<\EOT
a 1  2026-11-26T12:00:00Z  37 bytes  loaded, batch 1  http://HOST/a.csv
EOT
expect 0 'a document by hand' ordmill ingest --feed a \
	day/inbox/a/00000001.body
check 'is known' grep -qx 'batch 1: .*: already loaded' out
rm day/inbox/a/00000001.loaded
expect 0 'after a kill in between' ordmill ingest --inbox a
check 'the store knows' grep -qx 'batch 1: a/1: already loaded' out

answers <<EOT
{"/a.csv": [{"body": "$head\nA2,EUR,1.00\n"}],
 "/b.csv": [{"status": 500}],
 "/c.csv": [{"body": "$head\nC1,EUR,3.00\n"}]}
EOT
expect 10 'one feed of three fails' ordmill fetch --all
blur out
out_is 'the others do not' <<\EOT
a: 1 new document, 37 bytes
b: 0 new documents, not complete
EOT
blur err
err_is 'and it is told' <<\EOT
ordmill fetch: b: http://HOST/b.csv: 500 Internal Server Error, after 6 tries
EOT
expect 10 'in JSON' ordmill fetch --json -j 1 a b
blur out
check 'too' grep -q '"error":"http://HOST/b.csv: 500' out
check 'the one that is known brought nothing' grep -q \
	'"feed":"a","documents":"0","first":"0","last":"0"' out

expect 0 'a URL' ordmill ingest --feed a "$url/c.csv"
out_is 'goes by way of the inbox' <<\EOT
batch 3: a/3: 1 rows
                     orders                EUR
  read                    1               3.00
  created                 1               3.00
EOT
expect 0 'and again' ordmill ingest --feed a "$url/c.csv"
check 'changes nothing' grep -qx 'batch 3: a/3: already loaded' out
expect 0 'what waited before it waits still' ordmill inbox list -w
check 'as it was' grep -q '^a 2 ' out
expect 2 'a URL has to be allowed' ordmill ingest "$url/c.csv"
blur err
err_is 'if it is not https' <<\EOT
ordmill ingest: 'http://HOST/c.csv' is not https, and 'allow-http' is not set
EOT
expect 2 'what was asked cannot be taken back' \
	ordmill ingest -n --feed a "$url/c.csv"
expect 2 'nor explained' ordmill ingest --explain --feed a "$url/c.csv"
expect 2 'a password has no place in a URL' \
	ordmill ingest --feed a http://ann:sesame@127.0.0.1/x
err_is 'and is not repeated' <<\EOT
ordmill ingest: 'http://127.0.0.1/x' holds a user or password: they come from a file, a command or a credential, see ordmill-feed(5)
EOT

expect 2 'which feeds?' ordmill fetch
expect 2 'not all and some' ordmill fetch --all a
expect 2 'a feed that is a file' ordmill fetch file
err_is 'cannot be fetched' <<\EOT
ordmill fetch: file: feed 'file' has no source that begins with https://
EOT
expect 2 'twice the same' ordmill fetch a a
expect 6 'no store' ordmill fetch -s nowhere a
expect 2 'a store on a server' ordmill fetch -s postgresql:///x a
err_is 'has no folder' <<\EOT
ordmill fetch: a store on a server has no inbox of its own: say 'inbox: DIRECTORY' in the configuration
EOT
{ echo 'inbox: elsewhere' && cat feeds.yaml; } >other.yaml
expect 0 'but may be given one' \
	ordmill --config other.yaml fetch -s postgresql:///x a
check 'from the folder of the file' test -s elsewhere/a/00000001.body

answers <<EOT
{"/a.csv": [{"status": 403}], "/b.csv": [{"status": 404}]}
EOT
expect 11 'the worst of two failures' ordmill fetch -q a b
blur err
err_is 'need not be the last one' <<\EOT
ordmill fetch: a: http://HOST/a.csv: 403 Forbidden
ordmill fetch: b: http://HOST/b.csv: 404 Not Found
EOT

answers <<EOT
{"/a.csv": [{"body": "reference,amount\nX,1\n"},
	{"body": "$head\nA4,EUR,4.00\n"}]}
EOT
ordmill ingest -q --inbox
expect 0 'a document of another kind' ordmill fetch a
expect 0 'and one behind it' ordmill fetch a
expect 5 'keeps it back' ordmill ingest --inbox
check 'and is named' grep -q '^ordmill ingest: a/4: ' err
check 'both wait' test "$(ordmill inbox list -w a | wc -l)" -eq 2
expect 2 'to drop it, one has to mean it' ordmill inbox drop a 4
check 'it is there' test -s day/inbox/a/00000004.body
expect 0 'a dry run' ordmill inbox drop -n a 4
out_is 'says so' <<\EOT
a 4: would be dropped
EOT
expect 0 'dropped' ordmill inbox drop --yes a 4
expect 0 'it lets the other in' ordmill ingest --inbox
check 'which comes next' grep -qx 'batch 5: a/5: 1 rows' out
expect 4 'it cannot be shown' ordmill inbox show a 4
expect 0 'its record can' ordmill inbox show -r a 4
expect 4 'what never was cannot' ordmill inbox show -r a 99
err_is 'be either' <<\EOT
ordmill inbox show: there is no document 99
EOT

export ORDMILL_NOW=2026-12-26T12:00:00Z
expect 2 'retention has an age' ordmill inbox retain --yes
expect 0 'what is younger' ordmill inbox retain --older-than 31d --yes a
out_is 'stays' <<\EOT
a: 0 of 5 documents removed
EOT
expect 0 'what is older' ordmill inbox retain --older-than 30d --yes a
out_is 'goes, but for the newest' <<\EOT
a: 4 of 5 documents removed
EOT
check 'its folder is clean' test "$(cd day/inbox/a && echo 0*)" = \
	'00000005.body 00000005.json 00000005.loaded'
answers <<EOT
{"/a.csv": [{"body": "$head\nA6,EUR,6.00\n"}]}
EOT
expect 0 'the next one' ordmill fetch a
check 'has the next number' test -s day/inbox/a/00000006.body

# A reader of a fifo holds the lock until there is something to read.
answers <<EOT
{"/a.csv": [{"body": "$head\nA6,EUR,6.00\n", "cut": 3, "stall": true}],
 "/b.csv": [{"body": "$head\nB6,EUR,6.00\n"}]}
EOT
forget
ordmill fetch -q a 2>/dev/null &
holder=$!
until test "$(asked)" -gt 0; do kill -0 "$holder" || break; done
expect 8 'while another fetches' ordmill fetch a
check 'its name is told' grep -q \
	"^ordmill fetch: a: locked by pid $holder (ordmill fetch)" err
expect 8 'together with another feed' ordmill fetch a b
blur out
out_is 'that one is not held up' <<\EOT
a: 0 new documents, not complete
b: 1 new document, 37 bytes
EOT
kill -9 "$holder"
wait "$holder" 2>/dev/null
answers <<EOT
{"/a.csv": [{"body": "$head\nA7,EUR,6.00\n"}]}
EOT
expect 0 'killed, it holds nothing' ordmill fetch a
check 'and left nothing' test "$(cd day/inbox/a && echo 0*6.* 0*7.*)" = \
	'00000006.body 00000006.json 00000007.body 00000007.json'
answers <<EOT
{"/a.csv": [{"body": "$head\nA8,EUR,6.00\n"}]}
EOT
expect 0 'a dry run of a fetch' ordmill fetch -n a
out_is 'asks' <<\EOT
a: 1 new document, 37 bytes
EOT
check 'and keeps nothing' test ! -e day/inbox/a/00000008.body

# Several at a time: the first is answered once the second has asked.
sed 's/a\.csv/first/; s/timeout: 5s/timeout: 30s/' a.yaml >first.yaml
{ cat feeds.yaml && for f in first second; do
	echo "  $f: {$(sed "1s/^/ /; s/first/$f/; s/\$/,/" first.yaml |
		tr -d '\n' | sed 's/,$//')}"
done; } >several.yaml
answers <<EOT
{"/first": [{"body": "$head\nF1,EUR,6.00\n", "after": "/second"}],
 "/second": [{"body": "$head\nS1,EUR,6.00\n"}]}
EOT
expect 0 'two at a time' ordmill --config several.yaml fetch -j 2 first second
out_is 'do not wait for each other' <<\EOT
first: 1 new document, 37 bytes
second: 1 new document, 37 bytes
EOT

# A document for each day.
day() { printf '"/d-%s": [{"body": "%s\\n%s,EUR,1.00\\n"}]' "$1" $head "$1"; }
sed "s,a\.csv,d-{date}," a.yaml |
	sed 's/{allow/{days: {from: 2026-11-01, format: "%m%d"}, allow/' >d.yaml
export ORDMILL_NOW=2026-11-03T12:00:00Z
answers <<EOT
{$(day 1101), $(day 1102)}
EOT
forget
expect 0 'a document a day' ordmill fetch -v --map d.yaml
check 'from the first day on' grep -q '^d: 2 new documents' out
check 'today may come yet' grep -qx 'ordmill fetch: d: 2026-11-03: not there' \
	err
answers <<EOT
{$(day 1103), $(day 1105)}
EOT
export ORDMILL_NOW=2026-11-06T12:00:00Z
expect 4 'a day that is missing' ordmill fetch --map d.yaml
blur err
err_is 'is told' <<\EOT
ordmill fetch: d: day 2026-11-04 is missing: http://HOST/d-1104: 404 Not Found
EOT
check 'what came before it is there' test -s day/inbox/d/00000003.body
check 'what comes behind it has to wait' test ! -e day/inbox/d/00000004.body
check 'no day is asked for twice without need' test "$(asked d-1101)" -eq 1
sed -i 's/{from/{missing: skip, from/' d.yaml
expect 0 'it may be passed over' ordmill fetch --map d.yaml
check 'then' grep -q '1105,EUR' day/inbox/d/00000004.body
forget
expect 0 'and only the rest is asked for' ordmill fetch --map d.yaml
check 'today' test "$(asked .)" -eq 1
expect 0 'they are loaded' ordmill ingest --inbox --map d.yaml
check 'by their names, too' grep -q 'batch [0-9]*: d/4/d-1105: 1 rows' out
sed 's/days: {[^}]*}, //; s/d-{date}/e-{date}/' d.yaml >e.yaml
expect 0 'a feed that begins today, and has nothing yet' \
	ordmill fetch --map e.yaml
export ORDMILL_NOW=2026-11-07T12:00:00Z
expect 4 'is asked for that day tomorrow, too' ordmill fetch --map e.yaml
check 'and it is told' grep -q 'day 2026-11-06 is missing' err
sed -i 's/"%m%d"/"%m%H"/' d.yaml
expect 2 'a day has no hours' ordmill fetch --map d.yaml

# A day that was passed over is a gap, until it comes.
cat >g.yaml <<EOT
profile: canonical
source: $url/g-{date}.csv
sequence: {name: "g-{date}.csv"}
http: {allow-http: true, days: {from: 2026-11-01, missing: skip}}
EOT
named() { printf '"/g-%s.csv": [{"body": "%s\\nG%s,EUR,1.00\\n"}]' "$1" $head \
	"$1"; }
export ORDMILL_STORE=gap ORDMILL_NOW=2026-11-04T12:00:00Z
ordmill init -q
answers <<EOT
{$(named 2026-11-01), $(named 2026-11-02), $(named 2026-11-04)}
EOT
expect 0 'three days of four' ordmill fetch -q --map g.yaml
expect 0 'are loaded' ordmill ingest -q --inbox --map g.yaml
expect 0 'the status' ordmill status
check 'tells of the gap' grep -q '^  !!  feed g: 1 missing, 2026-11-03 first$' out
expect 0 'the report' ordmill report daily
check 'does, too' grep -q '^  !!  feed g: 1 missing, 2026-11-03 first$' out
answers <<EOT
{$(named 2026-11-03)}
EOT
expect 0 'the late one' ordmill ingest -q --map g.yaml "$url/g-2026-11-03.csv"
expect 0 'closes it' ordmill status
check 'at once' sh -c '! grep -q missing, out'

check 'no cookie was kept' sh -c '! grep -r sesame day/inbox'
finish
