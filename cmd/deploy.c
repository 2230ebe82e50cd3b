/*
 * unionml deploy: makes the source a version that can be run whatever becomes
 * of the working tree. Refuses what would be a surprise later: changes that
 * nobody committed, files that look like secrets.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "cmd/cmd.h"
#include "cmd/deploy_list.h"
#include "cmd/output.h"
#include "cmd/programs.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/package/filelist.h"
#include "lib/package/secret.h"
#include "lib/package/version.h"

enum { CHANGES_SHOWN = 5 };

static struct {
	bool uncommitted, patch, dry_run, exit_code, list_files, list;
	const char *version;
	struct strvec secrets;
	long limit;
} o = { .secrets = STRVEC_INIT };

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
refuse_changes(const struct version *source)
{
	size_t i;

	if (!source->dirty || o.uncommitted || o.patch)
		return EXIT_DONE;
	error(EXIT_INPUT, "the source has changes that are not committed");
	for (i = 0; i < source->changes.n && i < CHANGES_SHOWN; i++)
		hint("%s", source->changes.v[i]);
	if (source->changes.n > CHANGES_SHOWN)
		hint("and %zu more", source->changes.n - CHANGES_SHOWN);
	hint("commit them, or deploy them as they are: --allow-uncommitted");
	return EXIT_INPUT;
}

static enum status
refuse_secrets(const struct filelist *list)
{
	struct secrets secrets = SECRETS_INIT;
	enum status status;
	size_t i;

	status = secrets_find(&secrets, list);
	for (i = 0; i < secrets.n; i++) {
		if (strvec_contains(&o.secrets, secrets.v[i].path))
			continue;
		error(EXIT_INPUT, "'%s' looks like a secret: it %s",
		    secrets.v[i].path, secrets.v[i].why);
		hint("keep it out with %s, or: --allow-secret %s",
		    deploy_ignore_file(list), secrets.v[i].path);
		status = EXIT_INPUT;
	}
	secrets_release(&secrets);
	return status;
}

static void
print_json(const struct deployed *d, const char *state)
{
	struct strbuf out = STRBUF_INIT;
	struct json_writer w;

	json_writer_init(&w, &out, true);
	json_begin_map(&w, NULL);
	json_put_text(&w, "version", d->version);
	json_put_text(&w, "state", state);
	json_put_int(&w, "files", d->files);
	json_put_int(&w, "bytes", d->bytes);
	json_put_text_or_null(&w, "subject", d->subject);
	json_end_map(&w);
	strbuf_addch(&out, '\n');
	output_write(&out);
	strbuf_release(&out);
}

/* The line on stdout. */
static void
print_line(const struct deploy_result *result)
{
	const struct deployed *d = &result->deployed;
	struct strbuf out = STRBUF_INIT;

	strbuf_addf(&out, "version %s", d->version);
	if (d->subject != NULL)
		strbuf_addf(&out, " \"%s\"", d->subject);
	strbuf_addf(&out, ": %s, ", result->unchanged ? "unchanged" :
	    o.dry_run ? "would be new" : "new");
	deploy_count(&out, d->files, "file");
	strbuf_addstr(&out, ", ");
	output_size(&out, d->bytes);
	strbuf_addch(&out, '\n');
	output_masked(out.buf, out.len);
	strbuf_release(&out);
}

/* And the remarks beside it. */
static void
tell_rest(const struct app *app, const struct deploy_result *result)
{
	struct strbuf schedules = STRBUF_INIT;

	if (o.dry_run || result->unchanged) {
		note("nothing was changed");
		return;
	}
	note("run it: unionml train -v %s", result->deployed.version);
	if (app->n_schedules > 0) {
		deploy_count(&schedules, (int64_t)app->n_schedules,
		    "schedule");
		note("%s declared; this version of unionml does not fire "
		    "them yet", schedules.buf);
	}
	strbuf_release(&schedules);
}

static enum status
deploy(struct context *context, const struct filelist *list,
    struct version *source)
{
	const struct deploy_request request = {
		.app = &context->app,
		.list = list,
		.source = source,
		.name = o.version,
		.dry_run = o.dry_run,
	};
	struct deploy_result result;
	enum status status;

	status = context->target->ops->deploy(context->target, &request,
	    &result);
	if (status == EXIT_DONE && context->globals.json)
		print_json(&result.deployed, result.unchanged ?
		    "unchanged" : "new");
	else if (status == EXIT_DONE)
		print_line(&result);
	if (status == EXIT_DONE)
		tell_rest(&context->app, &result);
	if (status == EXIT_DONE && o.exit_code && !result.unchanged)
		status = EXIT_RUN;
	deployed_release(&result.deployed);
	return status;
}

/* An app file that is not among the source's files is looked at alone. */
static enum status
ask_app_file(const struct app *app, struct version *source)
{
	struct version file = VERSION_INIT;
	enum status status = version_ask_file(&file, app->file);
	size_t i;

	if (status == EXIT_DONE && source->git && !file.git)
		strvec_pushf(&source->changes, "?? %s", app->file);
	for (i = 0; i < file.changes.n; i++)
		strvec_push(&source->changes, file.changes.v[i]);
	source->dirty = source->git && source->changes.n > 0;
	if (source->dirty)
		source->identity[0] = '\0';
	version_release(&file);
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
		status = ask_app_file(&context->app, &source);
	if (status == EXIT_DONE)
		status = refuse_changes(&source);
	if (status == EXIT_DONE)
		status = refuse_secrets(&list);
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
	if (status == EXIT_DONE)
		status = refuse_changes(&source);
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
	.synopsis = "[-v VERSION] [--allow-uncommitted] [--allow-secret FILE]"
	    "... [--dry-run [--exit-code]] | --list-files [--limit N] | "
	    "--list",
	.summary = "make the source a version that can be run as it is now",
	.needs = CMD_NEEDS_READ,
	.options = deploy_options,
	.run = run,
};
