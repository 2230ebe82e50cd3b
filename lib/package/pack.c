/*
 * From a list of files to a tar, its digest, and gzip around it, in one pass.
 * A tar's header says how long the file is, so that a file which grows or
 * shrinks meanwhile would break the archive: small ones are read before their
 * header is written, of others every change is an error.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <sha2.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/tempfile.h"
#include "lib/base/xalloc.h"
#include "lib/package/below.h"
#include "lib/package/filelist.h"
#include "lib/package/gzip.h"
#include "lib/package/pack.h"
#include "lib/package/tar.h"

enum { BUFFER = 256 << 10 };

struct packer {
	const struct filelist *list;
	struct below below;
	struct tar tar;
	SHA2_CTX sha;
	struct gzip_writer *gzip;	/* NULL: only the digest is wanted */
	char *buf;			/* BUFFER bytes */
};

static enum status
take(void *arg, const void *data, size_t len)
{
	struct packer *p = arg;

	SHA256Update(&p->sha, data, len);
	return p->gzip != NULL ? gzip_write(p->gzip, data, len) : EXIT_DONE;
}

static enum status
cannot_read(const struct packer *p, const char *path)
{
	return error_errno(EXIT_LOCAL, "cannot read '%s/%s'", p->list->dir,
	    path);
}

static enum status
changed(const struct packer *p, const char *path)
{
	enum status status = error(EXIT_LOCAL, "'%s/%s' changed while it was "
	    "packed", p->list->dir, path);

	hint("run the command again when nothing writes there");
	return status;
}

/* Reads until the buffer is full or the file ends. */
static ssize_t
fill(struct packer *p, int fd)
{
	size_t len = 0;
	ssize_t n;

	while (len < BUFFER) {
		n = read_some(fd, p->buf + len, BUFFER - len);
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

static bool
same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* A file that the buffer does not hold; `len` bytes of it are there. */
static enum status
pack_long(struct packer *p, const struct filelist_entry *entry, int fd,
    const struct stat *before, size_t len)
{
	enum status status;
	struct stat st;
	ssize_t n;

	if (before->st_size < (off_t)len)
		return changed(p, entry->path);
	status = tar_file(&p->tar, entry->path, before->st_size,
	    (before->st_mode & S_IXUSR) != 0);
	if (status == EXIT_DONE)
		status = tar_data(&p->tar, p->buf, len);
	while (status == EXIT_DONE) {
		n = fill(p, fd);
		if (n < 0)
			return cannot_read(p, entry->path);
		if (n == 0)
			break;
		if (n > p->tar.left)
			return changed(p, entry->path);
		status = tar_data(&p->tar, p->buf, (size_t)n);
	}
	if (status != EXIT_DONE)
		return status;
	if (fstat(fd, &st) < 0)
		return cannot_read(p, entry->path);
	if (p->tar.left > 0 || !same_time(&st.st_mtim, &before->st_mtim) ||
	    !same_time(&st.st_ctim, &before->st_ctim))
		return changed(p, entry->path);
	return EXIT_DONE;
}

static enum status
pack_open(struct packer *p, const struct filelist_entry *entry, int fd)
{
	enum status status;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0)
		return cannot_read(p, entry->path);
	if (!S_ISREG(st.st_mode))
		return changed(p, entry->path);
	n = fill(p, fd);
	if (n < 0)
		return cannot_read(p, entry->path);
	if (n == BUFFER)
		return pack_long(p, entry, fd, &st, (size_t)n);
	status = tar_file(&p->tar, entry->path, n,
	    (st.st_mode & S_IXUSR) != 0);
	return status == EXIT_DONE && n > 0 ?
	    tar_data(&p->tar, p->buf, (size_t)n) : status;
}

static enum status
pack_entry(struct packer *p, const struct filelist_entry *entry)
{
	enum status status;
	const char *name;
	int dir, fd;

	if (entry->kind == FILELIST_LINK)
		return tar_link(&p->tar, entry->path, entry->target);
	dir = below_parent(&p->below, entry->path, false, &name);
	if (dir < 0)
		return cannot_read(p, entry->path);
	/* O_NONBLOCK: a FIFO put there meanwhile would wait for ever. */
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return cannot_read(p, entry->path);
	status = pack_open(p, entry, fd);
	close(fd);
	return status;
}

static enum status
pack_list(const struct filelist *list, struct gzip_writer *gzip,
    struct pack *pack)
{
	struct packer p = { .list = list, .below = BELOW_INIT, .gzip = gzip };
	enum status status = EXIT_DONE;
	size_t i;

	memset(pack, 0, sizeof(*pack));
	if (below_open(&p.below, list->dir) < 0)
		return error_errno(EXIT_LOCAL, "cannot open '%s'", list->dir);
	p.buf = xmalloc(BUFFER);
	p.tar.write = take;
	p.tar.arg = &p;
	SHA256Init(&p.sha);
	for (i = 0; i < list->n && status == EXIT_DONE; i++)
		status = pack_entry(&p, &list->v[i]);
	if (status == EXIT_DONE)
		status = tar_end(&p.tar);
	SHA256End(&p.sha, pack->sha256);
	pack->tar_bytes = p.tar.bytes;
	free(p.buf);
	below_close(&p.below);
	return status;
}

enum status
pack_digest(const struct filelist *list, struct pack *pack)
{
	return pack_list(list, NULL, pack);
}

enum status
pack_write_fd(const struct filelist *list, int fd, const char *name,
    struct pack *pack)
{
	struct gzip_writer *gzip = gzip_create(fd, name);
	enum status status;

	if (gzip == NULL)
		return EXIT_LOCAL;
	status = pack_list(list, gzip, pack);
	if (status == EXIT_DONE)
		return gzip_finish(gzip, &pack->gzip_bytes);
	gzip_abandon(gzip);
	return status;
}

enum status
pack_write(const struct filelist *list, const char *path, struct pack *pack)
{
	struct tempfile file = TEMPFILE_INIT;
	enum status status;

	if (tempfile_create(&file, path, 0644) < 0)
		return error_errno(EXIT_LOCAL, "cannot create '%s'", path);
	status = pack_write_fd(list, file.fd, path, pack);
	if (status != EXIT_DONE) {
		tempfile_abort(&file);
		return status;
	}
	if (tempfile_commit(&file) < 0)
		return error_errno(EXIT_LOCAL, "cannot write '%s'", path);
	return EXIT_DONE;
}
