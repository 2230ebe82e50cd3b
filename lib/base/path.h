/* Paths as text; only path_find_up and path_absolute look at the disk. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "lib/base/compat.h"

/* `dir/name`, or `name` if that is absolute. The caller frees. */
char *path_join(const char *dir, const char *name);

/* As dirname(3): "." where there is no slash. The caller frees. */
char *path_dirname(const char *path);

/* Points into `path`, behind its last slash. */
const char *path_basename(const char *path);

/*
 * `path` from the root on, without `.`, `..` resolved as text. Where the
 * working directory was removed, a relative one comes back as it is. The
 * caller frees.
 */
char *path_absolute(const char *path);

/* A leading `~` or `~/` becomes $HOME; else a copy. The caller frees. */
char *path_expand_home(const char *path);

/*
 * The nearest `name` in `dir` or a directory above it, as an absolute path
 * that the caller frees; NULL if there is none.
 */
char *path_find_up(const char *dir, const char *name);

/* As path_join, but relative ones first go through path_expand_home. */
char *path_resolve(const char *dir, const char *path);

#endif
