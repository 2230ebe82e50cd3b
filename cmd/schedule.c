/* unionml schedule: the subcommands' table. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"

static const struct cmd *const subcommands[] = {
	&cmd_schedule_simulate,
	NULL
};

const struct cmd cmd_schedule = {
	.name = "schedule",
	.synopsis = "[simulate] [arguments]",
	.summary = "look into schedules",
	.complete = "subcommand",
	.sub = subcommands,
};
