/*
 * The table of keys: all that an app file may hold, as data. The reader
 * (keyread.h), the suggestions for unknown keys and the JSON Schema are made
 * from it, and a test holds unionml.yaml(5) against it. A new key is a row
 * here, a member of the struct that it names, and a paragraph of the manual.
 */
#ifndef APPFILE_KEYS_H
#define APPFILE_KEYS_H

#include "lib/base/compat.h"
#include "lib/model/ident.h"

struct keyrule;
struct keys;

/* What a key's value looks like, and what lies at its offset in the struct. */
enum key_shape {
	KEY_TEXT,	/* const char *: a scalar as written */
	KEY_NAME,	/* const char *: a text that is a name */
	KEY_QUANTITY,	/* const char *: a number or text */
	KEY_WORD,	/* an enum: one of `words` */
	KEY_INTEGER,	/* int64_t: `min` to `max` */
	KEY_BOOLEAN,	/* bool */
	KEY_SPAN,	/* struct span: a duration, positive */
	KEY_OFFSET,	/* struct span: in ISO 8601's form, not negative */
	KEY_INSTANT,	/* struct instant; bool at `count`: whether given */
	KEY_EXPRESSION,	/* struct expression */
	KEY_RATE,	/* struct expression, from a duration */
	KEY_TYPE,	/* const struct type * */
	KEY_COMMAND,	/* struct command: a list or a text */
	KEY_TEXTS,	/* struct names: a list of texts */
	KEY_SETTINGS,	/* struct settings: environment variables */
	KEY_MODEL,	/* struct model_choice: one of `words`, or an object */
	KEY_OBJECT,	/* the struct that `object` is about */
	KEY_OBJECTS,	/* a pointer to an array of those; size_t at `count` */
	KEY_VALUE,	/* nothing: read later, when its type is known */
	KEY_VALUES	/* nothing: a mapping of such values */
};

enum {
	KEY_REQUIRED = 1 << 0,
	KEY_EXPANDS = 1 << 1,	/* ${NAME} is replaced where it is used */
	KEY_MEMBER = 1 << 2,	/* KEY_TYPE: one that a JSON object can hold */
	KEY_FILLED = 1 << 3	/* KEY_TEXTS: not an empty list */
};

struct key_word {
	const char *name;	/* NULL ends the list */
	int value;
};

struct key {
	const char *name;
	enum key_shape shape;
	size_t offset, count;
	unsigned flags;
	int only;		/* 1 + value of the object's `by`; 0: always */
	const char *needs;	/* a key without which this one is an error */
	const struct keys *object;
	const struct key_word *words;
	int64_t min, max;
	const struct keyrule *rule;
	const char *preset;	/* what leaving it out means, as JSON */
	const char *about;	/* one line */
};

/* An object: its keys, and of entries of KEY_OBJECTS their names. */
struct keys {
	const char *id;			/* of its definition in the schema */
	const char *what;		/* `a schedule` */
	const struct key *key;
	size_t n;
	size_t size;			/* of the struct; a name is first */
	size_t at;			/* of its position, two ints */
	enum ident_kind naming;
	const char *const *reserved;	/* names that no entry may have */
	const char *by;			/* its word decides on `only` */
	const char *either[2];		/* of these keys exactly one is there */
};

/* The whole file. */
extern const struct keys keys_app;

const struct key *keys_find(const struct keys *keys, const char *name);

/* Whether the key may stand beside `by` with that word (-1: not known). */
bool key_applies(const struct key *key, int word);

#endif
