/*
 * Files below a directory. The directory used last stays open, since paths
 * come sorted and most share it with the one before.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/path.h"
#include "lib/package/below.h"

int
below_open(struct below *below, const char *dir)
{
	below->top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	below->dir = below->top;
	strbuf_reset(&below->path);
	return below->top < 0 ? -1 : 0;
}

static void
leave(struct below *below)
{
	int saved = errno;

	if (below->dir != below->top)
		close(below->dir);
	below->dir = below->top;
	strbuf_reset(&below->path);
	errno = saved;
}

/* One directory down. */
static int
enter(struct below *below, const char *name, bool make)
{
	int fd;

	if (make && mkdirat(below->dir, name, 0777) < 0 && errno != EEXIST)
		return -1;
	fd = openat(below->dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (below->dir != below->top)
		close(below->dir);
	below->dir = fd;
	strbuf_addf(&below->path, "%s%s", below->path.len > 0 ? "/" : "",
	    name);
	return 0;
}

int
below_parent(struct below *below, const char *path, bool make,
    const char **name)
{
	struct strbuf part = STRBUF_INIT;
	const char *slash;
	size_t len;
	int rc = 0;

	*name = path_basename(path);
	len = *name != path ? (size_t)(*name - path) - 1 : 0;
	if (below->path.len == len && memcmp(below->path.buf, path, len) == 0)
		return below->dir;
	leave(below);
	for (; path < *name && rc == 0; path = slash + 1) {
		slash = strchr(path, '/');
		strbuf_reset(&part);
		strbuf_add(&part, path, (size_t)(slash - path));
		rc = enter(below, part.buf, make);
	}
	strbuf_release(&part);
	if (rc < 0) {
		leave(below);
		return -1;
	}
	return below->dir;
}

void
below_close(struct below *below)
{
	if (below->top >= 0) {
		leave(below);
		close(below->top);
	}
	strbuf_release(&below->path);
	below->top = below->dir = -1;
}
