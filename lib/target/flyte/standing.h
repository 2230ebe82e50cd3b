/*
 * Which versions of an app's schedules are ACTIVE on the cluster, and making
 * that what a journal says. States that are right are left alone: Flyte would
 * move its catch-up point. What is paused or removed has a note on its name
 * (its named entity's description), for readers of the console.
 */
#ifndef FLYTE_STANDING_H
#define FLYTE_STANDING_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/nameset.h"

struct flyte;
struct journal;
struct json;
struct journal_row;

/* A version of a schedule, made by a deploy of unionml's or another tool. */
struct standing_row {
	const char *name;	/* of the schedule */
	const char *plan;	/* name of its launch plan */
	const char *version;	/* of that */
	const char *app_version;
	const char *workflow;	/* train or predict */
	const char *workflow_name, *workflow_version;
	const char *when, *timezone;	/* as written; "": UTC */
	const char *keys, *model;	/* as those of journal_row; "" */
	int64_t created, updated;	/* milliseconds */
	bool active;
	bool ours;		/* a deploy of unionml's made it */
	bool bare;		/* UnionML's own name, without `APP.` */
	bool drifts;		/* a rate: when its slots are nobody knows */
	bool doubled;		/* another version of it is ACTIVE, too */
};

struct standing {
	struct arena arena;
	struct standing_row *row;	/* a name may have several */
	size_t n, cap;
	struct nameset names;
};

/*
 * To be released whatever comes back. `seen`, unless it is NULL, is shown each
 * launch plan that was read.
 */
enum status standing_read(struct flyte *flyte, struct standing *standing,
    enum status (*seen)(void *arg, const struct json *plan), void *arg);

/*
 * The same of all that other tools made: the ACTIVE version of each schedule,
 * else its newest. For clusters of which no journal tells.
 */
enum status standing_read_all(struct flyte *flyte, struct standing *standing);
void standing_release(struct standing *standing);

/* The first of that name, or NULL. */
const struct standing_row *standing_find(const struct standing *standing,
    const char *name);

/* Whether the journal's row tells of this version. */
bool standing_same(const struct standing_row *row,
    const struct journal_row *of);

/* Whether its state is what the row says, in one version alone. */
bool standing_is(const struct standing *standing,
    const struct journal_row *row);

/*
 * enforce.c: makes it what the journal says, and reads it back; `standing` was
 * read last. Without `now` it keeps away from slots: Flyte's scheduler looks
 * for changes every half minute only. EXIT_CONFLICT after a message for what is
 * not as it was asked to be.
 */
enum status standing_enforce(struct flyte *flyte, struct standing *standing,
    const struct journal *journal, bool now);

#endif
