/*
 * Schedules in the store: what is in force, what was, and what became of each
 * slot. Where a slot could be in several of the tables the first of these
 * counts: `slots` (it has runs), `queue` (it waits), `skipped` (ranges).
 *
 * Errors are as store.h has them. Everything here is called between
 * ledger_begin and ledger_end if it writes; texts read are in the arena given.
 */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/run.h"
#include "lib/model/scheduled.h"
#include "lib/schedule/policy.h"
#include "lib/store/store.h"

struct arena;
struct strvec;

/* A definition; the texts are as the app file has them. */
struct ledger_definition {
	int64_t gen;			/* set by ledger_add_definition */
	int64_t activated_at;		/* seconds: owns the slots after it */
	const char *version;
	const char *model;		/* run pinned by deploy; NULL */
	const char *when;		/* expression or rate */
	const char *timezone;		/* NULL: UTC */
	bool has_start, has_end;
	int64_t start, end;		/* seconds */
	int64_t offset, window;		/* seconds; window 0: unlimited */
	enum policy_catchup catchup;
	enum policy_overlap overlap;
	const char *keys;		/* what was declared, one JSON object */
};

struct ledger_schedule {
	int64_t number;
	const char *name, *app, *workflow;
	enum schedule_state state;
	int64_t since;			/* milliseconds */
	const char *who, *note;
	int64_t w;			/* as policy_state */
	bool has_next;
	int64_t next_at;		/* when a step has something to do */
	struct ledger_definition definition;	/* in force */
};

/*
 * A write transaction that is on the disk when it has ended: what was decided
 * must not be decided again after a power cut.
 */
enum status ledger_begin(struct store *store);

/* One that only reads, and all of it as of one instant. */
enum status ledger_begin_read(struct store *store);

enum status ledger_end(struct store *store, enum status status);

/* The schedule of that name, removed ones too. */
enum status ledger_find(struct store *store, struct arena *arena,
    const char *name, bool *found, struct ledger_schedule *schedule);

/* All, by name, removed ones too. `each` must not write. */
enum status ledger_list(struct store *store,
    enum status (*each)(void *arg, const struct ledger_schedule *schedule),
    void *arg);

/*
 * The newest run of each schedule that is there to be told of, by its name;
 * one query for all of them.
 */
enum status ledger_last_runs(struct store *store,
    enum status (*each)(void *arg, const struct run *run, const char *owner),
    void *arg);

/*
 * The names, at most `max`, of active schedules with something to do at `now`:
 * next_at has come, or w lies ahead because the clock went back.
 */
enum status ledger_due(struct store *store, int64_t now, size_t max,
    struct strvec *names);

/* The earliest next_at of all active schedules. */
enum status ledger_next_event(struct store *store, bool *any, int64_t *t);

/* Writes a new definition down and sets its gen. */
enum status ledger_add_definition(struct store *store, int64_t schedule,
    struct ledger_definition *definition);

/*
 * A new schedule without a definition, which must follow in the same
 * transaction; sets its number. One that is there (removed) keeps number and
 * record: use ledger_set.
 */
enum status ledger_add(struct store *store, struct ledger_schedule *schedule);

/* Writes gen, state, since, who, note, app, workflow, w and next_at. */
enum status ledger_set(struct store *store,
    const struct ledger_schedule *schedule);

/*
 * Definitions of a schedule, oldest first: each owns the slots after its
 * activated_at up to the next one's.
 */
enum status ledger_definitions(struct store *store, struct arena *arena,
    int64_t schedule, struct ledger_definition **definition, size_t *n);
enum status ledger_definition(struct store *store, struct arena *arena,
    int64_t gen, struct ledger_definition *definition);

/* As the policy takes it. EXIT_LOCAL if the system lost its time zone. */
enum status ledger_compile(const struct ledger_definition *from,
    struct definition *definition);

/*
 * The policy's state: w, active, the queue, and runs that have not ended, by
 * their rows' numbers. To be released by policy_release.
 */
enum status ledger_load(struct store *store,
    const struct ledger_schedule *schedule, struct policy_state *state);

/* As policy_step takes it; valid until ledger_end. */
struct ledger_runs {
	struct store *store;
	int64_t schedule;
	struct ledger ledger;
	enum status status;		/* EXIT_DONE unless a query failed */
};
void ledger_runs_init(struct ledger_runs *runs, struct store *store,
    int64_t schedule);

/*
 * Carries out what a step decided: writes runs of slots (pending, nobody's,
 * their id by slot_run_id; the state's running[run].id is set), asks those
 * to be cancelled to stop, writes skipped ranges, the queue, w and next_at
 * (of an inactive schedule none), into the row too.
 */
enum status ledger_save(struct store *store, struct ledger_schedule *schedule,
    const struct definition *definition, struct policy_state *state,
    const struct decisions *decisions);

/*
 * A run that no step started, pending, nobody's: of the slot `t` as attempt
 * `attempt`, or of none (attempt -1). *id is the caller's to free.
 */
enum status ledger_add_run(struct store *store,
    const struct ledger_schedule *schedule,
    const struct ledger_definition *definition, int64_t t, int attempt,
    enum run_origin origin, char **id);

/* The id of a run by its row's number, as `running` of a state has it. */
enum status ledger_run_id(struct store *store, struct arena *arena,
    int64_t number, const char **id);

/*
 * The clock went back: what is skipped later than that is dropped, and no
 * definition begins later. Part of ledger_save.
 */
enum status ledger_forget(struct store *store, int64_t schedule,
    int64_t after);

/* What is known of one slot that has runs. */
struct ledger_slot {
	int64_t t;
	int attempts;
	const char *run;		/* of the last attempt */
	enum run_status status;		/* of it; also when gc removed it */
	const char *owner;		/* of it; NULL: nobody */
	const char *error;
	int64_t first_at;		/* milliseconds: of attempt 0 */
	const char *version;		/* that owned it */
	int64_t gen;			/* of attempt 0 */
	enum run_origin origin;		/* of the last attempt */
};

struct ledger_skipped {
	int64_t first, last;
	int64_t gen;
	enum skip_reason reason;
	const char *run;		/* overlap: the one that went on */
};

/* In order of time, those with from <= t < to (of ranges: any part). */
enum status ledger_slots(struct store *store, struct arena *arena,
    int64_t schedule, int64_t from, int64_t to, struct ledger_slot **slot,
    size_t *n);
enum status ledger_skipped(struct store *store, struct arena *arena,
    int64_t schedule, int64_t from, int64_t to,
    struct ledger_skipped **range, size_t *n);

/*
 * Runs of schedules that are somebody's to begin: pending and nobody's, oldest
 * first, at most `max` ids.
 */
enum status ledger_pending(struct store *store, size_t max,
    struct strvec *ids);

/* Open runs of schedules that have an owner: to look whether it lives. */
enum status ledger_owned(struct store *store,
    enum status (*each)(void *arg, const char *id, const char *owner,
	int64_t gen, int resumed), void *arg);

/*
 * Failed runs whose `on_failure` has not come to its end: on record from the
 * end of the run on, in the same transaction. The owner is who runs it, or died
 * over it; `tries` is how often it was begun. Whoever takes it from a dead
 * owner does so by compare-and-set, and begins it once more.
 */
enum status ledger_untold(struct store *store,
    enum status (*each)(void *arg, const char *id, const char *owner,
	int64_t gen, int tries), void *arg);
enum status ledger_take_untold(struct store *store, const char *id,
    const struct owner *owner, const char *former, bool *taken);
enum status ledger_told(struct store *store, const char *id);

/* What a worker needs to know of a run of a schedule. */
struct ledger_run {
	const char *schedule, *workflow;
	int64_t t;			/* kickoff */
	enum run_origin origin;
	int attempt;			/* -1: of no slot */
	bool prepared;			/* it has its inputs and nodes */
	bool stop_requested;
	bool replaced;			/* a newer slot wants that */
	int resumed;			/* so many times already */
	struct ledger_definition definition;
};
enum status ledger_run(struct store *store, struct arena *arena,
    const char *id, struct ledger_run *run);

/*
 * What its worker found out: inputs (JSON), the model's run (or NULL) and the
 * names of its nodes. One transaction of its own.
 */
enum status ledger_prepare_run(struct store *store, const char *id,
    const char *inputs, const char *model, const char *const *nodes,
    size_t n_nodes);

/*
 * Takes an interrupted run over by compare-and-set on its former owner, its
 * running nodes back to pending, `resumed` one more.
 */
enum status ledger_resume_run(struct store *store, const char *id,
    const struct owner *owner, const char *former, bool *taken);

/*
 * The store's own identity: the id for run ids, and the path, device and inode
 * under which a scheduler last used it (path NULL: none yet).
 */
struct ledger_place {
	char *path;
	int64_t device, inode;
};
enum status ledger_store_id(struct store *store, char **id);
enum status ledger_place(struct store *store, struct ledger_place *place);
enum status ledger_set_place(struct store *store,
    const struct ledger_place *place);

#endif
