/*
 * Changes of schedules in JSON and in one line; in a line each they are told
 * by changeslist.c. Nothing here knows what made them.
 */
#include "lib/base/compat.h"

#include "cmd/changes.h"
#include "cmd/output.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"

enum { NAMED = 5 };

bool
changes_any(const struct schedule_changes *changes)
{
	size_t i;

	for (i = 0; i < changes->n; i++)
		if (changes->v[i].written)
			return true;
	return false;
}

bool
changes_leave_active(const struct schedule_changes *changes)
{
	size_t i;

	for (i = 0; i < changes->n; i++)
		if (changes->v[i].after == SCHEDULE_ACTIVE)
			return true;
	return false;
}

static void
put_slot(struct json_writer *w, const char *name, bool has, int64_t t)
{
	if (has)
		output_json_slot(w, name, t);
	else
		json_put_null(w, name);
}

static const char *
kind_name(enum change_kind kind)
{
	static const char *const names[CHANGE_KINDS] = {
		[CHANGE_NEW] = "new", [CHANGE_CHANGED] = "changed",
		[CHANGE_UNCHANGED] = "unchanged", [CHANGE_REMOVED] = "removed",
	};

	return names[kind];
}

void
changes_put_json(struct json_writer *w, const char *name,
    const struct schedule_changes *changes)
{
	const struct schedule_change *c;
	size_t i;

	json_begin_list(w, name);
	for (i = 0; i < changes->n; i++) {
		c = &changes->v[i];
		json_begin_map(w, NULL);
		json_put_text(w, "name", c->name);
		json_put_text(w, "change", kind_name(c->kind));
		json_put_bool(w, "written", c->written);
		json_put_text_or_null(w, "keys", c->keys);
		json_put_text_or_null(w, "old_state", c->existed ?
		    schedule_state_name(c->before) : NULL);
		json_put_text(w, "state", schedule_state_name(c->after));
		json_put_text_or_null(w, "reason", c->missing);
		json_put_text_or_null(w, "old_version", c->old_version);
		json_put_text_or_null(w, "version", c->version);
		put_slot(w, "old_until", c->has_until, c->until);
		put_slot(w, "from", c->has_from, c->from);
		json_put_int(w, "missed", c->n_missed);
		json_put_text_or_null(w, "old_model", c->old_model);
		json_put_text_or_null(w, "model", c->model);
		output_json_time(w, "since", c->since);
		json_put_text_or_null(w, "who", c->who);
		json_put_text_or_null(w, "note", c->note);
		json_end_map(w);
	}
	json_end_list(w);
}

/* What a schedule counts as in the summary. */
enum part { PART_NEW, PART_CHANGED, PART_REMOVED, PART_ACTIVATED,
	PART_DEACTIVATED, PART_UNCHANGED, PART_PAUSED, PART_REGISTERED,
	PART_LEFT, PARTS };

static const char *const part_words[PARTS] = {
	[PART_NEW] = "new", [PART_CHANGED] = "changed",
	[PART_REMOVED] = "removed", [PART_ACTIVATED] = "activated",
	[PART_DEACTIVATED] = "deactivated", [PART_UNCHANGED] = "unchanged",
	[PART_PAUSED] = "kept paused", [PART_REGISTERED] = "registered",
	[PART_LEFT] = "left as they are",
};

static bool
counts_as(const struct schedule_change *c, enum part part, bool states)
{
	bool moved = c->existed && c->before != c->after &&
	    c->kind != CHANGE_REMOVED;
	bool same = c->kind == CHANGE_UNCHANGED && !moved;

	if (!states)
		return part == (c->written ? PART_REGISTERED : PART_LEFT);
	switch (part) {
	case PART_NEW:
		return c->kind == CHANGE_NEW;
	case PART_CHANGED:
		return c->kind == CHANGE_CHANGED;
	case PART_REMOVED:
		return c->kind == CHANGE_REMOVED;
	case PART_ACTIVATED:
		return moved && c->after == SCHEDULE_ACTIVE;
	case PART_DEACTIVATED:
		return moved && c->after != SCHEDULE_ACTIVE;
	case PART_UNCHANGED:
		return same && c->after != SCHEDULE_PAUSED;
	case PART_PAUSED:
		return c->after == SCHEDULE_PAUSED && !moved;
	default:
		return false;
	}
}

/* `(nightly: expression; weekly)`, and `deactivated` of what fired. */
static void
add_names(struct strbuf *out, const struct schedule_changes *changes,
    enum part part)
{
	const struct schedule_change *c;
	bool keys = part == PART_CHANGED, fired = false;
	size_t i, n = 0;

	for (i = 0; i < changes->n; i++) {
		c = &changes->v[i];
		if (!counts_as(c, part, true))
			continue;
		fired = fired || c->before == SCHEDULE_ACTIVE;
		if (++n > NAMED)
			continue;
		strbuf_addf(out, "%s%s", n == 1 ? " (" : keys ? "; " : ", ",
		    c->name);
		if (keys && c->names != NULL)
			strbuf_addf(out, ": %s", c->names);
	}
	if (n > NAMED)
		strbuf_addf(out, " and %zu more", n - NAMED);
	if (part == PART_REMOVED && fired)
		strbuf_addstr(out, ", deactivated");
	strbuf_addch(out, ')');
}

void
changes_summarize(struct strbuf *out, const struct schedule_changes *changes,
    bool states)
{
	static const bool named[PARTS] = { [PART_CHANGED] = true,
		[PART_REMOVED] = true, [PART_ACTIVATED] = true,
		[PART_DEACTIVATED] = true };
	const char *between = "schedules: ";
	enum part part;
	size_t i, n;

	for (part = 0; part < PARTS; part++) {
		n = 0;
		for (i = 0; i < changes->n; i++)
			n += counts_as(&changes->v[i], part, states);
		if (n == 0)
			continue;
		strbuf_addf(out, "%s%zu %s", between, n, part_words[part]);
		if (named[part])
			add_names(out, changes, part);
		between = ", ";
	}
	if (changes->n > 0)
		strbuf_addch(out, '\n');
}
