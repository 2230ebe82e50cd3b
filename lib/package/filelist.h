/*
 * Which files a snapshot of a directory holds. In a git work tree those that
 * git knows or would add, submodules' too; elsewhere all but `.git`, what
 * `.unionmlignore` names, and directories whose own `.gitignore` is `*`.
 * Nothing below a `.unionml` ever is. Directories are not listed, so that an
 * empty one, which git cannot keep, is in neither.
 */
#ifndef PACKAGE_FILELIST_H
#define PACKAGE_FILELIST_H

#include "lib/base/compat.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"

enum filelist_kind { FILELIST_FILE, FILELIST_LINK };

enum filelist_why {
	FILELIST_TRACKED,
	FILELIST_UNTRACKED,
	FILELIST_NOT_IGNORED
};

struct filelist_entry {
	const char *path;	/* below the directory; any bytes but NUL */
	const char *target;	/* of a link; else NULL */
	int64_t size;		/* of a file when it was listed; else 0 */
	enum filelist_kind kind;
	enum filelist_why why;
	bool executable;	/* by its owner */
};

struct filelist {
	char *dir;
	bool git;		/* asked of git */
	struct filelist_entry *v;	/* bytewise by path */
	size_t n, cap;
	int64_t bytes;		/* of all files */
	struct arena arena;
};

/*
 * Lists what belongs to the snapshot of `dir`. A link that leads out of `dir`
 * and a submodule that is not checked out are errors (EXIT_INPUT), all of them
 * reported; what cannot be read is EXIT_LOCAL. Sockets, FIFOs and devices are
 * left out with a warning, tracked files that were deleted without one.
 * filelist_release is due whatever comes back.
 */
enum status filelist_load(struct filelist *list, const char *dir);

/* The same of a directory that is no source: nothing in it is left out. */
enum status filelist_load_all(struct filelist *list, const char *dir);

void filelist_release(struct filelist *list);

/* The entry of the file at `path`, as the caller would open it; or NULL. */
const struct filelist_entry *filelist_find(const struct filelist *list,
    const char *path);

/* "tracked", "untracked", "not ignored". */
const char *filelist_why_text(enum filelist_why why);

#endif
