/*
 * A component's arguments and environment. A value reaches it in three ways
 * that say the same: the placeholder, UNIONML_IN_* and UNIONML_OUT_*, and the
 * files of `in/`.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "lib/base/arena.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/model/inputs.h"
#include "lib/model/literal.h"
#include "lib/model/placeholder.h"
#include "lib/plan/plan.h"
#include "lib/target/local/command.h"
#include "lib/target/target.h"
#include "lib/text/jsonio.h"

extern char **environ;

/* One name that placeholders and the environment know. */
struct known {
	const char *name;	/* data, hyperparameters.C */
	const char *text;
	bool output;
};

struct known_list {
	struct known *v;
	size_t n;
};

static const char *
scalar_text(struct arena *arena, const struct literal *value)
{
	struct strbuf sb = STRBUF_INIT;
	char *text;

	literal_print(&sb, value);
	text = arena_strndup(arena, sb.buf, sb.len);
	strbuf_release(&sb);
	return text;
}

static size_t
count_members(const struct variable *variable)
{
	return variable->members != NULL ? variable->members->n : 0;
}

static void
add_members(struct arena *arena, struct known_list *list,
    const struct node_value *value)
{
	const struct variable *var = value->variable;
	const struct literal *member;
	const struct json *json;
	const char *why;
	size_t i;

	for (i = 0; i < count_members(var); i++) {
		const struct variable *m = &var->members->v[i];

		json = json_find(value->value->json, m->name);
		if (json == NULL)
			continue;
		member = literal_from_json(arena, m->type, json, NULL, &why);
		if (member == NULL)
			BUG("member '%s' was checked: %s", m->name, why);
		list->v[list->n++] = (struct known){
		    arena_printf(arena, "%s.%s", var->name, m->name),
		    scalar_text(arena, member), false };
	}
}

static void
list_known(struct arena *arena, const struct node *node,
    const struct node_value *value, const char *out, struct known_list *list)
{
	const struct interface *outputs = &node->task->outputs;
	size_t i, room = node->n_bindings + outputs->n;

	for (i = 0; i < node->n_bindings; i++)
		room += count_members(value[i].variable);
	list->v = arena_array(arena, room, sizeof(*list->v));
	list->n = 0;
	for (i = 0; i < node->n_bindings; i++) {
		const struct literal *literal = value[i].value;

		list->v[list->n++] = (struct known){ value[i].variable->name,
		    type_is_scalar(value[i].variable->type) ?
		    scalar_text(arena, literal) : value[i].path, false };
		add_members(arena, list, &value[i]);
	}
	for (i = 0; i < outputs->n; i++)
		list->v[list->n++] = (struct known){ outputs->v[i].name,
		    arena_printf(arena, "%s/%s", out,
		    value_file_name(arena, &outputs->v[i])), true };
}

static bool
is(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && strncmp(text, word, len) == 0;
}

/*
 * `{data}` is the input where an output has that name too: inputs come first.
 * `{in.data}` and `{out.data}` say which.
 */
static const struct known *
find_known(const struct known_list *list, const struct piece *piece)
{
	bool in = piece->member != NULL &&
	    is(piece->name, piece->name_len, "in");
	bool out = piece->member != NULL &&
	    is(piece->name, piece->name_len, "out");
	const char *name = in || out ? piece->member : piece->name;
	size_t i, len = in || out ? piece->member_len : piece->name_len;

	if (piece->member != NULL && !in && !out)
		len += 1 + piece->member_len;
	for (i = 0; i < list->n; i++)
		if (is(name, len, list->v[i].name) &&
		    !(in && list->v[i].output) && !(out && !list->v[i].output))
			return &list->v[i];
	return NULL;
}

static void
build_argv(const struct command *command, const struct known_list *list,
    struct strvec *argv)
{
	struct strbuf sb = STRBUF_INIT;
	const struct known *known;
	struct piece piece;
	const char *cursor;
	size_t i;

	if (command->script != NULL) {
		strvec_push(argv, "sh");
		strvec_push(argv, "-euc");
		strvec_push(argv, command->script);
		return;
	}
	for (i = 0; i < command->n; i++) {
		strbuf_reset(&sb);
		cursor = command->argv[i];
		while (placeholder_next(&cursor, &piece)) {
			known = piece.kind == PIECE_VALUE ?
			    find_known(list, &piece) : NULL;
			if (known != NULL)
				strbuf_addstr(&sb, known->text);
			else
				strbuf_add(&sb, piece.text, piece.len);
		}
		strvec_push(argv, sb.buf);
	}
	strbuf_release(&sb);
}

/* Sets or replaces NAME=VALUE. */
static void
put(struct strvec *env, const char *name, const char *value)
{
	size_t i, len = strlen(name);

	for (i = 0; i < env->n; i++)
		if (strncmp(env->v[i], name, len) == 0 &&
		    env->v[i][len] == '=') {
			free(env->v[i]);
			env->v[i] = xasprintf("%s=%s", name, value);
			return;
		}
	strvec_pushf(env, "%s=%s", name, value);
}

/* The app's `path:` before the caller's PATH. */
static void
put_path(const struct app *app, struct strvec *env)
{
	const char *former = getenv("PATH");
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	if (app->path.n == 0)
		return;
	for (i = 0; i < app->path.n; i++) {
		char *dir = path_resolve(app->directory, app->path.v[i]);

		strbuf_addf(&sb, "%s%s", i > 0 ? ":" : "", dir);
		free(dir);
	}
	if (former != NULL)
		strbuf_addf(&sb, ":%s", former);
	put(env, "PATH", sb.buf);
	strbuf_release(&sb);
}

/* hyperparameters.C is UNIONML_IN_hyperparameters_C. */
static void
put_known(struct strvec *env, const struct known *known)
{
	char *name, *dot;

	if (strlen(known->text) > VALUE_TEXT_MAX)
		return;
	name = xasprintf("UNIONML_%s_%s", known->output ? "OUT" : "IN",
	    known->name);
	if ((dot = strchr(name, '.')) != NULL)
		*dot = '_';
	put(env, name, known->text);
	free(name);
}

void
command_environment(const struct app *app, struct strvec *env)
{
	size_t i;

	for (i = 0; environ[i] != NULL; i++)
		if (strncmp(environ[i], "UNIONML_", 8) != 0)
			strvec_push(env, environ[i]);
	put_path(app, env);
}

static void
build_env(const struct component_call *call, const struct known_list *list,
    struct strvec *env)
{
	const struct settings *own = &call->node->task->container->env;
	char attempt[32];
	size_t i;

	command_environment(call->app, env);
	for (i = 0; i < own->n; i++)
		put(env, own->v[i].name, own->v[i].value);
	for (i = 0; i < list->n; i++)
		put_known(env, &list->v[i]);
	snprintf(attempt, sizeof(attempt), "%lld", (long long)call->attempt);
	put(env, "UNIONML_RUN_ID", call->run_id);
	put(env, "UNIONML_APP_VERSION", call->version != NULL ?
	    call->version : "");
	put(env, "UNIONML_WORKFLOW", workflow_name(call->workflow->kind));
	put(env, "UNIONML_COMPONENT", component_name(call->node->task->kind));
	put(env, "UNIONML_ATTEMPT", attempt);
	put(env, "UNIONML_APP_DIR", call->app->directory);
	if (call->schedule != NULL) {
		put(env, "UNIONML_SCHEDULE", call->schedule);
		put(env, "UNIONML_TIMEZONE", call->timezone);
	}
}

void
command_build(struct arena *arena, const struct component_call *call,
    struct strvec *argv, struct strvec *env)
{
	struct known_list list;

	list_known(arena, call->node, call->value, call->out, &list);
	build_argv(call->node->task->command, &list, argv);
	build_env(call, &list, env);
}

char *
command_directory(const struct app *app)
{
	return app->source == NULL ? xstrdup(app->directory) :
	    path_resolve(app->directory, app->source);
}

/* Whether an argument has a placeholder for it. */
static bool
is_used(const struct command *command, const struct known_list *list,
    const struct known *known)
{
	struct piece piece;
	const char *cursor;
	size_t i;

	for (i = 0; i < command->n; i++) {
		cursor = command->argv[i];
		while (placeholder_next(&cursor, &piece))
			if (piece.kind == PIECE_VALUE &&
			    find_known(list, &piece) == known)
				return true;
	}
	return false;
}

static enum status
check_lengths(const struct task *task, const struct known_list *list)
{
	enum status status = EXIT_DONE;
	const struct known *known;
	size_t i;

	if (task->command->script != NULL)
		return EXIT_DONE;
	for (i = 0; i < list->n; i++) {
		known = &list->v[i];
		if (strlen(known->text) > VALUE_TEXT_MAX &&
		    is_used(task->command, list, known))
			status = error(EXIT_INPUT, "input '%s': %zu bytes are "
			    "too long for an argument of the %s (at most %d): "
			    "declare it as a file", known->name,
			    strlen(known->text), component_name(task->kind),
			    VALUE_TEXT_MAX);
	}
	return status;
}

static enum status
check_secrets(const struct task *task)
{
	const struct settings *secrets = &task->container->secrets;
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < secrets->n; i++)
		if (getenv(secrets->v[i].name) == NULL)
			status = error(EXIT_INPUT, "secret '%s' of the %s is "
			    "not set: on this target it is taken from your "
			    "environment", secrets->v[i].name,
			    component_name(task->kind));
	return status;
}

static enum status
check_directory(const struct run_request *request)
{
	const struct app *app = request->plan->app;
	char *dir = request->directory != NULL ? xstrdup(request->directory) :
	    command_directory(app);
	enum status status = EXIT_DONE;
	struct stat st;

	if (stat(dir, &st) != 0)
		status = error(EXIT_INPUT, "the directory of source: in '%s' "
		    "is not there: '%s': %s", app->file, dir, strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		status = error(EXIT_INPUT, "source: in '%s' is no directory: "
		    "'%s'", app->file, dir);
	free(dir);
	return status;
}

/* Two nodes of one component get the same values from outside. */
static bool
is_first(const struct workflow *workflow, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (workflow->node[j].task == workflow->node[i].task)
			return false;
	return true;
}

enum status
command_check(struct arena *arena, const struct run_request *request)
{
	const struct workflow *workflow = request->workflow;
	enum status status = check_directory(request);
	struct node_value *value;
	struct known_list list;
	const struct node *node;
	size_t i, j;

	for (i = 0; i < workflow->n_nodes; i++) {
		if (!is_first(workflow, i))
			continue;
		node = &workflow->node[i];
		value = arena_array(arena, node->n_bindings, sizeof(*value));
		values_bind(arena, workflow, node, request->inputs, "",
		    value);
		for (j = 0; j < node->n_bindings; j++)
			value[j].path = "";
		list_known(arena, node, value, "", &list);
		if (check_lengths(node->task, &list) != EXIT_DONE)
			status = EXIT_INPUT;
		if (check_secrets(node->task) != EXIT_DONE)
			status = EXIT_INPUT;
	}
	return status;
}
