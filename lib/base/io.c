/*
 * Files and descriptors, whole. Nobody else loops over read(2) and write(2):
 * a short count or a signal in the middle is settled here.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"

enum { CHUNK = 65536 };

int
write_full(int fd, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		if (n == 0) {
			errno = ENOSPC;
			return -1;
		}
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

ssize_t
read_some(int fd, void *buf, size_t len)
{
	ssize_t n;

	do
		n = read(fd, buf, len);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Closes on the way out of a failure, whose errno is the one to keep. */
static void
close_keep_errno(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

int
read_fd(int fd, struct strbuf *sb, size_t max)
{
	size_t before = sb->len, want;
	ssize_t n;

	for (;;) {
		/* One byte more than allowed tells "full" from "too much". */
		want = max - (sb->len - before);
		want = want < CHUNK ? want + 1 : CHUNK;
		strbuf_grow(sb, want);
		n = read_some(fd, sb->buf + sb->len, want);
		if (n <= 0)
			break;
		sb->len += (size_t)n;
		sb->buf[sb->len] = '\0';
		if (sb->len - before > max) {
			errno = EFBIG;
			n = -1;
			break;
		}
	}
	if (n < 0)
		strbuf_setlen(sb, before);
	return n < 0 ? -1 : 0;
}

int
read_file(const char *path, struct strbuf *sb, size_t max)
{
	int fd, rc;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = read_fd(fd, sb, max);
	close_keep_errno(fd);
	return rc;
}

/* Drops what stands before the first newline at or after `start`. */
static void
cut_first_line(struct strbuf *sb, size_t start)
{
	char *nl = memchr(sb->buf + start, '\n', sb->len - start);
	size_t skip;

	/* The end of a long last line is better than nothing. */
	if (nl == NULL || nl + 1 == sb->buf + sb->len)
		skip = 1;
	else
		skip = (size_t)(nl + 1 - (sb->buf + start));
	memmove(sb->buf + start, sb->buf + start + skip,
	    sb->len - start - skip);
	strbuf_setlen(sb, sb->len - skip);
}

int
read_tail(const char *path, struct strbuf *sb, size_t max)
{
	size_t before = sb->len, left;
	ssize_t n = 0;
	struct stat st;
	off_t at = 0;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		goto fail;
	/* The byte before the tail tells whether a line begins there. */
	if (st.st_size > 0 && (uintmax_t)st.st_size > max)
		at = st.st_size - (off_t)max - 1;
	strbuf_grow(sb, (size_t)(st.st_size - at));
	for (left = (size_t)(st.st_size - at); left > 0; left -= (size_t)n) {
		n = pread(fd, sb->buf + sb->len, left, at + (off_t)(sb->len -
		    before));
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			break;
		sb->len += (size_t)n;
	}
	if (n < 0)
		goto fail;
	sb->buf[sb->len] = '\0';
	if ((uintmax_t)st.st_size > max && sb->len > before)
		cut_first_line(sb, before);
	close(fd);
	return 0;
fail:
	strbuf_setlen(sb, before);
	close_keep_errno(fd);
	return -1;
}

int
write_file(const char *path, const void *data, size_t len)
{
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return -1;
	if (write_full(fd, data, len) < 0) {
		close_keep_errno(fd);
		return -1;
	}
	return close(fd);
}

int
copy_fd(int from, int to)
{
	char buf[CHUNK];
	ssize_t n;

	while ((n = read_some(from, buf, sizeof(buf))) > 0)
		if (write_full(to, buf, (size_t)n) < 0)
			return -1;
	return n < 0 ? -1 : 0;
}

int
sync_parent(const char *path)
{
	char *dir = path_dirname(path);
	int fd, rc;

	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd < 0)
		return -1;
	rc = fsync(fd);
	/* Some network file systems sync no directories. */
	if (rc < 0 && (errno == EINVAL || errno == ENOTSUP))
		rc = 0;
	close_keep_errno(fd);
	return rc;
}
