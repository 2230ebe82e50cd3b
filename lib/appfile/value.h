/* Values of the app file whose type is declared in the file itself. */
#ifndef APPFILE_VALUE_H
#define APPFILE_VALUE_H

#include "lib/base/compat.h"

struct arena;
struct json;
struct literal;
struct reading;
struct type;
struct yaml_node;

/* The node as JSON of that type, or NULL after errors where they are. */
struct json *value_to_json(struct reading *r, const struct type *type,
    const struct yaml_node *node);

/* As JSON of whatever type it looks like, by scalar_any. */
struct json *value_any(struct reading *r, const struct yaml_node *node);

/*
 * The same as a literal; paths are resolved against the app file's directory.
 */
const struct literal *value_to_literal(struct reading *r,
    const struct type *type, const struct yaml_node *node);

#endif
