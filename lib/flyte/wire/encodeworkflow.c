/*
 * Workflows: nodes, bindings and outputs (core.WorkflowTemplate). Inputs of
 * the workflow are what the node `start-node` gives; the compiler of Flyte
 * adds that node itself. The source is a constant of each node, and never an
 * input of the workflow.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/flyte/wire/encodepart.h"
#include "lib/text/jsonio.h"

static void
put_promise(struct json_writer *w, const char *node, const char *var,
    const char *member)
{
	json_begin_map(w, "promise");
	json_put_text(w, "node_id", node);
	json_put_text(w, "var", var);
	if (member != NULL) {
		json_begin_list(w, "attr_path");
		json_begin_map(w, NULL);
		json_put_text(w, "string_value", member);
		json_end_map(w);
		json_end_list(w);
	}
	json_end_map(w);
}

/* core.BindingData */
static void
put_data(struct json_writer *w, const char *name,
    const struct binding *binding)
{
	size_t i;

	json_begin_map(w, name);
	switch (binding->kind) {
	case BIND_INPUT:
		put_promise(w, "start-node", binding->input, binding->member);
		break;
	case BIND_OUTPUT:
		put_promise(w, binding->node, binding->output, NULL);
		break;
	case BIND_MAP:
		json_begin_map(w, "map");
		json_begin_map(w, "bindings");
		for (i = 0; i < binding->n; i++)
			put_data(w, binding->entry[i].var, &binding->entry[i]);
		json_end_map(w);
		json_end_map(w);
		break;
	}
	json_end_map(w);
}

static void
put_binding(struct json_writer *w, const char *var,
    const struct binding *binding)
{
	json_begin_map(w, NULL);
	json_put_text(w, "var", var);
	put_data(w, "binding", binding);
	json_end_map(w);
}

/* The task inputs that are members of this one. */
static void
put_members(struct json_writer *w, const struct task *task,
    const struct binding *binding)
{
	const struct variable *v = interface_find(&task->inputs, binding->var);
	struct strbuf name = STRBUF_INIT;
	struct binding member = *binding;
	size_t i;

	for (i = 0; v->members != NULL && i < v->members->n; i++) {
		strbuf_reset(&name);
		strbuf_addf(&name, "%s.%s", v->name, v->members->v[i].name);
		member.member = v->members->v[i].name;
		put_binding(w, name.buf, &member);
	}
	strbuf_release(&name);
}

static void
put_source(struct json_writer *w, const struct encoding *encoding)
{
	static const struct type file = { .kind = TYPE_FILE,
		.format = ENCODE_ARCHIVE };
	const char *uri = encoding->place.snapshot;

	if (encoding->plan->app->source == NULL)
		return;
	json_begin_map(w, NULL);
	json_put_text(w, "var", ENCODE_SOURCE);
	json_begin_map(w, "binding");
	encode_blob(w, "scalar", &file, uri != NULL ? uri : "@snapshot@");
	json_end_map(w);
	json_end_map(w);
}

static void
put_node(struct json_writer *w, const struct encoding *encoding,
    const struct workflow *workflow, const struct node *node)
{
	struct span timeout = node->task->container->timeout;
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	json_begin_map(w, NULL);
	json_put_text(w, "id", node->id);
	json_begin_map(w, "metadata");
	json_put_text(w, "name", node->id);
	if (timeout.sec > 0 || timeout.nsec > 0) {
		encode_duration(&sb, timeout);
		json_put_text(w, "timeout", sb.buf);
	}
	json_end_map(w);
	json_begin_list(w, "inputs");
	for (i = 0; i < node->n_bindings; i++) {
		put_binding(w, node->binding[i].var, &node->binding[i]);
		put_members(w, node->task, &node->binding[i]);
	}
	put_source(w, encoding);
	json_end_list(w);
	json_begin_list(w, "upstream_node_ids");
	for (i = 0; i < node->n_upstream; i++)
		json_put_text(w, NULL, workflow->node[node->upstream[i]].id);
	json_end_list(w);
	json_begin_map(w, "task_node");
	encode_id(w, "reference_id", encoding, encoding_task(encoding,
	    node->task));
	json_end_map(w);
	json_end_map(w);
	strbuf_release(&sb);
}

static void
put_interface(struct json_writer *w, const char *name,
    const struct interface *interface)
{
	size_t i;

	json_begin_map(w, name);
	json_begin_map(w, "variables");
	for (i = 0; i < interface->n; i++)
		encode_variable(w, interface->v[i].name, &interface->v[i]);
	json_end_map(w);
	json_end_map(w);
}

void
encode_workflow(struct json_writer *w, const struct encoding *encoding,
    const struct object *object)
{
	const struct workflow *workflow = object->workflow;
	size_t i;

	json_begin_map(w, "template");
	encode_id(w, "id", encoding, object);
	json_begin_map(w, "interface");
	put_interface(w, "inputs", &workflow->inputs);
	put_interface(w, "outputs", &workflow->outputs);
	json_end_map(w);
	json_begin_list(w, "nodes");
	for (i = 0; i < workflow->n_nodes; i++)
		put_node(w, encoding, workflow, &workflow->node[i]);
	json_end_list(w);
	json_begin_list(w, "outputs");
	for (i = 0; i < workflow->n_outputs; i++)
		put_binding(w, workflow->output[i].var, &workflow->output[i]);
	json_end_list(w);
	json_end_map(w);
}
