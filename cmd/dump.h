/* The words that shell completion offers. */
#ifndef CMD_DUMP_H
#define CMD_DUMP_H

#include "lib/base/compat.h"

struct context;

/* What dump_words knows of, for the table of options; ends in NULL. */
extern const char *const dump_kinds[];

/*
 * Prints the words of that kind, one a line, each followed by a tab and what
 * it is. `of` is the run whose nodes, or the command whose inputs are meant;
 * else NULL. Where there are none (no app file, a broken one, no store) it
 * prints nothing at all, for somebody is in the middle of a line.
 */
void dump_words(struct context *context, const char *kind, const char *of);

#endif
