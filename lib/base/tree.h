/*
 * Whole directory trees. Symbolic links are never followed below the path
 * given. Functions that return int give 0, or -1 with errno.
 */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include "lib/base/compat.h"

/* Makes the directory and its parents; fine if they exist. */
int tree_mkdirs(const char *path);

/*
 * Removes the file, link or tree; fine if nothing is there. Directories that
 * are write-protected go all the same.
 */
int tree_remove(const char *path);

/* Syncs each file and directory of the tree, or the one file. */
int tree_sync(const char *path);

enum tree_copy { TREE_COPY, TREE_LINK };

/*
 * Copies a file or tree to a path where nothing is. TREE_LINK makes hard
 * links of files where the file system can. Symbolic links are copied as
 * links; only the top itself is followed. Modes are kept, times are not. A
 * socket, FIFO or device fails with EINVAL. What was made before a failure
 * stays for the caller to remove.
 */
int tree_copy(const char *from, const char *to, enum tree_copy how);

/* Adds up the bytes of the regular files of a file or tree. */
int tree_size(const char *path, int64_t *bytes);

/*
 * The sha256 of a file's bytes as 64 hex digits; of a directory, that of the
 * sorted lines `DIGEST  NAME\n` of all regular files below it, as sha256sum(1)
 * prints them: `find . -type f -printf '%P\0' | xargs -0 sha256sum -- |
 * LC_ALL=C sort | sha256sum` says the same.
 */
int tree_sha256(const char *path, char hex[65]);

#endif
