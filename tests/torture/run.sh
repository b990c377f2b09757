#!/bin/sh
# run.sh - the tests that take too long for a check; called by make torture.
cd "$(dirname "$0")/../.." || exit 1
OM_BIN=$PWD/build ORDMILL_TORTURE=1 CMOCKA_MESSAGE_OUTPUT=TAP
export OM_BIN ORDMILL_TORTURE CMOCKA_MESSAGE_OUTPUT
exec prove -v -e 'scripts/tap.sh build/tap' tests/torture/t*.sh \
	build/tests/unit/ingest/test_recover \
	build/tests/unit/ingest/test_pipeline \
	build/tests/unit/ingest/test_ingest
