/*
 * Runs as a list, newest first. The list is read in batches and no statement
 * is open while somebody looks at a row: that one may write to the store or
 * stand in a pager all night, and the log of the database does not grow
 * behind it. A batch begins where the last one ended, by the two columns
 * that never change.
 */
#include "lib/base/compat.h"

#include <limits.h>

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/store/row.h"
#include "lib/store/sql.h"
#include "lib/store/store.h"

enum { BATCH_ROWS = 256, BATCH_BYTES = 1 << 18 };

/* With more matches than this the newest of them are soon found. */
enum { PREFIX_MANY = 1000 };

static const char count_prefix[] =
    "SELECT count(*) FROM"
    " (SELECT 1 FROM runs WHERE id >= ?1 AND id < ?2 LIMIT ?3)";

/* By the index on id: the + keeps the one on created_at out of it. */
static const char select_prefix[] =
    "SELECT id FROM runs WHERE id >= ?1 AND id < ?2"
    " ORDER BY +created_at DESC, number DESC LIMIT ?3";

/* From the newest on. */
static const char select_many[] =
    "SELECT id FROM runs WHERE +id >= ?1 AND +id < ?2"
    " ORDER BY created_at DESC, number DESC LIMIT ?3";

static const char select_newest[] =
    "SELECT runs.id FROM made JOIN runs ON runs.number = made.run"
    " WHERE made.output = ?1"
    " ORDER BY made.created_at DESC, made.run DESC LIMIT 1";

static const char select_best[] =
    "SELECT runs.id FROM made JOIN runs ON runs.number = made.run,"
    "  json_each(runs.outputs, '$.metrics.test') AS metric"
    " WHERE made.output = 'metrics' AND metric.key = ?1"
    "  AND metric.type IN ('integer', 'real')"
    " ORDER BY metric.value DESC, made.created_at DESC, made.run DESC"
    " LIMIT 1";

struct batch {
	struct arena arena;
	struct {
		struct run run;
		const char *owner;
	} row[BATCH_ROWS];
	size_t n;
	int64_t created_at, number;	/* of its last row */
};

static sqlite3_stmt *
prepare_list(struct store *store, const struct run_filter *filter)
{
	bool open = filter->status == RUN_RUNNING ||
	    filter->status == RUN_INTERRUPTED;
	struct strbuf sql = STRBUF_INIT;
	sqlite3_stmt *stmt;
	const char *plus;

	strbuf_addstr(&sql, "SELECT " ROW_RUN_COLUMNS " FROM runs"
	    " WHERE (created_at, number) < (?1, ?2)");
	/* Few runs are open: the + leaves them to the index on those. */
	plus = open ? "+" : "";
	if (filter->schedule != NULL)
		strbuf_addf(&sql, " AND %sschedule = ?3", plus);
	if (filter->workflow != NULL)
		strbuf_addf(&sql, " AND %sworkflow = ?4", plus);
	if (open)
		strbuf_addstr(&sql, " AND status IN ('pending', 'running')");
	else if (filter->status >= 0)
		strbuf_addstr(&sql, " AND status = ?5");
	if (filter->since_ms != 0)
		strbuf_addstr(&sql, " AND created_at >= ?6");
	if (filter->app_version != NULL)
		strbuf_addstr(&sql, " AND app_version = ?7");
	strbuf_addstr(&sql,
	    " ORDER BY created_at DESC, number DESC LIMIT ?8");
	stmt = sql_prepare(store, sql.buf);
	strbuf_release(&sql);
	return stmt;
}

static size_t
text_bytes(const struct run *run)
{
	return strlen(run->inputs) + (run->error ? strlen(run->error) : 0);
}

/* Reads the rows behind the last one of the batch into its place. */
static enum status
read_batch(struct store *store, sqlite3_stmt *stmt,
    const struct run_filter *filter, long limit, struct batch *batch)
{
	enum status status;
	size_t bytes = 0;
	bool row;

	arena_release(&batch->arena);
	batch->n = 0;
	status = sql_bind(store, stmt, SQL_ARGS(sql_int(batch->created_at),
	    sql_int(batch->number), sql_text(filter->schedule),
	    sql_text(filter->workflow), sql_text(filter->status >= 0 ?
	    run_status_name((enum run_status)filter->status) : NULL),
	    sql_int(filter->since_ms), sql_text(filter->app_version),
	    sql_int(limit)));
	while (status == EXIT_DONE && batch->n < (size_t)limit &&
	    bytes < BATCH_BYTES) {
		status = sql_step(store, stmt, &row);
		if (status != EXIT_DONE || !row)
			break;
		status = row_run(store, stmt, &batch->arena,
		    &batch->row[batch->n].run);
		if (status != EXIT_DONE)
			break;
		batch->row[batch->n].owner = row_copy(&batch->arena,
		    row_text(stmt, ROW_RUN_OWNER));
		bytes += text_bytes(&batch->row[batch->n].run);
		batch->n++;
		batch->created_at = batch->row[batch->n - 1].run.created_at;
		batch->number = sqlite3_column_int64(stmt, ROW_RUN_NUMBER);
	}
	sqlite3_reset(stmt);
	return status;
}

enum status
store_list_runs(struct store *store, const struct run_filter *filter,
    enum status (*each)(void *arg, const struct run *run,
	const char *owner), void *arg)
{
	struct batch *batch = xcalloc(1, sizeof(*batch));
	sqlite3_stmt *stmt = prepare_list(store, filter);
	enum status status = stmt != NULL ? EXIT_DONE : EXIT_LOCAL;
	long left = filter->limit > 0 ? filter->limit : LONG_MAX;
	size_t i;

	batch->created_at = batch->number = INT64_MAX;
	while (status == EXIT_DONE && left > 0) {
		status = read_batch(store, stmt, filter,
		    left < BATCH_ROWS ? left : BATCH_ROWS, batch);
		if (batch->n == 0)
			break;
		left -= (long)batch->n;
		for (i = 0; i < batch->n && status == EXIT_DONE; i++)
			status = each(arg, &batch->row[i].run,
			    batch->row[i].owner);
	}
	sqlite3_finalize(stmt);
	arena_release(&batch->arena);
	free(batch);
	return status;
}

/* The least text above all that begin with `prefix`; the caller frees. */
static char *
prefix_end(const char *prefix)
{
	size_t len = strlen(prefix);
	char *end;

	while (len > 0 && (unsigned char)prefix[len - 1] == 0xff)
		len--;
	/* Ids are ASCII, so this is above any of them. */
	if (len == 0)
		return xstrdup("\x7f");
	end = xstrndup(prefix, len);
	end[len - 1]++;
	return end;
}

/* Whether there are so many that looking at each would take a while. */
static enum status
matches_many(struct store *store, const char *prefix, const char *end,
    bool *many)
{
	sqlite3_stmt *stmt = sql_query(store, count_prefix, SQL_ARGS(
	    sql_text(prefix), sql_text(end), sql_int(PREFIX_MANY)));
	enum status status;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, stmt, &row);
	*many = status == EXIT_DONE && row &&
	    sqlite3_column_int64(stmt, 0) == PREFIX_MANY;
	sqlite3_reset(stmt);
	return status;
}

enum status
store_find_runs(struct store *store, const char *prefix, long max,
    struct strvec *ids)
{
	char *end = prefix_end(prefix);
	sqlite3_stmt *stmt;
	enum status status;
	bool many;

	status = matches_many(store, prefix, end, &many);
	if (status == EXIT_DONE) {
		stmt = sql_query(store, many ? select_many : select_prefix,
		    SQL_ARGS(sql_text(prefix), sql_text(end), sql_int(max)));
		status = stmt == NULL ? EXIT_LOCAL :
		    row_push_ids(store, stmt, ids);
	}
	free(end);
	return status;
}

/* The id in the statement's first row; NULL if there is none. */
static enum status
one_id(struct store *store, sqlite3_stmt *stmt, char **id)
{
	enum status status;
	const char *found;
	bool row;

	*id = NULL;
	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, stmt, &row);
	if (status == EXIT_DONE && row) {
		found = row_id(store, stmt);
		if (found != NULL)
			*id = xstrdup(found);
		else
			status = EXIT_LOCAL;
	}
	sqlite3_reset(stmt);
	return status;
}

enum status
store_newest_with(struct store *store, const char *output, char **id)
{
	return one_id(store, sql_query(store, select_newest,
	    SQL_ARGS(sql_text(output))), id);
}

enum status
store_best_run(struct store *store, const char *metric, char **id)
{
	return one_id(store, sql_query(store, select_best,
	    SQL_ARGS(sql_text(metric))), id);
}
