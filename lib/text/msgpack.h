/*
 * MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md) as JSON
 * values: flytekit from 1.14 packs objects so.
 */
#ifndef TEXT_MSGPACK_H
#define TEXT_MSGPACK_H

#include "lib/base/compat.h"

struct arena;
struct json;

/*
 * Reads one value with nothing behind it. Keys of maps become texts, bytes
 * (bin) and extensions base64, integers beyond 64 bits with a sign and reals
 * that are not finite texts. NULL for what is cut short, nested over
 * JSON_DEPTH_MAX or has texts that are not UTF-8; *why says so.
 */
struct json *msgpack_parse(struct arena *arena, const char *data, size_t len,
    const char **why);

#endif
