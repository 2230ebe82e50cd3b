/*
 * A schedule as a target has it: deployed, active or not, with what it did
 * last. Texts are owned by the struct and freed by scheduled_release. Kickoffs
 * and slots are seconds, all other times milliseconds since 1970 UTC.
 */
#ifndef MODEL_SCHEDULED_H
#define MODEL_SCHEDULED_H

#include "lib/base/compat.h"
#include "lib/model/run.h"

enum schedule_state {
	SCHEDULE_ACTIVE,
	SCHEDULE_PAUSED,	/* by somebody: a deploy leaves it so */
	SCHEDULE_INACTIVE,	/* `active: false`, or its model is missing */
	SCHEDULE_REMOVED,	/* no longer declared; its record stays */
	SCHEDULE_STATES
};

struct scheduled {
	char *name;
	char *app;			/* whose it is */
	char *workflow;			/* train or predict */
	char *when;			/* expression or rate, as written */
	char *timezone;			/* NULL: UTC */
	char *keys;			/* what was declared, one JSON object;
					   NULL: another tool made it */
	enum schedule_state state;
	int64_t since;			/* of that state */
	char *who, *note;		/* of that state; NULL */
	char *version;			/* that owns the slots to come */
	char *model;			/* the run pinned by deploy; NULL */
	bool has_next;
	int64_t next;			/* kickoff; of an active one only */
	struct run last;		/* id NULL: none yet */
};

/* "active", "paused" ... */
const char *schedule_state_name(enum schedule_state state);
bool schedule_state_from_name(const char *name, enum schedule_state *state);

void scheduled_release(struct scheduled *scheduled);

/* What a command did to a schedule, or would do. */
enum change_kind {
	CHANGE_NEW,
	CHANGE_CHANGED,		/* its keys are others */
	CHANGE_UNCHANGED,	/* at most its version is another */
	CHANGE_REMOVED,
	CHANGE_KINDS
};

struct schedule_change {
	char *name;
	enum change_kind kind;
	char *names;			/* of its keys: `expression, overlap` */
	char *keys;			/* `expression "a" -> "b", ...`; NULL */
	char *old_version, *version;	/* NULL: none before, none after */
	bool written;			/* or would be: not all is as it was */
	enum schedule_state before, after;
	bool existed;			/* `before` means something */
	char *old_model, *model;	/* pinned runs; NULL */
	char *missing;			/* why it is inactive, a sentence */
	int64_t since;			/* of a pause that was kept */
	char *who, *note;
	bool has_until, has_from;	/* the hand-over, kickoffs */
	int64_t until;			/* the old version's last slot */
	int64_t from;			/* the new one's first */
	int64_t n_missed;		/* slots of the old version without a
					   run, which nobody will make up */
	int64_t first_missed, last_missed;	/* kickoffs */
};

/* Grows by schedule_changes_add alone. */
struct schedule_changes {
	struct schedule_change *v;
	size_t n, cap;
};

#define SCHEDULE_CHANGES_INIT { NULL, 0, 0 }

/* A zeroed one at the end, to be filled in. */
struct schedule_change *schedule_changes_add(
    struct schedule_changes *changes);
void schedule_changes_release(struct schedule_changes *changes);

#endif
