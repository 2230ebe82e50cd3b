/*
 * unionml schedule trigger: a run of a schedule now, or the run of one of its
 * slots. Asked again for a slot that has its run, it waits for that one.
 */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/launch.h"
#include "cmd/times.h"
#include "lib/target/scheduling.h"

static struct launch_options wait_options = LAUNCH_OPTIONS_INIT;
static const char *at, *overlap;

static const char *const overlaps[] = { "allow", NULL };

static const struct opt trigger_options[] = {
	{ OPT_STRING, 0, "at", &at, "T",
	    "the run of the slot at T, if it has none yet", NULL, NULL },
	{ OPT_CHOICE, 0, "overlap", &overlap, "allow",
	    "though a run of the schedule goes on", NULL, overlaps },
	LAUNCH_FOLLOW_ROWS(wait_options),
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

/* What the app file of today declares says nothing about the run's. */
static enum status
print_result(struct context *context, const char *id, enum status ended)
{
	struct run_outputs outputs = { .v = NULL };
	enum status status = EXIT_DONE;

	if (ended == EXIT_DONE && wait_options.wait)
		status = context->target->ops->outputs(context->target, id,
		    &outputs);
	if (status == EXIT_DONE)
		status = launch_print(context, id, ended, outputs.metrics);
	run_outputs_release(&outputs);
	return status;
}

static enum status
wait_and_print(struct context *context, const char *id, bool already)
{
	enum status printed = EXIT_DONE, status = EXIT_DONE;

	if (wait_options.wait)
		status = launch_follow(context, id, wait_options.timeout,
		    !already);
	if (status == EXIT_RUN)
		launch_tell_failure(context, id);
	if (status == EXIT_DONE || status == EXIT_RUN ||
	    status == EXIT_PENDING)
		printed = print_result(context, id, status);
	return printed != EXIT_DONE ? printed : status;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	struct start_request request = {
		.schedule = operands->v[0],
		.origin = ORIGIN_TRIGGER,
		.has_slot = at != NULL,
		.allow_overlap = overlap != NULL,
	};
	enum status status = EXIT_DONE;
	struct instant t = { 0, 0 };
	bool already;
	char *id;

	if (at != NULL)
		status = parse_instant("--at", at, &t);
	if (status == EXIT_DONE && t.nsec != 0)
		status = error(EXIT_USAGE, "--at '%s': no slot lies within a "
		    "second", at);
	request.t = t.sec;
	if (status == EXIT_DONE)
		status = context->target->ops->schedules->start(
		    context->target, &request, &id, &already);
	if (status != EXIT_DONE)
		return status;
	if (already)
		note("the slot of %s at %s has its run already: %s",
		    request.schedule, at, id);
	status = wait_and_print(context, id, already);
	free(id);
	return status;
}

const struct cmd cmd_schedule_trigger = {
	.name = "trigger",
	.synopsis = "NAME [--at T] [--overlap allow] [--no-wait] "
	    "[--timeout D]",
	.summary = "run a schedule by hand, now or for one of its slots",
	.needs = CMD_NEEDS_WRITE,
	.of_store = true,
	.options = trigger_options,
	.min_operands = 1,
	.max_operands = 1,
	.complete = "schedule",
	.run = run,
};
