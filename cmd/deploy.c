/*
 * unionml deploy: makes the source a version that can be run whatever becomes
 * of the working tree, then makes the target's schedules those of the version.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "cmd/changes.h"
#include "cmd/cmd.h"
#include "cmd/deploy_list.h"
#include "cmd/deploy_refuse.h"
#include "cmd/deploy_report.h"
#include "cmd/programs.h"
#include "cmd/schedules.h"
#include "lib/base/path.h"
#include "lib/package/filelist.h"
#include "lib/package/version.h"
#include "lib/target/scheduling.h"

static struct {
	bool uncommitted, patch, dry_run, exit_code, list_files, list;
	bool activate, now;
	int schedule;
	const char *version;
	struct strvec secrets;
	long limit;
} o = { .schedule = 1, .secrets = STRVEC_INIT };

static const struct opt deploy_options[] = {
	{ OPT_STRING, 'v', "app-version", &o.version, "VERSION",
	    "what to call it (default: the commit, or a hash of the files)",
	    NULL, NULL },
	{ OPT_FLAG, 0, "allow-uncommitted", &o.uncommitted, NULL,
	    "deploy changes that are not committed", NULL, NULL },
	{ OPT_FLAG, 0, "patch", &o.patch, NULL,
	    "UnionML's name of --allow-uncommitted", NULL, NULL },
	{ OPT_STRINGS, 0, "allow-secret", &o.secrets, "FILE",
	    "deploy FILE although it looks like a secret", "file", NULL },
	{ OPT_NEGATABLE, 0, "schedule", &o.schedule, NULL,
	    "activate its schedules (the default); --no-schedule only makes "
	    "them known", NULL, NULL },
	{ OPT_FLAG, 0, "activate", &o.activate, NULL,
	    "activate schedules that were deactivated by hand, too", NULL,
	    NULL },
	{ OPT_FLAG, 0, "now", &o.now, NULL,
	    "do not wait for a moment without slots, where a target needs one",
	    NULL, NULL },
	{ OPT_FLAG, 'n', "dry-run", &o.dry_run, NULL,
	    "say what would change, and change nothing", NULL, NULL },
	{ OPT_FLAG, 0, "exit-code", &o.exit_code, NULL,
	    "with --dry-run: exit status 1 if something would change", NULL,
	    NULL },
	{ OPT_FLAG, 0, "list-files", &o.list_files, NULL,
	    "list the files of the source, the largest first, and stop", NULL,
	    NULL },
	{ OPT_COUNT, 0, "limit", &o.limit, "N",
	    "with --list-files: the N largest only", NULL, NULL },
	{ OPT_FLAG, 0, "list", &o.list, NULL,
	    "list the versions that are deployed, and stop", NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static enum status
reconcile(struct context *context, const char *version,
    struct schedule_changes *changes)
{
	const struct schedule_ops *ops = context->target->ops->schedules;
	char *who = schedules_who();
	const struct reconcile_request request = {
		.app = &context->app,
		.target = schedules_target(context),
		.version = version,
		.states = o.schedule != 0,
		.activate = o.activate,
		.dry_run = o.dry_run,
		.now = o.now,
		.who = who,
	};
	enum status status;

	status = ops->reconcile(context->target, &request, changes);
	if (status != EXIT_DONE && !o.dry_run)
		note("version %s is deployed; its schedules are not", version);
	free(who);
	return status;
}

static enum status
deploy(struct context *context, const struct filelist *list,
    struct version *source)
{
	const struct deploy_request request = {
		.app = &context->app,
		.plan = &context->plan,
		.list = list,
		.source = source,
		.name = o.version,
		.dry_run = o.dry_run,
	};
	struct target *target = context->target;
	struct schedule_changes changes = SCHEDULE_CHANGES_INIT;
	struct deploy_result result;
	const struct deploy_report report = {
		.result = &result, .changes = &changes,
		.dry_run = o.dry_run, .states = o.schedule != 0,
		.hands_over = target->ops->remote,
		.json = context->globals.json,
	};
	enum status status;

	status = target->ops->deploy(target, &request, &result);
	if (status == EXIT_DONE)
		status = reconcile(context, result.deployed.version,
		    &changes);
	if (status == EXIT_DONE) {
		deploy_print(&report);
		deploy_tell_missed(&changes);
	}
	if (status == EXIT_DONE && !o.dry_run &&
	    changes_leave_active(&changes))
		schedules_note_unserved(context);
	if (status == EXIT_DONE && o.exit_code &&
	    deploy_did_something(&report))
		status = EXIT_RUN;
	schedule_changes_release(&changes);
	deploy_result_release(&result);
	return status;
}

static enum status
deploy_source(struct context *context, const char *dir)
{
	struct version source = VERSION_INIT;
	struct filelist list;
	enum status status;

	status = filelist_load(&list, dir);
	if (status == EXIT_DONE && o.list_files) {
		deploy_list_files(context, &list, o.limit);
		goto out;
	}
	if (status == EXIT_DONE)
		status = version_ask(&source, dir);
	if (status == EXIT_DONE &&
	    filelist_find(&list, context->app.file) == NULL)
		status = deploy_ask_app_file(&context->app, &source);
	if (status == EXIT_DONE && !o.uncommitted && !o.patch)
		status = deploy_refuse_changes(&source);
	if (status == EXIT_DONE)
		status = deploy_refuse_secrets(&list, &o.secrets);
	if (status != EXIT_DONE)
		goto out;
	deploy_warn_of_size(&list);
	programs_warn(&context->app, &list);
	status = deploy(context, &list, &source);
out:
	filelist_release(&list);
	version_release(&source);
	return status;
}

/* Without a source the app file is all there is. */
static enum status
deploy_app_file(struct context *context)
{
	struct version source = VERSION_INIT;
	enum status status;

	if (o.list_files)
		return error(EXIT_INPUT, "'%s' says source: none, so there "
		    "are no files to deploy", context->app.file);
	status = version_ask_file(&source, context->app.file);
	if (status == EXIT_DONE && !o.uncommitted && !o.patch)
		status = deploy_refuse_changes(&source);
	if (status == EXIT_DONE) {
		programs_warn(&context->app, NULL);
		status = deploy(context, NULL, &source);
	}
	version_release(&source);
	return status;
}

/* The directory that `source:` names; the caller frees. */
static enum status
find_source(const struct app *app, char **dir)
{
	struct stat st;

	*dir = path_resolve(app->directory, app->source);
	if (stat(*dir, &st) != 0)
		return error_errno(EXIT_INPUT, "the directory of source: in "
		    "'%s' is not there: '%s'", app->file, *dir);
	if (!S_ISDIR(st.st_mode))
		return error(EXIT_INPUT, "source: in '%s' is no directory: "
		    "'%s'", app->file, *dir);
	return EXIT_DONE;
}

static enum status
check_usage(void)
{
	const char *fault = o.version != NULL ? version_fault(o.version) :
	    NULL;

	if (fault != NULL)
		return error(EXIT_USAGE, "version '%s': %s", o.version,
		    fault);
	if (o.activate && o.schedule == 0)
		return error(EXIT_USAGE, "--activate and --no-schedule do not "
		    "go together");
	if (o.exit_code && !o.dry_run)
		return error(EXIT_USAGE, "--exit-code goes with --dry-run");
	if (o.limit > 0 && !o.list_files)
		return error(EXIT_USAGE, "--limit goes with --list-files");
	return EXIT_DONE;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	enum status status = check_usage();
	char *dir = NULL;

	(void)operands;
	context->has_plan = true;
	if (status == EXIT_DONE)
		status = plan_compile(&context->plan, &context->app);
	if (status != EXIT_DONE)
		return status;
	if (o.list)
		return deploy_list_versions(context);
	if (context->app.source == NULL)
		return deploy_app_file(context);
	status = find_source(&context->app, &dir);
	if (status == EXIT_DONE)
		status = deploy_source(context, dir);
	free(dir);
	return status;
}

const struct cmd cmd_deploy = {
	.name = "deploy",
	.synopsis = "[-v VERSION] [--no-schedule | --activate] [--now] "
	    "[--allow-uncommitted] [--allow-secret FILE]... "
	    "[--dry-run [--exit-code]] | --list-files [--limit N] | --list",
	.summary = "make the source a version, and activate its schedules",
	.needs = CMD_NEEDS_READ,
	.options = deploy_options,
	.run = run,
};
