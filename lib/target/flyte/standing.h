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
struct journal_row;

struct standing_row {
	const char *name;	/* of the schedule */
	const char *version;	/* of its launch plan */
	const char *when, *timezone;	/* as written; "": UTC */
	bool doubled;		/* another version of it is ACTIVE, too */
};

struct standing {
	struct arena arena;
	struct standing_row *row;	/* a name may have several */
	size_t n, cap;
	struct nameset names;
};

/* To be released whatever comes back. */
enum status standing_read(struct flyte *flyte, struct standing *standing);
void standing_release(struct standing *standing);

/* The first of that name, or NULL. */
const struct standing_row *standing_find(const struct standing *standing,
    const char *name);

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
