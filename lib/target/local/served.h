/*
 * Whether a scheduler is running on a store: each holds a lock on one file,
 * shared, so that anybody can ask without taking it.
 */
#ifndef LOCAL_SERVED_H
#define LOCAL_SERVED_H

#include "lib/base/compat.h"

struct store;
struct target;

/*
 * Says so until the descriptor is closed, which is not for children to keep; -1
 * with errno if that cannot be said.
 */
int served_begin(const struct store *store);

/* See schedule_ops. */
bool local_served(struct target *target);

#endif
