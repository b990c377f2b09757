/* The compact tree against the published values of RFC 6962's test tree. */
#include "unit.h"

#include <string.h>

#include "audit/merkle.h"

static const char *const leaf_text[8] = {
	"",
	"\x00",
	"\x10",
	"\x20\x21",
	"\x30\x31",
	"\x40\x41\x42\x43",
	"\x50\x51\x52\x53\x54\x55\x56\x57",
	"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
};
static const size_t leaf_size[8] = { 0, 1, 1, 2, 2, 4, 8, 16 };

/* The roots of the first 1..8 leaves, from the certificate transparency
 * project's test data. */
static const char *const roots[8] = {
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void
assert_hex(const struct om_node *node, const char *want)
{
	char text[OM_SHA256_HEX];

	om_hex(node->h, sizeof(node->h), text);
	assert_string_equal(text, want);
}

static void
the_empty_tree_has_the_hash_of_nothing(void **state)
{
	struct om_merkle tree = { 0 };
	struct om_sha256 sha;
	struct om_node root;

	(void)state;
	om_sha256_init(&sha);
	om_merkle_root(&tree, &sha, &root);
	assert_hex(&root, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4"
			  "95991b7852b855");
	om_sha256_fini(&sha);
}

static void
the_roots_of_one_to_eight_leaves_are_those_published(void **state)
{
	struct om_merkle tree = { 0 };
	struct om_sha256 sha;
	struct om_node node;

	(void)state;
	om_sha256_init(&sha);
	for (size_t i = 0; i < 8; i++) {
		om_merkle_leaf(&sha, leaf_text[i], leaf_size[i], &node);
		om_merkle_append(&tree, &sha, &node);
		om_merkle_root(&tree, &sha, &node);
		assert_hex(&node, roots[i]);
	}
	assert_int_equal(tree.size, 8);
	om_sha256_fini(&sha);
}

/* However long: a short one is hashed in one piece. */
static void
a_leaf_is_the_hash_of_a_zero_and_its_record(void **state)
{
	static const size_t sizes[] = { 0, 1, 62, 63, 64, 1022, 1023, 1024,
		5000 };
	unsigned char record[5000];
	struct om_sha256 sha;

	(void)state;
	for (size_t i = 0; i < sizeof(record); i++)
		record[i] = (unsigned char)(i * 7);
	om_sha256_init(&sha);
	for (size_t i = 0; i < OM_COUNT(sizes); i++) {
		struct om_node leaf;
		unsigned char want[OM_SHA256_SIZE];

		om_sha256_add(&sha, "", 1);
		om_sha256_add(&sha, record, sizes[i]);
		om_sha256_end(&sha, want);
		om_merkle_leaf(&sha, record, sizes[i], &leaf);
		assert_memory_equal(leaf.h, want, sizeof(want));
	}
	om_sha256_fini(&sha);
}

static void
stating_the_root_does_not_change_the_tree(void **state)
{
	struct om_merkle tree = { 0 };
	struct om_merkle before;
	struct om_sha256 sha;
	struct om_node node;

	(void)state;
	om_sha256_init(&sha);
	for (size_t i = 0; i < 7; i++) {
		om_merkle_leaf(&sha, leaf_text[i], leaf_size[i], &node);
		om_merkle_append(&tree, &sha, &node);
	}
	before = tree;
	om_merkle_root(&tree, &sha, &node);
	assert_memory_equal(&before, &tree, sizeof(tree));
	assert_hex(&node, roots[6]);
	om_sha256_fini(&sha);
}

static void
a_join_may_overwrite_its_own_input(void **state)
{
	struct om_sha256 sha;
	struct om_node left;
	struct om_node right;

	(void)state;
	om_sha256_init(&sha);
	om_merkle_leaf(&sha, leaf_text[0], leaf_size[0], &left);
	om_merkle_leaf(&sha, leaf_text[1], leaf_size[1], &right);
	om_merkle_join(&sha, &left, &right, &right);
	assert_hex(&right, roots[1]);
	om_sha256_fini(&sha);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_empty_tree_has_the_hash_of_nothing),
		cmocka_unit_test(
		    the_roots_of_one_to_eight_leaves_are_those_published),
		cmocka_unit_test(a_leaf_is_the_hash_of_a_zero_and_its_record),
		cmocka_unit_test(stating_the_root_does_not_change_the_tree),
		cmocka_unit_test(a_join_may_overwrite_its_own_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
