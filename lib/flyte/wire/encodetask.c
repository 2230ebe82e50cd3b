/*
 * Tasks: a raw container with flyte-copilot (core.TaskTemplate), which runs
 * the component under the prelude. A time limit is not here but at the node,
 * where alone Flyte keeps to it.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/flyte/wire/encodepart.h"
#include "lib/flyte/wire/prelude.h"
#include "lib/text/jsonio.h"

/* Of what this file and the prelude make, not of the program. */
static const char runtime_version[] = "1";

static void
put_source(struct json_writer *w)
{
	static const struct type file = { .kind = TYPE_FILE,
		.format = ENCODE_ARCHIVE };
	const struct variable v = { .name = ENCODE_SOURCE, .type = &file,
		.description = "the source" };

	encode_variable(w, v.name, &v);
}

/* Each member of an object is an input of its own besides. */
static void
put_inputs(struct json_writer *w, const struct interface *inputs, bool source)
{
	const struct variable *v;
	struct strbuf sb = STRBUF_INIT;
	size_t i, j;

	json_begin_map(w, "inputs");
	json_begin_map(w, "variables");
	for (i = 0; i < inputs->n; i++) {
		v = &inputs->v[i];
		encode_variable(w, v->name, v);
		for (j = 0; v->members != NULL && j < v->members->n; j++) {
			strbuf_reset(&sb);
			strbuf_addf(&sb, "%s.%s", v->name,
			    v->members->v[j].name);
			encode_variable(w, sb.buf, &v->members->v[j]);
		}
	}
	if (source)
		put_source(w);
	json_end_map(w);
	json_end_map(w);
	strbuf_release(&sb);
}

static void
put_outputs(struct json_writer *w, const struct interface *outputs)
{
	size_t i;

	json_begin_map(w, "outputs");
	json_begin_map(w, "variables");
	for (i = 0; i < outputs->n; i++)
		encode_variable(w, outputs->v[i].name, &outputs->v[i]);
	json_end_map(w);
	json_end_map(w);
}

static void
put_resource(struct json_writer *w, const char *name, const char *value)
{
	if (value == NULL || strcmp(value, "0") == 0)
		return;
	json_begin_map(w, NULL);
	json_put_text(w, "name", name);
	json_put_text(w, "value", value);
	json_end_map(w);
}

static void
put_resources(struct json_writer *w, const struct resources *resources)
{
	static const char *const lists[] = { "requests", "limits" };
	size_t i;

	json_begin_map(w, "resources");
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		json_begin_list(w, lists[i]);
		put_resource(w, "CPU", resources->cpu);
		put_resource(w, "MEMORY", resources->memory);
		put_resource(w, "GPU", resources->gpu);
		json_end_list(w);
	}
	json_end_map(w);
}

static void
put_setting(struct json_writer *w, const char *name, const char *value)
{
	struct strbuf sb = STRBUF_INIT;

	/* What Kubernetes would find: see encodeargs.c. */
	for (; *value != '\0'; value++) {
		strbuf_addch(&sb, *value);
		if (value[0] == '$' && (value[1] == '$' || value[1] == '(' ||
		    (unsigned char)value[1] >= 0x80))
			strbuf_addch(&sb, '$');
	}
	json_begin_map(w, NULL);
	json_put_text(w, "key", name);
	json_put_text(w, "value", sb.buf);
	json_end_map(w);
	strbuf_release(&sb);
}

/* An app file sets nothing that begins with UNIONML_. */
static void
put_env(struct json_writer *w, const struct encoding *encoding,
    const struct task *task)
{
	const struct settings *env = &task->container->env;
	size_t i;

	json_begin_list(w, "env");
	for (i = 0; i < env->n; i++)
		put_setting(w, env->v[i].name, env->v[i].value);
	put_setting(w, "UNIONML_COMPONENT", task->name);
	put_setting(w, "UNIONML_APP_VERSION", encoding->place.app_version);
	json_end_list(w);
}

static void
put_container(struct json_writer *w, const struct encoding *encoding,
    const struct object *object)
{
	const struct task *task = object->task;

	json_begin_map(w, "container");
	json_put_text(w, "image", object->image);
	json_begin_list(w, "command");
	json_put_text(w, NULL, "sh");
	json_put_text(w, NULL, "-c");
	json_put_text(w, NULL, flyte_prelude);
	json_put_text(w, NULL, "unionml");
	json_end_list(w);
	json_begin_list(w, "args");
	json_put_text(w, NULL, PRELUDE_INPUTS);
	json_put_text(w, NULL, PRELUDE_OUTPUTS);
	encode_arguments(w, task, encoding->plan->app->source != NULL);
	json_end_list(w);
	put_resources(w, &task->container->resources);
	put_env(w, encoding, task);
	json_begin_map(w, "data_config");
	json_put_bool(w, "enabled", true);
	json_put_text(w, "input_path", PRELUDE_INPUTS);
	json_put_text(w, "output_path", PRELUDE_OUTPUTS);
	json_put_text(w, "format", "JSON");
	json_end_map(w);
	json_end_map(w);
}

/* core.SecurityContext: each is `group/key` in the app file. */
static void
put_secrets(struct json_writer *w, const struct settings *secrets)
{
	struct strbuf group = STRBUF_INIT;
	const char *slash;
	size_t i;

	if (secrets->n == 0)
		return;
	json_begin_map(w, "security_context");
	json_begin_list(w, "secrets");
	for (i = 0; i < secrets->n; i++) {
		slash = strchr(secrets->v[i].value, '/');
		if (slash == NULL)
			BUG("a secret without a group");
		strbuf_reset(&group);
		strbuf_add(&group, secrets->v[i].value,
		    (size_t)(slash - secrets->v[i].value));
		json_begin_map(w, NULL);
		json_put_text(w, "group", group.buf);
		json_put_text(w, "key", slash + 1);
		json_put_text(w, "mount_requirement", "ENV_VAR");
		json_put_text(w, "env_var", secrets->v[i].name);
		json_end_map(w);
	}
	json_end_list(w);
	json_end_map(w);
	strbuf_release(&group);
}

void
encode_task(struct json_writer *w, const struct encoding *encoding,
    const struct object *object)
{
	const struct task *task = object->task;
	const struct container *c = task->container;

	json_begin_map(w, "template");
	encode_id(w, "id", encoding, object);
	json_put_text(w, "type", "raw-container");
	json_begin_map(w, "metadata");
	json_begin_map(w, "runtime");
	json_put_text(w, "type", "OTHER");
	json_put_text(w, "version", runtime_version);
	json_put_text(w, "flavor", "unionml");
	json_end_map(w);
	json_begin_map(w, "retries");
	json_put_int(w, "retries", c->retries > 0 ? c->retries : 0);
	json_end_map(w);
	json_end_map(w);
	json_begin_map(w, "interface");
	put_inputs(w, &task->inputs, encoding->plan->app->source != NULL);
	put_outputs(w, &task->outputs);
	json_end_map(w);
	put_container(w, encoding, object);
	put_secrets(w, &c->secrets);
	json_end_map(w);
}
