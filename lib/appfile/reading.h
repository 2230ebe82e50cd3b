/*
 * The reading of one app file: where its values and its diagnostics go, and
 * the dotted path of the key at hand, which begins each message.
 */
#ifndef APPFILE_READING_H
#define APPFILE_READING_H

#include "lib/base/compat.h"
#include "lib/base/strbuf.h"
#include "lib/model/app.h"

struct diag;
struct nameset;
struct yaml_node;
struct yaml_pair;

struct reading {
	struct arena *arena;	/* the app's */
	struct diag *diag;
	const char *directory;	/* what paths in the file are relative to */
	const struct yaml_node *root;
	struct strbuf path;
	size_t compared;	/* names, in search of suggestions */
	bool misread;		/* declarations are missing for an error told */
};

/* Goes one key or element deeper; the result takes reading_leave back. */
size_t reading_enter(struct reading *r, const char *name);
size_t reading_enter_index(struct reading *r, size_t index);
void reading_leave(struct reading *r, size_t mark);

/* Both say `KEY: ...`; the KEY is left out at the top. */
void reading_error(struct reading *r, const struct yaml_node *node,
    const char *fmt, ...) PRINTF_LIKE(3, 4);
void reading_error_at(struct reading *r, struct position at, const char *fmt,
    ...) PRINTF_LIKE(3, 4);
void reading_warning(struct reading *r, const struct yaml_node *node,
    const char *fmt, ...) PRINTF_LIKE(3, 4);
void reading_warning_at(struct reading *r, struct position at,
    const char *fmt, ...) PRINTF_LIKE(3, 4);

struct position reading_position(const struct yaml_node *node);

/* What stands at `dataset.reader`; NULL if nothing does. */
const struct yaml_pair *reading_find(const struct reading *r,
    const char *path);

/*
 * The name that is nearest to `word`, or NULL. After much searching in one
 * file it gives up.
 */
const char *reading_near(struct reading *r, const char *word,
    const struct nameset *names);

/* The same as `. Did you mean 'NAME'?` or nothing: the end of a message. */
const char *reading_suggest(struct reading *r, const char *word,
    const struct nameset *names);

#endif
