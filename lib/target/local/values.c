/*
 * Values on disk, as flyte-copilot lays them (its download of literals; the
 * forms were read off a real one): no newline behind a scalar, durations as
 * Go writes them and null in inputs.json, floats without exponent.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/model/inputs.h"
#include "lib/model/literal.h"
#include "lib/plan/plan.h"
#include "lib/target/local/values.h"
#include "lib/text/jsonio.h"

const char *
value_file_name(struct arena *arena, const struct variable *variable)
{
	if (type_is_path(variable->type) && variable->type->format != NULL)
		return arena_printf(arena, "%s.%s", variable->name,
		    variable->type->format);
	return variable->name;
}

/* The name of item or entry `i` in the directory of a list or map. */
static const char *
child_name(struct arena *arena, const struct literal *value, size_t i)
{
	if (value->kind == TYPE_MAP)
		return value->entry[i].name;
	return arena_printf(arena, "%zu", i);
}

static const struct literal *
child_value(const struct literal *value, size_t i)
{
	return value->kind == TYPE_MAP ? value->entry[i].value :
	    value->item[i];
}

static bool
is_collection(const struct literal *value)
{
	return value->kind == TYPE_LIST || value->kind == TYPE_MAP;
}

static bool
is_path(const struct literal *value)
{
	return value->kind == TYPE_FILE || value->kind == TYPE_DIRECTORY;
}

static enum status
keep(struct arena *arena, const struct literal *value, const char *to,
    enum tree_copy how)
{
	enum status status = EXIT_DONE;
	size_t i;

	if (is_path(value)) {
		if (tree_copy(value->path, to, how) != 0)
			return error_errno(EXIT_LOCAL,
			    "cannot copy '%s' into the run's directory",
			    value->path);
		return EXIT_DONE;
	}
	if (!is_collection(value))
		return EXIT_DONE;
	if (tree_mkdirs(to) != 0)
		return error_errno(EXIT_LOCAL, "cannot make '%s'", to);
	for (i = 0; i < value->n && status == EXIT_DONE; i++)
		status = keep(arena, child_value(value, i),
		    arena_printf(arena, "%s/%s", to,
		    child_name(arena, value, i)), how);
	return status;
}

static bool
holds_paths(const struct type *type)
{
	while (type->kind == TYPE_LIST || type->kind == TYPE_MAP)
		type = type->element;
	return type_is_path(type);
}

/* Whole or not there: `inputs.part` becomes `inputs` when all is synced. */
enum status
values_keep_inputs(struct arena *arena, const char *run_dir,
    const struct inputs *inputs, const char *linked)
{
	const char *part = arena_printf(arena, "%s/inputs.part", run_dir);
	const char *dir = arena_printf(arena, "%s/inputs", run_dir);
	enum status status = EXIT_DONE;
	bool any = false;
	size_t i;

	for (i = 0; i < inputs->n && status == EXIT_DONE; i++) {
		const struct variable *var = inputs->v[i].variable;

		if (!holds_paths(var->type))
			continue;
		if (!any && tree_mkdirs(part) != 0)
			return error_errno(EXIT_LOCAL, "cannot make '%s'",
			    part);
		any = true;
		status = keep(arena, inputs->v[i].value,
		    arena_printf(arena, "%s/%s", part,
		    value_file_name(arena, var)),
		    linked != NULL && strcmp(var->name, linked) == 0 ?
		    TREE_LINK : TREE_COPY);
	}
	if (any && status == EXIT_DONE &&
	    (tree_sync(part) != 0 || rename(part, dir) != 0))
		return error_errno(EXIT_LOCAL, "cannot make '%s'", dir);
	return status;
}

/* The value with the paths in it led to where `keep` put the files. */
static const struct literal *
kept_value(struct arena *arena, const struct literal *value, const char *at)
{
	struct literal *copy;
	size_t i;

	if (!is_path(value) && !is_collection(value))
		return value;
	copy = arena_alloc(arena, sizeof(*copy));
	*copy = *value;
	if (is_path(value)) {
		copy->path = at;
		return copy;
	}
	if (value->kind == TYPE_LIST)
		copy->item = arena_array(arena, value->n,
		    sizeof(*copy->item));
	else
		copy->entry = arena_array(arena, value->n,
		    sizeof(*copy->entry));
	for (i = 0; i < value->n; i++) {
		const char *name = child_name(arena, value, i);
		const struct literal *child = kept_value(arena,
		    child_value(value, i),
		    arena_printf(arena, "%s/%s", at, name));

		if (value->kind == TYPE_LIST)
			copy->item[i] = child;
		else
			copy->entry[i] = (struct literal_entry){ name, child };
	}
	return copy;
}

static const char *
kept_path(struct arena *arena, const char *run_dir,
    const struct variable *variable)
{
	return arena_printf(arena, "%s/inputs/%s", run_dir,
	    value_file_name(arena, variable));
}

const struct literal *
values_kept(struct arena *arena, const char *run_dir,
    const struct variable *variable, const struct literal *value)
{
	const char *at = kept_path(arena, run_dir, variable);
	struct stat st;

	if (!holds_paths(variable->type) || stat(at, &st) != 0)
		return value;
	return kept_value(arena, value, at);
}

static const struct literal *
member_value(struct arena *arena, const struct variable *variable,
    const struct literal *object, const char *member)
{
	const struct literal *value;
	const char *why;

	value = literal_from_json(arena, variable->type,
	    json_find(object->json, member), NULL, &why);
	if (value == NULL)
		BUG("member '%s' of an input that was checked: %s", member,
		    why);
	return value;
}

static const struct literal *
bound_value(struct arena *arena, const struct workflow *workflow,
    const struct variable *variable, const struct binding *binding,
    const struct inputs *inputs, const char *run_dir)
{
	const struct variable *source;
	const struct node *from;
	const struct literal *value;

	if (binding->kind == BIND_OUTPUT) {
		from = workflow_node(workflow, binding->node);
		source = interface_find(&from->task->outputs, binding->output);
		return literal_path(arena,
		    source->type->kind == TYPE_DIRECTORY,
		    arena_printf(arena, "%s/%s/out/%s", run_dir,
		    binding->node, value_file_name(arena, source)));
	}
	source = interface_find(&workflow->inputs, binding->input);
	value = inputs_find(inputs, binding->input);
	if (source == NULL || value == NULL)
		BUG("input '%s' is bound but not there", binding->input);
	if (binding->member != NULL)
		return member_value(arena, variable, value, binding->member);
	return kept_value(arena, value, kept_path(arena, run_dir, source));
}

void
values_bind(struct arena *arena, const struct workflow *workflow,
    const struct node *node, const struct inputs *inputs,
    const char *run_dir, struct node_value *value)
{
	size_t i;

	for (i = 0; i < node->n_bindings; i++) {
		const struct binding *binding = &node->binding[i];

		value[i].variable = interface_find(&node->task->inputs,
		    binding->var);
		value[i].value = bound_value(arena, workflow,
		    value[i].variable, binding, inputs, run_dir);
	}
}

/* A link from `at` to `to`, both below run_dir, which may be moved. */
static int
link_within(struct arena *arena, const char *run_dir, const char *at,
    const char *to)
{
	size_t skip = strlen(run_dir) + 1;
	struct strbuf sb = STRBUF_INIT;
	const char *p;
	int ret;

	for (p = at + skip; (p = strchr(p, '/')) != NULL; p++)
		strbuf_addstr(&sb, "../");
	strbuf_addstr(&sb, to + skip);
	ret = symlink(arena_strdup(arena, sb.buf), at);
	strbuf_release(&sb);
	return ret;
}

static int
write_value(struct arena *arena, const char *run_dir,
    const struct literal *value, const char *at)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;
	int ret = 0;

	if (is_path(value))
		return link_within(arena, run_dir, at, value->path);
	if (is_collection(value)) {
		ret = tree_mkdirs(at);
		for (i = 0; i < value->n && ret == 0; i++)
			ret = write_value(arena, run_dir,
			    child_value(value, i),
			    arena_printf(arena, "%s/%s", at,
			    child_name(arena, value, i)));
		return ret;
	}
	literal_print(&sb, value);
	ret = write_file(at, sb.buf, sb.len);
	strbuf_release(&sb);
	return ret;
}

/* The value as inputs.json has it: files by where they lie in `in/`. */
static struct json *
index_value(struct arena *arena, const struct literal *value, const char *at)
{
	struct json *json;
	size_t i;

	if (is_path(value))
		return json_text(arena, at);
	if (value->kind == TYPE_DURATION)
		return json_null_value(arena);
	if (!is_collection(value))
		return literal_to_json(arena, value);
	json = value->kind == TYPE_LIST ? json_list(arena) : json_map(arena);
	for (i = 0; i < value->n; i++) {
		const char *name = child_name(arena, value, i);
		struct json *child = index_value(arena, child_value(value, i),
		    arena_printf(arena, "%s/%s", at, name));

		if (value->kind == TYPE_LIST)
			json_append(arena, json, child);
		else
			json_add(arena, json, name, child);
	}
	return json;
}

static int
write_index(struct arena *arena, const char *in,
    const struct node_value *value, size_t n)
{
	struct json *index = json_map(arena);
	struct strbuf sb = STRBUF_INIT;
	size_t i;
	int ret;

	for (i = 0; i < n; i++)
		json_add(arena, index, value[i].variable->name,
		    index_value(arena, value[i].value, value[i].path));
	json_print(&sb, index);
	ret = write_file(arena_printf(arena, "%s/inputs.json", in), sb.buf,
	    sb.len);
	strbuf_release(&sb);
	return ret;
}

enum status
values_write(struct arena *arena, const char *run_dir, const char *node,
    struct node_value *value, size_t n)
{
	const char *in = arena_printf(arena, "%s/%s/in", run_dir, node);
	size_t i;

	if (tree_remove(in) != 0 || tree_mkdirs(in) != 0)
		return error_errno(EXIT_LOCAL, "cannot make '%s'", in);
	for (i = 0; i < n; i++) {
		value[i].path = arena_printf(arena, "%s/%s", in,
		    value_file_name(arena, value[i].variable));
		if (write_value(arena, run_dir, value[i].value,
		    value[i].path) != 0)
			return error_errno(EXIT_LOCAL, "cannot write '%s'",
			    value[i].path);
	}
	if (write_index(arena, in, value, n) != 0)
		return error_errno(EXIT_LOCAL, "cannot write '%s/inputs.json'",
		    in);
	return EXIT_DONE;
}
