/*
 * A new run: its row first, then its directory with the files among its
 * inputs and, for a retry, the nodes that another run had done.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/model/literal.h"
#include "lib/plan/plan.h"
#include "lib/target/local/command.h"
#include "lib/target/local/local.h"
#include "lib/text/jsonio.h"

static enum status
take_node(struct local *local, const struct run_detail *former,
    const char *from, const char *to, const struct node *node, const char *id)
{
	struct node_run row = { .status = RUN_SUCCEEDED };
	const struct node_run *old = run_detail_find(former, node->id);
	char *source = path_join(from, node->id);
	char *place = path_join(to, node->id);
	enum status status = EXIT_DONE;

	if (tree_copy(source, place, TREE_LINK) != 0 || tree_sync(place) != 0)
		status = error_errno(EXIT_LOCAL, "cannot take '%s' over from "
		    "run %s", node->id, former->run.id);
	if (status == EXIT_DONE) {
		row = *old;
		row.taken_from = old->taken_from != NULL ? old->taken_from :
		    former->run.id;
		status = store_update_node(local->store, id, &row, 0, 0);
	}
	free(source);
	free(place);
	return status;
}

/* By the names and kinds that the app file gives them now. */
static bool
has_outputs(struct arena *arena, const char *run_dir, const struct node *node)
{
	const struct interface *outputs = &node->task->outputs;
	struct stat st;
	size_t i;

	for (i = 0; i < outputs->n; i++) {
		bool directory = outputs->v[i].type->kind == TYPE_DIRECTORY;
		const char *path = arena_printf(arena, "%s/%s/out/%s", run_dir,
		    node->id, value_file_name(arena, &outputs->v[i]));

		if (lstat(path, &st) != 0 ||
		    (directory ? !S_ISDIR(st.st_mode) : !S_ISREG(st.st_mode)))
			return false;
	}
	return true;
}

/* Nodes that succeeded, and all before them too, need not run again. */
static enum status
take_over(struct local *local, const struct run_request *request,
    const char *id, const char *run_dir)
{
	const struct workflow *workflow = request->workflow;
	char *from = store_run_dir(local->store, request->retry_of);
	bool *taken = xcalloc(workflow->n_nodes, sizeof(*taken));
	struct arena arena = ARENA_INIT;
	struct run_detail former;
	enum status status;
	size_t i, j;

	status = store_get_run(local->store, request->retry_of, &former);
	if (status != EXIT_DONE)
		goto out;
	for (i = 0; i < workflow->n_nodes && status == EXIT_DONE; i++) {
		const struct node *node = &workflow->node[i];
		const struct node_run *row = run_detail_find(&former, node->id);

		taken[i] = row != NULL && row->status == RUN_SUCCEEDED &&
		    has_outputs(&arena, from, node);
		for (j = 0; j < node->n_upstream; j++)
			taken[i] = taken[i] && taken[node->upstream[j]];
		if (taken[i])
			status = take_node(local, &former, from, run_dir,
			    node, id);
	}
	run_detail_release(&former);
out:
	arena_release(&arena);
	free(taken);
	free(from);
	return status;
}

/* What is not whole is left of one who died here. */
enum status
local_make_directory(struct local *local, const struct run_request *request,
    const char *id)
{
	const struct workflow *workflow = request->workflow;
	char *run_dir = store_run_dir(local->store, id);
	struct arena arena = ARENA_INIT;
	enum status status = EXIT_DONE;
	size_t i;

	if (tree_mkdirs(run_dir) != 0)
		status = error_errno(EXIT_LOCAL, "cannot make '%s'", run_dir);
	if (status == EXIT_DONE)
		status = values_keep_inputs(&arena, run_dir, request->inputs,
		    request->model != NULL || request->retry_of != NULL ?
		    "model_object" : NULL);
	if (status == EXIT_DONE && request->retry_of != NULL &&
	    !request->from_start)
		status = take_over(local, request, id, run_dir);
	for (i = 0; i < workflow->n_nodes && status == EXIT_DONE; i++) {
		const char *dir = arena_printf(&arena, "%s/%s", run_dir,
		    workflow->node[i].id);

		if (tree_mkdirs(dir) != 0)
			status = error_errno(EXIT_LOCAL, "cannot make '%s'",
			    dir);
	}
	if (status == EXIT_DONE && sync_parent(run_dir) != 0)
		status = error_errno(EXIT_LOCAL, "cannot sync '%s'", run_dir);
	free(run_dir);
	arena_release(&arena);
	return status;
}

static enum status
write_row(struct local *local, const struct run_request *request,
    struct run *run)
{
	const struct workflow *workflow = request->workflow;
	struct arena arena = ARENA_INIT;
	struct strbuf inputs = STRBUF_INIT;
	enum status status;
	const char **nodes;
	size_t i;

	json_print(&inputs, inputs_to_json(&arena, request->inputs));
	nodes = arena_array(&arena, workflow->n_nodes, sizeof(*nodes));
	for (i = 0; i < workflow->n_nodes; i++)
		nodes[i] = workflow->node[i].id;
	run->workflow = xstrdup(workflow_name(workflow->kind));
	run->inputs = xstrdup(inputs.buf);
	if (request->model != NULL)
		run->model = xstrdup(request->model);
	if (request->version != NULL)
		run->app_version = xstrdup(request->version);
	if (request->retry_of != NULL)
		run->retry_of = xstrdup(request->retry_of);
	status = store_create_run(local->store, run, &local->owner.owner,
	    nodes, workflow->n_nodes);
	strbuf_release(&inputs);
	arena_release(&arena);
	return status;
}

enum status
local_create(struct target *target, const struct run_request *request,
    char **id)
{
	struct local *local = (struct local *)target;
	struct arena arena = ARENA_INIT;
	struct run run = { .status = RUN_PENDING };
	enum status status;

	*id = NULL;
	status = command_check(&arena, request);
	arena_release(&arena);
	if (status != EXIT_DONE)
		return status;
	if (request->retry_of != NULL) {
		status = local_end_remains(local, request->retry_of);
		if (status != EXIT_DONE)
			return status;
	}
	status = owner_acquire(&local->owner, local->store);
	if (status == EXIT_DONE)
		status = write_row(local, request, &run);
	if (status == EXIT_DONE) {
		*id = xstrdup(run.id);
		status = local_make_directory(local, request, run.id);
		if (status != EXIT_DONE)
			store_end_run(local->store, run.id, RUN_FAILED,
			    "its directory could not be made", NULL);
	}
	run_release(&run);
	return status;
}

/* An object without the members that are declared no more. */
static struct json *
known_members(struct arena *arena, const struct interface *members,
    struct json *object)
{
	struct json *known = json_map(arena);
	size_t i;

	if (object->kind != JSON_MAP)
		return object;
	for (i = 0; i < object->n; i++)
		if (interface_find(members, object->member[i].name) != NULL)
			json_add(arena, known, object->member[i].name,
			    object->member[i].value);
	return known;
}

/*
 * What is declared now, with the values of then: files as the run kept them,
 * anything else as a document that is typed like one of -i.
 */
static struct json *
former_values(struct arena *arena, const char *run_dir,
    const struct interface *interface, const struct json *record,
    struct inputs *inputs)
{
	struct json *document = json_map(arena), *json;
	const struct literal *value, *kept;
	const char *why;
	size_t i;

	for (i = 0; i < interface->n; i++) {
		const struct variable *var = &interface->v[i];

		if ((json = json_find(record, var->name)) == NULL)
			continue;
		value = literal_from_json(arena, var->type, json, NULL, &why);
		kept = value != NULL ? values_kept(arena, run_dir, var,
		    value) : NULL;
		if (kept != value)
			inputs_set(arena, inputs, var, kept);
		else
			json_add(arena, document, var->name,
			    var->members == NULL ? json :
			    known_members(arena, var->members, json));
	}
	return document;
}

enum status
local_inputs(struct target *target, struct arena *arena, const char *id,
    const struct interface *interface, struct inputs *inputs)
{
	struct local *local = (struct local *)target;
	struct inputs_request request = { .interface = interface,
	    .now = { clock_now().sec, 0 } };
	struct run_detail detail;
	struct json *record;
	enum status status;
	const char *why = "";
	char *run_dir;

	status = store_get_run(local->store, id, &detail);
	if (status != EXIT_DONE)
		return status;
	run_dir = store_run_dir(local->store, id);
	record = json_parse(arena, detail.run.inputs,
	    strlen(detail.run.inputs), &why);
	if (record == NULL) {
		status = error(EXIT_LOCAL, "inputs of run %s are damaged: %s",
		    id, why);
		goto out;
	}
	request.workflow = detail.run.workflow;
	request.document = former_values(arena, run_dir, interface, record,
	    inputs);
	status = inputs_resolve(arena, &request, inputs);
	if (status != EXIT_DONE)
		hint("the inputs of run %s do not fit the app file any more: "
		    "start a new run", id);
out:
	free(run_dir);
	run_detail_release(&detail);
	return status;
}
