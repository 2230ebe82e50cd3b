/*
 * SQLite as the store's files use it: statements kept by their text,
 * arguments with a type, transactions, and one place where an error code of
 * SQLite becomes a sentence. For the store's own files only.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "lib/base/compat.h"

#include <sqlite3.h>

#include "lib/base/err.h"

enum { SQL_CACHED = 128, SQL_BUSY_MS = 10000 };

struct store {
	sqlite3 *db;
	char *dir;		/* absolute */
	char *path;		/* store.db, as messages name it */
	struct {
		const char *sql;
		sqlite3_stmt *stmt;
	} cached[SQL_CACHED];
	size_t n_cached;
};

struct sql_arg {
	bool is_text, is_null;
	const char *text;
	int64_t integer;
};

/* NULL is SQL's NULL. */
static inline struct sql_arg
sql_text(const char *text)
{
	struct sql_arg arg = { true, text == NULL, text, 0 };

	return arg;
}

static inline struct sql_arg
sql_int(int64_t integer)
{
	struct sql_arg arg = { false, false, NULL, integer };

	return arg;
}

/* For times, pids and the like, where 0 says that there is none. */
static inline struct sql_arg
sql_int_or_null(int64_t integer)
{
	struct sql_arg arg = { false, integer == 0, NULL, integer };

	return arg;
}

#define SQL_ARGS(...) (const struct sql_arg[]){ __VA_ARGS__ }, \
	ARRAY_SIZE(((const struct sql_arg[]){ __VA_ARGS__ }))

/*
 * Says why the last call of SQLite failed: `cannot DOING store 'PATH': ...`
 * with the next step below. Always EXIT_LOCAL.
 */
enum status sql_fail(struct store *store, const char *doing);

/* Says that the store holds what no version of this program writes. */
enum status sql_damaged(struct store *store, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/*
 * The statement with its arguments, ready for sql_step; NULL after a message.
 * It is kept with the store: `sql` must be static text.
 */
sqlite3_stmt *sql_query(struct store *store, const char *sql,
    const struct sql_arg *arg, size_t n);

/* One that the caller finalizes. */
sqlite3_stmt *sql_prepare(struct store *store, const char *sql);
enum status sql_bind(struct store *store, sqlite3_stmt *stmt,
    const struct sql_arg *arg, size_t n);

/* The next row, if there is one; else the statement is reset. */
enum status sql_step(struct store *store, sqlite3_stmt *stmt, bool *row);

/* Runs a statement that yields no rows; `changes` may be NULL. */
enum status sql_write(struct store *store, int *changes, const char *sql,
    const struct sql_arg *arg, size_t n);

/* Runs statements without arguments that are not worth keeping. */
enum status sql_script(struct store *store, const char *doing,
    const char *sql);

/*
 * Write transactions take their lock at once (BEGIN IMMEDIATE): one that
 * began by reading could not wait for its turn to write.
 */
enum status sql_begin(struct store *store);

/* Commits if `status` is EXIT_DONE, else undoes; returns the outcome. */
enum status sql_end(struct store *store, enum status status);

#endif
