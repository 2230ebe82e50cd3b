/* gzip: there and back, damage, a full disk. */
#include "lib/base/compat.h"

#include <fcntl.h>

#include "lib/base/xalloc.h"
#include "lib/package/gzip.h"
#include "t/unit/packing.h"

enum { BIG = 3 << 20 };

static unsigned char *data, *back;

static int64_t
write_gz(const char *path, const unsigned char *p, size_t len, size_t piece)
{
	struct gzip_writer *w;
	int64_t bytes = -1;
	size_t n;
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	w = gzip_create(fd, path);
	for (; len > 0; p += n, len -= n) {
		n = len < piece ? len : piece;
		if (gzip_write(w, p, n) != EXIT_DONE)
			ok(false, "gzip_write");
	}
	if (gzip_finish(w, &bytes) != EXIT_DONE)
		ok(false, "gzip_finish");
	close(fd);
	return bytes;
}

static enum status
read_gz(const char *path, size_t piece, size_t *len)
{
	struct gzip_reader *r;
	enum status status;
	size_t got;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	r = gzip_open(fd, path);
	*len = 0;
	do {
		if (piece > BIG + 1 - *len)
			piece = BIG + 1 - *len;
		status = gzip_read(r, back + *len, piece, &got);
		*len += got;
	} while (status == EXIT_DONE && got == piece && *len <= BIG);
	gzip_close(r);
	close(fd);
	return status;
}

static void
test_back(void)
{
	static const size_t sizes[] = { 0, 1, 511, 131071, 131072, 131073,
	    1048576, 1048577, BIG };
	struct strbuf sb = STRBUF_INIT;
	size_t i, len = 0;
	int64_t bytes;
	struct stat st;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		bytes = write_gz("a.gz", data, sizes[i], i % 2 ? 1000 :
		    SIZE_MAX);
		ok(stat("a.gz", &st) == 0 && st.st_size == bytes,
		    "%zu bytes: its size is told", sizes[i]);
		is_int(read_gz("a.gz", i % 2 ? 70000 : 333, &len), EXIT_DONE,
		    "read");
		is_int((long long)len, (long long)sizes[i], "all of it");
		ok(memcmp(data, back, len) == 0, "the same");
	}
	shell(".", "gzip -t a.gz");
	read_file("a.gz", &sb, BIG * 2);
	ok(memcmp(sb.buf, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10) == 0,
	    "no name, time or system");
	strbuf_release(&sb);
	shell(".", "printf hello | gzip -c >b.gz");
	is_int(read_gz("b.gz", 100, &len), EXIT_DONE, "gzip's own");
	ok(len == 5 && memcmp(back, "hello", 5) == 0, "hello");
}

static void
test_damage(void)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i, len, cut = 0, flipped = 0;

	write_gz("a.gz", data, 300, 300);
	read_file("a.gz", &sb, 10000);
	for (i = 0; i < sb.len; i++) {
		write_file("b.gz", sb.buf, i);
		cut += read_gz("b.gz", 100, &len) == EXIT_INPUT;
	}
	is_int((long long)cut, (long long)sb.len, "cut anywhere");
	has_said("'b.gz' is cut short");
	/* Time, extra flags and system are anybody's. */
	for (i = 10; i < sb.len; i++) {
		sb.buf[i] = (char)~sb.buf[i];
		write_file("b.gz", sb.buf, sb.len);
		sb.buf[i] = (char)~sb.buf[i];
		flipped += read_gz("b.gz", 100, &len) == EXIT_INPUT;
	}
	is_int((long long)flipped, (long long)sb.len - 10,
	    "any byte turned over");
	has_said("'b.gz' is damaged: incorrect data check");
	strbuf_addch(&sb, 'x');
	write_file("b.gz", sb.buf, sb.len);
	is_int(read_gz("b.gz", 100, &len), EXIT_INPUT, "a byte behind it");
	has_said("'b.gz' goes on behind its end");
	write_file("b.gz", "PK\3\4", 4);
	is_int(read_gz("b.gz", 100, &len), EXIT_INPUT, "another format");
	has_said("'b.gz' is damaged: incorrect header check");
	strbuf_release(&sb);
}

static void
test_full(void)
{
	enum status status = EXIT_DONE;
	struct gzip_writer *w;
	int64_t bytes;
	int fd, i;

	fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	w = gzip_create(fd, "full.gz");
	for (i = 0; i < 10 && status == EXIT_DONE; i++)
		status = gzip_write(w, data, BIG);
	is_int(status, EXIT_LOCAL, "a write fails once the disk is full");
	has_said("cannot write 'full.gz': No space left on device");
	gzip_abandon(w);
	w = gzip_create(fd, "full.gz");
	is_int(gzip_write(w, data, 10), EXIT_DONE, "a short one not yet");
	is_int(gzip_finish(w, &bytes), EXIT_LOCAL, "but at the end");
	has_said("cannot write 'full.gz': No space left on device");
	close(fd);
	gzip_abandon(NULL);
	w = gzip_create(-1, "none.gz");
	gzip_abandon(w);
	ok(true, "abandoned at once");
}

int
main(void)
{
	char tmp[] = "/tmp/unit-gzip-XXXXXX";
	size_t i;

	packing_begin(tmp);
	data = xmalloc(BIG + 1);
	back = xmalloc(BIG + 1);
	/* What deflate can make nothing of, and what it can. */
	for (i = 0; i < BIG; i++)
		data[i] = i % 3 ? (unsigned char)arc4random() : 'x';
	test_back();
	test_damage();
	test_full();
	free(data);
	free(back);
	return packing_end(tmp);
}
