/*
 * Brings one run to its end: nodes as soon as all before them are done, each
 * attempt in a process group of its own, time limits, retries, stopping.
 */
#ifndef LOCAL_EXECUTOR_H
#define LOCAL_EXECUTOR_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/target/target.h"

struct owner_lock;
struct store;

/* Why a run was aborted, when somebody wanted that. */
#define LOCAL_STOPPED "stopped by unionml runs stop"
#define LOCAL_REPLACED "replaced by a newer slot of its schedule"

/* Between the polite signal and the last one. */
enum { GRACE_MS = 10000 };

/* As target_ops.execute; the run is pending and its owner is `owner`. */
enum status executor_run(struct store *store, const struct owner_lock *owner,
    const struct run_request *request, const char *id,
    const struct observer *observer, int *signum);

#endif
