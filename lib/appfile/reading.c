/* Where a reader of the app file is, and how it says what is wrong there. */
#include "lib/base/compat.h"

#include "lib/appfile/reading.h"
#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/base/nameset.h"
#include "lib/text/yamldoc.h"

/* Names looked at: enough for the errors that are printed, yet soon over. */
enum { COMPARED_MAX = 20000 };

size_t
reading_enter(struct reading *r, const char *name)
{
	size_t mark = r->path.len;

	if (mark != 0)
		strbuf_addch(&r->path, '.');
	strbuf_addstr(&r->path, name);
	return mark;
}

size_t
reading_enter_index(struct reading *r, size_t index)
{
	size_t mark = r->path.len;

	strbuf_addf(&r->path, "[%zu]", index);
	return mark;
}

void
reading_leave(struct reading *r, size_t mark)
{
	strbuf_setlen(&r->path, mark);
}

struct position
reading_position(const struct yaml_node *node)
{
	struct position at = { node->line, node->column };

	return at;
}

static PRINTF_LIKE(4, 0) void
report(struct reading *r, struct position at, bool warn, const char *fmt,
    va_list ap)
{
	struct strbuf sb = STRBUF_INIT;

	if (r->path.len != 0)
		strbuf_addf(&sb, "%s: ", r->path.buf);
	strbuf_vaddf(&sb, fmt, ap);
	if (warn)
		diag_warning(r->diag, at.line, at.column, "%s", sb.buf);
	else
		diag_error(r->diag, at.line, at.column, "%s", sb.buf);
	strbuf_release(&sb);
}

void
reading_error(struct reading *r, const struct yaml_node *node,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(r, reading_position(node), false, fmt, ap);
	va_end(ap);
}

void
reading_error_at(struct reading *r, struct position at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(r, at, false, fmt, ap);
	va_end(ap);
}

void
reading_warning(struct reading *r, const struct yaml_node *node,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(r, reading_position(node), true, fmt, ap);
	va_end(ap);
}

void
reading_warning_at(struct reading *r, struct position at, const char *fmt,
    ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(r, at, true, fmt, ap);
	va_end(ap);
}

const struct yaml_pair *
reading_find(const struct reading *r, const char *path)
{
	const struct yaml_node *map = r->root;
	const struct yaml_pair *pair = NULL;
	size_t i, len;

	for (;;) {
		if (map == NULL || map->kind != YAML_MAP)
			return NULL;
		len = strcspn(path, ".");
		for (i = 0; i < map->n; i++) {
			pair = &map->pair[i];
			if (pair->key->n == len &&
			    memcmp(pair->key->text, path, len) == 0)
				break;
		}
		if (i == map->n)
			return NULL;
		if (path[len] == '\0')
			return pair;
		path += len + 1;
		map = pair->value;
	}
}

const char *
reading_near(struct reading *r, const char *word, const struct nameset *names)
{
	if (r->compared > COMPARED_MAX)
		return NULL;
	r->compared += names->n;
	return nameset_suggest(names, word);
}

const char *
reading_suggest(struct reading *r, const char *word,
    const struct nameset *names)
{
	const char *near = reading_near(r, word, names);

	if (near == NULL)
		return "";
	return arena_printf(r->arena, ". Did you mean '%s'?", near);
}
