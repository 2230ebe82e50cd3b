/* A template's files on the disk. */
#ifndef CMD_SCAFFOLD_H
#define CMD_SCAFFOLD_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct template;

/*
 * Makes the directory, all at once: it is written beside its place and
 * renamed. What is there already is left as it is (EXIT_LOCAL).
 */
enum status scaffold_create(const struct template *t, const char *dir,
    const char *app);

/*
 * Adds the files to the working directory, all or none: EXIT_LOCAL if one of
 * them is there already.
 */
enum status scaffold_fill(const struct template *t, const char *app);

#endif
