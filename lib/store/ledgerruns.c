/*
 * Runs of schedules: written pending and nobody's by whoever decides, made
 * ready and resumed by whoever executes them.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/store/ledgerrow.h"
#include "lib/store/row.h"
#include "lib/store/sql.h"

/* A slot's id has room for so many. */
enum { ATTEMPTS_MAX = 0xfff };

static const char insert_run[] =
    "INSERT INTO runs (id, workflow, status, created_at, schedule, kickoff,"
    "  app_version, origin, gen, inputs)"
    " VALUES (?1, ?2, 'pending', ?3, ?4, ?5, ?6, ?7, ?8, '{}')";

static const char insert_slot[] =
    "INSERT INTO slots (schedule, kickoff, attempt, run, gen, origin,"
    "  created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

static const char delete_queue[] =
    "DELETE FROM queue WHERE schedule = ?1 AND kickoff = ?2";

static const char select_retried[] =
    "SELECT s.number, s.name, s.app, r.kickoff, r.gen,"
    "  (SELECT max(a.attempt) FROM slots AS own, slots AS a"
    "   WHERE own.schedule = s.number AND own.kickoff = r.kickoff"
    "    AND own.run = r.id AND a.schedule = s.number"
    "    AND a.kickoff = r.kickoff)"
    " FROM runs AS r JOIN schedules AS s ON s.name = r.schedule"
    " WHERE r.id = ?1 AND r.gen IS NOT NULL";

static const char keep_outcome[] =
    "UPDATE slots SET (outcome, error) ="
    "  (SELECT status, error FROM runs WHERE id = ?1)"
    " WHERE run = ?1 AND (schedule, kickoff) ="
    "  (SELECT s.number, r.kickoff FROM runs AS r"
    "   JOIN schedules AS s ON s.name = r.schedule WHERE r.id = ?1)";

/* In the order of the index on names: nothing is sorted. */
static const char select_last[] =
    "SELECT " ROW_RUN_COLUMNS " FROM (SELECT name FROM schedules)"
    " CROSS JOIN runs WHERE number ="
    "  (SELECT r.number FROM runs AS r WHERE r.schedule = name"
    "   ORDER BY r.created_at DESC, r.number DESC LIMIT 1)"
    " ORDER BY name";

static const char select_pending[] =
    "SELECT id FROM runs WHERE gen IS NOT NULL"
    "  AND status IN ('pending', 'running') AND status = 'pending'"
    "  AND owner IS NULL ORDER BY created_at, number LIMIT ?1";

static const char select_owned[] =
    "SELECT id, owner, gen, resumed FROM runs WHERE gen IS NOT NULL"
    "  AND status IN ('pending', 'running') AND owner IS NOT NULL"
    " ORDER BY number";

static const char select_untold[] =
    "SELECT u.run, u.owner, r.gen, u.tries FROM untold AS u"
    " JOIN runs AS r ON r.id = u.run ORDER BY r.number";

static const char take_untold[] =
    "UPDATE untold SET owner = ?2, tries = tries + 1"
    " WHERE run = ?1 AND owner = ?3";

static const char delete_untold[] = "DELETE FROM untold WHERE run = ?1";

static const char select_run[] =
    "SELECT s.name, r.workflow, r.kickoff, r.origin,"
    "  (SELECT attempt FROM slots WHERE slots.schedule = s.number"
    "    AND slots.kickoff = r.kickoff AND slots.run = r.id),"
    "  EXISTS (SELECT 1 FROM nodes WHERE nodes.run = r.number),"
    "  r.stop_requested, r.resumed, " LEDGER_DEFINITION_COLUMNS
    " FROM runs AS r JOIN schedules AS s ON s.name = r.schedule"
    " JOIN definitions AS d ON d.gen = r.gen WHERE r.id = ?1";

static const char prepare_run[] =
    "UPDATE runs SET inputs = ?2, model = ?3"
    " WHERE id = ?1 AND status IN ('pending', 'running')";

static const char insert_node[] =
    "INSERT INTO nodes (run, position, name, status)"
    " SELECT number, ?2, ?3, 'pending' FROM runs WHERE id = ?1";

static const char resume_run[] =
    "UPDATE runs SET resumed = resumed + (status = 'running'),"
    "  status = 'running', owner = ?2, owner_pid = ?3, owner_start = ?4,"
    "  started_at = coalesce(started_at, ?5)"
    " WHERE id = ?1 AND status IN ('pending', 'running') AND owner = ?6";

static const char resume_nodes[] =
    "UPDATE nodes SET status = 'pending', pgid = NULL, pgid_start = NULL"
    " WHERE run = (SELECT number FROM runs WHERE id = ?1)"
    "  AND status = 'running'";

static const char *const origins[] = {
	[ORIGIN_TIMER] = "timer", [ORIGIN_TRIGGER] = "trigger",
	[ORIGIN_BACKFILL] = "backfill",
};

const char *
ledger_origin_name(enum run_origin origin)
{
	return origins[origin];
}

enum status
ledger_read_origin(struct store *store, sqlite3_stmt *stmt, int i,
    enum run_origin *origin)
{
	const char *name = row_text(stmt, i);
	size_t k;

	for (k = 0; k < ARRAY_SIZE(origins) && name != NULL; k++) {
		if (strcmp(origins[k], name) == 0) {
			*origin = (enum run_origin)k;
			return EXIT_DONE;
		}
	}
	return sql_damaged(store, "a run has the origin '%s'",
	    name != NULL ? name : "");
}

enum status
ledger_slot_id(struct store *store, const char *app, const char *schedule,
    int64_t t, int attempt, char id[RUN_ID_LEN + 1])
{
	enum status status;
	char *store_id, *scope, *name;

	if (attempt > ATTEMPTS_MAX)
		return error(EXIT_CONFLICT, "a slot of schedule '%s' had %d "
		    "runs already", schedule, ATTEMPTS_MAX + 1);
	status = ledger_store_id(store, &store_id);
	if (status != EXIT_DONE)
		return status;
	scope = xasprintf("local:%s", store_id);
	name = xasprintf("%s.%s", app, schedule);
	slot_run_id(id, scope, name, "", t, attempt);
	free(store_id);
	free(scope);
	free(name);
	return EXIT_DONE;
}

enum status
ledger_insert_slot(struct store *store, const struct ledger_run_place *place,
    const char *id, int64_t now)
{
	enum status status;

	status = sql_write(store, NULL, insert_slot, SQL_ARGS(
	    sql_int(place->schedule), sql_int(place->t),
	    sql_int(place->attempt), sql_text(id), sql_int(place->gen),
	    sql_text(origins[place->origin]), sql_int(now)));
	if (status == EXIT_DONE)
		status = sql_write(store, NULL, delete_queue, SQL_ARGS(
		    sql_int(place->schedule), sql_int(place->t)));
	return status;
}

enum status
ledger_insert_run(struct store *store, const struct ledger_run_place *place,
    char id[RUN_ID_LEN + 1], int64_t *number)
{
	enum status status = EXIT_DONE;
	int64_t now = clock_now_ms();

	if (place->attempt < 0)
		run_make_id(id, 'r');
	else
		status = ledger_slot_id(store, place->app, place->name,
		    place->t, place->attempt, id);
	if (status == EXIT_DONE)
		status = sql_write(store, NULL, insert_run, SQL_ARGS(
		    sql_text(id), sql_text(place->workflow), sql_int(now),
		    sql_text(place->name), sql_int(place->t),
		    sql_text(place->version),
		    sql_text(origins[place->origin]), sql_int(place->gen)));
	if (status != EXIT_DONE)
		return status;
	*number = sqlite3_last_insert_rowid(store->db);
	if (place->attempt >= 0)
		status = ledger_insert_slot(store, place, id, now);
	return status;
}

enum status
ledger_add_run(struct store *store, const struct ledger_schedule *schedule,
    const struct ledger_definition *definition, int64_t t, int attempt,
    enum run_origin origin, char **id)
{
	struct ledger_run_place place = { schedule->number, schedule->name,
		schedule->app, schedule->workflow, definition->version,
		definition->gen, t, attempt, origin };
	char text[RUN_ID_LEN + 1];
	enum status status;
	int64_t number;

	*id = NULL;
	status = ledger_insert_run(store, &place, text, &number);
	if (status == EXIT_DONE)
		*id = xstrdup(text);
	return status;
}

enum status
ledger_retry_place(struct store *store, struct arena *arena, const char *id,
    bool *found, struct ledger_run_place *place)
{
	sqlite3_stmt *stmt = sql_query(store, select_retried,
	    SQL_ARGS(sql_text(id)));
	enum status status;

	*found = false;
	memset(place, 0, sizeof(*place));
	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, stmt, found);
	if (!*found)
		return status;
	place->schedule = sqlite3_column_int64(stmt, 0);
	place->name = ledger_text(arena, stmt, 1);
	place->app = ledger_text(arena, stmt, 2);
	place->t = sqlite3_column_int64(stmt, 3);
	place->gen = sqlite3_column_int64(stmt, 4);
	place->attempt = sqlite3_column_type(stmt, 5) == SQLITE_NULL ? -1 :
	    sqlite3_column_int(stmt, 5) + 1;
	place->origin = ORIGIN_TRIGGER;
	sqlite3_reset(stmt);
	return EXIT_DONE;
}

enum status
ledger_keep_outcome(struct store *store, const char *id)
{
	return sql_write(store, NULL, keep_outcome, SQL_ARGS(sql_text(id)));
}

enum status
ledger_last_runs(struct store *store,
    enum status (*each)(void *arg, const struct run *run, const char *owner),
    void *arg)
{
	sqlite3_stmt *stmt = sql_query(store, select_last, NULL, 0);
	struct arena arena = ARENA_INIT;
	enum status status;
	struct run run;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	while ((status = sql_step(store, stmt, &row)) == EXIT_DONE && row) {
		status = row_run(store, stmt, &arena, &run);
		if (status == EXIT_DONE)
			status = each(arg, &run,
			    row_text(stmt, ROW_RUN_OWNER));
		arena_release(&arena);
		if (status != EXIT_DONE)
			break;
	}
	sqlite3_reset(stmt);
	return status;
}

enum status
ledger_pending(struct store *store, size_t max, struct strvec *ids)
{
	sqlite3_stmt *stmt = sql_query(store, select_pending,
	    SQL_ARGS(sql_int((int64_t)max)));

	return stmt != NULL ? row_push_ids(store, stmt, ids) : EXIT_LOCAL;
}

struct owned {
	char id[RUN_ID_LEN + 1], owner[RUN_ID_LEN + 1];
	int64_t gen;
	int times;			/* resumed, or told */
};

static enum status
read_owned(struct store *store, sqlite3_stmt *stmt, struct owned *owned)
{
	const char *id = row_id(store, stmt), *owner = row_text(stmt, 1);

	if (id == NULL)
		return EXIT_LOCAL;
	if (owner == NULL || !row_id_is_sane(owner))
		return sql_damaged(store, "run '%s' has the owner '%s'", id,
		    owner != NULL ? owner : "");
	memcpy(owned->id, id, sizeof(owned->id));
	memcpy(owned->owner, owner, sizeof(owned->owner));
	owned->gen = sqlite3_column_int64(stmt, 2);
	owned->times = sqlite3_column_int(stmt, 3);
	return EXIT_DONE;
}

/* `each` may write: all rows are read before. */
static enum status
each_owned(struct store *store, const char *sql,
    enum status (*each)(void *arg, const char *id, const char *owner,
	int64_t gen, int times), void *arg)
{
	sqlite3_stmt *stmt = sql_query(store, sql, NULL, 0);
	size_t i, n = 0, cap = 0;
	struct owned *v = NULL;
	enum status status;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	while ((status = sql_step(store, stmt, &row)) == EXIT_DONE && row) {
		ALLOC_GROW(v, n, cap);
		status = read_owned(store, stmt, &v[n]);
		if (status != EXIT_DONE)
			break;
		n++;
	}
	sqlite3_reset(stmt);
	for (i = 0; i < n && status == EXIT_DONE; i++)
		status = each(arg, v[i].id, v[i].owner, v[i].gen,
		    v[i].times);
	free(v);
	return status;
}

enum status
ledger_owned(struct store *store,
    enum status (*each)(void *arg, const char *id, const char *owner,
	int64_t gen, int resumed), void *arg)
{
	return each_owned(store, select_owned, each, arg);
}

enum status
ledger_untold(struct store *store,
    enum status (*each)(void *arg, const char *id, const char *owner,
	int64_t gen, int tries), void *arg)
{
	return each_owned(store, select_untold, each, arg);
}

enum status
ledger_take_untold(struct store *store, const char *id,
    const struct owner *owner, const char *former, bool *taken)
{
	enum status status;
	int changes = 0;

	status = sql_write(store, &changes, take_untold, SQL_ARGS(
	    sql_text(id), sql_text(owner->id), sql_text(former)));
	*taken = status == EXIT_DONE && changes != 0;
	return status;
}

enum status
ledger_told(struct store *store, const char *id)
{
	return sql_write(store, NULL, delete_untold, SQL_ARGS(sql_text(id)));
}

static enum status
read_run(struct store *store, struct arena *arena, sqlite3_stmt *stmt,
    struct ledger_run *run)
{
	enum status status;

	status = ledger_read_origin(store, stmt, 3, &run->origin);
	if (status != EXIT_DONE)
		return status;
	run->schedule = ledger_text(arena, stmt, 0);
	run->workflow = ledger_text(arena, stmt, 1);
	run->t = sqlite3_column_int64(stmt, 2);
	run->attempt = sqlite3_column_type(stmt, 4) == SQLITE_NULL ? -1 :
	    sqlite3_column_int(stmt, 4);
	run->prepared = sqlite3_column_int64(stmt, 5) != 0;
	run->stop_requested = sqlite3_column_int64(stmt, 6) != 0;
	run->replaced = sqlite3_column_int64(stmt, 6) == LEDGER_REPLACED;
	run->resumed = sqlite3_column_int(stmt, 7);
	return ledger_read_definition(store, arena, stmt, 8,
	    &run->definition);
}

enum status
ledger_run(struct store *store, struct arena *arena, const char *id,
    struct ledger_run *run)
{
	sqlite3_stmt *stmt = sql_query(store, select_run,
	    SQL_ARGS(sql_text(id)));
	enum status status;
	bool row;

	memset(run, 0, sizeof(*run));
	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, stmt, &row);
	if (status == EXIT_DONE && !row)
		return error(EXIT_CONFLICT, "no schedule has a run '%s'", id);
	if (status == EXIT_DONE)
		status = read_run(store, arena, stmt, run);
	sqlite3_reset(stmt);
	return status;
}

enum status
ledger_prepare_run(struct store *store, const char *id, const char *inputs,
    const char *model, const char *const *nodes, size_t n_nodes)
{
	enum status status = sql_begin(store);
	int changes;
	size_t i;

	if (status != EXIT_DONE)
		return status;
	status = sql_write(store, &changes, prepare_run, SQL_ARGS(
	    sql_text(id), sql_text(inputs), sql_text(model)));
	if (status == EXIT_DONE && changes == 0)
		status = error(EXIT_CONFLICT, "run '%s' has ended already",
		    id);
	for (i = 0; i < n_nodes && status == EXIT_DONE; i++)
		status = sql_write(store, NULL, insert_node, SQL_ARGS(
		    sql_text(id), sql_int((int64_t)i), sql_text(nodes[i])));
	return sql_end(store, status);
}

enum status
ledger_resume_run(struct store *store, const char *id,
    const struct owner *owner, const char *former, bool *taken)
{
	enum status status = sql_begin(store);
	int changes = 0;

	*taken = false;
	if (status != EXIT_DONE)
		return status;
	status = sql_write(store, &changes, resume_run, SQL_ARGS(sql_text(id),
	    sql_text(owner->id), sql_int_or_null(owner->pid),
	    sql_int_or_null(owner->pid_start), sql_int(clock_now_ms()),
	    sql_text(former)));
	if (status == EXIT_DONE && changes != 0)
		status = sql_write(store, NULL, resume_nodes,
		    SQL_ARGS(sql_text(id)));
	status = sql_end(store, status);
	*taken = status == EXIT_DONE && changes != 0;
	return status;
}
