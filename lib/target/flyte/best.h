/* The run whose model did best. */
#ifndef FLYTE_BEST_H
#define FLYTE_BEST_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct flyte;

/*
 * The app's training run that succeeded and has the highest `test` metric of
 * that name, the newest of those; *id is the caller's to free. EXIT_CONFLICT
 * after a message if none has it.
 */
enum status best_run(struct flyte *flyte, const char *metric, char **id);

#endif
