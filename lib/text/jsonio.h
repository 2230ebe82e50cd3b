/*
 * JSON values in an arena (read by jansson) and a writer that streams. Reals
 * are written as the shortest decimal that reads back the same, which jansson
 * does not do; integers are 64-bit and stay apart from reals. Reading is in
 * jsonio.c, writing in jsonprint.c.
 */
#ifndef TEXT_JSONIO_H
#define TEXT_JSONIO_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct arena;
struct instant;
struct span;
struct strbuf;

enum json_kind {
	JSON_NULL_VALUE, JSON_BOOL, JSON_INT, JSON_DOUBLE, JSON_TEXT,
	JSON_LIST, JSON_MAP
};

struct json_member {
	const char *name;
	struct json *value;
};

struct json {
	enum json_kind kind;
	size_t n;			/* bytes, items or members */
	union {
		bool boolean;
		int64_t integer;
		double real;
		const char *text;	/* NUL-terminated; no NUL within */
		struct json **item;
		struct json_member *member;
	};
};

enum { JSON_SIZE_MAX = 64 << 20, JSON_DEPTH_MAX = 64 };

/*
 * Parses one JSON value (RFC 8259) with nothing behind it. Duplicate members,
 * integers beyond 64 bits, reals beyond a double, NUL in a text, nesting over
 * JSON_DEPTH_MAX and bytes that are not UTF-8 are errors. Returns NULL then,
 * and *why is a text of the arena: `line 1 column 5: ...`.
 */
struct json *json_parse(struct arena *arena, const char *data, size_t len,
    const char **why);

/*
 * Values of the arena. Texts are copied. (jansson has a json_null() of its
 * own, and two of one name cannot be linked.)
 */
struct json *json_null_value(struct arena *arena);
struct json *json_bool(struct arena *arena, bool value);
struct json *json_int(struct arena *arena, int64_t value);
struct json *json_double(struct arena *arena, double value);
struct json *json_text(struct arena *arena, const char *text);
struct json *json_list(struct arena *arena);
struct json *json_map(struct arena *arena);
void json_append(struct arena *arena, struct json *list, struct json *value);

/*
 * A member more, whose name must be new: nobody looks, so that big objects are
 * made in linear time.
 */
void json_add(struct arena *arena, struct json *map, const char *name,
    struct json *value);

/* Sets or replaces a member, at the end if it is new. */
void json_set(struct arena *arena, struct json *map, const char *name,
    struct json *value);

/* The member, or NULL; also NULL if `map` is no object. */
struct json *json_find(const struct json *map, const char *name);

/* "null", "boolean", "integer", "float", "string", "list", "object". */
const char *json_kind_name(const struct json *value);

/* Appends the value on one line without blanks, members in their order. */
void json_print(struct strbuf *sb, const struct json *value);

/*
 * The shortest decimal that reads back the same: 1, 0.1, 1e-7, 1e+20. As Go's
 * encoding/json and ECMAScript write it, but with an exponent from 2^63 on
 * rather than from 1e21: there a text without one would be an integer that
 * json_parse, like most readers, cannot take back. No NaN and no infinity.
 */
void json_print_double(struct strbuf *sb, double value);

/* The same without exponent ever, as Go's strconv 'f', -1: copilot's files. */
void json_print_decimal(struct strbuf *sb, double value);

/* Appends a text in quotes, escaped. Bytes that are not UTF-8 become U+FFFD. */
void json_print_text(struct strbuf *sb, const char *text, size_t len);

/*
 * The writer appends to a strbuf: commas and, if `pretty`, newlines and two
 * blanks a level are its own. Within an object each value takes its name;
 * within a list and at the top the name is NULL. The newline at the end is
 * the caller's.
 */
struct json_writer {
	struct strbuf *out;
	bool pretty;
	int depth;
	bool first;	/* nothing written yet at this level */
};

void json_writer_init(struct json_writer *w, struct strbuf *out, bool pretty);
void json_begin_map(struct json_writer *w, const char *name);
void json_end_map(struct json_writer *w);
void json_begin_list(struct json_writer *w, const char *name);
void json_end_list(struct json_writer *w);
void json_put_text(struct json_writer *w, const char *name, const char *text);
void json_put_int(struct json_writer *w, const char *name, int64_t value);
void json_put_double(struct json_writer *w, const char *name, double value);
void json_put_bool(struct json_writer *w, const char *name, bool value);
void json_put_null(struct json_writer *w, const char *name);
/* A text, or null if `text` is NULL. */
void json_put_text_or_null(struct json_writer *w, const char *name,
    const char *text);
/* As texts: RFC 3339, and as span_print has it. */
void json_put_instant(struct json_writer *w, const char *name,
    struct instant t);
void json_put_span(struct json_writer *w, const char *name,
    struct span span);
void json_put(struct json_writer *w, const char *name,
    const struct json *value);

#endif
