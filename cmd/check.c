/* unionml check: the app file, all errors at once. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "lib/appfile/appfile.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/plan/capability.h"
#include "lib/target/setup.h"

static bool all;

static const struct opt check_options[] = {
	{ OPT_FLAG, 0, "all", &all, NULL,
	    "look at ${NAME} and the configuration of all targets",
	    NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

/* What the place must say: ${NAME} of the targets that are looked at. */
static void
expand(struct diag *diag, struct position at, const char *key,
    const char *name, const char *text)
{
	char *expanded, *why;

	if (text == NULL)
		return;
	expanded = appfile_expand(text, &why);
	if (expanded == NULL) {
		diag_error(diag, at.line, at.column, "targets.%s.%s: %s",
		    name, key, why);
		free(why);
	}
	free(expanded);
}

static void
check_targets(const struct context *context, struct diag *diag)
{
	const char *wanted = context->globals.target;
	const struct app *app = &context->app;
	size_t i;

	if (wanted == NULL)
		wanted = app->default_target;
	for (i = 0; i < app->n_targets; i++) {
		const struct target_decl *t = &app->target[i];

		if (!all && strcmp(t->name, wanted) != 0)
			continue;
		expand(diag, t->at, "store", t->name, t->store);
		expand(diag, t->at, "config", t->name, t->config);
		expand(diag, t->at, "project", t->name, t->project);
		expand(diag, t->at, "domain", t->name, t->domain);
		expand(diag, t->at, "service_account", t->name,
		    t->service_account);
	}
}

/* The settings are told by `config`; here only what is wrong with them. */
static void
ignore_setting(void *arg, const struct target_setting *setting)
{
	(void)arg;
	(void)setting;
}

static bool
is_flyte(const struct target_decl *t)
{
	return t->type == TARGET_FLYTE;
}

/* The configuration of the clusters that are asked for. */
static enum status
check_configs(const struct context *context)
{
	const char *wanted = context->globals.target;
	const struct target_listener listener = { NULL, ignore_setting,
		NULL };
	const struct app *app = &context->app;
	enum status status = EXIT_DONE, one;
	bool any = false;
	size_t i;

	for (i = 0; i < app->n_targets; i++) {
		const struct target_decl *t = &app->target[i];

		any = any || is_flyte(t);
		if (!is_flyte(t) || (!all && (wanted == NULL ||
		    strcmp(t->name, wanted) != 0)))
			continue;
		one = context_setup(t->type)->describe(app, t, &listener);
		if (status == EXIT_DONE)
			status = one;
	}
	if (any)
		capability_tell();
	return status;
}

static void
print_json(struct diag *diag)
{
	struct strbuf out = STRBUF_INIT;
	struct json_writer w;
	size_t i;

	diag_sort(diag);
	json_writer_init(&w, &out, true);
	json_begin_list(&w, NULL);
	for (i = 0; i < diag->n; i++) {
		const struct diag_entry *e = &diag->entry[i];

		json_begin_map(&w, NULL);
		json_put_text(&w, "file", diag->file);
		json_put_int(&w, "line", e->line);
		json_put_int(&w, "column", e->column);
		json_put_text(&w, "severity", e->warning ? "warning" :
		    "error");
		json_put_text(&w, "message", e->message);
		json_end_map(&w);
	}
	json_end_list(&w);
	strbuf_addch(&out, '\n');
	output_write(&out);
	strbuf_release(&out);
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	enum status status;
	struct diag diag;

	(void)operands;
	memset(&diag, 0, sizeof(diag));
	status = context_load_app(context, &diag);
	if (status == EXIT_DONE) {
		check_targets(context, &diag);
		capability_check(&diag, &context->app);
		if (diag.errors > 0)
			status = EXIT_INPUT;
	}
	if (status == EXIT_DONE) {
		context->has_plan = true;
		status = plan_compile(&context->plan, &context->app);
	}
	if (status == EXIT_DONE)
		status = check_configs(context);
	if (context->globals.json && context->has_app)
		print_json(&diag);
	else if (context->has_app)
		diag_print(&diag);
	if (diag.errors > 0)
		note("%zu error%s", diag.errors, diag.errors > 1 ? "s" : "");
	else if (status == EXIT_DONE)
		note("%s: no errors", context->app.file);
	diag_release(&diag);
	return status;
}

const struct cmd cmd_check = {
	.name = "check",
	.synopsis = "[--all]",
	.summary = "check the app file and tell all its errors at once",
	.needs = CMD_LOADS_APP,
	.options = check_options,
	.max_operands = 0,
	.run = run,
};
