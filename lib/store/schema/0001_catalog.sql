-- 0001 catalog: what the store knows about itself. Documented in
-- ordmill-schema(7); never edited once released, only followed by 0002.

-- Settings: store_id, origin, created_at, epoch, published, key, vkey.
CREATE TABLE meta (
  name text NOT NULL PRIMARY KEY,
  value text NOT NULL
);

-- Where the shards are. A relative url is relative to the catalog.
CREATE TABLE shards (
  shard integer NOT NULL PRIMARY KEY,
  url text NOT NULL
);

-- Which slots live where; the ranges cover 0..4095 without overlap.
CREATE TABLE shard_map (
  slot_from integer NOT NULL PRIMARY KEY,
  slot_to integer NOT NULL,
  shard integer NOT NULL
);

-- One row per batch. state: loading, published, failed, undone.
-- A batch is visible if and only if batch <= meta 'published' and it is
-- published. sha256 names the content; plan names how it was read and cut
-- into chunks, so that only the very same work is resumed; it is empty once
-- the batch is being undone.
CREATE TABLE batches (
  batch bigint NOT NULL PRIMARY KEY,
  feed text NOT NULL,
  kind text NOT NULL,
  source text NOT NULL,
  sha256 text NOT NULL,
  bytes bigint NOT NULL,
  state text NOT NULL,
  plan text NOT NULL,
  parent bigint NOT NULL,
  rows_read bigint NOT NULL,
  started_at bigint NOT NULL,
  finished_at bigint NOT NULL,
  reason text NOT NULL
);
CREATE INDEX batches_sha256 ON batches (sha256);
CREATE INDEX batches_source ON batches (source);

-- The books: orders and stated money per currency and outcome. outcome: read,
-- created, amended, cancelled, unchanged, conflicting, rejected; and parts of
-- them: overtaken and void of created, early of cancelled, stale of unchanged.
CREATE TABLE batch_books (
  batch bigint NOT NULL,
  currency text NOT NULL,
  outcome text NOT NULL,
  orders bigint NOT NULL,
  amount_minor bigint NOT NULL,
  PRIMARY KEY (batch, currency, outcome)
);

-- By what number, or day, a published batch follows others of its feed. unit:
-- number, day, weekday (days since 1970-01-01). A batch may have several.
CREATE TABLE feed_numbers (
  feed text NOT NULL,
  unit text NOT NULL,
  number bigint NOT NULL,
  batch bigint NOT NULL,
  PRIMARY KEY (feed, unit, number, batch)
);

-- What people said of numbers that did not come. leaf: the entry of the journal
-- that says the same. decision: accepted (they will not come) or reopened; of
-- several about a number the newest holds.
CREATE TABLE gap_decisions (
  leaf bigint NOT NULL PRIMARY KEY,
  feed text NOT NULL,
  unit text NOT NULL,
  from_number bigint NOT NULL,
  to_number bigint NOT NULL,
  decision text NOT NULL,
  decided_at bigint NOT NULL,
  decided_by text NOT NULL,
  reason text NOT NULL
);

-- The quarantine. outcome: rejected or conflicting. resolved_by: the batch
-- that brought the order in the end, 0 while it is open.
CREATE TABLE rejects (
  batch bigint NOT NULL,
  reject bigint NOT NULL,
  outcome text NOT NULL,
  channel text NOT NULL,
  reference text NOT NULL,
  source bigint NOT NULL,
  line bigint NOT NULL,
  byte_offset bigint NOT NULL,
  column_name text NOT NULL,
  value text NOT NULL,
  reason text NOT NULL,
  currency text NOT NULL,
  total_minor bigint NOT NULL,
  resolved_by bigint NOT NULL,
  PRIMARY KEY (batch, reject)
);

-- The original bytes of each quarantined order, row by row. reject 0 holds
-- the header of each source.
CREATE TABLE reject_rows (
  batch bigint NOT NULL,
  reject bigint NOT NULL,
  row_no bigint NOT NULL,
  source bigint NOT NULL,
  line bigint NOT NULL,
  byte_offset bigint NOT NULL,
  bytes blob NOT NULL, --@sqlite
  bytes bytea NOT NULL, --@postgres
  PRIMARY KEY (batch, reject, row_no)
);

-- One row per writing command. state: running, done, failed.
CREATE TABLE runs (
  run bigint NOT NULL PRIMARY KEY,
  command text NOT NULL,
  state text NOT NULL,
  pid bigint NOT NULL,
  host text NOT NULL,
  started_at bigint NOT NULL,
  finished_at bigint NOT NULL,
  status bigint NOT NULL
);

-- The books of a pass: in = moved + held + untouched, per outcome.
CREATE TABLE run_books (
  run bigint NOT NULL,
  pass text NOT NULL,
  outcome text NOT NULL,
  orders bigint NOT NULL,
  PRIMARY KEY (run, pass, outcome)
);

-- The store-wide log: one record per writing command, with the heads of all
-- shard logs. Its leaf hashes are in log_tiles.
CREATE TABLE journal (
  leaf bigint NOT NULL PRIMARY KEY,
  record blob NOT NULL --@sqlite
  record bytea NOT NULL --@postgres
);

CREATE TABLE log_tiles (
  level integer NOT NULL,
  tile bigint NOT NULL,
  hashes blob NOT NULL, --@sqlite
  hashes bytea NOT NULL, --@postgres
  PRIMARY KEY (level, tile)
);
-- At most 2048 bytes that do not compress: a server keeps them in the row.
ALTER TABLE log_tiles ALTER COLUMN hashes SET STORAGE PLAIN; --@postgres

-- Signed (or, without a key, bare) notes over the store-wide log.
CREATE TABLE checkpoints (
  size bigint NOT NULL PRIMARY KEY,
  note text NOT NULL,
  created_at bigint NOT NULL
);

-- The head of every shard's log as the newest journal entry states it.
CREATE TABLE shard_heads (
  shard integer NOT NULL PRIMARY KEY,
  size bigint NOT NULL,
  root blob NOT NULL, --@sqlite
  root bytea NOT NULL, --@postgres
  journal_leaf bigint NOT NULL
);
