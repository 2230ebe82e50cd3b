/* A schedule of the app file as the engine of lib/schedule takes it. */
#ifndef MODEL_DEFINITION_H
#define MODEL_DEFINITION_H

#include "lib/base/compat.h"
#include "lib/schedule/policy.h"

struct schedule;

/*
 * Its slots by that rule for daylight saving. False if the system does not
 * know its time zone; *why says so, in static text to follow the zone's name.
 */
bool definition_slots(struct slots *slots, const struct schedule *schedule,
    enum dst_rule rule, const char **why);

/*
 * What is done with its slots where unionml itself fires them: the newest of
 * those missed is made up, and one that comes while a run goes on is skipped,
 * unless the schedule says otherwise. Fails as definition_slots does.
 */
bool definition_make(struct definition *definition,
    const struct schedule *schedule, int64_t gen, const char **why);

#endif
