/* The lines that `unionml scheduler` writes, for people and for machines. */
#ifndef CMD_SCHEDULERLOG_H
#define CMD_SCHEDULERLOG_H

#include "lib/base/compat.h"
#include "lib/target/scheduling.h"

struct scheduler_log {
	bool json, quiet;
	bool failed;		/* a run has ended without success */
};

/* As scheduler_request.event; each line is written out at once. */
void scheduler_log(void *arg, const struct scheduler_event *event);

#endif
