/*
 * How a schedule is shown: times as systemd's list-timers has them, and below
 * the table why something does not fire.
 */
#include "lib/base/compat.h"

#include "cmd/output.h"
#include "cmd/schedules.h"
#include "cmd/scheduletable.h"
#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/model/run.h"
#include "lib/target/scheduling.h"

enum { REMARKS = 20, FLUSH = 1 << 16 };

static const char *const columns[] = { "NAME", "WORKFLOW", "WHEN", "STATE",
	"LAST", "NEXT", "VERSION", "DRIFT", NULL };

void
schedule_table_init(struct schedule_table *t, const struct schedule_ops *ops,
    bool as_json)
{
	memset(t, 0, sizeof(*t));
	t->ops = ops;
	t->as_json = as_json;
	t->now = clock_now_ms();
	table_init(&t->table, columns);
	strbuf_init(&t->text);
	strvec_init(&t->remarks);
	json_writer_init(&t->json, &t->text, true);
	if (as_json)
		json_begin_list(&t->json, NULL);
}

void
schedule_table_release(struct schedule_table *t)
{
	strbuf_release(&t->text);
	strvec_release(&t->remarks);
}

static const char *
cell(struct schedule_table *t)
{
	return t->text.len > 0 ? t->text.buf : "-";
}

/* `0 2 * * * Europe/Berlin`, `every 1h` */
static void
add_when(struct strbuf *sb, const char *when, const char *zone)
{
	struct span rate;
	const char *why;

	if (span_parse(when, &rate, &why))
		strbuf_addstr(sb, "every ");
	strbuf_addstr(sb, when);
	if (zone != NULL && strcmp(zone, "UTC") != 0)
		strbuf_addf(sb, " %s", zone);
}

/* `ok 47min ago`, `running 5min` */
static void
add_last(struct schedule_table *t, const struct run *run)
{
	bool ended = run_ended(run->status);
	int64_t at = ended ? run->ended_at : run->started_at;

	strbuf_addstr(&t->text, run->status == RUN_SUCCEEDED ? "ok" :
	    run_status_name(run->status));
	if (at == 0)
		return;
	strbuf_addch(&t->text, ' ');
	output_ago(&t->text, t->now - at);
	if (ended)
		strbuf_addstr(&t->text, " ago");
}

static enum colour
state_colour(enum schedule_state state)
{
	return state == SCHEDULE_ACTIVE ? COLOUR_GREEN : COLOUR_YELLOW;
}

static void
add_deployed(struct schedule_table *t, const struct scheduled *s)
{
	struct table *table = &t->table;

	table_add_coloured(table, schedule_state_name(s->state),
	    state_colour(s->state));
	strbuf_reset(&t->text);
	if (s->last.id != NULL)
		add_last(t, &s->last);
	table_add_coloured(table, cell(t), s->last.id != NULL ?
	    output_status_colour(s->last.status) : COLOUR_NONE);
	strbuf_reset(&t->text);
	if (s->has_next) {
		output_weekday(&t->text, s->next);
		strbuf_addstr(&t->text, "  ");
		output_ago(&t->text, s->next * 1000 - t->now);
	}
	table_add(table, cell(t));
	table_add(table, s->version);
}

static void
add_row(struct schedule_table *t, const struct schedule_row *row)
{
	const struct scheduled *s = row->scheduled;
	const struct schedule *d = row->declared;

	table_add(&t->table, s != NULL ? s->name : d->name);
	table_add(&t->table, s != NULL ? s->workflow :
	    workflow_name(d->workflow));
	strbuf_reset(&t->text);
	if (s != NULL)
		add_when(&t->text, s->when, s->timezone);
	else
		add_when(&t->text, d->when, d->timezone);
	table_add(&t->table, cell(t));
	if (s != NULL) {
		add_deployed(t, s);
	} else {
		table_add(&t->table, "-");
		table_add(&t->table, "-");
		table_add(&t->table, "-");
		table_add(&t->table, "-");
	}
	table_add_coloured(&t->table, row->drift != NULL ? row->drift : "-",
	    row->drift != NULL ? COLOUR_YELLOW : COLOUR_NONE);
}

/* Why it does not fire, if somebody might ask. */
static void
add_remark(struct schedule_table *t, const struct schedule_row *row)
{
	const struct scheduled *s = row->scheduled;
	const struct schedule *d = row->declared;
	struct strbuf text = STRBUF_INIT;

	if (s == NULL)
		return;
	if (s->state == SCHEDULE_PAUSED) {
		strbuf_addf(&text, "%s: paused", s->name);
		schedules_add_pause(&text, s->since, s->who, s->note);
	} else if (s->state == SCHEDULE_INACTIVE && s->model == NULL &&
	    d != NULL && d->model.source == MODEL_LATEST_AT_DEPLOY) {
		strbuf_addf(&text, "%s: deployed while there was no model: "
		    "train, then deploy again", s->name);
	}
	if (text.len > 0 && t->remarked++ < REMARKS)
		strvec_push(&t->remarks, text.buf);
	strbuf_release(&text);
}

/* NULL of what another tool made. */
static const struct json *
read_keys(struct arena *arena, const struct scheduled *s)
{
	const char *why;

	return s->keys != NULL ? json_parse(arena, s->keys, strlen(s->keys),
	    &why) : NULL;
}

/* The policy in force, and what of it nobody asked for. */
static const char *
policy(const struct json *keys, const char *key, const char *own, bool *given)
{
	const struct json *value = json_find(keys, key);

	*given = value != NULL && value->kind == JSON_TEXT;
	return *given ? value->text : own;
}

static void
add_detail(struct schedule_table *t, const struct scheduled *s)
{
	struct arena arena = ARENA_INIT;
	const struct json *keys;
	const char *text;
	struct strbuf line = STRBUF_INIT;
	bool given;

	keys = read_keys(&arena, s);
	text = policy(keys, "catchup", t->ops->own_catchup, &given);
	strbuf_addf(&line, "%s: catchup %s%s", s->name, text, given ? "" :
	    " (the target's own way)");
	text = policy(keys, "catchup_window", NULL, &given);
	if (given)
		strbuf_addf(&line, " within %s", text);
	text = policy(keys, "overlap", t->ops->own_overlap, &given);
	strbuf_addf(&line, ", overlap %s%s", text, given ? "" :
	    " (the target's own way)");
	if (s->model != NULL)
		strbuf_addf(&line, ", model %s", s->model);
	detail("%s", line.buf);
	strbuf_release(&line);
	arena_release(&arena);
}

static void
put_last(struct json_writer *w, const struct run *last)
{
	if (last->id == NULL) {
		json_put_null(w, "last");
		return;
	}
	json_begin_map(w, "last");
	run_write_json(w, last);
	json_end_map(w);
}

static void
put_deployed(struct schedule_table *t, const struct scheduled *s)
{
	struct json_writer *w = &t->json;
	struct arena arena = ARENA_INIT;
	const struct json *keys;
	bool given;

	keys = read_keys(&arena, s);
	json_put_text(w, "state", schedule_state_name(s->state));
	output_json_time(w, "since", s->since);
	json_put_text_or_null(w, "who", s->who);
	json_put_text_or_null(w, "note", s->note);
	put_last(w, &s->last);
	if (s->has_next)
		output_json_slot(w, "next", s->next);
	else
		json_put_null(w, "next");
	json_put_text_or_null(w, "version", s->version);
	json_put_text_or_null(w, "model", s->model);
	json_put_text(w, "catchup", policy(keys, "catchup",
	    t->ops->own_catchup, &given));
	json_put_text(w, "overlap", policy(keys, "overlap",
	    t->ops->own_overlap, &given));
	if (keys != NULL)
		json_put(w, "keys", keys);
	else
		json_put_null(w, "keys");
	arena_release(&arena);
}

static void
put_undeployed(struct json_writer *w)
{
	static const char *const names[] = { "state", "since", "who", "note",
		"last", "next", "version", "model", "catchup", "overlap",
		"keys" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		json_put_null(w, names[i]);
}

static void
put_row(struct schedule_table *t, const struct schedule_row *row)
{
	const struct scheduled *s = row->scheduled;
	const struct schedule *d = row->declared;
	struct json_writer *w = &t->json;

	json_begin_map(w, NULL);
	json_put_text(w, "name", s != NULL ? s->name : d->name);
	json_put_text(w, "workflow", s != NULL ? s->workflow :
	    workflow_name(d->workflow));
	json_put_text(w, "when", s != NULL ? s->when : d->when);
	json_put_text_or_null(w, "timezone", s != NULL ? s->timezone :
	    d->timezone);
	if (s != NULL)
		put_deployed(t, s);
	else
		put_undeployed(w);
	json_put_text_or_null(w, "drift", row->drift);
	json_put_text_or_null(w, "changes", row->changes);
	json_end_map(w);
	if (t->text.len > FLUSH) {
		output_write(&t->text);
		strbuf_reset(&t->text);
	}
}

void
schedule_table_add(struct schedule_table *t, const struct schedule_row *row)
{
	t->rows++;
	if (row->scheduled != NULL && row->scheduled->state == SCHEDULE_ACTIVE)
		t->active++;
	if (t->as_json) {
		put_row(t, row);
		return;
	}
	add_row(t, row);
	add_remark(t, row);
	if (row->scheduled != NULL && err_verbosity() == VERBOSE)
		add_detail(t, row->scheduled);
}

void
schedule_table_end(struct schedule_table *t)
{
	size_t i;

	if (t->as_json) {
		json_end_list(&t->json);
		strbuf_addch(&t->text, '\n');
		output_write(&t->text);
	}
	table_end(&t->table);
	for (i = 0; i < t->remarks.n; i++)
		note("%s", t->remarks.v[i]);
	if (t->remarked > t->remarks.n)
		note("and %zu more that do not fire", t->remarked -
		    t->remarks.n);
}
