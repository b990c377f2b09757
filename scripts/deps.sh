#!/bin/sh
# deps.sh demo|check|lint - install what Debian 12 lacks for that, and no more.
#
# Asks nothing: as root, or through sudo if it needs no password.
set -eu

build='gcc make libc6-dev libsqlite3-dev libcsv-dev zlib1g-dev libssl-dev
	libcurl4-openssl-dev libpq-dev libfyaml-dev libexpat1-dev
	ca-certificates'
tests='libcmocka-dev postgresql sqlite3 openssl perl mandoc gzip procps
	python3 nginx-light'
linters='shellcheck cppcheck clang-format clang-tidy'

case ${1-} in
demo) want=$build ;;
check) want="$build $tests" ;;
lint) want="$build $tests $linters" ;;
*)
	echo "usage: deps.sh demo|check|lint" >&2
	exit 2
	;;
esac

if ! command -v apt-get >/dev/null; then
	echo "deps.sh: no apt-get here; wanted:" >&2
	echo "$want" | tr -s ' \t\n' ' ' >&2
	exit 0
fi

missing=
for package in $want; do
	state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) || state=
	[ "$state" = 'install ok installed' ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		set -- env DEBIAN_FRONTEND=noninteractive "$@"
	else
		set -- sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
	fi
	echo "+ $*"
	"$@" </dev/null
}

as_root apt-get -q update
# shellcheck disable=SC2086
as_root apt-get -q -y --no-install-recommends install $missing
