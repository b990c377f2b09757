#!/bin/sh
# A disk that is full is told; with more room the same command goes on.
# shellcheck source=tests/torture/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir disk
if ! mount -t tmpfs -o size=8m tmpfs disk 2>/dev/null; then
	echo '1..0 # SKIP cannot mount'
	exit 0
fi
trap 'umount "$scratch/disk"; rm -rf "$scratch"' EXIT

ordmill init -q -s plain --shards 4
undisturbed plain
size=$(du -sm plain | cut -f1)
echo "# $size MiB when it has room"

ordmill init -q -s disk/store --shards 4
full=0
room=8
while test "$room" -lt $((4 * size)); do
	load disk/store >out 2>err
	got=$?
	test "$got" -ne 0 || break
	full=$((full + 1))
	check "a disk of $room MiB: exit 12" test "$got" -eq 12
	check "a disk of $room MiB: that is told" grep -q 'disk is full' err
	# where not even 32 KiB are left, one cannot look
	ordmill expect -s disk/store orders=0 >out 2>err
	shown=$?
	check "a disk of $room MiB: nothing is shown (exit $shown)" \
		test "$shown" -eq 0 -o \( "$shown" -eq 12 -a -n \
		"$(grep 'no room for the index of its log' err)" \)
	room=$((room * 3 / 2))
	mount -o remount,size="${room}m" "$scratch/disk"
done
echo "# full $full times, enough at $room MiB"
check 'it was full at least twice' test "$full" -ge 2
check 'with room enough it ends well' test "$got" -eq 0
same 'after a full disk' disk/store
finish
