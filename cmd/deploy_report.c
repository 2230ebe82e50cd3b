/* What deploy tells at its end: the version, the schedules, what comes next. */
#include "lib/base/compat.h"

#include "cmd/changes.h"
#include "cmd/deploy_list.h"
#include "cmd/deploy_report.h"
#include "cmd/output.h"
#include "cmd/schedules.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"

enum { NAMED = 5, LISTED = 20 };

bool
deploy_did_something(const struct deploy_report *report)
{
	return !report->result->unchanged || changes_any(report->changes);
}

static void
put_counts(struct json_writer *w, const struct deploy_result *result)
{
	const struct deploy_count *c;
	size_t i;

	json_begin_list(w, "registered");
	for (i = 0; i < DEPLOY_COUNTS; i++) {
		c = &result->count[i];
		if (c->noun == NULL)
			continue;
		json_begin_map(w, NULL);
		json_put_text(w, "what", c->noun);
		json_put_int(w, "new", (int64_t)c->n_new);
		json_put_int(w, "unchanged", (int64_t)c->n_same);
		json_end_map(w);
	}
	json_end_list(w);
}

static void
print_json(const struct deploy_report *report)
{
	const struct deployed *d = &report->result->deployed;
	struct strbuf out = STRBUF_INIT;
	struct json_writer w;

	json_writer_init(&w, &out, true);
	json_begin_map(&w, NULL);
	json_put_text(&w, "version", d->version);
	json_put_text(&w, "state", report->result->unchanged ? "unchanged" :
	    "new");
	json_put_int(&w, "files", d->files);
	json_put_int(&w, "bytes", d->bytes);
	json_put_text_or_null(&w, "subject", d->subject);
	if (report->result->count[0].noun != NULL)
		put_counts(&w, report->result);
	changes_put_json(&w, "schedules", report->changes);
	json_end_map(&w);
	strbuf_addch(&out, '\n');
	output_write(&out);
	strbuf_release(&out);
}

/* `registered: 4 tasks (2 new), 1 workflow, 3 launch plans (3 new)` */
static void
add_counts(struct strbuf *out, const struct deploy_result *result)
{
	const char *between = "registered: ";
	const struct deploy_count *c;
	size_t i;

	for (i = 0; i < DEPLOY_COUNTS; i++) {
		c = &result->count[i];
		if (c->noun == NULL || c->n_new + c->n_same == 0)
			continue;
		strbuf_addstr(out, between);
		deploy_count(out, (int64_t)(c->n_new + c->n_same), c->noun);
		strbuf_addf(out, " (%zu new)", c->n_new);
		between = ", ";
	}
	if (*between == ',')
		strbuf_addch(out, '\n');
}

static void
print_text(const struct deploy_report *report)
{
	const struct deployed *d = &report->result->deployed;
	struct strbuf out = STRBUF_INIT;
	bool whole = report->dry_run || err_verbosity() == VERBOSE;

	strbuf_addf(&out, "version %s", d->version);
	if (d->subject != NULL)
		strbuf_addf(&out, " \"%s\"", d->subject);
	strbuf_addf(&out, ": %s, ", report->result->unchanged ? "unchanged" :
	    report->dry_run ? "would be new" : "new");
	deploy_count(&out, d->files, "file");
	strbuf_addstr(&out, ", ");
	output_size(&out, d->bytes);
	strbuf_addch(&out, '\n');
	add_counts(&out, report->result);
	if (report->result->changes != NULL)
		strbuf_addstr(&out, report->result->changes);
	changes_summarize(&out, report->changes, report->states);
	changes_list(&out, report->changes, whole || report->hands_over,
	    whole ? SIZE_MAX : LISTED, report->dry_run);
	output_masked(out.buf, out.len);
	strbuf_release(&out);
}

void
deploy_print(const struct deploy_report *report)
{
	if (report->json)
		print_json(report);
	else
		print_text(report);
	if (report->dry_run || !deploy_did_something(report))
		note("nothing was changed");
	else if (!report->result->unchanged)
		note("run it: %s train -v %s", self_call(),
		    report->result->deployed.version);
}

/* Of an old version, which the scheduler looks after no more. */
void
deploy_tell_missed(const struct schedule_changes *changes)
{
	const struct schedule_change *c;
	struct strbuf sb = STRBUF_INIT;
	size_t i, n = 0;

	for (i = 0; i < changes->n; i++) {
		c = &changes->v[i];
		if (c->n_missed == 0 || ++n > NAMED)
			continue;
		strbuf_reset(&sb);
		output_weekday(&sb, c->last_missed);
		warning("schedule '%s': %lld slot%s of version %s, the last "
		    "%s, ha%s no run, and nobody will make %s up", c->name,
		    (long long)c->n_missed, c->n_missed > 1 ? "s" : "",
		    c->old_version, sb.buf, c->n_missed > 1 ? "ve" : "s",
		    c->n_missed > 1 ? "them" : "it");
		strbuf_reset(&sb);
		schedules_add_backfill(&sb, c->name,
		    c->first_missed, c->last_missed);
		hint("to run what was missed: %s", sb.buf);
	}
	if (n > NAMED)
		note("and %zu more schedules: '%s schedule audit' names "
		    "them", n - NAMED, self_call());
	strbuf_release(&sb);
}
