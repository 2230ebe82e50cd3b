/*
 * A YAML document as a tree of nodes, each with its line and column. libyaml
 * does the parsing and yields text only; what the text means (number, flag,
 * date) is judged by whoever knows the type that is wanted.
 *
 * Refused here, with a position: more than one document, anchors and aliases
 * (`&x`, `*x`) and merge keys (`<<`), tags but the non-specific `!`, duplicate
 * keys of a mapping, keys that are no scalars, more than YAMLDOC_DEPTH_MAX
 * levels, more than YAMLDOC_SIZE_MAX bytes, bytes that are not UTF-8, NUL.
 * CRLF, a UTF-8 byte order mark, `---` and `%YAML` are fine; `%TAG` is not.
 */
#ifndef TEXT_YAMLDOC_H
#define TEXT_YAMLDOC_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct arena;
struct diag;

enum { YAMLDOC_SIZE_MAX = 4 << 20, YAMLDOC_DEPTH_MAX = 64 };

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_pair {
	struct yaml_node *key;		/* a scalar */
	struct yaml_node *value;
};

struct yaml_node {
	enum yaml_kind kind;
	int line, column;		/* from 1; column counts characters */
	bool plain;			/* a scalar written without quotes */
	size_t n;			/* bytes, items or pairs */
	union {
		const char *text;	/* NUL-terminated, no NUL in it */
		struct yaml_node **item;
		struct yaml_pair *pair;
	};
};

/*
 * Parses `len` bytes into nodes of the arena. On success *root is the document
 * (NULL for an empty one). Otherwise the first fault is added to `diag` and
 * EXIT_INPUT returned.
 */
enum status yamldoc_parse(struct arena *arena, struct diag *diag,
    const char *data, size_t len, struct yaml_node **root);

/* The value of `key`, or NULL; also NULL if `map` is no mapping. */
struct yaml_node *yaml_find(const struct yaml_node *map, const char *key);

/* "a text", "a list", "a mapping", or "nothing" for a plain empty scalar. */
const char *yaml_kind_name(const struct yaml_node *node);

#endif
