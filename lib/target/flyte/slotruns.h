/*
 * What a Flyte cluster has of an app's schedules: their versions, and their
 * runs. All that is read hangs from the arena.
 */
#ifndef FLYTE_SLOTRUNS_H
#define FLYTE_SLOTRUNS_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/flyte/slots/verdict.h"

struct flyte;
struct strvec;

/* A schedule with all that is known of it. */
struct slot_plan {
	const char *schedule;
	struct schedversion *version;	/* by creation */
	size_t n_versions;
	struct slot_run *run;
	size_t n_runs, cap_runs;
	struct decree *decree;		/* of the journal; newest first */
	size_t n_decrees, cap_decrees;
	bool has_pause;
	int64_t pause;			/* the marker's; seconds */
};

struct slot_plans {
	struct arena arena;
	const char *scope;		/* project:domain */
	struct schedversion *version;	/* by schedule, then by creation */
	size_t n_versions, cap_versions;
	struct schedversion **by_name;	/* by launch plan, then version */
	struct slot_plan *v;		/* by name */
	size_t n;
};

/*
 * Reads the schedules of those names (none: all of the app). EXIT_CONFLICT
 * after a message if one is not there. To be released whatever comes back.
 */
enum status slot_plans_read(struct flyte *flyte, const struct strvec *names,
    struct slot_plans *plans);

/*
 * Adds the runs created since then (milliseconds), and with a concurrency
 * policy those older ones that still went on.
 */
enum status slot_plans_add_runs(struct flyte *flyte, struct slot_plans *plans,
    const struct strvec *names, int64_t since);

/*
 * Adds the nearest runs of the scheduler's before and after the instant, for
 * who wants to know of one slot alone.
 */
enum status slot_plans_add_near(struct flyte *flyte,
    struct slot_plans *plans, const struct slot_plan *plan, int64_t t);

/*
 * slotterms.c: adds what the journal says of the time from then on (seconds),
 * and the marker on the name of what it does not tell of.
 */
enum status slot_plans_add_terms(struct flyte *flyte,
    struct slot_plans *plans, int64_t since);

/* The schedule of that name and its version, or NULL. */
struct slot_plan *slot_plans_find(const struct slot_plans *plans,
    const char *schedule);
const struct schedversion *slot_plans_version(const struct slot_plans *plans,
    const char *plan, const char *version);

/* slotterms.c: who owned the slots; to be released. */
void slot_plan_tenancy(struct slot_plan *plan, bool unowned,
    struct tenancy *tenancy);

void slot_plans_release(struct slot_plans *plans);

#endif
