/*
 * Literals of flyteidl's JSON (core/literals.proto) as plain JSON: what people
 * read, and what literal_from_json takes. Any member may be absent or of
 * another kind: that is null.
 */
#ifndef FLYTE_DECODELITERAL_H
#define FLYTE_DECODELITERAL_H

#include "lib/base/compat.h"

struct arena;
struct json;

/*
 * A core.Literal. Files, datasets and such are their URI; NaN and infinities
 * are texts; of a union its value; what flytekit packs by msgpack is unpacked,
 * other bytes stay base64. Parts of it are the literal's own, not to be
 * changed.
 */
struct json *decode_literal(struct arena *arena, const struct json *literal);

/* The same of each in a core.LiteralMap's `literals`; empty if it is none. */
struct json *decode_literals(struct arena *arena,
    const struct json *literals);

#endif
