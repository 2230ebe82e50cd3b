/*
 * Reading tar archives of the kind that tar.h writes, or of those that GNU's,
 * busybox's and BSD's tar make of a directory. What comes out has been checked:
 * a path is relative and plain, a link stays in the tree. All else that tar has
 * (devices, other magics) is refused.
 */
#ifndef PACKAGE_UNTAR_H
#define PACKAGE_UNTAR_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"

enum untar_kind { UNTAR_FILE, UNTAR_LINK, UNTAR_DIRECTORY, UNTAR_SAME,
	UNTAR_END };

struct untar {
	/* Gives `len` bytes, less only at the end; its status is passed on. */
	enum status (*read)(void *arg, void *buf, size_t len, size_t *got);
	void *arg;
	const char *name;	/* of the archive, for errors */
	/*
	 * Other programs' archives, too: GNU's magic, long names and large
	 * numbers, `./` before a name, hard links. These are UNTAR_SAME: what
	 * is in the file `target`, which came earlier.
	 */
	bool any;
	int64_t at;		/* bytes read so far */

	/* The present entry. */
	enum untar_kind kind;
	struct strbuf path, target;
	int64_t left;		/* of the file's bytes */
	bool executable;
};

#define UNTAR_INIT { .path = STRBUF_INIT, .target = STRBUF_INIT }

/*
 * Goes to the next entry, over what is left of this one; kind is UNTAR_END
 * behind the last, when all of the archive was read. Damage is EXIT_INPUT.
 */
enum status untar_next(struct untar *untar);

/* Reads up to `len` bytes of the present file; *got is 0 at its end. */
enum status untar_data(struct untar *untar, void *buf, size_t len,
    size_t *got);

void untar_release(struct untar *untar);

#endif
