/*
 * What is read of one run. Runs as a list are storelist.c's.
 */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/store/row.h"
#include "lib/store/sql.h"
#include "lib/store/store.h"

static const char select_run[] =
    "SELECT " ROW_RUN_COLUMNS " FROM runs WHERE id = ?1";

static const char select_nodes[] =
    "SELECT name, status, attempts, started_at, ended_at, max_rss, cpu_ms,"
    "  error, taken_from FROM nodes WHERE run = ?1 ORDER BY position";

static const char select_owner[] =
    "SELECT owner, owner_pid, owner_start, number FROM runs WHERE id = ?1";

static const char select_groups[] =
    "SELECT pgid, pgid_start FROM nodes"
    " WHERE run = ?1 AND status = 'running' AND pgid IS NOT NULL"
    " ORDER BY position LIMIT 16";

static const char select_stop[] =
    "SELECT stop_requested FROM runs WHERE id = ?1";

static const char select_outputs[] =
    "SELECT outputs FROM runs WHERE id = ?1";

/* Steps to the one row of the run, which must be there. */
static enum status
find_run(struct store *store, const char *sql, const char *id,
    sqlite3_stmt **stmt)
{
	enum status status;
	bool row;

	*stmt = sql_query(store, sql, SQL_ARGS(sql_text(id)));
	if (*stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, *stmt, &row);
	if (status == EXIT_DONE && !row)
		return error(EXIT_CONFLICT, "no run '%s'", id);
	return status;
}

static enum status
read_nodes(struct store *store, int64_t number, struct run_detail *detail)
{
	sqlite3_stmt *stmt = sql_query(store, select_nodes,
	    SQL_ARGS(sql_int(number)));
	struct node_run *node;
	enum status status;
	size_t cap = 0;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	while ((status = sql_step(store, stmt, &row)) == EXIT_DONE && row) {
		ALLOC_GROW(detail->node, detail->n_nodes, cap);
		node = &detail->node[detail->n_nodes];
		memset(node, 0, sizeof(*node));
		status = row_status(store, stmt, 1, &node->status);
		if (status == EXIT_DONE && row_text(stmt, 0) == NULL)
			status = sql_damaged(store, "a node has no name");
		if (status != EXIT_DONE)
			break;
		node->name = row_copy(NULL, row_text(stmt, 0));
		node->attempts = sqlite3_column_int64(stmt, 2);
		node->started_at = sqlite3_column_int64(stmt, 3);
		node->ended_at = sqlite3_column_int64(stmt, 4);
		node->max_rss = sqlite3_column_int64(stmt, 5);
		node->cpu_ms = sqlite3_column_int64(stmt, 6);
		node->error = row_copy(NULL, row_text(stmt, 7));
		node->taken_from = row_copy(NULL, row_text(stmt, 8));
		detail->n_nodes++;
	}
	sqlite3_reset(stmt);
	return status;
}

enum status
store_get_run(struct store *store, const char *id, struct run_detail *detail)
{
	sqlite3_stmt *stmt;
	enum status status;

	memset(detail, 0, sizeof(*detail));
	status = find_run(store, select_run, id, &stmt);
	if (status != EXIT_DONE)
		return status;
	status = row_run(store, stmt, NULL, &detail->run);
	/* The statement stays open meanwhile: run and nodes are of one time. */
	if (status == EXIT_DONE)
		status = read_nodes(store,
		    sqlite3_column_int64(stmt, ROW_RUN_NUMBER), detail);
	sqlite3_reset(stmt);
	if (status != EXIT_DONE) {
		run_detail_release(detail);
		memset(detail, 0, sizeof(*detail));
	}
	return status;
}

static enum status
read_groups(struct store *store, int64_t number, struct run_owner *owner)
{
	sqlite3_stmt *stmt = sql_query(store, select_groups,
	    SQL_ARGS(sql_int(number)));
	enum status status;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	while ((status = sql_step(store, stmt, &row)) == EXIT_DONE && row) {
		if (owner->n_groups == ARRAY_SIZE(owner->group))
			break;
		owner->group[owner->n_groups].pgid =
		    sqlite3_column_int64(stmt, 0);
		owner->group[owner->n_groups++].start =
		    sqlite3_column_int64(stmt, 1);
	}
	sqlite3_reset(stmt);
	return status;
}

enum status
store_get_owner(struct store *store, const char *id, struct run_owner *owner)
{
	sqlite3_stmt *stmt;
	enum status status;
	const char *text;

	memset(owner, 0, sizeof(*owner));
	status = find_run(store, select_owner, id, &stmt);
	if (status != EXIT_DONE)
		return status;
	text = row_text(stmt, 0);
	if (text != NULL && !row_id_is_sane(text))
		status = sql_damaged(store, "run '%s' has the owner '%s'", id,
		    text);
	else if (text != NULL)
		memcpy(owner->owner.id, text, RUN_ID_LEN + 1);
	owner->owner.pid = sqlite3_column_int64(stmt, 1);
	owner->owner.pid_start = sqlite3_column_int64(stmt, 2);
	if (status == EXIT_DONE)
		status = read_groups(store, sqlite3_column_int64(stmt, 3),
		    owner);
	sqlite3_reset(stmt);
	return status;
}

enum status
store_stop_requested(struct store *store, const char *id, bool *requested)
{
	sqlite3_stmt *stmt;
	enum status status;

	*requested = false;
	status = find_run(store, select_stop, id, &stmt);
	if (status != EXIT_DONE)
		return status;
	*requested = sqlite3_column_int64(stmt, 0) != 0;
	sqlite3_reset(stmt);
	return EXIT_DONE;
}

enum status
store_get_outputs(struct store *store, const char *id, char **outputs)
{
	sqlite3_stmt *stmt;
	enum status status;

	*outputs = NULL;
	status = find_run(store, select_outputs, id, &stmt);
	if (status != EXIT_DONE)
		return status;
	*outputs = row_copy(NULL, row_text(stmt, 0));
	sqlite3_reset(stmt);
	return EXIT_DONE;
}
