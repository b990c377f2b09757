# shellcheck shell=sh disable=SC2154
# again.sh - what is loaded already: the same file, and the same under another
# name, as shares of the time of the first load.

again_turn() {
	fresh store
	timed ours.first ordmill ingest -s store --feed canonical \
		random/orders.csv
	timed ours.again ordmill ingest -s store --feed canonical \
		random/orders.csv
	timed ours.renamed ordmill ingest -s store --feed canonical renamed.csv
}

flat random >made
cp random/orders.csv renamed.csv
rounds again again_turn
quietly ordmill expect -s store "orders=$orders" batches=1
row 'ingest, random: ordmill' "$orders" ours.first
against '  the same file again' "$orders" ours.again ours.first '<' 0.2
against '  a renamed copy' "$orders" ours.renamed ours.first '<' 0.2
rm -rf store renamed.csv
