/*
 * unionml deploy: makes the source a version that can be run whatever becomes
 * of the working tree. Refuses what would be a surprise later: changes that
 * nobody committed, files that look like secrets.
 */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/programs.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/package/filelist.h"
#include "lib/package/secret.h"
#include "lib/package/version.h"

enum { LARGE_SOURCE = 10 << 20, LARGEST_SHOWN = 5, CHANGES_SHOWN = 5 };

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

static int
by_size(const void *pa, const void *pb)
{
	const struct filelist_entry *a = *(const struct filelist_entry *const *)
	    pa, *b = *(const struct filelist_entry *const *)pb;

	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	return strcmp(a->path, b->path);
}

/* The list's entries, the largest first, in memory of the arena. */
static const struct filelist_entry **
largest_first(struct arena *arena, const struct filelist *list)
{
	const struct filelist_entry **v;
	size_t i;

	v = arena_array(arena, list->n, sizeof(*v));
	for (i = 0; i < list->n; i++)
		v[i] = &list->v[i];
	if (list->n > 1)
		qsort(v, list->n, sizeof(*v), by_size);
	return v;
}

static void
put_file(struct strbuf *out, struct json_writer *w,
    const struct filelist_entry *entry)
{
	size_t start = out->len;

	if (w != NULL) {
		json_begin_map(w, NULL);
		json_put_text(w, "path", entry->path);
		json_put_int(w, "size", entry->size);
		json_put_text(w, "why", filelist_why_text(entry->why));
		json_end_map(w);
		return;
	}
	output_size(out, entry->size);
	strbuf_addf(out, "%*s  %-11s  %s%s%s\n",
	    (int)(start + 8 > out->len ? start + 8 - out->len : 0), "",
	    filelist_why_text(entry->why), entry->path,
	    entry->target != NULL ? " -> " : "",
	    entry->target != NULL ? entry->target : "");
}

static enum status
list_files(struct context *context, const struct filelist *list)
{
	struct strbuf out = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const struct filelist_entry **v;
	bool json = context->globals.json;
	struct json_writer w;
	size_t i;

	v = largest_first(&arena, list);
	json_writer_init(&w, &out, true);
	if (json)
		json_begin_list(&w, NULL);
	for (i = 0; i < list->n && (o.limit == 0 || i < (size_t)o.limit); i++)
		put_file(&out, json ? &w : NULL, v[i]);
	if (json) {
		json_end_list(&w);
		strbuf_addch(&out, '\n');
		output_write(&out);
	} else {
		output_masked(out.buf, out.len);
	}
	strbuf_reset(&out);
	output_size(&out, list->bytes);
	note("%zu files, %s", list->n, out.buf);
	strbuf_release(&out);
	arena_release(&arena);
	return EXIT_DONE;
}

static void
warn_of_size(const struct filelist *list)
{
	struct strbuf size = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const struct filelist_entry **v;
	size_t i;

	if (list->bytes <= LARGE_SOURCE)
		return;
	output_size(&size, list->bytes);
	warning("the source has %s; its largest files:", size.buf);
	v = largest_first(&arena, list);
	for (i = 0; i < list->n && i < LARGEST_SHOWN; i++) {
		strbuf_reset(&size);
		output_size(&size, v[i]->size);
		hint("%8s  %s", size.buf, v[i]->path);
	}
	hint("%s keeps files out", list->git ? ".gitignore" :
	    ".unionmlignore");
	strbuf_release(&size);
	arena_release(&arena);
}

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
		    list->git ? ".gitignore" : ".unionmlignore",
		    secrets.v[i].path);
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

static void
print_result(struct context *context, const struct deploy_result *result)
{
	const struct deployed *d = &result->deployed;
	const char *state = result->unchanged ? "unchanged" : o.dry_run ?
	    "would be new" : "new";
	struct strbuf out = STRBUF_INIT;

	if (context->globals.json) {
		print_json(d, result->unchanged ? "unchanged" : "new");
	} else {
		strbuf_addf(&out, "version %s", d->version);
		if (d->subject != NULL)
			strbuf_addf(&out, " \"%s\"", d->subject);
		strbuf_addf(&out, ": %s, %lld files, ", state,
		    (long long)d->files);
		output_size(&out, d->bytes);
		strbuf_addch(&out, '\n');
		output_masked(out.buf, out.len);
	}
	if (o.dry_run || result->unchanged)
		note("nothing was changed");
	else
		note("run it: unionml train -v %s", d->version);
	if (context->app.n_schedules > 0 && !result->unchanged)
		note("its schedules are not activated: no version of the "
		    "local scheduler is there yet");
	strbuf_release(&out);
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
	if (status == EXIT_DONE)
		print_result(context, &result);
	if (status == EXIT_DONE && o.exit_code && !result.unchanged)
		status = EXIT_RUN;
	deployed_release(&result.deployed);
	return status;
}

static enum status
deploy_source(struct context *context, const char *dir)
{
	struct filelist list;
	struct version source = VERSION_INIT;
	enum status status;

	status = filelist_load(&list, dir);
	if (status == EXIT_DONE && o.list_files) {
		status = list_files(context, &list);
		goto out;
	}
	if (status == EXIT_DONE)
		status = version_ask(&source, dir);
	if (status == EXIT_DONE)
		status = refuse_changes(&source);
	if (status == EXIT_DONE)
		status = refuse_secrets(&list);
	if (status != EXIT_DONE)
		goto out;
	warn_of_size(&list);
	programs_warn(&context->app);
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
	status = version_ask(&source, context->app.directory);
	if (status == EXIT_DONE)
		status = refuse_changes(&source);
	if (status == EXIT_DONE)
		status = deploy(context, NULL, &source);
	version_release(&source);
	return status;
}

struct versions_printer {
	struct strbuf out;
	struct json_writer json;
	bool as_json;
};

static enum status
each_version(void *arg, const struct deployed *d)
{
	struct versions_printer *p = arg;

	if (p->as_json) {
		json_begin_map(&p->json, NULL);
		json_put_text(&p->json, "version", d->version);
		output_json_time(&p->json, "deployed_at", d->created_at);
		json_put_int(&p->json, "files", d->files);
		json_put_int(&p->json, "bytes", d->bytes);
		json_put_text_or_null(&p->json, "subject", d->subject);
		json_end_map(&p->json);
		return EXIT_DONE;
	}
	strbuf_addf(&p->out, "%-20s  ", d->version);
	output_time(&p->out, d->created_at);
	strbuf_addf(&p->out, "  %lld files  %s\n", (long long)d->files,
	    d->subject != NULL ? d->subject : "");
	return EXIT_DONE;
}

static enum status
list_versions(struct context *context)
{
	struct versions_printer p = { .as_json = context->globals.json };
	enum status status;

	strbuf_init(&p.out);
	json_writer_init(&p.json, &p.out, true);
	if (p.as_json)
		json_begin_list(&p.json, NULL);
	status = context->target->ops->versions(context->target,
	    each_version, &p);
	if (p.as_json) {
		json_end_list(&p.json);
		strbuf_addch(&p.out, '\n');
	}
	if (status == EXIT_DONE && p.out.len == 0)
		note("no version is deployed");
	else if (status == EXIT_DONE)
		output_masked(p.out.buf, p.out.len);
	strbuf_release(&p.out);
	return status;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	const char *fault = o.version != NULL ? version_fault(o.version) :
	    NULL;
	enum status status;
	char *dir;

	(void)operands;
	context->has_plan = true;
	status = plan_compile(&context->plan, &context->app);
	if (status != EXIT_DONE)
		return status;
	if (fault != NULL)
		return error(EXIT_USAGE, "version '%s': %s", o.version,
		    fault);
	if (o.exit_code && !o.dry_run)
		return error(EXIT_USAGE, "--exit-code goes with --dry-run");
	if (o.list)
		return list_versions(context);
	if (context->app.source == NULL)
		return deploy_app_file(context);
	dir = path_resolve(context->app.directory, context->app.source);
	status = deploy_source(context, dir);
	free(dir);
	strvec_release(&o.secrets);
	return status;
}

const struct cmd cmd_deploy = {
	.name = "deploy",
	.synopsis = "[-v VERSION] [--allow-uncommitted] [--allow-secret FILE]"
	    "... [--dry-run [--exit-code]] | --list-files | --list",
	.summary = "make the source a version that can be run as it is now",
	.needs = CMD_NEEDS_READ,
	.options = deploy_options,
	.run = run,
};
