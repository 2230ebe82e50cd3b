/*
 * gzip by zlib. Between the writer's caller and its thread lies a ring of
 * chunks: the caller fills one while the thread compresses others. The thread
 * prints nothing; what went wrong there is said by the caller's next call.
 */
#include "lib/base/compat.h"

#include <pthread.h>
#include <signal.h>
#include <zlib.h>

#include "lib/base/io.h"
#include "lib/base/xalloc.h"
#include "lib/package/gzip.h"

enum { CHUNK = 128 << 10, CHUNKS = 8, LEVEL = 6 };

/* Window bits for zlib: the largest window, and gzip's header and trailer. */
enum { GZIP_WINDOW = 15 + 16 };

/* RFC 1952: the system that wrote the file is unknown. */
enum { OS_UNKNOWN = 255 };

struct chunk {
	size_t len;
	unsigned char data[CHUNK];
};

struct gzip_writer {
	int fd;
	const char *name;
	z_stream z;
	gz_header header;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t filled, emptied;	/* chunks so far; the ring's ends */
	bool ended;		/* nothing more will be filled */
	int err;		/* errno of the thread's failed write */
	struct chunk ring[CHUNKS];
	unsigned char out[CHUNK];
};

/* Compresses what is in z.next_in and writes it; an errno value. */
static int
compress_chunk(struct gzip_writer *w, int flush)
{
	do {
		w->z.next_out = w->out;
		w->z.avail_out = sizeof(w->out);
		deflate(&w->z, flush);
		if (write_full(w->fd, w->out, sizeof(w->out) -
		    w->z.avail_out) < 0)
			return errno;
	} while (w->z.avail_out == 0);
	return 0;
}

static void *
compress_all(void *arg)
{
	struct gzip_writer *w = arg;
	struct chunk *chunk;
	int err = 0;

	pthread_mutex_lock(&w->lock);
	while (err == 0) {
		while (w->emptied == w->filled && !w->ended)
			pthread_cond_wait(&w->changed, &w->lock);
		if (w->emptied == w->filled)
			break;
		chunk = &w->ring[w->emptied % CHUNKS];
		pthread_mutex_unlock(&w->lock);
		w->z.next_in = chunk->data;
		w->z.avail_in = (uInt)chunk->len;
		err = compress_chunk(w, Z_NO_FLUSH);
		pthread_mutex_lock(&w->lock);
		chunk->len = 0;
		w->emptied++;
		w->err = err;
		pthread_cond_signal(&w->changed);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* With all signals blocked there, so that they come to the main thread. */
static int
start_thread(struct gzip_writer *w)
{
	sigset_t all, saved;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &saved);
	err = pthread_create(&w->thread, NULL, compress_all, w);
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return err;
}

static void
free_writer(struct gzip_writer *w)
{
	deflateEnd(&w->z);
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

struct gzip_writer *
gzip_create(int fd, const char *name)
{
	struct gzip_writer *w = xcalloc(1, sizeof(*w));
	int err;

	w->fd = fd;
	w->name = name;
	w->header.os = OS_UNKNOWN;
	if (deflateInit2(&w->z, LEVEL, Z_DEFLATED, GZIP_WINDOW, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK) {
		free(w);
		error(EXIT_LOCAL, "cannot begin '%s': out of memory", name);
		return NULL;
	}
	deflateSetHeader(&w->z, &w->header);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->changed, NULL);
	err = start_thread(w);
	if (err != 0) {
		free_writer(w);
		errno = err;
		error_errno(EXIT_LOCAL, "cannot start a thread for '%s'",
		    name);
		return NULL;
	}
	return w;
}

static enum status
write_error(struct gzip_writer *w)
{
	errno = w->err;
	return error_errno(EXIT_LOCAL, "cannot write '%s'", w->name);
}

/* Hands the chunk being filled to the thread; an errno value of its. */
static int
hand_over(struct gzip_writer *w)
{
	int err;

	pthread_mutex_lock(&w->lock);
	w->filled++;
	pthread_cond_signal(&w->changed);
	while (w->filled - w->emptied == CHUNKS && w->err == 0)
		pthread_cond_wait(&w->changed, &w->lock);
	err = w->err;
	pthread_mutex_unlock(&w->lock);
	return err;
}

enum status
gzip_write(struct gzip_writer *w, const void *data, size_t len)
{
	const unsigned char *p = data;
	struct chunk *chunk;
	size_t n;

	while (len > 0) {
		chunk = &w->ring[w->filled % CHUNKS];
		n = CHUNK - chunk->len < len ? CHUNK - chunk->len : len;
		memcpy(chunk->data + chunk->len, p, n);
		chunk->len += n;
		p += n;
		len -= n;
		if (chunk->len == CHUNK && hand_over(w) != 0)
			return write_error(w);
	}
	return EXIT_DONE;
}

static void
stop_thread(struct gzip_writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->ended = true;
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
}

enum status
gzip_finish(struct gzip_writer *w, int64_t *bytes)
{
	enum status status = EXIT_DONE;

	if (w->ring[w->filled % CHUNKS].len > 0)
		hand_over(w);
	stop_thread(w);
	if (w->err == 0) {
		w->z.avail_in = 0;
		w->err = compress_chunk(w, Z_FINISH);
	}
	if (w->err != 0)
		status = write_error(w);
	*bytes = (int64_t)w->z.total_out;
	free_writer(w);
	return status;
}

void
gzip_abandon(struct gzip_writer *w)
{
	if (w == NULL)
		return;
	stop_thread(w);
	free_writer(w);
}

struct gzip_reader {
	int fd;
	const char *name;
	z_stream z;
	bool ended;
	unsigned char in[CHUNK];
};

struct gzip_reader *
gzip_open(int fd, const char *name)
{
	struct gzip_reader *r = xcalloc(1, sizeof(*r));

	r->fd = fd;
	r->name = name;
	if (inflateInit2(&r->z, GZIP_WINDOW) != Z_OK) {
		free(r);
		error(EXIT_LOCAL, "cannot read '%s': out of memory", name);
		return NULL;
	}
	return r;
}

static enum status
refill(struct gzip_reader *r)
{
	ssize_t n = read_some(r->fd, r->in, sizeof(r->in));

	if (n < 0)
		return error_errno(EXIT_LOCAL, "cannot read '%s'", r->name);
	r->z.next_in = r->in;
	r->z.avail_in = (uInt)n;
	return EXIT_DONE;
}

static enum status
inflate_some(struct gzip_reader *r)
{
	enum status status = EXIT_DONE;
	int rc;

	if (r->z.avail_in == 0) {
		status = refill(r);
		if (status != EXIT_DONE)
			return status;
		if (r->z.avail_in == 0)
			return error(EXIT_INPUT, "'%s' is cut short",
			    r->name);
	}
	rc = inflate(&r->z, Z_NO_FLUSH);
	if (rc == Z_MEM_ERROR)
		return error(EXIT_LOCAL, "cannot read '%s': out of memory",
		    r->name);
	if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
		return error(EXIT_INPUT, "'%s' is damaged: %s", r->name,
		    r->z.msg != NULL ? r->z.msg : "it is no gzip file");
	if (rc != Z_STREAM_END)
		return EXIT_DONE;
	r->ended = true;
	if (r->z.avail_in == 0)
		status = refill(r);
	if (status == EXIT_DONE && r->z.avail_in != 0)
		return error(EXIT_INPUT, "'%s' goes on behind its end",
		    r->name);
	return status;
}

enum status
gzip_read(struct gzip_reader *r, void *buf, size_t len, size_t *got)
{
	enum status status = EXIT_DONE;

	r->z.next_out = buf;
	r->z.avail_out = (uInt)len;
	while (r->z.avail_out > 0 && !r->ended && status == EXIT_DONE)
		status = inflate_some(r);
	*got = len - r->z.avail_out;
	return status;
}

void
gzip_close(struct gzip_reader *r)
{
	inflateEnd(&r->z);
	free(r);
}
