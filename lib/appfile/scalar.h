/*
 * What a YAML scalar means where the wanted type is known. libyaml yields text
 * only; YAML 1.1 and 1.2 differ on much of it, and what they differ on is an
 * error here that says what to write. unionml.yaml(5) lists the decisions.
 */
#ifndef APPFILE_SCALAR_H
#define APPFILE_SCALAR_H

#include "lib/base/compat.h"

struct reading;
struct yaml_node;

/* Plain and empty, or plain `~` or `null`: no value at all. */
bool scalar_is_nothing(const struct yaml_node *node);

/* The text as written, or NULL after an error. */
const char *scalar_text(struct reading *r, const struct yaml_node *node);

/* False after an error. */
bool scalar_integer(struct reading *r, const struct yaml_node *node,
    int64_t *out);
bool scalar_float(struct reading *r, const struct yaml_node *node,
    double *out);
bool scalar_boolean(struct reading *r, const struct yaml_node *node,
    bool *out);

enum scalar_kind {
	SCALAR_ERROR, SCALAR_NULL, SCALAR_BOOLEAN, SCALAR_INTEGER, SCALAR_FLOAT,
	SCALAR_TEXT
};

struct scalar {
	enum scalar_kind kind;
	union {
		bool boolean;
		int64_t integer;
		double real;
	};
};

/*
 * Where any value will do (json): YAML's core schema, but what YAML 1.1 reads
 * otherwise is an error (SCALAR_ERROR) that says to quote it.
 */
struct scalar scalar_any(struct reading *r, const struct yaml_node *node);

#endif
