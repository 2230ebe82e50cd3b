/*
 * JSON as nearly all of it is, read straight into the arena: for answers of
 * many megabytes, which take jansson longer than the network.
 */
#ifndef TEXT_JSONQUICK_H
#define TEXT_JSONQUICK_H

#include "lib/base/compat.h"

struct arena;
struct json;

/*
 * The value, or NULL for what is no JSON, for what jsonio.h refuses, and for
 * what is rare: jansson then reads it, or says what is wrong and where. What
 * comes back is what that would have given (t/fuzz/json.c compares them).
 */
struct json *jsonquick_parse(struct arena *arena, const char *data,
    size_t len);

#endif
