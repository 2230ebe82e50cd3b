/*
 * The policy's state as rows, there and back. Only what a step changed is
 * written: an outage leaves a queue of thousands, of which each step that
 * follows takes one.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/xalloc.h"
#include "lib/store/ledgerrow.h"
#include "lib/store/row.h"
#include "lib/store/sql.h"

static const char select_queue[] =
    "SELECT kickoff, due, gen, seen, late FROM queue"
    " WHERE schedule = ?1 ORDER BY kickoff";

static const char select_running[] =
    "SELECT number, kickoff, origin, stop_requested FROM runs"
    " WHERE schedule = ?1 AND gen IS NOT NULL"
    "  AND status IN ('pending', 'running') ORDER BY number";

static const char select_next_run[] =
    "SELECT min(kickoff) FROM slots WHERE schedule = ?1 AND kickoff > ?2";

static const char write_queue[] =
    "INSERT INTO queue (schedule, kickoff, due, gen, seen, late)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT (schedule, kickoff) DO UPDATE SET due = excluded.due,"
    "  gen = excluded.gen, seen = excluded.seen, late = excluded.late";

static const char delete_queue[] =
    "DELETE FROM queue WHERE schedule = ?1 AND kickoff = ?2";

static const char cut_skipped[] =
    "UPDATE skipped SET last = ?2"
    " WHERE schedule = ?1 AND first <= ?2 AND last > ?2";

static const char delete_skipped[] =
    "DELETE FROM skipped WHERE schedule = ?1 AND first > ?2";

static const char cut_definitions[] =
    "UPDATE definitions SET activated_at = ?2"
    " WHERE schedule = ?1 AND activated_at > ?2";

static const char select_last_skipped[] =
    "SELECT first, last, gen, reason, run FROM skipped WHERE schedule = ?1"
    " ORDER BY first DESC LIMIT 1";

static const char extend_skipped[] =
    "UPDATE skipped SET last = ?3 WHERE schedule = ?1 AND first = ?2";

static const char insert_skipped[] =
    "INSERT INTO skipped (schedule, first, last, gen, reason, run)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

static const char stop_run[] =
    "UPDATE runs SET stop_requested = ?2 WHERE number = ?1"
    " AND status IN ('pending', 'running')";

static const char select_id[] = "SELECT id FROM runs WHERE number = ?1";

static const char update_w[] =
    "UPDATE schedules SET w = ?2, next_at = CASE WHEN ?3 THEN ?4 END"
    " WHERE number = ?1";

struct queue {
	struct queue_entry *v;
	size_t n, cap;
};

struct save {
	struct store *store;
	struct arena arena;
	struct ledger_schedule *schedule;
	const struct definition *definition;
	struct policy_state *state;
};

static enum status
read_queue(struct store *store, int64_t schedule, struct queue *queue)
{
	sqlite3_stmt *stmt = sql_query(store, select_queue,
	    SQL_ARGS(sql_int(schedule)));
	struct queue_entry *entry;
	enum status status;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	while ((status = sql_step(store, stmt, &row)) == EXIT_DONE && row) {
		ALLOC_GROW(queue->v, queue->n, queue->cap);
		entry = &queue->v[queue->n++];
		memset(entry, 0, sizeof(*entry));
		entry->t = sqlite3_column_int64(stmt, 0);
		entry->due = sqlite3_column_int64(stmt, 1);
		entry->gen = sqlite3_column_int64(stmt, 2);
		entry->seen = sqlite3_column_int64(stmt, 3) != 0;
		entry->late = sqlite3_column_int64(stmt, 4) != 0;
	}
	return status;
}

static enum status
load_running(struct store *store, const struct ledger_schedule *schedule,
    struct policy_state *state)
{
	sqlite3_stmt *stmt = sql_query(store, select_running,
	    SQL_ARGS(sql_text(schedule->name)));
	enum run_origin origin;
	enum status status;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	while ((status = sql_step(store, stmt, &row)) == EXIT_DONE && row) {
		status = ledger_read_origin(store, stmt, 2, &origin);
		if (status != EXIT_DONE)
			break;
		policy_began(state, sqlite3_column_int64(stmt, 0),
		    sqlite3_column_int64(stmt, 1), origin);
		state->running[state->n_running - 1].cancelled =
		    sqlite3_column_int64(stmt, 3) != 0;
	}
	sqlite3_reset(stmt);
	return status;
}

enum status
ledger_load(struct store *store, const struct ledger_schedule *schedule,
    struct policy_state *state)
{
	struct queue queue = { NULL, 0, 0 };
	enum status status;
	size_t i;

	policy_init(state, schedule->w, schedule->state == SCHEDULE_ACTIVE);
	status = read_queue(store, schedule->number, &queue);
	for (i = 0; i < queue.n; i++)
		policy_enqueue(state, &queue.v[i]);
	free(queue.v);
	if (status == EXIT_DONE)
		status = load_running(store, schedule, state);
	return status;
}

static bool
next_run(void *arg, int64_t after, int64_t *t)
{
	struct ledger_runs *runs = arg;
	sqlite3_stmt *stmt = sql_query(runs->store, select_next_run,
	    SQL_ARGS(sql_int(runs->schedule), sql_int(after)));
	bool row = false;

	if (stmt == NULL)
		runs->status = EXIT_LOCAL;
	else
		runs->status = sql_step(runs->store, stmt, &row);
	if (row) {
		row = sqlite3_column_type(stmt, 0) != SQLITE_NULL;
		*t = sqlite3_column_int64(stmt, 0);
		sqlite3_reset(stmt);
	}
	return row;
}

void
ledger_runs_init(struct ledger_runs *runs, struct store *store,
    int64_t schedule)
{
	runs->store = store;
	runs->schedule = schedule;
	runs->ledger.next_run = next_run;
	runs->ledger.arg = runs;
	runs->status = EXIT_DONE;
}

enum status
ledger_run_id(struct store *store, struct arena *arena, int64_t number,
    const char **id)
{
	sqlite3_stmt *stmt = sql_query(store, select_id,
	    SQL_ARGS(sql_int(number)));
	enum status status = ledger_need_row(store, stmt);

	*id = NULL;
	if (status != EXIT_DONE)
		return status;
	*id = row_id(store, stmt);
	if (*id != NULL)
		*id = arena_strdup(arena, *id);
	sqlite3_reset(stmt);
	return *id != NULL ? EXIT_DONE : EXIT_LOCAL;
}

enum status
ledger_forget(struct store *store, int64_t schedule, int64_t after)
{
	static const char *const sql[] = { cut_skipped, delete_skipped,
		cut_definitions };
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sql) && status == EXIT_DONE; i++)
		status = sql_write(store, NULL, sql[i],
		    SQL_ARGS(sql_int(schedule), sql_int(after)));
	return status;
}

static enum status
write_start(struct save *s, const struct decision *decision)
{
	struct ledger_definition other, *d = &s->schedule->definition;
	struct ledger_run_place place = { s->schedule->number,
		s->schedule->name, s->schedule->app, s->schedule->workflow,
		NULL, decision->gen, decision->t, 0, ORIGIN_TIMER };
	enum status status = EXIT_DONE;
	char id[RUN_ID_LEN + 1];

	if (decision->gen != d->gen) {
		d = &other;
		status = ledger_definition(s->store, &s->arena, decision->gen,
		    d);
	}
	if (status != EXIT_DONE)
		return status;
	place.version = d->version;
	return ledger_insert_run(s->store, &place, id,
	    &s->state->running[decision->run].id);
}

/*
 * Whether the range goes on the one that was written last, of which *first
 * is then the key: of the same definition, reason and run, with no slot
 * between.
 */
static enum status
find_extended(struct save *s, const struct decision *decision,
    const char *run, bool *extends, int64_t *first)
{
	sqlite3_stmt *stmt = sql_query(s->store, select_last_skipped,
	    SQL_ARGS(sql_int(s->schedule->number)));
	const char *reason, *by;
	enum status status;
	int64_t next;

	*extends = false;
	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(s->store, stmt, extends);
	if (!*extends)
		return status;
	*first = sqlite3_column_int64(stmt, 0);
	reason = row_text(stmt, 3);
	by = row_text(stmt, 4);
	*extends = decision->gen == s->definition->gen &&
	    sqlite3_column_int64(stmt, 2) == decision->gen &&
	    reason != NULL && strcmp(reason,
	    skip_reason_name(decision->skipped.reason)) == 0 &&
	    (run == NULL ? by == NULL : by != NULL && strcmp(by, run) == 0) &&
	    slots_next(&s->definition->slots, sqlite3_column_int64(stmt, 1),
	    &next) && next == decision->skipped.from;
	sqlite3_reset(stmt);
	return EXIT_DONE;
}

static enum status
write_skip(struct save *s, const struct decision *decision)
{
	int64_t number = s->schedule->number, first;
	const char *run = NULL;
	enum status status = EXIT_DONE;
	bool extends;

	if (decision->skipped.reason == SKIP_OVERLAP)
		status = ledger_run_id(s->store, &s->arena,
		    s->state->running[decision->run].id, &run);
	if (status == EXIT_DONE)
		status = find_extended(s, decision, run, &extends, &first);
	if (status != EXIT_DONE)
		return status;
	if (extends)
		return sql_write(s->store, NULL, extend_skipped, SQL_ARGS(
		    sql_int(number), sql_int(first),
		    sql_int(decision->skipped.to)));
	return sql_write(s->store, NULL, insert_skipped, SQL_ARGS(
	    sql_int(number), sql_int(decision->skipped.from),
	    sql_int(decision->skipped.to), sql_int(decision->gen),
	    sql_text(skip_reason_name(decision->skipped.reason)),
	    sql_text(run)));
}

static enum status
carry_out(struct save *s, const struct decision *decision)
{
	switch (decision->what) {
	case DECIDE_FORGET:
		return ledger_forget(s->store, s->schedule->number,
		    decision->t);
	case DECIDE_START:
		return write_start(s, decision);
	case DECIDE_CANCEL:
		return sql_write(s->store, NULL, stop_run, SQL_ARGS(
		    sql_int(s->state->running[decision->run].id),
		    sql_int(LEDGER_REPLACED)));
	case DECIDE_SKIP:
		return write_skip(s, decision);
	case DECIDE_WAIT:
		break;	/* the queue says so */
	}
	return EXIT_DONE;
}

static bool
is_same(const struct queue_entry *a, const struct queue_entry *b)
{
	return a->t == b->t && a->due == b->due && a->gen == b->gen &&
	    a->seen == b->seen && a->late == b->late;
}

/* Both are by kickoff: what only the rows have goes, what differs is put. */
static enum status
save_queue(struct save *s)
{
	const struct policy_state *state = s->state;
	const struct queue_entry *entry, *row;
	struct queue rows = { NULL, 0, 0 };
	int64_t number = s->schedule->number;
	enum status status;
	size_t i = 0, k = 0;

	status = read_queue(s->store, number, &rows);
	while (status == EXIT_DONE && (k < state->n_queue || i < rows.n)) {
		entry = k < state->n_queue ? &state->queue[k] : NULL;
		row = i < rows.n ? &rows.v[i] : NULL;
		if (entry == NULL || (row != NULL && row->t < entry->t)) {
			status = sql_write(s->store, NULL, delete_queue,
			    SQL_ARGS(sql_int(number), sql_int(row->t)));
			i++;
			continue;
		}
		if (row == NULL || !is_same(row, entry))
			status = sql_write(s->store, NULL, write_queue,
			    SQL_ARGS(sql_int(number), sql_int(entry->t),
			    sql_int(entry->due), sql_int(entry->gen),
			    sql_int(entry->seen), sql_int(entry->late)));
		if (row != NULL && row->t == entry->t)
			i++;
		k++;
	}
	free(rows.v);
	return status;
}

static enum status
save_w(struct save *s)
{
	struct ledger_schedule *schedule = s->schedule;
	int64_t t = 0;
	bool any = s->state->active &&
	    policy_next_event(s->state, s->definition, &t);

	if (schedule->w == s->state->w && schedule->has_next == any &&
	    (!any || schedule->next_at == t))
		return EXIT_DONE;
	schedule->w = s->state->w;
	schedule->has_next = any;
	schedule->next_at = any ? t : 0;
	return sql_write(s->store, NULL, update_w, SQL_ARGS(
	    sql_int(schedule->number), sql_int(schedule->w), sql_int(any),
	    sql_int(t)));
}

enum status
ledger_save(struct store *store, struct ledger_schedule *schedule,
    const struct definition *definition, struct policy_state *state,
    const struct decisions *decisions)
{
	struct save s = { store, ARENA_INIT, schedule, definition, state };
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < decisions->n && status == EXIT_DONE; i++)
		status = carry_out(&s, &decisions->v[i]);
	if (status == EXIT_DONE)
		status = save_queue(&s);
	if (status == EXIT_DONE)
		status = save_w(&s);
	arena_release(&s.arena);
	return status;
}
