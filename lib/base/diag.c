/* Diagnostics with a position, kept until the whole file was read. */
#include "lib/base/compat.h"

#include "lib/base/diag.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"

enum { PRINT_MAX = 100 };

void
diag_init(struct diag *diag, const char *file)
{
	memset(diag, 0, sizeof(*diag));
	diag->file = xstrdup(file);
}

void
diag_release(struct diag *diag)
{
	size_t i;

	for (i = 0; i < diag->n; i++)
		free(diag->entry[i].message);
	free(diag->entry);
	free(diag->file);
	memset(diag, 0, sizeof(*diag));
}

static PRINTF_LIKE(5, 0) void
add(struct diag *diag, int line, int column, bool warn, const char *fmt,
    va_list ap)
{
	struct strbuf sb = STRBUF_INIT;
	struct diag_entry *e;

	strbuf_vaddf(&sb, fmt, ap);
	ALLOC_GROW(diag->entry, diag->n, diag->cap);
	e = &diag->entry[diag->n];
	e->line = line;
	e->column = column;
	e->warning = warn;
	e->message = strbuf_detach(&sb);
	e->order = diag->n++;
	if (!warn)
		diag->errors++;
}

void
diag_error(struct diag *diag, int line, int column, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(diag, line, column, false, fmt, ap);
	va_end(ap);
}

void
diag_warning(struct diag *diag, int line, int column, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(diag, line, column, true, fmt, ap);
	va_end(ap);
}

static int
compare(const void *pa, const void *pb)
{
	const struct diag_entry *a = pa, *b = pb;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

void
diag_sort(struct diag *diag)
{
	if (diag->n > 1)
		qsort(diag->entry, diag->n, sizeof(*diag->entry), compare);
}

void
diag_print(struct diag *diag)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	diag_sort(diag);
	for (i = 0; i < diag->n && i < PRINT_MAX; i++) {
		const struct diag_entry *e = &diag->entry[i];

		strbuf_reset(&sb);
		strbuf_addf(&sb, "%s:", diag->file);
		if (e->line > 0)
			strbuf_addf(&sb, "%d:%d:", e->line, e->column);
		strbuf_addf(&sb, " %s: %s", e->warning ? "warning" : "error",
		    e->message);
		err_line(sb.buf, sb.len);
	}
	if (diag->n > PRINT_MAX)
		note("(%zu more)", diag->n - PRINT_MAX);
	strbuf_release(&sb);
}
