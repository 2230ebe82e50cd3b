/*
 * Values with a type, in an arena. They come from JSON, from the text of
 * `-p NAME=VALUE`, or from the app file, and each is checked against the type
 * that is wanted as it comes.
 */
#ifndef MODEL_LITERAL_H
#define MODEL_LITERAL_H

#include "lib/base/compat.h"
#include "lib/base/clock.h"
#include "lib/model/type.h"

struct arena;
struct json;
struct strbuf;

struct literal_entry {
	const char *name;
	const struct literal *value;
};

struct literal {
	enum type_kind kind;
	size_t n;			/* items or entries */
	union {
		int64_t integer;
		double real;		/* finite */
		const char *text;
		bool boolean;
		struct instant datetime;
		struct span duration;
		const char *path;	/* file, directory */
		const struct json *json;	/* an object */
		const struct literal **item;
		struct literal_entry *entry;
	};
};

/*
 * A JSON value as a literal of `type`. An integer is taken for a float, not
 * the other way. Paths of files and directories are resolved against `base`
 * (NULL: they are kept as they are). NULL on a mismatch; *why then reads
 * `expected integer, got string "x"`, in text of the arena.
 */
const struct literal *literal_from_json(struct arena *arena,
    const struct type *type, const struct json *value, const char *base,
    const char **why);

/*
 * The same from text: a scalar's text as it stands, JSON for json, list and
 * map, a path for file and directory.
 */
const struct literal *literal_from_text(struct arena *arena,
    const struct type *type, const char *text, const char *base,
    const char **why);

/* A value of JSON as it goes into run records and `--json`. */
struct json *literal_to_json(struct arena *arena, const struct literal *value);

/*
 * The text of a scalar as flyte-copilot puts it into a file: integers and
 * floats in decimal without exponent, `true`, RFC 3339 in UTC, Go's duration;
 * of json the object, compact. BUG for lists, maps and paths.
 */
void literal_print(struct strbuf *sb, const struct literal *value);

const struct literal *literal_path(struct arena *arena, bool directory,
    const char *path);
const struct literal *literal_json(struct arena *arena,
    const struct json *object);
const struct literal *literal_datetime(struct arena *arena, struct instant t);

#endif
