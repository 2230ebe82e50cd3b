/*
 * The types of inputs and outputs. They are Flyte's simple types, blobs
 * (file, directory), structs (json), collections and maps under the words of
 * the app file.
 */
#ifndef MODEL_TYPE_H
#define MODEL_TYPE_H

#include "lib/base/compat.h"

struct arena;
struct json;
struct strbuf;

enum type_kind {
	TYPE_INTEGER, TYPE_FLOAT, TYPE_STRING, TYPE_BOOLEAN, TYPE_DATETIME,
	TYPE_DURATION, TYPE_FILE, TYPE_DIRECTORY, TYPE_JSON, TYPE_LIST,
	TYPE_MAP,
	/* Only what is registered on a cluster has these; no app file does. */
	TYPE_ENUM,		/* one of some texts */
	TYPE_UNION,		/* a value of one of its variants */
	TYPE_NONE,		/* null */
	TYPE_ANY,		/* any JSON; a member of an object alone */
	TYPE_DATASET		/* a table; ours are files of CSV */
};

struct type {
	enum type_kind kind;
	const struct type *element;	/* of a list or map */
	const char *format;		/* of a file: `csv`; NULL if none */
	const struct json *wire;	/* as it is registered; NULL */
	const char **word;		/* of an enum */
	const struct type **variant;	/* of a union */
	size_t n;			/* words or variants */
};

/* A type without element and format, in static memory. */
const struct type *type_simple(enum type_kind kind);

/* A file (or directory) with a format, which may be NULL. */
const struct type *type_file(struct arena *arena, bool directory,
    const char *format);

/*
 * Reads `integer`, `list<float>`, `map<list<string>>` and so on. NULL if it is
 * no type; *why (if not NULL) then says what is allowed, in text of the arena.
 */
const struct type *type_parse(struct arena *arena, const char *text,
    const char **why);

/*
 * Appends the type's name, of a union `integer or none`; a format is not part
 * of it.
 */
void type_print(struct strbuf *sb, const struct type *type);

/* As type_print, in text of the arena. */
const char *type_name(struct arena *arena, const struct type *type);

/* The same kind of values: formats are not compared. */
bool type_equal(const struct type *a, const struct type *b);

/* A value that lies in a file or directory of the user's. */
bool type_is_path(const struct type *type);

/* Integer to duration: a value that has a text. */
bool type_is_scalar(const struct type *type);

#endif
