/*
 * What one schedule is in the store and what it is to be. Whatever changes it
 * steps it first, in the same transaction, so that one definition holds for
 * all that is taken in; and steps it again, so that it waits for what comes.
 */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/model/app.h"
#include "lib/model/definition.h"
#include "lib/model/schedulekeys.h"
#include "lib/target/local/adopt.h"
#include "lib/target/local/local.h"
#include "lib/target/local/pin.h"
#include "lib/target/local/step.h"
#include "lib/target/local/wake.h"

void
adopting_init(struct adopting *all, struct store *store, const char *who)
{
	memset(all, 0, sizeof(*all));
	all->store = store;
	all->who = who;
	all->now = clock_now_ms();
	strvec_init(&all->cancelled);
}

void
adopting_release(struct adopting *all)
{
	free(all->newest);
	strvec_release(&all->cancelled);
	arena_release(&all->arena);
}

enum status
adopting_begin(struct adopting *all)
{
	enum status status = ledger_begin(all->store);

	all->now = clock_now_ms();
	return status;
}

static int64_t
seconds(const struct adopting *all)
{
	return floor_div(all->now, 1000);
}

enum status
adopt_look(struct adopting *all, const char *name, struct adoption *one)
{
	enum status status = EXIT_DONE;

	memset(one, 0, sizeof(*one));
	one->name = name;
	if (all->store != NULL)
		status = ledger_find(all->store, &all->arena, name,
		    &one->found, &one->row);
	one->state = one->found ? one->row.state : SCHEDULE_INACTIVE;
	return status;
}

enum status
adopt_define(struct adopting *all, const struct schedule *schedule,
    struct adoption *one)
{
	struct ledger_definition *to = &one->definition;
	struct strbuf keys = STRBUF_INIT;
	const char *why = "";
	struct definition d;

	one->schedule = schedule;
	if (!definition_make(&d, schedule, 0, &why))
		return error(EXIT_INPUT, "schedule '%s': time zone '%s' %s",
		    schedule->name, schedule->timezone, why);
	schedule_keys_print(&keys, schedule);
	to->keys = arena_strdup(&all->arena, keys.buf);
	strbuf_release(&keys);
	to->activated_at = seconds(all);
	to->version = all->version;
	to->when = schedule->when;
	to->timezone = schedule->timezone;
	to->has_start = d.slots.has_start;
	to->has_end = d.slots.has_end;
	to->start = d.slots.start;
	to->end = d.slots.end;
	to->offset = d.offset;
	to->window = d.window;
	to->catchup = d.catchup;
	to->overlap = d.overlap;
	return pin_model(all, schedule, &to->model, &one->missing);
}

bool
adopt_exists(const struct adoption *one)
{
	return one->found && one->row.state != SCHEDULE_REMOVED;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool
adopt_differs(const struct adoption *one)
{
	const struct ledger_definition *old = &one->row.definition;
	const struct ledger_definition *new = &one->definition;

	return strcmp(old->version, new->version) != 0 ||
	    strcmp(old->keys, new->keys) != 0 ||
	    !same_text(old->model, new->model);
}

bool
adopt_changes(const struct adoption *one)
{
	return one->redefine || !one->found || one->row.state != one->state;
}

static char *
copy(const char *text)
{
	return text != NULL ? xstrdup(text) : NULL;
}

/* Until when the old definition had the slots, and from when the new one. */
static enum status
describe_hand_over(struct adopting *all, const struct adoption *one,
    struct schedule_change *change)
{
	struct definition d;
	enum status status;

	if (change->existed && change->before == SCHEDULE_ACTIVE) {
		status = ledger_compile(&one->row.definition, &d);
		if (status != EXIT_DONE)
			return status;
		change->has_until = slots_last(&d.slots,
		    one->row.definition.activated_at, seconds(all),
		    &change->until);
	}
	if (one->state == SCHEDULE_ACTIVE) {
		status = ledger_compile(one->redefine ? &one->definition :
		    &one->row.definition, &d);
		if (status != EXIT_DONE)
			return status;
		change->has_from = slots_next(&d.slots, seconds(all),
		    &change->from);
	}
	return EXIT_DONE;
}

static void
describe_keys(const struct adoption *one, struct schedule_change *change)
{
	struct strbuf names = STRBUF_INIT, words = STRBUF_INIT;

	change->kind = CHANGE_UNCHANGED;
	if (one->schedule == NULL)
		return;
	if (!change->existed) {
		change->kind = CHANGE_NEW;
	} else if (schedule_keys_differ(one->row.definition.keys,
	    one->definition.keys, &names, &words)) {
		change->kind = CHANGE_CHANGED;
		change->names = xstrdup(names.buf);
		change->keys = xstrdup(words.buf);
	}
	strbuf_release(&names);
	strbuf_release(&words);
}

enum status
adopt_describe(struct adopting *all, const struct adoption *one,
    struct schedule_changes *changes)
{
	const struct ledger_definition *old = &one->row.definition;
	const struct ledger_definition *new = one->redefine ?
	    &one->definition : old;
	struct schedule_change *change = schedule_changes_add(changes);

	change->name = xstrdup(one->name);
	change->existed = adopt_exists(one);
	change->written = adopt_changes(one);
	describe_keys(one, change);
	change->before = one->row.state;
	change->after = one->state;
	if (one->state == SCHEDULE_REMOVED)
		change->kind = CHANGE_REMOVED;
	else
		change->version = copy(new->version);
	if (change->existed) {
		change->old_version = copy(old->version);
		change->old_model = copy(old->model);
	}
	change->model = copy(new->model);
	if (one->missing != NULL && one->state != SCHEDULE_ACTIVE)
		change->missing = xstrdup(one->missing);
	if (change->existed && change->before == one->state) {
		change->since = one->row.since;
		change->who = copy(one->row.who);
		change->note = copy(one->row.note);
	}
	return change->written ? describe_hand_over(all, one, change) :
	    EXIT_DONE;
}

static void
keep_cancelled(void *arg, const struct scheduler_event *event)
{
	struct adopting *all = arg;

	if (event->what == SCHEDULER_CANCEL)
		strvec_push(&all->cancelled, event->run);
}

/* By what was in force so far. */
static enum status
step_before(struct adopting *all, struct adoption *one,
    const struct step_observer *observer)
{
	enum skip_reason reason = one->state == SCHEDULE_REMOVED ?
	    SKIP_REMOVED : SKIP_PAUSED;

	if (!one->found)
		return EXIT_DONE;
	if (one->state == SCHEDULE_ACTIVE)
		return step_schedule(all->store, &one->row, seconds(all),
		    observer);
	return step_and_pause(all->store, &one->row, seconds(all), reason,
	    observer);
}

static enum status
add_row(struct adopting *all, struct adoption *one)
{
	struct ledger_schedule *row = &one->row;

	row->name = one->name;
	row->state = SCHEDULE_INACTIVE;
	row->w = seconds(all);
	row->app = all->app->name;
	row->workflow = workflow_name(one->schedule->workflow);
	return ledger_add(all->store, row);
}

static enum status
redefine(struct adopting *all, struct adoption *one)
{
	enum status status;

	status = ledger_add_definition(all->store, one->row.number,
	    &one->definition);
	one->row.definition = one->definition;
	one->row.app = all->app->name;
	one->row.workflow = workflow_name(one->schedule->workflow);
	return status;
}

static void
set_state(struct adopting *all, struct adoption *one, bool is_new)
{
	struct ledger_schedule *row = &one->row;

	if (!is_new && row->state == one->state)
		return;
	row->state = one->state;
	row->since = all->now;
	row->who = all->who;
	row->note = one->note;
	if (one->state != SCHEDULE_ACTIVE)
		row->has_next = false;
}

enum status
adopt_write(struct adopting *all, struct adoption *one)
{
	const struct step_observer observer = { all, keep_cancelled };
	bool is_new = !adopt_exists(one);
	enum status status;

	all->written++;
	status = step_before(all, one, &observer);
	if (status == EXIT_DONE && !one->found)
		status = add_row(all, one);
	if (status == EXIT_DONE && one->redefine)
		status = redefine(all, one);
	if (status != EXIT_DONE)
		return status;
	set_state(all, one, is_new);
	status = ledger_set(all->store, &one->row);
	if (status == EXIT_DONE && one->state == SCHEDULE_ACTIVE)
		status = step_schedule(all->store, &one->row, seconds(all),
		    &observer);
	return status;
}

void
adopting_tell(struct adopting *all)
{
	size_t i;

	for (i = 0; i < all->cancelled.n; i++)
		local_tell_owner(all->store, all->cancelled.v[i]);
	if (all->written > 0)
		wake_others(all->store);
}

enum status
adopt_read_back(struct adopting *all, const struct adoption *one)
{
	struct adoption now;
	enum status status;

	status = adopt_look(all, one->name, &now);
	if (status != EXIT_DONE || (now.found &&
	    now.row.state == one->state &&
	    now.row.definition.gen == one->row.definition.gen))
		return status;
	if (!now.found)
		return error(EXIT_CONFLICT, "schedule '%s' was written and is "
		    "not there", one->name);
	error(EXIT_CONFLICT, "schedule '%s' is not as it was written: it is "
	    "%s, of version %s, by %s", one->name,
	    schedule_state_name(now.row.state), now.row.definition.version,
	    now.row.who != NULL ? now.row.who : "nobody known");
	hint("somebody else changes schedules here: look at 'unionml "
	    "schedule', and run this again");
	return EXIT_CONFLICT;
}
