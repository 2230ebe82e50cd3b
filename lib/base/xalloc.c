/* Allocation that does not return without memory. */
#include "lib/base/compat.h"

#include "lib/base/err.h"
#include "lib/base/xalloc.h"

static void *
must(void *p)
{
	if (p == NULL)
		die(EXIT_LOCAL, "out of memory");
	return p;
}

/*
 * The product, never 0. What no object can have is not even asked for: malloc
 * would refuse it, but sanitizers and valgrind take the question for a bug.
 */
static size_t
total(size_t n, size_t size)
{
	if (n == 0 || size == 0)
		return 1;
	if (n > PTRDIFF_MAX / size)
		die(EXIT_LOCAL, "out of memory");
	return n * size;
}

void *
xmalloc(size_t size)
{
	return must(malloc(total(size, 1)));
}

void *
xcalloc(size_t n, size_t size)
{
	return must(calloc(1, total(n, size)));
}

void *
xreallocarray(void *p, size_t n, size_t size)
{
	return must(realloc(p, total(n, size)));
}

char *
xstrdup(const char *s)
{
	return must(strdup(s));
}

char *
xstrndup(const char *s, size_t len)
{
	return must(strndup(s, len));
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		BUG("bad format '%s'", fmt);
	s = xmalloc((size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}
