/*
 * unionml scheduler: fires what is deployed on a local target. What it runs are
 * deployed versions, so an app file that somebody is just editing does not stop
 * it from coming up again: of that file it needs no more than where the store
 * lies.
 */
#include "lib/base/compat.h"

#include <signal.h>

#include "cmd/cmd.h"
#include "cmd/schedulerlog.h"
#include "lib/base/signals.h"

static struct {
	bool once, adopt;
	long jobs;
	struct span grace;
} o = { .grace = { 30, 0 } };

static const struct opt scheduler_options[] = {
	{ OPT_FLAG, 0, "once", &o.once, NULL,
	    "do what is due, wait for its runs, and exit", NULL, NULL },
	{ OPT_COUNT, 'j', "jobs", &o.jobs, "N",
	    "at most N runs at once (default: as many as cores)", NULL, NULL },
	{ OPT_SPAN, 0, "grace", &o.grace, "D",
	    "when told to stop, wait D for runs to end (default 30s)", NULL,
	    NULL },
	{ OPT_FLAG, 0, "adopt", &o.adopt, NULL,
	    "take the place of the store that this one is a copy of", NULL,
	    NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static enum status
serve(struct context *context)
{
	struct scheduler_log log = { .json = context->globals.json,
		.quiet = context->globals.quiet };
	const struct scheduler_request request = {
		.once = o.once,
		.jobs = (int)o.jobs,
		.grace_ms = span_ms(o.grace),
		.adopt = o.adopt,
		.arg = &log,
		.event = scheduler_log,
	};
	const struct schedule_ops *ops = context->target->ops->schedules;
	enum status status;
	int signum = 0;

	if (ops->serve == NULL)
		return error(EXIT_INPUT, "target '%s' fires its schedules "
		    "itself: there is nothing to do for a scheduler",
		    context->globals.target != NULL ?
		    context->globals.target : context->app.default_target);
	/* Who reads the log may go; what is due is due all the same. */
	if (!o.once)
		signal(SIGPIPE, SIG_IGN);
	status = ops->serve(context->target, &request, &signum);
	if (signum != 0) {
		context_tear_down(context);
		signals_raise(signum);
	}
	return status == EXIT_DONE && o.once && log.failed ? EXIT_RUN :
	    status;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	(void)operands;
	return serve(context);
}

const struct cmd cmd_scheduler = {
	.name = "scheduler",
	.synopsis = "[--once] [-j N] [--grace D] [--adopt]",
	.summary = "fire the schedules that are deployed on a local target",
	.needs = CMD_NEEDS_WRITE,
	.of_store = true,
	.options = scheduler_options,
	.run = run,
};
