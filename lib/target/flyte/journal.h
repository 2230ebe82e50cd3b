/*
 * The journal of an app's schedules: the launch plan APP.deploys, which never
 * runs. Each version of it is a generation, whose annotations say what every
 * schedule is to be, since when and by whom; Flyte itself records none of it.
 * A generation can be registered once: of two writers one is told that he lost.
 */
#ifndef FLYTE_JOURNAL_H
#define FLYTE_JOURNAL_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/nameset.h"
#include "lib/model/scheduled.h"

struct flyte;

struct journal_row {
	const char *name;	/* of the schedule */
	enum schedule_state state;
	const char *version;	/* of the app */
	const char *plan;	/* of its launch plan; "": never registered */
	const char *workflow;	/* train or predict */
	const char *when, *timezone;	/* as written; NULL: UTC */
	const char *keys;	/* as schedule_keys_print */
	const char *model;	/* the run pinned; NULL */
	int64_t since;		/* of the state, milliseconds */
	const char *who, *note;	/* of the state; NULL */
	bool marked;		/* its name has had a note; see standing.h */
	bool bare;		/* its launch plan's name is without `APP.` */
};

struct journal {
	struct arena arena;
	int64_t generation;	/* 0: there is none yet */
	const char *action;	/* "deploy", "activate", "deactivate" */
	const char *who;
	int64_t time;		/* milliseconds, by our clock */
	int64_t created;	/* the same by the cluster's */
	const char *workflow, *workflow_version;
	struct journal_row *row;
	size_t n;
	struct nameset names;	/* of the rows; see journal_index */
};

/* The newest generation. To be released whatever comes back. */
enum status journal_read(struct flyte *flyte, struct journal *journal);

/*
 * Calls `each` for the generations, the newest first, until it fails or sets
 * *stop.
 */
enum status journal_each(struct flyte *flyte,
    enum status (*each)(void *arg, const struct journal *journal), void *arg,
    const bool *stop);

/*
 * Registers it; its texts may be anybody's. EXIT_CONFLICT after a message if
 * that generation is there already.
 */
enum status journal_write(struct flyte *flyte,
    const struct journal *journal);

/* The name of the row's launch plan. */
const char *journal_plan(struct arena *arena, const struct flyte *flyte,
    const struct journal_row *row);

/* Once all rows are there. */
void journal_index(struct journal *journal);

/* The row, or NULL. */
const struct journal_row *journal_find(const struct journal *journal,
    const char *name);

void journal_release(struct journal *journal);

#endif
