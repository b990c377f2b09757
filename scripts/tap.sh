#!/bin/sh
# tap.sh DIR TEST - run one test for prove and leave what it said in DIR.
#
# A test that fails without having said so gets a line that does.
dir=$1
shift
name=$(echo "$1" | sed 's|.*tests/||; s|\.sh$||; s|/|-|g')
mkdir -p "$dir"
"$@" >"$dir/$name.tap"
status=$?
if [ "$status" -ne 0 ] && ! grep -q '^not ok' "$dir/$name.tap"; then
	echo "not ok - $name ended with status $status" >>"$dir/$name.tap"
fi
cat "$dir/$name.tap"
exit "$status"
