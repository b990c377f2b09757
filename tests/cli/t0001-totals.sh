#!/bin/sh
# The totals are what the tests said, and a test cannot fail without a word.
. "$(dirname "$0")/lib.sh"

total() { awk -f "$om_root/scripts/totals.awk" "$@"; }
tap() { "$om_root/scripts/tap.sh" tap "$@"; }

printf '1..2\nok 1 - a\nok 2 - b\n' >good.tap
printf '1..2\nok 1 - a\nnot ok 2 - b\n' >bad.tap
printf '1..3\nok 1 - a\n' >cut.tap
printf 'ok 1 # SKIP a\nok 2 - b\n1..2\n' >skip.tap
: >empty.tap

expect 0 'what passed is summed' total good.tap skip.tap
out_is 'and what was skipped is neither' <<\EOT
1 skipped
3 passed, 0 failed
EOT
expect 1 'a failure is named' total good.tap bad.tap
out_is 'with its file' <<\EOT
bad.tap: not ok 2 - b
3 passed, 1 failed
EOT
expect 1 'a test that never came has failed' total cut.tap good.tap
out_is 'whichever file it is in' <<\EOT
cut.tap: 2 tests did not run
3 passed, 2 failed
EOT
expect 1 'nothing passed is a failure' total empty.tap

printf '#!/bin/sh\necho "ok 1 - a"\nexit 3\n' >quiet
printf '#!/bin/sh\necho "not ok 1 # SKIP a"\necho "1..1"\n' >skips
chmod +x quiet skips
expect 3 'a test that fails in silence keeps its status' tap ./quiet
out_is 'and is given a voice' <<\EOT
ok 1 - a
not ok - quiet ended with status 3
EOT
expect 0 'a test that skips' tap ./skips
out_is 'does so in good TAP' <<\EOT
ok 1 # SKIP a
1..1
EOT

finish
