/*
 * From what an app's schedules are on the cluster to what they are to be: the
 * journal and the cluster are read, a row is decided for each schedule, the
 * next generation is registered, the states are made and read back.
 */
#ifndef FLYTE_SETTLE_H
#define FLYTE_SETTLE_H

#include "lib/base/compat.h"
#include "lib/model/scheduled.h"
#include "lib/target/flyte/journal.h"
#include "lib/target/flyte/standing.h"

struct settling {
	struct flyte *flyte;
	struct journal old, next;
	struct standing standing;
	struct schedule_changes *changes;
	int64_t *paused;	/* of each old row: since when another tool
				   has it paused; 0: it has not */
	size_t cap;		/* of next.row */
	bool differs;		/* next is not what old is */
};

/*
 * Reads both. `more` is how many rows there may be that the journal has not.
 * The states are read unless that has just been done: then they are moved out
 * of `standing`. To be released whatever comes back.
 */
enum status settle_begin(struct settling *s, struct flyte *flyte,
    const char *action, const char *who, size_t more,
    struct standing *standing, struct schedule_changes *changes);

/*
 * What a schedule is now: its old row and what is ACTIVE, either NULL. With
 * `existed` false it is new.
 */
struct settle_now {
	const struct journal_row *row;
	const struct standing_row *standing;
	enum schedule_state state;
	bool existed;
};

/* What another tool made, as if the journal had it; the arena's. */
struct journal_row settle_found(struct arena *arena,
    const struct standing_row *found);

void settle_look(const struct settling *s, const char *name,
    struct settle_now *now);

/* Whether the journal wants it active, and nobody has paused it since. */
bool settle_was_cut(const struct settle_now *now);

/* The row that leaves everything as it is, whoever made it so. */
void settle_as_is(struct settling *s, const struct settle_now *now,
    struct journal_row *row);

/*
 * Adds the row to `next` and describes the change; since, who, note and
 * `marked` are set here unless the state stays. `missing` is why it cannot be
 * active, or NULL.
 */
void settle_row(struct settling *s, const struct settle_now *now,
    struct journal_row *row, bool declared, const char *missing);

/* Rows of the old journal that nobody has named go on as they are. */
void settle_keep_others(struct settling *s);

/* Registers `next` if it differs, and leaves the states alone. */
enum status settle_record(struct settling *s);

/*
 * handover.c: looks for slots that the versions which are about to end have
 * missed, and writes them into the changes.
 */
enum status settle_find_missed(struct settling *s);

/*
 * Registers `next` if it differs and makes the states, or those of whatever is
 * newer by then.
 */
enum status settle_carry_out(struct settling *s, bool now);

void settle_release(struct settling *s);

#endif
