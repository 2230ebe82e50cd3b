/*
 * What FlyteAdmin's gateway answers, in protobuf's JSON: snake_case names,
 * 64-bit integers as texts, RFC 3339 instants.
 */
#ifndef FLYTE_APIJSON_H
#define FLYTE_APIJSON_H

#include "lib/base/compat.h"

struct json;

/* Members of an answer, whatever it is: "" and 0 where they are not. */
const char *api_text(const struct json *json, const char *name);
int64_t api_int(const struct json *json, const char *name);	/* "7" too */
/* The member of a member, down to NULL; NULL if one is not there. */
const struct json *api_dig(const struct json *json, ...)
    __attribute__((sentinel));
/* RFC 3339 to milliseconds since 1970; 0 if it is null or none. */
int64_t api_time(const struct json *json, const char *name);

#endif
