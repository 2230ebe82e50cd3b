/* A component's outputs, from `out.part` to `out`. */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <dirent.h>
#include <stdio.h>

#include "lib/base/arena.h"
#include "lib/base/io.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/model/inputs.h"
#include "lib/model/literal.h"
#include "lib/plan/plan.h"
#include "lib/target/local/outputs.h"
#include "lib/target/local/values.h"
#include "lib/text/jsonio.h"

const char *
outputs_part(struct arena *arena, const char *run_dir, const char *node)
{
	return arena_printf(arena, "%s/%s/out.part", run_dir, node);
}

enum status
outputs_prepare(struct arena *arena, const char *run_dir,
    const struct node *node)
{
	const struct interface *outputs = &node->task->outputs;
	const char *part = outputs_part(arena, run_dir, node->id);
	const char *out = arena_printf(arena, "%s/%s/out", run_dir, node->id);
	const char *dir;
	size_t i;

	if (tree_remove(part) != 0)
		return error_errno(EXIT_LOCAL, "cannot empty '%s'", part);
	/* Published by one who died before it was recorded. */
	if (tree_remove(out) != 0)
		return error_errno(EXIT_LOCAL, "cannot empty '%s'", out);
	if (tree_mkdirs(part) != 0)
		return error_errno(EXIT_LOCAL, "cannot make '%s'", part);
	for (i = 0; i < outputs->n; i++) {
		if (outputs->v[i].type->kind != TYPE_DIRECTORY)
			continue;
		dir = arena_printf(arena, "%s/%s", part,
		    value_file_name(arena, &outputs->v[i]));
		if (tree_mkdirs(dir) != 0)
			return error_errno(EXIT_LOCAL, "cannot make '%s'", dir);
	}
	return EXIT_DONE;
}

/*
 * The file that holds the output: its own name, or exactly one `<var>.<ext>`,
 * which is what copilot takes. Renamed to the name that others look for.
 */
static bool
find_output(struct arena *arena, const char *part,
    const struct variable *output, const char **path, struct strbuf *fault)
{
	const char *name = value_file_name(arena, output), *found = NULL;
	size_t len = strlen(output->name);
	struct dirent *entry;
	struct stat st;
	DIR *dir;
	int n = 0;

	*path = arena_printf(arena, "%s/%s", part, name);
	if (lstat(*path, &st) == 0)
		return true;
	if ((dir = opendir(part)) != NULL) {
		while ((entry = readdir(dir)) != NULL)
			if (strncmp(entry->d_name, output->name, len) == 0 &&
			    (entry->d_name[len] == '\0' ||
			    entry->d_name[len] == '.')) {
				found = arena_printf(arena, "%s/%s", part,
				    entry->d_name);
				n++;
			}
		closedir(dir);
	}
	if (n == 1 && rename(found, *path) == 0)
		return true;
	if (n > 1)
		strbuf_addf(fault, "made %d files for its output '%s'", n,
		    output->name);
	else
		strbuf_addf(fault, "did not create its output '%s'",
		    output->name);
	return false;
}

/* An object of numbers, which is all that metrics are. */
static bool
check_metrics(struct arena *arena, const char *path,
    const struct variable *output, struct strbuf *fault)
{
	struct strbuf sb = STRBUF_INIT;
	const char *why = "";
	struct json *json;
	size_t i;

	if (read_file(path, &sb, SIMPLE_OUTPUT_MAX) != 0) {
		if (errno == EFBIG)
			strbuf_addf(fault, "its output '%s' has more than %d "
			    "bytes", output->name, SIMPLE_OUTPUT_MAX);
		else
			strbuf_addf(fault, "its output '%s' cannot be read: "
			    "%s", output->name, strerror(errno));
		strbuf_release(&sb);
		return false;
	}
	json = json_parse(arena, sb.buf, sb.len, &why);
	strbuf_release(&sb);
	if (json == NULL) {
		strbuf_addf(fault, "its output '%s' is not JSON: %s",
		    output->name, why);
		return false;
	}
	if (json->kind != JSON_MAP) {
		strbuf_addf(fault, "its output '%s': expected a JSON object, "
		    "got %s", output->name, json_kind_name(json));
		return false;
	}
	for (i = 0; i < json->n; i++)
		if (json->member[i].value->kind != JSON_INT &&
		    json->member[i].value->kind != JSON_DOUBLE) {
			strbuf_addf(fault, "its output '%s': '%s': expected a "
			    "number, got %s", output->name,
			    json->member[i].name,
			    json_kind_name(json->member[i].value));
			return false;
		}
	return true;
}

static bool
check_one(struct arena *arena, const char *part,
    const struct variable *output, struct strbuf *fault)
{
	bool directory = output->type->kind == TYPE_DIRECTORY;
	const char *path;
	struct stat st;

	if (!find_output(arena, part, output, &path, fault))
		return false;
	if (lstat(path, &st) != 0) {
		strbuf_addf(fault, "its output '%s' cannot be read: %s",
		    output->name, strerror(errno));
		return false;
	}
	if (directory ? !S_ISDIR(st.st_mode) : !S_ISREG(st.st_mode)) {
		strbuf_addf(fault, "its output '%s' is %s, not a %s",
		    output->name, S_ISLNK(st.st_mode) ? "a symbolic link" :
		    S_ISDIR(st.st_mode) ? "a directory" :
		    S_ISREG(st.st_mode) ? "a file" : "a special file",
		    directory ? "directory" : "regular file");
		return false;
	}
	if (output->type->kind == TYPE_JSON)
		return check_metrics(arena, path, output, fault);
	return true;
}

bool
outputs_check(struct arena *arena, const char *run_dir,
    const struct node *node, struct strbuf *fault)
{
	const struct interface *outputs = &node->task->outputs;
	const char *part = outputs_part(arena, run_dir, node->id);
	size_t i;

	for (i = 0; i < outputs->n; i++)
		if (!check_one(arena, part, &outputs->v[i], fault))
			return false;
	return true;
}

enum status
outputs_publish(struct arena *arena, const char *run_dir,
    const struct node *node)
{
	const char *part = outputs_part(arena, run_dir, node->id);
	const char *out = arena_printf(arena, "%s/%s/out", run_dir, node->id);

	if (tree_sync(part) != 0)
		return error_errno(EXIT_LOCAL, "cannot sync '%s'", part);
	if (rename(part, out) != 0)
		return error_errno(EXIT_LOCAL, "cannot rename '%s' to '%s'",
		    part, out);
	if (sync_parent(out) != 0)
		return error_errno(EXIT_LOCAL, "cannot sync '%s'", out);
	return EXIT_DONE;
}

static enum status
collect(struct arena *arena, const char *run_dir,
    const struct workflow *workflow, const struct inputs *inputs,
    const struct binding *binding, struct json **value)
{
	struct strbuf sb = STRBUF_INIT;
	const struct variable *output;
	enum status status = EXIT_DONE;
	const struct node *node;
	const char *path, *why;
	struct json *entry;
	size_t i;

	switch (binding->kind) {
	case BIND_INPUT:
		*value = literal_to_json(arena,
		    inputs_find(inputs, binding->input));
		return EXIT_DONE;
	case BIND_MAP:
		*value = json_map(arena);
		for (i = 0; i < binding->n && status == EXIT_DONE; i++) {
			status = collect(arena, run_dir, workflow, inputs,
			    &binding->entry[i], &entry);
			if (status == EXIT_DONE)
				json_set(arena, *value, binding->entry[i].var,
				    entry);
		}
		return status;
	case BIND_OUTPUT:
		break;
	}
	node = workflow_node(workflow, binding->node);
	output = interface_find(&node->task->outputs, binding->output);
	path = arena_printf(arena, "%s/out/%s", node->id,
	    value_file_name(arena, output));
	if (type_is_path(output->type)) {
		*value = json_text(arena, path);
		return EXIT_DONE;
	}
	path = arena_printf(arena, "%s/%s", run_dir, path);
	*value = NULL;
	if (read_file(path, &sb, SIMPLE_OUTPUT_MAX) != 0)
		status = error_errno(EXIT_LOCAL, "cannot read '%s'", path);
	else if ((*value = json_parse(arena, sb.buf, sb.len, &why)) == NULL)
		status = error(EXIT_LOCAL, "'%s' is not JSON any more: %s",
		    path, why);
	strbuf_release(&sb);
	return status;
}

enum status
outputs_collect(struct arena *arena, const char *run_dir,
    const struct workflow *workflow, const struct inputs *inputs,
    struct json **outputs)
{
	enum status status = EXIT_DONE;
	struct json *value;
	size_t i;

	*outputs = json_map(arena);
	for (i = 0; i < workflow->n_outputs && status == EXIT_DONE; i++) {
		status = collect(arena, run_dir, workflow, inputs,
		    &workflow->output[i], &value);
		if (status == EXIT_DONE)
			json_add(arena, *outputs, workflow->output[i].var,
			    value);
	}
	return status;
}
