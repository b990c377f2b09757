/* heads.c - where the logs of the shards stand; see journal.h. */
#include "audit/journal.h"
#include "audit/log.h"

static int
read_head(const struct om_store *store, unsigned shard, struct om_head *out,
    struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	OM_AUTO(om_log_close) struct om_log *log = NULL;

	if (om_store_open_shard(store, shard, OM_DB_READ, &db, err) < 0 ||
	    om_log_open(db, &log, err) < 0)
		return err->code;
	*out = (struct om_head){ .shard = shard, .size = om_log_size(log) };
	om_log_root(log, &out->root);
	return 0;
}

int
om_journal_heads(const struct om_store *store,
    struct om_head heads[OM_SHARDS_MAX], size_t *out_n, struct om_err *err)
{
	size_t n = 0;

	for (unsigned i = 0; i < om_store_shards(store); i++) {
		int rc = read_head(store, i, &heads[n], err);

		if (rc < 0 && rc != OM_EREMOTE)
			return om_wrap(err, "log of shard %u", i);
		n += rc == 0;
	}
	*out_n = n;
	return 0;
}
