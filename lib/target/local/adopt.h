/*
 * One schedule on its way into the store: what it is there, what it is to be,
 * and the change between them told and written down. Who decides what it is to
 * be is reconcile.c for a deploy and activate.c for a command.
 */
#ifndef LOCAL_ADOPT_H
#define LOCAL_ADOPT_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/strvec.h"
#include "lib/model/scheduled.h"
#include "lib/store/ledger.h"

struct app;
struct schedule;

/* What all schedules of one command share. */
struct adopting {
	struct store *store;		/* NULL: there is none yet */
	struct arena arena;
	const char *who;
	int64_t now;			/* milliseconds */

	/* Of definitions; not of a change of state alone. */
	const struct app *app;
	const char *version;
	bool looked;			/* for the newest model */
	char *newest;			/* the run that made it; NULL: none */

	/* What came of it. */
	size_t written;
	struct strvec cancelled;	/* runs that are to stop */
};

struct adoption {
	const char *name;
	bool found;			/* it has a row, maybe as removed */
	struct ledger_schedule row;
	const struct schedule *schedule;	/* of a new definition; NULL */
	struct ledger_definition definition;	/* that one */
	const char *missing;		/* why it cannot be active; NULL */
	enum schedule_state state;	/* to be */
	const char *note;		/* of a pause */
	bool redefine;			/* it gets the definition */
};

void adopting_init(struct adopting *all, struct store *store,
    const char *who);
void adopting_release(struct adopting *all);

/*
 * ledger_begin; it is as late then as it is when this process has its turn, or
 * what others did while it waited would seem to lie ahead.
 */
enum status adopting_begin(struct adopting *all);

/* Reads what the store has of that name. */
enum status adopt_look(struct adopting *all, const char *name,
    struct adoption *one);

/*
 * Makes the definition that the schedule would have. EXIT_CONFLICT or
 * EXIT_INPUT after a message if the model that it names is not there.
 */
enum status adopt_define(struct adopting *all,
    const struct schedule *schedule, struct adoption *one);

/* Whether it exists for those who list schedules. */
bool adopt_exists(const struct adoption *one);

/* Whether its definition says anything else than the one in force. */
bool adopt_differs(const struct adoption *one);

/* Whether anything has to be written. */
bool adopt_changes(const struct adoption *one);

/* Tells the change, done or not. */
enum status adopt_describe(struct adopting *all, const struct adoption *one,
    struct schedule_changes *changes);

/* Between ledger_begin and ledger_end: makes it what it is to be. */
enum status adopt_write(struct adopting *all, struct adoption *one);

/* After ledger_end: whom the change concerns is told of it. */
void adopting_tell(struct adopting *all);

/* EXIT_CONFLICT after a message if the store has not what was written. */
enum status adopt_read_back(struct adopting *all, const struct adoption *one);

#endif
