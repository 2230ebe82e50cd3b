/*
 * A YAML document from libyaml's events. The nodes whose parent is not
 * finished wait on one stack; nothing here recurses, so that what is nested
 * deeply costs no stack before it is refused.
 */
#include "lib/base/compat.h"

#include <yaml.h>

#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/base/xalloc.h"
#include "lib/text/yamldoc.h"
#include "lib/text/yamlfault.h"

/* A list or mapping that is still open. */
struct level {
	struct yaml_node *node;
	size_t first;		/* of its children among those pending */
};

struct loader {
	struct arena *arena;
	struct diag *diag;
	const char *data;
	size_t len;
	yaml_parser_t parser;
	struct yaml_node **pending;
	size_t n, cap;
	struct level level[YAMLDOC_DEPTH_MAX];
	int depth, documents;
	struct yaml_node *root;
};

/* Adds an error where the event begins. */
static bool PRINTF_LIKE(3, 4)
refuse(struct loader *l, const yaml_event_t *event, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_error(l->diag, (int)event->start_mark.line + 1,
	    (int)event->start_mark.column + 1, "%s", text);
	return false;
}

static bool
refuse_alias(struct loader *l, const yaml_event_t *event)
{
	char *quoted = yamlfault_quoted(l->data, l->len,
	    event->start_mark.index);

	if (quoted != NULL)
		refuse(l, event, "aliases are not supported: write the value "
		    "out, or if a text is meant, quote it: %s", quoted);
	else
		refuse(l, event, "aliases are not supported: write the value "
		    "out");
	free(quoted);
	return false;
}

static bool
check_properties(struct loader *l, const yaml_event_t *event,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor != NULL)
		return refuse(l, event, "anchors are not supported: remove "
		    "'&%.40s' and write the value out where it is needed",
		    (const char *)anchor);
	if (tag != NULL && strcmp((const char *)tag, "!") != 0)
		return refuse(l, event, "tags are not supported: write the "
		    "value without '!'");
	return true;
}

static bool
key_wanted(const struct loader *l)
{
	const struct level *level;

	if (l->depth == 0)
		return false;
	level = &l->level[l->depth - 1];
	return level->node->kind == YAML_MAP &&
	    (l->n - level->first) % 2 == 0;
}

static struct yaml_node *
add_node(struct loader *l, const yaml_event_t *event, enum yaml_kind kind)
{
	struct yaml_node *node = arena_alloc(l->arena, sizeof(*node));

	node->kind = kind;
	node->line = (int)event->start_mark.line + 1;
	node->column = (int)event->start_mark.column + 1;
	if (l->depth == 0) {
		l->root = node;
		return node;
	}
	ALLOC_GROW(l->pending, l->n, l->cap);
	l->pending[l->n++] = node;
	return node;
}

static bool
take_scalar(struct loader *l, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;
	struct yaml_node *node;
	bool plain;

	if (!check_properties(l, event, event->data.scalar.anchor,
	    event->data.scalar.tag))
		return false;
	if (memchr(text, '\0', len) != NULL)
		return refuse(l, event, "a text cannot hold a NUL (\\0)");
	plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	    event->data.scalar.tag == NULL;
	if (plain && strcmp(text, "<<") == 0 && key_wanted(l))
		return refuse(l, event, "merge keys are not supported: write "
		    "the members out in place of '<<'");
	node = add_node(l, event, YAML_SCALAR);
	node->plain = plain;
	node->n = len;
	node->text = arena_strndup(l->arena, text, len);
	return true;
}

static bool
take_start(struct loader *l, const yaml_event_t *event)
{
	bool map = event->type == YAML_MAPPING_START_EVENT;
	struct yaml_node *node;

	if (!check_properties(l, event,
	    map ? event->data.mapping_start.anchor :
	    event->data.sequence_start.anchor,
	    map ? event->data.mapping_start.tag :
	    event->data.sequence_start.tag))
		return false;
	if (key_wanted(l))
		return refuse(l, event, "a key must be a text, not a %s",
		    map ? "mapping" : "list");
	if (l->depth == YAMLDOC_DEPTH_MAX)
		return refuse(l, event, "nested more than %d levels deep",
		    YAMLDOC_DEPTH_MAX);
	node = add_node(l, event, map ? YAML_MAP : YAML_LIST);
	l->level[l->depth].node = node;
	l->level[l->depth].first = l->n;
	l->depth++;
	return true;
}

/* By text, then by place: the arena need not keep them in order. */
static int
compare_keys(const void *pa, const void *pb)
{
	const struct yaml_node *a = *(struct yaml_node *const *)pa;
	const struct yaml_node *b = *(struct yaml_node *const *)pb;
	int order = strcmp(a->text, b->text);

	if (order != 0)
		return order;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->column < b->column ? -1 : a->column > b->column;
}

/* Sorted, keys of one text are neighbours; the topmost repetition is told. */
static bool
check_keys(struct loader *l, const struct yaml_node *map)
{
	struct yaml_node **key, *again = NULL, *first = NULL, *k;
	size_t i;

	if (map->n < 2)
		return true;
	key = xreallocarray(NULL, map->n, sizeof(*key));
	for (i = 0; i < map->n; i++)
		key[i] = map->pair[i].key;
	qsort(key, map->n, sizeof(*key), compare_keys);
	for (i = 1; i < map->n; i++) {
		k = key[i];
		if (strcmp(key[i - 1]->text, k->text) != 0)
			continue;
		if (again == NULL || k->line < again->line ||
		    (k->line == again->line && k->column < again->column)) {
			again = k;
			first = key[i - 1];
		}
	}
	free(key);
	if (again == NULL)
		return true;
	diag_error(l->diag, again->line, again->column,
	    "duplicate key '%.80s', first set on line %d", again->text,
	    first->line);
	return false;
}

static bool
take_end(struct loader *l)
{
	struct level *level = &l->level[--l->depth];
	struct yaml_node *node = level->node, **child;
	size_t i, n = l->n - level->first;

	if (n == 0)
		return true;
	l->n = level->first;
	child = &l->pending[l->n];
	if (node->kind == YAML_LIST) {
		node->n = n;
		node->item = arena_array(l->arena, n, sizeof(*node->item));
		memcpy(node->item, child, n * sizeof(*child));
		return true;
	}
	node->n = n / 2;
	node->pair = arena_array(l->arena, node->n, sizeof(*node->pair));
	for (i = 0; i < node->n; i++) {
		node->pair[i].key = child[2 * i];
		node->pair[i].value = child[2 * i + 1];
	}
	return check_keys(l, node);
}

static bool
take(struct loader *l, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (l->documents++ > 0)
			return refuse(l, event, "a second document begins "
			    "here: only one is allowed");
		return true;
	case YAML_ALIAS_EVENT:
		return refuse_alias(l, event);
	case YAML_SCALAR_EVENT:
		return take_scalar(l, event);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return take_start(l, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return take_end(l);
	default:
		return true;
	}
}

static bool
load(struct loader *l)
{
	yaml_event_t event;
	bool good, end;

	do {
		if (!yaml_parser_parse(&l->parser, &event)) {
			yamlfault_report(l->diag, &l->parser, l->data,
			    l->len);
			return false;
		}
		end = event.type == YAML_STREAM_END_EVENT;
		good = take(l, &event);
		yaml_event_delete(&event);
	} while (good && !end);
	return good;
}

/* False with an error; a byte order mark of UTF-8 is skipped. */
static bool
check_encoding(struct loader *l)
{
	if (l->len > YAMLDOC_SIZE_MAX) {
		diag_error(l->diag, 0, 0, "%zu bytes, more than the %d "
		    "allowed", l->len, YAMLDOC_SIZE_MAX);
		return false;
	}
	if (l->len >= 2 && (memcmp(l->data, "\xff\xfe", 2) == 0 ||
	    memcmp(l->data, "\xfe\xff", 2) == 0)) {
		diag_error(l->diag, 1, 1, "the file is in UTF-16: save it in "
		    "UTF-8");
		return false;
	}
	if (l->len >= 3 && memcmp(l->data, "\xef\xbb\xbf", 3) == 0) {
		l->data += 3;
		l->len -= 3;
	}
	return yamlfault_check_text(l->diag, l->data, l->len);
}

enum status
yamldoc_parse(struct arena *arena, struct diag *diag, const char *data,
    size_t len, struct yaml_node **root)
{
	struct loader l = { .arena = arena, .diag = diag,
		.data = len != 0 ? data : "", .len = len };
	bool good;

	*root = NULL;
	if (!check_encoding(&l))
		return EXIT_INPUT;
	if (!yaml_parser_initialize(&l.parser))
		return error(EXIT_LOCAL, "out of memory");
	yaml_parser_set_encoding(&l.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&l.parser, (const unsigned char *)l.data,
	    l.len);
	good = load(&l);
	yaml_parser_delete(&l.parser);
	free(l.pending);
	if (!good)
		return EXIT_INPUT;
	if (l.root != NULL && (l.root->kind != YAML_SCALAR ||
	    !l.root->plain || l.root->n != 0))
		*root = l.root;
	return EXIT_DONE;
}

struct yaml_node *
yaml_find(const struct yaml_node *map, const char *key)
{
	size_t i;

	if (map == NULL || map->kind != YAML_MAP)
		return NULL;
	for (i = 0; i < map->n; i++)
		if (strcmp(map->pair[i].key->text, key) == 0)
			return map->pair[i].value;
	return NULL;
}

const char *
yaml_kind_name(const struct yaml_node *node)
{
	switch (node->kind) {
	case YAML_LIST:
		return "a list";
	case YAML_MAP:
		return "a mapping";
	default:
		return node->plain && node->n == 0 ? "nothing" : "a text";
	}
}
