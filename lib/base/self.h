/*
 * What a message tells the reader to type, so that it does the same thing to
 * the same target: `unionml`, or `unionml -t staging` where this run was told
 * which.
 */
#ifndef BASE_SELF_H
#define BASE_SELF_H

#include "lib/base/compat.h"

/* NULL: there was no -t. The text must live as long as the program. */
void self_set_target(const char *target);

const char *self_call(void);

#endif
