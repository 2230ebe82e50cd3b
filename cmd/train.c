/* unionml train: runs NAME.train and prints the run's id and its metrics. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/launch.h"
#include "cmd/output.h"
#include "lib/base/strbuf.h"

static struct launch_options options = LAUNCH_OPTIONS_INIT;
static struct launch launch;

static const struct opt train_options[] = {
	LAUNCH_INPUT_ROWS(options),
	LAUNCH_WAIT_ROWS(options),
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

/* NULL if the run has none; the evaluator is optional. */
static enum status
get_metrics(struct context *context, const char *id,
    struct artifact *artifact)
{
	memset(artifact, 0, sizeof(*artifact));
	if (interface_find(&launch.workflow->outputs, "metrics") == NULL)
		return EXIT_DONE;
	return context->target->ops->artifact(context->target,
	    ARTIFACT_METRICS, id, artifact);
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

static enum status
print_result(struct context *context, const char *id, enum status ended)
{
	struct artifact artifact = { NULL, NULL, NULL, NULL, false };
	struct strbuf out = STRBUF_INIT;
	enum status status = EXIT_DONE;

	if (ended == EXIT_DONE && options.wait)
		status = get_metrics(context, id, &artifact);
	if (status == EXIT_DONE && context->globals.json) {
		status = print_json(context, id, artifact.text);
	} else if (status == EXIT_DONE && ended == EXIT_DONE) {
		strbuf_addf(&out, "%s\n", id);
		if (artifact.text != NULL)
			output_metrics(&out, artifact.text);
		output_write(&out);
		strbuf_release(&out);
	}
	artifact_release(&artifact);
	return status;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	struct inputs inputs = { NULL, 0 };
	struct arena arena = ARENA_INIT;
	enum status status;

	(void)operands;
	launch.inputs = &inputs;
	status = launch_workflow(context, &options, TRAIN, &launch.workflow);
	if (status == EXIT_DONE)
		status = launch_inputs(&arena, &options, launch.workflow,
		    &inputs);
	if (status == EXIT_DONE)
		status = launch_run(context, &options, &launch, print_result);
	strvec_release(&options.pairs);
	arena_release(&arena);
	return status;
}

const struct cmd cmd_train = {
	.name = "train",
	.synopsis = "[-i JSON|@FILE|-] [-p NAME=VALUE]... [-v VERSION] [-j N] "
	    "[--no-wait] [--timeout D]",
	.summary = "train a model and print the run id, then its metrics",
	.needs = CMD_NEEDS_PLAN,
	.options = train_options,
	.run = run,
};
