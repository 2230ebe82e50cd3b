/*
 * The states of schedules, made and read back. Activating a version ends one
 * other that is ACTIVE; two activations at once leave two, and each round here
 * ends those that it finds. A change waits while a slot of the schedule is
 * near: until Flyte's scheduler has seen it, either version may run that.
 */
#include "lib/base/compat.h"

#include <time.h>

#include "lib/base/clock.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/slots/fslots.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/journal.h"
#include "lib/target/flyte/standing.h"
#include "lib/text/jsonio.h"

enum { NEAR = 45, ROUNDS = 4, MARK_MAX = 300, NAMED = 5 };

struct enforcing {
	struct flyte *flyte;
	const struct journal *journal;
	struct standing *standing;
	bool now;
	int64_t wait_until;	/* 0: nothing waits for a slot */
	const char *waiting;	/* the first of those that do */
	size_t n_waiting;
	struct arena arena;
	enum status status;
};

static void
done(void *arg, const struct api_request *request,
    const struct api_answer *answer)
{
	struct enforcing *e = arg;

	if (http_exit_status(&answer->res) != EXIT_DONE &&
	    e->status == EXIT_DONE)
		e->status = api_report(e->flyte, request, answer);
}

static void
put(struct enforcing *e, const char *path, const char *what,
    const struct strbuf *body)
{
	struct api_request request;

	api_request_init(&request, path, what);
	request.method = HTTP_PUT;
	request.retry = HTTP_RETRY_WRITE;
	request.body = body->buf;
	api_add(e->flyte, &request, done, e);
}

static void
put_state(struct enforcing *e, const char *schedule, const char *plan,
    const char *version, bool active)
{
	struct strbuf body = STRBUF_INIT;

	strbuf_addf(&body, "{\"state\":\"%s\"}", active ? "ACTIVE" :
	    "INACTIVE");
	put(e, api_object(&e->arena, e->flyte, "launch_plans", plan, version),
	    arena_printf(&e->arena, "cannot %s schedule '%s'", active ?
	    "activate" : "deactivate", schedule), &body);
	strbuf_release(&body);
}

/* `unionml: paused SINCE by WHO: NOTE`, in what a description may hold. */
static void
print_mark(struct strbuf *sb, const struct journal_row *row)
{
	size_t i;

	strbuf_addf(sb, "unionml: %s", schedule_state_name(row->state));
	if (row->state != SCHEDULE_ACTIVE) {
		strbuf_addch(sb, ' ');
		instant_print(sb, (struct instant){ floor_div(row->since,
		    1000), 0 });
	}
	if (row->state == SCHEDULE_PAUSED && row->who != NULL)
		strbuf_addf(sb, " by %s", row->who);
	if (row->state == SCHEDULE_PAUSED && row->note != NULL)
		strbuf_addf(sb, ": %s", row->note);
	for (i = 0; i < sb->len; i++)
		if ((unsigned char)sb->buf[i] < ' ' || sb->buf[i] == 0x7f)
			sb->buf[i] = ' ';
	if (sb->len > MARK_MAX) {
		for (i = MARK_MAX; ((unsigned char)sb->buf[i] & 0xc0) ==
		    0x80; i--)
			;
		strbuf_setlen(sb, i);
	}
}

static void
put_mark(struct enforcing *e, const struct journal_row *row)
{
	struct strbuf body = STRBUF_INIT, text = STRBUF_INIT;
	const struct flyte *flyte = e->flyte;
	struct json_writer w;

	if (!row->marked)
		return;
	print_mark(&text, row);
	json_writer_init(&w, &body, false);
	json_begin_map(&w, NULL);
	json_begin_map(&w, "metadata");
	json_put_text(&w, "description", text.buf);
	json_end_map(&w);
	json_end_map(&w);
	put(e, api_path(&e->arena, "named_entities", "LAUNCH_PLAN",
	    flyte->project, flyte->domain, journal_plan(&e->arena, flyte,
	    row), NULL),
	    arena_printf(&e->arena, "cannot note the state of schedule '%s'",
	    row->name), &body);
	strbuf_release(&body);
	strbuf_release(&text);
}

/* A slot of the new definition, or of one that is ACTIVE, is about to come. */
static bool
must_wait(struct enforcing *e, const struct journal_row *row)
{
	const struct standing_row *found = standing_find(e->standing,
	    row->name);
	int64_t now = clock_now().sec, t, last = 0;

	if (e->now)
		return false;
	if (row->state == SCHEDULE_ACTIVE &&
	    fslots_next(row->when, row->timezone, now - 1, &t) &&
	    t <= now + NEAR)
		last = t;
	if (found != NULL && !found->drifts && fslots_next(found->when,
	    found->timezone, now - 1, &t) && t <= now + NEAR && t > last)
		last = t;
	if (last == 0)
		return false;
	if (e->n_waiting++ == 0)
		e->waiting = row->name;
	if (e->wait_until == 0 || last + 1 < e->wait_until)
		e->wait_until = last + 1;
	return true;
}

static void
change(struct enforcing *e, const struct journal_row *row)
{
	const struct standing *s = e->standing;
	bool is_active = false;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (strcmp(s->row[i].name, row->name) != 0)
			continue;
		if (row->state == SCHEDULE_ACTIVE &&
		    standing_same(&s->row[i], row))
			is_active = true;
		else if (row->state != SCHEDULE_ACTIVE || s->row[i].doubled ||
		    s->row[i].bare != row->bare)
			put_state(e, row->name, s->row[i].plan,
			    s->row[i].version, false);
	}
	if (row->state == SCHEDULE_ACTIVE && !is_active)
		put_state(e, row->name, journal_plan(&e->arena, e->flyte,
		    row), row->plan, true);
}

/* The notes first, so that what was cut short shows what it was about. */
static size_t
change_all(struct enforcing *e)
{
	const struct journal *j = e->journal;
	bool *chosen = xcalloc(j->n + 1, sizeof(*chosen));
	size_t i, n = 0;

	e->n_waiting = 0;
	e->wait_until = 0;
	for (i = 0; i < j->n; i++) {
		if (standing_is(e->standing, &j->row[i]))
			continue;
		n++;
		chosen[i] = !must_wait(e, &j->row[i]);
		if (chosen[i])
			put_mark(e, &j->row[i]);
	}
	api_run(e->flyte);
	for (i = 0; i < j->n && e->status == EXIT_DONE; i++)
		if (chosen[i])
			change(e, &j->row[i]);
	api_run(e->flyte);
	free(chosen);
	return n;
}

static void
wait_for_slots(const struct enforcing *e)
{
	struct timespec t = { 0, 200 * 1000 * 1000 };
	int64_t left = e->wait_until - clock_now().sec;

	note("waiting %lld s until a slot of '%s' is over (%zu schedule%s; "
	    "--now does not wait)", (long long)(left > 0 ? left : 0),
	    e->waiting, e->n_waiting, e->n_waiting > 1 ? "s" : "");
	while (clock_now().sec < e->wait_until)
		nanosleep(&t, NULL);
}

/* What the last round has made right is no fault any more. */
static enum status
refuse(const struct enforcing *e)
{
	struct strbuf names = STRBUF_INIT;
	struct strvec other = STRVEC_INIT;
	const struct journal *j = e->journal;
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < j->n; i++)
		if (!standing_is(e->standing, &j->row[i]))
			strvec_push(&other, j->row[i].name);
	strvec_print(&other, &names, NAMED);
	if (other.n > 0) {
		status = error(EXIT_CONFLICT, "the cluster took the states of "
		    "schedules, and does not have them: %s", names.buf);
		hint("somebody else may change them: look at '%s schedule', "
		    "and run this again", self_call());
	}
	strbuf_release(&names);
	strvec_release(&other);
	return status;
}

enum status
standing_enforce(struct flyte *flyte, struct standing *standing,
    const struct journal *journal, bool now)
{
	struct enforcing e = { .flyte = flyte, .journal = journal,
	    .standing = standing, .now = now, .status = EXIT_DONE };
	int rounds = 0;

	/* Nothing will have changed when it is read back. */
	if (flyte->dry_run) {
		e.now = true;
		change_all(&e);
		arena_release(&e.arena);
		return e.status;
	}
	while (rounds < ROUNDS && change_all(&e) > 0 &&
	    e.status == EXIT_DONE) {
		if (e.n_waiting > 0)
			wait_for_slots(&e);
		else
			rounds++;
		standing_release(standing);
		e.status = standing_read(flyte, standing, NULL, NULL);
		if (e.status != EXIT_DONE)
			break;
	}
	if (e.status == EXIT_DONE && rounds == ROUNDS)
		e.status = refuse(&e);
	arena_release(&e.arena);
	return e.status;
}
