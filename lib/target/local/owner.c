/* Locks that die with their holder. */
#include "lib/base/compat.h"

#include <sys/file.h>
#include <sys/random.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/path.h"
#include "lib/base/process.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/target/local/owner.h"

static enum status
make_id(char id[RUN_ID_LEN + 1])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char random[RUN_ID_LEN];
	size_t i;

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return error_errno(EXIT_LOCAL, "cannot get random numbers");
	id[0] = 'o';
	for (i = 1; i < RUN_ID_LEN; i++)
		id[i] = hex[random[i] & 15];
	id[i] = '\0';
	return EXIT_DONE;
}

enum status
owner_acquire(struct owner_lock *lock, const struct store *store)
{
	enum status status;
	char *dir;

	lock->fd = -1;
	if ((status = make_id(lock->owner.id)) != EXIT_DONE)
		return status;
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
