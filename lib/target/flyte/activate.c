/*
 * Schedules activated and paused by hand, all that are named or none of them.
 * With a version that is to take over, its launch plan is looked up.
 */
#include "lib/base/compat.h"

#include "lib/base/strvec.h"
#include "lib/flyte/wire/fnames.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/flyte/settle.h"
#include "lib/target/known.h"
#include "lib/text/jsonio.h"

struct activating {
	const struct activation *wanted;
	struct settling settling;
	struct strvec known;
};

static bool
is_of_version(const struct activating *a, const struct journal_row *row)
{
	return a->wanted->active || a->wanted->version == NULL ||
	    strcmp(row->version, a->wanted->version) == 0;
}

/* What the journal has, and what is ACTIVE without it. */
static void
find_known(struct activating *a)
{
	const struct settling *s = &a->settling;
	size_t i;

	for (i = 0; i < s->old.n; i++)
		if (s->old.row[i].state != SCHEDULE_REMOVED &&
		    is_of_version(a, &s->old.row[i]))
			strvec_push(&a->known, s->old.row[i].name);
	for (i = 0; i < s->standing.n; i++)
		if (journal_find(&s->old, s->standing.row[i].name) == NULL &&
		    standing_find(&s->standing, s->standing.row[i].name) ==
		    &s->standing.row[i])
			strvec_push(&a->known, s->standing.row[i].name);
	strvec_sort(&a->known);
}

/* The launch plan of a version that is to take over. */
struct search {
	struct arena *arena;
	const char *version;		/* of the app */
	struct journal_row *row;
	bool found;
};

static enum status
take_plan(void *arg, const struct json *item)
{
	struct search *search = arg;
	const struct json *spec = json_find(item, "spec"), *values;
	const char *version = api_text(json_find(spec, "workflow_id"),
	    "version"), *when;

	if (!fnames_is_version(version, search->version))
		return EXIT_DONE;
	values = api_dig(spec, "annotations", "values", NULL);
	when = api_text(values, "unionml/expression");
	if (*when == '\0')
		when = api_text(values, "unionml/fixed_rate");
	search->row->version = search->version;
	search->row->plan = arena_strdup(search->arena,
	    api_text(json_find(item, "id"), "version"));
	search->row->when = arena_strdup(search->arena, when);
	search->found = true;
	return EXIT_DONE;
}

/* The newest one of that version of the app, whatever its suffix. */
static enum status
find_plan(struct activating *a, struct journal_row *row)
{
	struct settling *s = &a->settling;
	struct arena *arena = &s->next.arena;
	struct search search = { arena, a->wanted->version, row, false };
	const struct api_list list = {
		.path = api_object(arena, s->flyte, "launch_plans",
		    arena_printf(arena, "%s.%s", s->flyte->app->name,
		    row->name), NULL),
		.member = "launch_plans", .sort_key = "created_at",
		.what = "cannot look for the version",
	};
	enum status status;

	status = api_list(s->flyte, &list, take_plan, &search, &search.found);
	if (status == EXIT_DONE && !search.found)
		status = error(EXIT_CONFLICT, "schedule '%s' is not in "
		    "version '%s'", row->name, a->wanted->version);
	return status;
}

static enum status
weigh_one(struct activating *a, const char *name)
{
	struct settling *s = &a->settling;
	struct journal_row row = { .name = name };
	const char *missing = NULL;
	struct settle_now now;
	enum status status;

	settle_look(s, name, &now);
	if (now.row != NULL) {
		row = *now.row;
	} else {
		row.version = row.plan = now.standing->version;
		row.when = now.standing->when;
		row.timezone = now.standing->timezone;
		row.workflow = "";
	}
	row.state = a->wanted->active ? SCHEDULE_ACTIVE : SCHEDULE_PAUSED;
	if (a->wanted->active && a->wanted->version != NULL) {
		status = find_plan(a, &row);
		if (status != EXIT_DONE)
			return status;
	} else if (a->wanted->active && *row.plan == '\0') {
		missing = "its launch plan was never registered: deploy "
		    "again";
		row.state = SCHEDULE_INACTIVE;
		if (a->wanted->names->n > 0)
			return error(EXIT_CONFLICT, "schedule '%s' cannot be "
			    "active: %s", name, missing);
	}
	if (row.state == SCHEDULE_PAUSED && now.state != SCHEDULE_PAUSED)
		row.note = a->wanted->note;
	else if (row.state != SCHEDULE_PAUSED)
		row.note = NULL;
	settle_row(s, &now, &row, false, missing);
	return EXIT_DONE;
}

static enum status
activate(struct activating *a)
{
	const struct known known = { &a->known, a->wanted->active ? NULL :
	    a->wanted->version, a->wanted->target };
	const struct strvec *names = a->wanted->names;
	enum status status;
	size_t i;

	find_known(a);
	status = known_check(&known, names);
	if (names->n == 0)
		names = &a->known;
	for (i = 0; i < names->n && status == EXIT_DONE; i++)
		status = weigh_one(a, names->v[i]);
	if (status != EXIT_DONE)
		return status;
	settle_keep_others(&a->settling);
	return settle_carry_out(&a->settling, a->wanted->now);
}

enum status
flyte_set_active(struct target *target, const struct activation *activation,
    struct schedule_changes *changes)
{
	struct activating a = { .wanted = activation,
	    .known = STRVEC_INIT };
	enum status status;

	status = settle_begin(&a.settling, (struct flyte *)target,
	    activation->active ? "activate" : "deactivate", activation->who,
	    activation->names->n, changes);
	if (status == EXIT_DONE)
		status = activate(&a);
	settle_release(&a.settling);
	strvec_release(&a.known);
	return status;
}
