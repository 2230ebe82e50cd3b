/*
 * Memory that goes all at once. What hangs from one `struct app` or
 * `struct plan` is allocated in one arena and released with it.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "lib/base/compat.h"

struct arena_block;

struct arena {
	struct arena_block *head;
};

#define ARENA_INIT { NULL }

void arena_init(struct arena *arena);

/* Frees everything; the arena can be used again. */
void arena_release(struct arena *arena);

/* Zeroed memory, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t n, size_t size);

char *arena_strdup(struct arena *arena, const char *s);
char *arena_strndup(struct arena *arena, const char *s, size_t len);
char *arena_printf(struct arena *arena, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

#endif
