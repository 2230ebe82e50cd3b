/* The slots of a schedule as Flyte's scheduler has them: always by cron. */
#ifndef FLYTE_FSLOTS_H
#define FLYTE_FSLOTS_H

#include "lib/base/compat.h"

/*
 * The first slot after, and the last one in (after, until], of an expression
 * or rate as the app file has it; the zone may be NULL or "" (UTC). False:
 * there is none, or they cannot be read.
 */
bool fslots_next(const char *when, const char *zone_name, int64_t after,
    int64_t *t);
bool fslots_last(const char *when, const char *zone_name, int64_t after,
    int64_t until, int64_t *t);

#endif
