# shellcheck shell=sh disable=SC2154
# start.sh - how long nothing takes: version, and status of a loaded store.

start_turn() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		timed ours.version ordmill version
		timed ours.status ordmill status -s store
	done
}

flat random >made
fresh store
quietly ordmill ingest -s store --feed canonical random/orders.csv
rounds start start_turn
within 'version: ordmill' 1 ours.version 5
within "status of $orders orders: ordmill" 1 ours.status 100
rm -rf store
