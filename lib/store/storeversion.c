/* What is written and asked about deployed versions. */
#include "lib/base/compat.h"

#include "lib/store/row.h"
#include "lib/store/sql.h"
#include "lib/store/store.h"

#define COLUMNS "version, created_at, digest, identity, app_digest," \
	" app_file, subject, files, bytes"

static const char insert_version[] =
    "INSERT INTO versions (" COLUMNS ")"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    " ON CONFLICT (version) DO NOTHING";

static const char select_version[] =
    "SELECT " COLUMNS " FROM versions WHERE version = ?1";

static const char select_all[] =
    "SELECT " COLUMNS " FROM versions ORDER BY created_at DESC, version";

static char *
copy(sqlite3_stmt *stmt, int i)
{
	return row_copy(NULL, row_text(stmt, i));
}

static void
read_row(sqlite3_stmt *stmt, struct deployed *deployed)
{
	deployed->version = copy(stmt, 0);
	deployed->created_at = sqlite3_column_int64(stmt, 1);
	deployed->digest = copy(stmt, 2);
	deployed->identity = copy(stmt, 3);
	deployed->app_digest = copy(stmt, 4);
	deployed->app_file = copy(stmt, 5);
	deployed->subject = copy(stmt, 6);
	deployed->files = sqlite3_column_int64(stmt, 7);
	deployed->bytes = sqlite3_column_int64(stmt, 8);
}

enum status
store_add_version(struct store *store, const struct deployed *deployed,
    bool *added)
{
	enum status status;
	int changes;

	status = sql_write(store, &changes, insert_version, SQL_ARGS(
	    sql_text(deployed->version), sql_int(deployed->created_at),
	    sql_text(deployed->digest), sql_text(deployed->identity),
	    sql_text(deployed->app_digest), sql_text(deployed->app_file),
	    sql_text(deployed->subject),
	    sql_int(deployed->files), sql_int(deployed->bytes)));
	*added = status == EXIT_DONE && changes > 0;
	return status;
}

enum status
store_find_version(struct store *store, const char *version, bool *found,
    struct deployed *deployed)
{
	sqlite3_stmt *stmt = sql_query(store, select_version,
	    SQL_ARGS(sql_text(version)));
	enum status status;

	memset(deployed, 0, sizeof(*deployed));
	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, stmt, found);
	if (status == EXIT_DONE && *found)
		read_row(stmt, deployed);
	sqlite3_reset(stmt);
	return status;
}

enum status
store_list_versions(struct store *store,
    enum status (*each)(void *arg, const struct deployed *deployed),
    void *arg)
{
	sqlite3_stmt *stmt = sql_query(store, select_all, NULL, 0);
	struct deployed deployed;
	enum status status;
	bool row = true;

	if (stmt == NULL)
		return EXIT_LOCAL;
	for (;;) {
		status = sql_step(store, stmt, &row);
		if (status != EXIT_DONE || !row)
			break;
		memset(&deployed, 0, sizeof(deployed));
		read_row(stmt, &deployed);
		status = each(arg, &deployed);
		deployed_release(&deployed);
		if (status != EXIT_DONE)
			break;
	}
	sqlite3_reset(stmt);
	return status;
}
