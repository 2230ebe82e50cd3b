/*
 * One step of the policy on a schedule of the store. Whoever changes a
 * schedule steps it first, in the same transaction: so one definition holds
 * for all that is taken in. That goes for a removed one, too, before it comes
 * back: its slots of that time are skipped for having been removed.
 */
#ifndef LOCAL_STEP_H
#define LOCAL_STEP_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/schedule/policy.h"
#include "lib/store/ledger.h"
#include "lib/target/scheduling.h"

/* Told what was decided, while the transaction lasts; may be NULL. */
struct step_observer {
	void *arg;
	void (*event)(void *arg, const struct scheduler_event *event);
};

/*
 * Between ledger_begin and ledger_end. The row is as it is afterwards. What is
 * to be stopped is marked so, and for its owner to be told by the caller.
 */
enum status step_schedule(struct store *store,
    struct ledger_schedule *schedule, int64_t now,
    const struct step_observer *observer);

/*
 * The same, then what waits in its queue goes, skipped for `reason`: before a
 * pause or a removal. The state is the caller's to write.
 */
enum status step_and_pause(struct store *store,
    struct ledger_schedule *schedule, int64_t now, enum skip_reason reason,
    const struct step_observer *observer);

#endif
