/* Which runs there are: lists, filtered by the server, and runs by name. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/decode.h"
#include "lib/flyte/wire/filter.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/best.h"
#include "lib/target/flyte/ops.h"
#include "lib/text/jsonio.h"

enum { NAME_MAX_LEN = 63, CANDIDATES = 11 };

/* Of all the app's workflows, or of one. */
static void
add_workflow(struct strbuf *sb, const char *app, const char *workflow)
{
	struct strbuf value = STRBUF_INIT;

	if (workflow == NULL) {
		filter_add_app(sb, app);
		return;
	}
	strbuf_addf(&value, "%s.%s", app, workflow);
	filter_add(sb, "eq", "workflow.name", value.buf);
	strbuf_release(&value);
}

/* False if no run of a Flyte cluster passes. */
static bool
make_filters(struct strbuf *sb, const char *app,
    const struct run_filter *filter)
{
	const char *phases = NULL;

	if ((filter->schedule != NULL && !filter_is_plain(filter->schedule)) ||
	    (filter->app_version != NULL &&
	    !filter_is_plain(filter->app_version)))
		return false;
	if (filter->status >= 0) {
		phases = decode_phases((enum run_status)filter->status);
		if (phases == NULL)
			return false;
	}
	add_workflow(sb, app, filter->workflow);
	if (phases != NULL)
		filter_add(sb, "value_in", "phase", phases);
	if (filter->schedule != NULL)
		filter_add_schedules(sb, app, &filter->schedule, 1);
	if (filter->app_version != NULL)
		filter_add(sb, "contains", "workflow.version",
		    filter->app_version);
	if (filter->since_ms != 0)
		filter_add_instant(sb, "gte", "created_at",
		    instant_from_ms(filter->since_ms));
	return true;
}

struct listing {
	const char *app;
	const char *version;	/* NULL: any; the server's filter is wider */
	long limit, given;
	bool done;
	enum status (*each)(void *arg, const struct run *run);
	void *arg;
};

static enum status
list_item(void *arg, const struct json *item)
{
	struct listing *l = arg;
	enum status status = EXIT_DONE;
	struct run run;

	decode_run(&run, item, l->app);
	if (l->version == NULL || (run.app_version != NULL &&
	    strcmp(run.app_version, l->version) == 0)) {
		status = l->each(l->arg, &run);
		l->given++;
	}
	run_release(&run);
	l->done = l->limit > 0 && l->given >= l->limit;
	return status;
}

static enum status
list_filtered(struct flyte *flyte, const char *filters, struct listing *l)
{
	struct api_list list = {
		.member = "executions", .filters = filters,
		.sort_key = "created_at", .what = "cannot list the runs",
	};
	struct arena arena = ARENA_INIT;
	enum status status;

	list.path = api_object(&arena, flyte, "executions", NULL, NULL);
	if (l->limit > 0 && l->limit < API_PAGE)
		list.page = l->limit;
	status = api_list(flyte, &list, list_item, l, l->limit > 0 ?
	    &l->done : NULL);
	arena_release(&arena);
	return status;
}

enum status
flyte_list(struct target *target, const struct run_filter *filter,
    enum status (*each)(void *arg, const struct run *run), void *arg)
{
	struct flyte *flyte = (struct flyte *)target;
	struct listing l = { .app = flyte->app->name,
	    .version = filter->app_version, .limit = filter->limit,
	    .each = each, .arg = arg };
	struct strbuf filters = STRBUF_INIT;
	enum status status = EXIT_DONE;

	if (make_filters(&filters, flyte->app->name, filter))
		status = list_filtered(flyte, filters.buf, &l);
	strbuf_release(&filters);
	return status;
}

/* Flyte's rule for the name of an execution. */
static bool
is_run_name(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= NAME_MAX_LEN && *text >= 'a' &&
	    *text <= 'z' && strspn(text, "abcdefghijklmnopqrstuvwxyz"
	    "0123456789-") == len;
}

static enum status
no_such_run(const char *text)
{
	return error(EXIT_CONFLICT, "no run '%s': '%s runs' lists them",
	    text, self_call());
}

struct candidates {
	const char *beginning;
	struct strvec ids, told;
};

static enum status
note_candidate(void *arg, const struct run *run)
{
	struct candidates *c = arg;
	struct strbuf told = STRBUF_INIT;

	if (strncmp(run->id, c->beginning, strlen(c->beginning)) != 0)
		return EXIT_DONE;
	strbuf_addf(&told, "%s  %s, %s", run->id, run->workflow,
	    run_status_name(run->status));
	strvec_push(&c->ids, run->id);
	strvec_push(&c->told, told.buf);
	strbuf_release(&told);
	return EXIT_DONE;
}

static enum status
choose(const struct candidates *c, char **id)
{
	size_t i;

	if (c->ids.n == 0)
		return no_such_run(c->beginning);
	if (c->ids.n == 1) {
		*id = xstrdup(c->ids.v[0]);
		return EXIT_DONE;
	}
	error(EXIT_CONFLICT, "'%s' is the beginning of %s runs",
	    c->beginning, c->ids.n > 10 ? "many" : "several");
	for (i = 0; i < c->told.n && i < 10; i++)
		hint("%s", c->told.v[i]);
	return EXIT_CONFLICT;
}

/* By a beginning, which the server can look for anywhere in a name only. */
static enum status
find_beginning(struct flyte *flyte, const char *text, char **id)
{
	struct candidates c = { text, STRVEC_INIT, STRVEC_INIT };
	struct listing l = { .app = flyte->app->name,
	    .each = note_candidate, .arg = &c };
	struct strbuf filters = STRBUF_INIT;
	enum status status;

	add_workflow(&filters, flyte->app->name, NULL);
	filter_add(&filters, "contains", "execution_name", text);
	status = list_filtered(flyte, filters.buf, &l);
	if (status == EXIT_DONE)
		status = choose(&c, id);
	strbuf_release(&filters);
	strvec_release(&c.ids);
	strvec_release(&c.told);
	return status;
}

static enum status
take_id(void *arg, const struct run *run)
{
	char **id = arg;

	*id = xstrdup(run->id);
	return EXIT_DONE;
}

static enum status
find_latest(struct target *target, char **id)
{
	struct run_filter filter = { .status = -1, .limit = 1 };
	enum status status = flyte_list(target, &filter, take_id, id);

	if (status == EXIT_DONE && *id == NULL)
		status = error(EXIT_CONFLICT, "there is no run "
		    "yet: '%s train' makes one", self_call());
	return status;
}

/* A whole name is taken as it is: a run of any workflow can be looked at. */
enum status
flyte_resolve(struct target *target, const char *text, char **id)
{
	struct flyte *flyte = (struct flyte *)target;
	struct arena arena = ARENA_INIT;
	enum status status;
	struct json *json;

	*id = NULL;
	if (strcmp(text, "latest") == 0)
		return find_latest(target, id);
	if (strncmp(text, "best:", 5) == 0)
		return best_run(flyte, text + 5, id);
	if (!is_run_name(text))
		return no_such_run(text);
	status = api_find(flyte, &arena, api_object(&arena, flyte,
	    "executions", text, NULL), "cannot look up the run", &json);
	if (status == EXIT_DONE && json != NULL)
		*id = xstrdup(text);
	else if (status == EXIT_DONE)
		status = find_beginning(flyte, text, id);
	arena_release(&arena);
	return status;
}
