/* unionml fetch: takes what a run made out of the store. */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "cmd/cmd.h"
#include "cmd/deliver.h"
#include "cmd/fetch.h"
#include "cmd/output.h"
#include "cmd/schedules.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"

static struct {
	const char *output, *schedule;
	bool force;
} o;

static const struct opt fetch_options[] = {
	{ OPT_STRING, 0, "schedule", &o.schedule, "NAME",
	    "of the newest success of this schedule", "schedule", NULL },
	{ OPT_STRING, 'o', "output", &o.output, "PATH|-",
	    "where it goes (default: ./model, ./predictions; metrics: stdout)",
	    "file", NULL },
	{ OPT_FLAG, 0, "force", &o.force, NULL, "replace a file that exists",
	    NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static const struct {
	const char *name;
	enum run_artifact what;
	const char *path;
} things[] = {
	{ "model", ARTIFACT_MODEL, "model" },
	{ "predictions", ARTIFACT_PREDICTIONS, "predictions" },
	{ "metrics", ARTIFACT_METRICS, "-" },
};

static enum status
report(struct context *context, const struct artifact *artifact,
    const char *to)
{
	struct strbuf out = STRBUF_INIT;
	struct json_writer w;
	const char *path = artifact->path;
	char digest[65] = "";
	struct stat st;

	/* What lies elsewhere was written where it was wanted, if at all. */
	if (artifact->uri != NULL && stat(to, &st) == 0 &&
	    (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		path = to;
	if (strcmp(to, "-") == 0)
		return EXIT_DONE;
	if (path != NULL && tree_sha256(path, digest) != 0)
		return error_errno(EXIT_LOCAL, "cannot read '%s'", path);
	note("'%s' is of run %s%s%s", to, artifact->run,
	    *digest != '\0' ? ", sha256 " : "", digest);
	if (!context->globals.json)
		return EXIT_DONE;
	json_writer_init(&w, &out, true);
	json_begin_map(&w, NULL);
	json_put_text(&w, "run", artifact->run);
	json_put_text(&w, "path", to);
	json_put_text_or_null(&w, "sha256", *digest != '\0' ? digest :
	    NULL);
	json_end_map(&w);
	strbuf_addch(&out, '\n');
	output_write(&out);
	strbuf_release(&out);
	return EXIT_DONE;
}

enum status
fetch(struct context *context, const char *thing, const char *which,
    const char *output, bool force)
{
	const struct target_ops *ops = context->target->ops;
	struct artifact artifact = { NULL, NULL, NULL, NULL, false };
	enum status status = EXIT_DONE;
	const char *to;
	char *id = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(things); i++)
		if (strcmp(things[i].name, thing) == 0)
			break;
	if (i == ARRAY_SIZE(things))
		return error(EXIT_USAGE, "cannot fetch '%s': it is model, "
		    "predictions or metrics", thing);
	to = output != NULL ? output : things[i].path;
	if ((status = deliver_check(to, force)) != EXIT_DONE)
		return status;
	if (strcmp(which, "latest") != 0)
		status = ops->resolve(context->target, which, &id);
	if (status == EXIT_DONE)
		status = ops->artifact(context->target, things[i].what, id,
		    &artifact);
	if (status == EXIT_DONE)
		status = deliver(context->target, &artifact, to, force);
	if (status == EXIT_DONE)
		status = report(context, &artifact, to);
	artifact_release(&artifact);
	free(id);
	return status;
}

static enum status
keep_id(void *arg, const struct run *run)
{
	char **id = arg;

	*id = xstrdup(run->id);
	return EXIT_DONE;
}

static enum status
fetch_of_schedule(struct context *context, const char *thing)
{
	const struct run_filter newest = { .schedule = o.schedule,
	    .status = RUN_SUCCEEDED, .limit = 1 };
	enum workflow_kind kind;
	enum status status;
	char *id = NULL;

	status = schedules_kind(context, o.schedule, &kind);
	if (status == EXIT_DONE)
		status = context->target->ops->list(context->target, &newest,
		    keep_id, &id);
	if (status == EXIT_DONE && id == NULL)
		status = error(EXIT_CONFLICT, "no run of schedule '%s' has "
		    "succeeded yet", o.schedule);
	if (status == EXIT_DONE)
		status = fetch(context, thing, id, o.output, o.force);
	free(id);
	return status;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	const char *which = operands->n > 1 ? operands->v[1] : "latest";

	if (o.schedule == NULL)
		return fetch(context, operands->v[0], which, o.output,
		    o.force);
	if (strcmp(which, "latest") != 0)
		return error(EXIT_USAGE, "--schedule is its newest success, "
		    "and '%s' names a run", which);
	return fetch_of_schedule(context, operands->v[0]);
}

const struct cmd cmd_fetch = {
	.name = "fetch",
	.synopsis = "model|predictions|metrics [RUN|latest] "
	    "[--schedule NAME] [-o PATH|-] [--force]",
	.summary = "write a run's model, predictions or metrics to a file",
	.needs = CMD_NEEDS_READ,
	.options = fetch_options,
	.min_operands = 1,
	.max_operands = 2,
	.complete = "model|predictions|metrics run",
	.run = run,
};
