#!/bin/sh
# How a store is doing, for people, for cron and for Prometheus.
. "$(dirname "$0")/lib.sh"
# shellcheck source=store.sh
. "$om_root/tests/cli/store.sh"

expect 0 'the status' ordmill status
out_is 'is told' <<\EOT
Status of the store
===================

The store
---------
  Store            S
  Now              2026-11-23T15:00:00Z
  Last success     2026-11-23T14:00:00Z
  Lock             free
  Shard map        1
  Journal entries  7
  Last checkpoint  2026-11-23T14:00:00Z

  !!  orders in quarantine: 1

Batches
-------
  Taken       3
  Loading     0
  Failed      0
  Undone      0
  Last batch  3, pay.csv, 2026-11-23T14:00:00Z

Runs
----
  Unfinished  0
  Last run    7, run settle, done (exit 0)

Backlog
-------
  Orders in quarantine  1
  Payments not applied  1
  Early cancellations   0

Shards
------
  Shard  URL         Slots  Log entries  Not applied  State
  -----  ----------  -----  -----------  -----------  -----
  0      shard-0.db  2,048           10            1  ok
  1      shard-1.db  2,048            0            0  ok
EOT
expect 0 'for Prometheus' ordmill status --format prom
grep -v '^#' out >part && mv part out
out_is 'as gauges' <<\EOT
ordmill_last_success_timestamp_seconds 1795442400
ordmill_last_batch_timestamp_seconds 1795442400
ordmill_last_run_status 0
ordmill_runs_unfinished 0
ordmill_runs_failed_since_success 0
ordmill_rejects_open 1
ordmill_journal_entries 7
ordmill_checkpoint_timestamp_seconds 1795442400
ordmill_locked 0
ordmill_batches{state="loading"} 0
ordmill_batches{state="published"} 3
ordmill_batches{state="failed"} 0
ordmill_batches{state="undone"} 0
ordmill_shard_up{shard="0"} 1
ordmill_shard_up{shard="1"} 1
ordmill_shard_log_entries{shard="0"} 10
ordmill_shard_log_entries{shard="1"} 0
ordmill_payments_unsettled{shard="0"} 1
ordmill_payments_unsettled{shard="1"} 0
ordmill_cancellations_waiting{shard="0"} 0
ordmill_cancellations_waiting{shard="1"} 0
EOT
expect 0 'JSON' ordmill status --json
check 'says its schema' grep -q '^{"schema":"ordmill.status/1",' out

expect 0 'an hour after the last success' ordmill status --fail-if-stale 1h -q
check 'there is nothing to say' test ! -s out
at 16:00
expect 1 'two hours after' ordmill status --fail-if-stale 1h -q
check 'there is' grep -Fqx \
	'  !!  last success 2026-11-23T14:00:00Z, over 3600 seconds ago' out
expect 2 'no time at all' ordmill status --fail-if-stale 0.5s

expect 0 'an empty store' ordmill init -s E
expect 1 'is stale' ordmill status -s E --fail-if-stale 1d -q
expect 0 'but in order' ordmill status -s E
check 'has no last batch' grep -q '^  Last batch  -$' out

mv S/shard-1.db gone
expect 3 'a shard that is away' ordmill status
check 'is named' grep -q '^  !!  shard 1: ' out
check 'in the table, too' grep -q '^  1 .* away$' out
mv gone S/shard-1.db

expect 6 'a store that is not there' ordmill status -s nowhere

finish
