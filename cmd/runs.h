/* What other commands share of `unionml runs`. */
#ifndef CMD_RUNS_H
#define CMD_RUNS_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct context;
struct run_filter;

/* Prints the runs that pass as `runs list` does, newest first. */
enum status runs_print(struct context *context,
    const struct run_filter *filter);

#endif
