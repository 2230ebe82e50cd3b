/*
 * What is written about runs. Each function is one transaction; whatever
 * depends on what a run was before is asked in the WHERE of the very
 * statement that changes it, so two programs never both get their way.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/xalloc.h"
#include "lib/store/ledgerrow.h"
#include "lib/store/sql.h"
#include "lib/store/store.h"

enum { ID_TRIES = 8 };

static const char insert_run[] =
    "INSERT INTO runs (id, workflow, status, created_at, schedule, kickoff,"
    "  app_version, retry_of, model, inputs, owner, owner_pid, owner_start,"
    "  gen, origin)"
    " VALUES (?1, ?2, 'pending', ?3, ?4, CASE WHEN ?5 THEN ?6 END,"
    "  ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
    " ON CONFLICT (id) DO NOTHING";

static const char insert_node[] =
    "INSERT INTO nodes (run, position, name, status)"
    " VALUES (?1, ?2, ?3, 'pending')";

static const char claim_run[] =
    "UPDATE runs SET status = 'running', owner = ?2, owner_pid = ?3,"
    "  owner_start = ?4, started_at = coalesce(started_at, ?5)"
    " WHERE id = ?1 AND ("
    "  (status = 'pending' AND owner IS NULL)"
    "  OR (status IN ('pending', 'running') AND owner = ?6))";

static const char end_run[] =
    "UPDATE runs SET status = ?2, error = ?3, outputs = ?4, ended_at = ?5,"
    "  owner = NULL, owner_pid = NULL, owner_start = NULL"
    " WHERE id = ?1 AND status IN ('pending', 'running')";

/* Its owner is to tell of it, and if that dies another. */
static const char insert_untold[] =
    "INSERT INTO untold (run, owner, tries)"
    " SELECT r.id, r.owner, 1 FROM runs AS r"
    " JOIN definitions AS d ON d.gen = r.gen"
    " WHERE r.id = ?1 AND r.status IN ('pending', 'running')"
    "  AND r.owner IS NOT NULL AND CASE WHEN json_valid(d.keys)"
    "  THEN json_extract(d.keys, '$.on_failure') END IS NOT NULL";

static const char insert_made[] =
    "INSERT INTO made (run, output, created_at)"
    " SELECT r.number, o.key, r.created_at"
    " FROM runs AS r, json_each(r.outputs) AS o"
    " WHERE r.id = ?1 AND r.outputs IS NOT NULL";

static const char abort_run[] =
    "UPDATE runs SET status = 'aborted', error = ?3, ended_at = ?4,"
    "  owner = NULL, owner_pid = NULL, owner_start = NULL"
    " WHERE id = ?1 AND status IN ('pending', 'running')"
    "  AND (owner IS NULL OR owner = ?2)";

/* Nobody is left who could say how they ended. */
static const char abort_nodes[] =
    "UPDATE nodes SET status = 'aborted', ended_at = ?2,"
    "  pgid = NULL, pgid_start = NULL"
    " WHERE run = (SELECT number FROM runs WHERE id = ?1)"
    "  AND status = 'running'";

static const char note_cause[] =
    "UPDATE runs SET error = ?3"
    " WHERE id = ?1 AND status = 'aborted' AND error = ?2";

static const char request_stop[] =
    "UPDATE runs SET stop_requested = 1"
    " WHERE id = ?1 AND status IN ('pending', 'running')";

static const char update_node[] =
    "UPDATE nodes SET status = ?3, attempts = ?4, started_at = ?5,"
    "  ended_at = ?6, max_rss = ?7, cpu_ms = ?8, error = ?9,"
    "  taken_from = ?10, pgid = ?11, pgid_start = ?12"
    " WHERE run = (SELECT number FROM runs WHERE id = ?1) AND name = ?2";

static const char delete_nodes[] =
    "DELETE FROM nodes WHERE run ="
    " (SELECT number FROM runs WHERE id = ?1)";

static const char delete_made[] =
    "DELETE FROM made WHERE run ="
    " (SELECT number FROM runs WHERE id = ?1)";

static const char delete_untold[] = "DELETE FROM untold WHERE run = ?1";

static const char delete_run[] =
    "DELETE FROM runs WHERE id = ?1 AND status NOT IN ('pending', 'running')";

static const char has_run[] = "SELECT 1 FROM runs WHERE id = ?1";

/* For a statement that changed nothing: was it for want of the run? */
static enum status
check_run(struct store *store, const char *id)
{
	sqlite3_stmt *stmt = sql_query(store, has_run,
	    SQL_ARGS(sql_text(id)));
	enum status status;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, stmt, &row);
	sqlite3_reset(stmt);
	if (status == EXIT_DONE && !row)
		return error(EXIT_CONFLICT, "no run '%s'", id);
	return status;
}

static enum status
insert_nodes(struct store *store, const char *const *nodes, size_t n_nodes)
{
	int64_t run = sqlite3_last_insert_rowid(store->db);
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < n_nodes && status == EXIT_DONE; i++)
		status = sql_write(store, NULL, insert_node, SQL_ARGS(
		    sql_int(run), sql_int((int64_t)i), sql_text(nodes[i])));
	return status;
}

/* Under a new id, or as the attempt of a slot under that one's. */
static enum status
insert_row(struct store *store, const struct run *run,
    const struct owner *owner, const struct ledger_run_place *place,
    char id[RUN_ID_LEN + 1])
{
	bool scheduled = place->name != NULL, slot = scheduled &&
	    place->attempt >= 0;
	enum status status = EXIT_DONE;
	int tries, added = 0;

	if (slot)
		status = ledger_slot_id(store, place->app, place->name,
		    place->t, place->attempt, id);
	for (tries = 0; status == EXIT_DONE && added == 0; tries++) {
		if (tries == ID_TRIES)
			BUG("no new run id in %d tries", ID_TRIES);
		if (!slot)
			run_make_id(id, 'r');
		status = sql_write(store, &added, insert_run, SQL_ARGS(
		    sql_text(id), sql_text(run->workflow),
		    sql_int(run->created_at),
		    sql_text(run->schedule), sql_int(run->has_kickoff),
		    sql_int(run->kickoff), sql_text(run->app_version),
		    sql_text(run->retry_of), sql_text(run->model),
		    sql_text(run->inputs != NULL ? run->inputs : "{}"),
		    sql_text(owner != NULL ? owner->id : NULL),
		    sql_int_or_null(owner != NULL ? owner->pid : 0),
		    sql_int_or_null(owner != NULL ? owner->pid_start : 0),
		    sql_int_or_null(place->gen), sql_text(scheduled ?
		    ledger_origin_name(place->origin) : NULL)));
	}
	return status;
}

/* The schedule, and the slot if there is one, of the run it is a retry of. */
static enum status
take_place(struct store *store, struct arena *arena, struct run *run,
    struct ledger_run_place *place)
{
	enum status status;
	bool found;

	memset(place, 0, sizeof(*place));
	if (run->retry_of == NULL)
		return EXIT_DONE;
	status = ledger_retry_place(store, arena, run->retry_of, &found,
	    place);
	if (status != EXIT_DONE || !found)
		return status;
	free(run->schedule);
	run->schedule = xstrdup(place->name);
	run->has_kickoff = true;
	run->kickoff = place->t;
	return EXIT_DONE;
}

enum status
store_create_run(struct store *store, struct run *run,
    const struct owner *owner, const char *const *nodes, size_t n_nodes)
{
	struct arena arena = ARENA_INIT;
	struct ledger_run_place place;
	char id[RUN_ID_LEN + 1];
	enum status status;

	if (run->created_at == 0)
		run->created_at = clock_now_ms();
	status = sql_begin(store);
	if (status != EXIT_DONE)
		return status;
	status = take_place(store, &arena, run, &place);
	if (status == EXIT_DONE)
		status = insert_row(store, run, owner, &place, id);
	if (status == EXIT_DONE)
		status = insert_nodes(store, nodes, n_nodes);
	if (status == EXIT_DONE && place.name != NULL && place.attempt >= 0)
		status = ledger_insert_slot(store, &place, id,
		    run->created_at);
	arena_release(&arena);
	status = sql_end(store, status);
	if (status != EXIT_DONE)
		return status;
	free(run->id);
	run->id = xstrdup(id);
	run->status = RUN_PENDING;
	return EXIT_DONE;
}

enum status
store_claim_run(struct store *store, const char *id,
    const struct owner *owner, const char *former, bool *taken)
{
	enum status status;
	int changes;

	*taken = false;
	status = sql_write(store, &changes, claim_run, SQL_ARGS(sql_text(id),
	    sql_text(owner->id), sql_int_or_null(owner->pid),
	    sql_int_or_null(owner->pid_start), sql_int(clock_now_ms()),
	    sql_text(former)));
	if (status == EXIT_DONE && changes == 0)
		return check_run(store, id);
	*taken = status == EXIT_DONE;
	return status;
}

enum status
store_end_run(struct store *store, const char *id, enum run_status ended,
    const char *error_text, const char *outputs)
{
	enum status status;
	int changes;

	if (ended != RUN_SUCCEEDED && ended != RUN_FAILED &&
	    ended != RUN_ABORTED)
		BUG("a run cannot end as '%s'", run_status_name(ended));
	status = sql_begin(store);
	if (status != EXIT_DONE)
		return status;
	if (ended == RUN_FAILED)
		status = sql_write(store, NULL, insert_untold,
		    SQL_ARGS(sql_text(id)));
	if (status == EXIT_DONE)
		status = sql_write(store, &changes, end_run, SQL_ARGS(
		    sql_text(id), sql_text(run_status_name(ended)),
		    sql_text(error_text), sql_text(outputs),
		    sql_int(clock_now_ms())));
	if (status == EXIT_DONE && changes == 0) {
		status = check_run(store, id);
		if (status == EXIT_DONE)
			status = error(EXIT_CONFLICT,
			    "run '%s' has ended already", id);
	}
	if (status == EXIT_DONE && ended == RUN_SUCCEEDED)
		status = sql_write(store, NULL, insert_made,
		    SQL_ARGS(sql_text(id)));
	if (status == EXIT_DONE)
		status = ledger_poke(store, id);
	return sql_end(store, status);
}

enum status
store_abort_run(struct store *store, const char *id, const char *former,
    const char *error_text, bool *done)
{
	int64_t now = clock_now_ms();
	enum status status;
	int changes = 0;

	*done = false;
	status = sql_begin(store);
	if (status != EXIT_DONE)
		return status;
	status = sql_write(store, &changes, abort_run, SQL_ARGS(sql_text(id),
	    sql_text(former), sql_text(error_text), sql_int(now)));
	if (status == EXIT_DONE && changes == 0)
		status = check_run(store, id);
	else if (status == EXIT_DONE)
		status = sql_write(store, NULL, abort_nodes,
		    SQL_ARGS(sql_text(id), sql_int(now)));
	if (status == EXIT_DONE && changes != 0)
		status = ledger_poke(store, id);
	status = sql_end(store, status);
	*done = status == EXIT_DONE && changes != 0;
	return status;
}

enum status
store_note_cause(struct store *store, const char *id, const char *error_text,
    const char *cause)
{
	return sql_write(store, NULL, note_cause, SQL_ARGS(sql_text(id),
	    sql_text(error_text), sql_text(cause)));
}

enum status
store_request_stop(struct store *store, const char *id)
{
	enum status status;
	int changes;

	status = sql_write(store, &changes, request_stop,
	    SQL_ARGS(sql_text(id)));
	if (status == EXIT_DONE && changes == 0)
		status = check_run(store, id);
	return status;
}

enum status
store_update_node(struct store *store, const char *run,
    const struct node_run *node, int64_t pgid, int64_t pgid_start)
{
	enum status status;
	int changes;

	status = sql_write(store, &changes, update_node, SQL_ARGS(
	    sql_text(run), sql_text(node->name),
	    sql_text(run_status_name(node->status)), sql_int(node->attempts),
	    sql_int_or_null(node->started_at),
	    sql_int_or_null(node->ended_at), sql_int_or_null(node->max_rss),
	    sql_int_or_null(node->cpu_ms), sql_text(node->error),
	    sql_text(node->taken_from), sql_int_or_null(pgid),
	    sql_int_or_null(pgid_start)));
	if (status != EXIT_DONE || changes != 0)
		return status;
	status = check_run(store, run);
	if (status == EXIT_DONE)
		status = error(EXIT_CONFLICT, "run '%s' has no node '%s'",
		    run, node->name);
	return status;
}

/* The rows that hang from the run go first, while it can be asked for. */
static enum status
delete_rows(struct store *store, const char *id, bool *done)
{
	enum status status;
	int changes;

	status = sql_begin(store);
	if (status != EXIT_DONE)
		return status;
	status = ledger_keep_outcome(store, id);
	if (status == EXIT_DONE)
		status = sql_write(store, NULL, delete_nodes,
		    SQL_ARGS(sql_text(id)));
	if (status == EXIT_DONE)
		status = sql_write(store, NULL, delete_made,
		    SQL_ARGS(sql_text(id)));
	if (status == EXIT_DONE)
		status = sql_write(store, NULL, delete_untold,
		    SQL_ARGS(sql_text(id)));
	if (status == EXIT_DONE)
		status = sql_write(store, &changes, delete_run,
		    SQL_ARGS(sql_text(id)));
	if (status == EXIT_DONE && changes == 0) {
		status = check_run(store, id);
		sql_end(store, EXIT_LOCAL);
		return status;
	}
	status = sql_end(store, status);
	*done = status == EXIT_DONE;
	return status;
}

enum status
store_delete_run(struct store *store, const char *id, bool *done)
{
	enum status status, restored;

	*done = false;
	status = sql_script(store, "write", "PRAGMA synchronous = FULL");
	if (status != EXIT_DONE)
		return status;
	status = delete_rows(store, id, done);
	restored = sql_script(store, "write", "PRAGMA synchronous = NORMAL");
	return status != EXIT_DONE ? status : restored;
}
