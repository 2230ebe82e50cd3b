/*
 * The newest runs of all schedules come first, page by page: with them most
 * have theirs. Those that are left ran long ago or never; they are asked for
 * by name, some dozens to a list, so that the busy ones are not in it.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/nameset.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/decode.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/lastruns.h"
#include "lib/text/jsonio.h"

/* What a proxy takes as a URL is a few thousand bytes. */
enum { FILTER_LEN = 2500, FEW = 50, ROWS_EACH = 4, ROWS_MORE = 20 };

struct search {
	struct flyte *flyte;
	struct arena arena;
	struct scheduled *v;
	size_t n;
	struct nameset names;
	size_t wanted, found;	/* of the present list */
	size_t rows, most;	/* after so many it is given up */
	bool done;
};

/* UnionML gives the launch plan of a schedule its bare name. */
static const char *
schedule_of(const struct search *s, const char *plan)
{
	const char *app = s->flyte->app->name;
	size_t len = strlen(app);

	return strncmp(plan, app, len) == 0 && plan[len] == '.' ?
	    plan + len + 1 : plan;
}

static enum status
note_run(void *arg, const struct json *item)
{
	struct search *s = arg;
	size_t i = nameset_find(&s->names, schedule_of(s, api_text(api_dig(
	    item, "spec", "launch_plan", NULL), "name")));

	s->rows++;
	if (i != SIZE_MAX && s->v[i].last.id == NULL) {
		decode_run(&s->v[i].last, item, s->flyte->app->name);
		s->found++;
	}
	s->done = s->found == s->wanted || s->rows >= s->most;
	return EXIT_DONE;
}

static enum status
list(struct search *s, const char *filters, size_t wanted)
{
	struct api_list list = {
		.path = api_object(&s->arena, s->flyte, "executions", NULL,
		    NULL),
		.member = "executions", .filters = filters,
		.sort_key = "created_at",
		.what = "cannot look for the schedules' last runs",
	};

	s->wanted = wanted;
	s->found = s->rows = 0;
	s->most = wanted * ROWS_EACH + ROWS_MORE;
	s->done = false;
	list.page = s->most < API_PAGE ? (long)s->most : API_PAGE;
	return api_list(s->flyte, &list, note_run, s, &s->done);
}

static enum status
list_newest(struct search *s)
{
	const char *app = s->flyte->app->name;

	return list(s, arena_printf(&s->arena, "value_in(workflow.name,"
	    "%s.train;%s.predict)+ne(launch_plan.name,%s.train)"
	    "+ne(launch_plan.name,%s.predict)", app, app, app, app), s->n);
}

/*
 * Those from `from` on without a run yet, as far as they fit in; returns how
 * many, and the first that is not among them.
 */
static size_t
name_them(const struct search *s, size_t from, struct strbuf *sb, size_t *end)
{
	const char *app = s->flyte->app->name;
	size_t i, n = 0;

	strbuf_reset(sb);
	strbuf_addf(sb, "value_in(workflow.name,%s.train;%s.predict)", app,
	    app);
	for (i = from; i < s->n && sb->len < FILTER_LEN; i++)
		if (s->v[i].last.id == NULL)
			strbuf_addf(sb, "%s%s.%s;%s", n++ == 0 ?
			    "+value_in(launch_plan.name," : ";", app,
			    s->v[i].name, s->v[i].name);
	strbuf_addch(sb, ')');
	*end = i;
	return n;
}

/* A list that was given up found one at least. */
static enum status
list_rest(struct search *s)
{
	struct strbuf filters = STRBUF_INIT;
	enum status status = EXIT_DONE;
	size_t from = 0, end, wanted;

	while (from < s->n && status == EXIT_DONE) {
		wanted = name_them(s, from, &filters, &end);
		if (wanted > 0)
			status = list(s, filters.buf, wanted);
		if (wanted == 0 || !s->done || s->found == wanted)
			from = end;
	}
	strbuf_release(&filters);
	return status;
}

enum status
lastruns_find(struct flyte *flyte, struct scheduled *v, size_t n)
{
	struct search s = { .flyte = flyte, .v = v, .n = n };
	enum status status = EXIT_DONE;
	const char **name;
	size_t i;

	name = arena_array(&s.arena, n, sizeof(*name));
	for (i = 0; i < n; i++)
		name[i] = v[i].name;
	nameset_init(&s.names, &s.arena, name, n, sizeof(*name));
	if (n > FEW)
		status = list_newest(&s);
	if (status == EXIT_DONE)
		status = list_rest(&s);
	arena_release(&s.arena);
	return status;
}
