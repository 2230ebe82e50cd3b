/* unionml deactivate-schedules: fires them no more, whatever is deployed. */
#include "lib/base/compat.h"

#include "cmd/activation.h"
#include "cmd/cmd.h"

static struct strvec names = STRVEC_INIT;
static struct activation_options o = { .names = &names };

static const struct opt deactivate_options[] = {
	{ OPT_STRINGS, 0, "name", &names, "NAME",
	    "the schedule NAME; the same as the operand", "schedule", NULL },
	{ OPT_STRING, 0, "note", &o.note, "TEXT",
	    "why: one line, shown by 'unionml schedule'", NULL, NULL },
	{ OPT_STRING, 'v', "app-version", &o.version, "VERSION",
	    "only schedules whose next slots are VERSION's", "version", NULL },
	{ OPT_FLAG, 0, "now", &o.now, NULL,
	    "do not wait for a moment without slots, where a target needs one",
	    NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static enum status
run(struct context *context, const struct strvec *operands)
{
	return activation_run(context, operands, &o, false);
}

const struct cmd cmd_deactivate_schedules = {
	.name = "deactivate-schedules",
	.synopsis = "[NAME]... [--name NAME]... [--note TEXT] [-v VERSION] "
	    "[--now]",
	.summary = "deactivate schedules, all or those named",
	.needs = CMD_NEEDS_READ,
	.of_store = true,
	.options = deactivate_options,
	.max_operands = -1,
	.complete = "schedule",
	.run = run,
};
