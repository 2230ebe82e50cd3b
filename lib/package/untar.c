/*
 * Reading tar archives. They may have been damaged or made by an enemy:
 * nothing is believed that was not checked, and whoever extracts the entries
 * can rely on names that stay below its directory.
 */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/package/tar.h"
#include "lib/package/untar.h"

/* Longer paths cannot be opened (PATH_MAX), so there is no use for them. */
enum { PATH_LIMIT = 4095, RECORDS_MAX = 64 << 10 };

/* The records of a pax header, for the entry that follows it. */
struct extended {
	struct strbuf path, target;
	int64_t size;		/* -1: not given */
};

static enum status
damaged(const struct untar *u, const char *what)
{
	return error(EXIT_INPUT, "'%s' is damaged at byte %lld: %s", u->name,
	    (long long)u->at, what);
}

static enum status
refused(const struct untar *u, const char *what)
{
	return error(EXIT_INPUT, "'%s' holds '%s', which %s: refused", u->name,
	    u->path.buf, what);
}

static enum status
read_exactly(struct untar *u, void *buf, size_t len)
{
	enum status status;
	size_t got = 0;

	status = u->read(u->arg, buf, len, &got);
	if (status != EXIT_DONE)
		return status;
	if (got != len)
		return damaged(u, "it is cut short");
	u->at += (int64_t)len;
	return EXIT_DONE;
}

static enum status
skip(struct untar *u, int64_t n)
{
	enum status status = EXIT_DONE;
	char block[TAR_BLOCK];

	while (n > 0 && status == EXIT_DONE) {
		size_t len = n < TAR_BLOCK ? (size_t)n : TAR_BLOCK;

		status = read_exactly(u, block, len);
		n -= (int64_t)len;
	}
	return status;
}

static int64_t
padding(int64_t at)
{
	return (TAR_BLOCK - at % TAR_BLOCK) % TAR_BLOCK;
}

/* Octal digits, then NUL or blank up to the end of the field. -1 if not. */
static int64_t
octal(const char *field, size_t len)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < len && field[i] >= '0' && field[i] <= '7'; i++)
		n = n * 8 + (field[i] - '0');
	if (i == 0)
		return -1;
	for (; i < len; i++)
		if (field[i] != '\0' && field[i] != ' ')
			return -1;
	return n;
}

/* GNU's way to write what octal digits cannot: high bit, big endian. */
static int64_t
number(const struct untar *u, const char *field, size_t len)
{
	int64_t n = 0;
	size_t i;

	if (!u->any || (unsigned char)field[0] != 0x80)
		return octal(field, len);
	for (i = 1; i < len; i++) {
		if (n > INT64_MAX >> 8)
			return -1;
		n = n << 8 | (unsigned char)field[i];
	}
	return n;
}

static bool
is_posix(const struct tar_header *h)
{
	return memcmp(h->magic, "ustar", sizeof(h->magic)) == 0 &&
	    memcmp(h->version, "00", sizeof(h->version)) == 0;
}

static bool
is_gnu(const struct tar_header *h)
{
	return memcmp(h->magic, "ustar ", sizeof(h->magic)) == 0 &&
	    memcmp(h->version, " ", sizeof(h->version)) == 0;
}

static bool
is_zero(const void *data, size_t len)
{
	const char *p = data;

	return len == 0 || (*p == '\0' && memcmp(p, p + 1, len - 1) == 0);
}

/* Reads a header; *end is true for the zeros at the archive's end. */
static enum status
read_header(struct untar *u, struct tar_header *h, bool *end)
{
	enum status status = read_exactly(u, h, sizeof(*h));

	*end = false;
	if (status != EXIT_DONE)
		return status;
	if (is_zero(h, sizeof(*h))) {
		*end = true;
		return EXIT_DONE;
	}
	if (octal(h->checksum, sizeof(h->checksum)) != tar_checksum(h))
		return damaged(u, "the checksum of a header is wrong");
	if (!is_posix(h) && !(u->any && is_gnu(h)))
		return damaged(u, "it is no ustar archive");
	return EXIT_DONE;
}

/* The second block of zeros, and nothing but zeros behind it. */
static enum status
read_end(struct untar *u)
{
	char block[TAR_BLOCK];
	enum status status;
	size_t got;

	status = read_exactly(u, block, sizeof(block));
	if (status != EXIT_DONE)
		return status;
	if (!is_zero(block, sizeof(block)))
		return damaged(u, "a block of zeros stands alone");
	do {
		status = u->read(u->arg, block, sizeof(block), &got);
		if (status != EXIT_DONE)
			return status;
		if (!is_zero(block, got))
			return damaged(u, "it goes on behind its end");
		u->at += (int64_t)got;
	} while (got == sizeof(block));
	u->kind = UNTAR_END;
	return EXIT_DONE;
}

/* A whole number that fits; -1 if it is none. */
static int64_t
decimal(const char *s, size_t len)
{
	int64_t n = 0;

	if (len == 0 || len > 18)
		return -1;
	for (; len > 0; s++, len--) {
		if (!isdigit((unsigned char)*s))
			return -1;
		n = n * 10 + (*s - '0');
	}
	return n;
}

static bool
set_record(struct extended *x, const char *key, size_t key_len,
    const char *value, size_t len)
{
	struct strbuf *text = NULL;

	if (key_len == 4 && memcmp(key, "path", 4) == 0)
		text = &x->path;
	else if (key_len == 8 && memcmp(key, "linkpath", 8) == 0)
		text = &x->target;
	else if (key_len == 4 && memcmp(key, "size", 4) == 0)
		return (x->size = decimal(value, len)) >= 0;
	if (text == NULL)
		return true;
	strbuf_reset(text);
	strbuf_add(text, value, len);
	return len > 0 && memchr(value, '\0', len) == NULL;
}

/* `LENGTH KEY=VALUE\n` one after the other; others' keys are passed over. */
static bool
parse_records(const char *p, size_t len, struct extended *x)
{
	const char *blank, *equals;
	int64_t n;

	for (; len > 0; p += n, len -= (size_t)n) {
		blank = memchr(p, ' ', len);
		if (blank == NULL)
			return false;
		n = decimal(p, (size_t)(blank - p));
		if (n <= blank - p || (uint64_t)n > len || p[n - 1] != '\n')
			return false;
		blank++;
		equals = memchr(blank, '=', (size_t)(p + n - blank));
		if (equals == NULL || !set_record(x, blank, (size_t)(equals -
		    blank), equals + 1, (size_t)(p + n - equals - 2)))
			return false;
	}
	return true;
}

/* The name that a GNU header's data is, up to its NUL. */
static bool
set_long_name(struct strbuf *name, const char *p, size_t len)
{
	strbuf_reset(name);
	strbuf_add(name, p, strnlen(p, len));
	return name->len > 0;
}

static enum status
read_records(struct untar *u, const struct tar_header *h, struct extended *x)
{
	int64_t size = octal(h->size, sizeof(h->size));
	struct strbuf sb = STRBUF_INIT;
	enum status status;
	bool good;

	if (size <= 0 || size > RECORDS_MAX)
		return damaged(u, "a pax header is empty or over 64 KiB");
	strbuf_grow(&sb, (size_t)size);
	status = read_exactly(u, sb.buf, (size_t)size);
	if (status == EXIT_DONE) {
		good = h->type == 'x' ? parse_records(sb.buf, (size_t)size,
		    x) : set_long_name(h->type == 'L' ? &x->path :
		    &x->target, sb.buf, (size_t)size);
		if (!good)
			status = damaged(u, "a pax record is wrong");
	}
	strbuf_release(&sb);
	return status == EXIT_DONE ? skip(u, padding(size)) : status;
}

static void
add_field(struct strbuf *sb, const char *field, size_t size)
{
	strbuf_add(sb, field, strnlen(field, size));
}

static void
set_names(struct untar *u, const struct tar_header *h,
    const struct extended *x)
{
	strbuf_reset(&u->path);
	strbuf_reset(&u->target);
	if (x->path.len > 0) {
		strbuf_addstr(&u->path, x->path.buf);
	} else {
		if (is_posix(h))
			add_field(&u->path, h->prefix, sizeof(h->prefix));
		if (u->path.len > 0)
			strbuf_addch(&u->path, '/');
		add_field(&u->path, h->name, sizeof(h->name));
	}
	if (x->target.len > 0)
		strbuf_addstr(&u->target, x->target.buf);
	else
		add_field(&u->target, h->linkname, sizeof(h->linkname));
}

/* `./a` is `a`, and the top itself is empty. */
static void
plain(struct strbuf *path)
{
	size_t skipped = 0;
	char *rest;

	while (path->buf[skipped] == '.' && (path->buf[skipped + 1] == '/' ||
	    path->buf[skipped + 1] == '\0')) {
		skipped++;
		while (path->buf[skipped] == '/')
			skipped++;
	}
	if (skipped == 0)
		return;
	rest = xstrdup(path->buf + skipped);
	strbuf_reset(path);
	strbuf_addstr(path, rest);
	free(rest);
}

static const char *
path_fault(const char *path)
{
	size_t len;

	if (*path == '\0')
		return "is no name";
	if (*path == '/')
		return "is absolute";
	if (strlen(path) > PATH_LIMIT)
		return "is too long";
	for (;;) {
		len = strcspn(path, "/");
		if (len == 0)
			return "has an empty name in it";
		if (len == 1 && *path == '.')
			return "has '.' in it";
		if (len == 2 && memcmp(path, "..", 2) == 0)
			return "has '..' in it";
		/* NAME_MAX: no file system that matters takes more. */
		if (len > 255)
			return "has a name over 255 bytes in it";
		if (path[len] == '\0')
			return NULL;
		path += len + 1;
	}
}

static const char not_plain[] =
    "is neither file, directory nor symbolic link";

static enum status
set_entry(struct untar *u, const struct tar_header *h, const struct extended *x)
{
	int64_t mode = number(u, h->mode, sizeof(h->mode));
	int64_t size = number(u, h->size, sizeof(h->size));
	const char *fault;

	if (mode < 0 || size < 0)
		return damaged(u, "a number in a header is wrong");
	set_names(u, h, x);
	if (u->any)
		plain(&u->path);
	u->executable = (mode & 0100) != 0;
	u->left = 0;
	switch (h->type) {
	case '0':
	case '\0':
		u->kind = UNTAR_FILE;
		u->left = x->size >= 0 ? x->size : size;
		break;
	case '1':
		if (!u->any)
			return refused(u, not_plain);
		u->kind = UNTAR_SAME;
		plain(&u->target);
		break;
	case '2':
		u->kind = UNTAR_LINK;
		break;
	case '5':
		u->kind = UNTAR_DIRECTORY;
		while (u->path.len > 1 && u->path.buf[u->path.len - 1] == '/')
			strbuf_setlen(&u->path, u->path.len - 1);
		break;
	default:
		return refused(u, not_plain);
	}
	if (u->any && u->kind == UNTAR_DIRECTORY && u->path.len == 0)
		return EXIT_DONE;
	fault = path_fault(u->path.buf);
	if (fault == NULL && u->kind == UNTAR_SAME)
		fault = path_fault(u->target.buf);
	if (fault == NULL && u->kind == UNTAR_LINK) {
		fault = strlen(u->target.buf) > PATH_LIMIT ? "is too long" :
		    tar_link_fault(u->path.buf, u->target.buf);
		if (fault != NULL)
			return error(EXIT_INPUT, "'%s' holds a link '%s' to "
			    "'%s', which %s: refused", u->name, u->path.buf,
			    u->target.buf, fault);
	}
	return fault != NULL ? refused(u, fault) : EXIT_DONE;
}

static bool
is_extension(const struct untar *u, const struct tar_header *h)
{
	return h->type == 'x' || (u->any && (h->type == 'L' ||
	    h->type == 'K'));
}

static enum status
read_entry(struct untar *u)
{
	struct extended x = { STRBUF_INIT, STRBUF_INIT, -1 };
	struct tar_header h;
	enum status status;
	bool end = false, more = false;

	status = skip(u, u->left);
	u->left = 0;
	if (status == EXIT_DONE)
		status = skip(u, padding(u->at));
	if (status == EXIT_DONE)
		status = read_header(u, &h, &end);
	while (status == EXIT_DONE && !end && is_extension(u, &h) &&
	    (!more || u->any)) {
		status = read_records(u, &h, &x);
		if (status == EXIT_DONE)
			status = read_header(u, &h, &end);
		more = true;
	}
	if (status == EXIT_DONE && more && (end || is_extension(u, &h)))
		status = damaged(u, "a pax header belongs to nothing");
	if (status == EXIT_DONE)
		status = end ? read_end(u) : set_entry(u, &h, &x);
	strbuf_release(&x.path);
	strbuf_release(&x.target);
	return status;
}

enum status
untar_next(struct untar *u)
{
	enum status status;

	/* The top itself is nobody's business. */
	do
		status = read_entry(u);
	while (status == EXIT_DONE && u->kind == UNTAR_DIRECTORY &&
	    u->path.len == 0);
	return status;
}

enum status
untar_data(struct untar *u, void *buf, size_t len, size_t *got)
{
	enum status status;

	*got = (int64_t)len < u->left ? len : (size_t)u->left;
	status = read_exactly(u, buf, *got);
	if (status == EXIT_DONE)
		u->left -= (int64_t)*got;
	return status;
}

void
untar_release(struct untar *u)
{
	strbuf_release(&u->path);
	strbuf_release(&u->target);
}
