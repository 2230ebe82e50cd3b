/*
 * Reads the nodes of an app file into structs by the table of keys. What is
 * wrong becomes an error and leaves its member as it was, so that one fault
 * has one message; what crosses keys is checked by others afterwards.
 */
#ifndef APPFILE_KEYREAD_H
#define APPFILE_KEYREAD_H

#include "lib/base/compat.h"

struct keys;
struct reading;
struct yaml_node;

/* Reads a mapping with these keys into the struct at `out`. */
void keyread_object(struct reading *r, const struct keys *keys,
    const struct yaml_node *node, void *out);

#endif
