/*
 * unionml help --dump: the words that shell completion offers. What they are
 * is known here and nowhere else: the completion scripts only ask.
 */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/dump.h"
#include "cmd/output.h"
#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/zone.h"

enum { RUNS_SHOWN = 100 };

const char *const dump_kinds[] = { "inputs", "nodes", "options", "runs",
	"schedules", "targets", "timezones", "versions", NULL };

static void
discard(void *arg, const char *text, size_t len)
{
	(void)arg;
	(void)text;
	(void)len;
}

static void
dump_interface(const struct interface *interface, const char *of)
{
	struct arena arena = ARENA_INIT;
	size_t i;

	for (i = 0; i < interface->n; i++) {
		const struct variable *var = &interface->v[i];

		/* Options of their own give these. */
		if (strcmp(var->name, "model_object") == 0 ||
		    strcmp(var->name, "features") == 0)
			continue;
		if (var->members != NULL)
			dump_interface(var->members, var->name);
		else
			printf("%s%s%s=\t%s\n", of != NULL ? of : "",
			    of != NULL ? "." : "", var->name,
			    type_name(&arena, var->type));
	}
	arena_release(&arena);
}

static void
dump_inputs(struct context *context, const char *of)
{
	const struct workflow *workflow = NULL;

	context->has_plan = true;
	if (of == NULL || plan_compile(&context->plan, &context->app) !=
	    EXIT_DONE)
		return;
	if (strcmp(of, "train") == 0)
		workflow = plan_workflow(&context->plan, TRAIN);
	else if (strcmp(of, "predict") == 0)
		workflow = plan_workflow(&context->plan, PREDICT);
	if (workflow == NULL && strcmp(of, "predict") == 0)
		workflow = plan_workflow(&context->plan,
		    PREDICT_FROM_FEATURES);
	if (workflow != NULL)
		dump_interface(&workflow->inputs, NULL);
}

static void
dump_nodes(struct context *context, const char *of)
{
	const struct target_ops *ops = context->target->ops;
	struct run_detail detail;
	char *id = NULL;
	size_t i;

	if (of != NULL && ops->resolve(context->target, of, &id) ==
	    EXIT_DONE && ops->show(context->target, id, &detail) ==
	    EXIT_DONE) {
		for (i = 0; i < detail.n_nodes; i++)
			printf("%s\t%s\n", detail.node[i].name,
			    run_status_name(detail.node[i].status));
		run_detail_release(&detail);
	}
	free(id);
}

static void
dump_options(struct context *context, const char *of)
{
	struct strbuf sb = STRBUF_INIT;

	(void)of;
	opt_dump(&sb, global_options(&context->globals, true));
	fputs(sb.buf, stdout);
	strbuf_release(&sb);
}

static enum status
dump_run(void *arg, const struct run *run)
{
	struct strbuf time = STRBUF_INIT;
	bool *any = arg;

	if (!*any)
		printf("latest\tthe newest\n");
	*any = true;
	output_time(&time, run->started_at);
	printf("%s\t%s, %s, %s\n", run->id, run->workflow,
	    run_status_name(run->status), time.buf);
	strbuf_release(&time);
	return EXIT_DONE;
}

static void
dump_runs(struct context *context, const char *of)
{
	const struct run_filter filter = { .status = -1, .limit = RUNS_SHOWN };
	bool any = false;

	(void)of;
	context->target->ops->list(context->target, &filter, dump_run, &any);
}

static void
dump_schedules(struct context *context, const char *of)
{
	const struct app *app = &context->app;
	size_t i;

	(void)of;
	for (i = 0; i < app->n_schedules; i++)
		printf("%s\t%s\n", app->schedule[i].name,
		    workflow_name(app->schedule[i].workflow));
}

static void
dump_targets(struct context *context, const char *of)
{
	const struct app *app = &context->app;
	bool local = false;
	size_t i;

	(void)of;
	for (i = 0; i < app->n_targets; i++) {
		local = local || strcmp(app->target[i].name, "local") == 0;
		printf("%s\t%s\n", app->target[i].name,
		    app->target[i].type == TARGET_LOCAL ? "local" : "flyte");
	}
	if (!local)
		printf("local\tthis machine\n");
}

static void
dump_timezones(struct context *context, const char *of)
{
	const char *const *name;

	(void)context;
	(void)of;
	for (name = zone_names(); *name != NULL; name++)
		printf("%s\n", *name);
}

static enum status
dump_version(void *arg, const struct deployed *deployed)
{
	struct strbuf time = STRBUF_INIT;

	(void)arg;
	output_time(&time, deployed->created_at);
	printf("%s\t%s\n", deployed->version, deployed->subject != NULL ?
	    deployed->subject : time.buf);
	strbuf_release(&time);
	return EXIT_DONE;
}

static void
dump_versions(struct context *context, const char *of)
{
	(void)of;
	context->target->ops->versions(context->target, dump_version, NULL);
}

void
dump_words(struct context *context, const char *kind, const char *of)
{
	static const struct {
		const char *kind;
		enum cmd_need needs;
		void (*dump)(struct context *context, const char *of);
	} dumps[] = {
		{ "inputs", CMD_NEEDS_APP, dump_inputs },
		{ "nodes", CMD_NEEDS_READ, dump_nodes },
		{ "options", CMD_NEEDS_NOTHING, dump_options },
		{ "runs", CMD_NEEDS_READ, dump_runs },
		{ "schedules", CMD_NEEDS_APP, dump_schedules },
		{ "targets", CMD_NEEDS_APP, dump_targets },
		{ "timezones", CMD_NEEDS_NOTHING, dump_timezones },
		{ "versions", CMD_NEEDS_READ, dump_versions },
	};
	size_t i;

	err_set_sink(discard, NULL);
	for (i = 0; i < ARRAY_SIZE(dumps); i++)
		if (strcmp(dumps[i].kind, kind) == 0 &&
		    context_set_up(context, dumps[i].needs) == EXIT_DONE)
			dumps[i].dump(context, of);
	err_set_sink(NULL, NULL);
}
