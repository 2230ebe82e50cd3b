/*
 * Writing tar archives: POSIX ustar, with pax records for what does not fit
 * into its fields. No times, owners or directories: the bytes follow from
 * names, contents and who may execute.
 */
#ifndef PACKAGE_TAR_H
#define PACKAGE_TAR_H

#include "lib/base/compat.h"
#include "lib/base/err.h"

enum { TAR_BLOCK = 512, TAR_RECORD = 10240 };

struct tar_header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12];
	char checksum[8], type, linkname[100], magic[6], version[2];
	char uname[32], gname[32], devmajor[8], devminor[8], prefix[155];
	char unused[12];
};

struct tar {
	/* Takes the bytes; its status is passed on. */
	enum status (*write)(void *arg, const void *data, size_t len);
	void *arg;
	int64_t bytes;		/* written so far */
	int64_t left;		/* of the file that was begun */
};

/*
 * Begins a file of exactly `size` bytes, which tar_data then gives in one or
 * several pieces.
 */
enum status tar_file(struct tar *tar, const char *path, int64_t size,
    bool executable);
enum status tar_data(struct tar *tar, const void *data, size_t len);

enum status tar_link(struct tar *tar, const char *path, const char *target);

/* Writes the end, filled up to a whole record. */
enum status tar_end(struct tar *tar);

/* What the checksum of a header's block must be. */
unsigned int tar_checksum(const struct tar_header *header);

/*
 * What is wrong with a symbolic link at `path`, or NULL if it stays in the
 * tree: a relative target whose `..` all come first and are no more than
 * `path` has directories. (Behind a name `..` could come back from another
 * link's end.)
 */
const char *tar_link_fault(const char *path, const char *target);

#endif
