/*
 * The directory that a deploy fills before it gets its name. Whose it is, is
 * known by a lock on it: what nobody holds was left by a deploy that was
 * killed, and the next one removes it.
 */
#ifndef LOCAL_PART_H
#define LOCAL_PART_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

struct part {
	char *path;
	int fd;
};

#define PART_INIT { NULL, -1 }

/* The lock of `versions`, the directory of that path; *fd is to be closed. */
enum status part_lock(const char *versions, int *fd);

/* Makes one in `versions`, and `versions` itself; removes what was left. */
enum status part_make(struct part *part, const char *versions);

/*
 * All that is in it is on the disk. The whole file system is synced for it: ten
 * thousand files one by one take longer than to pack them.
 */
enum status part_sync(const struct part *part);

/* Removes it if it is still there. */
void part_release(struct part *part);

#endif
