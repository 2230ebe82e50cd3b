/* Text that grows. */
#include "lib/base/compat.h"

#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"

enum { FORMAT_ROOM = 64 };

char strbuf_empty[1];

void
strbuf_init(struct strbuf *sb)
{
	sb->buf = strbuf_empty;
	sb->len = sb->cap = 0;
}

void
strbuf_release(struct strbuf *sb)
{
	if (sb->cap != 0)
		free(sb->buf);
	strbuf_init(sb);
}

void
strbuf_reset(struct strbuf *sb)
{
	sb->len = 0;
	if (sb->cap != 0)
		sb->buf[0] = '\0';
}

void
strbuf_grow(struct strbuf *sb, size_t extra)
{
	size_t cap;

	if (extra > SIZE_MAX / 2 - sb->len)
		die(EXIT_LOCAL, "out of memory");
	if (sb->len + extra < sb->cap)
		return;
	cap = sb->cap != 0 ? sb->cap : 32;
	while (cap <= sb->len + extra)
		cap *= 2;
	sb->buf = xreallocarray(sb->cap != 0 ? sb->buf : NULL, cap, 1);
	sb->cap = cap;
	sb->buf[sb->len] = '\0';
}

void
strbuf_add(struct strbuf *sb, const void *data, size_t len)
{
	strbuf_grow(sb, len);
	memcpy(sb->buf + sb->len, data, len);
	sb->len += len;
	sb->buf[sb->len] = '\0';
}

void
strbuf_addstr(struct strbuf *sb, const char *s)
{
	strbuf_add(sb, s, strlen(s));
}

void
strbuf_addch(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

/* Most texts fit into the room that is there: they are formatted once. */
void
strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap)
{
	va_list again;
	size_t room;
	int n;

	strbuf_grow(sb, FORMAT_ROOM);
	room = sb->cap - sb->len;
	va_copy(again, ap);
	n = vsnprintf(sb->buf + sb->len, room, fmt, again);
	va_end(again);
	if (n < 0)
		BUG("bad format '%s'", fmt);
	if ((size_t)n >= room) {
		strbuf_grow(sb, (size_t)n);
		vsnprintf(sb->buf + sb->len, (size_t)n + 1, fmt, ap);
	}
	sb->len += (size_t)n;
}

void
strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(sb, fmt, ap);
	va_end(ap);
}

void
strbuf_setlen(struct strbuf *sb, size_t len)
{
	if (len > sb->len)
		BUG("strbuf of %zu bytes set to %zu", sb->len, len);
	sb->len = len;
	if (sb->cap != 0)
		sb->buf[len] = '\0';
}

void
strbuf_rtrim(struct strbuf *sb)
{
	size_t len = sb->len;

	while (len > 0 && isspace((unsigned char)sb->buf[len - 1]))
		len--;
	strbuf_setlen(sb, len);
}

char *
strbuf_detach(struct strbuf *sb)
{
	char *s = sb->cap != 0 ? sb->buf : xstrdup("");

	strbuf_init(sb);
	return s;
}
