/*
 * What became of each slot of a schedule on Flyte: the table of scheduler-spec
 * section 6, item 10, from facts that somebody else has read.
 */
#ifndef FLYTE_VERDICT_H
#define FLYTE_VERDICT_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/flyte/slots/tenancy.h"
#include "lib/model/audit.h"
#include "lib/model/run.h"

/* A run of one of the schedule's launch plans. */
struct slot_run {
	const struct schedversion *version;
	bool has_slot;
	int64_t t;			/* its slot */
	bool first;			/* its name is that of attempt 0 */
	int64_t created;		/* milliseconds */
	int64_t ended;			/* INT64_MAX: it goes on */
	enum run_status status;
	const char *id;
	const char *error;		/* NULL: none */
};

/*
 * The scheduler looks for changes each 30 s; a slot's run is there within a
 * minute, or it tries again for about 27. In seconds, with what clocks differ.
 */
enum { VERDICT_DOUBT = 45, VERDICT_LATE = 60, VERDICT_PATIENCE = 1800 };

struct verdict_facts {
	const char *schedule;
	int64_t from, to;		/* from <= t < to */
	int64_t now;			/* seconds */
	const struct tenancy *tenancy;
	struct slot_run *run;		/* is sorted */
	size_t n_runs;
	bool has_oldest;
	int64_t oldest;			/* creation of the oldest run that the
					   cluster has kept: seconds */
};

/* Calls `each` for every slot that is due, in order, until it fails. */
enum status verdict_slots(const struct verdict_facts *facts,
    enum status (*each)(void *arg, const struct audited *audited), void *arg);

/*
 * The slots that the scheduler ran, in order, into `seen` (room for all runs),
 * by which it shows who owned them; returns how many. Those made up long after
 * show nothing. Sorts the runs.
 */
size_t verdict_sightings(struct slot_run *run, size_t n,
    struct sighting *seen);

#endif
