/*
 * Launch plans under this app's names that start something else: a deploy would
 * take them from whoever made them, and activating one of ours ends theirs.
 */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/deployment.h"
#include "lib/text/jsonio.h"

struct search {
	struct deployment *d;
	const struct schedule *schedule;	/* whose name is taken */
	const char *workflow;			/* by a launch plan of this */
	bool found;
};

static enum status
look_at(void *arg, const struct json *plan)
{
	const char *name = api_text(json_find(plan, "id"), "name");
	struct search *n = arg;
	const struct app *app = n->d->request->app;
	size_t i, len = strlen(app->name);

	if (strncmp(name, app->name, len) != 0 || name[len] != '.')
		return EXIT_DONE;
	for (i = 0; i < app->n_schedules && !n->found; i++) {
		if (strcmp(app->schedule[i].name, name + len + 1) != 0 ||
		    !schedule_lives_on(&app->schedule[i],
		    n->d->flyte->decl->name))
			continue;
		n->found = true;
		n->schedule = &app->schedule[i];
		n->workflow = arena_strdup(&n->d->arena,
		    api_text(api_dig(plan, "spec", "workflow_id", NULL),
		    "name"));
	}
	return EXIT_DONE;
}

enum status
deploy_check_names(struct deployment *d)
{
	const char *app = d->request->app->name;
	struct strbuf filters = STRBUF_INIT;
	struct search n = { .d = d };
	struct api_list list = {
		.path = api_object(&d->arena, d->flyte, "launch_plans", NULL,
		    NULL),
		.member = "launch_plans",
		.what = "cannot look for schedules of other apps",
	};
	enum status status;
	int kind;

	if (d->request->app->n_schedules == 0)
		return EXIT_DONE;
	strbuf_addf(&filters, "contains(name,%s.)", app);
	for (kind = 0; kind < WORKFLOW_KINDS; kind++)
		strbuf_addf(&filters, "+ne(workflow.name,%s.%s)", app,
		    workflow_name((enum workflow_kind)kind));
	list.filters = filters.buf;
	status = api_list(d->flyte, &list, look_at, &n, &n.found);
	strbuf_release(&filters);
	if (status != EXIT_DONE || !n.found)
		return status;
	error(EXIT_CONFLICT, "schedule '%s': launch plan '%s.%s' belongs to "
	    "workflow '%s', which is none of this app's", n.schedule->name,
	    app, n.schedule->name, n.workflow);
	hint("give the schedule another name");
	return EXIT_CONFLICT;
}
