/*
 * Placeholders. A brace that names nothing declared stays as it is, for the
 * languages of commands are full of them; it is worth a warning only where a
 * declared name was probably meant.
 */
#include "lib/base/compat.h"

#include "lib/appfile/appcommand.h"
#include "lib/appfile/reading.h"
#include "lib/base/arena.h"
#include "lib/base/nameset.h"
#include "lib/base/xalloc.h"
#include "lib/model/app.h"
#include "lib/model/placeholder.h"
#include "lib/text/yamldoc.h"

static const char hyperparameters[] = "hyperparameters";

struct words {
	const struct app *app;
	enum component_kind kind;
	struct nameset own;		/* all that the component may name */
	struct nameset members;		/* of hyperparameters */
	struct nameset all;		/* what any component may name */
	bool objectless;		/* hyperparameters cannot be judged */
};

struct list {
	const char **v;
	size_t n, cap;
};

static void
push(struct list *list, const char *name)
{
	ALLOC_GROW(list->v, list->n, list->cap);
	list->v[list->n++] = name;
}

static void
push_words(struct list *list, const struct app *app, enum component_kind kind)
{
	const struct interface *inputs = &app->component[kind].inputs;
	const char *const *word;
	size_t i;

	for (word = component_takes(kind); *word != NULL; word++)
		push(list, *word);
	for (word = component_makes(kind); *word != NULL; word++)
		push(list, *word);
	for (i = 0; i < inputs->n; i++)
		push(list, inputs->v[i].name);
}

static void
make_set(struct nameset *set, struct reading *r, struct list *list)
{
	nameset_init(set, r->arena, list->v, list->n, sizeof(*list->v));
	free(list->v);
	memset(list, 0, sizeof(*list));
}

static bool
contains(const struct nameset *set, const char *name)
{
	return nameset_find(set, name) != SIZE_MAX;
}

/* The placeholder as it was written. */
static const char *
written(struct reading *r, const struct piece *piece)
{
	return arena_strndup(r->arena, piece->text, piece->len);
}

/* An error, or nothing if all is well with a member of a known name. */
static bool
listed(const char *const *list, const char *name)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

/*
 * `{in.data}` and `{out.data}` say which of two is meant: a parser's input and
 * output have one name.
 */
static bool
check_side(struct reading *r, const struct words *words, struct position at,
    const struct piece *piece, const char *name)
{
	const char *const *makes = component_makes(words->kind);
	bool in = strcmp(name, "in") == 0, known;
	const char *member;

	if (piece->member == NULL || (!in && strcmp(name, "out") != 0))
		return false;
	member = arena_strndup(r->arena, piece->member, piece->member_len);
	if (in)
		known = contains(&words->own, member) &&
		    (listed(component_takes(words->kind), member) ||
		    !listed(makes, member));
	else
		known = listed(makes, member);
	if (!known)
		reading_error_at(r, at, "'%s': the %s has no %s '%s'",
		    written(r, piece), component_name(words->kind),
		    in ? "input" : "output", member);
	return true;
}

static void
check_member(struct reading *r, const struct words *words, struct position at,
    const struct piece *piece, const char *name)
{
	const char *member;

	if (strcmp(name, hyperparameters) != 0) {
		reading_error_at(r, at, "'%s': only hyperparameters have "
		    "members", written(r, piece));
		return;
	}
	member = arena_strndup(r->arena, piece->member, piece->member_len);
	if (words->objectless || contains(&words->members, member))
		return;
	reading_error_at(r, at, "'%s': there is no hyperparameter '%s'%s",
	    written(r, piece), member,
	    reading_suggest(r, member, &words->members));
}

static void
check_unknown(struct reading *r, const struct words *words,
    struct position at, const struct piece *piece, const char *name)
{
	const char *near;

	if (strcmp(name, hyperparameters) == 0 && words->kind != TRAINER) {
		reading_warning_at(r, at, "'%s' stays as it is: only the "
		    "trainer gets hyperparameters", written(r, piece));
		return;
	}
	near = reading_suggest(r, name, &words->own);
	if (*near == '\0' && !contains(&words->all, name))
		return;
	reading_warning_at(r, at, "'%s' stays as it is: '%s' is no input or "
	    "output of the %s%s", written(r, piece), name,
	    component_name(words->kind), near);
}

static void
check_argument(struct reading *r, const struct words *words,
    const char *argument, struct position at)
{
	const char *cursor = argument, *name;
	struct piece piece;

	while (placeholder_next(&cursor, &piece)) {
		if (piece.kind != PIECE_VALUE)
			continue;
		name = arena_strndup(r->arena, piece.name, piece.name_len);
		if (words->kind == TRAINER && !words->objectless &&
		    strcmp(name, hyperparameters) == 0 &&
		    words->members.n == 0) {
			reading_error_at(r, at, "'%s': the app declares no "
			    "model.hyperparameters", written(r, &piece));
			continue;
		}
		if (check_side(r, words, at, &piece, name))
			continue;
		if (!contains(&words->own, name))
			check_unknown(r, words, at, &piece, name);
		else if (piece.member != NULL)
			check_member(r, words, at, &piece, name);
		else if (piece.text > argument && piece.text[-1] == '$')
			reading_warning_at(r, at, "'$%s' is a '$' and the "
			    "value, with no shell to read it; write '%s'",
			    written(r, &piece), written(r, &piece));
	}
}

static bool
in_list(const char *const *list, const char *name)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

static void
refuse_in_script(struct reading *r, const struct words *words,
    struct position at, const struct piece *piece, const char *name)
{
	struct strbuf sb = STRBUF_INIT;
	const char *word = written(r, piece);
	bool makes = in_list(component_makes(words->kind), name);
	bool takes = in_list(component_takes(words->kind), name);

	if (!makes || takes) {
		strbuf_addf(&sb, "\"$UNIONML_IN_%s", name);
		if (piece->member != NULL)
			strbuf_addf(&sb, "_%.*s", (int)piece->member_len,
			    piece->member);
		strbuf_addstr(&sb, makes ? "\" or " : "\"");
	}
	if (makes)
		strbuf_addf(&sb, "\"$UNIONML_OUT_%s\"", name);
	reading_error_at(r, at, "'%s' is not replaced in a script; use %s",
	    word, sb.buf);
	strbuf_release(&sb);
}

/* `${name}` is the shell's own. Each name is reported once. */
static void
check_script(struct reading *r, const struct words *words,
    const struct command *command)
{
	bool *seen = xcalloc(words->own.n + 1, sizeof(*seen));
	const char *cursor = command->script, *name;
	struct piece piece;
	size_t at;

	while (placeholder_next(&cursor, &piece)) {
		if (piece.kind != PIECE_VALUE ||
		    (piece.text > command->script && piece.text[-1] == '$'))
			continue;
		name = arena_strndup(r->arena, piece.name, piece.name_len);
		at = nameset_find(&words->own, name);
		if (at == SIZE_MAX || seen[at])
			continue;
		seen[at] = true;
		refuse_in_script(r, words, command->at, &piece, name);
	}
	free(seen);
}

static void
check_command(struct reading *r, const struct words *words,
    const struct command *command)
{
	size_t i, mark;

	if (command->script != NULL)
		check_script(r, words, command);
	for (i = 0; i < command->n; i++) {
		mark = reading_enter_index(r, i);
		check_argument(r, words, command->argv[i],
		    command->argv_at[i]);
		reading_leave(r, mark);
	}
}

void
appcommand_check(struct reading *r, const struct app *app)
{
	const struct yaml_pair *pair = reading_find(r, "model.hyperparameters");
	const struct interface *declared = &app->hyperparameters;
	struct words words = { .app = app };
	struct list list = { NULL, 0, 0 };
	size_t outer, mark;
	int i;

	words.objectless = pair != NULL && pair->value->kind != YAML_MAP;
	nameset_init(&words.members, r->arena, declared->v, declared->n,
	    sizeof(*declared->v));
	for (i = 0; i < COMPONENT_KINDS; i++)
		push_words(&list, app, (enum component_kind)i);
	make_set(&words.all, r, &list);
	for (i = 0; i < COMPONENT_KINDS; i++) {
		if (!app->component[i].declared)
			continue;
		words.kind = (enum component_kind)i;
		push_words(&list, app, words.kind);
		make_set(&words.own, r, &list);
		outer = reading_enter(r, component_key(words.kind));
		mark = reading_enter(r, "command");
		check_command(r, &words, &app->component[i].command);
		reading_leave(r, mark);
		reading_leave(r, outer);
	}
}
