#!/bin/sh
# Every command describes itself, within 80 columns, on the right stream.
. "$(dirname "$0")/lib.sh"

# The commands, one in a line, from the list by purpose.
commands() {
	ordmill help | sed -n '/^Options/q; s/^  \([a-z][a-z -]*[a-z]\)  .*/\1/p'
}

# wide: no line is longer than a terminal.
wide() { awk 'length > 80 { print; bad = 1 } END { exit bad }' out; }

expect 0 'help lists the commands' ordmill help
check 'on standard output only' test ! -s err
check 'within 80 columns' wide
check 'each in a group of its own purpose' sh -c '! grep -q "^Other:" out'
expect 2 'no command at all is usage' ordmill
check 'said on standard error' grep -q '^usage: ordmill' err
check 'and nothing on standard output' test ! -s out
expect 0 '--help is help' ordmill --help
expect 0 '--version is version' ordmill --version
check 'first of all of the program' grep -q '^ordmill [0-9]' out
check 'then of its libraries' grep -q '^  sqlite 3\.' out

commands >list
check 'there are commands' test -s list
while read -r first second <&3; do
	cmd="$first${second:+ $second}"
	# shellcheck disable=SC2086
	set -- $first $second
	expect 0 "$cmd: help works" ordmill help "$@"
	check "$cmd: nothing on stderr" test ! -s err
	check "$cmd: fits in 80 columns" wide
	check "$cmd: has an example" grep -q '^Examples:' out
	expect 0 "$cmd: --help is the same" ordmill "$@" --help
	ordmill help "$@" >want
	check "$cmd: to the byte" cmp want out
	expect 2 "$cmd: an unknown option is usage" ordmill "$@" --no-such-option
	check "$cmd: and says so on stderr" grep -Fqx \
		"ordmill $cmd: unknown option '--no-such-option'" err
done 3<list

expect 0 'help on a first word lists its commands' ordmill help config
out_is 'one by one' <<\EOT
  config check            read the configuration, or FILE, and every feed in it
  config show             print the settings that are in force
EOT
mv out want
expect 0 'so does --help behind it' ordmill config --help
check 'to the byte' cmp want out
expect 2 'alone it is not enough' ordmill config
err_is 'and says so' <<\EOT
ordmill: 'config' needs one of: check, show
EOT
expect 2 'a wrong second word' ordmill config shwo
err_is 'gets a suggestion' <<\EOT
ordmill: no command 'config shwo'; did you mean 'config show'?
EOT

expect 2 'a typo gets a suggestion' ordmill vesion
err_is 'by name' <<\EOT
ordmill: no command 'vesion'; did you mean 'version'?
EOT
expect 2 'so does one in an option' ordmill version --jsn
err_is 'followed by the usage' <<\EOT
ordmill version: unknown option '--jsn'; did you mean '--json'?
usage: ordmill version [OPTION]...
EOT

for shell in bash zsh fish; do
	expect 0 "completion for $shell" ordmill completion "$shell"
	check "knows the options of $shell's users" grep -q 'max-duration' out
done
# completes WORD... : what bash offers for the last of them.
completes() {
	bash -c 'eval "$(ordmill completion bash)"
		COMP_WORDS=(ordmill "$@") COMP_CWORD=$#
		_ordmill
		echo "${COMPREPLY[@]}"' bash "$@"
}
expect 0 'bash completes' completes config ch
out_is 'a second word' <<\EOT
check
EOT
expect 0 'bash completes' completes config show --or
out_is 'an option of the command' <<\EOT
--origin
EOT
expect 2 'no completion for others' ordmill completion tcsh

finish
