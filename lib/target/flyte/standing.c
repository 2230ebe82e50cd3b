/*
 * What is ACTIVE: see standing.h. A launch plan with a schedule is the app's
 * if its workflow is, and if its name begins with `APP.`, or is one that
 * UnionML gives: that of the schedule alone.
 */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/flyte/slots/schedversion.h"
#include "lib/flyte/wire/fnames.h"
#include "lib/model/ident.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/journal.h"
#include "lib/target/flyte/standing.h"
#include "lib/text/jsonio.h"

struct reading {
	struct standing *standing;
	const char *app;
	enum status (*seen)(void *arg, const struct json *plan);
	void *arg;
};

static const char *
environment(const struct json *spec, const char *name)
{
	const struct json *values = api_dig(spec, "envs", "values", NULL);
	size_t i;

	if (values == NULL || values->kind != JSON_LIST)
		return "";
	for (i = 0; i < values->n; i++)
		if (strcmp(api_text(values->item[i], "key"), name) == 0)
			return api_text(values->item[i], "value");
	return "";
}

/* `90m`, as an app file says it. */
static const char *
print_rate(struct arena *arena, int64_t seconds)
{
	static const struct {
		int64_t length;
		char letter;
	} unit[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0;

	while (seconds % unit[i].length != 0)
		i++;
	return arena_printf(arena, "%lld%c",
	    (long long)(seconds / unit[i].length), unit[i].letter);
}

/* What the app file said; of other tools' what the cluster has. */
static void
read_when(struct standing_row *row, struct arena *arena,
    const struct json *spec)
{
	const struct json *values = api_dig(spec, "annotations", "values",
	    NULL);
	const struct json *schedule = api_dig(spec, "entity_metadata",
	    "schedule", NULL);
	const char *when = api_text(values, "unionml/expression"), *space;
	struct schedversion v;

	if (*when == '\0')
		when = api_text(values, "unionml/fixed_rate");
	row->timezone = arena_strdup(arena, environment(spec,
	    "UNIONML_TIMEZONE"));
	row->when = arena_strdup(arena, when);
	row->keys = arena_strdup(arena, api_text(values, "unionml/keys"));
	row->model = arena_strdup(arena, api_text(values,
	    "unionml/model-run"));
	row->ours = *when != '\0';
	if (row->ours)
		return;
	memset(&v, 0, sizeof(v));
	schedversion_read_schedule(&v, schedule);
	when = schedversion_text(schedule);
	row->drifts = !v.known;
	if (v.rate != 0)
		row->when = print_rate(arena, v.rate);
	else if (strncmp(when, "CRON_TZ=", 8) == 0 &&
	    (space = strchr(when, ' ')) != NULL) {
		row->timezone = arena_strndup(arena, when + 8,
		    (size_t)(space - when - 8));
		row->when = arena_strdup(arena, space + 1);
	} else {
		row->when = arena_strdup(arena, when);
	}
}

/* NULL: it is not the app's. */
static const char *
schedule_name(const char *plan, const char *app, bool *bare)
{
	size_t len = strlen(app);

	*bare = strchr(plan, '.') == NULL;
	if (*bare)
		return ident_check(IDENT_NAME, plan) == NULL ? plan : NULL;
	return strncmp(plan, app, len) == 0 && plan[len] == '.' &&
	    plan[len + 1] != '\0' ? plan + len + 1 : NULL;
}

static enum status
add_item(void *arg, const struct json *item)
{
	const struct reading *reading = arg;
	struct standing *s = reading->standing;
	const struct json *spec = json_find(item, "spec");
	const struct json *id = json_find(item, "id");
	const struct json *closure = json_find(item, "closure");
	const struct json *workflow = json_find(spec, "workflow_id");
	struct standing_row *row;
	const char *name, *code;
	enum status status = EXIT_DONE;
	bool bare;

	if (reading->seen != NULL)
		status = reading->seen(reading->arg, item);
	name = schedule_name(api_text(id, "name"), reading->app, &bare);
	if (name == NULL)
		return status;
	ALLOC_GROW(s->row, s->n, s->cap);
	row = &s->row[s->n++];
	memset(row, 0, sizeof(*row));
	row->name = arena_strdup(&s->arena, name);
	row->plan = arena_strdup(&s->arena, api_text(id, "name"));
	row->version = arena_strdup(&s->arena, api_text(id, "version"));
	row->workflow_name = arena_strdup(&s->arena, api_text(workflow,
	    "name"));
	code = arena_strdup(&s->arena, api_text(workflow, "version"));
	row->workflow_version = code;
	row->app_version = arena_strndup(&s->arena, code,
	    fnames_app_version_len(code));
	row->workflow = row->workflow_name + strlen(reading->app) + 1;
	row->created = api_time(closure, "created_at");
	row->updated = api_time(closure, "updated_at");
	row->active = strcmp(api_text(closure, "state"), "ACTIVE") == 0;
	row->bare = bare;
	read_when(row, &s->arena, spec);
	return status;
}

static void
mark_doubled(struct standing *s)
{
	const struct nameset_entry *v = s->names.v;
	size_t i;

	for (i = 1; i < s->n; i++)
		if (strcmp(v[i].name, v[i - 1].name) == 0)
			s->row[v[i].index].doubled =
			    s->row[v[i - 1].index].doubled = true;
}

static enum status
read_rows(struct reading *reading, struct flyte *flyte, const char *which)
{
	const char *app = reading->app;
	struct standing *s = reading->standing;
	struct api_list list = {
		.member = "launch_plans",
		.sort_key = "created_at",
		.ascending = true,
		.what = "cannot look at the schedules that are active",
	};

	memset(s, 0, sizeof(*s));
	list.path = api_object(&s->arena, flyte, "launch_plans", NULL, NULL);
	list.filters = arena_printf(&s->arena, "%svalue_in(workflow.name,"
	    "%s.train;%s.predict)+value_in(schedule_type,CRON;RATE)", which,
	    app, app);
	return api_list(flyte, &list, add_item, reading, NULL);
}

enum status
standing_read(struct flyte *flyte, struct standing *s,
    enum status (*seen)(void *arg, const struct json *plan), void *arg)
{
	struct reading reading = { s, flyte->app->name, seen, arg };
	enum status status = read_rows(&reading, flyte, "eq(state,1)+");

	nameset_init(&s->names, &s->arena, s->row, s->n, sizeof(*s->row));
	mark_doubled(s);
	return status;
}

/* One for each name; they came in the order of their creation. */
static void
keep_newest(struct standing *s)
{
	const struct nameset_entry *v = s->names.v;
	struct standing_row *row = xcalloc(s->n + 1, sizeof(*row)), *last;
	size_t i, n = 0;

	for (i = 0; i < s->n; i++) {
		if (s->row[v[i].index].ours)
			continue;
		last = n > 0 ? &row[n - 1] : NULL;
		if (last == NULL || strcmp(last->name, v[i].name) != 0)
			row[n++] = s->row[v[i].index];
		else if (!last->active)
			*last = s->row[v[i].index];
	}
	free(s->row);
	s->row = row;
	s->n = s->cap = n;
}

enum status
standing_read_all(struct flyte *flyte, struct standing *s)
{
	struct reading reading = { s, flyte->app->name, NULL, NULL };
	enum status status = read_rows(&reading, flyte, "");

	nameset_init(&s->names, &s->arena, s->row, s->n, sizeof(*s->row));
	keep_newest(s);
	nameset_init(&s->names, &s->arena, s->row, s->n, sizeof(*s->row));
	return status;
}

void
standing_release(struct standing *s)
{
	free(s->row);
	arena_release(&s->arena);
	memset(s, 0, sizeof(*s));
}

const struct standing_row *
standing_find(const struct standing *s, const char *name)
{
	size_t i = nameset_find(&s->names, name);

	return i != SIZE_MAX ? &s->row[i] : NULL;
}

bool
standing_same(const struct standing_row *row, const struct journal_row *of)
{
	return row->bare == of->bare && strcmp(row->version, of->plan) == 0;
}

bool
standing_is(const struct standing *s, const struct journal_row *row)
{
	const struct standing_row *found = standing_find(s, row->name);

	if (row->state != SCHEDULE_ACTIVE)
		return found == NULL;
	return found != NULL && !found->doubled &&
	    standing_same(found, row);
}
