/* Changes of schedules in a line each, those that have something to tell. */
#include "lib/base/compat.h"

#include "cmd/changes.h"
#include "cmd/output.h"
#include "cmd/schedules.h"
#include "lib/base/strbuf.h"

static void
separate(struct strbuf *out, size_t start)
{
	if (out->len > start)
		strbuf_addstr(out, "; ");
}

static bool
differ(const char *a, const char *b)
{
	return a != NULL && b != NULL ? strcmp(a, b) != 0 : a != b;
}

/* `91c0ffee1234 until ..., 3f2c1d0a9b8e from ...` */
static void
add_hand_over(struct strbuf *line, const struct schedule_change *c)
{
	bool over = c->existed && differ(c->old_version, c->version);

	if (!c->written || c->after != SCHEDULE_ACTIVE)
		return;
	if (!c->has_from) {
		separate(line, 0);
		strbuf_addstr(line, "no slot is to come");
		return;
	}
	if (c->existed && c->before != c->after && !over)
		strbuf_addch(line, ' ');
	else
		separate(line, 0);
	if (over && c->has_until) {
		strbuf_addf(line, "%s until ", c->old_version);
		output_weekday(line, c->until);
		strbuf_addstr(line, ", ");
	}
	if (over)
		strbuf_addf(line, "%s ", c->version);
	strbuf_addstr(line, "from ");
	output_weekday(line, c->from);
}

static void
add_state(struct strbuf *line, const struct schedule_change *c)
{
	bool same = c->existed && c->before == c->after;

	if (c->after == SCHEDULE_ACTIVE && (same || !c->existed))
		return;
	separate(line, 0);
	if (c->after == SCHEDULE_ACTIVE)
		strbuf_addstr(line, "activated");
	else if (c->missing != NULL)
		strbuf_addf(line, "inactive: %s", c->missing);
	else if (c->after == SCHEDULE_INACTIVE)
		strbuf_addstr(line, "inactive");
	if (c->after != SCHEDULE_PAUSED)
		return;
	strbuf_addstr(line, c->missing != NULL ? ", paused" : "paused");
	schedules_add_pause(line, c->since, c->who, c->note);
}

/* What there is to tell of one that is not removed; maybe nothing. */
static void
describe(struct strbuf *line, const struct schedule_change *c)
{
	if (c->keys != NULL)
		strbuf_addstr(line, c->keys);
	if (c->model != NULL && c->written &&
	    differ(c->old_model, c->model)) {
		separate(line, 0);
		strbuf_addf(line, "model %s", c->model);
		if (c->old_model != NULL)
			strbuf_addf(line, " (was %s)", c->old_model);
	}
	add_state(line, c);
}

static char
mark(const struct schedule_change *c)
{
	if (c->kind == CHANGE_NEW)
		return '+';
	if (c->kind == CHANGE_REMOVED)
		return '-';
	return c->kind == CHANGE_CHANGED || (c->existed &&
	    c->before != c->after) ? '~' : '=';
}

static void
describe_any(struct strbuf *line, const struct schedule_change *c, bool all,
    bool ahead)
{
	if (c->kind == CHANGE_REMOVED) {
		strbuf_addstr(line, "no longer declared here");
		if (c->before == SCHEDULE_ACTIVE && c->written)
			strbuf_addstr(line, ahead ? ": will be deactivated" :
			    ": deactivated");
		return;
	}
	describe(line, c);
	if (all || line->len > 0 || mark(c) != '=')
		add_hand_over(line, c);
	if (c->after == SCHEDULE_PAUSED && mark(c) == '=' && ahead)
		strbuf_addstr(line, " (--activate overrides)");
}

void
changes_list(struct strbuf *out, const struct schedule_changes *changes,
    bool all, size_t limit, bool ahead)
{
	struct strbuf line = STRBUF_INIT;
	size_t i, n = 0, width = 0;

	for (i = 0; i < changes->n; i++)
		if (strlen(changes->v[i].name) > width)
			width = strlen(changes->v[i].name);
	for (i = 0; i < changes->n; i++) {
		strbuf_reset(&line);
		describe_any(&line, &changes->v[i], all, ahead);
		if (line.len == 0)
			continue;
		if (++n <= limit)
			strbuf_addf(out, "  %c %-*s  %s\n",
			    mark(&changes->v[i]), (int)width,
			    changes->v[i].name, line.buf);
	}
	if (n > limit)
		strbuf_addf(out, "  and %zu more (--verbose)\n", n - limit);
	strbuf_release(&line);
}
