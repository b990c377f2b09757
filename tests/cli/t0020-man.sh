#!/bin/sh
# Every command has a page, every page a command, and both the same options.
. "$(dirname "$0")/lib.sh"

man=$om_root/man

# page NAME.SECTION: the page as it is installed, in the file page.
page() { "$om_root/scripts/man.sh" ordmill "$man/$1.in" >page; }

# options_of FILE: the long options that its lists explain.
options_of() { sed -n 's/^\.It .*Fl Fl \([a-z-]*\).*/\1/p' "$1" | sort -u; }

# listed: the long options that a help on standard input explains.
listed() {
	sed -n 's/^  \(-.,\|   \) --\([a-z-]*\).*/\2/p' | sort -u
}

# all_known: the words that the page's own references name have pages.
all_known() {
	sed -n 's/^\.Xr \(ordmill[a-z-]*\) \([0-9]\).*/\1.\2/p' page |
		while read -r name; do
			test -e "$man/$name.in" || echo "no page $name"
		done >unknown
	cat unknown
	test ! -s unknown
}

ordmill help | sed -n '/^Options/q; s/^  \([a-z][a-z -]*[a-z]\)  .*/\1/p' >list
check 'there are commands' test -s list

cut -d' ' -f1 list | sort -u >families
while read -r word <&3; do
	expect 0 "$word: has a page" page "ordmill-$word.1"
	options_of page >in_page
	grep "^$word\$\|^$word " list | while read -r first second; do
		# shellcheck disable=SC2086
		ordmill help $first $second
	done | listed >in_help
	check "$word: the page explains the options of the help" \
		diff -u in_help in_page
done 3<families

for file in "$man"/*.in; do
	name=$(basename "$file" .in)
	case $name in
	ordmill.1) ;;
	*.1)
		word=${name#ordmill-}
		check "$name: is about a command" grep -qx "${word%.1}" families
		;;
	esac
	expect 0 "$name: can be made" page "$name"
	check "$name: names pages that exist" all_known
	if command -v mandoc >/dev/null; then
		expect 0 "$name: is sound" mandoc -T lint -W warning page
	fi
done

page ordmill.1
options_of page >in_page
ordmill help | listed >in_help
check 'ordmill(1) explains the options of every command' \
	diff -u in_help in_page
sed -n 's/^\.It Nm ordmill //p' page >in_page
check 'and names every command' sh -c 'sort list | diff -u - in_page'

finish
