/*
 * The lock of running schedulers. It is one of open file descriptions (see
 * fcntl(2)): these can be asked for, and who asks gets in nobody's way.
 */
#include "lib/base/compat.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/path.h"
#include "lib/target/local/local.h"
#include "lib/target/local/served.h"

static char *
lock_path(const struct store *store)
{
	return path_join(store_dir(store), "scheduler.lock");
}

int
served_begin(const struct store *store)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	char *path = lock_path(store);
	int saved, fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	free(path);
	if (fd >= 0 && fcntl(fd, F_OFD_SETLK, &lock) != 0) {
		saved = errno;
		close(fd);
		errno = saved;
		fd = -1;
	}
	return fd;
}

bool
local_served(struct target *target)
{
	struct local *local = (struct local *)target;
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	bool served;
	char *path;
	int fd;

	if (local->store == NULL)
		return false;
	path = lock_path(local->store);
	/* To ask takes the right to read alone; who lacks it claims nothing. */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	served = fd >= 0 ? fcntl(fd, F_OFD_GETLK, &lock) == 0 &&
	    lock.l_type != F_UNLCK : errno != ENOENT;
	if (fd >= 0)
		close(fd);
	free(path);
	return served;
}
