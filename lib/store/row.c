/*
 * Rows as structs. A row is believed only as far as it goes: a file can be
 * damaged in ways that SQLite does not notice, and an id becomes a path that
 * `runs gc` removes.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/store/row.h"
#include "lib/store/sql.h"
#include "lib/store/store.h"

/* In the order of ROW_RUN_COLUMNS. */
enum {
	COL_ID, COL_WORKFLOW, COL_STATUS, COL_CREATED, COL_STARTED, COL_ENDED,
	COL_SCHEDULE, COL_KICKOFF, COL_APP_VERSION, COL_RETRY_OF, COL_MODEL,
	COL_INPUTS, COL_ERROR
};

const char *
row_text(sqlite3_stmt *stmt, int i)
{
	return (const char *)sqlite3_column_text(stmt, i);
}

char *
row_copy(struct arena *arena, const char *text)
{
	if (text == NULL)
		return NULL;
	return arena != NULL ? arena_strdup(arena, text) : xstrdup(text);
}

bool
row_id_is_sane(const char *id)
{
	size_t len;

	for (len = 0; id[len] != '\0'; len++)
		if (len == RUN_ID_LEN || !((id[len] >= '0' &&
		    id[len] <= '9') || (id[len] >= 'a' && id[len] <= 'z')))
			return false;
	return len == RUN_ID_LEN;
}

const char *
row_id(struct store *store, sqlite3_stmt *stmt)
{
	const char *id = row_text(stmt, 0);

	if (id != NULL && row_id_is_sane(id))
		return id;
	sql_damaged(store, "a run has the id '%s'", id != NULL ? id : "");
	return NULL;
}

enum status
row_status(struct store *store, sqlite3_stmt *stmt, int i,
    enum run_status *status)
{
	const char *name = row_text(stmt, i);

	if (name == NULL || !run_status_from_name(name, status))
		return sql_damaged(store, "a run or node has the status '%s'",
		    name != NULL ? name : "");
	return EXIT_DONE;
}

enum status
row_run(struct store *store, sqlite3_stmt *stmt, struct arena *arena,
    struct run *run)
{
	const char *id = row_id(store, stmt);
	enum status status;

	memset(run, 0, sizeof(*run));
	if (id == NULL)
		return EXIT_LOCAL;
	status = row_status(store, stmt, COL_STATUS, &run->status);
	if (status != EXIT_DONE)
		return status;
	if (row_text(stmt, COL_WORKFLOW) == NULL ||
	    row_text(stmt, COL_INPUTS) == NULL)
		return sql_damaged(store, "run '%s' has no workflow or "
		    "inputs", id);
	run->id = row_copy(arena, id);
	run->workflow = row_copy(arena, row_text(stmt, COL_WORKFLOW));
	run->created_at = sqlite3_column_int64(stmt, COL_CREATED);
	run->started_at = sqlite3_column_int64(stmt, COL_STARTED);
	run->ended_at = sqlite3_column_int64(stmt, COL_ENDED);
	run->schedule = row_copy(arena, row_text(stmt, COL_SCHEDULE));
	run->has_kickoff = sqlite3_column_type(stmt, COL_KICKOFF) !=
	    SQLITE_NULL;
	run->kickoff = sqlite3_column_int64(stmt, COL_KICKOFF);
	run->app_version = row_copy(arena, row_text(stmt, COL_APP_VERSION));
	run->retry_of = row_copy(arena, row_text(stmt, COL_RETRY_OF));
	run->model = row_copy(arena, row_text(stmt, COL_MODEL));
	run->inputs = row_copy(arena, row_text(stmt, COL_INPUTS));
	run->error = row_copy(arena, row_text(stmt, COL_ERROR));
	return EXIT_DONE;
}

enum status
row_push_ids(struct store *store, sqlite3_stmt *stmt, struct strvec *ids)
{
	enum status status;
	const char *id;
	bool row;

	while ((status = sql_step(store, stmt, &row)) == EXIT_DONE && row) {
		id = row_id(store, stmt);
		if (id == NULL) {
			status = EXIT_LOCAL;
			break;
		}
		strvec_push(ids, id);
	}
	sqlite3_reset(stmt);
	return status;
}
