/*
 * Values of keys by their shape. Each reader reports what is wrong at the node
 * where it is wrong, and writes its member only when all of it is right.
 */
#include "lib/base/compat.h"

#include "lib/appfile/keyrule.h"
#include "lib/appfile/keys.h"
#include "lib/appfile/keyshape.h"
#include "lib/appfile/reading.h"
#include "lib/appfile/scalar.h"
#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/nameset.h"
#include "lib/text/yamldoc.h"

enum { MINUTE = 60 };

bool
keyshape_is_map(struct reading *r, const struct yaml_node *node)
{
	if (node->kind == YAML_MAP)
		return true;
	if (scalar_is_nothing(node))
		reading_error(r, node, "is empty; a mapping is wanted "
		    "(leave the key out if there is none)");
	else
		reading_error(r, node, "a mapping is wanted, not %s",
		    yaml_kind_name(node));
	return false;
}

static bool
is_list(struct reading *r, const struct yaml_node *node)
{
	if (node->kind == YAML_LIST)
		return true;
	if (scalar_is_nothing(node))
		reading_error(r, node, "is empty; a list is wanted "
		    "(leave the key out if there is none)");
	else
		reading_error(r, node, "a list is wanted, not %s",
		    yaml_kind_name(node));
	return false;
}

/* The text if it keeps the key's rules, else NULL after an error. */
static const char *
read_text(struct reading *r, const struct key *key,
    const struct yaml_node *node)
{
	const char *text = scalar_text(r, node), *why = NULL;

	if (text == NULL)
		return NULL;
	if (key->flags & KEY_EXPANDS)
		why = keyrule_expansions(text);
	if (why != NULL) {
		reading_error(r, node, "%s", why);
		return NULL;
	}
	if (key->rule != NULL && !key->rule->match(text)) {
		if (*text == '\0')
			reading_error(r, node, "is empty; %s is wanted",
			    key->rule->wanted);
		else
			reading_error(r, node, "'%s' is not %s", text,
			    key->rule->wanted);
		return NULL;
	}
	return text;
}

static const char *
read_name(struct reading *r, const struct yaml_node *node)
{
	const char *text = scalar_text(r, node), *why;

	if (text == NULL)
		return NULL;
	why = ident_check(IDENT_NAME, text);
	if (why == NULL)
		return text;
	reading_error(r, node, "'%s': %s", text, why);
	return NULL;
}

/* 'a', 'b' or 'c' */
static const char *
list_words(struct reading *r, const struct key_word *words)
{
	struct strbuf sb = STRBUF_INIT;
	const char *text;
	size_t i;

	for (i = 0; words[i].name != NULL; i++)
		strbuf_addf(&sb, "%s'%s'", i == 0 ? "" :
		    words[i + 1].name != NULL ? ", " : " or ", words[i].name);
	text = arena_strdup(r->arena, sb.buf);
	strbuf_release(&sb);
	return text;
}

int
keyshape_word(struct reading *r, const struct key *key,
    const struct yaml_node *node, bool quiet)
{
	struct nameset names;
	const char *text;
	size_t n;

	if (quiet && node->kind != YAML_SCALAR)
		return -1;
	text = quiet ? node->text : scalar_text(r, node);
	if (text == NULL)
		return -1;
	for (n = 0; key->words[n].name != NULL; n++)
		if (strcmp(key->words[n].name, text) == 0)
			return key->words[n].value;
	if (quiet)
		return -1;
	nameset_init(&names, r->arena, key->words, n, sizeof(*key->words));
	reading_error(r, node, "'%s' is not one of %s%s", text,
	    list_words(r, key->words), reading_suggest(r, text, &names));
	return -1;
}

static void
read_integer(struct reading *r, const struct key *key,
    const struct yaml_node *node, int64_t *out)
{
	int64_t value;

	if (!scalar_integer(r, node, &value))
		return;
	if (value < key->min || value > key->max)
		reading_error(r, node, "%lld is out of range %lld-%lld",
		    (long long)value, (long long)key->min,
		    (long long)key->max);
	else
		*out = value;
}

/* A duration, read and not negative. */
static bool
read_duration(struct reading *r, const struct yaml_node *node,
    struct span *out)
{
	const char *text = scalar_text(r, node), *why;

	if (text == NULL)
		return false;
	if (!span_parse(text, out, &why))
		reading_error(r, node, "'%s': %s", text, why);
	else if (out->sec < 0 || out->nsec < 0)
		reading_error(r, node, "'%s' is negative", text);
	else
		return true;
	return false;
}

static void
read_span(struct reading *r, const struct yaml_node *node, struct span *out)
{
	struct span span;

	if (!read_duration(r, node, &span))
		return;
	if (span_is_zero(span))
		reading_error(r, node, "'%s' must be longer than nothing",
		    node->text);
	else
		*out = span;
}

static void
read_offset(struct reading *r, const struct yaml_node *node, struct span *out)
{
	const char *why;
	struct span span;

	if (node->kind == YAML_SCALAR && strchr(node->text, 'P') == NULL &&
	    span_parse(node->text, &span, &why)) {
		reading_error(r, node, "'%s' is not in the form of ISO 8601, "
		    "as PT10M or P1D", node->text);
		return;
	}
	if (read_duration(r, node, &span))
		*out = span;
}

static void
read_instant(struct reading *r, const struct yaml_node *node,
    struct instant *out, bool *given)
{
	const char *text = scalar_text(r, node), *why;
	struct instant t;

	if (text == NULL)
		return;
	if (!instant_parse(text, &t, &why)) {
		reading_error(r, node, "'%s': %s", text, why);
		return;
	}
	*out = t;
	*given = true;
}

static bool
check_rate(struct reading *r, const struct yaml_node *node, struct span every)
{
	if (every.nsec == 0 && every.sec > 0 && every.sec % MINUTE == 0)
		return true;
	reading_error(r, node, "'%s' is not whole minutes, hours or days",
	    node->text);
	return false;
}

/*
 * The column of the fault is known where the text stands in the file as it is;
 * of a block scalar or one over several lines only where it begins.
 */
static void
read_expression(struct reading *r, const struct yaml_node *node,
    struct expression *out)
{
	const char *text = scalar_text(r, node);
	struct position at = reading_position(node);
	struct expression expression;
	struct cron_error fault;

	if (text == NULL)
		return;
	if (!expression_parse(text, &expression, &fault)) {
		if (strchr(text, '\n') == NULL)
			at.column += fault.column - (node->plain ? 1 : 0);
		reading_error_at(r, at, "%s", fault.message);
		return;
	}
	if (expression.dialect == DIALECT_EVERY &&
	    !check_rate(r, node, expression.every))
		return;
	if (expression.dialect == DIALECT_UNIX &&
	    !expression.cron.star[CRON_DAY] &&
	    !expression.cron.star[CRON_WEEKDAY])
		reading_warning(r, node, "day of month and day of week are "
		    "both restricted: a day that matches either one fires");
	*out = expression;
}

static void
read_rate(struct reading *r, const struct yaml_node *node,
    struct expression *out)
{
	struct span every;

	if (!read_duration(r, node, &every) || !check_rate(r, node, every))
		return;
	out->dialect = DIALECT_EVERY;
	out->every = every;
}

static void
read_type(struct reading *r, const struct key *key,
    const struct yaml_node *node, const struct type **out)
{
	const char *text = scalar_text(r, node), *why;
	const struct type *type;

	if (text == NULL)
		return;
	type = type_parse(r->arena, text, &why);
	if (type == NULL) {
		reading_error(r, node, "%s", why);
		return;
	}
	if (key->flags & KEY_MEMBER && (!type_is_scalar(type) ||
	    type->kind == TYPE_DURATION)) {
		reading_error(r, node, "'%s' does not fit into a JSON object; "
		    "integer, float, string, boolean and datetime do", text);
		return;
	}
	*out = type;
}

static void
read_argv(struct reading *r, const struct yaml_node *node,
    struct command *command)
{
	size_t i, mark;
	const char *text;

	command->n = node->n;
	command->argv = arena_array(r->arena, node->n + 1,
	    sizeof(*command->argv));
	command->argv_at = arena_array(r->arena, node->n,
	    sizeof(*command->argv_at));
	for (i = 0; i < node->n; i++) {
		mark = reading_enter_index(r, i);
		text = scalar_text(r, node->item[i]);
		if (i == 0 && text != NULL && *text == '\0')
			reading_error(r, node->item[i], "the program has no "
			    "name");
		/* Where it is wrong, nothing more is to be said of it. */
		command->argv[i] = text != NULL ? text : "";
		command->argv_at[i] = reading_position(node->item[i]);
		reading_leave(r, mark);
	}
	if (node->n == 0)
		reading_error(r, node, "has no elements; the first one is the "
		    "program");
}

static void
read_command(struct reading *r, const struct yaml_node *node,
    struct command *command)
{
	const char *text;

	command->at = reading_position(node);
	if (node->kind == YAML_LIST) {
		read_argv(r, node, command);
		return;
	}
	text = scalar_text(r, node);
	if (text == NULL)
		return;
	if (keyrule_some.match(text))
		command->script = text;
	else
		reading_error(r, node, "is empty; a list (a program and its "
		    "arguments) or a script is wanted");
}

static void
read_texts(struct reading *r, const struct key *key,
    const struct yaml_node *node, struct names *out)
{
	const char *text;
	size_t i, mark;

	if (!is_list(r, node))
		return;
	if (node->n == 0 && key->flags & KEY_FILLED) {
		reading_error(r, node, "has no elements; leave the key out for "
		    "all");
		return;
	}
	out->v = arena_array(r->arena, node->n + 1, sizeof(*out->v));
	out->at = arena_array(r->arena, node->n, sizeof(*out->at));
	for (i = 0; i < node->n; i++) {
		mark = reading_enter_index(r, i);
		text = read_text(r, key, node->item[i]);
		if (text != NULL) {
			out->at[out->n] = reading_position(node->item[i]);
			out->v[out->n++] = text;
		}
		reading_leave(r, mark);
	}
}

static void
read_settings(struct reading *r, const struct key *key,
    const struct yaml_node *node, struct settings *out)
{
	const struct yaml_pair *pair;
	struct setting *s;
	const char *text, *why;
	size_t i, mark;

	if (!keyshape_is_map(r, node))
		return;
	out->v = arena_array(r->arena, node->n, sizeof(*out->v));
	for (i = 0; i < node->n; i++) {
		pair = &node->pair[i];
		mark = reading_enter(r, pair->key->text);
		why = ident_check(IDENT_ENV, pair->key->text);
		if (why == NULL && strncmp(pair->key->text, "UNIONML_", 8) == 0)
			why = "names that begin with 'UNIONML_' are unionml's "
			    "own";
		if (why != NULL)
			reading_error(r, pair->key, "%s", why);
		text = read_text(r, key, pair->value);
		s = &out->v[out->n++];
		s->name = pair->key->text;
		s->value = text != NULL ? text : "";
		s->at = reading_position(pair->key);
		reading_leave(r, mark);
	}
}

static void
read_word(struct reading *r, const struct key *key,
    const struct yaml_node *node, void *out)
{
	int value = keyshape_word(r, key, node, false);

	if (value >= 0)
		memcpy(out, &value, sizeof(value));
}

void
keyshape_read(struct reading *r, const struct key *key,
    const struct yaml_node *node, void *out, bool *given)
{
	bool flag;

	switch (key->shape) {
	case KEY_TEXT:
	case KEY_QUANTITY:
		*(const char **)out = read_text(r, key, node);
		return;
	case KEY_NAME:
		*(const char **)out = read_name(r, node);
		return;
	case KEY_WORD:
		read_word(r, key, node, out);
		return;
	case KEY_INTEGER:
		read_integer(r, key, node, out);
		return;
	case KEY_BOOLEAN:
		if (scalar_boolean(r, node, &flag))
			*(bool *)out = flag;
		return;
	case KEY_SPAN:
		read_span(r, node, out);
		return;
	case KEY_OFFSET:
		read_offset(r, node, out);
		return;
	case KEY_INSTANT:
		read_instant(r, node, out, given);
		return;
	case KEY_EXPRESSION:
		read_expression(r, node, out);
		return;
	case KEY_RATE:
		read_rate(r, node, out);
		return;
	case KEY_TYPE:
		read_type(r, key, node, out);
		return;
	case KEY_COMMAND:
		read_command(r, node, out);
		return;
	case KEY_TEXTS:
		read_texts(r, key, node, out);
		return;
	case KEY_SETTINGS:
		read_settings(r, key, node, out);
		return;
	case KEY_VALUE:
		return;
	case KEY_VALUES:
		keyshape_is_map(r, node);
		return;
	case KEY_MODEL:
	case KEY_OBJECT:
	case KEY_OBJECTS:
		BUG("key '%s' holds keys", key->name);
	}
}
