#!/bin/sh
# What ordmill-schema(7) says can be done: its hash, its records, its queries.
. "$(dirname "$0")/lib.sh"

page=$om_root/man/ordmill-schema.7.in

# block WORD: the display of the page that begins with a line with WORD.
block() {
	awk -v word="$1" '
		/^\.Ed/ { inside = 0 }
		fresh && index($0, word) { inside = 1 }
		inside
		{ fresh = /^\.Bd/ }' "$page"
}

ordmill gen -q --seed 42 --orders 1000 --breaks 6 data
expect 0 'a store' ordmill init -q -s day
expect 0 'with orders' ordmill ingest -q -s day data/orders.csv
expect 0 'and payments' ordmill ingest -q -s day --feed payments \
	data/statement.csv
expect 0 'processed' ordmill run -q -s day

block 'for shard' >due.sh
expect 0 'what is to be paid, by shard' sh -eu due.sh
# 738.94 missing, 0.72 too little, 0.53 too much, 199.76 in another currency.
out_is 'was paid, but for what was planted' <<\EOT
EUR|0
JPY|0
KWD|0
USD|0
EUR|93889
JPY|0
KWD|0
USD|0
EOT
block 'day/catalog.db '"'"'SELECT url' >one.sh
expect 0 'one order by its reference' sh -eu one.sh
out_is 'is where the map says' <<\EOT
shard-1.db
accepted|31126|0
EOT
block 'RECURSIVE' >history.sh
expect 0 'its history' sh -eu history.sh
out_is 'is a chain' <<\EOT
4|settle|accepted|31126|P-SO0000000001
3|validate|accepted|0|
EOT
block 'SELECT batch, source' >books.sh
expect 0 'the books' sh -eu books.sh
check 'have every outcome' \
	grep -qx '2|data/statement.csv|unchanged|EUR|1|26144' out

if ! command -v python3 >/dev/null; then
	finish
	exit
fi

# The table of values: columns by their place, as the first has two blanks.
block 'def place' >place.py
block 'channel  reference' | sed 1d >values
cat >check.py <<\EOT
exec(open("place.py").read())
for row in open("values", encoding="utf-8"):
    h, slot, key = row.split()[-3:]
    names = row.split()[:-3] or ["", ""]
    if place(*names) != (int(h, 16), int(slot), int(key)):
        print("wrong:", row)
    else:
        print("right")
EOT
expect 0 'the hash, in Python' env PYTHONUTF8=1 python3 check.py
out_is 'has the values of the page' <<\EOT
right
right
right
right
EOT

# Every record made again from its row, every hash and root from the records.
block 'def entry' >keys.py
cat >seal.py <<\EOT
import hashlib, json, sqlite3, struct
exec(open("place.py").read())
exec(open("keys.py").read())

def record(tag, *fields):
    out = b""
    for f in (tag,) + fields:
        if isinstance(f, str):
            f = f.encode()
            out += struct.pack(">I", len(f)) + f
        else:
            out += struct.pack(">q", f)
    return out

def leaf(rec):
    return hashlib.sha256(b"\0" + rec).digest()

def root(hashes):
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return hashlib.sha256(b"\1" + root(hashes[:k]) + root(hashes[k:])).digest()

def log(db):
    tiles = db.execute("SELECT level, tile, hashes FROM log_tiles"
                       " ORDER BY level, tile").fetchall()
    flat = {}
    for level, tile, hashes in tiles:
        assert tile == len(flat.get(level, [])) / 64
        flat.setdefault(level, []).extend(
            hashes[i:i + 32] for i in range(0, len(hashes), 32))
    for level in flat:
        for i, h in enumerate(flat.get(level + 1, [])):
            assert h == root(flat[level][64 * i:64 * i + 64])
    return flat[0]

cat = sqlite3.connect("file:day/catalog.db?mode=ro", uri=True)
heads = {s: (n, r) for s, n, r in
         cat.execute("SELECT shard, size, root FROM shard_heads")}
for shard in 0, 1:
    db = sqlite3.connect("file:day/shard-%d.db?mode=ro" % shard, uri=True)
    made = {}
    for row in db.execute(
            "SELECT id, slot, kind, channel, reference, revision, customer,"
            " placed_at, currency, tax_included, subtotal_minor,"
            " discount_minor, shipping_minor, tax_minor, total_minor,"
            " attributes, prev_id, batch, source_line, line_count"
            " FROM order_rows"):
        key = place(row[3], row[4])
        assert key[1] == row[1]
        assert row[0] in find(db, key[2])
        fields = list(row[2:])
        for lines in db.execute(
                "SELECT lines FROM line_rows WHERE id = ?", row[:1]):
            for line in json.loads(lines[0]):
                fields += line
        made[row[0] - 1] = record("ordmill/order/1", *fields)
    for row in db.execute(
            "SELECT leaf, channel, reference, payment, currency,"
            " amount_minor, paid_at, batch, source_line FROM payments"):
        made[row[0]] = record("ordmill/payment/1", *row[1:])
    for row in db.execute(
            "SELECT leaf, order_id, prev_leaf, run, pass, kind, from_state,"
            " to_state, amount_minor, reason FROM events"):
        made[row[0]] = record("ordmill/event/1", *row[1:])
    hashes = log(db)
    assert [leaf(made[i]) for i in range(len(made))] == hashes
    assert heads[shard] == (len(hashes), root(hashes))

journal = [r for r, in cat.execute("SELECT record FROM journal ORDER BY leaf")]
assert [leaf(r) for r in journal] == log(cat)
last, = cat.execute("SELECT note FROM checkpoints"
                    " ORDER BY size DESC LIMIT 1").fetchone()
import base64
assert last.split("\n")[1:3] == [str(len(journal)),
    base64.b64encode(root([leaf(r) for r in journal])).decode()]
rec = journal[-1]
want = "ordmill/journal/1".encode()
assert rec[:4 + len(want)] == struct.pack(">I", len(want)) + want
tail = struct.pack(">I", 2)
for shard in 0, 1:
    tail += struct.pack(">qq", shard, heads[shard][0]) + heads[shard][1]
assert rec.endswith(tail)
print("sealed")
EOT
expect 0 'logs made again by the page' python3 seal.py
out_is 'are those of the store' <<\EOT
sealed
EOT

# Every mark made again from the entries of its run.
cat >marks.py <<\EOT
import sqlite3, struct
exec(open("keys.py").read())
checked = 0
for shard in 0, 1:
    db = sqlite3.connect("file:day/shard-%d.db?mode=ro" % shard, uri=True)
    for run, n, low, high in db.execute(
            "SELECT run, entries, low_key, high_key FROM key_runs"):
        span, most, shift = high - low, n // 16 + 1, 0
        while (span >> shift) + 1 > most:
            shift += 1
        buckets = [[] for _ in range((span >> shift) + 1)]
        for i in range(n):
            d = entry(db, run, n, i)[0] - low
            buckets[d >> shift].append((d >> max(shift - 16, 0)) % 2**16)
        for part in range(0, len(buckets), 4096):
            some = buckets[part:part + 4096]
            nums = [len(b) for b in some] + [m for b in some for m in b]
            assert db.execute("SELECT marks FROM key_marks WHERE part = ?",
                              (run * 2**24 + part // 4096,)).fetchone() == (
                struct.pack(">%dH" % len(nums), *nums),)
            checked += len(nums) - len(some)
print(checked)
EOT
expect 0 'marks made again by the page' python3 marks.py
check 'are those of every key' test "$(cat out)" = "$(for shard in day/shard-*.db
do
	sqlite3 -readonly "$shard" 'SELECT count(*) FROM order_rows'
done | awk '{ n += $1 } END { print n }')"

finish
