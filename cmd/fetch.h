/* Taking what a run made out of the store, for fetch and UnionML's names. */
#ifndef CMD_FETCH_H
#define CMD_FETCH_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct context;

/*
 * Writes the thing (model, predictions, metrics) of the run (an id, its
 * beginning, `latest`) to `output`, NULL being the thing's own place.
 */
enum status fetch(struct context *context, const char *thing,
    const char *run, const char *output, bool force);

#endif
