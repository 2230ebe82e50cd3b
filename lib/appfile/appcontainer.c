/* Containers: image, resources, retries, time limit and environment. */
#include "lib/base/compat.h"

#include "lib/appfile/appcontainer.h"
#include "lib/appfile/reading.h"
#include "lib/base/arena.h"
#include "lib/base/nameset.h"
#include "lib/model/app.h"

static void
set_names(struct nameset *set, struct reading *r, const struct settings *s)
{
	nameset_init(set, r->arena, s->v, s->n, sizeof(*s->v));
}

/* A name of the component goes over one of the app. */
static void
merge_settings(struct reading *r, struct settings *own,
    const struct settings *defaults)
{
	struct setting *all;
	struct nameset names;
	size_t i, n = 0;

	if (defaults->n == 0)
		return;
	set_names(&names, r, own);
	all = arena_array(r->arena, own->n + defaults->n, sizeof(*all));
	for (i = 0; i < defaults->n; i++)
		if (nameset_find(&names, defaults->v[i].name) == SIZE_MAX)
			all[n++] = defaults->v[i];
	for (i = 0; i < own->n; i++)
		all[n++] = own->v[i];
	own->v = all;
	own->n = n;
}

static void
merge(struct reading *r, struct container *own,
    const struct container *defaults)
{
	if (own->image == NULL)
		own->image = defaults->image;
	if (own->resources.cpu == NULL)
		own->resources.cpu = defaults->resources.cpu;
	if (own->resources.memory == NULL)
		own->resources.memory = defaults->resources.memory;
	if (own->resources.gpu == NULL)
		own->resources.gpu = defaults->resources.gpu;
	if (own->retries < 0)
		own->retries = defaults->retries < 0 ? 0 : defaults->retries;
	if (span_is_zero(own->timeout))
		own->timeout = defaults->timeout;
	merge_settings(r, &own->env, &defaults->env);
	merge_settings(r, &own->secrets, &defaults->secrets);
}

/* `shared` holds what was said already of the app's own defaults. */
static void
check_clash(struct reading *r, const struct container *c,
    const struct nameset *shared)
{
	struct nameset env;
	const struct setting *s;
	size_t i, at, mark;

	set_names(&env, r, &c->env);
	for (i = 0; i < c->secrets.n; i++) {
		s = &c->secrets.v[i];
		at = nameset_find(&env, s->name);
		if (at == SIZE_MAX || (shared != NULL &&
		    nameset_find(shared, s->name) != SIZE_MAX))
			continue;
		mark = reading_enter(r, "secrets");
		reading_error_at(r, s->at, "%s has a value in env, too (%d:%d)",
		    s->name, c->env.v[at].at.line, c->env.v[at].at.column);
		reading_leave(r, mark);
	}
}

/* The names that stand in both env and secrets of the defaults. */
static void
clashing(struct nameset *set, struct reading *r, const struct container *c)
{
	struct settings both = { NULL, 0 };
	struct nameset env;
	size_t i;

	set_names(&env, r, &c->env);
	both.v = arena_array(r->arena, c->secrets.n, sizeof(*both.v));
	for (i = 0; i < c->secrets.n; i++)
		if (nameset_find(&env, c->secrets.v[i].name) != SIZE_MAX)
			both.v[both.n++] = c->secrets.v[i];
	set_names(set, r, &both);
}

void
appcontainer_check(struct reading *r, struct app *app)
{
	struct nameset shared;
	size_t mark;
	int i;

	check_clash(r, &app->defaults, NULL);
	clashing(&shared, r, &app->defaults);
	for (i = 0; i < COMPONENT_KINDS; i++) {
		merge(r, &app->component[i].container, &app->defaults);
		if (!app->component[i].declared)
			continue;
		mark = reading_enter(r, component_key((enum component_kind)i));
		check_clash(r, &app->component[i].container, &shared);
		reading_leave(r, mark);
	}
}
