/*
 * What became of slots, for whoever looks back: those with runs, and the
 * ranges that were skipped.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/xalloc.h"
#include "lib/store/ledgerrow.h"
#include "lib/store/row.h"
#include "lib/store/sql.h"

/* Of each slot the first attempt is read first, the last one counts. */
static const char select_slots[] =
    "SELECT l.kickoff, l.attempt, l.run, coalesce(r.status, l.outcome),"
    "  r.owner, coalesce(r.error, l.error), l.created_at, d.version, l.gen,"
    "  l.origin FROM slots AS l"
    " LEFT JOIN runs AS r ON r.id = l.run"
    " LEFT JOIN definitions AS d ON d.gen = l.gen"
    " WHERE l.schedule = ?1 AND l.kickoff >= ?2 AND l.kickoff < ?3"
    " ORDER BY l.kickoff, l.attempt";

/* Ranges do not overlap: of those that begin before, the last may reach in. */
static const char select_skipped[] =
    "SELECT first, last, gen, reason, run FROM skipped"
    " WHERE schedule = ?1 AND first < ?3 AND last >= ?2 AND first >="
    "  coalesce((SELECT max(first) FROM skipped"
    "   WHERE schedule = ?1 AND first <= ?2), ?2)"
    " ORDER BY first";

static enum status
read_slot(struct store *store, struct arena *arena, sqlite3_stmt *stmt,
    struct ledger_slot *slot)
{
	enum status status;

	slot->run = ledger_text(arena, stmt, 2);
	if (slot->run == NULL || !row_id_is_sane(slot->run))
		return sql_damaged(store, "a slot has the run '%s'",
		    slot->run != NULL ? slot->run : "");
	status = row_status(store, stmt, 3, &slot->status);
	if (status == EXIT_DONE)
		status = ledger_read_origin(store, stmt, 9, &slot->origin);
	if (status != EXIT_DONE)
		return status;
	slot->attempts++;
	slot->owner = ledger_text(arena, stmt, 4);
	slot->error = ledger_text(arena, stmt, 5);
	if (slot->attempts > 1)
		return EXIT_DONE;
	slot->t = sqlite3_column_int64(stmt, 0);
	slot->first_at = sqlite3_column_int64(stmt, 6);
	slot->version = ledger_text(arena, stmt, 7);
	slot->gen = sqlite3_column_int64(stmt, 8);
	if (slot->version == NULL)
		return sql_damaged(store, "a slot has no definition");
	return EXIT_DONE;
}

enum status
ledger_slots(struct store *store, struct arena *arena, int64_t schedule,
    int64_t from, int64_t to, struct ledger_slot **slot, size_t *n)
{
	sqlite3_stmt *stmt = sql_query(store, select_slots, SQL_ARGS(
	    sql_int(schedule), sql_int(from), sql_int(to)));
	struct ledger_slot *v = NULL;
	enum status status;
	size_t cap = 0;
	bool row;

	*n = 0;
	if (stmt == NULL)
		return EXIT_LOCAL;
	while ((status = sql_step(store, stmt, &row)) == EXIT_DONE && row) {
		if (*n == 0 || v[*n - 1].t != sqlite3_column_int64(stmt, 0)) {
			ALLOC_GROW(v, *n, cap);
			memset(&v[*n], 0, sizeof(*v));
			++*n;
		}
		status = read_slot(store, arena, stmt, &v[*n - 1]);
		if (status != EXIT_DONE)
			break;
	}
	sqlite3_reset(stmt);
	*slot = ledger_to_arena(arena, v, *n, sizeof(*v));
	return status;
}

static enum status
read_reason(struct store *store, sqlite3_stmt *stmt, int i,
    enum skip_reason *reason)
{
	const char *name = row_text(stmt, i);
	int k;

	for (k = 0; k < SKIP_REASONS && name != NULL; k++) {
		if (strcmp(skip_reason_name((enum skip_reason)k), name) == 0) {
			*reason = (enum skip_reason)k;
			return EXIT_DONE;
		}
	}
	return sql_damaged(store, "slots were skipped for '%s'",
	    name != NULL ? name : "");
}

enum status
ledger_skipped(struct store *store, struct arena *arena, int64_t schedule,
    int64_t from, int64_t to, struct ledger_skipped **range, size_t *n)
{
	sqlite3_stmt *stmt = sql_query(store, select_skipped, SQL_ARGS(
	    sql_int(schedule), sql_int(from), sql_int(to)));
	struct ledger_skipped *v = NULL;
	enum status status;
	size_t cap = 0;
	bool row;

	*n = 0;
	if (stmt == NULL)
		return EXIT_LOCAL;
	while ((status = sql_step(store, stmt, &row)) == EXIT_DONE && row) {
		ALLOC_GROW(v, *n, cap);
		v[*n].first = sqlite3_column_int64(stmt, 0);
		v[*n].last = sqlite3_column_int64(stmt, 1);
		v[*n].gen = sqlite3_column_int64(stmt, 2);
		v[*n].run = ledger_text(arena, stmt, 4);
		status = read_reason(store, stmt, 3, &v[*n].reason);
		if (status != EXIT_DONE)
			break;
		++*n;
	}
	sqlite3_reset(stmt);
	*range = ledger_to_arena(arena, v, *n, sizeof(*v));
	return status;
}
