/*
 * What core.ExecutionError says, in one line: Flyte wraps a component's last
 * words into those of Kubernetes, of its plugins and of propeller.
 */
#ifndef FLYTE_DECODEERROR_H
#define FLYTE_DECODEERROR_H

#include "lib/base/compat.h"

/*
 * The reason: `trainer: exit status 3`, `task execution timeout [5s] expired`.
 * NULL if the message is empty. The caller frees.
 */
char *decode_reason(const char *message);

/*
 * What the container wrote last, as it is; NULL if the message has nothing of
 * one. The caller frees.
 */
char *decode_last_words(const char *message);

#endif
