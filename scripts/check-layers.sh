#!/bin/sh
# check-layers.sh - a folder of lib/ may include itself and any row below it.
#
# Rows from the ground up; a neighbour on the same row is as foreign as one
# above. Each third-party header has one home, listed at the end.
layers='
base
db io order report
store text
audit feed ops
ingest fetch pass recon
cmd
'

# rank FOLDER: its line number above, or nothing.
rank() {
	echo "$layers" | grep -nw "$1" | cut -d: -f1
}

# home HEADER FILES...: HEADER is included by FILES (globs) and nobody else.
home() {
	header=$1
	shift
	grep -l "^#include <$header>" lib/*/*.[ch] cmd/*.[ch] 2>/dev/null |
		while read -r file; do
			for allowed; do
				# shellcheck disable=SC2254
				case $file in $allowed) continue 2 ;; esac
			done
			echo "$file: <$header> belongs to $*"
		done
}

{
	for file in lib/*/*.[ch] cmd/*.[ch]; do
		own=$(basename "$(dirname "$file")")
		sed -n 's|^#include "\([a-z]*\)/.*|\1|p' "$file" |
			while read -r used; do
				[ "$used" = "$own" ] ||
					[ "$(rank "$used")" -lt "$(rank "$own")" ] ||
					echo "$file: $own may not include $used"
			done
	done
	home sqlite3.h 'lib/db/*'
	home libpq-fe.h 'lib/db/*'
	home csv.h 'lib/text/*'
	home libfyaml.h 'lib/text/*'
	home expat.h 'lib/text/xml*'
	home zlib.h 'lib/io/*'
	home curl/curl.h 'lib/io/*'
	home openssl/evp.h 'lib/base/hash*' 'lib/audit/note*'
	home pthread.h 'lib/base/pool*' 'lib/base/queue*'
} | sort -u | {
	! grep .
}
