/*
 * The audit of the Flyte target: the schedules' versions, then their runs,
 * read page by page; then schedule after schedule is judged. Nothing is asked
 * for a single slot.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/flyte/slotruns.h"
#include "lib/text/jsonio.h"

/* How far the scheduler's clock may be ahead of FlyteAdmin's. */
enum { SKEW_MS = 300000 };

struct auditing {
	struct flyte *flyte;
	const struct audit_request *request;
	struct slot_plans plans;
	int64_t now;
	bool has_oldest;
	int64_t oldest;
	enum status (*each)(void *arg, const struct audited *audited);
	void *arg;
};

static enum status
note_oldest(void *arg, const struct json *item)
{
	struct auditing *a = arg;

	a->has_oldest = true;
	a->oldest = floor_div(api_time(json_find(item, "closure"),
	    "created_at"), 1000);
	return EXIT_DONE;
}

/* Clusters throw old runs away: before that time none proves nothing. */
static enum status
find_oldest(struct auditing *a)
{
	struct arena *arena = &a->plans.arena;
	struct api_list list = {
		.member = "executions", .sort_key = "created_at",
		.ascending = true, .page = 1, .filters = "gte(state,0)",
		.what = "cannot look for the oldest run",
	};

	list.path = api_object(arena, a->flyte, "executions", NULL, NULL);
	return api_list(a->flyte, &list, note_oldest, a, &a->has_oldest);
}

static enum status
audit_plan(struct auditing *a, struct slot_plan *plan)
{
	const struct audit_request *request = a->request;
	struct tenancy tenancy = { .n = 0 };
	const struct verdict_facts facts = {
		.schedule = plan->schedule,
		.from = request->from, .to = request->to, .now = a->now,
		.tenancy = &tenancy,
		.run = plan->run, .n_runs = plan->n_runs,
		.has_oldest = a->has_oldest, .oldest = a->oldest,
	};
	enum status status;

	slot_plan_tenancy(plan, request->unowned, &tenancy);
	status = verdict_slots(&facts, a->each, a->arg);
	tenancy_release(&tenancy);
	return status;
}

enum status
flyte_audit(struct target *target, const struct audit_request *request,
    enum status (*each)(void *arg, const struct audited *audited), void *arg)
{
	struct auditing a = { .flyte = (struct flyte *)target,
	    .request = request, .now = clock_now().sec, .each = each,
	    .arg = arg };
	enum status status;
	size_t i;

	status = slot_plans_read(a.flyte, request->names, &a.plans);
	if (status == EXIT_DONE)
		status = slot_plans_add_runs(a.flyte, &a.plans,
		    request->names, request->from * 1000 - SKEW_MS);
	if (status == EXIT_DONE)
		status = slot_plans_add_terms(a.flyte, &a.plans,
		    request->from);
	if (status == EXIT_DONE && a.plans.n > 0)
		status = find_oldest(&a);
	for (i = 0; i < a.plans.n && status == EXIT_DONE; i++)
		status = audit_plan(&a, &a.plans.v[i]);
	slot_plans_release(&a.plans);
	return status;
}
