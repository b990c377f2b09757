# shellcheck shell=sh disable=SC2154
# gen.sh - making orders: flat ones, and a statement with them.

gen_turn() {
	timed ours.gen ordmill gen --seed 42 --orders "$orders" --flat gen
}

rounds gen gen_turn
at_rate 'gen --flat: ordmill' "$orders" ours.gen 1000000
rm -rf gen
