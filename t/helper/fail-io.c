/*
 * A library to preload that makes file operations fail, as a full or broken
 * disk would:
 *	FAIL_IO_OP	write, fsync, rename, open, read, mkdir, unlink:
 *			one or several, separated by commas
 *	FAIL_IO_PATH	only where the path contains this text
 *	FAIL_IO_AFTER	let so many of them pass in each process (0)
 *	FAIL_IO_ERRNO	ENOSPC (the default), EIO, EROFS or EACCES
 *	FAIL_IO_SLEEP	instead of failing, take so many milliseconds more
 * stdio's own writes stay inside libc and are not seen.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>
#include <sys/uio.h>

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#define REAL(type, name, ...) \
	((type (*)(__VA_ARGS__))(uintptr_t)dlsym(RTLD_NEXT, #name))

static bool
op_wanted(const char *op)
{
	const char *list = getenv("FAIL_IO_OP");
	size_t len = strlen(op), n;

	while (list != NULL && *list != '\0') {
		n = strcspn(list, ",");
		if (n == len && memcmp(list, op, n) == 0)
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

/* True, with errno set, if this operation is one that has to fail. */
static bool
fails(const char *op, const char *path)
{
	static unsigned long seen;
	const char *part = getenv("FAIL_IO_PATH");
	const char *after = getenv("FAIL_IO_AFTER");
	const char *name = getenv("FAIL_IO_ERRNO");
	const char *sleep_ms = getenv("FAIL_IO_SLEEP");

	if (!op_wanted(op))
		return false;
	if (part != NULL && strstr(path, part) == NULL)
		return false;
	if (after != NULL &&
	    __atomic_fetch_add(&seen, 1, __ATOMIC_SEQ_CST) <
	    strtoul(after, NULL, 10))
		return false;
	if (sleep_ms != NULL) {
		usleep((useconds_t)strtoul(sleep_ms, NULL, 10) * 1000);
		return false;
	}
	if (name == NULL || strcmp(name, "ENOSPC") == 0)
		errno = ENOSPC;
	else if (strcmp(name, "EROFS") == 0)
		errno = EROFS;
	else if (strcmp(name, "EACCES") == 0)
		errno = EACCES;
	else
		errno = EIO;
	return true;
}

static bool
fd_fails(const char *op, int fd)
{
	char link[64], path[PATH_MAX];
	ssize_t n;
	int saved = errno;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	errno = saved;
	if (n < 0)
		return false;
	path[n] = '\0';
	return fails(op, path);
}

ssize_t
write(int fd, const void *buf, size_t n)
{
	if (fd_fails("write", fd))
		return -1;
	return REAL(ssize_t, write, int, const void *, size_t)(fd, buf, n);
}

ssize_t
writev(int fd, const struct iovec *iov, int n)
{
	if (fd_fails("write", fd))
		return -1;
	return REAL(ssize_t, writev, int, const struct iovec *, int)(fd, iov,
	    n);
}

ssize_t
pwrite(int fd, const void *buf, size_t n, off_t at)
{
	if (fd_fails("write", fd))
		return -1;
	return REAL(ssize_t, pwrite, int, const void *, size_t, off_t)(fd, buf,
	    n, at);
}

ssize_t
pwrite64(int fd, const void *buf, size_t n, off64_t at)
{
	if (fd_fails("write", fd))
		return -1;
	return REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t)(fd,
	    buf, n, at);
}

ssize_t
read(int fd, void *buf, size_t n)
{
	if (fd_fails("read", fd))
		return -1;
	return REAL(ssize_t, read, int, void *, size_t)(fd, buf, n);
}

int
fsync(int fd)
{
	if (fd_fails("fsync", fd))
		return -1;
	return REAL(int, fsync, int)(fd);
}

int
fdatasync(int fd)
{
	if (fd_fails("fsync", fd))
		return -1;
	return REAL(int, fdatasync, int)(fd);
}

int
rename(const char *from, const char *to)
{
	if (fails("rename", to))
		return -1;
	return REAL(int, rename, const char *, const char *)(from, to);
}

int
renameat(int fromdir, const char *from, int todir, const char *to)
{
	if (fails("rename", to))
		return -1;
	return REAL(int, renameat, int, const char *, int, const char *)(
	    fromdir, from, todir, to);
}

int
renameat2(int fromdir, const char *from, int todir, const char *to,
    unsigned int flags)
{
	if (fails("rename", to))
		return -1;
	return REAL(int, renameat2, int, const char *, int, const char *,
	    unsigned int)(fromdir, from, todir, to, flags);
}

int
mkdir(const char *path, mode_t mode)
{
	if (fails("mkdir", path))
		return -1;
	return REAL(int, mkdir, const char *, mode_t)(path, mode);
}

int
mkdirat(int dir, const char *path, mode_t mode)
{
	if (fails("mkdir", path))
		return -1;
	return REAL(int, mkdirat, int, const char *, mode_t)(dir, path, mode);
}

int
unlink(const char *path)
{
	if (fails("unlink", path))
		return -1;
	return REAL(int, unlink, const char *)(path);
}

int
unlinkat(int dir, const char *path, int flags)
{
	if (fails("unlink", path))
		return -1;
	return REAL(int, unlinkat, int, const char *, int)(dir, path, flags);
}

/* The mode is there when a file may be created, and only then. */
static mode_t
mode_of(int flags, va_list ap)
{
	if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE)
		return va_arg(ap, mode_t);
	return 0;
}

#define OPEN(name) \
int \
name(const char *path, int flags, ...) \
{ \
	mode_t mode; \
	va_list ap; \
\
	va_start(ap, flags); \
	mode = mode_of(flags, ap); \
	va_end(ap); \
	if (fails("open", path)) \
		return -1; \
	return REAL(int, name, const char *, int, ...)(path, flags, mode); \
}

#define OPENAT(name) \
int \
name(int dir, const char *path, int flags, ...) \
{ \
	mode_t mode; \
	va_list ap; \
\
	va_start(ap, flags); \
	mode = mode_of(flags, ap); \
	va_end(ap); \
	if (fails("open", path)) \
		return -1; \
	return REAL(int, name, int, const char *, int, ...)(dir, path, flags, \
	    mode); \
}

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
