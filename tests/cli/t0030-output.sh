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

# Commands that print without a store; the rest need one, see their own tests.
printers='help
help version
version
version --json
completion bash
completion zsh
completion fish
config show
config show --json'

echo "$printers" >list
while read -r line <&6; do
	# shellcheck disable=SC2086
	set -- $line
	expect 12 "$line: a full disk is told" to /dev/full ordmill "$@"
	check "$line: in one line" test "$(wc -l <err)" -eq 1
	expect 12 "$line: a reader that left too" into_closed ordmill "$@"
	check "$line: but without a word" test ! -s err
	expect 12 "$line: closed output is told" sh -c '"$@" >&-' sh ordmill "$@"
	ordmill "$@" >plain
	expect 0 "$line: needs no environment" \
		env -i "$(command -v ordmill)" "$@"
	check "$line: and says the same" cmp out plain
	expect 0 "$line: -o writes a file" ordmill "$@" -o file
	check "$line: nothing else on standard output" test ! -s out
	check "$line: and the same in it" cmp file plain
done 6<list

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
