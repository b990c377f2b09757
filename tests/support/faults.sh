# shellcheck shell=sh
# faults.sh - the server of faults.py for the length of one test script.
#
# Source it behind lib.sh, call faults_start, and use $url (http://127.0.0.1:N)
# and the functions below. It ends when the script does.

# shellcheck disable=SC2154,SC2034 # lib.sh's; the script's
faults_start() {
	web=$scratch/web
	mkdir -p "$web"
	setpriv --pdeathsig KILL python3 "$om_root/tests/support/faults.py" \
		"$web" &
	faults_pid=$!
	trap 'kill "$faults_pid" 2>/dev/null; rm -rf "$scratch"' EXIT
	until test -s "$web/port"; do
		kill -0 "$faults_pid" 2>/dev/null || return 1
	done
	url=http://127.0.0.1:$(cat "$web/port")
}

# answers: what is given to which path, from here-document.
answers() {
	cat >"$web/answers.tmp" && mv "$web/answers.tmp" "$web/answers.json"
}

# orders FROM TO [UPDATED] : so many orders, a page to be taken from.
orders() {
	python3 - "$@" >"$web/orders.tmp" <<-\EOT
	import json, sys
	first, last = int(sys.argv[1]), int(sys.argv[2])
	when = sys.argv[3] if len(sys.argv) > 3 else '2026-11-01T00:00:00Z'
	print(json.dumps([{'id': n, 'updated_at': when, 'currency': 'EUR',
	                   'total': '%d.00' % n} for n in range(first, last + 1)]))
	EOT
	mv "$web/orders.tmp" "$web/orders.json"
}

# asked [PATTERN] : how many requests there were, since forget.
asked() { grep -c -- "${1:-.}" "$web/log" || :; }
forget() { : >"$web/log"; }
