/* The journal as annotations of a launch plan: see journal.h. */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/journal.h"
#include "lib/text/jsonio.h"

/* How many are asked for at once: each has all schedules in it. */
enum { GENERATIONS = 10 };

static const char *
plan_name(struct arena *arena, const struct flyte *flyte)
{
	return arena_printf(arena, "%s.deploys", flyte->app->name);
}

static const char *
text_or_null(const struct json *json, const char *name)
{
	const char *text = api_text(json, name);

	return *text != '\0' ? text : NULL;
}

static bool
is_true(const struct json *json, const char *name)
{
	const struct json *value = json_find(json, name);

	return value != NULL && value->kind == JSON_BOOL && value->boolean;
}

static void
read_row(struct journal *j, const struct json_member *member)
{
	const struct json *json = member->value;
	struct journal_row *row = &j->row[j->n];
	const struct json *keys = json_find(json, "keys");
	struct strbuf sb = STRBUF_INIT;

	if (!schedule_state_from_name(api_text(json, "state"), &row->state))
		return;
	row->name = member->name;
	row->version = api_text(json, "version");
	row->plan = api_text(json, "launch_plan");
	row->workflow = api_text(json, "workflow");
	row->when = text_or_null(json, "when");
	row->timezone = text_or_null(json, "timezone");
	row->model = text_or_null(json, "model");
	row->who = text_or_null(json, "who");
	row->note = text_or_null(json, "note");
	row->since = api_time(json, "since");
	row->marked = is_true(json, "marked");
	row->bare = is_true(json, "bare");
	if (keys != NULL)
		json_print(&sb, keys);
	row->keys = arena_strdup(&j->arena, sb.buf);
	strbuf_release(&sb);
	j->n++;
}

static enum status
read_generation(struct flyte *flyte, struct journal *j,
    const struct json *item)
{
	const struct json *values = api_dig(item, "spec", "annotations",
	    "values", NULL);
	const char *text = api_text(values, "unionml/schedules"), *why;
	const struct json *workflow = api_dig(item, "spec", "workflow_id",
	    NULL);
	const struct json *rows;
	size_t i;

	j->generation = api_int(json_find(item, "id"), "version");
	j->action = api_text(values, "unionml/action");
	j->who = api_text(values, "unionml/who");
	j->time = api_time(values, "unionml/time");
	j->created = api_time(json_find(item, "closure"), "created_at");
	j->workflow = api_text(workflow, "name");
	j->workflow_version = api_text(workflow, "version");
	rows = json_parse(&j->arena, text, strlen(text), &why);
	if (rows == NULL || rows->kind != JSON_MAP)
		return error(EXIT_CONFLICT, "generation '%s' of '%s' is no "
		    "journal of unionml's", api_text(json_find(item, "id"),
		    "version"), plan_name(&j->arena, flyte));
	j->row = arena_array(&j->arena, rows->n, sizeof(*j->row));
	for (i = 0; i < rows->n; i++)
		read_row(j, &rows->member[i]);
	return EXIT_DONE;
}

enum status
journal_read(struct flyte *flyte, struct journal *j)
{
	const struct json *plans;
	enum status status;
	struct json *json;
	const char *path;

	memset(j, 0, sizeof(*j));
	path = api_object(&j->arena, flyte, "launch_plans",
	    plan_name(&j->arena, flyte), NULL);
	path = api_query(&j->arena, path, "limit", "1");
	path = api_query(&j->arena, path, "sort_by.key", "version");
	path = api_query(&j->arena, path, "sort_by.direction", "DESCENDING");
	status = api_get(flyte, &j->arena, path,
	    "cannot read the journal of schedules", &json);
	if (status != EXIT_DONE)
		return status;
	plans = json_find(json, "launch_plans");
	if (plans != NULL && plans->kind == JSON_LIST && plans->n > 0)
		status = read_generation(flyte, j, plans->item[0]);
	journal_index(j);
	return status;
}

struct walk {
	struct flyte *flyte;
	enum status (*each)(void *arg, const struct journal *journal);
	void *arg;
};

static enum status
walk_generation(void *arg, const struct json *item)
{
	const struct walk *walk = arg;
	struct journal j = { .generation = 0 };
	enum status status = read_generation(walk->flyte, &j, item);

	journal_index(&j);
	if (status == EXIT_DONE)
		status = walk->each(walk->arg, &j);
	journal_release(&j);
	return status;
}

enum status
journal_each(struct flyte *flyte,
    enum status (*each)(void *arg, const struct journal *journal), void *arg,
    const bool *stop)
{
	struct walk walk = { flyte, each, arg };
	struct arena arena = ARENA_INIT;
	const struct api_list list = {
		.path = api_object(&arena, flyte, "launch_plans",
		    plan_name(&arena, flyte), NULL),
		.member = "launch_plans",
		.sort_key = "version",
		.page = GENERATIONS,
		.what = "cannot read the journal of schedules",
	};
	enum status status;

	status = api_list(flyte, &list, walk_generation, &walk, stop);
	arena_release(&arena);
	return status;
}

static void
put_if(struct json_writer *w, const char *name, const char *text)
{
	if (text != NULL && *text != '\0')
		json_put_text(w, name, text);
}

static void
put_row(struct json_writer *w, struct arena *arena,
    const struct journal_row *row)
{
	const struct json *keys = NULL;
	const char *why;

	if (row->keys != NULL)
		keys = json_parse(arena, row->keys, strlen(row->keys), &why);
	json_begin_map(w, row->name);
	json_put_text(w, "state", schedule_state_name(row->state));
	put_if(w, "version", row->version);
	put_if(w, "launch_plan", row->plan);
	put_if(w, "workflow", row->workflow);
	put_if(w, "when", row->when);
	put_if(w, "timezone", row->timezone);
	put_if(w, "model", row->model);
	json_put_instant(w, "since", instant_from_ms(row->since));
	put_if(w, "who", row->who);
	put_if(w, "note", row->note);
	if (row->marked)
		json_put_bool(w, "marked", true);
	if (row->bare)
		json_put_bool(w, "bare", true);
	if (keys != NULL)
		json_put(w, "keys", keys);
	json_end_map(w);
}

static void
put_annotations(struct json_writer *w, struct arena *arena,
    const struct journal *j)
{
	struct strbuf rows = STRBUF_INIT;
	struct json_writer inner;
	size_t i;

	json_writer_init(&inner, &rows, false);
	json_begin_map(&inner, NULL);
	for (i = 0; i < j->n; i++)
		put_row(&inner, arena, &j->row[i]);
	json_end_map(&inner);
	json_begin_map(w, "annotations");
	json_begin_map(w, "values");
	json_put_text(w, "unionml/action", j->action);
	json_put_text(w, "unionml/who", j->who);
	json_put_instant(w, "unionml/time", instant_from_ms(j->time));
	json_put_text(w, "unionml/schedules", rows.buf);
	json_end_map(w);
	json_end_map(w);
	strbuf_release(&rows);
}

static void
put_id(struct json_writer *w, const char *member, const char *type,
    const struct flyte *flyte, const char *name, const char *version)
{
	json_begin_map(w, member);
	json_put_text(w, "resource_type", type);
	json_put_text(w, "project", flyte->project);
	json_put_text(w, "domain", flyte->domain);
	json_put_text(w, "name", name);
	json_put_text(w, "version", version);
	json_end_map(w);
}

static void
put_body(struct strbuf *body, struct arena *arena, const struct flyte *flyte,
    const struct journal *j)
{
	struct json_writer w;

	json_writer_init(&w, body, false);
	json_begin_map(&w, NULL);
	put_id(&w, "id", "LAUNCH_PLAN", flyte, plan_name(arena, flyte),
	    arena_printf(arena, "%08lld", (long long)j->generation));
	json_begin_map(&w, "spec");
	put_id(&w, "workflow_id", "WORKFLOW", flyte, j->workflow,
	    j->workflow_version);
	json_begin_map(&w, "entity_metadata");
	json_end_map(&w);
	put_annotations(&w, arena, j);
	json_end_map(&w);
	json_end_map(&w);
}

static enum status
lost(const struct journal *j)
{
	error(EXIT_CONFLICT, "somebody else changes the schedules of this app "
	    "at the same time: generation %lld of its journal is theirs",
	    (long long)j->generation);
	hint("look at '%s schedule', then run this again", self_call());
	return EXIT_CONFLICT;
}

enum status
journal_write(struct flyte *flyte, const struct journal *j)
{
	struct strbuf body = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	struct api_request request;
	struct api_answer answer;
	enum status status;

	put_body(&body, &arena, flyte, j);
	api_request_init(&request, api_path(&arena, "launch_plans", NULL),
	    "cannot write the journal of schedules");
	request.method = HTTP_POST;
	request.retry = HTTP_RETRY_WRITE;
	request.body = body.buf;
	status = api_call(flyte, &arena, &request, &answer);
	/* The very same is there: an answer that was lost on its way. */
	if (answer.code == API_EXISTS)
		status = EXIT_DONE;
	else if (answer.code == API_INVALID && answer.message != NULL &&
	    strstr(answer.message, "different structure") != NULL)
		status = lost(j);
	else if (status != EXIT_DONE)
		status = api_report(flyte, &request, &answer);
	api_answer_release(&answer);
	strbuf_release(&body);
	arena_release(&arena);
	return status;
}

const char *
journal_plan(struct arena *arena, const struct flyte *flyte,
    const struct journal_row *row)
{
	return row->bare ? row->name : arena_printf(arena, "%s.%s",
	    flyte->app->name, row->name);
}

void
journal_index(struct journal *j)
{
	nameset_init(&j->names, &j->arena, j->row, j->n, sizeof(*j->row));
}

const struct journal_row *
journal_find(const struct journal *j, const char *name)
{
	size_t i = nameset_find(&j->names, name);

	return i != SIZE_MAX ? &j->row[i] : NULL;
}

void
journal_release(struct journal *j)
{
	arena_release(&j->arena);
	memset(j, 0, sizeof(*j));
}
