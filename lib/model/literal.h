/*
 * Values with a type, in an arena. They come from JSON, from the text of
 * `-p NAME=VALUE`, or from the app file, and each is checked against the type
 * that is wanted as it comes. Text is read in literaltext.c, what is registered
 * on clusters alone in literalforeign.c, all else is in literal.c.
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
		const struct json *json;	/* an object; any */
		struct {
			const struct type *variant;
			const struct literal *value;
		} chosen;		/* of a union */
		const struct literal **item;
		struct literal_entry *entry;
	};
};

/*
 * A JSON value as a literal of `type`. An integer is taken for a float (if the
 * float holds it exactly), not the other way; datetimes and durations are
 * texts; `json` is an object, which the literal points to and does not copy.
 * Keys of a map must do as names of files. Paths of files and directories are
 * resolved against `base` (NULL: they are kept as they are) and not looked up.
 * NULL on a mismatch; *why then reads `expected integer, got string "x"`, or
 * `item 2: ...` (from 1) and `key 'a': ...` of what a list or map holds, in
 * text of the arena.
 */
const struct literal *literal_from_json(struct arena *arena,
    const struct type *type, const struct json *value, const char *base,
    const char **why);

/*
 * The same from text: a scalar's text as it stands, JSON for json, list and
 * map, a path for file and directory. Integers are decimal with no zero or `+`
 * before, floats decimal with an exponent or without; no blanks around them.
 */
const struct literal *literal_from_text(struct arena *arena,
    const struct type *type, const char *text, const char *base,
    const char **why);

/*
 * A value of JSON as it goes into run records and `--json`, from which
 * literal_from_json makes the same literal again. Of json it is the literal's
 * own object, not to be changed.
 */
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

/* Whether a path is a URI, as an input of a cluster's may be. */
bool literal_is_uri(const char *path);

/*
 * The readers for enum, union, none and any. Of a union the first variant that
 * takes it, but an integer one before a float and, of text, a string last.
 */
const struct literal *literal_foreign_from_json(struct arena *arena,
    const struct type *type, const struct json *value, const char *base,
    const char **why);
const struct literal *literal_foreign_from_text(struct arena *arena,
    const struct type *type, const char *text, const char *base,
    const char **why);

/* Parts of the two readers: datetime or duration, file or directory. */
const struct literal *literal_from_time(struct arena *arena,
    const struct type *type, const char *text, const char **why);
const struct literal *literal_from_path(struct arena *arena,
    const struct type *type, const char *text, const char *base,
    const char **why);

/* `string "x"`, `integer 7`, `null`; of lists and objects no more than that. */
const char *literal_describe(struct arena *arena, const struct json *value);

/* For messages: cut to 40 bytes and `...` if longer; the same as JSON text. */
const char *literal_shorten(struct arena *arena, const char *text);
const char *literal_quote(struct arena *arena, const char *text);

#endif
