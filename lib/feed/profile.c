/* profile.c - the table of built-in feeds. */
#include "feed/profile.h"

#include <stdio.h>
#include <string.h>

#include "feed/compile.h"

static const char canonical[] = {
#include "feed/profiles/canonical.yaml.inc"
};
static const char edifact_orders[] = {
#include "feed/profiles/edifact-orders.yaml.inc"
};
static const char payments[] = {
#include "feed/profiles/payments.yaml.inc"
};
static const char shopify[] = {
#include "feed/profiles/shopify.yaml.inc"
};
static const char shopify_rest[] = {
#include "feed/profiles/shopify-rest.yaml.inc"
};
static const char tpch[] = {
#include "feed/profiles/tpch.yaml.inc"
};
static const char tpch_delete[] = {
#include "feed/profiles/tpch-delete.yaml.inc"
};
static const char ubl_order[] = {
#include "feed/profiles/ubl-order.yaml.inc"
};
static const char woocommerce[] = {
#include "feed/profiles/woocommerce.yaml.inc"
};
static const char x12_850[] = {
#include "feed/profiles/x12-850.yaml.inc"
};

static const char *const names[] = { "canonical", "edifact-orders", "payments",
	"shopify", "shopify-rest", "tpch", "tpch-delete", "ubl-order",
	"woocommerce", "x12-850", NULL };
static const char *const texts[] = { canonical, edifact_orders, payments,
	shopify, shopify_rest, tpch, tpch_delete, ubl_order, woocommerce,
	x12_850 };

_Static_assert(OM_COUNT(names) == OM_COUNT(texts) + 1, "a text for each name");

const char *const *
om_feed_profiles(void)
{
	return names;
}

int
om_profile_apply(struct om_feed *feed, const char *name, struct om_err *err)
{
	char path[64];
	struct om_compiler c = { feed, path };
	const struct om_yaml *root;
	const char *near;

	for (size_t i = 0; i < OM_COUNT(texts); i++) {
		if (strcmp(name, names[i]) != 0)
			continue;
		snprintf(path, sizeof(path), "profile %s", name);
		if (om_yaml_parse(&feed->arena, path, om_str_of(texts[i]),
			&root, err) < 0)
			return err->code;
		return om_compile_feed(&c, root, err);
	}
	near = om_str_nearest(name, names, OM_COUNT(texts));
	if (near == NULL)
		return om_fail(err, OM_EUSAGE, "no feed '%s'", name);
	return om_fail(err, OM_EUSAGE, "no feed '%s', did you mean '%s'", name,
	    near);
}
