/*
 * The pattern language of gitignore(5). Within a name the work is fnmatch(3)'s;
 * what it lacks, `**` and the anchoring, is done here by comparing name by
 * name.
 */
#include "lib/base/compat.h"

#include <fnmatch.h>

#include "lib/base/xalloc.h"
#include "lib/package/ignore.h"

enum { PARTS_MAX = 2048 };

/* Blanks at the end go, unless a backslash stands before them. */
static size_t
trimmed(const char *line, size_t len)
{
	size_t i, end = 0;

	for (i = 0; i < len; i++) {
		if (line[i] == '\\' && i + 1 < len)
			i++;
		else if (line[i] == ' ')
			continue;
		end = i + 1;
	}
	return end;
}

/* Splits it in place; several `**` in a row say no more than one. */
static void
split(struct ignore *ignore, struct ignore_rule *rule, char *pattern)
{
	char *part, *rest = pattern;
	size_t n = 1;

	for (part = pattern; *part != '\0'; part++)
		n += *part == '/';
	rule->part = arena_array(&ignore->arena, n, sizeof(*rule->part));
	while ((part = strsep(&rest, "/")) != NULL) {
		if (rule->parts > 0 && strcmp(part, "**") == 0 &&
		    strcmp(rule->part[rule->parts - 1], "**") == 0)
			continue;
		rule->part[rule->parts++] = part;
	}
}

static void
add_line(struct ignore *ignore, const char *line, size_t len)
{
	struct ignore_rule rule = { NULL, 0, false, false, false };

	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (len == 0 || *line == '#')
		return;
	if (*line == '!') {
		rule.keep = true;
		line++;
		len--;
	}
	len = trimmed(line, len);
	if (len > 0 && line[len - 1] == '/') {
		rule.directory = true;
		len--;
	}
	rule.anchored = memchr(line, '/', len) != NULL;
	if (len > 0 && *line == '/') {
		line++;
		len--;
	}
	if (len == 0)
		return;
	split(ignore, &rule, arena_strndup(&ignore->arena, line, len));
	ALLOC_GROW(ignore->v, ignore->n, ignore->cap);
	ignore->v[ignore->n++] = rule;
}

void
ignore_parse(struct ignore *ignore, const char *text, size_t len)
{
	const char *end = text + len, *nl;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (text < end) {
		nl = memchr(text, '\n', (size_t)(end - text));
		if (nl == NULL)
			nl = end;
		add_line(ignore, text, (size_t)(nl - text));
		text = nl + 1;
	}
}

static bool
match_parts(char *const *part, size_t parts, char *const *name, size_t names)
{
	for (; parts > 0; part++, parts--, name++, names--) {
		if (strcmp(*part, "**") == 0) {
			if (parts == 1)
				return names > 0;
			for (; names > 0; name++, names--)
				if (match_parts(part + 1, parts - 1, name,
				    names))
					return true;
			return false;
		}
		if (names == 0 || fnmatch(*part, *name, 0) != 0)
			return false;
	}
	return names == 0;
}

static bool
match_rule(const struct ignore_rule *rule, char *const *name, size_t names,
    bool directory)
{
	if (rule->directory && !directory)
		return false;
	if (!rule->anchored)
		return fnmatch(rule->part[0], name[names - 1], 0) == 0;
	return match_parts(rule->part, rule->parts, name, names);
}

bool
ignore_match(const struct ignore *ignore, const char *path, bool directory)
{
	char *copy, *name[PARTS_MAX], *rest;
	bool ignored = false;
	size_t names = 0, i;

	if (ignore->n == 0)
		return false;
	rest = copy = xstrdup(path);
	while (names < PARTS_MAX && (name[names] = strsep(&rest, "/")) != NULL)
		names++;
	for (i = ignore->n; i-- > 0; ) {
		if (match_rule(&ignore->v[i], name, names, directory)) {
			ignored = !ignore->v[i].keep;
			break;
		}
	}
	free(copy);
	return ignored;
}

void
ignore_release(struct ignore *ignore)
{
	free(ignore->v);
	arena_release(&ignore->arena);
	ignore->v = NULL;
	ignore->n = ignore->cap = 0;
}
