# shellcheck shell=sh disable=SC2154
# audit.sh - verify every leaf of a store whose orders have an event each, and
# prove one of them.

audit_turn() {
	timed ours.verify ordmill audit verify -s store
	sed -n 's/^ok: \([0-9]*\) leaves.*/\1/p' log >leaves
	test -s leaves || fail "audit verify: $(cat log)"
}

prove_turn() {
	timed ours.prove ordmill audit prove -s store "canonical/$(sed -n \
		"$((orders * round / repeat)){s/,.*//p;q}" random/orders.csv)"
}

flat random >made
fresh store
quietly ordmill ingest -s store --feed canonical random/orders.csv
quietly ordmill run -s store validate
rounds 'audit verify' audit_turn
rounds 'audit prove' prove_turn
at_rate 'audit verify: ordmill, leaves' "$(cat leaves)" ours.verify 2000000
within 'audit prove: ordmill' 1 ours.prove 5
rm -rf store
