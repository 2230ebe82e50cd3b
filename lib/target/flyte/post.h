/*
 * An execution is created once: FlyteAdmin overwrites the inputs of one that
 * exists when it refuses another of that name, so nothing is posted twice
 * without a look.
 */
#ifndef FLYTE_POST_H
#define FLYTE_POST_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct flyte;

/*
 * Posts the body, which names the new execution `name`: nobody else uses that
 * name. Where the answer is lost, a GET of the name says whether it was
 * created; if not the very same body is posted again.
 */
enum status post_execution(struct flyte *flyte, const char *path,
    const char *body, const char *name, const char *what);

/* Whether there is an execution of that name. */
enum status post_exists(struct flyte *flyte, const char *name, bool *exists);

#endif
