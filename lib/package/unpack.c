/*
 * Extracting a snapshot. Every directory on the way to a file is opened as
 * such and no link followed, every file and link is made anew: what the
 * archive made earlier cannot lead a later entry anywhere.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <sha2.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/package/below.h"
#include "lib/package/gzip.h"
#include "lib/package/unpack.h"
#include "lib/package/untar.h"

enum { BUFFER = 128 << 10 };

struct unpacker {
	struct gzip_reader *gzip;
	SHA2_CTX sha;
	struct untar tar;
	struct below below;
	const char *dir;
	char *buf;		/* BUFFER bytes */
};

static enum status
give(void *arg, void *buf, size_t len, size_t *got)
{
	struct unpacker *u = arg;
	enum status status = gzip_read(u->gzip, buf, len, got);

	SHA256Update(&u->sha, buf, *got);
	return status;
}

static enum status
cannot_make(const struct unpacker *u)
{
	if (errno == EEXIST || errno == ENOTDIR || errno == ELOOP)
		return error(EXIT_INPUT, "'%s' holds '%s' in the place of "
		    "another file: refused", u->tar.name, u->tar.path.buf);
	return error_errno(EXIT_LOCAL, "cannot make '%s/%s'", u->dir,
	    u->tar.path.buf);
}

static enum status
write_data(struct unpacker *u, int fd)
{
	enum status status;
	size_t got;

	while ((status = untar_data(&u->tar, u->buf, BUFFER, &got)) ==
	    EXIT_DONE && got > 0)
		if (write_full(fd, u->buf, got) < 0)
			return error_errno(EXIT_LOCAL, "cannot write '%s/%s'",
			    u->dir, u->tar.path.buf);
	return status;
}

/* The file that came earlier under the name `target`, or -1. */
static int
open_same(struct unpacker *u)
{
	const char *name;
	int dir = below_parent(&u->below, u->tar.target.buf, false, &name);

	return dir < 0 ? -1 : openat(dir, name, O_RDONLY | O_NOFOLLOW |
	    O_CLOEXEC);
}

/* 0, or -1 with errno. */
static int
copy(struct unpacker *u, int from, int to)
{
	ssize_t got;

	while ((got = read_some(from, u->buf, BUFFER)) > 0)
		if (write_full(to, u->buf, (size_t)got) < 0)
			return -1;
	return got < 0 ? -1 : 0;
}

/* Hard links come apart: each is a file of its own. */
static enum status
make_same(struct unpacker *u)
{
	enum status status = EXIT_DONE;
	int dir, from, to = -1;
	const char *name;
	struct stat st;

	from = open_same(u);
	if (from < 0 || fstat(from, &st) < 0 || !S_ISREG(st.st_mode)) {
		status = error(EXIT_INPUT, "'%s' holds '%s' as the same as "
		    "'%s', which is no file of it: refused", u->tar.name,
		    u->tar.path.buf, u->tar.target.buf);
		goto out;
	}
	dir = below_parent(&u->below, u->tar.path.buf, true, &name);
	if (dir >= 0)
		to = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL |
		    O_NOFOLLOW | O_CLOEXEC, st.st_mode & 0777);
	if (to < 0)
		status = cannot_make(u);
	else if (copy(u, from, to) < 0)
		status = error_errno(EXIT_LOCAL, "cannot write '%s/%s'",
		    u->dir, u->tar.path.buf);
out:
	if (from >= 0)
		close(from);
	if (to >= 0 && close(to) < 0 && status == EXIT_DONE)
		status = error_errno(EXIT_LOCAL, "cannot write '%s/%s'",
		    u->dir, u->tar.path.buf);
	return status;
}

static enum status
make_file(struct unpacker *u, int dir, const char *name)
{
	enum status status;
	int fd;

	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, u->tar.executable ? 0777 : 0666);
	if (fd < 0)
		return cannot_make(u);
	status = write_data(u, fd);
	if (close(fd) < 0 && status == EXIT_DONE)
		return error_errno(EXIT_LOCAL, "cannot write '%s/%s'", u->dir,
		    u->tar.path.buf);
	return status;
}

static enum status
make_directory(struct unpacker *u, int dir, const char *name)
{
	struct stat st;

	if (mkdirat(dir, name, 0777) == 0)
		return EXIT_DONE;
	if (errno != EEXIST)
		return cannot_make(u);
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return cannot_make(u);
	errno = EEXIST;
	return S_ISDIR(st.st_mode) ? EXIT_DONE : cannot_make(u);
}

static enum status
make_entry(struct unpacker *u)
{
	const char *name;
	int dir;

	if (u->tar.kind == UNTAR_SAME)
		return make_same(u);
	dir = below_parent(&u->below, u->tar.path.buf, true, &name);
	if (dir < 0)
		return cannot_make(u);
	switch (u->tar.kind) {
	case UNTAR_FILE:
		return make_file(u, dir, name);
	case UNTAR_DIRECTORY:
		return make_directory(u, dir, name);
	case UNTAR_LINK:
		if (symlinkat(u->tar.target.buf, dir, name) < 0)
			return cannot_make(u);
		break;
	case UNTAR_SAME:
	case UNTAR_END:
		break;
	}
	return EXIT_DONE;
}

static enum status
unpack_all(struct unpacker *u)
{
	enum status status;

	do {
		status = untar_next(&u->tar);
		if (status == EXIT_DONE && u->tar.kind != UNTAR_END)
			status = make_entry(u);
	} while (status == EXIT_DONE && u->tar.kind != UNTAR_END);
	return status;
}

static enum status
unpack_fd(int fd, const char *archive, const char *dir, bool any,
    char sha256[65])
{
	struct unpacker u = { .tar = UNTAR_INIT, .below = BELOW_INIT };
	enum status status = EXIT_LOCAL;

	u.dir = dir;
	u.tar.name = archive;
	u.tar.any = any;
	u.tar.read = give;
	u.tar.arg = &u;
	if (mkdir(dir, 0777) < 0)
		return error_errno(EXIT_LOCAL, "cannot make '%s'", dir);
	u.gzip = gzip_open(fd, archive);
	if (u.gzip == NULL)
		goto out;
	if (below_open(&u.below, dir) < 0) {
		error_errno(EXIT_LOCAL, "cannot open '%s'", dir);
		goto out;
	}
	u.buf = xmalloc(BUFFER);
	SHA256Init(&u.sha);
	status = unpack_all(&u);
	SHA256End(&u.sha, sha256);
	free(u.buf);
out:
	below_close(&u.below);
	if (u.gzip != NULL)
		gzip_close(u.gzip);
	untar_release(&u.tar);
	if (status != EXIT_DONE && tree_remove(dir) < 0)
		warning("cannot remove '%s', which is not whole", dir);
	return status;
}

static enum status
unpack_file(const char *archive, const char *dir, bool any, char sha256[65])
{
	enum status status;
	int fd;

	fd = open(archive, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(EXIT_LOCAL, "cannot open '%s'", archive);
	status = unpack_fd(fd, archive, dir, any, sha256);
	close(fd);
	return status;
}

enum status
unpack(const char *archive, const char *dir, char sha256[65])
{
	return unpack_file(archive, dir, false, sha256);
}

enum status
unpack_any(const char *archive, const char *dir, char sha256[65])
{
	return unpack_file(archive, dir, true, sha256);
}
