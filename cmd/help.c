/* unionml help: the commands, or one of them. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/dump.h"
#include "cmd/output.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"

static bool dump;
static const char *words;

static const struct opt help_options[] = {
	{ OPT_FLAG, 0, "dump-commands", &dump, NULL,
	    "print the names of all commands, for scripts", NULL, NULL },
	{ OPT_CHOICE, 0, "dump", &words, "WORDS",
	    "print the words that completion offers: inputs (of a command), "
	    "nodes (of a run), options (before a command), runs, schedules, "
	    "targets, timezones or versions", NULL, dump_kinds },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

/* NAME TAB summary TAB what operands are; subcommands as `runs list`. */
static void
dump_commands(void)
{
	const struct cmd *const *c, *const *s;

	for (c = commands; *c != NULL; c++) {
		printf("%s\t%s\t%s\n", (*c)->name, (*c)->summary,
		    (*c)->complete != NULL ? (*c)->complete : "");
		for (s = (*c)->sub; s != NULL && *s != NULL; s++)
			printf("%s %s\t%s\t%s\n", (*c)->name, (*s)->name,
			    (*s)->summary, (*s)->complete != NULL ?
			    (*s)->complete : "");
	}
}

static void
print_overview(struct context *context)
{
	struct strbuf sb = STRBUF_INIT;
	const struct cmd *const *c;

	strbuf_addstr(&sb, "usage: unionml [options] COMMAND [arguments]\n\n"
	    "Machine learning on a schedule: reads unionml.yaml, compiles it "
	    "to workflows\nand runs them.\n\n");
	for (c = commands; *c != NULL; c++)
		strbuf_addf(&sb, "  %-20s %s\n", (*c)->name, (*c)->summary);
	strbuf_addstr(&sb, "\nOptions before a command (the long ones also "
	    "behind it):\n\n");
	opt_usage(&sb, global_options(&context->globals, true));
	strbuf_addstr(&sb, "\n'unionml help COMMAND' tells more about one; "
	    "unionml.yaml(5) is about the app file.\n");
	output_write(&sb);
	strbuf_release(&sb);
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	const struct cmd *cmd;
	char *prefix;

	if (dump) {
		dump_commands();
		return EXIT_DONE;
	}
	if (words != NULL) {
		dump_words(context, words, operands->v[0]);
		return EXIT_DONE;
	}
	if (operands->n == 0) {
		print_overview(context);
		return EXIT_DONE;
	}
	cmd = cmd_find(commands, operands->v[0]);
	if (cmd == NULL)
		return cmd_unknown(commands, "", operands->v[0]);
	if (operands->n == 1) {
		cmd_print_help(cmd, "");
		return EXIT_DONE;
	}
	if (cmd->sub == NULL)
		return error(EXIT_USAGE, "'%s' has no commands below it",
		    cmd->name);
	prefix = xasprintf("%s ", cmd->name);
	cmd = cmd_find(cmd->sub, operands->v[1]);
	if (cmd != NULL)
		cmd_print_help(cmd, prefix);
	else
		cmd_unknown(cmd_find(commands, operands->v[0])->sub, prefix,
		    operands->v[1]);
	free(prefix);
	return cmd != NULL ? EXIT_DONE : EXIT_USAGE;
}

const struct cmd cmd_help = {
	.name = "help",
	.synopsis = "[COMMAND [SUBCOMMAND]]",
	.summary = "list the commands, or tell about one",
	.needs = CMD_NEEDS_NOTHING,
	.options = help_options,
	.max_operands = 2,
	.complete = "command subcommand",
	.run = run,
};
