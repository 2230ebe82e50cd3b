/* Locks that die with their holder. */
#include "lib/base/compat.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/process.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/target/local/owner.h"

enum status
owner_acquire(struct owner_lock *lock, const struct store *store)
{
	enum status status = EXIT_DONE;
	char *dir;

	lock->fd = -1;
	run_make_id(lock->owner.id, 'o');
	lock->path = store_owner_path(store, lock->owner.id);
	dir = path_dirname(lock->path);
	if (tree_mkdirs(dir) != 0)
		status = error_errno(EXIT_LOCAL, "cannot make '%s'", dir);
	free(dir);
	if (status != EXIT_DONE)
		return status;
	lock->fd = open(lock->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
	    0666);
	if (lock->fd < 0)
		return error_errno(EXIT_LOCAL, "cannot make '%s'", lock->path);
	if (flock(lock->fd, LOCK_EX | LOCK_NB) != 0)
		return error_errno(EXIT_LOCAL, "cannot lock '%s'", lock->path);
	owner_adopt(lock);
	return EXIT_DONE;
}

void
owner_adopt(struct owner_lock *lock)
{
	lock->owner.pid = getpid();
	lock->owner.pid_start = process_start_time(getpid());
}

void
owner_leave(struct owner_lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	lock->fd = -1;
	free(lock->path);
	lock->path = NULL;
}

void
owner_release(struct owner_lock *lock)
{
	if (lock->fd >= 0)
		unlink(lock->path);
	owner_leave(lock);
}

/* Whether somebody holds the lock of that file; its file may be gone. */
static bool
held(const char *path)
{
	bool held;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	close(fd);
	return held;
}

bool
owner_alive(const struct store *store, const char *owner)
{
	char *path;
	bool alive;

	if (owner == NULL || *owner == '\0')
		return false;
	path = store_owner_path(store, owner);
	alive = held(path);
	free(path);
	return alive;
}

int
run_lock(const char *run_dir)
{
	char *path = path_join(run_dir, "lock");
	int fd, saved;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	free(path);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		saved = errno;
		close(fd);
		errno = saved;
		fd = -1;
	}
	return fd;
}

bool
run_locked(const char *run_dir)
{
	char *path = path_join(run_dir, "lock");
	bool locked = held(path);

	free(path);
	return locked;
}

/* Whether the descriptor's own lock is exclusive: fdinfo in proc(5). */
static bool
has_lock(const char *pid, const char *fd)
{
	char path[64 + 2 * NAME_MAX];
	struct strbuf sb = STRBUF_INIT;
	bool has;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", pid, fd);
	has = read_file(path, &sb, 1 << 16) == 0 &&
	    strstr(sb.buf, "FLOCK  ADVISORY  WRITE") != NULL;
	strbuf_release(&sb);
	return has;
}

static bool
is_holder(const char *pid, const struct stat *lock)
{
	char path[64 + NAME_MAX];
	struct dirent *entry;
	bool holds = false;
	struct stat st;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	if ((dir = opendir(path)) == NULL)
		return false;
	while (!holds && (entry = readdir(dir)) != NULL)
		holds = fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 &&
		    st.st_dev == lock->st_dev && st.st_ino == lock->st_ino &&
		    has_lock(pid, entry->d_name);
	closedir(dir);
	return holds;
}

/* Adds the group that the process is in, unless it is there or is ours. */
static size_t
add_group(pid_t pid, pid_t *group, size_t n)
{
	pid_t pgid = getpgid(pid);
	size_t i;

	if (pgid <= 1 || pgid == getpgrp())
		return n;
	for (i = 0; i < n; i++)
		if (group[i] == pgid)
			return n;
	group[n] = pgid;
	return n + 1;
}

size_t
run_groups(const char *run_dir, pid_t *group, size_t max)
{
	char *path = path_join(run_dir, "lock");
	struct dirent *entry;
	struct stat lock;
	const char *why;
	DIR *dir = NULL;
	size_t n = 0;
	pid_t pid;

	if (stat(path, &lock) == 0)
		dir = opendir("/proc");
	while (dir != NULL && n < max && (entry = readdir(dir)) != NULL) {
		pid = (pid_t)strtonum(entry->d_name, 2, INT_MAX, &why);
		if (why == NULL && is_holder(entry->d_name, &lock))
			n = add_group(pid, group, n);
	}
	if (dir != NULL)
		closedir(dir);
	free(path);
	return n;
}
