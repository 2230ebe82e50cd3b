/* Following an execution to its end, through outages of the server. */
#ifndef FLYTE_WAIT_H
#define FLYTE_WAIT_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct flyte;
struct observer;

/*
 * As `watch` of target_ops. One GET a poll, of the run or of its nodes; the
 * polls are 1 s apart at first and 15 s at most.
 */
enum status flyte_wait(struct flyte *flyte, const char *id,
    const struct observer *observer, int64_t timeout_ms, int *signum);

#endif
