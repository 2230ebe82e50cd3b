/* Whether the times of a schedule go together, and ever come. */
#ifndef APPFILE_APPWHEN_H
#define APPFILE_APPWHEN_H

#include "lib/base/compat.h"

struct reading;
struct schedule;
struct yaml_node;

/* `node` is the schedule's mapping. */
void appwhen_check(struct reading *r, const struct schedule *schedule,
    const struct yaml_node *node);

#endif
