/* unionml schedule: the subcommands' table. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"

static const struct cmd *const subcommands[] = {
	&cmd_schedule_simulate,
	&cmd_schedule_next,
	&cmd_schedule_explain,
	&cmd_schedule_audit,
	NULL
};

const struct cmd cmd_schedule = {
	.name = "schedule",
	.synopsis = "[simulate|next|explain|audit] [arguments]",
	.summary = "look into schedules",
	.complete = "subcommand",
	.sub = subcommands,
};
