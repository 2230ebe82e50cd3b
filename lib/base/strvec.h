/*
 * A list of strings that owns its copies. `v` is always NULL-terminated, so
 * it can be given to execve(2) as it is.
 */
#ifndef BASE_STRVEC_H
#define BASE_STRVEC_H

#include "lib/base/compat.h"

struct strbuf;

struct strvec {
	char **v;
	size_t n;
	size_t cap;
};

extern char *strvec_empty[];

#define STRVEC_INIT { strvec_empty, 0, 0 }

void strvec_init(struct strvec *sv);
void strvec_release(struct strvec *sv);

void strvec_push(struct strvec *sv, const char *s);
void strvec_pushf(struct strvec *sv, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Takes `s` over: it is freed with the list. */
void strvec_push_owned(struct strvec *sv, char *s);

bool strvec_contains(const struct strvec *sv, const char *s);

/* Appends `a, b, c`, of more than `max` as `a, b and 7 more`. */
void strvec_print(const struct strvec *sv, struct strbuf *sb, size_t max);

/* Bytewise order, which does not depend on the locale. */
void strvec_sort(struct strvec *sv);

#endif
