/* unionml activate-schedules: fires them from now on. */
#include "lib/base/compat.h"

#include "cmd/activation.h"
#include "cmd/cmd.h"

static struct strvec names = STRVEC_INIT;
static struct activation_options o = { .names = &names };

static const struct opt activate_options[] = {
	{ OPT_STRINGS, 0, "name", &names, "NAME",
	    "the schedule NAME; the same as the operand", "schedule", NULL },
	{ OPT_STRING, 'v', "app-version", &o.version, "VERSION",
	    "hand them over to a version: by its app file", "version", NULL },
	{ OPT_FLAG, 0, "now", &o.now, NULL,
	    "do not wait for a moment without slots, where a target needs one",
	    NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static enum status
run(struct context *context, const struct strvec *operands)
{
	return activation_run(context, operands, &o, true);
}

const struct cmd cmd_activate_schedules = {
	.name = "activate-schedules",
	.synopsis = "[NAME]... [--name NAME]... [-v VERSION] [--now]",
	.summary = "activate schedules, all or those named",
	.needs = CMD_NEEDS_READ,
	.of_store = true,
	.options = activate_options,
	.max_operands = -1,
	.complete = "schedule",
	.run = run,
};
