/* An execution of a schedule's launch plan, as the scheduler would ask for. */
#ifndef FLYTE_SLOTPOST_H
#define FLYTE_SLOTPOST_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/flyte/slots/schedversion.h"

struct flyte;

struct slot_request {
	const struct schedversion *version;
	const char *name;		/* of the execution: a free one */
	int64_t t;			/* the kickoff, seconds */
	bool has_slot;			/* false: a run that stands for none */
	bool wait;			/* until the concurrency policy lets it
					   begin; else EXIT_CONFLICT */
};

/*
 * Sends it. *there: somebody else has made it in the meantime. An answer that
 * was lost is settled by looking, before the same is sent once more.
 */
enum status slot_post(struct flyte *flyte, const struct slot_request *request,
    bool *there);

#endif
