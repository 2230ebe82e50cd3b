/* Schedules from what they are to what they are to be: see settle.h. */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/slots/fslots.h"
#include "lib/model/schedulekeys.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/settle.h"

enum { FOLLOWED_MAX = 5 };

struct asked {
	struct settling *s;
	size_t i;		/* the old row */
	enum status *status;
};

/*
 * Only an explicit deactivation moves updated_at. One from before the journal's
 * newest generation is what that has put an end to, if it got that far.
 */
static void
answered(void *arg, const struct api_request *request,
    const struct api_answer *answer)
{
	struct asked *asked = arg;
	const struct json *closure = api_dig(answer->json, "closure", NULL);
	int64_t updated;

	if (http_exit_status(&answer->res) == EXIT_DONE) {
		updated = api_time(closure, "updated_at");
		if (updated > api_time(closure, "created_at") &&
		    updated > asked->s->old.created)
			asked->s->paused[asked->i] = updated;
	} else if (answer->code != API_NOT_FOUND &&
	    *asked->status == EXIT_DONE) {
		*asked->status = api_report(asked->s->flyte, request,
		    answer);
	}
	free(asked);
}

/* Those that the journal has as active and the cluster has not. */
static enum status
find_paused(struct settling *s)
{
	struct api_request request;
	const struct journal_row *row;
	struct arena arena = ARENA_INIT;
	enum status status = EXIT_DONE;
	struct asked *asked;
	size_t i;

	s->paused = xcalloc(s->old.n + 1, sizeof(*s->paused));
	for (i = 0; i < s->old.n; i++) {
		row = &s->old.row[i];
		if (row->state != SCHEDULE_ACTIVE || *row->plan == '\0' ||
		    standing_find(&s->standing, row->name) != NULL)
			continue;
		asked = xcalloc(1, sizeof(*asked));
		*asked = (struct asked){ s, i, &status };
		api_request_init(&request, api_object(&arena, s->flyte,
		    "launch_plans", journal_plan(&arena, s->flyte, row),
		    row->plan),
		    "cannot look at the state of a schedule");
		api_add(s->flyte, &request, answered, asked);
	}
	api_run(s->flyte);
	arena_release(&arena);
	return status;
}

struct journal_row
settle_found(struct arena *arena, const struct standing_row *found)
{
	struct journal_row row = {
		.name = arena_strdup(arena, found->name),
		.state = SCHEDULE_INACTIVE,
		.version = arena_strdup(arena, found->app_version),
		.plan = arena_strdup(arena, found->version),
		.workflow = arena_strdup(arena, found->workflow),
		.when = arena_strdup(arena, found->when),
		.keys = arena_strdup(arena, found->keys),
		.since = found->updated, .bare = found->bare,
	};

	if (*found->timezone != '\0')
		row.timezone = arena_strdup(arena, found->timezone);
	if (*found->model != '\0')
		row.model = arena_strdup(arena, found->model);
	if (found->active) {
		row.state = SCHEDULE_ACTIVE;
	} else if (found->updated > found->created) {
		row.state = SCHEDULE_PAUSED;
		row.who = "another tool";
	}
	return row;
}

/* No deploy of unionml's was there yet: what other tools made is the past. */
static enum status
read_unrecorded(struct settling *s)
{
	struct standing all;
	struct journal *j = &s->old;
	enum status status = standing_read_all(s->flyte, &all);
	size_t i;

	j->row = arena_array(&j->arena, all.n, sizeof(*j->row));
	for (i = 0; i < all.n; i++)
		j->row[j->n++] = settle_found(&j->arena, &all.row[i]);
	if (all.n > 0) {
		j->workflow = arena_strdup(&j->arena,
		    all.row[0].workflow_name);
		j->workflow_version = arena_strdup(&j->arena,
		    all.row[0].workflow_version);
	}
	journal_index(j);
	standing_release(&all);
	return status;
}

enum status
settle_begin(struct settling *s, struct flyte *flyte, const char *action,
    const char *who, size_t more, struct standing *standing,
    struct schedule_changes *changes)
{
	enum status status;

	memset(s, 0, sizeof(*s));
	s->flyte = flyte;
	s->changes = changes;
	status = journal_read(flyte, &s->old);
	if (status == EXIT_DONE && s->old.generation == 0)
		status = read_unrecorded(s);
	if (standing != NULL) {
		s->standing = *standing;
		memset(standing, 0, sizeof(*standing));
	} else if (status == EXIT_DONE) {
		status = standing_read(flyte, &s->standing, NULL, NULL);
	}
	if (status == EXIT_DONE)
		status = find_paused(s);
	s->next.generation = s->old.generation + 1;
	s->next.action = action;
	s->next.who = who;
	s->next.time = clock_now_ms();
	s->next.workflow = s->old.workflow;
	s->next.workflow_version = s->old.workflow_version;
	s->cap = s->old.n + s->standing.n + more;
	s->next.row = arena_array(&s->next.arena, s->cap,
	    sizeof(*s->next.row));
	return status;
}

void
settle_look(const struct settling *s, const char *name,
    struct settle_now *now)
{
	now->row = journal_find(&s->old, name);
	now->standing = standing_find(&s->standing, name);
	now->state = SCHEDULE_INACTIVE;
	/* A pause that was cut short is still one. */
	if (now->row != NULL && now->row->state == SCHEDULE_PAUSED)
		now->state = SCHEDULE_PAUSED;
	else if (now->standing != NULL)
		now->state = SCHEDULE_ACTIVE;
	else if (now->row != NULL && s->paused[now->row - s->old.row] != 0)
		now->state = SCHEDULE_PAUSED;
	else if (now->row != NULL && now->row->state != SCHEDULE_ACTIVE)
		now->state = now->row->state;
	now->existed = now->standing != NULL || (now->row != NULL &&
	    now->row->state != SCHEDULE_REMOVED);
}

static bool
same_text(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static bool
same_definition(const struct journal_row *a, const struct journal_row *b)
{
	return same_text(a->version, b->version) &&
	    same_text(a->plan, b->plan) && same_text(a->keys, b->keys) &&
	    same_text(a->model, b->model) && a->bare == b->bare;
}

static void
set_state(const struct settling *s, const struct settle_now *now,
    struct journal_row *row)
{
	const struct journal_row *old = now->row;

	row->marked = row->marked || (old != NULL && old->marked) ||
	    row->state == SCHEDULE_PAUSED || row->state == SCHEDULE_REMOVED;
	if (old != NULL && old->state == row->state) {
		row->since = old->since;
		row->who = old->who;
		row->note = old->note;
	} else if (old != NULL && row->state == SCHEDULE_PAUSED &&
	    s->paused[old - s->old.row] != 0) {
		row->since = s->paused[old - s->old.row];
		row->who = "another tool";
	} else {
		row->since = s->next.time;
		row->who = s->next.who;
	}
}

static char *
copy(const char *text)
{
	return text != NULL && *text != '\0' ? xstrdup(text) : NULL;
}

/* Whether what is there was made by unionml from an app file. */
static bool
is_ours(const struct settle_now *now)
{
	if (now->row == NULL)
		return now->standing->ours;
	return now->row->keys != NULL && *now->row->keys != '\0';
}

static void
describe_strange(const struct settling *s, const struct settle_now *now,
    struct schedule_change *c)
{
	bool bare = now->row != NULL ? now->row->bare : now->standing->bare;

	c->kind = CHANGE_CHANGED;
	c->names = xstrdup(bare ? "name" : "made by another tool");
	c->keys = bare ? xasprintf("launch plan %s -> %s.%s", c->name,
	    s->flyte->app->name, c->name) : xstrdup(c->names);
}

static void
describe_keys(const struct settling *s, const struct settle_now *now,
    const struct journal_row *row, struct schedule_change *c)
{
	struct strbuf names = STRBUF_INIT, words = STRBUF_INIT;

	if (!now->existed) {
		c->kind = CHANGE_NEW;
	} else if (!is_ours(now)) {
		describe_strange(s, now, c);
	} else if (now->row != NULL && row->keys != NULL &&
	    schedule_keys_differ(now->row->keys, row->keys, &names,
	    &words)) {
		c->kind = CHANGE_CHANGED;
		c->names = xstrdup(names.buf);
		c->keys = xstrdup(words.buf);
	} else {
		c->kind = CHANGE_UNCHANGED;
	}
	strbuf_release(&names);
	strbuf_release(&words);
}

/* When the old definition fired last, and when the new one will first. */
static void
describe_hand_over(const struct settle_now *now,
    const struct journal_row *row, struct schedule_change *c)
{
	const struct standing_row *old = now->standing;
	int64_t at = clock_now().sec, since;

	if (old != NULL && !old->drifts) {
		since = now->row != NULL ? now->row->since : old->created;
		c->has_until = fslots_last(old->when, old->timezone,
		    floor_div(since, 1000), at, &c->until);
	}
	if (row->state == SCHEDULE_ACTIVE)
		c->has_from = fslots_next(row->when, row->timezone, at,
		    &c->from);
}

static void
describe(struct settling *s, const struct settle_now *now,
    const struct journal_row *row, bool declared, const char *missing)
{
	struct schedule_change *c = schedule_changes_add(s->changes);

	c->name = xstrdup(row->name);
	c->existed = now->existed;
	c->before = now->state;
	c->after = row->state;
	/* To write down what another tool has done changes nothing. */
	c->written = now->row == NULL || now->state != row->state ||
	    !same_definition(now->row, row) ||
	    !standing_is(&s->standing, row);
	if (declared)
		describe_keys(s, now, row, c);
	else
		c->kind = CHANGE_UNCHANGED;
	if (row->state == SCHEDULE_REMOVED)
		c->kind = CHANGE_REMOVED;
	else
		c->version = copy(row->version);
	if (now->row != NULL) {
		c->old_version = copy(now->row->version);
		c->old_model = copy(now->row->model);
	} else if (now->standing != NULL) {
		c->old_version = copy(now->standing->app_version);
	}
	c->model = copy(row->model);
	if (missing != NULL && row->state != SCHEDULE_ACTIVE)
		c->missing = xstrdup(missing);
	if (c->existed && c->before == c->after) {
		c->since = row->since;
		c->who = copy(row->who);
		c->note = copy(row->note);
	}
	if (c->written)
		describe_hand_over(now, row, c);
}

void
settle_row(struct settling *s, const struct settle_now *now,
    struct journal_row *row, bool declared, const char *missing)
{
	if (s->next.n == s->cap)
		BUG("more schedules than rows");
	if (now->row == NULL || now->row->state != row->state ||
	    row->since == 0)
		set_state(s, now, row);
	else
		row->marked = row->marked || now->row->marked;
	s->next.row[s->next.n++] = *row;
	s->differs = s->differs || now->row == NULL ||
	    now->row->state != row->state ||
	    !same_definition(now->row, row);
	describe(s, now, row, declared, missing);
}

bool
settle_was_cut(const struct settle_now *now)
{
	return now->row != NULL && now->row->state == SCHEDULE_ACTIVE &&
	    now->state == SCHEDULE_INACTIVE;
}

void
settle_as_is(struct settling *s, const struct settle_now *now,
    struct journal_row *row)
{
	/* An activation that was cut is still wanted. */
	if (settle_was_cut(now)) {
		*row = *now->row;
		return;
	}
	/* Somebody has activated what was not to be active, or not yet. */
	if (now->standing != NULL && (now->row == NULL ||
	    now->row->state == SCHEDULE_INACTIVE ||
	    now->row->state == SCHEDULE_REMOVED))
		*row = settle_found(&s->next.arena, now->standing);
	else
		*row = *now->row;
	row->state = now->state;
	if (now->row != NULL && now->row->state != row->state)
		set_state(s, now, row);
}

void
settle_keep_others(struct settling *s)
{
	const struct journal_row *old;
	struct journal_row *row;
	struct settle_now now;
	size_t i;

	journal_index(&s->next);
	for (i = 0; i < s->old.n; i++) {
		old = &s->old.row[i];
		if (journal_find(&s->next, old->name) != NULL)
			continue;
		row = &s->next.row[s->next.n++];
		settle_look(s, old->name, &now);
		/* What is removed stays so, whoever activates it. */
		if (old->state == SCHEDULE_REMOVED)
			*row = *old;
		else
			settle_as_is(s, &now, row);
	}
	journal_index(&s->next);
}

/* Who finds that another was faster makes what that one wants. */
static enum status
follow(struct settling *s, bool now)
{
	struct journal newest;
	enum status status;
	int64_t generation = s->next.generation;
	int i;

	for (i = 0; i < FOLLOWED_MAX; i++) {
		status = journal_read(s->flyte, &newest);
		if (status == EXIT_DONE && newest.generation > generation) {
			note("%s has changed the schedules meanwhile: they "
			    "are made what that says", newest.who);
			generation = newest.generation;
			status = standing_enforce(s->flyte, &s->standing,
			    &newest, now);
		} else {
			i = FOLLOWED_MAX;
		}
		journal_release(&newest);
		if (status != EXIT_DONE)
			return status;
	}
	return EXIT_DONE;
}

/* It may have waited until a slot was over. */
static void
tell_times(struct settling *s)
{
	const struct journal_row *old;
	struct schedule_change *c;
	int64_t at = clock_now().sec;
	size_t i;

	for (i = 0; i < s->changes->n; i++) {
		c = &s->changes->v[i];
		old = journal_find(&s->old, c->name);
		if (old != NULL && c->has_until)
			c->has_until = fslots_last(old->when, old->timezone,
			    floor_div(old->since, 1000), at, &c->until);
		if (c->has_from)
			c->has_from = fslots_next(s->next.row[i].when,
			    s->next.row[i].timezone, at, &c->from);
	}
}

enum status
settle_record(struct settling *s)
{
	if (!s->differs) {
		s->next.generation = s->old.generation;
		return EXIT_DONE;
	}
	if (s->next.workflow == NULL)
		return error(EXIT_CONFLICT, "the app has no workflow that its "
		    "journal could belong to");
	return journal_write(s->flyte, &s->next);
}

enum status
settle_carry_out(struct settling *s, bool now)
{
	bool as_wanted = true;
	enum status status;
	size_t i;

	for (i = 0; i < s->next.n; i++)
		as_wanted = as_wanted && standing_is(&s->standing,
		    &s->next.row[i]);
	if (!s->differs && as_wanted)
		return EXIT_DONE;
	status = settle_record(s);
	if (status == EXIT_DONE)
		status = standing_enforce(s->flyte, &s->standing, &s->next,
		    now);
	tell_times(s);
	if (status == EXIT_DONE && !s->flyte->dry_run)
		status = follow(s, now);
	return status;
}

void
settle_release(struct settling *s)
{
	free(s->paused);
	standing_release(&s->standing);
	journal_release(&s->old);
	journal_release(&s->next);
}
