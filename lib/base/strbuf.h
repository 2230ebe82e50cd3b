/*
 * Text that grows. `buf` is never NULL and always ends in NUL, which `len`
 * does not count. STRBUF_INIT allocates nothing.
 */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include "lib/base/compat.h"

struct strbuf {
	char *buf;
	size_t len;
	size_t cap;	/* 0 while buf is not ours */
};

extern char strbuf_empty[];

#define STRBUF_INIT { strbuf_empty, 0, 0 }

void strbuf_init(struct strbuf *sb);
void strbuf_release(struct strbuf *sb);

/* Empties it and keeps the memory. */
void strbuf_reset(struct strbuf *sb);

/* Makes room for at least `extra` more bytes. */
void strbuf_grow(struct strbuf *sb, size_t extra);

void strbuf_add(struct strbuf *sb, const void *data, size_t len);
void strbuf_addstr(struct strbuf *sb, const char *s);
void strbuf_addch(struct strbuf *sb, char c);
void strbuf_addf(struct strbuf *sb, const char *fmt, ...) PRINTF_LIKE(2, 3);
void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap)
    PRINTF_LIKE(2, 0);

/* Shortens to `len`, which is at most the present length. */
void strbuf_setlen(struct strbuf *sb, size_t len);

/* Removes blanks and newlines at the end. */
void strbuf_rtrim(struct strbuf *sb);

/* The text, now the caller's to free; the buffer is empty again. */
char *strbuf_detach(struct strbuf *sb);

#endif
