/* The table of the Flyte target, and what it refuses. */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/xalloc.h"
#include "lib/target/flyte/deployment.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/scheduling.h"

static enum status
flyte_open(struct target **target, const struct app *app,
    const struct target_decl *decl, enum target_need need)
{
	struct flyte *flyte = xcalloc(1, sizeof(*flyte));

	(void)need;
	flyte->target.ops = &flyte_target;
	*target = &flyte->target;
	return flyte_connect(flyte, app, decl);
}

static void
flyte_close(struct target *target)
{
	struct flyte *flyte = (struct flyte *)target;

	deployment_free(flyte->deployment);
	flyte_disconnect(flyte);
	free(flyte);
}

static void
flyte_hurry(struct target *target, int64_t ms)
{
	struct flyte *flyte = (struct flyte *)target;

	flyte->until = ms > 0 ? clock_monotonic_ms() + ms : 0;
}

static enum status
flyte_gc(struct target *target, const struct gc_request *request)
{
	const struct flyte *flyte = (const struct flyte *)target;

	(void)request;
	return error(EXIT_INPUT, "target '%s' is a Flyte cluster, which keeps "
	    "its runs itself: runs gc is for targets of type local",
	    flyte->decl->name);
}

static const struct schedule_ops flyte_schedules = {
	.own_catchup = "all",
	.own_overlap = "allow",
	.reconcile = flyte_reconcile,
	.set_active = flyte_set_active,
	.list = flyte_list_schedules,
	.audit = flyte_audit,
	.start = flyte_start,
	.identity = flyte_identity,
};

const struct target_ops flyte_target = {
	.type = TARGET_FLYTE,
	.remote = true,
	.schedules = &flyte_schedules,
	.open = flyte_open,
	.close = flyte_close,
	.dry_run = flyte_dry_run,
	.registered = flyte_registered,
	.create = flyte_create,
	.watch = flyte_watch,
	.resolve = flyte_resolve,
	.list = flyte_list,
	.show = flyte_show,
	.artifact = flyte_artifact,
	.download = flyte_download,
	.outputs = flyte_outputs,
	.log = flyte_log,
	.stop = flyte_stop,
	.hurry = flyte_hurry,
	.retry = flyte_retry,
	.gc = flyte_gc,
	.deploy = flyte_deploy,
	.versions = flyte_versions,
};
