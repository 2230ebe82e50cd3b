/*
 * Who owned the slots of a schedule, by what its runs, the journal and the
 * marker on its name say. The marker is the description of the named entity
 * (scheduler-spec section 6, item 7).
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/xalloc.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/journal.h"
#include "lib/target/flyte/slotruns.h"
#include "lib/text/jsonio.h"

static const char *const standstills[] = {
	"unionml: paused ", "unionml: removed ",
};

/* Seconds; false if the text is no marker of a pause. */
static bool
read_marker(const char *text, int64_t *since)
{
	struct instant t;
	const char *why;
	char when[40];
	size_t i, len, skip;

	for (i = 0; i < ARRAY_SIZE(standstills); i++) {
		skip = strlen(standstills[i]);
		if (strncmp(text, standstills[i], skip) != 0)
			continue;
		len = strcspn(text + skip, " ");
		if (len >= sizeof(when))
			return false;
		memcpy(when, text + skip, len);
		when[len] = '\0';
		if (!instant_parse(when, &t, &why))
			return false;
		*since = t.sec;
		return true;
	}
	return false;
}

static bool
is_active(const struct slot_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_versions; i++)
		if (plan->version[i].active)
			return true;
	return false;
}

static enum status
read_plan_marker(struct flyte *flyte, struct arena *arena,
    struct slot_plan *plan)
{
	const char *name = plan->version[plan->n_versions - 1].plan;
	enum status status;
	struct json *json;

	status = api_find(flyte, arena, api_path(arena, "named_entities",
	    "LAUNCH_PLAN", flyte->project, flyte->domain, name, NULL),
	    "cannot read the state of the schedule", &json);
	if (status == EXIT_DONE && json != NULL)
		plan->has_pause = read_marker(api_text(json_find(json,
		    "metadata"), "description"), &plan->pause);
	return status;
}

/* By a generation, which is older than those seen before. */
struct hearing {
	struct flyte *flyte;
	struct slot_plans *plans;
	int64_t since;
	bool done;
};

static void
add_decree(struct hearing *h, const struct journal *j,
    const struct journal_row *row)
{
	struct slot_plan *plan = slot_plans_find(h->plans, row->name);
	struct decree *decree;

	if (plan == NULL || *row->plan == '\0')
		return;
	ALLOC_GROW(plan->decree, plan->n_decrees, plan->cap_decrees);
	decree = &plan->decree[plan->n_decrees++];
	decree->after = floor_div(j->time, 1000);
	decree->active = row->state == SCHEDULE_ACTIVE;
	decree->version = slot_plans_version(h->plans,
	    journal_plan(&h->plans->arena, h->flyte, row), row->plan);
}

/* The first one before the time that is asked for is the last that matters. */
static enum status
hear(void *arg, const struct journal *j)
{
	struct hearing *h = arg;
	size_t i;

	for (i = 0; i < j->n; i++)
		add_decree(h, j, &j->row[i]);
	h->done = floor_div(j->time, 1000) < h->since;
	return EXIT_DONE;
}

enum status
slot_plans_add_terms(struct flyte *flyte, struct slot_plans *plans,
    int64_t since)
{
	struct hearing h = { flyte, plans, since, false };
	enum status status = EXIT_DONE;
	size_t i;

	if (plans->n > 0)
		status = journal_each(flyte, hear, &h, &h.done);
	/* Of what is ACTIVE a marker would say nothing. */
	for (i = 0; i < plans->n && status == EXIT_DONE; i++)
		if (plans->v[i].n_decrees == 0 && !is_active(&plans->v[i]))
			status = read_plan_marker(flyte, &plans->arena,
			    &plans->v[i]);
	return status;
}

/* Into the order of time. */
static void
turn_decrees(struct slot_plan *plan)
{
	struct decree decree;
	size_t i, n = plan->n_decrees;

	for (i = 0; i < n / 2; i++) {
		decree = plan->decree[i];
		plan->decree[i] = plan->decree[n - 1 - i];
		plan->decree[n - 1 - i] = decree;
	}
}

void
slot_plan_tenancy(struct slot_plan *plan, bool unowned,
    struct tenancy *tenancy)
{
	struct sighting *seen = xcalloc(plan->n_runs + 1, sizeof(*seen));
	struct tenancy_facts facts = {
		.version = plan->version, .n_versions = plan->n_versions,
		.seen = seen, .unowned = unowned,
		.has_pause = plan->has_pause, .pause = plan->pause,
	};

	turn_decrees(plan);
	facts.decree = plan->decree;
	facts.n_decrees = plan->n_decrees;
	facts.n_seen = verdict_sightings(plan->run, plan->n_runs, seen);
	tenancy_make(tenancy, &facts);
	turn_decrees(plan);
	free(seen);
}
