/*
 * `.unionmlignore`: gitignore(5)'s patterns, one a line, of which the last
 * that matches decides. `#` begins a comment, `!` takes a file in again, a
 * slash at the end means directories only, one elsewhere ties the pattern to
 * the top; `*`, `?` and `[a-z]` stay within a name, `**` stands for any number
 * of directories. Only the file at the top of the source is read.
 */
#ifndef PACKAGE_IGNORE_H
#define PACKAGE_IGNORE_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"

struct ignore_rule {
	char **part;		/* between the slashes */
	size_t parts;
	bool anchored;		/* else it is about the last name */
	bool directory;
	bool keep;		/* `!` */
};

struct ignore {
	struct ignore_rule *v;
	size_t n, cap;
	struct arena arena;
};

#define IGNORE_INIT { NULL, 0, 0, ARENA_INIT }

/* Adds the rules in the text of a file. */
void ignore_parse(struct ignore *ignore, const char *text, size_t len);

/*
 * Whether the rules name this very path. What lies in an ignored directory
 * is ignored too, but that is for whoever walks there, or rather does not.
 */
bool ignore_match(const struct ignore *ignore, const char *path,
    bool directory);

void ignore_release(struct ignore *ignore);

#endif
