/* A run from the command line: its inputs, its progress, its failure. */
#include "lib/base/compat.h"

#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/launch.h"
#include "cmd/output.h"
#include "cmd/progress.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/self.h"
#include "lib/base/signals.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"

enum { TAIL_BYTES = 4096, TAIL_LINES = 20 };

/* What the cluster does not know of an input: that it is for us to fill in. */
static void
take_nows(const struct workflow *own, struct workflow *registered)
{
	const struct variable *v;
	size_t i;

	for (i = 0; own != NULL && i < registered->inputs.n; i++) {
		v = interface_find(&own->inputs, registered->inputs.v[i].name);
		if (v != NULL && v->now &&
		    registered->inputs.v[i].type->kind == TYPE_DATETIME)
			registered->inputs.v[i].now = true;
	}
}

static enum status
registered_workflow(struct context *context,
    const struct launch_options *options, enum workflow_kind kind,
    const struct workflow **workflow)
{
	struct arena *arena = &context->plan.arena;
	struct workflow *found = arena_alloc(arena, sizeof(*found));
	const char *version = options->version;
	enum status status;

	status = context->target->ops->registered(context->target, arena,
	    kind, &version, found);
	if (status != EXIT_DONE)
		return status;
	take_nows(plan_workflow(&context->plan, kind), found);
	free(context->version);
	context->version = xstrdup(version);
	*workflow = found;
	return EXIT_DONE;
}

enum status
launch_workflow(struct context *context, const struct launch_options *options,
    enum workflow_kind kind, const struct workflow **workflow)
{
	enum status status;

	if (context->target->ops->registered != NULL)
		return registered_workflow(context, options, kind, workflow);
	if (options->version != NULL && context->version == NULL) {
		status = context_use_version(context, options->version);
		if (status != EXIT_DONE)
			return status;
	}
	*workflow = plan_workflow(&context->plan, kind);
	if (*workflow != NULL)
		return EXIT_DONE;
	return error(EXIT_INPUT, "'%s' makes no workflow '%s': it has no %s",
	    context->app.file, workflow_name(kind),
	    app_lacks(&context->app, kind));
}

/* -i: the JSON itself, @FILE, or - for stdin. */
static enum status
read_document(struct arena *arena, const char *text, struct json **document)
{
	struct strbuf sb = STRBUF_INIT;
	const char *from = "-i", *why = "";
	int ret = 0;

	if (strcmp(text, "-") == 0) {
		from = "stdin";
		ret = read_fd(STDIN_FILENO, &sb, JSON_SIZE_MAX);
	} else if (text[0] == '@') {
		from = text + 1;
		ret = read_file(from, &sb, JSON_SIZE_MAX);
	} else {
		strbuf_addstr(&sb, text);
	}
	if (ret != 0) {
		strbuf_release(&sb);
		return error_errno(EXIT_INPUT, "cannot read inputs from '%s'",
		    from);
	}
	*document = json_parse(arena, sb.buf, sb.len, &why);
	strbuf_release(&sb);
	if (*document == NULL)
		return error(EXIT_INPUT, "inputs of %s: %s", from, why);
	if ((*document)->kind != JSON_MAP)
		return error(EXIT_INPUT, "inputs of %s: expected an object, "
		    "got %s", from, json_kind_name(*document));
	return EXIT_DONE;
}

enum status
launch_inputs(struct arena *arena, const struct launch_options *options,
    const struct workflow *workflow, struct inputs *inputs)
{
	struct inputs_request request = {
		.interface = &workflow->inputs,
		.workflow = workflow_name(workflow->kind),
		.pairs = &options->pairs,
		.now = { clock_now().sec, 0 },
	};
	struct json *document = NULL;
	enum status status;
	char *cwd = path_absolute(".");

	request.base = arena_strdup(arena, cwd);
	free(cwd);
	if (options->inputs != NULL) {
		status = read_document(arena, options->inputs, &document);
		if (status != EXIT_DONE)
			return status;
		request.document = document;
	}
	return inputs_resolve(arena, &request, inputs);
}

static void
tell_still_running(const char *id)
{
	note("run %s goes on: '%s runs watch %s' follows it", id, self_call(),
	    id);
}

static void NORETURN
raise_signal(struct context *context, int signum)
{
	context_tear_down(context);
	signals_raise(signum);
}

static void
tell_aborted(const char *id)
{
	note("run %s aborted: '%s runs retry %s' goes on with it", id,
	    self_call(), id);
}

enum status
launch_follow(struct context *context, const char *id, struct span timeout,
    bool stop)
{
	const struct target_ops *ops = context->target->ops;
	struct progress progress;
	enum status status;
	int signum = 0;

	/* On a cluster it goes on; here nobody else would stop it. */
	stop = stop && !ops->remote;
	progress_init(&progress);
	status = ops->watch(context->target, id, &progress.observer,
	    span_ms(timeout), &signum);
	if (signum != 0 && stop)
		ops->stop(context->target, id, NULL);
	progress_end(&progress);
	if (signum != 0 && stop)
		tell_aborted(id);
	else if (status == EXIT_PENDING || (signum != 0 && ops->remote))
		tell_still_running(id);
	if (signum != 0)
		raise_signal(context, signum);
	return status;
}

static enum status
wait_for(struct context *context, const struct launch_options *options,
    const struct run_request *request, const char *id)
{
	const struct target_ops *ops = context->target->ops;
	struct progress progress;
	enum status status;
	int signum = 0;

	if (ops->remote)
		return launch_follow(context, id, options->timeout, false);
	if (!span_is_zero(options->timeout)) {
		status = ops->detach(context->target, request, id);
		return status != EXIT_DONE ? status :
		    launch_follow(context, id, options->timeout, true);
	}
	progress_init(&progress);
	status = ops->execute(context->target, request, id,
	    &progress.observer, &signum);
	progress_end(&progress);
	if (signum != 0) {
		tell_aborted(id);
		raise_signal(context, signum);
	}
	return status;
}

/* The last lines of a log, indented; only those of the last attempt. */
static void
print_tail(const struct run_log *log)
{
	struct strbuf sb = STRBUF_INIT;
	const char *line, *end, *from;
	int lines = 0;

	if (log->text != NULL) {
		strbuf_addstr(&sb, log->text);
	} else if (read_tail(log->path, &sb, TAIL_BYTES) != 0) {
		strbuf_release(&sb);
		return;
	}
	strbuf_rtrim(&sb);
	from = sb.buf + sb.len;
	while (from > sb.buf && lines < TAIL_LINES) {
		for (line = from; line > sb.buf && line[-1] != '\n'; line--)
			;
		if (strncmp(line, "unionml: attempt ", 17) == 0)
			break;
		lines++;
		from = line > sb.buf ? line - 1 : line;
	}
	if (*from == '\n')
		from++;
	for (line = from; *line != '\0'; line = *end != '\0' ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		hint("%.*s", (int)(end - line), line);
	}
	strbuf_release(&sb);
}

static const struct node_run *
failed_node(const struct run_detail *detail)
{
	size_t i;

	for (i = 0; i < detail->n_nodes; i++)
		if (detail->node[i].status == RUN_FAILED)
			return &detail->node[i];
	return NULL;
}

void
launch_tell_failure(struct context *context, const char *id)
{
	const struct target_ops *ops = context->target->ops;
	const struct node_run *node;
	struct run_detail detail;
	struct run_log log;

	if (ops->show(context->target, id, &detail) != EXIT_DONE)
		return;
	node = failed_node(&detail);
	if (node == NULL) {
		error(EXIT_RUN, "run %s %s%s%s", id,
		    run_status_name(detail.run.status),
		    detail.run.error != NULL ? ": " : "",
		    detail.run.error != NULL ? detail.run.error : "");
		hint("go on with it: %s runs retry %s", self_call(), id);
		run_detail_release(&detail);
		return;
	}
	if (ops->log(context->target, id, node->name, &log) == EXIT_DONE) {
		if (err_verbosity() > QUIET)
			print_tail(&log);
		error(EXIT_RUN, "run %s failed in %s: %s", id, node->name,
		    node->error != NULL ? node->error : "no reason known");
		hint("whole log: %s runs log %s %s", self_call(), id,
		    node->name);
		hint("again from there: %s runs retry %s", self_call(), id);
		run_log_release(&log);
	}
	run_detail_release(&detail);
}

static enum status
make_and_wait(struct context *context, const struct launch_options *options,
    const struct launch *launch, char **id)
{
	const struct target_ops *ops = context->target->ops;
	struct run_request request = {
		.plan = &context->plan,
		.workflow = launch->workflow,
		.inputs = launch->inputs,
		.model = launch->model,
		.retry_of = launch->retry_of,
		.from_start = launch->from_start,
		.version = context->version,
		.directory = context->snapshot.directory,
		.jobs = (int)options->jobs,
	};
	enum status status;

	status = ops->create(context->target, &request, id);
	if (status != EXIT_DONE)
		return status;
	if (!options->wait)
		return ops->remote ? EXIT_DONE :
		    ops->detach(context->target, &request, *id);
	return wait_for(context, options, &request, *id);
}

enum status
launch_run(struct context *context, const struct launch_options *options,
    const struct launch *launch, enum status (*print)(struct context *context,
    const char *id, enum status ended))
{
	enum status status, printed = EXIT_DONE;
	char *id = NULL;

	status = make_and_wait(context, options, launch, &id);
	if (status == EXIT_RUN)
		launch_tell_failure(context, id);
	if (id != NULL && (status == EXIT_DONE || status == EXIT_RUN ||
	    status == EXIT_PENDING))
		printed = print(context, id, status);
	free(id);
	return printed != EXIT_DONE ? printed : status;
}

enum status
launch_write_json(struct context *context, const char *id,
    struct json_writer *w)
{
	struct run_detail detail;
	enum status status;

	status = context->target->ops->show(context->target, id, &detail);
	if (status != EXIT_DONE)
		return status;
	run_write_json(w, &detail.run);
	json_put_text_or_null(w, "error", detail.run.error);
	run_detail_release(&detail);
	return EXIT_DONE;
}

static enum status
print_json(struct context *context, const char *id, const char *metrics)
{
	struct strbuf out = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const char *why = "";
	struct json_writer w;
	enum status status;

	json_writer_init(&w, &out, true);
	json_begin_map(&w, NULL);
	status = launch_write_json(context, id, &w);
	if (metrics != NULL)
		json_put(&w, "metrics", json_parse(&arena, metrics,
		    strlen(metrics), &why));
	else
		json_put_null(&w, "metrics");
	json_end_map(&w);
	strbuf_addch(&out, '\n');
	if (status == EXIT_DONE)
		output_write(&out);
	strbuf_release(&out);
	arena_release(&arena);
	return status;
}

enum status
launch_print(struct context *context, const char *id, enum status ended,
    const char *metrics)
{
	struct strbuf out = STRBUF_INIT;

	if (context->globals.json)
		return print_json(context, id, metrics);
	if (ended != EXIT_DONE)
		return EXIT_DONE;
	strbuf_addf(&out, "%s\n", id);
	if (metrics != NULL)
		output_metrics(&out, metrics);
	output_write(&out);
	strbuf_release(&out);
	return EXIT_DONE;
}
