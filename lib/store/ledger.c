/*
 * Rows of schedules: one for each name that was ever deployed here, with the
 * instant at which its next step is due. What they did is the other ledger
 * files' concern.
 */
#include "lib/base/compat.h"

#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/store/ledgerrow.h"
#include "lib/store/row.h"
#include "lib/store/sql.h"

#define SELECT_SCHEDULES \
	"SELECT s.number, s.name, s.app, s.workflow, s.state, s.since, s.who," \
	"  s.note, s.w, s.next_at, " LEDGER_DEFINITION_COLUMNS \
	" FROM schedules AS s LEFT JOIN definitions AS d ON d.gen = s.gen"

enum { COL_NAME = 1, COL_APP, COL_WORKFLOW, COL_STATE, COL_SINCE, COL_WHO,
	COL_NOTE, COL_W, COL_NEXT, COL_DEFINITION };

static const char select_schedule[] = SELECT_SCHEDULES " WHERE s.name = ?1";

static const char select_schedules[] = SELECT_SCHEDULES " ORDER BY s.name";

static const char select_due[] =
    "SELECT name FROM (SELECT name FROM schedules WHERE next_at <= ?1"
    "  ORDER BY next_at LIMIT ?2)"
    " UNION SELECT name FROM (SELECT name FROM schedules"
    "  WHERE state = 'active' AND w > ?1 LIMIT ?2)"
    " LIMIT ?2";

static const char select_next[] =
    "SELECT next_at FROM schedules WHERE next_at IS NOT NULL"
    " ORDER BY next_at LIMIT 1";

static const char insert_schedule[] =
    "INSERT INTO schedules (name, app, workflow, state, w, next_at, since,"
    "  who, note)"
    " VALUES (?1, ?2, ?3, ?4, ?5, CASE WHEN ?6 THEN ?7 END, ?8, ?9, ?10)";

static const char update_schedule[] =
    "UPDATE schedules SET app = ?2, workflow = ?3, gen = ?4, state = ?5,"
    "  w = ?6, next_at = CASE WHEN ?7 THEN ?8 END, since = ?9, who = ?10,"
    "  note = ?11 WHERE number = ?1";

static const char poke_schedule[] =
    "UPDATE schedules SET next_at = 0"
    " WHERE name = (SELECT schedule FROM runs WHERE id = ?1)"
    "  AND state = 'active' AND EXISTS (SELECT 1 FROM queue"
    "   WHERE queue.schedule = schedules.number AND queue.seen)";

static const char select_meta[] = "SELECT value FROM meta WHERE name = ?1";

static const char insert_meta[] =
    "INSERT INTO meta (name, value) VALUES (?1, ?2)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value";

enum status
ledger_begin(struct store *store)
{
	enum status status = sql_script(store, "write",
	    "PRAGMA synchronous = FULL");

	if (status == EXIT_DONE)
		status = sql_begin(store);
	return status;
}

enum status
ledger_begin_read(struct store *store)
{
	return sql_script(store, "read", "BEGIN");
}

enum status
ledger_end(struct store *store, enum status status)
{
	enum status restored;

	status = sql_end(store, status);
	restored = sql_script(store, "write", "PRAGMA synchronous = NORMAL");
	return status != EXIT_DONE ? status : restored;
}

static enum status
read_schedule(struct store *store, struct arena *arena, sqlite3_stmt *stmt,
    struct ledger_schedule *schedule)
{
	const char *state = row_text(stmt, COL_STATE);

	memset(schedule, 0, sizeof(*schedule));
	schedule->number = sqlite3_column_int64(stmt, 0);
	schedule->name = ledger_text(arena, stmt, COL_NAME);
	schedule->app = ledger_text(arena, stmt, COL_APP);
	schedule->workflow = ledger_text(arena, stmt, COL_WORKFLOW);
	if (schedule->name == NULL || schedule->app == NULL ||
	    schedule->workflow == NULL)
		return sql_damaged(store, "schedule %lld lacks its name, app "
		    "or workflow", (long long)schedule->number);
	if (state == NULL || !schedule_state_from_name(state,
	    &schedule->state))
		return sql_damaged(store, "schedule '%s' has the state '%s'",
		    schedule->name, state != NULL ? state : "");
	schedule->since = sqlite3_column_int64(stmt, COL_SINCE);
	schedule->who = ledger_text(arena, stmt, COL_WHO);
	schedule->note = ledger_text(arena, stmt, COL_NOTE);
	schedule->w = sqlite3_column_int64(stmt, COL_W);
	schedule->has_next = sqlite3_column_type(stmt, COL_NEXT) !=
	    SQLITE_NULL;
	schedule->next_at = sqlite3_column_int64(stmt, COL_NEXT);
	if (sqlite3_column_type(stmt, COL_DEFINITION) == SQLITE_NULL)
		return sql_damaged(store, "schedule '%s' has no definition",
		    schedule->name);
	return ledger_read_definition(store, arena, stmt, COL_DEFINITION,
	    &schedule->definition);
}

enum status
ledger_find(struct store *store, struct arena *arena, const char *name,
    bool *found, struct ledger_schedule *schedule)
{
	sqlite3_stmt *stmt = sql_query(store, select_schedule,
	    SQL_ARGS(sql_text(name)));
	enum status status;

	*found = false;
	memset(schedule, 0, sizeof(*schedule));
	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, stmt, found);
	if (status == EXIT_DONE && *found)
		status = read_schedule(store, arena, stmt, schedule);
	sqlite3_reset(stmt);
	return status;
}

enum status
ledger_list(struct store *store,
    enum status (*each)(void *arg, const struct ledger_schedule *schedule),
    void *arg)
{
	sqlite3_stmt *stmt = sql_query(store, select_schedules, NULL, 0);
	struct ledger_schedule schedule;
	enum status status;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	while ((status = sql_step(store, stmt, &row)) == EXIT_DONE && row) {
		status = read_schedule(store, NULL, stmt, &schedule);
		if (status == EXIT_DONE)
			status = each(arg, &schedule);
		if (status != EXIT_DONE)
			break;
	}
	sqlite3_reset(stmt);
	return status;
}

enum status
ledger_due(struct store *store, int64_t now, size_t max,
    struct strvec *names)
{
	sqlite3_stmt *stmt = sql_query(store, select_due,
	    SQL_ARGS(sql_int(now), sql_int((int64_t)max)));
	enum status status;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	while ((status = sql_step(store, stmt, &row)) == EXIT_DONE && row)
		strvec_push(names, row_text(stmt, 0));
	sqlite3_reset(stmt);
	return status;
}

enum status
ledger_next_event(struct store *store, bool *any, int64_t *t)
{
	sqlite3_stmt *stmt = sql_query(store, select_next, NULL, 0);
	enum status status;

	*any = false;
	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, stmt, any);
	if (status == EXIT_DONE && *any)
		*t = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return status;
}

enum status
ledger_add(struct store *store, struct ledger_schedule *schedule)
{
	enum status status;

	status = sql_write(store, NULL, insert_schedule, SQL_ARGS(
	    sql_text(schedule->name), sql_text(schedule->app),
	    sql_text(schedule->workflow),
	    sql_text(schedule_state_name(schedule->state)),
	    sql_int(schedule->w), sql_int(schedule->has_next),
	    sql_int(schedule->next_at), sql_int(schedule->since),
	    sql_text(schedule->who), sql_text(schedule->note)));
	if (status == EXIT_DONE)
		schedule->number = sqlite3_last_insert_rowid(store->db);
	return status;
}

enum status
ledger_set(struct store *store, const struct ledger_schedule *schedule)
{
	return sql_write(store, NULL, update_schedule, SQL_ARGS(
	    sql_int(schedule->number), sql_text(schedule->app),
	    sql_text(schedule->workflow),
	    sql_int_or_null(schedule->definition.gen),
	    sql_text(schedule_state_name(schedule->state)),
	    sql_int(schedule->w), sql_int(schedule->has_next),
	    sql_int(schedule->next_at), sql_int(schedule->since),
	    sql_text(schedule->who), sql_text(schedule->note)));
}

enum status
ledger_poke(struct store *store, const char *id)
{
	return sql_write(store, NULL, poke_schedule, SQL_ARGS(sql_text(id)));
}

/* NULL if there is none of that name. */
static enum status
read_meta(struct store *store, const char *name, char **value)
{
	sqlite3_stmt *stmt = sql_query(store, select_meta,
	    SQL_ARGS(sql_text(name)));
	enum status status;
	bool row;

	*value = NULL;
	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, stmt, &row);
	if (status == EXIT_DONE && row)
		*value = row_copy(NULL, row_text(stmt, 0));
	sqlite3_reset(stmt);
	return status;
}

enum status
ledger_store_id(struct store *store, char **id)
{
	enum status status = read_meta(store, "id", id);

	if (status == EXIT_DONE && *id == NULL)
		status = sql_damaged(store, "it has no id");
	return status;
}

enum status
ledger_place(struct store *store, struct ledger_place *place)
{
	long long device, inode;
	enum status status;
	int n = 0;
	char *text;

	memset(place, 0, sizeof(*place));
	status = read_meta(store, "place", &text);
	if (status != EXIT_DONE || text == NULL)
		return status;
	if (sscanf(text, "%lld %lld %n", &device, &inode, &n) != 2 || n == 0) {
		status = sql_damaged(store, "its place is '%s'", text);
	} else {
		place->device = device;
		place->inode = inode;
		place->path = xstrdup(text + n);
	}
	free(text);
	return status;
}

enum status
ledger_set_place(struct store *store, const struct ledger_place *place)
{
	char *text = xasprintf("%lld %lld %s", (long long)place->device,
	    (long long)place->inode, place->path);
	enum status status;

	status = sql_write(store, NULL, insert_meta,
	    SQL_ARGS(sql_text("place"), sql_text(text)));
	free(text);
	return status;
}
