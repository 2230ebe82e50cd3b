/*
 * The plan as JSON: all of it, in one order, so that two plans can be compared
 * as texts. Keys have the app file's names. What may be left out there is null
 * here, but for `format` and `members`, which only some types have. Texts with
 * ${NAME} stand as written, for the plan knows no environment.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/model/literal.h"
#include "lib/plan/plan.h"
#include "lib/schedule/cron.h"
#include "lib/text/jsonio.h"

static void
put_span(struct json_writer *w, const char *name, struct span span)
{
	if (span_is_zero(span))
		json_put_null(w, name);
	else
		json_put_span(w, name, span);
}

static void
put_instant(struct json_writer *w, const char *name, bool has,
    struct instant t)
{
	if (has)
		json_put_instant(w, name, t);
	else
		json_put_null(w, name);
}

static void
put_names(struct json_writer *w, const char *name, const struct names *names)
{
	size_t i;

	json_begin_list(w, name);
	for (i = 0; i < names->n; i++)
		json_put_text(w, NULL, names->v[i]);
	json_end_list(w);
}

static void
put_settings(struct json_writer *w, const char *name,
    const struct settings *settings)
{
	size_t i;

	json_begin_map(w, name);
	for (i = 0; i < settings->n; i++)
		json_put_text(w, settings->v[i].name, settings->v[i].value);
	json_end_map(w);
}

static void
put_command(struct json_writer *w, const struct command *command)
{
	size_t i;

	if (command->argv == NULL) {
		json_put_null(w, "command");
	} else {
		json_begin_list(w, "command");
		for (i = 0; i < command->n; i++)
			json_put_text(w, NULL, command->argv[i]);
		json_end_list(w);
	}
	json_put_text_or_null(w, "script", command->script);
}

static void
put_type(struct json_writer *w, const struct type *type)
{
	struct strbuf sb = STRBUF_INIT;

	type_print(&sb, type);
	json_put_text(w, "type", sb.buf);
	strbuf_release(&sb);
	if (type_is_path(type))
		json_put_text_or_null(w, "format", type->format);
}

/* `default: now` is printed as the word, which no value of a date can be. */
static void
put_default(struct json_writer *w, const struct variable *v)
{
	struct arena arena = ARENA_INIT;

	if (v->now)
		json_put_text(w, "default", "now");
	else if (v->preset == NULL)
		json_put_null(w, "default");
	else
		json_put(w, "default", literal_to_json(&arena, v->preset));
	arena_release(&arena);
}

/* Begins the object of a variable with what inputs and outputs both have. */
static void
begin_variable(struct json_writer *w, const struct variable *v)
{
	json_begin_map(w, NULL);
	json_put_text(w, "name", v->name);
	put_type(w, v->type);
}

static void
put_inputs(struct json_writer *w, const char *name,
    const struct interface *inputs)
{
	const struct variable *v;
	size_t i;

	json_begin_list(w, name);
	for (i = 0; i < inputs->n; i++) {
		v = &inputs->v[i];
		begin_variable(w, v);
		json_put_bool(w, "required", variable_required(v));
		put_default(w, v);
		json_put_text_or_null(w, "description", v->description);
		if (v->members != NULL)
			put_inputs(w, "members", v->members);
		json_end_map(w);
	}
	json_end_list(w);
}

static void
put_task(struct json_writer *w, const struct task *task)
{
	const struct container *c = task->container;
	size_t i;

	json_begin_map(w, NULL);
	json_put_text(w, "name", task->name);
	put_command(w, task->command);
	json_put_text_or_null(w, "image", c->image);
	json_begin_map(w, "resources");
	json_put_text_or_null(w, "cpu", c->resources.cpu);
	json_put_text_or_null(w, "memory", c->resources.memory);
	json_put_text_or_null(w, "gpu", c->resources.gpu);
	json_end_map(w);
	json_put_int(w, "retries", c->retries < 0 ? 0 : c->retries);
	put_span(w, "timeout", c->timeout);
	put_settings(w, "env", &c->env);
	put_settings(w, "secrets", &c->secrets);
	put_inputs(w, "inputs", &task->inputs);
	json_begin_list(w, "outputs");
	for (i = 0; i < task->outputs.n; i++) {
		begin_variable(w, &task->outputs.v[i]);
		json_end_map(w);
	}
	json_end_list(w);
	json_end_map(w);
}

static void
put_binding(struct json_writer *w, const char *name,
    const struct binding *binding)
{
	size_t i;

	json_begin_map(w, name);
	switch (binding->kind) {
	case BIND_INPUT:
		json_put_text(w, "input", binding->input);
		if (binding->member != NULL)
			json_put_text(w, "member", binding->member);
		break;
	case BIND_OUTPUT:
		json_put_text(w, "node", binding->node);
		json_put_text(w, "output", binding->output);
		break;
	case BIND_MAP:
		json_begin_map(w, "map");
		for (i = 0; i < binding->n; i++)
			put_binding(w, binding->entry[i].var,
			    &binding->entry[i]);
		json_end_map(w);
		break;
	}
	json_end_map(w);
}

static void
put_node(struct json_writer *w, const struct workflow *workflow,
    const struct node *node)
{
	size_t i;

	json_begin_map(w, NULL);
	json_put_text(w, "id", node->id);
	json_put_text(w, "task", node->task->name);
	json_begin_list(w, "upstream");
	for (i = 0; i < node->n_upstream; i++)
		json_put_text(w, NULL, workflow->node[node->upstream[i]].id);
	json_end_list(w);
	json_begin_map(w, "bindings");
	for (i = 0; i < node->n_bindings; i++)
		put_binding(w, node->binding[i].var, &node->binding[i]);
	json_end_map(w);
	json_end_map(w);
}

static void
put_workflow(struct json_writer *w, const struct workflow *workflow)
{
	size_t i;

	json_begin_map(w, NULL);
	json_put_text(w, "name", workflow->name);
	json_put_text(w, "kind", workflow_name(workflow->kind));
	put_inputs(w, "inputs", &workflow->inputs);
	json_begin_list(w, "outputs");
	for (i = 0; i < workflow->n_outputs; i++) {
		begin_variable(w, interface_find(&workflow->outputs,
		    workflow->output[i].var));
		put_binding(w, "binding", &workflow->output[i]);
		json_end_map(w);
	}
	json_end_list(w);
	json_begin_list(w, "nodes");
	for (i = 0; i < workflow->n_nodes; i++)
		put_node(w, workflow, &workflow->node[i]);
	json_end_list(w);
	json_end_map(w);
}

/*
 * `expression` as written, or null for the key fixed_rate. Either way `cron`
 * or `fixed_rate` says in one form what was meant.
 */
static void
put_when(struct json_writer *w, const struct schedule *s)
{
	bool every = s->expression.dialect == DIALECT_EVERY;
	struct strbuf sb = STRBUF_INIT;

	json_put_text_or_null(w, "expression",
	    every && s->when[0] != '@' ? NULL : s->when);
	if (every) {
		json_put_null(w, "cron");
		put_span(w, "fixed_rate", s->expression.every);
	} else {
		cron_print(&sb, &s->expression.cron);
		json_put_text(w, "cron", sb.buf);
		json_put_null(w, "fixed_rate");
	}
	strbuf_release(&sb);
}

static void
put_model(struct json_writer *w, const struct model_choice *model)
{
	if (model->source == MODEL_UNSET) {
		json_put_null(w, "model");
		return;
	}
	json_begin_map(w, "model");
	json_put_text(w, "source", model_source_name(model->source));
	json_put_text_or_null(w, "version", model->version);
	json_put_text_or_null(w, "app_version", model->app_version);
	json_put_text_or_null(w, "file", model->file);
	json_end_map(w);
}

/* Null: the target's own way. */
static void
put_policies(struct json_writer *w, const struct schedule *s)
{
	json_put_text_or_null(w, "catchup", catchup_name(s->catchup));
	put_span(w, "catchup_window", s->catchup_window);
	json_put_text_or_null(w, "overlap", overlap_name(s->overlap));
}

static void
put_schedule(struct json_writer *w, const struct schedule *s)
{
	json_begin_map(w, "schedule");
	json_put_text(w, "name", s->name);
	put_when(w, s);
	put_span(w, "offset", s->offset);
	json_put_text(w, "timezone", s->timezone != NULL ? s->timezone :
	    "UTC");
	put_instant(w, "start", s->has_start, s->start);
	put_instant(w, "end", s->has_end, s->end);
	json_put_text_or_null(w, "reader_time_arg", s->reader_time_arg);
	if (s->bound != NULL) {
		json_put(w, "inputs", s->bound);
	} else {
		json_begin_map(w, "inputs");
		json_end_map(w);
	}
	put_model(w, &s->model);
	put_policies(w, s);
	if (s->targets.n > 0)
		put_names(w, "targets", &s->targets);
	else
		json_put_null(w, "targets");
	json_put_bool(w, "active", s->active);
	if (s->on_failure.argv != NULL || s->on_failure.script != NULL) {
		json_begin_map(w, "on_failure");
		put_command(w, &s->on_failure);
		json_end_map(w);
	} else {
		json_put_null(w, "on_failure");
	}
	json_end_map(w);
}

static void
put_app(struct json_writer *w, const struct app *app)
{
	json_begin_map(w, "app");
	json_put_text(w, "name", app->name);
	json_put_text_or_null(w, "description", app->description);
	json_put_text_or_null(w, "source", app->source);
	put_names(w, "path", &app->path);
	json_end_map(w);
}

static void
put_launch_plan(struct json_writer *w, const struct launch_plan *launch_plan)
{
	json_begin_map(w, NULL);
	json_put_text(w, "name", launch_plan->name);
	json_put_text(w, "workflow", launch_plan->workflow_name);
	if (launch_plan->schedule != NULL)
		put_schedule(w, launch_plan->schedule);
	else
		json_put_null(w, "schedule");
	json_end_map(w);
}

void
plan_print_json(struct strbuf *sb, const struct plan *plan)
{
	struct json_writer w;
	size_t i;

	json_writer_init(&w, sb, true);
	json_begin_map(&w, NULL);
	put_app(&w, plan->app);
	json_begin_list(&w, "tasks");
	for (i = 0; i < COMPONENT_KINDS; i++)
		if (plan->task[i].name != NULL)
			put_task(&w, &plan->task[i]);
	json_end_list(&w);
	json_begin_list(&w, "workflows");
	for (i = 0; i < WORKFLOW_KINDS; i++)
		if (plan->workflow[i].name != NULL)
			put_workflow(&w, &plan->workflow[i]);
	json_end_list(&w);
	json_begin_list(&w, "launch_plans");
	for (i = 0; i < plan->n_launch_plans; i++)
		put_launch_plan(&w, &plan->launch_plan[i]);
	json_end_list(&w);
	json_end_map(&w);
	strbuf_addch(sb, '\n');
}
