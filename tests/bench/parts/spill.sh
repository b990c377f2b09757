# shellcheck shell=sh disable=SC2154
# spill.sh - reconcile two files that do not fit in memory. SPILL_ORDERS is how
# many rows each of them has (20000000); a row takes 0.3 KB of TMPDIR, half of
# it while the command runs.

spill_orders=${SPILL_ORDERS:-20000000}

spill_turn() {
	timed spilled ordmill reconcile spill/orders.csv \
		spill/statement.csv --key reference --compare total \
		--map total=amount --answers spill/answers.csv
}

say "making $spill_orders orders and their statement"
quietly ordmill gen --seed 42 --orders "$spill_orders" --flat \
	--references random --breaks 600 spill
rounds spill spill_turn
row 'reconcile two large files: ordmill' "$spill_orders" spilled
mib=$(($(largest 2 spilled) / 1024))
printf '%-44s %44s %7s  %-13s %s\n' '  its memory, at most' "$mib" '' \
	'<= 1024 MiB' "$(met "$mib" '<=' 1024)"
rm -rf spill
