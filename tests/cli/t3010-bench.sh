#!/bin/sh
# Bench measures: its books are exact, its times are not, and nothing is left.
. "$(dirname "$0")/lib.sh"

export ORDMILL_NOW=2026-02-01T12:00:00Z
mkdir d

# steady: the output with all figures that differ from run to run as '#'.
steady() {
	sed -E 's/^.*processors, .* MiB, [^;]*; /MACHINE; /
		/^  (generate|load|validate|reconcile|verify|from load) /s/[0-9]+\.[0-9]{3} +[0-9]+$/#/
		/^  (average|peak|spike) /s/[0-9]+\.[0-9] x.*$/#/
		s/[0-9]+ bytes an order/# bytes an order/
		s/[0-9]+ MiB at most/# MiB at most/
		/ is memory, not a disk/d; s/ +#$/ #/' out
}

# left: what is still in d.
left() { test -z "$(ls -A d)"; }

expect 0 'bench works' ordmill bench --orders 300 --shards 2 --dir d
steady >steady.out
mv steady.out out
out_is 'and says what it did' <<\EOT
MACHINE; 2 shards

  step                                seconds       a second
  generate            300 orders #
  load                300 orders #
  validate            300 orders #
  reconcile           300 orders #
  verify              602 leaves #
  from load           300 orders #

  asked for      orders/s   load alone    all steps
  average           12000 #
  peak              36000 #
  spike            360000 #

  orders     300 made, 300 loaded, 300 accepted
  breaks     60 found of 60 planted, 0 others
  evidence   602 leaves, 0 flaws
  store      # bytes an order on disk
  memory     # MiB at most
  result     all of it is right
EOT
check 'nothing is left' left

# The JSON with its times, rates and machine taken out, a member a line.
members() {
	tr '{},[]' '\n' <out | sed -E '/^$/d
		s/"(seconds)":[0-9]+\.[0-9]+/"\1":0.0/
		s/"seconds":[0-9]+$/"seconds":0.0/
		s/("(load_alone|all_steps)":)"[0-9]+\.[0-9]"/\1"#.#"/
		s/("(per_second|processors|memory_bytes|store_bytes|memory_peak_bytes)":)"[0-9]+"/\1"#"/
		s/("(system|file_system)":)"[^"]+"/\1"#"/
		s/("in_memory":)(true|false)/\1#/
		s/("verdict":)"(holds|loads|queues)"/\1"#"/'
}
expect 0 'as JSON' ordmill bench --json --orders 10 --shards 1 --dir d
members >members.out
mv members.out out
out_is 'it has these members, and all counts as strings' <<\EOT
"schema":"ordmill.bench/1"
"machine":
"system":"#"
"processors":"#"
"memory_bytes":"#"
"file_system":"#"
"in_memory":#
"shards":"1"
"steps":
"step":"generate"
"orders":"10"
"seconds":0.0
"per_second":"#"
"step":"load"
"orders":"10"
"seconds":0.0
"per_second":"#"
"step":"validate"
"orders":"10"
"seconds":0.0
"per_second":"#"
"step":"reconcile"
"orders":"10"
"seconds":0.0
"per_second":"#"
"step":"verify"
"leaves":"22"
"seconds":0.0
"per_second":"#"
"from_load":
"orders":"10"
"seconds":0.0
"per_second":"#"
"loads":
"load":"average"
"per_second":"#"
"load_alone":"#.#"
"all_steps":"#.#"
"verdict":"#"
"load":"peak"
"per_second":"#"
"load_alone":"#.#"
"all_steps":"#.#"
"verdict":"#"
"load":"spike"
"per_second":"#"
"load_alone":"#.#"
"all_steps":"#.#"
"verdict":"#"
"orders":
"made":"10"
"loaded":"10"
"accepted":"10"
"money_agrees":true
"breaks":
"planted":"10"
"found":"10"
"others":"0"
"evidence":
"leaves":"22"
"flaws":"0"
"store_bytes":"#"
"memory_peak_bytes":"#"
"ok":true
EOT
check 'nothing is left' left

expect 0 'with -q it is silent' ordmill bench -q --orders 10 --dir d
out_is 'altogether' </dev/null
TMPDIR=$PWD/d expect 0 'the directory may come from the environment' \
	ordmill bench -q --orders 1
check 'nothing is left' left

# On a machine whose clock is far behind, orders come from the future.
ORDMILL_NOW=2025-01-01T00:00:00Z expect 1 'books that do not agree are found' \
	ordmill bench -q --orders 10 --shards 1 --dir d
check 'and shown in spite of -q' grep -q 'SOMETHING IS WRONG' out
check 'with the figures' grep -q '^  orders     10 made, 10 loaded, 0 accepted$' \
	out
check 'nothing is left' left

expect 4 'a directory that is not there is told' \
	ordmill bench --orders 10 --dir nowhere
err_is 'by name' <<\EOT
ordmill bench: make a directory in 'nowhere': No such file or directory
EOT
expect 2 'no order is too few' ordmill bench --orders 0
expect 2 'so many shards cannot be' ordmill bench --shards 65

expect 9 'it stops when its time is over' \
	ordmill bench --orders 100000 --max-duration 1ms --dir d
check 'and says so' grep -q -- '--max-duration' err
check 'and nothing is left' left

# A file that may not grow stands for a disk that is full.
limited() {
	(
		trap '' XFSZ
		ulimit -f 64
		exec ordmill bench --orders 20000 --dir d
	)
}
expect 12 'what cannot be written is a failure' limited
check 'and nothing is left' left

# A signal ends it, wherever it is; its directory goes first.
ordmill bench --orders 1000000 --dir d >out 2>err &
pid=$!
until test -n "$(ls -A d)"; do
	kill -0 $pid || break
done
kill -TERM $pid
wait $pid 2>wait.err
check 'a signal ends it' test $? -eq 143
check 'and nothing is left' left

expect 12 'a full output is told' sh -c \
	'ordmill bench --orders 10 --dir d >/dev/full'
check 'and nothing is left' left

finish
