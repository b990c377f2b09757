/* demo.h - the main job on made-up orders, step by step. For cmd/demo*.c. */
#ifndef OM_CMD_DEMO_H
#define OM_CMD_DEMO_H

#include "audit/verify.h"
#include "cmd/planted.h"
#include "cmd/session.h"
#include "ops/census.h"
#include "ops/gen.h"

#define OM_DEMO_PATH 1024

struct om_demo {
	const struct om_cli *cli;
	char dir[OM_DEMO_PATH];
	char store_url[OM_DEMO_PATH];
	char orders[OM_DEMO_PATH];
	char statement[OM_DEMO_PATH];
	char answers[OM_DEMO_PATH];
	char daily_html[OM_DEMO_PATH];
	char breaks_html[OM_DEMO_PATH];
	struct om_gen_options gen;
	struct om_gen_summary made;
	struct om_store *store;
	struct om_census census;
	struct om_planted breaks;
	struct om_verified verified;
	bool good;
};

/* The summary that ends the demo; fills good. */
OM_MUST_USE int om_demo_summary(struct om_demo *d, struct om_err *err);

#endif
