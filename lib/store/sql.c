/*
 * What the store needs of SQLite, and what its errors mean to a person. An
 * error is told by its cause (full disk, damage, another program), never by
 * the number or the statement.
 */
#include "lib/base/compat.h"

#include "lib/store/sql.h"

static const char left_alone[] =
    "it was left as it is; put a copy of it back, or move it away to begin "
    "anew";

static const struct reason {
	int code;
	const char *what;	/* NULL: what the system says */
	const char *hint;
} reasons[] = {
	{ SQLITE_NOTADB, "it is not a SQLite database", left_alone },
	{ SQLITE_FULL, "the disk is full",
	    "free some space there and try again; what was stored is kept" },
	{ SQLITE_BUSY, "another program has held it for more than 10s",
	    "try again; 'fuser -v' on the file tells which program it is" },
	{ SQLITE_PROTOCOL, "other programs have held it for more than 10s",
	    "try again; 'fuser -v' on the file tells which programs" },
	{ SQLITE_READONLY, "it cannot be written",
	    "its file and directory must be writable" },
	{ SQLITE_CANTOPEN, NULL,
	    "SQLite writes beside it even to read: file and directory must "
	    "be writable" },
	{ SQLITE_IOERR, NULL,
	    "check the disk and its free space; what was stored is kept" },
	{ SQLITE_NOMEM, "out of memory", NULL },
};

static const struct reason *
find_reason(int code)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].code == (code & 0xff))
			return &reasons[i];
	return NULL;
}

enum status
sql_fail(struct store *store, const char *doing)
{
	int code = sqlite3_extended_errcode(store->db);
	int system = sqlite3_system_errno(store->db);
	const struct reason *reason = find_reason(code);
	const char *what = reason ? reason->what : NULL;

	/* No table or column of that name: somebody else changed the schema. */
	if ((code & 0xff) == SQLITE_CORRUPT || (code == SQLITE_ERROR &&
	    strncmp(sqlite3_errmsg(store->db), "no such ", 8) == 0))
		return sql_damaged(store, "%s", sqlite3_errmsg(store->db));
	if (what == NULL && reason != NULL && system != 0)
		what = strerror(system);
	if (what == NULL)
		what = sqlite3_errmsg(store->db);
	error(EXIT_LOCAL, "cannot %s store '%s': %s", doing, store->path,
	    what);
	if (reason != NULL && reason->hint != NULL)
		hint("%s", reason->hint);
	return EXIT_LOCAL;
}

enum status
sql_damaged(struct store *store, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	error(EXIT_LOCAL, "store '%s' is damaged: %s", store->path, what);
	hint("%s", left_alone);
	hint("'.recover' of the sqlite3 shell may save its rows");
	return EXIT_LOCAL;
}

static const char *
doing(sqlite3_stmt *stmt)
{
	return stmt != NULL && sqlite3_stmt_readonly(stmt) ? "read" : "write";
}

sqlite3_stmt *
sql_prepare(struct store *store, const char *sql)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &stmt, NULL) == SQLITE_OK)
		return stmt;
	sql_fail(store, "read");
	return NULL;
}

enum status
sql_bind(struct store *store, sqlite3_stmt *stmt, const struct sql_arg *arg,
    size_t n)
{
	int code, column;

	for (column = 1; (size_t)column <= n; column++, arg++) {
		if (arg->is_null)
			code = sqlite3_bind_null(stmt, column);
		else if (arg->is_text)
			code = sqlite3_bind_text64(stmt, column, arg->text,
			    strlen(arg->text), SQLITE_TRANSIENT, SQLITE_UTF8);
		else
			code = sqlite3_bind_int64(stmt, column, arg->integer);
		if (code == SQLITE_TOOBIG)
			return error(EXIT_LOCAL, "cannot write store '%s': "
			    "a text of %zu bytes is too long", store->path,
			    strlen(arg->text));
		if (code != SQLITE_OK)
			return sql_fail(store, doing(stmt));
	}
	return EXIT_DONE;
}

static sqlite3_stmt *
find_cached(struct store *store, const char *sql)
{
	sqlite3_stmt *stmt;
	size_t i;

	for (i = 0; i < store->n_cached; i++)
		if (store->cached[i].sql == sql)
			return store->cached[i].stmt;
	if (store->n_cached == SQL_CACHED)
		BUG("more than %d kinds of statement", SQL_CACHED);
	stmt = sql_prepare(store, sql);
	if (stmt != NULL) {
		store->cached[store->n_cached].sql = sql;
		store->cached[store->n_cached++].stmt = stmt;
	}
	return stmt;
}

sqlite3_stmt *
sql_query(struct store *store, const char *sql, const struct sql_arg *arg,
    size_t n)
{
	sqlite3_stmt *stmt = find_cached(store, sql);

	if (stmt == NULL)
		return NULL;
	sqlite3_reset(stmt);
	if (sql_bind(store, stmt, arg, n) != EXIT_DONE)
		return NULL;
	return stmt;
}

enum status
sql_step(struct store *store, sqlite3_stmt *stmt, bool *row)
{
	enum status status = EXIT_DONE;
	int code = sqlite3_step(stmt);

	*row = code == SQLITE_ROW;
	if (*row)
		return EXIT_DONE;
	if (code != SQLITE_DONE)
		status = sql_fail(store, doing(stmt));
	sqlite3_reset(stmt);
	return status;
}

enum status
sql_write(struct store *store, int *changes, const char *sql,
    const struct sql_arg *arg, size_t n)
{
	sqlite3_stmt *stmt = sql_query(store, sql, arg, n);
	enum status status;
	bool row;

	if (stmt == NULL)
		return EXIT_LOCAL;
	status = sql_step(store, stmt, &row);
	if (row)
		BUG("a write yields rows: %s", sql);
	if (changes != NULL)
		*changes = status == EXIT_DONE ? sqlite3_changes(store->db) :
		    0;
	return status;
}

enum status
sql_script(struct store *store, const char *doing_what, const char *sql)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return sql_fail(store, doing_what);
	return EXIT_DONE;
}

enum status
sql_begin(struct store *store)
{
	return sql_write(store, NULL, "BEGIN IMMEDIATE", NULL, 0);
}

enum status
sql_end(struct store *store, enum status status)
{
	if (status == EXIT_DONE)
		status = sql_script(store, "write", "COMMIT");
	/* Full disks and the like undo by themselves. */
	if (status != EXIT_DONE && !sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return status;
}
