/* What is ACTIVE: see standing.h. */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/journal.h"
#include "lib/target/flyte/standing.h"
#include "lib/text/jsonio.h"

struct reading {
	struct standing *standing;
	const struct flyte *flyte;
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

/* Only what a deploy of unionml's made is ours to change. */
static enum status
add_item(void *arg, const struct json *item)
{
	struct reading *reading = arg;
	struct standing *s = reading->standing;
	const char *app = reading->flyte->app->name;
	const struct json *spec = json_find(item, "spec");
	const struct json *id = json_find(item, "id"), *values;
	const char *name = api_text(id, "name"), *when;
	size_t len = strlen(app);

	values = api_dig(spec, "annotations", "values", NULL);
	when = api_text(values, "unionml/expression");
	if (*when == '\0')
		when = api_text(values, "unionml/fixed_rate");
	if (strncmp(name, app, len) != 0 || name[len] != '.' ||
	    *when == '\0')
		return EXIT_DONE;
	if (s->n == s->cap) {
		s->cap = s->cap * 2 + 16;
		s->row = xreallocarray(s->row, s->cap, sizeof(*s->row));
	}
	s->row[s->n++] = (struct standing_row){
		.name = arena_strdup(&s->arena, name + len + 1),
		.version = arena_strdup(&s->arena, api_text(id, "version")),
		.when = arena_strdup(&s->arena, when),
		.timezone = arena_strdup(&s->arena, environment(spec,
		    "UNIONML_TIMEZONE")),
	};
	return EXIT_DONE;
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

enum status
standing_read(struct flyte *flyte, struct standing *s)
{
	struct reading reading = { s, flyte };
	struct api_list list = {
		.member = "launch_plans",
		.sort_key = "created_at",
		.ascending = true,
		.what = "cannot look at the schedules that are active",
	};
	enum status status;

	memset(s, 0, sizeof(*s));
	list.path = api_object(&s->arena, flyte, "launch_plans", NULL, NULL);
	list.filters = arena_printf(&s->arena, "eq(state,1)+contains(name,"
	    "%s.)", flyte->app->name);
	status = api_list(flyte, &list, add_item, &reading, NULL);
	nameset_init(&s->names, &s->arena, s->row, s->n, sizeof(*s->row));
	mark_doubled(s);
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
standing_is(const struct standing *s, const struct journal_row *row)
{
	const struct standing_row *found = standing_find(s, row->name);

	if (row->state != SCHEDULE_ACTIVE)
		return found == NULL;
	return found != NULL && !found->doubled &&
	    strcmp(found->version, row->plan) == 0;
}
