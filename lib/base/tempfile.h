/*
 * A file written beside its place and renamed onto it, so that nobody ever
 * sees half of it. One that was not committed is removed: by tempfile_abort,
 * at exit, and when a signal ends the program.
 */
#ifndef BASE_TEMPFILE_H
#define BASE_TEMPFILE_H

#include "lib/base/compat.h"

struct tempfile {
	char *path;	/* the file being written; NULL when none is open */
	char *target;
	int fd;
	struct tempfile *next;
};

#define TEMPFILE_INIT { NULL, NULL, -1, NULL }

/*
 * Creates a new file (O_EXCL) in the directory of `target`, with exactly this
 * mode whatever the umask. 0, or -1 with errno. The struct stays where it is
 * until commit or abort, which close `fd`.
 */
int tempfile_create(struct tempfile *t, const char *target, mode_t mode);

/*
 * One that is nobody's place, for this user alone, in $TMPDIR or /tmp; only
 * tempfile_abort ends it. 0, or -1 with errno, and *dir is where it was to be:
 * for the message, good until the environment changes.
 */
int tempfile_scratch(struct tempfile *t, const char **dir);

/*
 * Syncs, closes and renames it onto the target, and syncs the directory. After
 * a failure (-1 with errno) it is gone, unless only that last step failed.
 */
int tempfile_commit(struct tempfile *t);

/* Closes and removes it; fine if none is open. */
void tempfile_abort(struct tempfile *t);

/* Unlinks what is open: async-signal-safe, for the handler of main.c. */
void tempfile_unlink_all(void);

#endif
