/*
 * Files and descriptors, whole: the loops over EINTR and short counts live
 * here and nowhere else. Functions that return int give 0, or -1 with errno.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include "lib/base/compat.h"

struct strbuf;

/* read(2) that no signal cuts short. */
ssize_t read_some(int fd, void *buf, size_t len);

/* Writes all `len` bytes. */
int write_full(int fd, const void *data, size_t len);

/*
 * Appends up to the end of file; EFBIG when more than `max` bytes come. After
 * a failure the buffer is as it was.
 */
int read_fd(int fd, struct strbuf *sb, size_t max);
int read_file(const char *path, struct strbuf *sb, size_t max);

/*
 * Appends the last `max` bytes of the file, cut to whole lines; of a last line
 * that is longer than that, its end.
 */
int read_tail(const char *path, struct strbuf *sb, size_t max);

/*
 * Writes the file in one go, for a place where nobody looks yet: no rename,
 * no sync. tempfile.h is for the others.
 */
int write_file(const char *path, const void *data, size_t len);

/* Copies bytes until the end of `from`. */
int copy_fd(int from, int to);

/* Syncs the directory that holds `path`, so that a rename there lasts. */
int sync_parent(const char *path);

#endif
