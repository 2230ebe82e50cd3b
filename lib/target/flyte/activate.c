/*
 * Schedules activated and paused by hand, all that are named or none of them.
 * A version that is to take over is looked up among what is registered.
 */
#include "lib/base/compat.h"

#include "lib/base/strvec.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/flyte/planrow.h"
#include "lib/target/flyte/settle.h"
#include "lib/target/known.h"

struct activating {
	const struct activation *wanted;
	struct settling settling;
	struct planrows of_version;	/* that is to take them over */
	struct strvec known;
};

static bool
is_of_version(const struct activating *a, const char *version)
{
	return a->wanted->version == NULL ||
	    strcmp(version, a->wanted->version) == 0;
}

/*
 * What the version that takes over declares; else what the journal has, and
 * what is ACTIVE without it.
 */
static void
find_known(struct activating *a)
{
	const struct settling *s = &a->settling;
	size_t i;

	if (a->wanted->active && a->wanted->version != NULL) {
		for (i = 0; i < a->of_version.n; i++)
			strvec_push(&a->known, a->of_version.row[i].name);
		strvec_sort(&a->known);
		return;
	}
	for (i = 0; i < s->old.n; i++)
		if (s->old.row[i].state != SCHEDULE_REMOVED &&
		    is_of_version(a, s->old.row[i].version))
			strvec_push(&a->known, s->old.row[i].name);
	for (i = 0; i < s->standing.n; i++)
		if (journal_find(&s->old, s->standing.row[i].name) == NULL &&
		    is_of_version(a, s->standing.row[i].app_version) &&
		    standing_find(&s->standing, s->standing.row[i].name) ==
		    &s->standing.row[i])
			strvec_push(&a->known, s->standing.row[i].name);
	strvec_sort(&a->known);
}

static enum status
weigh_one(struct activating *a, const char *name)
{
	struct settling *s = &a->settling;
	struct journal_row row;
	const char *missing = NULL;
	struct settle_now now;

	settle_look(s, name, &now);
	if (a->wanted->active && a->wanted->version != NULL)
		row = *planrows_find(&a->of_version, name);
	else if (now.row != NULL)
		row = *now.row;
	else
		row = settle_found(&s->next.arena, now.standing);
	row.state = a->wanted->active ? SCHEDULE_ACTIVE : SCHEDULE_PAUSED;
	if (a->wanted->active && *row.plan == '\0') {
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
	const struct known known = { &a->known, a->wanted->version,
	    a->wanted->target };
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
	struct flyte *flyte = (struct flyte *)target;
	struct activating a = { .wanted = activation,
	    .known = STRVEC_INIT };
	enum status status = EXIT_DONE;

	if (activation->active && activation->version != NULL)
		status = planrows_of_version(flyte, activation->version,
		    &a.of_version);
	if (status == EXIT_DONE)
		status = settle_begin(&a.settling, flyte, activation->active ?
		    "activate" : "deactivate", activation->who,
		    activation->names->n + a.of_version.n, NULL, changes);
	if (status == EXIT_DONE)
		status = activate(&a);
	settle_release(&a.settling);
	planrows_release(&a.of_version);
	strvec_release(&a.known);
	return status;
}
