# shellcheck shell=sh
# pg.sh - a real PostgreSQL server for the length of one test script.
#
# Source it, call pg_start, and use $ORDMILL_TEST_PG (add "&schema=NAME" for an
# empty place of one's own). The server stops when the script ends, by whatever
# road. Without the package pg_start returns 1; ORDMILL_SKIP_PG=1 says that the
# machine shall do without, which pg_wanted asks.

pg_dir='' pg_pid=''

pg_wanted() {
	test "${ORDMILL_SKIP_PG:-}" != 1
}

# pg_as COMMAND...: as the user whom a server accepts, ending with this script.
pg_as() {
	if test "$(id -u)" -eq 0; then
		exec setpriv --reuid=postgres --regid=postgres --clear-groups \
			--pdeathsig QUIT "$@"
	fi
	exec setpriv --pdeathsig QUIT "$@"
}

pg_start() {
	# the newest installed version
	for pg_bin in /usr/lib/postgresql/*/bin; do :; done
	if ! test -x "$pg_bin/initdb"; then
		echo "# no PostgreSQL server (ORDMILL_SKIP_PG=1 skips)" >&2
		return 1
	fi
	pg_dir=$(mktemp -d /tmp/ordmill-pg-XXXXXX) || return 1
	# shellcheck disable=SC2154 # lib.sh's
	trap 'pg_stop; rm -rf "${scratch:-}"' EXIT
	trap 'exit 1' HUP INT TERM
	test "$(id -u)" -ne 0 || chown postgres:postgres "$pg_dir"
	(cd / && pg_as "$pg_bin/initdb" -D "$pg_dir/data" -U ordmill -A trust \
		-E UTF8 --locale=C.UTF-8 --no-sync) >"$pg_dir/log" 2>&1 || {
		sed 's/^/# /' "$pg_dir/log" >&2
		return 1
	}
	pg_run || return 1
	ORDMILL_TEST_PG="postgresql://ordmill@/postgres?host=$pg_dir"
	export ORDMILL_TEST_PG
}

# Also after pg_kill: it is then the same server with the same data.
pg_run() {
	(cd / && pg_as "$pg_bin/postgres" -D "$pg_dir/data" -k "$pg_dir" \
		-c listen_addresses= -c fsync=off -c full_page_writes=off \
		-c autovacuum=off) >>"$pg_dir/log" 2>&1 &
	pg_pid=$!
	until "$pg_bin/pg_isready" -q -h "$pg_dir"; do
		kill -0 "$pg_pid" 2>/dev/null || {
			sed 's/^/# /' "$pg_dir/log" >&2
			return 1
		}
	done
}

# As a crash would: no session is asked to end.
pg_kill() {
	kill -QUIT "$pg_pid"
	wait "$pg_pid" 2>/dev/null
	pg_pid=''
}

# At once, open sessions and all; safe twice.
pg_stop() {
	if test -n "$pg_pid"; then
		kill -QUIT "$pg_pid" 2>/dev/null
		wait "$pg_pid" 2>/dev/null
	fi
	test -z "$pg_dir" || rm -rf "$pg_dir"
	pg_pid='' pg_dir=''
}
