/*
 * How schedulers learn at once that another process changed something: a file
 * beside the store that is touched after each change and watched. Nothing
 * depends on it but speed: all that counts is in the store.
 */
#ifndef LOCAL_WAKE_H
#define LOCAL_WAKE_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct store;

/* After a change that may concern schedulers; fails in silence. */
void wake_others(const struct store *store);

/*
 * A descriptor that becomes readable when somebody called wake_others; -1
 * where the system cannot watch files. wake_drain empties it.
 */
int wake_watch(const struct store *store);
void wake_drain(int fd);

#endif
