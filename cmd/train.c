/* unionml train: runs NAME.train and prints the run's id and its metrics. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/launch.h"

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
print_result(struct context *context, const char *id, enum status ended)
{
	struct artifact artifact = { NULL, NULL, NULL, NULL, false };
	enum status status = EXIT_DONE;

	if (ended == EXIT_DONE && options.wait)
		status = get_metrics(context, id, &artifact);
	if (status == EXIT_DONE)
		status = launch_print(context, id, ended, artifact.text);
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
