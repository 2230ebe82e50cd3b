/*
 * unionml schedule list: what the target has, with what it did last and does
 * next, beside what the app file declares. Both come in the order of their
 * names and are merged as they come.
 */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/schedules.h"
#include "cmd/scheduletable.h"
#include "lib/base/nameset.h"
#include "lib/base/strbuf.h"
#include "lib/model/schedulekeys.h"
#include "lib/target/scheduling.h"

struct merge {
	struct schedule_table table;
	const struct app *app;
	const char *target;
	bool broken;			/* the app file: nobody knows what it
					   declares */
	struct nameset names;		/* of the app's schedules */
	size_t at;			/* those before it are shown */
	struct strbuf keys, names_of, words;
};

/* The next schedule of the app file that lives on the target, or NULL. */
static const struct schedule *
peek(struct merge *m)
{
	const struct schedule *s;

	for (; m->at < m->names.n; m->at++) {
		s = &m->app->schedule[m->names.v[m->at].index];
		if (schedule_lives_on(s, m->target))
			return s;
	}
	return NULL;
}

/* Those of the app file that come before `name`, which are not deployed. */
static void
show_undeployed(struct merge *m, const char *name)
{
	const struct schedule *s;

	for (; (s = peek(m)) != NULL; m->at++) {
		if (name != NULL && strcmp(s->name, name) >= 0)
			return;
		schedule_table_add(&m->table, &(struct schedule_row){
		    .declared = s, .drift = "not deployed" });
	}
}

static enum status
each(void *arg, const struct scheduled *scheduled)
{
	struct schedule_row row = { .scheduled = scheduled };
	struct merge *m = arg;
	const struct schedule *s;

	show_undeployed(m, scheduled->name);
	s = peek(m);
	strbuf_reset(&m->keys);
	strbuf_reset(&m->names_of);
	strbuf_reset(&m->words);
	if (m->broken) {
		row.drift = "not known";
	} else if (strcmp(scheduled->app, m->app->name) != 0) {
		strbuf_addf(&m->names_of, "of app '%s'", scheduled->app);
		row.drift = m->names_of.buf;
	} else if (s == NULL || strcmp(s->name, scheduled->name) != 0) {
		row.drift = "not declared";
	} else if (scheduled->keys == NULL) {
		row.declared = s;
		row.drift = "made by another tool";
	} else {
		row.declared = s;
		schedule_keys_print(&m->keys, s);
		if (schedule_keys_differ(scheduled->keys, m->keys.buf,
		    &m->names_of, &m->words)) {
			row.drift = m->names_of.buf;
			row.changes = m->words.buf;
		}
	}
	if (s != NULL && strcmp(s->name, scheduled->name) == 0)
		m->at++;
	schedule_table_add(&m->table, &row);
	return EXIT_DONE;
}

static enum status
list(struct context *context, struct merge *m)
{
	const struct schedule_ops *ops = context->target->ops->schedules;
	struct arena arena = ARENA_INIT;
	enum status status;

	nameset_init(&m->names, &arena, m->app->schedule,
	    m->app->n_schedules, sizeof(*m->app->schedule));
	schedule_table_init(&m->table, ops, context->globals.json);
	status = ops->list(context->target, false, each, m);
	if (status == EXIT_DONE)
		show_undeployed(m, NULL);
	schedule_table_end(&m->table);
	arena_release(&arena);
	return status;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	struct merge m = { .app = &context->app, .broken = context->broken,
	    .target = schedules_target(context), .keys = STRBUF_INIT,
	    .names_of = STRBUF_INIT, .words = STRBUF_INIT };
	enum status status = list(context, &m);

	(void)operands;
	if (status == EXIT_DONE && m.table.rows == 0)
		note("no schedules");
	if (status == EXIT_DONE && m.table.active > 0)
		schedules_note_unserved(context);
	schedule_table_release(&m.table);
	strbuf_release(&m.keys);
	strbuf_release(&m.names_of);
	strbuf_release(&m.words);
	return status;
}

const struct cmd cmd_schedule_list = {
	.name = "list",
	.synopsis = "",
	.summary = "list schedules: their state, last run and next time",
	.needs = CMD_NEEDS_READ,
	.of_store = true,
	.run = run,
};
