/* The tiled log against a tree written down as RFC 6962 defines it. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/log.h"

#define SMALL 600
#define LARGE 70000 /* three levels of tiles */

struct fixture {
	char path[64];
	struct om_db *db;
	struct om_log *log;
	struct om_sha256 sha;
	struct om_node *leaf; /* LARGE of them, and some */
};

/* MTH of RFC 6962 section 2.1, word for word. */
static void
naive(struct fixture *f, size_t from, size_t to, struct om_node *out)
{
	size_t k = 1;
	struct om_node left;
	struct om_node right;

	if (to - from == 1) {
		*out = f->leaf[from];
		return;
	}
	while (2 * k < to - from)
		k *= 2;
	naive(f, from, from + k, &left);
	naive(f, from + k, to, &right);
	om_merkle_join(&f->sha, &left, &right, out);
}

/* PATH of section 2.1.1. */
static size_t
naive_path(struct fixture *f, size_t m, size_t from, size_t to,
    struct om_node *out)
{
	size_t k = 1;
	size_t n;

	if (to - from == 1)
		return 0;
	while (2 * k < to - from)
		k *= 2;
	if (m < k) {
		n = naive_path(f, m, from, from + k, out);
		naive(f, from + k, to, &out[n]);
	} else {
		n = naive_path(f, m - k, from + k, to, out);
		naive(f, from, from + k, &out[n]);
	}
	return n + 1;
}

/* SUBPROOF of section 2.1.2. */
static size_t
naive_subproof(struct fixture *f, size_t m, size_t from, size_t to, bool known,
    struct om_node *out)
{
	size_t k = 1;
	size_t n;

	if (m == to - from) {
		if (!known)
			naive(f, from, to, out);
		return known ? 0 : 1;
	}
	while (2 * k < to - from)
		k *= 2;
	if (m <= k) {
		n = naive_subproof(f, m, from, from + k, known, out);
		naive(f, from + k, to, &out[n]);
	} else {
		n = naive_subproof(f, m - k, from + k, to, false, out);
		naive(f, from, from + k, &out[n]);
	}
	return n + 1;
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct om_err err = { 0 };
	int fd;

	*state = f;
	strcpy(f->path, "/tmp/ordmill-log-XXXXXX");
	if ((fd = mkstemp(f->path)) < 0)
		return -1;
	close(fd);
	om_sha256_init(&f->sha);
	f->leaf = calloc(LARGE + 1000, sizeof(*f->leaf));
	for (size_t i = 0; i < LARGE + 1000; i++)
		om_merkle_leaf(&f->sha, &i, sizeof(i), &f->leaf[i]);
	assert_ok(om_db_open(f->path, OM_DB_CREATE, &f->db, &err));
	assert_ok(om_db_exec(f->db,
	    "CREATE TABLE log_tiles (level integer NOT NULL,"
	    " tile bigint NOT NULL, hashes blob NOT NULL,"
	    " PRIMARY KEY (level, tile));",
	    &err));
	assert_ok(om_log_open(f->db, &f->log, &err));
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	om_log_close(&f->log);
	om_log_close(&f->log);
	om_db_close(&f->db);
	om_sha256_fini(&f->sha);
	unlink(f->path);
	free(f->leaf);
	free(f);
	return 0;
}

static void
append(struct fixture *f, size_t to)
{
	struct om_err err = { 0 };
	size_t from = (size_t)om_log_size(f->log);
	struct om_txn txn;

	assert_ok(om_txn_begin(f->db, &txn, &err));
	assert_ok(om_log_append(f->log, &f->leaf[from], to - from, &err));
	assert_ok(om_txn_commit(&txn, &err));
	assert_int_equal(om_log_size(f->log), to);
}

static void
truncate_to(struct fixture *f, size_t size)
{
	struct om_err err = { 0 };
	struct om_txn txn;

	assert_ok(om_txn_begin(f->db, &txn, &err));
	assert_ok(om_log_truncate(f->log, size, &err));
	assert_ok(om_txn_commit(&txn, &err));
}

static void
assert_root(struct fixture *f, size_t size)
{
	struct om_node want;
	struct om_node root;

	assert_int_equal(om_log_size(f->log), size);
	naive(f, 0, size, &want);
	om_log_root(f->log, &root);
	assert_memory_equal(&root, &want, sizeof(root));
}

static void
an_empty_log_has_the_root_of_nothing(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_node root;
	char text[OM_SHA256_HEX];

	assert_int_equal(om_log_size(f->log), 0);
	om_log_root(f->log, &root);
	om_hex(root.h, sizeof(root.h), text);
	assert_string_equal(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e464"
				  "9b934ca495991b7852b855");
	assert_ok(om_log_append(f->log, NULL, 0, &err));
	assert_ok(om_log_check(f->log, 0, &root, &err));
	om_hex(root.h, 4, text);
	assert_string_equal(text, "e3b0c442");
}

static void
check_inclusion(struct fixture *f, size_t leaf, size_t size)
{
	struct om_node proof[OM_PROOF_MAX];
	struct om_node want[OM_PROOF_MAX];
	struct om_node root;
	struct om_err err = { 0 };
	size_t n;

	naive(f, 0, size, &root);
	assert_ok(om_log_inclusion(f->log, leaf, size, proof, &n, &err));
	assert_int_equal(n, naive_path(f, leaf, 0, size, want));
	assert_memory_equal(proof, want, n * sizeof(*want));
	assert_true(om_proof_holds(&f->sha, leaf, size, &f->leaf[leaf], proof,
	    n, &root));
	for (size_t i = 0; i < n; i++) {
		proof[i].h[31] ^= 1;
		assert_false(om_proof_holds(&f->sha, leaf, size, &f->leaf[leaf],
		    proof, n, &root));
		proof[i].h[31] ^= 1;
	}
	if (n > 0)
		assert_false(om_proof_holds(&f->sha, leaf, size, &f->leaf[leaf],
		    proof, n - 1, &root));
	proof[n] = root;
	assert_false(om_proof_holds(&f->sha, leaf, size, &f->leaf[leaf], proof,
	    n + 1, &root));
	assert_false(om_proof_holds(&f->sha, leaf, size, &f->leaf[leaf + 1],
	    proof, n, &root));
	if (size > 1)
		assert_false(om_proof_holds(&f->sha, leaf ^ 1, size,
		    &f->leaf[leaf], proof, n, &root));
	assert_false(om_proof_holds(&f->sha, size, size, &f->leaf[leaf], proof,
	    n, &root));
}

static void
check_consistency(struct fixture *f, size_t old, size_t size)
{
	struct om_node proof[OM_PROOF_MAX];
	struct om_node want[OM_PROOF_MAX];
	struct om_node old_root;
	struct om_node root;
	struct om_err err = { 0 };
	size_t n;

	naive(f, 0, old, &old_root);
	naive(f, 0, size, &root);
	assert_ok(om_log_consistency(f->log, old, size, proof, &n, &err));
	assert_int_equal(n, naive_subproof(f, old, 0, size, true, want));
	assert_memory_equal(proof, want, n * sizeof(*want));
	assert_true(om_consistency_holds(&f->sha, old, size, &old_root, &root,
	    proof, n));
	for (size_t i = 0; i < n; i++) {
		proof[i].h[0] ^= 0x80;
		assert_false(om_consistency_holds(&f->sha, old, size, &old_root,
		    &root, proof, n));
		proof[i].h[0] ^= 0x80;
	}
	if (n > 0)
		assert_false(om_consistency_holds(&f->sha, old, size, &old_root,
		    &root, proof, n - 1));
	if (old < size)
		assert_false(om_consistency_holds(&f->sha, old, size, &root,
		    &root, proof, n));
	assert_false(om_consistency_holds(&f->sha, size + 1, size, &root, &root,
	    proof, n));
}

static void
every_size_up_to_600_has_its_root_and_proofs(void **state)
{
	struct fixture *f = *state;

	for (size_t size = 1; size <= SMALL; size++) {
		append(f, size);
		assert_root(f, size);
		check_inclusion(f, 0, size);
		check_inclusion(f, size - 1, size);
		check_inclusion(f, size / 2, size);
		check_inclusion(f, size * 7919 % size, size);
		check_consistency(f, size, size);
		check_consistency(f, (size + 1) / 2, size);
		check_consistency(f, size * 31 % SMALL % size + 1, size);
	}
}

static void
every_leaf_and_every_older_size_of_a_few_sizes_is_proved(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 7, 8, 63, 64, 65, 300 };
	struct fixture *f = *state;

	append(f, SMALL);
	for (size_t i = 0; i < OM_COUNT(sizes); i++)
		for (size_t k = 0; k < sizes[i]; k++) {
			check_inclusion(f, k, sizes[i]);
			check_consistency(f, k + 1, sizes[i]);
		}
}

static void
a_proof_beyond_the_log_is_refused(void **state)
{
	struct om_node proof[OM_PROOF_MAX];
	struct fixture *f = *state;
	struct om_err err = { 0 };
	size_t n = 99;

	append(f, 10);
	assert_fails(om_log_inclusion(f->log, 3, 11, proof, &n, &err),
	    OM_ENOENT);
	assert_string_equal(err.msg,
	    "no proof of 4 in 11: the log has 10 leaves");
	assert_fails(om_log_inclusion(f->log, 5, 5, proof, &n, &err),
	    OM_ENOENT);
	assert_fails(om_log_consistency(f->log, 11, 10, proof, &n, &err),
	    OM_ENOENT);
	assert_int_equal(n, 99);
	assert_ok(om_log_consistency(f->log, 0, 10, proof, &n, &err));
	assert_int_equal(n, 0);
}

/* Pieces of every awkward size, through both ways of writing tiles. */
static void
append_all(struct fixture *f)
{
	static const size_t pieces[] = { 1, 62, 1, 64, 63, 65, 127, 128, 129,
		9 * 64, 10 * 64 + 7, 65536 - 7000, 3, 0 };
	size_t to = 0;

	for (size_t i = 0; i < OM_COUNT(pieces); i++)
		append(f, to += pieces[i]);
	append(f, LARGE);
}

static void
pieces_of_any_size_make_the_same_log(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_node root;
	struct om_node want;

	append_all(f);
	assert_root(f, LARGE);
	assert_ok(om_log_reload(f->log, &err));
	assert_root(f, LARGE);
	assert_ok(om_log_check(f->log, LARGE, &root, &err));
	naive(f, 0, LARGE, &want);
	assert_memory_equal(&root, &want, sizeof(root));
	check_inclusion(f, 0, LARGE);
	check_inclusion(f, 4095, LARGE);
	check_inclusion(f, 4096, 4097);
	check_inclusion(f, LARGE - 2, LARGE);
	check_consistency(f, 4096, LARGE);
	check_consistency(f, 4095, 4097);
	check_consistency(f, 1, LARGE);
}

static void
the_root_of_every_older_size_can_be_checked(void **state)
{
	static const size_t sizes[] = { 1, 63, 64, 65, 4095, 4096, 4097, 4160,
		LARGE - 1 };
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_node root;
	struct om_node want;

	append_all(f);
	for (size_t i = 0; i < OM_COUNT(sizes); i++) {
		assert_ok(om_log_check(f->log, sizes[i], &root, &err));
		naive(f, 0, sizes[i], &want);
		assert_memory_equal(&root, &want, sizeof(root));
	}
	assert_fails(om_log_check(f->log, LARGE + 1, &root, &err), OM_EDAMAGED);
	assert_string_equal(err.msg, "log has 70000 leaves, not 70001");
}

static void
leaves_are_given_back_as_they_were_appended(void **state)
{
	static const size_t ranges[][2] = { { 0, 1 }, { 0, 64 }, { 63, 2 },
		{ 300, 700 }, { 69999, 1 }, { 0, LARGE }, { 5, 0 } };
	struct fixture *f = *state;
	struct om_node *out = calloc(LARGE, sizeof(*out));
	struct om_err err = { 0 };

	append_all(f);
	for (size_t i = 0; i < OM_COUNT(ranges); i++) {
		assert_ok(om_log_leaves(f->log, ranges[i][0], ranges[i][1], out,
		    &err));
		assert_memory_equal(out, &f->leaf[ranges[i][0]],
		    ranges[i][1] * sizeof(*out));
	}
	assert_fails(om_log_leaves(f->log, LARGE - 1, 2, out, &err),
	    OM_EDAMAGED);
	assert_string_equal(err.msg, "log has no leaf 70000");
	free(out);
}

static void
a_cut_log_grows_again_as_if_never_longer(void **state)
{
	static const size_t sizes[] = { 69999, 65601, 65600, 65537, 65536,
		65535, 40000, 128, 65, 64, 63, 1, 0 };
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_node root;

	append_all(f);
	for (size_t i = 0; i < OM_COUNT(sizes); i++) {
		truncate_to(f, sizes[i]);
		if (sizes[i] > 0)
			assert_root(f, sizes[i]);
		assert_ok(om_log_check(f->log, sizes[i], &root, &err));
		assert_ok(om_log_reload(f->log, &err));
		assert_int_equal(om_log_size(f->log), sizes[i]);
		append(f, sizes[i] + 300);
		assert_root(f, sizes[i] + 300);
		assert_ok(om_log_check(f->log, sizes[i] + 300, &root, &err));
	}
	assert_fails(om_log_truncate(f->log, 301, &err), OM_EDAMAGED);
}

static void
a_rolled_back_append_is_forgotten_by_reload(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_txn txn;

	append(f, 300);
	assert_ok(om_txn_begin(f->db, &txn, &err));
	assert_ok(om_log_append(f->log, &f->leaf[300], 4700, &err));
	om_txn_end(&txn);
	assert_ok(om_log_reload(f->log, &err));
	assert_root(f, 300);
	append(f, 5000);
	assert_root(f, 5000);
}

/* Whichever call of the database fails, a rollback and a reload bring back the
 * log as it was. */
static void
a_failure_at_any_call_is_undone(void **state)
{
	static const size_t sizes[] = { 301, 5000 }; /* few tiles, and many */
	struct fixture *f = *state;
	struct om_err err = { 0 };

	append(f, 300);
	for (size_t i = 0; i < OM_COUNT(sizes); i++) {
		int nth = 0;
		int rc;

		do {
			struct om_txn txn;

			assert_ok(om_txn_begin(f->db, &txn, &err));
			(void)om_db_fail_after(f->db, ++nth);
			rc = om_log_append(f->log, &f->leaf[300],
			    sizes[i] - 300, &err);
			(void)om_db_fail_after(f->db, 0);
			om_txn_end(&txn);
			assert_int_equal(rc, rc < 0 ? OM_EIO : 0);
			assert_ok(om_log_reload(f->log, &err));
			assert_root(f, 300);
		} while (rc < 0);
		assert_true(nth > 2);
	}
	assert_string_equal(err.msg, "log: injected");
}

static void
exec(struct fixture *f, const char *sql)
{
	struct om_err err = { 0 };

	assert_ok(om_db_exec(f->db, sql, &err));
}

/* Whatever is done to the tiles, opening or checking the log says so. */
static void
assert_noticed(struct fixture *f, const char *sql, const char *message)
{
	struct om_err err = { 0 };
	struct om_node root;
	struct om_node want;
	struct om_txn txn;
	int rc;

	naive(f, 0, LARGE, &want);
	assert_ok(om_txn_begin(f->db, &txn, &err));
	exec(f, sql);
	rc = om_log_reload(f->log, &err);
	if (rc == 0)
		rc = om_log_check(f->log, om_log_size(f->log), &root, &err);
	if (message == NULL) {
		assert_int_equal(rc, 0);
		assert_memory_not_equal(&root, &want, sizeof(root));
	} else {
		assert_int_equal(rc, OM_EDAMAGED);
		assert_string_equal(err.msg, message);
	}
	om_txn_end(&txn);
	assert_ok(om_log_reload(f->log, &err));
}

#define FLIP(where)                                                            \
	"UPDATE log_tiles SET hashes = CAST(substr(hashes, 1, 40)"             \
	" || X'00' || substr(hashes, 42) AS blob) WHERE " where

static void
a_changed_tile_of_any_level_is_noticed(void **state)
{
	struct fixture *f = *state;

	append_all(f);
	assert_noticed(f, FLIP("level = 0 AND tile = 0"),
	    "log tile (0, 0) is not what the level above says");
	assert_noticed(f, FLIP("level = 0 AND tile = 1092"),
	    "log tile (0, 1092) is not what the level above says");
	assert_noticed(f, FLIP("level = 1 AND tile = 0"),
	    "log tile (0, 1) is not what the level above says");
	assert_noticed(f, FLIP("level = 1 AND tile = 17"),
	    "log tile (0, 1089) is not what the level above says");
	assert_noticed(f, FLIP("level = 2"),
	    "log tile (1, 1) is not what the level above says");
	/* Only the root can tell that a leaf at the very edge changed. */
	assert_noticed(f, FLIP("level = 0 AND tile = 1093"), NULL);
}

static void
a_missing_or_misshapen_tile_is_noticed(void **state)
{
	struct fixture *f = *state;

	append_all(f);
	assert_noticed(f, "DELETE FROM log_tiles WHERE level = 0 AND tile = 7",
	    "log tile (0, 7) is missing");
	assert_noticed(f, "DELETE FROM log_tiles WHERE level = 1 AND tile = 0",
	    "log tile (1, 0) is missing");
	assert_noticed(f, "DELETE FROM log_tiles WHERE level = 2",
	    "log tile (2, 0) is missing");
	/* A tail cut where a tile ends leaves a log, but with another root. */
	assert_noticed(f,
	    "DELETE FROM log_tiles WHERE level = 0 AND tile = 1093", NULL);
	assert_noticed(f,
	    "DELETE FROM log_tiles WHERE level = 0 AND tile >= 1092",
	    "log tile (1, 17) has 160 bytes, not 128");
	assert_noticed(f,
	    "UPDATE log_tiles SET hashes = zeroblob(2016)"
	    " WHERE level = 0 AND tile = 3",
	    "log tile (0, 3) has 2016 bytes, not 2048");
	assert_noticed(f,
	    "UPDATE log_tiles SET hashes = zeroblob(33)"
	    " WHERE level = 0 AND tile = 1093",
	    "log tile (0, 1093) has 33 bytes");
	assert_noticed(f,
	    "UPDATE log_tiles SET hashes = zeroblob(0)"
	    " WHERE level = 0 AND tile = 1093",
	    "log tile (0, 1093) has 0 bytes");
	assert_noticed(f, "INSERT INTO log_tiles VALUES (2, 1, zeroblob(32))",
	    "log tile (2, 1) is beyond the log's end");
	assert_noticed(f, "INSERT INTO log_tiles VALUES (11, 0, zeroblob(32))",
	    "log tile (11, 0) is beyond the log's end");
	assert_noticed(f, "INSERT INTO log_tiles VALUES (-1, 0, zeroblob(32))",
	    "log tile (-1, 0) is beyond the log's end");
}

static void
leaves_of_a_damaged_log_are_not_given(void **state)
{
	struct om_node out[600];
	struct fixture *f = *state;
	struct om_err err = { 0 };

	append(f, 600);
	exec(f, "UPDATE log_tiles SET hashes = zeroblob(32)"
		" WHERE level = 0 AND tile = 1");
	assert_fails(om_log_leaves(f->log, 0, 600, out, &err), OM_EDAMAGED);
	assert_string_equal(err.msg, "log tile (0, 1) has 32 bytes");
	exec(f, "DELETE FROM log_tiles WHERE level = 0 AND tile = 1");
	assert_fails(om_log_leaves(f->log, 0, 600, out, &err), OM_EDAMAGED);
	assert_string_equal(err.msg, "log tile (0, 1) is missing");
	assert_ok(om_log_leaves(f->log, 512, 88, out, &err));
	exec(f, "DELETE FROM log_tiles");
	assert_fails(om_log_leaves(f->log, 512, 88, out, &err), OM_EDAMAGED);
	assert_string_equal(err.msg, "log tile (0, 8) is missing");
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_empty_log_has_the_root_of_nothing),
		T(every_size_up_to_600_has_its_root_and_proofs),
		T(every_leaf_and_every_older_size_of_a_few_sizes_is_proved),
		T(a_proof_beyond_the_log_is_refused),
		T(pieces_of_any_size_make_the_same_log),
		T(the_root_of_every_older_size_can_be_checked),
		T(leaves_are_given_back_as_they_were_appended),
		T(a_cut_log_grows_again_as_if_never_longer),
		T(a_rolled_back_append_is_forgotten_by_reload),
		T(a_failure_at_any_call_is_undone),
		T(a_changed_tile_of_any_level_is_noticed),
		T(a_missing_or_misshapen_tile_is_noticed),
		T(leaves_of_a_damaged_log_are_not_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
