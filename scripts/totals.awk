# totals.awk - sum TAP files: "N passed, N failed" as the last line.
#
# A test that was planned and never came is a failure; one that was skipped is
# neither passed nor failed, and is counted in a line of its own.
function close_file() {
	if (planned > seen) {
		printf "%s: %d tests did not run\n", file, planned - seen
		failed += planned - seen
	}
	planned = seen = 0
}

FNR == 1 { close_file(); file = FILENAME; files++ }
/^1\.\.[0-9]+/ { planned = substr($1, 4) + 0 }
/^ok/ { seen++ }
/^ok.*# *[Ss][Kk][Ii][Pp]/ { skipped++; next }
/^ok/ { passed++ }
/^not ok/ { seen++; failed++; printf "%s: %s\n", FILENAME, $0 }

END {
	close_file()
	if (skipped > 0)
		printf "%d skipped\n", skipped
	printf "%d passed, %d failed\n", passed, failed
	exit failed > 0 || passed == 0
}
