/*
 * Directories being filled: see part.h. They are made and removed under the
 * lock of `versions`, so that nobody sees one that is not locked yet.
 */
#include "lib/base/compat.h"

#include <sys/file.h>
#include <sys/random.h>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/base/path.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/target/local/part.h"

static const char prefix[] = ".part-";

static int
lock(int fd, int how)
{
	int rc;

	do
		rc = flock(fd, how);
	while (rc < 0 && errno == EINTR);
	return rc;
}

enum status
part_lock(const char *versions, int *fd)
{
	char *path = path_join(versions, ".lock");
	enum status status = EXIT_DONE;

	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (*fd < 0 || lock(*fd, LOCK_EX) != 0) {
		status = error_errno(EXIT_LOCAL, "cannot lock '%s'", path);
		if (*fd >= 0)
			close(*fd);
		*fd = -1;
	}
	free(path);
	return status;
}

/* -1 if somebody holds it, or it is not there any more. */
static int
hold(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && lock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* What cannot be removed harms nobody but the disk. */
static void
sweep(const char *versions)
{
	DIR *dir = opendir(versions);
	struct dirent *entry;
	char *path;
	int fd;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		path = path_join(versions, entry->d_name);
		fd = hold(path);
		if (fd >= 0) {
			if (tree_remove(path) != 0)
				warning("cannot remove '%s', which a deploy "
				    "that was cut short left: %s", path,
				    strerror(errno));
			close(fd);
		}
		free(path);
	}
	if (dir != NULL)
		closedir(dir);
}

static enum status
make(struct part *part, const char *versions)
{
	unsigned long long random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return error_errno(EXIT_LOCAL, "cannot get random numbers");
	part->path = xasprintf("%s/%s%016llx", versions, prefix, random);
	if (tree_mkdirs(part->path) != 0 ||
	    (part->fd = hold(part->path)) < 0)
		return error_errno(EXIT_LOCAL, "cannot make '%s'",
		    part->path);
	return EXIT_DONE;
}

enum status
part_make(struct part *part, const char *versions)
{
	enum status status;
	int fd;

	if (tree_mkdirs(versions) != 0)
		return error_errno(EXIT_LOCAL, "cannot make '%s'", versions);
	if ((status = part_lock(versions, &fd)) != EXIT_DONE)
		return status;
	sweep(versions);
	status = make(part, versions);
	close(fd);
	return status;
}

enum status
part_sync(const struct part *part)
{
	if (syncfs(part->fd) != 0)
		return error_errno(EXIT_LOCAL, "cannot sync '%s'",
		    part->path);
	return EXIT_DONE;
}

void
part_release(struct part *part)
{
	if (part->path != NULL)
		tree_remove(part->path);
	if (part->fd >= 0)
		close(part->fd);
	free(part->path);
	part->path = NULL;
	part->fd = -1;
}
