/*
 * What the files of the ledger share: rows of schedules and definitions as
 * structs. For the store's own files only.
 */
#ifndef STORE_LEDGERROW_H
#define STORE_LEDGERROW_H

#include "lib/base/compat.h"

#include <sqlite3.h>

#include "lib/store/ledger.h"

#define LEDGER_DEFINITION_COLUMNS \
	"d.gen, d.activated_at, d.version, d.model, d.expression," \
	" d.timezone, d.starts, d.ends, d.offset, d.catchup, d.window," \
	" d.overlap, d.keys"

/* In `stop_requested`: not by hand, but to make way for a newer slot. */
enum { LEDGER_REPLACED = 2 };

/* A text column, in the arena; without one valid until the next step. */
const char *ledger_text(struct arena *arena, sqlite3_stmt *stmt, int i);

/* The n elements, which are freed; never NULL. */
void *ledger_to_arena(struct arena *arena, void *v, size_t n, size_t size);

/* LEDGER_DEFINITION_COLUMNS from column `first` on. */
enum status ledger_read_definition(struct store *store, struct arena *arena,
    sqlite3_stmt *stmt, int first, struct ledger_definition *definition);

/* "timer" ..., as `runs` and `slots` have it. */
const char *ledger_origin_name(enum run_origin origin);
enum status ledger_read_origin(struct store *store, sqlite3_stmt *stmt, int i,
    enum run_origin *origin);

/* Steps to a row that must be there: what lacks it is damage. */
enum status ledger_need_row(struct store *store, sqlite3_stmt *stmt);

/* What a run stands for; attempt -1: for no slot. */
struct ledger_run_place {
	int64_t schedule;		/* number */
	const char *name, *app, *workflow, *version;
	int64_t gen, t;
	int attempt;
	enum run_origin origin;
};

/*
 * Writes the run, pending, nobody's, and the row of its slot; *number is the
 * run's.
 */
enum status ledger_insert_run(struct store *store,
    const struct ledger_run_place *place, char id[RUN_ID_LEN + 1],
    int64_t *number);

/* The row of a slot's run that is made otherwise; nothing waits for it now. */
enum status ledger_insert_slot(struct store *store,
    const struct ledger_run_place *place, const char *id, int64_t now);

/* The id of a run of a slot. */
enum status ledger_slot_id(struct store *store, const char *app,
    const char *schedule, int64_t t, int attempt, char id[RUN_ID_LEN + 1]);

/*
 * What a retry of that run stands for; not found if it was of no schedule.
 * workflow and version are not told.
 */
enum status ledger_retry_place(struct store *store, struct arena *arena,
    const char *id, bool *found, struct ledger_run_place *place);

/*
 * Before a run's row goes: how it ended stays with its slot. Within a
 * transaction.
 */
enum status ledger_keep_outcome(struct store *store, const char *id);

/*
 * After a run's end: its schedule is stepped soon if a slot waits for it.
 * Within a transaction.
 */
enum status ledger_poke(struct store *store, const char *id);

#endif
