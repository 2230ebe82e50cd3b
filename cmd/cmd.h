/*
 * Commands as rows of a table. main.c parses the options by the row's own
 * table, sets up what the row says it needs, calls it, and makes sure that
 * stdout was really written.
 *
 * To add a command: a file cmd/NAME.c with its options and `const struct cmd
 * cmd_NAME`, its declaration below, its row in cmd/commands.c, a page
 * man/unionml-NAME.1, and a test that calls it. `make lint` asks for the
 * last two; completion and `help` read the table.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "lib/base/compat.h"
#include "lib/base/diag.h"
#include "lib/base/err.h"
#include "lib/base/opt.h"
#include "lib/model/app.h"
#include "lib/plan/plan.h"
#include "lib/target/target.h"

/* What main sets up before a command runs; each implies those above it. */
enum cmd_need {
	CMD_NEEDS_NOTHING,
	CMD_LOADS_APP,		/* the command itself loads the app file */
	CMD_NEEDS_APP,		/* the app file, without errors */
	CMD_NEEDS_READ,		/* the target, to look at */
	CMD_NEEDS_WRITE,	/* the target, to change */
	CMD_NEEDS_PLAN		/* the plan too */
};

struct globals {
	const char *directory;
	const char *file;
	const char *target;	/* NULL: the app's default */
	bool json, quiet, verbose;
};

struct context {
	struct globals globals;
	const char *unionml_name;	/* app:model, or NULL */
	char *app_path;
	struct app app;
	struct plan plan;
	struct target *target;
	struct snapshot snapshot;	/* of context_use_version */
	char *version;			/* NULL: the working tree */
	bool has_app, has_plan;
	bool of_store;			/* of the command */
	bool broken;			/* the app file has errors, and only
					   its name and targets are there */
};

struct cmd {
	const char *name;
	const char *synopsis;	/* what follows the name in the usage line */
	const char *summary;	/* one line, lower case */
	enum cmd_need needs;
	/*
	 * It works on what is in the store, or on the cluster: an app file with
	 * errors, which are told, does not keep it from the store beside that
	 * file, nor from a cluster that the file declares without error.
	 */
	bool of_store;
	const struct opt *options;	/* NULL: none */
	int min_operands, max_operands;	/* max -1: any number */
	const char *complete;	/* what operands are: "run", "command" ... */
	enum status (*run)(struct context *context,
	    const struct strvec *operands);
	const struct cmd *const *sub;	/* subcommands; the first is meant
					   when none is named */
};

/* All commands, in the order of the help text; ends in NULL. */
extern const struct cmd *const commands[];

extern const struct cmd cmd_check, cmd_compile, cmd_config, cmd_deploy,
    cmd_fetch, cmd_help, cmd_init, cmd_predict, cmd_runs, cmd_schedule,
    cmd_scheduler, cmd_schema, cmd_train, cmd_version;

extern const struct cmd cmd_activate_schedules, cmd_deactivate_schedules;

extern const struct cmd cmd_fetch_model, cmd_fetch_predictions,
    cmd_list_model_versions, cmd_list_prediction_ids,
    cmd_list_scheduled_prediction_runs, cmd_list_scheduled_training_runs;

extern const struct cmd cmd_runs_gc, cmd_runs_list, cmd_runs_log,
    cmd_runs_retry, cmd_runs_show, cmd_runs_stop, cmd_runs_watch;

extern const struct cmd cmd_schedule_audit, cmd_schedule_backfill,
    cmd_schedule_explain, cmd_schedule_list, cmd_schedule_next,
    cmd_schedule_simulate, cmd_schedule_trigger;

/* The options that stand before a command; their long names anywhere. */
const struct opt *global_options(struct globals *globals, bool letters);

/* The command of that name or NULL; a usage error with the nearest name. */
const struct cmd *cmd_find(const struct cmd *const *table, const char *name);
enum status cmd_unknown(const struct cmd *const *table, const char *prefix,
    const char *name);

/* Prints a command's help on stdout. `prefix` is "runs " for its like. */
void cmd_print_help(const struct cmd *cmd, const char *prefix);
void cmd_usage(const struct cmd *cmd, const char *prefix, struct strbuf *sb);

/*
 * Finds and loads the app file. Diagnostics are printed, or written as JSON by
 * `check`; EXIT_INPUT if there are errors.
 */
enum status context_load_app(struct context *context, struct diag *diag);

/* Sets up what a command needs; to be torn down whatever came of it. */
enum status context_set_up(struct context *context, enum cmd_need needs);
void context_tear_down(struct context *context);

/* How a target of that type is reached. */
const struct target_setup *context_setup(enum target_type type);

/*
 * The target of that name (NULL: the one in use), for a command that needs
 * only the app.
 */
enum status context_open_target(struct context *context, const char *name,
    enum target_need need);

/*
 * From now on app and plan are those of a deployed version; `path:` and
 * UNIONML_APP_DIR stay those of the working tree. EXIT_CONFLICT after a
 * message if there is no such version.
 */
enum status context_use_version(struct context *context,
    const char *version);

#endif
