/* Differences of two messages in protobuf's JSON: see specdiff.h. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/flyte/wire/encodetype.h"
#include "lib/flyte/wire/specdiff.h"
#include "lib/text/jsonio.h"

enum { SHOWN = 140 };

/*
 * Whether a field that is not there is a difference: of a message it is one
 * only if the other is set; of a map its keys are the user's; and a value of
 * the user's is his all the way down.
 */
enum how { HOW_MESSAGE, HOW_MAP, HOW_VALUE };

static const char *const maps[] = { "variables", "parameters", "literals",
	"values", "fields", "dataclass_type", NULL };

struct walk {
	struct specdiff *diff;
	struct strbuf path;
	enum how how;
};

static void compare(struct walk *walk, const struct json *old,
    const struct json *new);

/* Whether a field of this value is as good as one that was not given. */
static bool
is_unset(const struct json *value)
{
	size_t i;

	if (value == NULL)
		return true;
	switch (value->kind) {
	case JSON_NULL_VALUE:
		return true;
	case JSON_BOOL:
		return !value->boolean;
	case JSON_INT:
		return value->integer == 0;
	case JSON_DOUBLE:
		return !(value->real < 0 || value->real > 0);
	case JSON_TEXT:
		return value->n == 0 || strcmp(value->text, "0") == 0 ||
		    strcmp(value->text, "UNKNOWN") == 0;
	case JSON_LIST:
		return value->n == 0;
	case JSON_MAP:
		for (i = 0; i < value->n; i++)
			if (!is_unset(value->member[i].value))
				return false;
		return true;
	}
	return false;
}

static void
add_value(struct strbuf *out, const struct json *value)
{
	struct strbuf sb = STRBUF_INIT;
	size_t len;

	if (value == NULL) {
		strbuf_addstr(out, "nothing");
		return;
	}
	json_print(&sb, value);
	len = sb.len;
	if (len > SHOWN)
		for (len = SHOWN; len > 0 &&
		    ((unsigned char)sb.buf[len] & 0xc0) == 0x80; len--)
			;
	strbuf_add(out, sb.buf, len);
	if (len < sb.len)
		strbuf_addf(out, "... (%zu bytes)", sb.len);
	strbuf_release(&sb);
}

static void
differ(struct walk *walk, const struct json *old, const struct json *new)
{
	struct strbuf *out = walk->diff->out;

	walk->diff->n++;
	if (out == NULL)
		return;
	strbuf_addf(out, "%s%s: ", walk->diff->indent, walk->path.buf);
	add_value(out, old);
	strbuf_addstr(out, " -> ");
	add_value(out, new);
	strbuf_addch(out, '\n');
}

static bool
is_number(const struct json *value)
{
	return value->kind == JSON_INT || value->kind == JSON_DOUBLE;
}

static double
number(const struct json *value)
{
	return value->kind == JSON_INT ? (double)value->integer : value->real;
}

static bool
same_scalar(const struct json *a, const struct json *b)
{
	struct strbuf sb = STRBUF_INIT;
	bool same;

	if (is_number(a) && is_number(b))
		return !(number(a) < number(b)) && !(number(a) > number(b));
	if (a->kind == JSON_BOOL && b->kind == JSON_BOOL)
		return a->boolean == b->boolean;
	if (a->kind == JSON_TEXT && b->kind == JSON_TEXT)
		return strcmp(a->text, b->text) == 0;
	if (a->kind == JSON_TEXT && b->kind == JSON_INT)
		return same_scalar(b, a);
	if (a->kind == JSON_INT && b->kind == JSON_TEXT) {
		json_print(&sb, a);
		same = strcmp(sb.buf, b->text) == 0;
		strbuf_release(&sb);
		return same;
	}
	return a->kind == JSON_NULL_VALUE && b->kind == JSON_NULL_VALUE;
}

static enum how
how_below(enum how how, const char *name)
{
	size_t i;

	if (how == HOW_VALUE || (how == HOW_MESSAGE &&
	    strcmp(name, "generic") == 0))
		return HOW_VALUE;
	for (i = 0; how == HOW_MESSAGE && maps[i] != NULL; i++)
		if (strcmp(name, maps[i]) == 0)
			return HOW_MAP;
	return HOW_MESSAGE;
}

static void
compare_member(struct walk *walk, const char *name, const struct json *old,
    const struct json *new)
{
	enum how how = walk->how;
	size_t len = walk->path.len;

	if (walk->diff->old_version != NULL && ((how == HOW_MESSAGE &&
	    strcmp(name, "version") == 0) ||
	    strcmp(name, "unionml/keys") == 0))
		return;
	strbuf_addf(&walk->path, "%s%s", len > 0 ? "." : "", name);
	if (old == NULL || new == NULL) {
		if (how != HOW_MESSAGE || !is_unset(old) || !is_unset(new))
			differ(walk, old, new);
	} else {
		walk->how = how_below(how, name);
		compare(walk, old, new);
		walk->how = how;
	}
	strbuf_setlen(&walk->path, len);
}

static void
compare_maps(struct walk *walk, const struct json *old,
    const struct json *new)
{
	const char *name;
	size_t i;

	for (i = 0; i < new->n; i++) {
		name = new->member[i].name;
		compare_member(walk, name, json_find(old, name),
		    new->member[i].value);
	}
	for (i = 0; i < old->n; i++) {
		name = old->member[i].name;
		if (json_find(new, name) == NULL)
			compare_member(walk, name, old->member[i].value,
			    NULL);
	}
}

static const char *
id_of(const struct json *value)
{
	const struct json *id = json_find(value, "id");

	return id != NULL && id->kind == JSON_TEXT ? id->text : NULL;
}

/* Nodes have names: their order says nothing. */
static bool
has_names(const struct walk *walk, const struct json *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (id_of(list->item[i]) == NULL)
			return false;
	return walk->how != HOW_VALUE && list->n > 0;
}

static const struct json *
find_named(const struct json *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(id_of(list->item[i]), name) == 0)
			return list->item[i];
	return NULL;
}

/* These two are put in by Flyte's compiler. */
static bool
is_compilers(const char *node)
{
	return strcmp(node, "start-node") == 0 ||
	    strcmp(node, "end-node") == 0;
}

static void
compare_named(struct walk *walk, const char *name, const struct json *old,
    const struct json *new)
{
	size_t len = walk->path.len;

	strbuf_addf(&walk->path, "[%s]", name);
	if (old != NULL && new != NULL)
		compare(walk, old, new);
	else
		differ(walk, old, new);
	strbuf_setlen(&walk->path, len);
}

static void
compare_nodes(struct walk *walk, const struct json *old,
    const struct json *new)
{
	const char *name;
	size_t i;

	for (i = 0; i < new->n; i++) {
		name = id_of(new->item[i]);
		compare_named(walk, name, find_named(old, name),
		    new->item[i]);
	}
	for (i = 0; i < old->n; i++) {
		name = id_of(old->item[i]);
		if (!is_compilers(name) && find_named(new, name) == NULL)
			compare_named(walk, name, old->item[i], NULL);
	}
}

static void
compare_lists(struct walk *walk, const struct json *old,
    const struct json *new)
{
	size_t i, n = old->n > new->n ? old->n : new->n;
	size_t len = walk->path.len;
	enum how how = walk->how;

	if (has_names(walk, old) && has_names(walk, new)) {
		compare_nodes(walk, old, new);
		return;
	}
	if (how == HOW_MAP)
		walk->how = HOW_MESSAGE;
	for (i = 0; i < n; i++) {
		strbuf_addf(&walk->path, "[%zu]", i);
		if (i >= old->n || i >= new->n)
			differ(walk, i < old->n ? old->item[i] : NULL,
			    i < new->n ? new->item[i] : NULL);
		else
			compare(walk, old->item[i], new->item[i]);
		strbuf_setlen(&walk->path, len);
	}
	walk->how = how;
}

static bool
names_version(const char *text, const char *version)
{
	size_t len = strlen(text);

	return len > 0 && strncmp(version, text, len) == 0 &&
	    (version[len] == '\0' || version[len] == '-');
}

static bool
is_source(const char *text)
{
	static const char end[] = "/" ENCODE_SNAPSHOT;
	size_t len = strlen(text), n = sizeof(end) - 1;

	return len > n && strcmp(text + len - n, end) == 0;
}

static bool
is_version(const struct specdiff *diff, const struct json *old,
    const struct json *new)
{
	if (diff->old_version == NULL || old->kind != JSON_TEXT ||
	    new->kind != JSON_TEXT)
		return false;
	return (names_version(old->text, diff->old_version) &&
	    names_version(new->text, diff->new_version)) ||
	    (is_source(old->text) && is_source(new->text));
}

static void
compare(struct walk *walk, const struct json *old, const struct json *new)
{
	if (old->kind == JSON_MAP && new->kind == JSON_MAP)
		compare_maps(walk, old, new);
	else if (old->kind == JSON_LIST && new->kind == JSON_LIST)
		compare_lists(walk, old, new);
	else if (!same_scalar(old, new) &&
	    !is_version(walk->diff, old, new) &&
	    (walk->how == HOW_VALUE || !is_unset(old) || !is_unset(new)))
		differ(walk, old, new);
}

void
specdiff(struct specdiff *diff, const struct json *stored,
    const struct json *sent)
{
	struct walk walk = { .diff = diff, .path = STRBUF_INIT };

	if (stored != NULL && sent != NULL)
		compare(&walk, stored, sent);
	else if (stored != sent)
		differ(&walk, stored, sent);
	strbuf_release(&walk.path);
}
