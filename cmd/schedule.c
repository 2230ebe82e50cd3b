/* unionml schedule: the subcommands' table. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"

static const struct cmd *const subcommands[] = {
	&cmd_schedule_list,
	&cmd_schedule_next,
	&cmd_schedule_explain,
	&cmd_schedule_audit,
	&cmd_schedule_backfill,
	&cmd_schedule_trigger,
	&cmd_schedule_simulate,
	NULL
};

const struct cmd cmd_schedule = {
	.name = "schedule",
	.synopsis = "[list|next|explain|audit|backfill|trigger|simulate] "
	    "[arguments]",
	.summary = "list schedules, tell when they fire and what became of "
	    "them",
	.complete = "subcommand",
	.sub = subcommands,
};
