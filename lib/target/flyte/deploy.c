/*
 * A deploy: all that is to be known is asked first, then the project is made,
 * the snapshot sent and the objects registered, each only if it is not there.
 * Nothing of it changes what runs: that is schedules' business. One that was
 * cut short is finished by another.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/path.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/encodeplace.h"
#include "lib/package/filelist.h"
#include "lib/package/version.h"
#include "lib/plan/capability.h"
#include "lib/target/flyte/deployment.h"
#include "lib/target/flyte/dryrun.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/flyte/upload.h"

static const char *const nouns[OBJECT_KINDS] = {
	[OBJECT_TASK] = "task", [OBJECT_WORKFLOW] = "workflow",
	[OBJECT_LAUNCH_PLAN] = "launch plan",
};

void
deployment_free(struct deployment *d)
{
	if (d == NULL)
		return;
	registration_release(&d->registration);
	encoding_release(&d->encoding);
	free(d->file);
	arena_release(&d->arena);
	free(d);
}

bool
deployment_only_looks(const struct deployment *d)
{
	return d->request->dry_run && !dry_run_is_shown(d->flyte);
}

/* What is told of the version, and what it is called. */
static enum status
describe(struct deployment *d, bool *outside)
{
	const struct deploy_request *request = d->request;
	struct deployed *deployed = &d->result->deployed;
	struct version *source = request->source;
	const struct filelist *list = request->list;
	enum status status = EXIT_DONE;
	char app[65];

	if (tree_sha256(request->app->file, app) != 0)
		return error_errno(EXIT_LOCAL, "cannot read '%s'",
		    request->app->file);
	if (list != NULL)
		status = pack_digest(list, &d->pack);
	if (status != EXIT_DONE)
		return status;
	*outside = list == NULL ||
	    filelist_find(list, request->app->file) == NULL;
	version_name(source, list != NULL ? d->pack.sha256 : app);
	deployed->version = xstrdup(request->name != NULL ? request->name :
	    source->name);
	deployed->created_at = clock_now_ms();
	deployed->digest = xstrdup(d->pack.sha256);
	deployed->app_digest = xstrdup(app);
	deployed->app_file = xstrdup(path_basename(request->app->file));
	if (source->identity[0] != '\0')
		deployed->identity = xstrdup(source->identity);
	if (source->subject != NULL && source->subject[0] != '\0')
		deployed->subject = xstrdup(source->subject);
	deployed->files = list != NULL ? (int64_t)list->n : 0;
	deployed->bytes = list != NULL ? list->bytes : 0;
	return EXIT_DONE;
}

static struct upload
snapshot_upload(const struct deployment *d)
{
	return (struct upload){
		.sha256 = d->pack.sha256,
		.name = ENCODE_SNAPSHOT,
		.what = "cannot upload the source",
	};
}

static bool
has_tasks(const struct plan *plan)
{
	int i;

	for (i = 0; i < COMPONENT_KINDS; i++)
		if (plan->task[i].name != NULL)
			return true;
	return false;
}

/* Without a task nobody would look into it. */
static enum status
find_snapshot(struct deployment *d)
{
	const struct upload upload = snapshot_upload(d);

	d->uploaded = true;
	if (d->request->list == NULL || !has_tasks(d->request->plan))
		return EXIT_DONE;
	return upload_find(d->flyte, &d->arena, &upload, &d->uploaded,
	    &d->place.snapshot);
}

static enum status
send_snapshot(struct deployment *d)
{
	const struct upload upload = snapshot_upload(d);
	const char *uri, *asked = d->place.snapshot;
	enum status status;

	if (d->uploaded)
		return EXIT_DONE;
	if (!d->request->dry_run)
		note("uploading the source: %lld file%s",
		    (long long)d->result->deployed.files,
		    d->result->deployed.files == 1 ? "" : "s");
	status = upload_archive(d->flyte, &d->arena, &upload,
	    d->request->list, &uri);
	if (status == EXIT_DONE && strcmp(uri, asked) != 0)
		status = error(EXIT_NETWORK, "the cluster says that the "
		    "source lies at '%s', and then at '%s'", asked, uri);
	return status;
}

/* Everything that is asked, and nothing changed. */
static enum status
look(struct deployment *d)
{
	struct flyte *flyte = d->flyte;
	bool outside = false;
	enum status status;

	status = encode_place_init(&d->place, &d->arena, d->request->app,
	    flyte->decl);
	if (status == EXIT_DONE)
		status = describe(d, &outside);
	d->place.app_version = d->result->deployed.version;
	d->place.outside = d->place.outside || outside;
	if (status == EXIT_DONE)
		status = deploy_find_project(d);
	if (status == EXIT_DONE)
		status = deploy_check_names(d);
	if (status == EXIT_DONE)
		status = find_snapshot(d);
	if (status == EXIT_DONE)
		status = deploy_models(d);
	if (status == EXIT_DONE)
		status = deploy_foreign(d);
	if (status == EXIT_DONE)
		status = deploy_files(d);
	if (status == EXIT_DONE)
		status = encode_plan(&d->encoding, d->request->plan,
		    &d->place);
	if (status == EXIT_DONE)
		status = register_look(&d->registration, flyte,
		    &d->encoding);
	return status;
}

static void
count(struct deployment *d)
{
	const struct registration *r = &d->registration;
	struct deploy_count *c;
	size_t i;

	for (i = 0; i < OBJECT_KINDS; i++)
		d->result->count[i].noun = nouns[i];
	for (i = 0; i < d->encoding.n; i++) {
		c = &d->result->count[d->encoding.object[i].kind];
		if (r->state[i] == REGISTERED_SAME)
			c->n_same++;
		else if (r->state[i] != REGISTERED_OPEN)
			c->n_new++;
	}
	for (i = 0; i < OBJECT_KINDS && !d->request->dry_run; i++) {
		d->result->count[i].n_new = r->n_sent[i];
		d->result->count[i].n_same = r->n_there[i];
	}
}

static enum status
carry_out(struct deployment *d)
{
	enum status status = deploy_make_project(d);

	if (status == EXIT_DONE)
		status = send_snapshot(d);
	if (status == EXIT_DONE)
		status = register_send(&d->registration);
	return status;
}

static enum status
deploy(struct deployment *d)
{
	enum status status = look(d);

	if (status != EXIT_DONE)
		return status;
	d->unchanged = d->uploaded && register_is_whole(&d->registration);
	d->result->unchanged = d->unchanged;
	if (!d->request->dry_run) {
		status = carry_out(d);
		count(d);
		return status;
	}
	count(d);
	status = deploy_diff(d);
	if (status == EXIT_DONE && dry_run_is_shown(d->flyte))
		status = carry_out(d);
	return status;
}

enum status
flyte_deploy(struct target *target, const struct deploy_request *request,
    struct deploy_result *result)
{
	struct flyte *flyte = (struct flyte *)target;
	struct deployment *d;
	enum status status;

	memset(result, 0, sizeof(*result));
	status = capability_refuse(request->app, TARGET_FLYTE, flyte->decl);
	if (status != EXIT_DONE)
		return status;
	note("target %s: %s, project %s, domain %s", flyte->decl->name,
	    flyte->origin, flyte->project, flyte->domain);
	deployment_free(flyte->deployment);
	flyte->deployment = d = xcalloc(1, sizeof(*d));
	d->flyte = flyte;
	d->request = request;
	d->result = result;
	if (request->dry_run)
		dry_run_begin(flyte);
	status = deploy(d);
	/* These are the caller's, who has done with them soon. */
	d->request = NULL;
	d->result = NULL;
	return status;
}
