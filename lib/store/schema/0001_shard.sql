-- 0001 shard: the orders of a range of slots. Documented in
-- ordmill-schema(7); never edited once released, only followed by 0002.

-- store: the store_id of the catalog that this shard belongs to.
CREATE TABLE meta (
  name text NOT NULL PRIMARY KEY,
  value text NOT NULL
);

-- The newest batch that may be seen; follows the catalog.
CREATE TABLE published (
  one integer NOT NULL PRIMARY KEY,
  batch bigint NOT NULL
);
INSERT INTO published (one, batch) VALUES (1, 0);

CREATE TABLE states (
  state integer NOT NULL PRIMARY KEY,
  name text NOT NULL
);
INSERT INTO states (state, name) VALUES
  (0, 'received'), (1, 'held'), (2, 'accepted'), (3, 'allocated'),
  (4, 'backordered'), (5, 'released'), (6, 'shipped'), (7, 'closed'),
  (8, 'cancelled');

-- Every revision of every order. id = leaf + 1, where leaf is the index of
-- its record in this shard's log: rows lie in order of arrival. Read the view
-- orders instead: it leaves out what is superseded or not published.
--   kind        0 an order, 1 a cancellation, 2 an order that came cancelled
--   currency    empty in a cancellation that came before its order, and in
--               nothing else: it has a name and a revision, and waits
--   prev_id     the revision that this one supersedes, 0 for none
--   batch       the batch that brought it
--   source_line its first line in that batch's file
-- These never change; the following follow from later events:
--   until_batch the batch that superseded it, 0 while it is current
--   last_leaf   the event that last changed state or sums, 0 for none
--   state, paid_minor, refunded_minor
-- What most orders have is the default: a server need not be sent it.
CREATE TABLE order_rows (
  id INTEGER NOT NULL PRIMARY KEY, --@sqlite
  id bigint NOT NULL, --@postgres
  slot integer NOT NULL,
  kind integer NOT NULL DEFAULT 0,
  channel text NOT NULL,
  reference text NOT NULL,
  revision text NOT NULL,
  customer text NOT NULL,
  placed_at bigint NOT NULL,
  currency text NOT NULL,
  tax_included integer NOT NULL DEFAULT 0,
  subtotal_minor bigint NOT NULL,
  discount_minor bigint NOT NULL,
  shipping_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  total_minor bigint NOT NULL,
  line_count integer NOT NULL DEFAULT 0,
  attributes text NOT NULL DEFAULT '',
  prev_id bigint NOT NULL DEFAULT 0,
  batch bigint NOT NULL,
  source_line bigint NOT NULL,
  until_batch bigint NOT NULL DEFAULT 0,
  last_leaf bigint NOT NULL DEFAULT 0,
  state integer NOT NULL DEFAULT 0,
  paid_minor bigint NOT NULL DEFAULT 0,
  refunded_minor bigint NOT NULL DEFAULT 0
  , PRIMARY KEY (id, slot) --@postgres
);

-- Cancellations that came before their orders, waiting or not any more.
CREATE TABLE early_rows (
  id INTEGER NOT NULL PRIMARY KEY, --@sqlite
  id bigint NOT NULL, --@postgres
  slot integer NOT NULL
  , PRIMARY KEY (id, slot) --@postgres
);

-- From the 63-bit key of (channel, reference) to the rows that have it. On
-- SQLite order_keys is no table of its own, but is read from key_pages by the
-- program: see ordmill-schema(7).
CREATE TABLE order_keys ( --@postgres
  key bigint NOT NULL, --@postgres
  id bigint NOT NULL, --@postgres
  slot integer NOT NULL, --@postgres
  PRIMARY KEY (key, id, slot) --@postgres
); --@postgres

-- Keys lie in runs, each written once in ascending order, so that a shard of
-- any size takes new ones at its end; small runs are merged into larger ones.
-- change: another one whenever the list of runs is another one.
CREATE TABLE key_head ( --@sqlite
  one INTEGER NOT NULL PRIMARY KEY, --@sqlite
  next_run integer NOT NULL, --@sqlite
  change bigint NOT NULL --@sqlite
); --@sqlite
INSERT INTO key_head (one, next_run, change) VALUES (1, 1, 0); --@sqlite
CREATE TABLE key_runs ( --@sqlite
  run INTEGER NOT NULL PRIMARY KEY, --@sqlite
  change bigint NOT NULL, --@sqlite
  entries bigint NOT NULL, --@sqlite
  low_key bigint NOT NULL, --@sqlite
  high_key bigint NOT NULL, --@sqlite
  min_id bigint NOT NULL, --@sqlite
  max_id bigint NOT NULL --@sqlite
); --@sqlite
-- page: run * 2^24 + its number in the run. entries: up to 1160, first their
-- keys (8 bytes each, big-endian, ascending), then their ids (6 bytes each).
CREATE TABLE key_pages ( --@sqlite
  page INTEGER NOT NULL PRIMARY KEY, --@sqlite
  entries blob NOT NULL --@sqlite
); --@sqlite
-- part: run * 2^24 + its number in the run. marks: 16 bits of every key by
-- which most keys that are not there are told without reading a page.
CREATE TABLE key_marks ( --@sqlite
  part INTEGER NOT NULL PRIMARY KEY, --@sqlite
  marks blob NOT NULL --@sqlite
); --@sqlite

-- The lines of an order, all in one text: a JSON array with an array for each
-- line, in the order of their numbers. An order without lines has no row. Read
-- the view order_lines instead.
CREATE TABLE line_rows (
  id INTEGER NOT NULL PRIMARY KEY, --@sqlite
  id bigint NOT NULL, --@postgres
  slot integer NOT NULL,
  lines text NOT NULL
  , PRIMARY KEY (id, slot) --@postgres
);

-- Payments (positive) and refunds (negative) that statements reported. leaf
-- is the index of its record; order_id the order it was applied to, 0 while
-- it was not; apply_leaf the event that did it.
CREATE TABLE payments (
  slot integer NOT NULL,
  key bigint NOT NULL,
  channel text NOT NULL,
  reference text NOT NULL,
  payment text NOT NULL,
  currency text NOT NULL,
  amount_minor bigint NOT NULL,
  paid_at bigint NOT NULL,
  batch bigint NOT NULL,
  source_line bigint NOT NULL,
  leaf bigint NOT NULL,
  order_id bigint NOT NULL,
  apply_leaf bigint NOT NULL,
  PRIMARY KEY (slot, key, payment, channel, reference)
)
WITHOUT ROWID --@sqlite
;
-- Statements not yet settled, by slot.
CREATE INDEX payments_open ON payments (slot, leaf) WHERE order_id = 0;

-- What happened to an order after it arrived; its primary key is the index of
-- its record in this shard's log. prev_leaf chains the events of one order,
-- newest first, from order_rows.last_leaf.
--   kind  1 state (from_state to to_state), 2 payment (amount_minor)
CREATE TABLE events (
  leaf INTEGER NOT NULL PRIMARY KEY, --@sqlite
  leaf bigint NOT NULL, --@postgres
  slot integer NOT NULL,
  order_id bigint NOT NULL,
  prev_leaf bigint NOT NULL,
  run bigint NOT NULL,
  pass text NOT NULL,
  kind integer NOT NULL,
  from_state integer NOT NULL,
  to_state integer NOT NULL,
  amount_minor bigint NOT NULL,
  reason text NOT NULL
  , PRIMARY KEY (leaf, slot) --@postgres
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

-- How far a batch or a run has come here: the last chunk that was committed,
-- and where the log stood before its first.
CREATE TABLE progress (
  kind text NOT NULL,
  number bigint NOT NULL,
  chunk bigint NOT NULL,
  leaf_from bigint NOT NULL,
  PRIMARY KEY (kind, number)
);

-- This shard's part of the books of a batch or a run.
CREATE TABLE shard_books (
  kind text NOT NULL,
  number bigint NOT NULL,
  currency text NOT NULL,
  outcome text NOT NULL,
  orders bigint NOT NULL,
  amount_minor bigint NOT NULL,
  PRIMARY KEY (kind, number, currency, outcome)
);

-- Orders of a batch that this shard could not take, and why.
CREATE TABLE findings (
  batch bigint NOT NULL,
  chunk bigint NOT NULL,
  finding bigint NOT NULL,
  outcome text NOT NULL,
  channel text NOT NULL,
  reference text NOT NULL,
  source bigint NOT NULL,
  line bigint NOT NULL,
  byte_offset bigint NOT NULL,
  reason text NOT NULL,
  currency text NOT NULL,
  total_minor bigint NOT NULL,
  PRIMARY KEY (batch, chunk, finding)
);

-- What an operator reads: the current revision of every published order.
CREATE VIEW orders AS
SELECT o.id, o.slot, o.channel, o.reference, o.revision, o.customer,
       o.placed_at, o.currency, o.tax_included, o.subtotal_minor,
       o.discount_minor, o.shipping_minor, o.tax_minor, o.total_minor,
       o.paid_minor, o.refunded_minor,
       o.total_minor - o.paid_minor + o.refunded_minor AS due_minor,
       s.name AS state, o.line_count, o.attributes, o.batch, o.source_line
  FROM order_rows o JOIN states s ON s.state = o.state, published p
 WHERE o.batch <= p.batch
   AND (o.until_batch = 0 OR o.until_batch > p.batch)
   AND o.currency <> '';

-- The cancellations that wait for their orders.
CREATE VIEW waiting AS
SELECT o.id, o.slot, o.channel, o.reference, o.revision, o.batch,
       o.source_line
  FROM early_rows e CROSS JOIN order_rows o CROSS JOIN published p
 WHERE o.id = e.id AND o.slot = e.slot AND o.batch <= p.batch
   AND (o.until_batch = 0 OR o.until_batch > p.batch);

-- The lines of every order row. quantity in thousandths, unit price in
-- millionths of the major unit.
CREATE VIEW order_lines AS
SELECT l.id AS order_id,
       json_extract(j.value, '$[0]') AS line, --@sqlite
       l.slot, --@sqlite
       json_extract(j.value, '$[1]') AS sku, --@sqlite
       json_extract(j.value, '$[2]') AS quantity_milli, --@sqlite
       json_extract(j.value, '$[3]') AS unit_price_micro, --@sqlite
       json_extract(j.value, '$[4]') AS discount_minor, --@sqlite
       json_extract(j.value, '$[5]') AS tax_minor, --@sqlite
       json_extract(j.value, '$[6]') AS total_minor --@sqlite
  FROM line_rows l, json_each(l.lines) j; --@sqlite
       CAST(j.value ->> 0 AS integer) AS line, --@postgres
       l.slot, --@postgres
       j.value ->> 1 AS sku, --@postgres
       CAST(j.value ->> 2 AS bigint) AS quantity_milli, --@postgres
       CAST(j.value ->> 3 AS bigint) AS unit_price_micro, --@postgres
       CAST(j.value ->> 4 AS bigint) AS discount_minor, --@postgres
       CAST(j.value ->> 5 AS bigint) AS tax_minor, --@postgres
       CAST(j.value ->> 6 AS bigint) AS total_minor --@postgres
  FROM line_rows l, json_array_elements(l.lines::json) j; --@postgres
