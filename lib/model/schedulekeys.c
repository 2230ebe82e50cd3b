/*
 * The keys of a schedule as canonical JSON. Two schedules declare the same if
 * and only if their texts are equal, so most comparisons are one of bytes; the
 * texts are parsed only to say what differs.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/model/app.h"
#include "lib/model/literal.h"
#include "lib/model/schedulekeys.h"
#include "lib/text/jsonio.h"

/* Bound values that have a key of their own in a schedule. */
static const char *const objects[] = {
	"hyperparameters", "splitter_kwargs", "parser_kwargs", "loader_kwargs",
	NULL
};

/* What a key means that is not there; all others mean nothing. */
static const struct {
	const char *key, *value;
} defaults[] = {
	{ "timezone", "UTC" },
	{ "active", "true" },
};

static int
by_name(const void *pa, const void *pb)
{
	const struct json_member *a = pa, *b = pb;

	return strcmp(a->name, b->name);
}

/* The members of objects by name, at every depth. */
static void
put_sorted(struct json_writer *w, const char *name, const struct json *value)
{
	struct json_member *member;
	size_t i;

	if (value->kind == JSON_LIST) {
		json_begin_list(w, name);
		for (i = 0; i < value->n; i++)
			put_sorted(w, NULL, value->item[i]);
		json_end_list(w);
		return;
	}
	if (value->kind != JSON_MAP) {
		json_put(w, name, value);
		return;
	}
	member = xcalloc(value->n, sizeof(*member));
	for (i = 0; i < value->n; i++)
		member[i] = value->member[i];
	if (value->n > 1)
		qsort(member, value->n, sizeof(*member), by_name);
	json_begin_map(w, name);
	for (i = 0; i < value->n; i++)
		put_sorted(w, member[i].name, member[i].value);
	json_end_map(w);
	free(member);
}

static void
put_text(struct json_writer *w, const char *name, const char *text)
{
	if (text != NULL)
		json_put_text(w, name, text);
}

static void
put_command(struct json_writer *w, const char *name,
    const struct command *command)
{
	size_t i;

	put_text(w, name, command->script);
	if (command->argv == NULL)
		return;
	json_begin_list(w, name);
	for (i = 0; i < command->n; i++)
		json_put_text(w, NULL, command->argv[i]);
	json_end_list(w);
}

static void
put_model(struct json_writer *w, const struct model_choice *model)
{
	if (model->source != MODEL_VERSION && model->source != MODEL_FILE) {
		put_text(w, "model", model_source_name(model->source));
		return;
	}
	json_begin_map(w, "model");
	put_text(w, "version", model->version);
	put_text(w, "app_version", model->app_version);
	put_text(w, "file", model->file);
	json_end_map(w);
}

static bool
is_object(const char *name)
{
	size_t i;

	for (i = 0; objects[i] != NULL; i++)
		if (strcmp(objects[i], name) == 0)
			return true;
	return false;
}

static void
put_bound(struct json_writer *w, const struct json *bound)
{
	struct arena arena = ARENA_INIT;
	const struct json *value;
	struct json *plain;
	size_t i;

	if (bound == NULL)
		return;
	plain = json_map(&arena);
	for (i = 0; i < bound->n; i++)
		if (!is_object(bound->member[i].name))
			json_add(&arena, plain, bound->member[i].name,
			    bound->member[i].value);
	if (plain->n > 0)
		put_sorted(w, "inputs", plain);
	for (i = 0; objects[i] != NULL; i++) {
		value = json_find(bound, objects[i]);
		if (value != NULL && value->n > 0)
			put_sorted(w, objects[i], value);
	}
	arena_release(&arena);
}

void
schedule_keys_print(struct strbuf *sb, const struct schedule *s)
{
	bool rate = s->expression.dialect == DIALECT_EVERY &&
	    s->when[0] != '@';
	struct json_writer w;

	json_writer_init(&w, sb, false);
	json_begin_map(&w, NULL);
	json_put_text(&w, "workflow", workflow_name(s->workflow));
	json_put_text(&w, rate ? "fixed_rate" : "expression", s->when);
	if (!span_is_zero(s->offset))
		json_put_span(&w, "offset", s->offset);
	if (s->timezone != NULL && strcmp(s->timezone, "UTC") != 0)
		json_put_text(&w, "timezone", s->timezone);
	if (s->has_start)
		json_put_instant(&w, "start", s->start);
	if (s->has_end)
		json_put_instant(&w, "end", s->end);
	put_text(&w, "reader_time_arg", s->reader_time_arg);
	put_bound(&w, s->bound);
	put_model(&w, &s->model);
	put_text(&w, "catchup", catchup_name(s->catchup));
	if (!span_is_zero(s->catchup_window))
		json_put_span(&w, "catchup_window", s->catchup_window);
	put_text(&w, "overlap", overlap_name(s->overlap));
	if (!s->active)
		json_put_bool(&w, "active", false);
	put_command(&w, "on_failure", &s->on_failure);
	json_end_map(&w);
}

struct difference {
	struct arena *arena;
	struct strbuf *names, *words;
	bool any;
};

static bool
is_word(const char *text)
{
	return *text != '\0' && text[strspn(text, "0123456789_.:/+-"
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
}

static const char *
value_text(struct difference *d, const char *key, const struct json *value)
{
	struct strbuf sb = STRBUF_INIT;
	const char *text;
	size_t i;

	if (value == NULL) {
		for (i = 0; i < ARRAY_SIZE(defaults); i++)
			if (strcmp(defaults[i].key, key) == 0)
				return defaults[i].value;
		return "unset";
	}
	if (value->kind == JSON_TEXT && is_word(value->text))
		strbuf_addstr(&sb, value->text);
	else
		json_print(&sb, value);
	text = literal_shorten(d->arena, arena_strdup(d->arena, sb.buf));
	strbuf_release(&sb);
	return text;
}

static void
add_words(struct difference *d, const char *key, const struct json *before,
    const struct json *after)
{
	const char *old = value_text(d, key, before);
	const char *new = value_text(d, key, after);

	if (d->words == NULL)
		return;
	if (d->words->len > 0)
		strbuf_addstr(d->words, ", ");
	if (strcmp(old, new) != 0)
		strbuf_addf(d->words, "%s %s -> %s", key, old, new);
	else
		/* They differ behind what is shown of them. */
		strbuf_addf(d->words, "%s changed", key);
}

static bool
same(const struct json *a, const struct json *b)
{
	struct strbuf ta = STRBUF_INIT, tb = STRBUF_INIT;
	bool equal = a == b;

	if (a != NULL && b != NULL) {
		json_print(&ta, a);
		json_print(&tb, b);
		equal = strcmp(ta.buf, tb.buf) == 0;
	}
	strbuf_release(&ta);
	strbuf_release(&tb);
	return equal;
}

static bool
is_map(const struct json *value)
{
	return value == NULL || value->kind == JSON_MAP;
}

/* One key: of objects, each member that differs. */
static void
compare(struct difference *d, const char *key, const struct json *before,
    const struct json *after)
{
	const struct json *other;
	const char *name;
	size_t i;

	if (same(before, after))
		return;
	d->any = true;
	if (d->names != NULL)
		strbuf_addf(d->names, "%s%s", d->names->len > 0 ? ", " : "",
		    key);
	if (!is_map(before) || !is_map(after)) {
		add_words(d, key, before, after);
		return;
	}
	for (i = 0; before != NULL && i < before->n; i++) {
		name = before->member[i].name;
		other = json_find(after, name);
		if (!same(before->member[i].value, other))
			add_words(d, arena_printf(d->arena, "%s.%s", key,
			    name), before->member[i].value, other);
	}
	for (i = 0; after != NULL && i < after->n; i++) {
		name = after->member[i].name;
		if (json_find(before, name) == NULL)
			add_words(d, arena_printf(d->arena, "%s.%s", key,
			    name), NULL, after->member[i].value);
	}
}

static void
compare_all(struct difference *d, const struct json *before,
    const struct json *after)
{
	size_t i;

	for (i = 0; i < before->n; i++)
		compare(d, before->member[i].name, before->member[i].value,
		    json_find(after, before->member[i].name));
	for (i = 0; i < after->n; i++)
		if (json_find(before, after->member[i].name) == NULL)
			compare(d, after->member[i].name, NULL,
			    after->member[i].value);
}

static const struct json *
read_keys(struct arena *arena, const char *text)
{
	const char *why;
	const struct json *keys = json_parse(arena, text, strlen(text), &why);

	return keys != NULL && keys->kind == JSON_MAP ? keys : NULL;
}

bool
schedule_keys_differ(const char *before, const char *after,
    struct strbuf *names, struct strbuf *words)
{
	struct arena arena = ARENA_INIT;
	struct difference d = { &arena, names, words, false };
	const struct json *old, *new;

	if (strcmp(before, after) == 0)
		return false;
	old = read_keys(&arena, before);
	new = read_keys(&arena, after);
	if (old != NULL && new != NULL)
		compare_all(&d, old, new);
	if (!d.any && names != NULL)
		strbuf_addstr(names, "keys");
	if (!d.any && words != NULL)
		strbuf_addstr(words, "keys changed");
	arena_release(&arena);
	return true;
}
