/*
 * Launch plans of schedules as rows of the journal: see planrow.h. The journal
 * has only what owns slots, so a version that was deployed without its
 * schedules is found here.
 */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/flyte/wire/fnames.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/planrow.h"
#include "lib/text/jsonio.h"

struct search {
	struct planrows *rows;
	const char *app, *version;
	bool found;			/* anything of the version */
};

/* As encodelaunch.c puts it there for the components of a run. */
static const char *
timezone_of(const struct json *spec)
{
	const struct json *values = api_dig(spec, "envs", "values", NULL);
	const char *text;
	size_t i;

	if (values == NULL || values->kind != JSON_LIST)
		return NULL;
	for (i = 0; i < values->n; i++) {
		text = api_text(values->item[i], "value");
		if (strcmp(api_text(values->item[i], "key"),
		    "UNIONML_TIMEZONE") == 0)
			return strcmp(text, "UTC") != 0 ? text : NULL;
	}
	return NULL;
}

/* What stands behind `APP.`, or NULL. */
static const char *
own_part(const char *name, const char *app)
{
	size_t len = strlen(app);

	return strncmp(name, app, len) == 0 && name[len] == '.' ?
	    name + len + 1 : NULL;
}

static char *
copy(struct arena *arena, const char *text)
{
	return text != NULL && *text != '\0' ? arena_strdup(arena, text) :
	    NULL;
}

bool
planrow_read(struct journal_row *row, struct arena *arena,
    const struct json *launch_plan, const char *app)
{
	const struct json *spec = json_find(launch_plan, "spec");
	const struct json *id = json_find(launch_plan, "id"), *values;
	const char *name = own_part(api_text(id, "name"), app);
	const char *workflow = own_part(api_text(json_find(spec,
	    "workflow_id"), "name"), app);
	const char *version = api_text(id, "version"), *when;

	values = api_dig(spec, "annotations", "values", NULL);
	when = api_text(values, "unionml/expression");
	if (*when == '\0')
		when = api_text(values, "unionml/fixed_rate");
	if (name == NULL || workflow == NULL || *when == '\0')
		return false;
	row->name = arena_strdup(arena, name);
	row->workflow = arena_strdup(arena, workflow);
	row->plan = arena_strdup(arena, version);
	row->version = arena_strndup(arena, version,
	    fnames_app_version_len(version));
	row->when = arena_strdup(arena, when);
	row->timezone = copy(arena, timezone_of(spec));
	row->keys = arena_strdup(arena, api_text(values, "unionml/keys"));
	row->model = copy(arena, api_text(values, "unionml/model-run"));
	return true;
}

/* The newest come first, and the first one of a name is taken. */
static enum status
add_item(void *arg, const struct json *item)
{
	struct search *search = arg;
	struct planrows *rows = search->rows;
	struct journal_row row = { .name = NULL };
	size_t i;

	if (!fnames_is_version(api_text(json_find(item, "id"), "version"),
	    search->version) || own_part(api_text(json_find(item, "id"),
	    "name"), search->app) == NULL)
		return EXIT_DONE;
	search->found = true;
	if (!planrow_read(&row, &rows->arena, item, search->app))
		return EXIT_DONE;
	for (i = 0; i < rows->n; i++)
		if (strcmp(rows->row[i].name, row.name) == 0)
			return EXIT_DONE;
	if (rows->n == rows->cap) {
		rows->cap = rows->cap * 2 + 16;
		rows->row = xreallocarray(rows->row, rows->cap,
		    sizeof(*rows->row));
	}
	rows->row[rows->n++] = row;
	return EXIT_DONE;
}

enum status
planrows_of_version(struct flyte *flyte, const char *version,
    struct planrows *rows)
{
	struct search search = { rows, flyte->app->name, version, false };
	struct api_list list = {
		.member = "launch_plans", .sort_key = "created_at",
		.what = "cannot look for the version",
	};
	enum status status;

	memset(rows, 0, sizeof(*rows));
	list.path = api_object(&rows->arena, flyte, "launch_plans", NULL,
	    NULL);
	list.filters = arena_printf(&rows->arena,
	    "contains(name,%s.)+contains(version,%s)", search.app, version);
	status = api_list(flyte, &list, add_item, &search, NULL);
	nameset_init(&rows->names, &rows->arena, rows->row, rows->n,
	    sizeof(*rows->row));
	if (status == EXIT_DONE && !search.found) {
		status = error(EXIT_CONFLICT, "no version '%s' of '%s' is "
		    "registered for target '%s' (project %s, domain %s)",
		    version, search.app, flyte->decl->name, flyte->project,
		    flyte->domain);
	}
	return status;
}

const struct journal_row *
planrows_find(const struct planrows *rows, const char *name)
{
	size_t i = nameset_find(&rows->names, name);

	return i != SIZE_MAX ? &rows->row[i] : NULL;
}

void
planrows_release(struct planrows *rows)
{
	free(rows->row);
	arena_release(&rows->arena);
	memset(rows, 0, sizeof(*rows));
}
