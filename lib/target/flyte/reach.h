/* Whether a host has addresses and one of them a port that is open. */
#ifndef FLYTE_REACH_H
#define FLYTE_REACH_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct target_listener;

/*
 * Tells the checks "dns" and "tcp" of the origin. Where the environment names
 * a proxy for it, that one is told of and neither is looked at. EXIT_NETWORK
 * after a message.
 */
enum status reach_test(const char *origin,
    const struct target_listener *listener);

#endif
