/* Did you mean ...? */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include "lib/base/compat.h"

/*
 * The name of `names` (`n` of them, or up to a NULL if n is SIZE_MAX) that is
 * nearest to `word`, by insertions, deletions, replacements and swaps of
 * neighbours without regard to case; NULL if none is near enough to be meant.
 */
const char *suggest(const char *word, const char *const *names, size_t n);

#endif
