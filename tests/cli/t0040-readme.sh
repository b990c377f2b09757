#!/bin/sh
# The tour of the README is what the program says.
. "$(dirname "$0")/lib.sh"

# The indented block that begins with a prompt, without its indentation.
sed -n '/^    \$ /,/^[^ ]/s/^    //p' "$om_root/README.md" >tour
check 'there is a tour' test "$(grep -c '^\$ ' tour)" -ge 10

# Its commands, each printing itself as it stands there, then its output.
awk '
	/^\$ / { typed = $0; line = substr($0, 3) }
	!/^\$ / && more { typed = typed "\n" $0; line = line "\n" $0 }
	/^\$ / || more {
		more = /\\$/
		if (!more) {
			gsub(/\047/, "\047\\\047\047", typed)
			printf "printf \047%%s\\n\047 \047%s\047\n%s\n", typed, line
		}
	}' tour >commands

expect 0 'its commands work' sh -e commands
check 'and print what it shows' diff -u tour out

finish
