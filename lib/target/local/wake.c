/*
 * The file `wake` beside the store. It is touched, not written: that costs no
 * disk, and a watcher sees it as a change of attributes.
 */
#include "lib/base/compat.h"

#include <sys/inotify.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/path.h"
#include "lib/store/store.h"
#include "lib/target/local/wake.h"

static char *
wake_path(const struct store *store)
{
	return path_join(store_dir(store), "wake");
}

static int
open_file(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
}

void
wake_others(const struct store *store)
{
	char *path = wake_path(store);
	int fd = open_file(path);

	if (fd >= 0) {
		futimens(fd, NULL);
		close(fd);
	}
	free(path);
}

int
wake_watch(const struct store *store)
{
	int file, fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	char *path;

	if (fd < 0)
		return -1;
	path = wake_path(store);
	/* What is not there cannot be watched. */
	if ((file = open_file(path)) >= 0)
		close(file);
	if (inotify_add_watch(fd, path, IN_ATTRIB) < 0) {
		close(fd);
		fd = -1;
	}
	free(path);
	return fd;
}

void
wake_drain(int fd)
{
	char events[4096];

	while (fd >= 0 && read(fd, events, sizeof(events)) > 0)
		;
}
