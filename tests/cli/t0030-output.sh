#!/bin/sh
# Output is written in full or its loss is told; files appear whole.
. "$(dirname "$0")/lib.sh"

# to FILE COMMAND... : with standard output going there.
to() {
	file=$1
	shift
	"$@" >"$file"
}
# into_closed COMMAND... : nobody reads. The fifo's reader comes and goes first,
# so that no write can be in time.
into_closed() {
	mkfifo pipe
	{ exec 3>pipe; } &
	exec 4<pipe
	wait
	exec 5>pipe 4<&-
	rm pipe
	"$@" >&5 5>&-
	got=$?
	exec 5>&-
	return "$got"
}
left() { find . -name '*version*' -o -name '.*.[0-9]*-[0-9]*' | sort; }

ordmill gen --orders 20 --breaks 0 o >log &&
	ordmill init -s day >>log && ordmill ingest -s day o/orders.csv >>log
check 'there is a store' test $? -eq 0
printf 'profile: canonical\nsequence: {name: "{number}.csv"}\n' >n.yaml
(cat o/orders.csv && echo) >1.csv && (cat 1.csv && echo) >3.csv &&
	ordmill ingest -s day --map n.yaml 1.csv 3.csv >>log
check 'and a gap' test $? -eq 0
mkdir -p day/inbox/shop && # as if a document had been fetched
	echo '{"bytes":"5","at":"2026-11-26T12:00:00Z","state":{}}' \
		>day/inbox/shop/00000001.json &&
	echo body >day/inbox/shop/00000001.body
check 'and an inbox' test -s day/inbox/shop/00000001.body

# Every command of the program, in a line that prints something. N is another
# number in every call: what a command made stays, full disk or not.
lines='audit checkpoint -s day
audit keygen me keyN
audit log -s day
audit prove -s day web/SO0000000001
audit verify -s day
completion bash
completion zsh
completion fish
config check
config show
config show --json
bench --orders 60 --dir .
bench --orders 60 --dir . --json
demo --orders 60 --breaks 6 demoN
expect -s day orders=20
fetch -s day --all --json
gaps accept -s day n 2 --reason lost
gaps list -s day --all
gaps list -s day --json
gaps reopen -s day n 2 --reason found
gen --orders 2 --breaks 0 outN
help
help version
inbox show -s day shop 1
inbox show -s day -r shop 1
inbox list -s day
inbox list -s day --json
inbox retain -s day --older-than 1s --yes
inbox drop -s day --yes shop 1
ingest -s day o/orders.csv
ingest -s day --json o/orders.csv
init -s storeN
reconcile o/orders.csv o/orders.csv --key reference,line
rejects export -s day 1
rejects list -s day
report daily -s day
report daily -s day --format html
reset -s day -n
run -s day
status -s day
trace -s day web/SO0000000001
version
version --json'

n=0
# call LINE: its words, with N replaced, in the positional parameters of $words.
call() {
	n=$((n + 1))
	words=$(echo "$1" | sed "s/N$/$n/")
}

echo "$lines" >list
while read -r line <&6; do
	call "$line"
	# shellcheck disable=SC2086
	expect 12 "$line: a full disk is told" to /dev/full ordmill $words
	check "$line: in one line" test "$(wc -l <err)" -eq 1
	call "$line"
	# shellcheck disable=SC2086
	expect 12 "$line: a reader that left too" into_closed ordmill $words
	check "$line: but without a word" test ! -s err
	call "$line"
	# shellcheck disable=SC2086
	expect 0 "$line: needs no environment" \
		env -i "$(command -v ordmill)" $words
	check "$line: and prints" test -s out
	call "$line"
	# shellcheck disable=SC2086
	expect 0 "$line: -o writes a file" ordmill $words -o file
	check "$line: and nothing on standard output" test ! -s out
	check "$line: but into the file" test -s file
done 6<list

# No command is forgotten here.
ordmill help | sed -n '/^Options/q; s/^  \([a-z][a-z -]*[a-z]\)  .*/\1/p' \
	>commands
while read -r cmd <&6; do
	check "$cmd: is tried above" grep -q "^$cmd\( \|\$\)" list
done 6<commands

expect 12 'closed output is told' sh -c '"$@" >&-' sh ordmill version
check 'in one line' test "$(wc -l <err)" -eq 1
ordmill help | head -1 >out 2>err
check '| head -1 is quiet' test ! -s err

echo before >kept
expect 2 'a command that fails' ordmill completion tcsh -o kept
echo before >out
check 'leaves the file as it was' cmp kept out
expect 2 'or does not make it' ordmill completion tcsh -o new
check 'at all' test ! -e new
expect 12 'a file that cannot be made is told' ordmill version -o no/such/file
expect 12 'so is a full one' ordmill version -o /dev/full
check 'and nothing is left over' test -z "$(left)"

expect 2 'a wrong word' ordmill --log-format json vesion
err_is 'as JSON' <<\EOT
{"schema":"ordmill.error/1","command":null,"exit":2,"code":"usage","message":"no command 'vesion'; did you mean 'version'?"}
EOT
expect 2 'a wrong option before it says so' \
	ordmill version --jsn --log-format=json
err_is 'as JSON too' <<\EOT
{"schema":"ordmill.error/1","command":"version","exit":2,"code":"usage","message":"unknown option '--jsn'; did you mean '--json'?"}
EOT
expect 12 'a full disk' to /dev/full ordmill --log-format json version
check 'as JSON again' grep -q '^{.*"exit":12,"code":"output".*}$' err

expect 2 'a clock that is none' env ORDMILL_NOW=soon ordmill version
err_is 'is refused' <<\EOT
ordmill version: $ORDMILL_NOW: bad time 'soon'
EOT

finish
