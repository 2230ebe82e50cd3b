/* The values of single keys: all shapes that do not hold keys themselves. */
#ifndef APPFILE_KEYSHAPE_H
#define APPFILE_KEYSHAPE_H

#include "lib/base/compat.h"

struct key;
struct reading;
struct yaml_node;

/* Reads the node into the member at `out`; `given` is the bool at `count`. */
void keyshape_read(struct reading *r, const struct key *key,
    const struct yaml_node *node, void *out, bool *given);

/*
 * The value of one of the key's words, or -1 after an error (without one if
 * `quiet`).
 */
int keyshape_word(struct reading *r, const struct key *key,
    const struct yaml_node *node, bool quiet);

/* False after an error if it is none; `{}` is one. */
bool keyshape_is_map(struct reading *r, const struct yaml_node *node);

#endif
