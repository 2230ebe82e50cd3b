/*
 * Schedules activated and deactivated by hand. What was so already is said and
 * is no error: a script may repeat itself.
 */
#include "lib/base/compat.h"

#include "cmd/activation.h"
#include "cmd/changes.h"
#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/schedules.h"
#include "cmd/textline.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/target/scheduling.h"

static void
print_json(const struct schedule_changes *changes)
{
	struct strbuf out = STRBUF_INIT;
	struct json_writer w;

	json_writer_init(&w, &out, true);
	changes_put_json(&w, NULL, changes);
	strbuf_addch(&out, '\n');
	output_write(&out);
	strbuf_release(&out);
}

static void
print_changed(const struct schedule_changes *changes, const char *note)
{
	const struct schedule_change *c;
	struct strbuf out = STRBUF_INIT;
	size_t i, width = 0;

	for (i = 0; i < changes->n; i++)
		if (changes->v[i].written &&
		    strlen(changes->v[i].name) > width)
			width = strlen(changes->v[i].name);
	for (i = 0; i < changes->n; i++) {
		c = &changes->v[i];
		if (!c->written)
			continue;
		strbuf_addf(&out, "%-*s  %s", (int)width, c->name,
		    schedule_state_name(c->after));
		if (c->has_from) {
			strbuf_addstr(&out, c->before == c->after ?
			    ", version " : " from ");
			if (c->before == c->after)
				strbuf_addf(&out, "%s from ", c->version);
			output_weekday(&out, c->from);
		}
		if (c->after == SCHEDULE_PAUSED && note != NULL)
			strbuf_addf(&out, ": %s", note);
		strbuf_addch(&out, '\n');
	}
	output_masked(out.buf, out.len);
	strbuf_release(&out);
}

/* What was so already, and what could not be done. */
static void
tell_rest(const struct schedule_changes *changes)
{
	const struct schedule_change *c;
	struct strbuf since = STRBUF_INIT;
	size_t i;

	for (i = 0; i < changes->n; i++) {
		c = &changes->v[i];
		strbuf_reset(&since);
		schedules_add_pause(&since, c->since, c->who, c->note);
		if (c->missing != NULL && c->after != SCHEDULE_ACTIVE)
			warning("schedule '%s' stays %s: %s", c->name,
			    schedule_state_name(c->after), c->missing);
		else if (!c->written)
			note("schedule '%s' is %s already%s", c->name,
			    schedule_state_name(c->after), since.buf);
	}
	strbuf_release(&since);
}

static void
tell_none(const struct context *context, const char *version)
{
	if (version != NULL)
		note("no schedule of version '%s' is deployed on '%s'",
		    version, schedules_target(context));
	else
		note("no schedule is deployed on '%s'",
		    schedules_target(context));
}

static void
tell(struct context *context, const struct schedule_changes *changes,
    const struct activation *activation)
{
	if (context->globals.json)
		print_json(changes);
	else
		print_changed(changes, activation->note);
	if (changes->n == 0)
		tell_none(context, activation->version);
	tell_rest(changes);
	if (activation->active && changes_leave_active(changes))
		schedules_note_unserved(context);
}

enum status
activation_run(struct context *context, const struct strvec *operands,
    const struct activation_options *options, bool active)
{
	char *who = schedules_who();
	struct strvec names = STRVEC_INIT;
	const struct activation activation = {
		.names = &names,
		.target = schedules_target(context),
		.active = active,
		.note = options->note,
		.version = options->version,
		.now = options->now,
		.who = who,
	};
	struct schedule_changes changes = SCHEDULE_CHANGES_INIT;
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < operands->n + options->names->n; i++) {
		const char *name = i < operands->n ? operands->v[i] :
		    options->names->v[i - operands->n];

		if (!strvec_contains(&names, name))
			strvec_push(&names, name);
	}
	if (options->note != NULL)
		status = check_text_line("--note", options->note);
	if (status == EXIT_DONE)
		status = context->target->ops->schedules->set_active(
		    context->target, &activation, &changes);
	if (status == EXIT_DONE)
		tell(context, &changes, &activation);
	schedule_changes_release(&changes);
	strvec_release(&names);
	free(who);
	return status;
}
