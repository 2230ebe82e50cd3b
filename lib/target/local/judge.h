/*
 * What became of the slots of one schedule, from what the store says of a
 * stretch of time: no store, no clock. What no table accounts for is said to
 * be so, and nothing is made up.
 */
#ifndef LOCAL_JUDGE_H
#define LOCAL_JUDGE_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/model/audit.h"
#include "lib/model/scheduled.h"
#include "lib/schedule/policy.h"
#include "lib/schedule/tenure.h"
#include "lib/store/ledger.h"

/*
 * All of one instant of the store. The arrays are in order of time and hold
 * what falls into from <= t < to; of the queue and of the tenures, all.
 */
struct slot_facts {
	const char *schedule;
	enum schedule_state state;
	int64_t since;			/* of that state, seconds */
	int64_t w;			/* as policy_state */
	int64_t now;			/* seconds */
	int64_t from, to;
	const struct tenure *tenure;	/* settled; one without a version
					   stands for nobody */
	size_t n_tenures;
	const struct ledger_slot *slot;	/* interrupted where the owner died */
	size_t n_slots;
	const struct queue_entry *queue;
	size_t n_queue;
	const struct ledger_skipped *skipped;
	size_t n_skipped;
	const char *busy;		/* the run that others wait for; NULL */
	bool served;			/* a scheduler is running */
};

/*
 * Tells of every slot that is due, and of those with runs that are not, in
 * order of time, until `each` fails.
 */
enum status judge_slots(const struct slot_facts *facts,
    enum status (*each)(void *arg, const struct audited *audited), void *arg);

#endif
