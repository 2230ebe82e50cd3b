/*
 * unionml: machine learning on a schedule. main reads the global options,
 * finds the command's row, sets up what it needs, calls it, and looks whether
 * stdout was written.
 */
#include "lib/base/compat.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "lib/base/self.h"
#include "lib/base/signals.h"
#include "lib/base/strbuf.h"
#include "lib/base/tempfile.h"
#include "lib/base/xalloc.h"

/* What is half written goes, then the signal does what it does. */
static void
on_fatal_signal(int signum)
{
	tempfile_unlink_all();
	signal(signum, SIG_DFL);
	raise(signum);
}

static void
handle_signals(void)
{
	static const int fatal[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa, former;
	size_t i;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_fatal_signal;
	sigemptyset(&sa.sa_mask);
	for (i = 0; i < ARRAY_SIZE(fatal); i++)
		if (sigaction(fatal[i], NULL, &former) == 0 &&
		    former.sa_handler != SIG_IGN)
			sigaction(fatal[i], &sa, NULL);
}

static bool
takes_inputs(const struct cmd *cmd)
{
	const struct opt *opt = cmd->options;

	for (; opt != NULL && opt->kind != OPT_END; opt++)
		if (opt->letter == 'p')
			return true;
	return false;
}

/* Who knows an app's inputs will try to give them as options. */
static enum status
usage_error(const struct cmd *cmd, const char *prefix)
{
	struct strbuf sb = STRBUF_INIT;

	cmd_usage(cmd, prefix, &sb);
	strbuf_rtrim(&sb);
	err_line(sb.buf, sb.len);
	if (takes_inputs(cmd))
		hint("an input of the app is given by -p NAME=VALUE");
	strbuf_release(&sb);
	return EXIT_USAGE;
}

static enum status
check_operands(const struct cmd *cmd, const char *prefix,
    const struct strvec *operands)
{
	if (operands->n < (size_t)cmd->min_operands) {
		error(EXIT_USAGE, "%s%s needs an argument more", prefix,
		    cmd->name);
		return usage_error(cmd, prefix);
	}
	if (cmd->max_operands >= 0 &&
	    operands->n > (size_t)cmd->max_operands) {
		error(EXIT_USAGE, "%s%s takes no argument '%s'", prefix,
		    cmd->name, operands->v[cmd->max_operands]);
		return usage_error(cmd, prefix);
	}
	return EXIT_DONE;
}

static void
dump_options(const struct cmd *cmd, struct globals *globals)
{
	struct strbuf sb = STRBUF_INIT;

	if (cmd->options != NULL)
		opt_dump(&sb, cmd->options);
	opt_dump(&sb, global_options(globals, false));
	fputs(sb.buf, stdout);
	strbuf_release(&sb);
}

/* A first operand with a colon is UnionML's way to name an app. */
static void
take_unionml_name(struct context *context, const struct cmd *cmd,
    struct strvec *operands)
{
	size_t i;

	if (cmd->needs == CMD_NEEDS_NOTHING || operands->n == 0 ||
	    strchr(operands->v[0], ':') == NULL)
		return;
	context->unionml_name = operands->v[0];
	for (i = 0; i + 1 < operands->n; i++)
		operands->v[i] = operands->v[i + 1];
	operands->v[--operands->n] = NULL;
}

static enum status
run_command(struct context *context, const struct cmd *cmd,
    const char *prefix, int argc, char **argv)
{
	const struct opt *tables[3] = { NULL, NULL, NULL };
	struct strvec operands = STRVEC_INIT;
	enum status status;
	bool help = false;
	char *name;
	int n = 0;

	if (argc == 2 && strcmp(argv[1], "--dump-options") == 0) {
		dump_options(cmd, &context->globals);
		return EXIT_DONE;
	}
	if (cmd->options != NULL)
		tables[n++] = cmd->options;
	tables[n] = global_options(&context->globals, false);
	status = opt_parse(argc, argv, tables, false, &operands, &help);
	if (status != EXIT_DONE) {
		status = usage_error(cmd, prefix);
		goto out;
	}
	if (help) {
		cmd_print_help(cmd, prefix);
		goto out;
	}
	take_unionml_name(context, cmd, &operands);
	name = (char *)context->unionml_name;
	if ((status = check_operands(cmd, prefix, &operands)) != EXIT_DONE)
		goto out_name;
	self_set_target(context->globals.target);
	err_set_verbosity(context->globals.quiet ? QUIET :
	    context->globals.verbose ? VERBOSE : NORMAL);
	if (context->globals.directory != NULL &&
	    chdir(context->globals.directory) != 0) {
		status = error_errno(EXIT_LOCAL, "cannot enter '%s'",
		    context->globals.directory);
		goto out_name;
	}
	context->of_store = cmd->of_store;
	if ((status = context_set_up(context, cmd->needs)) == EXIT_DONE)
		status = cmd->run(context, &operands);
	context_tear_down(context);
out_name:
	free(name);
out:
	strvec_release(&operands);
	return status;
}

/* `runs list` is a row below `runs`; `runs` alone is its first row. */
static enum status
dispatch(struct context *context, int argc, char **argv)
{
	const struct cmd *cmd = cmd_find(commands, argv[0]), *sub;
	char *prefix;
	enum status status;

	if (cmd == NULL)
		return cmd_unknown(commands, "", argv[0]);
	if (cmd->sub == NULL)
		return run_command(context, cmd, "", argc, argv);
	if (argc == 2 && (strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "--help") == 0)) {
		cmd_print_help(cmd, "");
		return EXIT_DONE;
	}
	prefix = xasprintf("%s ", cmd->name);
	sub = cmd->sub[0];
	if (argc > 1 && argv[1][0] != '-' && strchr(argv[1], ':') == NULL) {
		sub = cmd_find(cmd->sub, argv[1]);
		argc--;
		argv++;
	}
	if (sub == NULL)
		status = cmd_unknown(cmd->sub, prefix, argv[0]);
	else
		status = run_command(context, sub, prefix, argc, argv);
	free(prefix);
	return status;
}

/* A full disk behind stdout is only seen here. */
static enum status
close_stdout(enum status status)
{
	bool failed = ferror(stdout) != 0;

	errno = err_stdout_errno();
	if (fflush(stdout) != 0 || failed || fclose(stdout) != 0)
		return error_errno(EXIT_LOCAL, "cannot write to stdout");
	return status;
}

/*
 * A file opened later must not become stdout because the caller closed it.
 * What takes its place cannot be written to, so that it is still an error.
 */
static void
occupy_standard_fds(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int
main(int argc, char **argv)
{
	struct context context;
	struct strvec rest = STRVEC_INIT;
	const struct opt *tables[2] = { NULL, NULL };
	enum status status;
	bool help = false;
	char *no_command[] = { (char *)"help", NULL };

	memset(&context, 0, sizeof(context));
	occupy_standard_fds();
	signal(SIGPIPE, SIG_DFL);
	handle_signals();
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		argv[1] = (char *)"version";
	tables[0] = global_options(&context.globals, true);
	status = opt_parse(argc, argv, tables, true, &rest, &help);
	if (status != EXIT_DONE)
		hint("usage: unionml [options] COMMAND [arguments]; "
		    "'unionml help' lists the commands");
	else if (help)
		status = dispatch(&context, 1, no_command);
	else if (rest.n == 0)
		status = error(EXIT_USAGE, "no command given: 'unionml help' "
		    "lists them");
	else
		status = dispatch(&context, (int)rest.n, rest.v);
	strvec_release(&rest);
	return (int)close_stdout(status);
}
