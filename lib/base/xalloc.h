/*
 * Allocation that succeeds or ends the program (exit status 4). Sizes are
 * checked for overflow. What is returned is freed with free(3).
 */
#ifndef BASE_XALLOC_H
#define BASE_XALLOC_H

#include "lib/base/compat.h"

void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t len);
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2);

/*
 * Makes room for one more element in ARRAY, which holds N of CAP: doubles it
 * when it is full. All three are lvalues.
 */
#define ALLOC_GROW(array, n, cap)                                          \
	do {                                                               \
		if ((n) >= (cap)) {                                        \
			(cap) = (cap) ? 2 * (cap) : 8;                     \
			(array) = xreallocarray((array), (cap),            \
			    sizeof(*(array)));                             \
		}                                                          \
	} while (0)

#endif
