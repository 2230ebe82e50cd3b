/*
 * UnionML's own names for the runs of a schedule:
 * list-scheduled-training-runs and list-scheduled-prediction-runs. Each is
 * for the schedules of its kind, and says so of others.
 */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/runs.h"
#include "cmd/schedules.h"

static const char *version;
static long limit = 20;

static const struct opt list_options[] = {
	{ OPT_STRING, 'v', "app-version", &version, "VERSION",
	    "only of this deployed version", "version", NULL },
	{ OPT_COUNT, 0, "limit", &limit, "N",
	    "only the N newest (default 20; 0: all)", NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static enum status
list(struct context *context, const char *name, enum workflow_kind kind)
{
	struct run_filter filter = { .schedule = name, .status = -1,
	    .app_version = version, .limit = limit };
	enum workflow_kind actual;
	enum status status;

	status = schedules_kind(context, name, &actual);
	if (status != EXIT_DONE)
		return status;
	if (actual != kind)
		return error(EXIT_CONFLICT, "schedule '%s' is of workflow "
		    "'%s': unionml %s %s lists its runs", name,
		    workflow_name(actual), actual == TRAIN ?
		    "list-scheduled-training-runs" :
		    "list-scheduled-prediction-runs", name);
	return runs_print(context, &filter);
}

static enum status
list_training(struct context *context, const struct strvec *operands)
{
	return list(context, operands->v[0], TRAIN);
}

static enum status
list_prediction(struct context *context, const struct strvec *operands)
{
	return list(context, operands->v[0], PREDICT);
}

const struct cmd cmd_list_scheduled_training_runs = {
	.name = "list-scheduled-training-runs",
	.synopsis = "NAME [-v VERSION] [--limit N]",
	.summary = "runs of a training schedule (UnionML's name)",
	.needs = CMD_NEEDS_READ,
	.of_store = true,
	.options = list_options,
	.min_operands = 1,
	.max_operands = 1,
	.complete = "schedule",
	.run = list_training,
};

const struct cmd cmd_list_scheduled_prediction_runs = {
	.name = "list-scheduled-prediction-runs",
	.synopsis = "NAME [-v VERSION] [--limit N]",
	.summary = "runs of a prediction schedule (UnionML's name)",
	.needs = CMD_NEEDS_READ,
	.of_store = true,
	.options = list_options,
	.min_operands = 1,
	.max_operands = 1,
	.complete = "schedule",
	.run = list_prediction,
};
