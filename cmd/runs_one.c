/* unionml runs watch, stop and retry: what is done to one run. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/launch.h"
#include "cmd/output.h"
#include "cmd/progress.h"
#include "cmd/textline.h"
#include "lib/base/clock.h"
#include "lib/base/self.h"
#include "lib/base/signals.h"
#include "lib/base/strbuf.h"

static struct launch_options o = LAUNCH_OPTIONS_INIT;
static const char *cause;
static bool from_start;

static const struct opt watch_options[] = {
	{ OPT_SPAN, 0, "timeout", &o.timeout, "D",
	    "watch no longer than D (exit status 7; the run goes on)", NULL,
	    NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static const struct opt stop_options[] = {
	{ OPT_STRING, 0, "cause", &cause, "TEXT",
	    "why: one line, shown by 'unionml runs show'", NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static const struct opt retry_options[] = {
	{ OPT_FLAG, 0, "from-start", &from_start, NULL,
	    "run all nodes again, also those that were done", NULL,
	    NULL },
	LAUNCH_WAIT_ROWS(o),
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static enum status
print_record(struct context *context, const char *id)
{
	struct strbuf out = STRBUF_INIT;
	struct json_writer w;
	enum status status;

	json_writer_init(&w, &out, true);
	json_begin_map(&w, NULL);
	status = launch_write_json(context, id, &w);
	json_end_map(&w);
	strbuf_addch(&out, '\n');
	if (status == EXIT_DONE)
		output_write(&out);
	strbuf_release(&out);
	return status;
}

/* Prints the id, or with --json the record. */
static enum status
print_result(struct context *context, const char *id, enum status ended)
{
	if (context->globals.json)
		return print_record(context, id);
	if (ended == EXIT_DONE)
		printf("%s\n", id);
	return EXIT_DONE;
}

/* *left is what the look-up leaves of the time that there is (0: no limit). */
static enum status
look_up(struct context *context, const char *run, int64_t ms, char **id,
    int64_t *left)
{
	const struct target_ops *ops = context->target->ops;
	int64_t began = clock_monotonic_ms();
	enum status status;

	if (ms > 0 && ops->hurry != NULL)
		ops->hurry(context->target, ms);
	status = ops->resolve(context->target, run, id);
	if (ops->hurry != NULL)
		ops->hurry(context->target, 0);
	if (ms > 0) {
		*left = ms - (clock_monotonic_ms() - began);
		if (*left <= 0)
			*left = 1;
	}
	return status;
}

static enum status
run_watch(struct context *context, const struct strvec *operands)
{
	const struct target_ops *ops = context->target->ops;
	int64_t ms = span_ms(o.timeout), left = 0;
	enum status status, printed = EXIT_DONE;
	struct progress progress;
	int signum = 0;
	char *id;

	status = look_up(context, operands->v[0], ms, &id, &left);
	if (status != EXIT_DONE)
		return status;
	progress_init(&progress);
	status = ops->watch(context->target, id, &progress.observer, left,
	    &signum);
	progress_end(&progress);
	if (signum != 0) {
		note("run %s goes on", id);
		signals_raise(signum);
	}
	if (status == EXIT_RUN)
		launch_tell_failure(context, id);
	else if (status == EXIT_PENDING)
		note("run %s goes on", id);
	if (status == EXIT_DONE || status == EXIT_RUN ||
	    status == EXIT_PENDING)
		printed = print_result(context, id, status);
	free(id);
	return printed != EXIT_DONE ? printed : status;
}

static enum status
run_stop(struct context *context, const struct strvec *operands)
{
	enum status status;
	char *id;

	if (cause != NULL) {
		status = check_text_line("--cause", cause);
		if (status != EXIT_DONE)
			return status;
	}
	status = context->target->ops->resolve(context->target,
	    operands->v[0], &id);
	if (status != EXIT_DONE)
		return status;
	status = context->target->ops->stop(context->target, id, cause);
	if (status == EXIT_DONE && context->globals.json)
		status = print_record(context, id);
	free(id);
	return status;
}

/* What a retry of it would be; a run that succeeded has nothing left to do. */
static enum status
prepare_retry(struct context *context, struct arena *arena, const char *id,
    struct inputs *inputs, struct launch *launch)
{
	const struct target_ops *ops = context->target->ops;
	enum workflow_kind kind;
	struct run_detail detail;
	enum status status;

	status = ops->show(context->target, id, &detail);
	if (status != EXIT_DONE)
		return status;
	launch->retry_of = id;
	launch->from_start = from_start;
	if (detail.run.model != NULL)
		launch->model = arena_strdup(arena, detail.run.model);
	if (!workflow_from_name(detail.run.workflow, &kind))
		status = error(EXIT_LOCAL, "run %s is of a workflow '%s', "
		    "which this version does not know", id,
		    detail.run.workflow);
	else if (detail.run.status == RUN_SUCCEEDED && !from_start)
		status = error(EXIT_CONFLICT, "run %s succeeded: --from-start "
		    "runs it again", id);
	else if (detail.run.app_version != NULL)
		status = context_use_version(context,
		    detail.run.app_version);
	if (status == EXIT_DONE)
		status = launch_workflow(context, &o, kind, &launch->workflow);
	run_detail_release(&detail);
	if (status == EXIT_DONE)
		status = ops->inputs(context->target, arena, id,
		    &launch->workflow->inputs, inputs);
	return status;
}

/* By a run that this program makes of the inputs of the old one. */
static enum status
retry_here(struct context *context, const char *id)
{
	struct inputs inputs = { NULL, 0 };
	struct launch launch = { .inputs = &inputs };
	struct arena arena = ARENA_INIT;
	enum status status;

	status = prepare_retry(context, &arena, id, &inputs, &launch);
	if (status == EXIT_DONE)
		status = launch_run(context, &o, &launch, print_result);
	arena_release(&arena);
	return status;
}

static enum status
may_retry(struct context *context, const char *id)
{
	struct run_detail detail;
	enum status status;

	status = context->target->ops->show(context->target, id, &detail);
	if (status != EXIT_DONE)
		return status;
	if (!run_ended(detail.run.status))
		status = error(EXIT_CONFLICT, "run %s still goes on: '%s "
		    "runs stop %s' ends it", id, self_call(), id);
	else if (detail.run.status == RUN_SUCCEEDED && !from_start)
		status = error(EXIT_CONFLICT, "run %s succeeded: --from-start "
		    "runs it again", id);
	run_detail_release(&detail);
	return status;
}

/* The target knows the run, and makes another of it itself. */
static enum status
retry_there(struct context *context, const char *id)
{
	enum status status, printed = EXIT_DONE;
	char *new_id = NULL;

	status = may_retry(context, id);
	if (status == EXIT_DONE)
		status = context->target->ops->retry(context->target, id,
		    from_start, &new_id);
	if (status == EXIT_DONE && o.wait)
		status = launch_follow(context, new_id, o.timeout, false);
	if (status == EXIT_RUN)
		launch_tell_failure(context, new_id);
	if (new_id != NULL && (status == EXIT_DONE || status == EXIT_RUN ||
	    status == EXIT_PENDING))
		printed = print_result(context, new_id, status);
	free(new_id);
	return printed != EXIT_DONE ? printed : status;
}

static enum status
run_retry(struct context *context, const struct strvec *operands)
{
	const struct target_ops *ops = context->target->ops;
	enum status status;
	char *id;

	status = ops->resolve(context->target, operands->v[0], &id);
	if (status != EXIT_DONE)
		return status;
	status = ops->retry != NULL ? retry_there(context, id) :
	    retry_here(context, id);
	free(id);
	return status;
}

const struct cmd cmd_runs_watch = {
	.name = "watch",
	.synopsis = "RUN|latest [--timeout D]",
	.summary = "follow a run to its end, and exit as train does",
	.needs = CMD_NEEDS_READ,
	.of_store = true,
	.options = watch_options,
	.min_operands = 1,
	.max_operands = 1,
	.complete = "run",
	.run = run_watch,
};

const struct cmd cmd_runs_stop = {
	.name = "stop",
	.synopsis = "RUN|latest [--cause TEXT]",
	.summary = "stop a run that goes on",
	.needs = CMD_NEEDS_WRITE,
	.of_store = true,
	.options = stop_options,
	.min_operands = 1,
	.max_operands = 1,
	.complete = "run",
	.run = run_stop,
};

const struct cmd cmd_runs_retry = {
	.name = "retry",
	.synopsis = "RUN|latest [--from-start] [-j N] [--no-wait] "
	    "[--timeout D]",
	.summary = "finish in a new run what a run left undone",
	.needs = CMD_NEEDS_PLAN,
	.options = retry_options,
	.min_operands = 1,
	.max_operands = 1,
	.complete = "run",
	.run = run_retry,
};
