/*
 * The store of the local target: `store.db` (SQLite, WAL) with a row for each
 * run and node, beside it a directory for each run. A row is written before
 * its directory is made and removed before it is removed, so a directory
 * without a row is rubbish and a row without one has not begun.
 *
 * Every function prints what went wrong and returns EXIT_LOCAL for the disk
 * and the database, EXIT_CONFLICT for what is not there. No other module
 * knows SQL.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/deployed.h"
#include "lib/model/run.h"

struct store;
struct strvec;

enum store_mode { STORE_READ, STORE_WRITE };

enum { STORE_SCHEMA = 4 };

/*
 * Opens the store in `dir`; with STORE_WRITE it is made if it is not there
 * (with a .gitignore of `*`), with STORE_READ a missing one is *store = NULL
 * and EXIT_DONE: nothing was ever run. Older schemas are migrated; a newer one
 * and a damaged file are refused and left as they are.
 */
enum status store_open(struct store **store, const char *dir,
    enum store_mode mode);
void store_close(struct store *store);

/* The store's directory, absolute. */
const char *store_dir(const struct store *store);

/* Paths below it; the caller frees. */
char *store_run_dir(const struct store *store, const char *id);
char *store_owner_path(const struct store *store, const char *owner);

/* The process that executes a run: known by its lock, ended by its pid. */
struct owner {
	char id[RUN_ID_LEN + 1];
	int64_t pid;
	int64_t pid_start;	/* as process_start_time has it */
};

/*
 * Writes a new run with its nodes, pending, of that owner (NULL: nobody's).
 * Its id is made here ('r' and 19 random hex digits) and put into run->id,
 * owned by it; created_at is now unless it is given. With retry_of of a run
 * of a schedule it takes schedule and kickoff from that one; the retry of a
 * slot's run is the slot's next attempt, with the id that goes with it.
 */
enum status store_create_run(struct store *store, struct run *run,
    const struct owner *owner, const char *const *nodes, size_t n_nodes);

/*
 * Takes the run for this owner by compare-and-set: only if it is pending and
 * nobody's, or was `former`'s (NULL: nobody). It is running from then on.
 * *taken says whether it was.
 */
enum status store_claim_run(struct store *store, const char *id,
    const struct owner *owner, const char *former, bool *taken);

/*
 * Writes a run's end: status, error, outputs (JSON), ended_at = now. From
 * then on it is nobody's. EXIT_CONFLICT if it had ended already.
 */
enum status store_end_run(struct store *store, const char *id,
    enum run_status status, const char *error, const char *outputs);

/*
 * Ends it as aborted, its running nodes too, only if it has not ended and is
 * nobody's or `former`'s.
 */
enum status store_abort_run(struct store *store, const char *id,
    const char *former, const char *error, bool *done);

/* Of an aborted run whose error is `error`, that becomes `cause`. */
enum status store_note_cause(struct store *store, const char *id,
    const char *error, const char *cause);

/* Notes that somebody wants the run stopped. */
enum status store_request_stop(struct store *store, const char *id);
enum status store_stop_requested(struct store *store, const char *id,
    bool *requested);

/* Writes what a node is now; the process group of a running attempt too. */
enum status store_update_node(struct store *store, const char *run,
    const struct node_run *node, int64_t pgid, int64_t pgid_start);

/* The run's row, its nodes in plan order; EXIT_CONFLICT if there is none. */
enum status store_get_run(struct store *store, const char *id,
    struct run_detail *detail);

/* Who owns it (id empty: nobody), and the group its running nodes have. */
struct run_owner {
	struct owner owner;
	struct { int64_t pgid, start; } group[16];
	size_t n_groups;
};
enum status store_get_owner(struct store *store, const char *id,
    struct run_owner *owner);

/* A run's outputs as JSON text for the caller to free; NULL if none. */
enum status store_get_outputs(struct store *store, const char *id,
    char **outputs);

/*
 * Rows that pass the filter, newest first. A status of RUN_INTERRUPTED or
 * RUN_RUNNING passes pending and running rows alike: whether an owner lives is
 * not the database's to know, so each row's owner comes along. `each` may
 * write to the store.
 */
enum status store_list_runs(struct store *store,
    const struct run_filter *filter,
    enum status (*each)(void *arg, const struct run *run,
	const char *owner), void *arg);

/* Ids that begin with `prefix`, at most `max`, newest first, into `ids`. */
struct strvec;
enum status store_find_runs(struct store *store, const char *prefix,
    long max, struct strvec *ids);

/* The newest succeeded run whose outputs have that member; NULL if none. */
enum status store_newest_with(struct store *store, const char *output,
    char **id);

/* Writes a version down unless one of that name is there: *added is false. */
enum status store_add_version(struct store *store,
    const struct deployed *deployed, bool *added);

/* *deployed is to be released whether or not it was found. */
enum status store_find_version(struct store *store, const char *version,
    bool *found, struct deployed *deployed);

/* All versions, the newest first, until `each` fails. */
enum status store_list_versions(struct store *store,
    enum status (*each)(void *arg, const struct deployed *deployed),
    void *arg);

/*
 * The succeeded training run whose metrics.test.METRIC is highest, the newer of
 * equals; NULL if no run has that metric.
 */
enum status store_best_run(struct store *store, const char *metric,
    char **id);

/* Removes the rows of a run that has ended; *done false if it has not. */
enum status store_delete_run(struct store *store, const char *id,
    bool *done);

#endif
