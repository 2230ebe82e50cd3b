/* `on_failure:` of a schedule: its command, told of a run that failed. */
#ifndef LOCAL_FAILURE_H
#define LOCAL_FAILURE_H

#include "lib/base/compat.h"
#include "lib/store/ledger.h"
#include "lib/target/local/prepare.h"

/*
 * Runs the command to its end, or to its time limit; nothing if the schedule
 * has none. Nothing depends on it: what goes wrong is in the log that it
 * writes, on_failure.log in the run's directory. False if a signal ended it:
 * then it is still owed.
 */
bool failure_tell(struct local *local, const char *id,
    const struct ledger_run *run, const struct prepared *prepared);

#endif
