/*
 * Files on their way to their place. Those that are open hang in a list, from
 * which a signal handler and exit(3) remove them. Signals are held off while
 * the list changes, and from the making of a file until it is in the list.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "lib/base/err.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/tempfile.h"
#include "lib/base/xalloc.h"

enum { TRIES = 100 };

static struct tempfile *open_files;

/* Whose the files in the list are: a child after fork(2) has none of them. */
static pid_t owner;

void
tempfile_unlink_all(void)
{
	const struct tempfile *t;

	if (owner != getpid())
		return;
	for (t = open_files; t != NULL; t = t->next)
		unlink(t->path);
}

static void
hold_signals(sigset_t *saved)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, saved);
}

static void
enter(struct tempfile *t)
{
	static bool at_exit;

	if (owner != getpid()) {
		open_files = NULL;
		owner = getpid();
	}
	t->next = open_files;
	open_files = t;
	if (!at_exit)
		at_exit = atexit(tempfile_unlink_all) == 0;
}

/* False if it is not in the list: then it is the parent's. */
static bool
leave(struct tempfile *t)
{
	struct tempfile **p = &open_files;

	if (owner != getpid())
		return false;
	while (*p != NULL && *p != t)
		p = &(*p)->next;
	if (*p == NULL)
		return false;
	*p = t->next;
	return true;
}

int
tempfile_create(struct tempfile *t, const char *target, mode_t mode)
{
	char *dir = path_dirname(target), name[48];
	sigset_t saved;
	int i, err;

	t->fd = -1;
	t->next = NULL;
	hold_signals(&saved);
	for (i = 0; i < TRIES; i++) {
		snprintf(name, sizeof(name), ".unionml-%08lx%08lx.tmp",
		    (unsigned long)arc4random(), (unsigned long)arc4random());
		t->path = path_join(dir, name);
		t->fd = open(t->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
		    mode & 0700);
		if (t->fd >= 0 || errno != EEXIST)
			break;
		free(t->path);
		t->path = NULL;
	}
	err = errno;
	if (t->fd >= 0)
		enter(t);
	sigprocmask(SIG_SETMASK, &saved, NULL);
	free(dir);
	if (t->fd < 0) {
		free(t->path);
		t->path = t->target = NULL;
		errno = err;
		return -1;
	}
	t->target = xstrdup(target);
	/* Not left to the umask. */
	if (fchmod(t->fd, mode) < 0) {
		tempfile_abort(t);
		return -1;
	}
	return 0;
}

/* Off the list, and removed where it still stands and is ours. */
static void
drop(struct tempfile *t, bool remove_it)
{
	int saved = errno;
	sigset_t signals;

	hold_signals(&signals);
	if (leave(t) && remove_it)
		unlink(t->path);
	sigprocmask(SIG_SETMASK, &signals, NULL);
	if (t->fd >= 0)
		close(t->fd);
	free(t->path);
	free(t->target);
	t->path = t->target = NULL;
	t->fd = -1;
	t->next = NULL;
	errno = saved;
}

void
tempfile_abort(struct tempfile *t)
{
	if (t->path != NULL)
		drop(t, true);
}

int
tempfile_scratch(struct tempfile *t, const char **dir)
{
	const char *tmpdir = getenv("TMPDIR");
	char *path;
	int ret;

	*dir = tmpdir != NULL && *tmpdir != '\0' ? tmpdir : "/tmp";
	path = path_join(*dir, "unionml");
	ret = tempfile_create(t, path, 0600);
	free(path);
	return ret;
}

int
tempfile_commit(struct tempfile *t)
{
	char *target;
	int fd = t->fd, rc;

	if (t->path == NULL)
		BUG("no temporary file to commit");
	rc = fsync(fd);
	t->fd = -1;
	if (close(fd) < 0)
		rc = -1;
	if (rc < 0 || rename(t->path, t->target) < 0) {
		tempfile_abort(t);
		return -1;
	}
	target = t->target;
	t->target = NULL;
	drop(t, false);
	rc = sync_parent(target);
	free(target);
	return rc;
}
