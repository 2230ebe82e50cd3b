/*
 * Reads the tables of a store, by SQL of its own, and tells what
 * scheduler-spec section 4 forbids: a slot in no place or in two, a run or a
 * range of what is no slot.
 */
#ifndef UNIT_LEDGERCHECK_H
#define UNIT_LEDGERCHECK_H

#include "lib/base/compat.h"

#include <sqlite3.h>

#include "lib/base/err.h"
#include "lib/store/ledger.h"

struct ledger_check {
	sqlite3 *db;
	int64_t schedule, w;
	long wrong;
};

static inline void
check_complain(struct ledger_check *c, const char *what, int64_t t)
{
	if (c->wrong++ == 0)
		printf("# schedule %lld at %lld: %s\n",
		    (long long)c->schedule, (long long)t, what);
}

static inline sqlite3_stmt *
check_prepare(struct ledger_check *c, const char *sql)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(c->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		printf("# %s: %s\n", sql, sqlite3_errmsg(c->db)), abort();
	return stmt;
}

/* A number by the schedule and an instant; 0 of none. */
static inline int64_t
check_number(sqlite3_stmt *stmt, int64_t schedule, int64_t t)
{
	int64_t number = 0;

	sqlite3_bind_int64(stmt, 1, schedule);
	sqlite3_bind_int64(stmt, 2, t);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		number = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return number;
}

/* How the places are asked for. */
struct check_places {
	sqlite3_stmt *run, *queue, *skipped, *range_gen;
};

/* Slots of a definition that it owns: after `from`, up to `until`. */
static inline void
check_owned(struct ledger_check *c, struct check_places *p,
    const struct definition *d, int64_t from, int64_t until)
{
	int64_t t = from, places, runs, gen;

	while (slots_next(&d->slots, t, &t) && t <= until) {
		runs = check_number(p->run, c->schedule, t);
		places = check_number(p->queue, c->schedule, t);
		if (runs > 0) {
			if (places > 0)
				check_complain(c, "has a run and waits", t);
			continue;
		}
		places += check_number(p->skipped, c->schedule, t);
		if (places != 1)
			check_complain(c, places == 0 ? "is nowhere" :
			    "is in two places", t);
		gen = check_number(p->range_gen, c->schedule, t);
		if (gen != 0 && gen != d->gen)
			check_complain(c, "is skipped as another's", t);
	}
}

/* A definition as the schedule's row number `n` has it. */
static inline bool
check_definition(struct ledger_check *c, sqlite3_stmt *stmt,
    struct definition *d, int64_t *activated_at)
{
	struct ledger_definition row;

	if (sqlite3_step(stmt) != SQLITE_ROW)
		return false;
	memset(&row, 0, sizeof(row));
	row.gen = sqlite3_column_int64(stmt, 0);
	*activated_at = sqlite3_column_int64(stmt, 1);
	row.when = (const char *)sqlite3_column_text(stmt, 2);
	row.timezone = (const char *)sqlite3_column_text(stmt, 3);
	row.has_start = sqlite3_column_type(stmt, 4) != SQLITE_NULL;
	row.start = sqlite3_column_int64(stmt, 4);
	row.has_end = sqlite3_column_type(stmt, 5) != SQLITE_NULL;
	row.end = sqlite3_column_int64(stmt, 5);
	if (ledger_compile(&row, d) != EXIT_DONE)
		check_complain(c, "has a bad definition", row.gen);
	return true;
}

/* Each slot between the first activation and w is in one place. */
static inline void
check_places(struct ledger_check *c)
{
	sqlite3_stmt *stmt = check_prepare(c, "SELECT gen, activated_at,"
	    " expression, timezone, starts, ends FROM definitions"
	    " WHERE schedule = ?1 ORDER BY gen");
	struct check_places p = {
		check_prepare(c, "SELECT count(*) FROM slots WHERE"
		    " schedule = ?1 AND kickoff = ?2 AND attempt = 0"),
		check_prepare(c, "SELECT count(*) FROM queue WHERE"
		    " schedule = ?1 AND kickoff = ?2"),
		check_prepare(c, "SELECT count(*) FROM skipped WHERE"
		    " schedule = ?1 AND first <= ?2 AND last >= ?2"),
		check_prepare(c, "SELECT gen FROM skipped WHERE"
		    " schedule = ?1 AND first <= ?2 AND last >= ?2")
	};
	struct definition old, d;
	int64_t from, until;
	bool any = false;

	sqlite3_bind_int64(stmt, 1, c->schedule);
	while (check_definition(c, stmt, &d, &until)) {
		if (any)
			check_owned(c, &p, &old, from, until);
		old = d;
		from = until;
		any = true;
	}
	if (any)
		check_owned(c, &p, &old, from, c->w);
	sqlite3_finalize(stmt);
	sqlite3_finalize(p.run);
	sqlite3_finalize(p.queue);
	sqlite3_finalize(p.skipped);
	sqlite3_finalize(p.range_gen);
}

/* What can be said by a query that finds nothing. */
static const struct {
	const char *what, *sql;
} check_queries[] = {
	{ "skipped ranges overlap", "SELECT a.first FROM skipped AS a"
	    " JOIN skipped AS b ON a.schedule = b.schedule"
	    "  AND b.first > a.first AND b.first <= a.last"
	    " WHERE a.schedule = ?1" },
	{ "a range ends before it begins",
	    "SELECT first FROM skipped WHERE schedule = ?1 AND last < first" },
	{ "something beyond w is skipped", "SELECT last FROM skipped JOIN"
	    " schedules ON number = schedule WHERE schedule = ?1"
	    "  AND last > w" },
	{ "something beyond w waits", "SELECT kickoff FROM queue JOIN"
	    " schedules ON number = schedule WHERE schedule = ?1"
	    "  AND kickoff > w" },
	{ "waits though it is not active", "SELECT kickoff FROM queue JOIN"
	    " schedules ON number = schedule WHERE schedule = ?1"
	    "  AND state <> 'active'" },
	{ "a wake-up though it is not active", "SELECT next_at FROM schedules"
	    " WHERE number = ?1 AND state <> 'active'"
	    "  AND next_at IS NOT NULL" },
	{ "a run without its row", "SELECT slots.kickoff FROM slots LEFT JOIN"
	    " runs ON id = run WHERE slots.schedule = ?1 AND id IS NULL"
	    "  AND outcome IS NULL" },
	{ "a run of another slot", "SELECT slots.kickoff FROM slots"
	    " JOIN runs ON id = run JOIN schedules AS s"
	    "  ON s.number = slots.schedule WHERE slots.schedule = ?1"
	    "  AND (runs.schedule <> s.name OR runs.gen <> slots.gen"
	    "   OR runs.kickoff <> slots.kickoff)" },
	{ "attempts are missing", "SELECT kickoff FROM slots"
	    " WHERE schedule = ?1 GROUP BY kickoff"
	    " HAVING count(*) <> max(attempt) + 1" },
	{ "a seen entry waits for nothing", "SELECT kickoff FROM queue"
	    " WHERE schedule = ?1 AND seen AND NOT EXISTS (SELECT 1 FROM runs"
	    "  WHERE runs.schedule = (SELECT name FROM schedules"
	    "   WHERE number = ?1) AND gen IS NOT NULL"
	    "   AND origin <> 'backfill' AND status IN"
	    "    ('pending', 'running'))"
	    " AND (SELECT next_at FROM schedules WHERE number = ?1) > 0" },
	{ "the next wake-up is not in the future", "SELECT next_at"
	    " FROM schedules WHERE number = ?1 AND next_at <> 0"
	    "  AND next_at <= w" },
};

static inline void
check_all_queries(struct ledger_check *c)
{
	sqlite3_stmt *stmt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(check_queries); i++) {
		stmt = check_prepare(c, check_queries[i].sql);
		sqlite3_bind_int64(stmt, 1, c->schedule);
		if (sqlite3_step(stmt) == SQLITE_ROW)
			check_complain(c, check_queries[i].what,
			    sqlite3_column_int64(stmt, 0));
		sqlite3_finalize(stmt);
	}
}

/* What the timer started are slots of the definitions that say so. */
static inline void
check_started(struct ledger_check *c)
{
	sqlite3_stmt *stmt = check_prepare(c, "SELECT d.gen, s.kickoff,"
	    " expression, timezone, starts, ends FROM slots AS s"
	    " JOIN definitions AS d ON d.gen = s.gen"
	    " WHERE s.schedule = ?1 AND origin = 'timer'");
	struct definition d;
	int64_t t, next;

	sqlite3_bind_int64(stmt, 1, c->schedule);
	while (check_definition(c, stmt, &d, &t))
		if (!slots_next(&d.slots, t - 1, &next) || next != t)
			check_complain(c, "was started though it is no slot",
			    t);
	sqlite3_finalize(stmt);
}

/* All schedules of the store. */
static inline bool
ledger_is_sound(const char *file)
{
	struct ledger_check c = { NULL, 0, 0, 0 };
	sqlite3_stmt *stmt;

	if (sqlite3_open_v2(file, &c.db, SQLITE_OPEN_READWRITE, NULL) !=
	    SQLITE_OK)
		return false;
	stmt = check_prepare(&c, "SELECT number, w FROM schedules");
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		c.schedule = sqlite3_column_int64(stmt, 0);
		c.w = sqlite3_column_int64(stmt, 1);
		check_places(&c);
		check_started(&c);
		check_all_queries(&c);
	}
	sqlite3_finalize(stmt);
	sqlite3_close(c.db);
	return c.wrong == 0;
}

#endif
