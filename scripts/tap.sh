#!/bin/sh
# tap.sh DIR TEST - run one test for prove and leave what it said in DIR.
#
# cmocka says "not ok # SKIP" where TAP wants "ok # SKIP". A test that fails
# without having said so gets a line that does.
dir=$1
shift
name=$(echo "$1" | sed 's|.*tests/||; s|\.sh$||; s|^\./||; s|/|-|g')
mkdir -p "$dir"
case $1 in *.sh) set -- sh "$@" ;; esac # executable or not
"$@" >"$dir/$name.raw"
status=$?
sed 's/^not ok \([0-9]* # SKIP\)/ok \1/' "$dir/$name.raw" >"$dir/$name.tap"
rm -f "$dir/$name.raw"
if [ "$status" -ne 0 ] && ! grep -q '^not ok' "$dir/$name.tap"; then
	echo "not ok - $name ended with status $status" >>"$dir/$name.tap"
fi
cat "$dir/$name.tap"
exit "$status"
