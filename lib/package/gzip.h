/*
 * gzip, written and read. The writer compresses in a thread of its own, so
 * that reading and hashing files goes on meanwhile.
 */
#ifndef PACKAGE_GZIP_H
#define PACKAGE_GZIP_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct gzip_writer;
struct gzip_reader;

/*
 * Begins a gzip file (level 6, without time, name or system) in `fd`, which
 * stays the caller's. `name` is what errors call it. NULL after a message.
 */
struct gzip_writer *gzip_create(int fd, const char *name);

enum status gzip_write(struct gzip_writer *writer, const void *data,
    size_t len);

/* Writes what is left, frees the writer and says how long the file is. */
enum status gzip_finish(struct gzip_writer *writer, int64_t *bytes);

/* Frees the writer, wherever it is; NULL is fine. */
void gzip_abandon(struct gzip_writer *writer);

/* Begins to read the gzip file in `fd`, which stays the caller's. */
struct gzip_reader *gzip_open(int fd, const char *name);

/*
 * Reads `len` bytes, less only at the end, where the checksum must be right
 * and nothing may follow. EXIT_INPUT for damage.
 */
enum status gzip_read(struct gzip_reader *reader, void *buf, size_t len,
    size_t *got);

void gzip_close(struct gzip_reader *reader);

#endif
