/*
 * Types and interfaces from flyteidl's JSON (core/types.proto,
 * core/interface.proto): what something else has registered. Any member may be
 * absent or of another kind.
 */
#ifndef FLYTE_DECODETYPE_H
#define FLYTE_DECODETYPE_H

#include "lib/base/compat.h"
#include "lib/model/interface.h"

struct arena;
struct json;

/*
 * The type, which keeps pointing to its JSON. What no value can be made for
 * (ERROR, BINARY, what is newer than this program) is TYPE_ANY.
 */
const struct type *decode_type(struct arena *arena, const struct json *wire);

/* A core.ParameterMap's `parameters`: the inputs of a launch plan. */
void decode_parameters(struct arena *arena, const struct json *parameters,
    struct interface *interface);

/* A core.VariableMap's `variables`. */
void decode_variables(struct arena *arena, const struct json *variables,
    struct interface *interface);

/*
 * decodeschema.c: what the object holds by the JSON Schema in the metadata of
 * its type, as dataclasses have it (marshmallow's of draft 7, mashumaro's of
 * 2020-12). NULL if it does not say.
 */
const struct interface *decode_members(struct arena *arena,
    const struct json *wire);

#endif
