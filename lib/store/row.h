/*
 * Rows of the store as structs. For the store's own files only.
 */
#ifndef STORE_ROW_H
#define STORE_ROW_H

#include "lib/base/compat.h"

#include <sqlite3.h>

#include "lib/base/err.h"
#include "lib/model/run.h"

struct arena;
struct store;
struct strvec;

/* What row_run takes; the two behind it are for lists and for nodes. */
#define ROW_RUN_COLUMNS \
	"id, workflow, status, created_at, started_at, ended_at, schedule," \
	" kickoff, app_version, retry_of, model, inputs, error, owner, number"

enum { ROW_RUN_OWNER = 13, ROW_RUN_NUMBER = 14 };

/* A column as text, valid until the next step; NULL where it is. */
const char *row_text(sqlite3_stmt *stmt, int i);

/* A copy in the arena; without one, for the caller to free. */
char *row_copy(struct arena *arena, const char *text);

/* Whether it is what ids look like: as long, of digits and small letters. */
bool row_id_is_sane(const char *id);

/* The id in column 0, valid until the next step; NULL after a message. */
const char *row_id(struct store *store, sqlite3_stmt *stmt);

/* Steps through the rows and pushes the id in column 0 of each. */
enum status row_push_ids(struct store *store, sqlite3_stmt *stmt,
    struct strvec *ids);

enum status row_status(struct store *store, sqlite3_stmt *stmt, int i,
    enum run_status *status);

/* Copies the row into *run, as row_copy. */
enum status row_run(struct store *store, sqlite3_stmt *stmt,
    struct arena *arena, struct run *run);

#endif
