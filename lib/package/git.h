/*
 * Asking git, as a subprocess. Which repository is meant follows from the
 * directory alone: GIT_DIR, GIT_INDEX_FILE and their kind, which hooks are run
 * with, are kept from it; configuration in the environment is not.
 */
#ifndef PACKAGE_GIT_H
#define PACKAGE_GIT_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct strbuf;

/*
 * Whether the directory is part of a git work tree. One that the work tree
 * ignores is not, and nothing is where git is not installed (a warning says
 * so). EXIT_LOCAL with git's own words when it refuses to answer.
 */
enum status git_has(const char *dir, bool *has);

/*
 * Runs git in the directory with a NULL-terminated list of arguments and
 * appends what it prints to `out`. With `code` the exit status is the caller's
 * to judge, else any but 0 is EXIT_LOCAL with git's own words.
 */
enum status git_run(const char *dir, const char *const *args,
    struct strbuf *out, int *code);

#endif
