/* A NULL-terminated list of strings that owns its copies. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"

char *strvec_empty[] = { NULL };

void
strvec_init(struct strvec *sv)
{
	sv->v = strvec_empty;
	sv->n = sv->cap = 0;
}

void
strvec_release(struct strvec *sv)
{
	size_t i;

	for (i = 0; i < sv->n; i++)
		free(sv->v[i]);
	if (sv->cap != 0)
		free(sv->v);
	strvec_init(sv);
}

void
strvec_push_owned(struct strvec *sv, char *s)
{
	if (sv->n + 1 >= sv->cap) {
		sv->v = xreallocarray(sv->cap != 0 ? sv->v : NULL,
		    sv->cap != 0 ? 2 * sv->cap : 8, sizeof(*sv->v));
		sv->cap = sv->cap != 0 ? 2 * sv->cap : 8;
	}
	sv->v[sv->n++] = s;
	sv->v[sv->n] = NULL;
}

void
strvec_push(struct strvec *sv, const char *s)
{
	strvec_push_owned(sv, xstrdup(s));
}

void
strvec_pushf(struct strvec *sv, const char *fmt, ...)
{
	struct strbuf sb = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	strvec_push_owned(sv, strbuf_detach(&sb));
}

void
strvec_print(const struct strvec *sv, struct strbuf *sb, size_t max)
{
	size_t i;

	for (i = 0; i < sv->n && i < max; i++)
		strbuf_addf(sb, "%s%s", i > 0 ? ", " : "", sv->v[i]);
	if (sv->n > max)
		strbuf_addf(sb, " and %zu more", sv->n - max);
}

bool
strvec_contains(const struct strvec *sv, const char *s)
{
	size_t i;

	for (i = 0; i < sv->n; i++)
		if (strcmp(sv->v[i], s) == 0)
			return true;
	return false;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
strvec_sort(struct strvec *sv)
{
	qsort(sv->v, sv->n, sizeof(*sv->v), compare);
}
