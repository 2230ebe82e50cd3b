/*
 * Definitions: a row for each that was ever in force, in the words of the app
 * file, so that a slot of last year is judged by what it was defined by.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/xalloc.h"
#include "lib/schedule/zone.h"
#include "lib/store/ledgerrow.h"
#include "lib/store/row.h"
#include "lib/store/sql.h"

static const char insert_definition[] =
    "INSERT INTO definitions (schedule, activated_at, version, model,"
    "  expression, timezone, starts, ends, offset, catchup, window, overlap,"
    "  keys)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, CASE WHEN ?7 THEN ?8 END,"
    "  CASE WHEN ?9 THEN ?10 END, ?11, ?12, ?13, ?14, ?15)";

static const char select_definitions[] =
    "SELECT " LEDGER_DEFINITION_COLUMNS " FROM definitions AS d"
    " WHERE d.schedule = ?1 ORDER BY d.gen";

static const char select_definition[] =
    "SELECT " LEDGER_DEFINITION_COLUMNS " FROM definitions AS d"
    " WHERE d.gen = ?1";

static const char *const catchups[] = {
	[POLICY_CATCHUP_NONE] = "none", [POLICY_CATCHUP_LATEST] = "latest",
	[POLICY_CATCHUP_ALL] = "all",
};

static const char *const overlaps[] = {
	[POLICY_ALLOW] = "allow", [POLICY_SKIP] = "skip",
	[POLICY_QUEUE] = "queue", [POLICY_REPLACE] = "replace",
};

const char *
ledger_text(struct arena *arena, sqlite3_stmt *stmt, int i)
{
	const char *text = row_text(stmt, i);

	return text != NULL && arena != NULL ? arena_strdup(arena, text) :
	    text;
}

void *
ledger_to_arena(struct arena *arena, void *v, size_t n, size_t size)
{
	void *copy = arena_array(arena, n + 1, size);

	if (n > 0)
		memcpy(copy, v, n * size);
	free(v);
	return copy;
}

enum status
ledger_need_row(struct store *store, sqlite3_stmt *stmt)
{
	enum status status;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, stmt, &row);
	if (status == EXIT_DONE && !row)
		return sql_damaged(store, "a row that others point to is "
		    "missing");
	return status;
}

/* The place of the word among `n` of them; -1 after a message. */
static int
read_word(struct store *store, sqlite3_stmt *stmt, int i,
    const char *const *words, size_t n)
{
	const char *word = row_text(stmt, i);
	size_t k;

	for (k = 0; k < n && word != NULL; k++)
		if (strcmp(words[k], word) == 0)
			return (int)k;
	sql_damaged(store, "a definition says '%s'", word != NULL ? word : "");
	return -1;
}

/* What the engine can reckon with: the app file's own limits. */
static bool
is_sane(const struct ledger_definition *d)
{
	static const int64_t longest = INT64_MAX / 1000000000;

	return d->start >= SLOT_FIRST && d->start <= SLOT_LAST + 1 &&
	    d->end >= SLOT_FIRST && d->end <= SLOT_LAST + 1 &&
	    d->offset >= 0 && d->offset <= longest + 1 &&
	    d->window >= 0 && d->window <= longest;
}

enum status
ledger_read_definition(struct store *store, struct arena *arena,
    sqlite3_stmt *stmt, int first, struct ledger_definition *d)
{
	int catchup, overlap;

	memset(d, 0, sizeof(*d));
	d->gen = sqlite3_column_int64(stmt, first);
	d->activated_at = sqlite3_column_int64(stmt, first + 1);
	d->version = ledger_text(arena, stmt, first + 2);
	d->model = ledger_text(arena, stmt, first + 3);
	d->when = ledger_text(arena, stmt, first + 4);
	d->timezone = ledger_text(arena, stmt, first + 5);
	d->has_start = sqlite3_column_type(stmt, first + 6) != SQLITE_NULL;
	d->start = sqlite3_column_int64(stmt, first + 6);
	d->has_end = sqlite3_column_type(stmt, first + 7) != SQLITE_NULL;
	d->end = sqlite3_column_int64(stmt, first + 7);
	d->offset = sqlite3_column_int64(stmt, first + 8);
	d->window = sqlite3_column_int64(stmt, first + 10);
	d->keys = ledger_text(arena, stmt, first + 12);
	if (d->version == NULL || d->when == NULL || d->keys == NULL)
		return sql_damaged(store, "definition %lld lacks its version, "
		    "expression or keys", (long long)d->gen);
	if (!is_sane(d))
		return sql_damaged(store, "definition %lld has a time out of "
		    "range", (long long)d->gen);
	catchup = read_word(store, stmt, first + 9, catchups,
	    ARRAY_SIZE(catchups));
	if (catchup < 0)
		return EXIT_LOCAL;
	overlap = read_word(store, stmt, first + 11, overlaps,
	    ARRAY_SIZE(overlaps));
	if (overlap < 0)
		return EXIT_LOCAL;
	d->catchup = (enum policy_catchup)catchup;
	d->overlap = (enum policy_overlap)overlap;
	return EXIT_DONE;
}

enum status
ledger_add_definition(struct store *store, int64_t schedule,
    struct ledger_definition *d)
{
	enum status status;

	status = sql_write(store, NULL, insert_definition, SQL_ARGS(
	    sql_int(schedule), sql_int(d->activated_at), sql_text(d->version),
	    sql_text(d->model), sql_text(d->when), sql_text(d->timezone),
	    sql_int(d->has_start), sql_int(d->start), sql_int(d->has_end),
	    sql_int(d->end), sql_int(d->offset),
	    sql_text(catchups[d->catchup]), sql_int(d->window),
	    sql_text(overlaps[d->overlap]), sql_text(d->keys)));
	if (status == EXIT_DONE)
		d->gen = sqlite3_last_insert_rowid(store->db);
	return status;
}

enum status
ledger_definitions(struct store *store, struct arena *arena, int64_t schedule,
    struct ledger_definition **definition, size_t *n)
{
	sqlite3_stmt *stmt = sql_query(store, select_definitions,
	    SQL_ARGS(sql_int(schedule)));
	struct ledger_definition *v = NULL;
	enum status status;
	size_t cap = 0;
	bool row;

	*n = 0;
	if (stmt == NULL)
		return EXIT_LOCAL;
	while ((status = sql_step(store, stmt, &row)) == EXIT_DONE && row) {
		ALLOC_GROW(v, *n, cap);
		status = ledger_read_definition(store, arena, stmt, 0,
		    &v[*n]);
		if (status != EXIT_DONE)
			break;
		++*n;
	}
	sqlite3_reset(stmt);
	*definition = ledger_to_arena(arena, v, *n, sizeof(*v));
	return status;
}

enum status
ledger_definition(struct store *store, struct arena *arena, int64_t gen,
    struct ledger_definition *definition)
{
	sqlite3_stmt *stmt = sql_query(store, select_definition,
	    SQL_ARGS(sql_int(gen)));
	enum status status = ledger_need_row(store, stmt);

	if (status == EXIT_DONE)
		status = ledger_read_definition(store, arena, stmt, 0,
		    definition);
	if (stmt != NULL)
		sqlite3_reset(stmt);
	return status;
}

/* A rate is a length of time, which no expression looks like. */
static bool
parse_when(const char *when, struct expression *expression)
{
	struct cron_error err;
	const char *why;

	memset(expression, 0, sizeof(*expression));
	if (!span_parse(when, &expression->every, &why))
		return expression_parse(when, expression, &err);
	expression->dialect = DIALECT_EVERY;
	return expression->every.sec > 0 && expression->every.nsec == 0;
}

enum status
ledger_compile(const struct ledger_definition *from, struct definition *d)
{
	const char *zone = from->timezone != NULL ? from->timezone : "UTC";
	const char *why;

	memset(d, 0, sizeof(*d));
	d->gen = from->gen;
	d->offset = from->offset;
	d->window = from->window;
	d->catchup = from->catchup;
	d->overlap = from->overlap;
	d->slots.rule = DST_ONCE;
	d->slots.has_start = from->has_start;
	d->slots.start = from->start;
	d->slots.has_end = from->has_end;
	d->slots.end = from->end;
	if (!parse_when(from->when, &d->slots.expression))
		return error(EXIT_LOCAL, "the store has a schedule with the "
		    "expression '%s', which is none", from->when);
	if (d->slots.expression.dialect == DIALECT_EVERY)
		return EXIT_DONE;
	d->slots.zone = zone_find(zone, &why);
	if (d->slots.zone == NULL)
		return error(EXIT_LOCAL, "the time zone '%s' of a schedule "
		    "%s", zone, why);
	return EXIT_DONE;
}
