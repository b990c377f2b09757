#!/bin/sh
# run.sh [SECONDS] - build each fuzzer with clang and run it for a minute.
#
# What a fuzzer finds on its way is kept under build/fuzz, so that the next run
# goes on from there; an input that fails is left there too and named. To try
# one again: build/fuzz/NAME FILE.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
dir=build/fuzz

# build NAME SOURCES...
build() {
	name=$1
	shift
	clang -std=c17 -D_POSIX_C_SOURCE=200809L -O2 -g \
		-fno-omit-frame-pointer \
		-fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -Ilib \
		-o "$dir/$name" "tests/fuzz/fuzz_$name.c" "$@" \
		-lcsv -lexpat -lfyaml -lz -lcrypto -lpthread
}

# run NAME OPTIONS...
run() {
	name=$1
	shift
	mkdir -p "$dir/$name.found"
	echo "$name: $seconds seconds"
	"$dir/$name" -max_total_time="$seconds" -verbosity=0 \
		-print_final_stats=1 -artifact_prefix="$dir/$name-" "$@" \
		"$dir/$name.found" "tests/fuzz/$name"
}

mkdir -p "$dir"
# The profiles, as bytes that C includes.
for profile in lib/feed/profiles/*.yaml; do
	make -s "build/$profile.inc"
done
build csv -Itests/support lib/base/*.c lib/text/csv*.c
build feed -Ibuild/lib lib/base/*.c lib/io/source.c lib/io/temp.c \
	lib/order/*.c lib/text/*.c lib/feed/*.c
build json -Ibuild/lib lib/base/*.c lib/io/source.c lib/io/temp.c \
	lib/order/*.c lib/text/*.c lib/feed/*.c
build doc -Ibuild/lib lib/base/*.c lib/io/source.c lib/io/temp.c \
	lib/order/*.c lib/text/*.c lib/feed/*.c
build yaml lib/base/*.c lib/io/source.c lib/text/yaml*.c
run csv -max_len=1000
run json -max_len=2000
# libfyaml 0.7 forgets a buffer when long quoted text is followed by an error.
ASAN_OPTIONS=detect_leaks=0
export ASAN_OPTIONS
run yaml -max_len=2000
run feed -max_len=3000
run doc -max_len=3000
