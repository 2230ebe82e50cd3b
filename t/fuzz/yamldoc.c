/*
 * YAML documents. A refusal is one error with a position in the file; what is
 * taken has nodes in the order of their positions and texts without NUL.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/base/err.h"
#include "lib/text/yamldoc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
swallow(void *arg, const char *text, size_t len)
{
	(void)arg;
	(void)text;
	(void)len;
}

static void check_node(const struct yaml_node *node,
    const struct yaml_node *before, int depth);

static void
check_pairs(const struct yaml_node *map, int depth)
{
	const struct yaml_node *before = map;
	size_t i;

	for (i = 0; i < map->n; i++) {
		if (map->pair[i].key->kind != YAML_SCALAR)
			BUG("a key is %s", yaml_kind_name(map->pair[i].key));
		check_node(map->pair[i].key, before, depth);
		check_node(map->pair[i].value, map->pair[i].key, depth);
		if (yaml_find(map, map->pair[i].key->text) !=
		    map->pair[i].value)
			BUG("'%s' is there twice", map->pair[i].key->text);
		before = map->pair[i].value;
	}
}

static void
check_node(const struct yaml_node *node, const struct yaml_node *before,
    int depth)
{
	size_t i;

	if (depth > YAMLDOC_DEPTH_MAX)
		BUG("%d levels", depth);
	if (node->line < before->line || (node->line == before->line &&
	    node->column < before->column))
		BUG("%d:%d behind %d:%d", node->line, node->column,
		    before->line, before->column);
	switch (node->kind) {
	case YAML_SCALAR:
		if (strlen(node->text) != node->n)
			BUG("%zu bytes, not %zu", strlen(node->text),
			    node->n);
		break;
	case YAML_LIST:
		for (i = 0; i < node->n; i++)
			check_node(node->item[i], i > 0 ? node->item[i - 1] :
			    node, depth + 1);
		break;
	case YAML_MAP:
		check_pairs(node, depth + 1);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct yaml_node top = { .line = 1, .column = 1 };
	struct arena arena = ARENA_INIT;
	struct yaml_node *root;
	enum status status;
	struct diag diag;

	err_set_sink(swallow, NULL);
	diag_init(&diag, "file");
	status = yamldoc_parse(&arena, &diag, (const char *)data, size,
	    &root);
	if (status == EXIT_DONE ? diag.n != 0 : diag.errors != 1)
		BUG("status %d and %zu errors", status, diag.errors);
	if (status != EXIT_DONE && (root != NULL ||
	    diag.entry[0].line < 1 || diag.entry[0].column < 1))
		BUG("refused at %d:%d", diag.entry[0].line,
		    diag.entry[0].column);
	if (root != NULL)
		check_node(root, &top, 0);
	diag_release(&diag);
	arena_release(&arena);
	return 0;
}
