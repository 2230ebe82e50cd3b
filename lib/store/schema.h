/*
 * The tables of store.db and how those of an older version become those of
 * this one. `PRAGMA user_version` holds the version, `application_id` says
 * that the file is ours at all.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "lib/base/err.h"

struct store;

enum schema_state {
	SCHEMA_NONE,	/* an empty database: made, but never written */
	SCHEMA_OLD,
	SCHEMA_CURRENT
};

/*
 * What the file holds, without changing it. A newer schema, a database of
 * some other program and a damaged file are errors.
 */
enum status schema_check(struct store *store, enum schema_state *state);

/*
 * Brings the file to STORE_SCHEMA: all steps or none, and only by one of the
 * programs that try at the same time.
 */
enum status schema_migrate(struct store *store);

#endif
