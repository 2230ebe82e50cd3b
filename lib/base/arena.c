/* A list of blocks, the newest first; each allocation is cut from its end. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/xalloc.h"

enum { BLOCK_SIZE = 16384 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	max_align_t data[];
};

void
arena_init(struct arena *arena)
{
	arena->head = NULL;
}

void
arena_release(struct arena *arena)
{
	struct arena_block *b, *next;

	for (b = arena->head; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	arena->head = NULL;
}

static struct arena_block *
block_new(size_t size)
{
	struct arena_block *b;

	if (size > SIZE_MAX - sizeof(*b))
		die(EXIT_LOCAL, "out of memory");
	b = xmalloc(sizeof(*b) + size);
	b->used = 0;
	b->size = size;
	return b;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = sizeof(max_align_t);
	struct arena_block *b = arena->head;
	void *p;

	if (size > SIZE_MAX - align)
		die(EXIT_LOCAL, "out of memory");
	size = (size + align - 1) / align * align;
	if (b == NULL || b->size - b->used < size) {
		b = block_new(size > BLOCK_SIZE ? size : BLOCK_SIZE);
		b->next = arena->head;
		arena->head = b;
	}
	p = (char *)b->data + b->used;
	b->used += size;
	return memset(p, 0, size);
}

void *
arena_array(struct arena *arena, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		die(EXIT_LOCAL, "out of memory");
	return arena_alloc(arena, n * size);
}

char *
arena_strndup(struct arena *arena, const char *s, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	memcpy(copy, s, len);
	return copy;
}

char *
arena_strdup(struct arena *arena, const char *s)
{
	return arena_strndup(arena, s, strlen(s));
}

char *
arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		BUG("bad format '%s'", fmt);
	s = arena_alloc(arena, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}
