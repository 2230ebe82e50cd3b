/* The table of commands, and what can be told from it: usage, help, names. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "lib/base/strbuf.h"
#include "lib/base/suggest.h"

const struct cmd *const commands[] = {
	&cmd_init,
	&cmd_check,
	&cmd_compile,
	&cmd_deploy,
	&cmd_train,
	&cmd_predict,
	&cmd_schedule,
	&cmd_scheduler,
	&cmd_activate_schedules,
	&cmd_deactivate_schedules,
	&cmd_runs,
	&cmd_fetch,
	&cmd_list_model_versions,
	&cmd_list_prediction_ids,
	&cmd_list_scheduled_training_runs,
	&cmd_list_scheduled_prediction_runs,
	&cmd_fetch_model,
	&cmd_fetch_predictions,
	&cmd_config,
	&cmd_schema,
	&cmd_version,
	&cmd_help,
	NULL
};

const struct opt *
global_options(struct globals *globals, bool letters)
{
	static struct opt tables[2][8];
	struct opt *table = tables[letters];
	const struct opt rows[] = {
		{ OPT_STRING, 'C', "directory", &globals->directory, "DIR",
		    "go to DIR first", "dir", NULL },
		{ OPT_STRING, 0, "file", &globals->file, "FILE",
		    "the app file, instead of the nearest unionml.yaml",
		    "file", NULL },
		{ OPT_STRING, 't', "target", &globals->target, "TARGET",
		    "where to run: a target of the app file, or local",
		    "target", NULL },
		{ OPT_FLAG, 0, "json", &globals->json, NULL,
		    "print the result as JSON", NULL, NULL },
		{ OPT_FLAG, 'q', "quiet", &globals->quiet, NULL,
		    "no progress and no remarks, errors only", NULL, NULL },
		{ OPT_FLAG, 0, "verbose", &globals->verbose, NULL,
		    "print details, where there are any", NULL, NULL },
		{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
	};
	size_t i;

	memcpy(table, rows, sizeof(rows));
	for (i = 0; !letters && table[i].kind != OPT_END; i++)
		table[i].letter = 0;
	return table;
}

const struct cmd *
cmd_find(const struct cmd *const *table, const char *name)
{
	for (; *table != NULL; table++)
		if (strcmp((*table)->name, name) == 0)
			return *table;
	return NULL;
}

enum status
cmd_unknown(const struct cmd *const *table, const char *prefix,
    const char *name)
{
	const char *names[32], *near;
	size_t n = 0;

	for (; table[n] != NULL && n < ARRAY_SIZE(names); n++)
		names[n] = table[n]->name;
	near = suggest(name, names, n);
	if (near != NULL)
		return error(EXIT_USAGE, "no command '%s%s'. Did you mean "
		    "'%s%s'?", prefix, name, prefix, near);
	error(EXIT_USAGE, "no command '%s%s'", prefix, name);
	/* Where Dagster's and Metaflow's users look for it. */
	if (strcmp(prefix, "schedule ") == 0 && strcmp(name, "run") == 0)
		hint("'unionml scheduler' fires schedules; 'unionml schedule "
		    "trigger NAME' runs one now");
	if (*prefix != '\0')
		hint("unionml %s-h lists them", prefix);
	else
		hint("unionml help lists them");
	return EXIT_USAGE;
}

void
cmd_usage(const struct cmd *cmd, const char *prefix, struct strbuf *sb)
{
	strbuf_addf(sb, "usage: unionml %s%s%s%s\n", prefix, cmd->name,
	    *cmd->synopsis != '\0' ? " " : "", cmd->synopsis);
}

void
cmd_print_help(const struct cmd *cmd, const char *prefix)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	cmd_usage(cmd, prefix, &sb);
	strbuf_addf(&sb, "\n%c%s\n", toupper((unsigned char)cmd->summary[0]),
	    cmd->summary + 1);
	if (cmd->sub != NULL) {
		strbuf_addch(&sb, '\n');
		for (i = 0; cmd->sub[i] != NULL; i++)
			strbuf_addf(&sb, "  %-10s %s\n", cmd->sub[i]->name,
			    cmd->sub[i]->summary);
		strbuf_addf(&sb, "\n'unionml help %s COMMAND' tells more; "
		    "without one it is '%s'.\n", cmd->name,
		    cmd->sub[0]->name);
	}
	if (cmd->options != NULL) {
		strbuf_addch(&sb, '\n');
		opt_usage(&sb, cmd->options);
	}
	strbuf_addstr(&sb, "\n'unionml -h' tells of options that all commands "
	    "have, --json among them.\n");
	fputs(sb.buf, stdout);
	strbuf_release(&sb);
}
