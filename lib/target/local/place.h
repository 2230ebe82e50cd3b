/*
 * Where a store lies, for a scheduler: two of them on a store and on its copy
 * would each run every slot, and on a file system whose locks do not work
 * nobody knows who is alive (scheduler-spec section 5).
 */
#ifndef LOCAL_PLACE_H
#define LOCAL_PLACE_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct store;

/*
 * EXIT_LOCAL after a message if no scheduler may use the store: its file system
 * has no locks, or it is a copy of one that is still there. With `adopt` the
 * copy becomes the one that may, the other one no longer.
 */
enum status place_check(struct store *store, bool adopt);

#endif
