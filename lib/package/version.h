/*
 * What a snapshot is called. In a git work tree the commit, as long as the
 * directory is what the commit says; else, and elsewhere, by the content.
 */
#ifndef PACKAGE_VERSION_H
#define PACKAGE_VERSION_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/base/strvec.h"

enum { VERSION_MAX = 63 };

struct version {
	bool git;
	bool dirty;		/* uncommitted changes below the directory */
	char commit[65];	/* whole; "" if there is none yet */
	char *subject;		/* first line of its message; "" */
	/*
	 * What git says of the directory: `M  path`, `?? path`, as from
	 * `git status --short`, paths from the top of the work tree. Those
	 * hidden from it (assume-unchanged, skip-worktree) are `h  path`.
	 */
	struct strvec changes;
	/*
	 * A key that is the same as long as the snapshot's files are: of a
	 * clean git tree only, where no file needs to be read for it. "" where
	 * there is none.
	 */
	char identity[80];
	char name[VERSION_MAX + 1];	/* "" until version_name */
};

#define VERSION_INIT { .changes = STRVEC_INIT }

/*
 * Asks git about `dir`; without git, or outside of a work tree, `git` is false
 * and the version a hash. Where git refuses to answer (a repository of another
 * owner, say) EXIT_LOCAL with its message. `v` is released in any case.
 */
enum status version_ask(struct version *v, const char *dir);

/*
 * The same of one file, for what is snapshot from outside of the directory:
 * `changes` are the file's own, which git must not ignore, and there is no
 * identity.
 */
enum status version_ask_file(struct version *v, const char *path);

/* Whether the name depends on the tar: then version_name wants its digest. */
bool version_needs_digest(const struct version *v);

/*
 * Fills in `name`: `<sha12>` of a clean commit, `<sha12>-d<7 hex of the tar's
 * sha256>` of a dirty one, `<12 hex of the tar's sha256>` where there is no
 * commit. `tar_sha256` may be NULL if it is not needed.
 */
void version_name(struct version *v, const char *tar_sha256);

/*
 * A name that the user gives: [A-Za-z0-9][A-Za-z0-9._-]*, up to 63 characters.
 * NULL if it is good, else what is wrong with it, in static text.
 */
const char *version_fault(const char *name);

void version_release(struct version *v);

#endif
