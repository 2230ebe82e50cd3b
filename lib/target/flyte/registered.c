/*
 * The interface of a workflow that is registered, by whatever tool: that of its
 * default launch plan, which has its name.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/flyte/wire/decodetype.h"
#include "lib/flyte/wire/fnames.h"
#include "lib/plan/plan.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/ops.h"
#include "lib/text/jsonio.h"

static const char what[] = "cannot ask for the workflow";

struct search {
	struct arena *arena;
	const char *version;	/* as the user says it; NULL: the newest */
	const char *found;
	bool done;
};

static enum status
look_at(void *arg, const struct json *plan)
{
	const char *version = api_text(json_find(plan, "id"), "version");
	struct search *s = arg;

	if (*version == '\0' || strchr(version, '/') != NULL ||
	    (s->version != NULL &&
	    !fnames_is_version(version, s->version)))
		return EXIT_DONE;
	s->found = arena_strdup(s->arena, version);
	s->done = true;
	return EXIT_DONE;
}

static enum status
find_version(struct flyte *flyte, const char *name, struct search *search)
{
	struct api_list list = {
		.path = api_object(search->arena, flyte, "launch_plans", name,
		    NULL),
		.member = "launch_plans", .sort_key = "created_at",
		.page = search->version == NULL ? 5 : 100, .what = what,
	};

	return api_list(flyte, &list, look_at, search, &search->done);
}

static enum status
not_there(const struct flyte *flyte, const char *name, const char *version)
{
	const char *target = flyte->decl->name;

	if (version != NULL)
		error(EXIT_CONFLICT, "no version '%s' of '%s' is registered "
		    "for target '%s' (project %s, domain %s)", version, name,
		    target, flyte->project, flyte->domain);
	else
		error(EXIT_CONFLICT, "no '%s' is registered for target '%s' "
		    "(project %s, domain %s)", name, target, flyte->project,
		    flyte->domain);
	hint("unionml -t %s deploy registers it", target);
	return EXIT_CONFLICT;
}

enum status
flyte_find_registered(struct flyte *flyte, struct arena *arena,
    const char *name, const char *version, struct json **plan)
{
	struct search search = { arena, version, NULL, false };
	enum status status = EXIT_DONE;

	*plan = NULL;
	if (version != NULL && strchr(version, '/') != NULL)
		return EXIT_DONE;
	if (version != NULL && *version != '\0')
		status = api_find(flyte, arena, api_object(arena, flyte,
		    "launch_plans", name, version), what, plan);
	if (status != EXIT_DONE || *plan != NULL)
		return status;
	status = find_version(flyte, name, &search);
	if (status == EXIT_DONE && search.found != NULL)
		status = api_find(flyte, arena, api_object(arena, flyte,
		    "launch_plans", name, search.found), what, plan);
	return status;
}

enum status
flyte_registered(struct target *target, struct arena *arena,
    enum workflow_kind kind, const char **version, struct workflow *workflow)
{
	struct flyte *flyte = (struct flyte *)target;
	const char *name = arena_printf(arena, "%s.%s", flyte->app->name,
	    workflow_name(kind));
	enum status status;
	struct json *plan;

	memset(workflow, 0, sizeof(*workflow));
	status = flyte_find_registered(flyte, arena, name, *version,
	    &plan);
	if (status != EXIT_DONE)
		return status;
	if (plan == NULL)
		return not_there(flyte, name, *version);
	*version = api_text(json_find(plan, "id"), "version");
	workflow->name = name;
	workflow->kind = kind;
	decode_parameters(arena, api_dig(plan, "closure", "expected_inputs",
	    "parameters", NULL), &workflow->inputs);
	decode_variables(arena, api_dig(plan, "closure", "expected_outputs",
	    "variables", NULL), &workflow->outputs);
	return EXIT_DONE;
}
