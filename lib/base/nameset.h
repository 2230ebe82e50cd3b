/*
 * Names looked up by bisection, for files with thousands of them. The names
 * are those of the elements of an array, which the set does not own.
 */
#ifndef BASE_NAMESET_H
#define BASE_NAMESET_H

#include "lib/base/compat.h"

struct arena;

struct nameset_entry {
	const char *name;
	size_t index;		/* in the array */
};

struct nameset {
	struct nameset_entry *v;	/* sorted by name, then by index */
	size_t n;
};

/* Of `n` elements of `size` bytes, each of which begins with its name. */
void nameset_init(struct nameset *set, struct arena *arena, const void *array,
    size_t n, size_t size);

/* The first element of that name, or SIZE_MAX. */
size_t nameset_find(const struct nameset *set, const char *name);

/* The name that `word` may have been meant for, or NULL. */
const char *nameset_suggest(const struct nameset *set, const char *word);

#endif
