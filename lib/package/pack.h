/*
 * The snapshot itself: a tar of the listed files, gzip around it. The same
 * files give the same tar bytes on every machine, and the digest is the tar's,
 * since what deflate makes of it differs between versions of zlib.
 */
#ifndef PACKAGE_PACK_H
#define PACKAGE_PACK_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct filelist;

struct pack {
	char sha256[65];	/* of the tar */
	int64_t tar_bytes;
	int64_t gzip_bytes;	/* 0 from pack_digest */
};

/*
 * Writes NAME.tar.gz by a file beside it that is renamed onto it, mode 0644.
 * A file that vanished or changes while it is read is EXIT_LOCAL. The memory
 * it takes does not depend on the files.
 */
enum status pack_write(const struct filelist *list, const char *path,
    struct pack *pack);

/* The same into an open file; `name` is what errors call it. */
enum status pack_write_fd(const struct filelist *list, int fd,
    const char *name, struct pack *pack);

/* What pack_write would give, and nothing written. */
enum status pack_digest(const struct filelist *list, struct pack *pack);

#endif
