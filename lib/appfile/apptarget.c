/* `local` is always a target, declared or not, and is never another type. */
#include "lib/base/compat.h"

#include "lib/appfile/apptarget.h"
#include "lib/appfile/reading.h"
#include "lib/base/arena.h"
#include "lib/base/nameset.h"
#include "lib/model/app.h"
#include "lib/text/yamldoc.h"

static const char local[] = "local";

/* The declared ones, and `local`. */
static void
make_set(struct nameset *set, struct reading *r, const struct app *app)
{
	const char **name;
	size_t i;

	name = arena_array(r->arena, app->n_targets + 1, sizeof(*name));
	for (i = 0; i < app->n_targets; i++)
		name[i] = app->target[i].name;
	name[i] = local;
	nameset_init(set, r->arena, name, app->n_targets + 1, sizeof(*name));
}

static void
check_local(struct reading *r, const struct app *app,
    const struct nameset *targets)
{
	size_t at = nameset_find(targets, local);
	size_t mark;

	if (at >= app->n_targets || app->target[at].type == TARGET_LOCAL)
		return;
	mark = reading_enter(r, "targets.local.type");
	reading_error_at(r, app->target[at].at, "the target 'local' is always "
	    "of type 'local'; choose another name");
	reading_leave(r, mark);
}

static void
check_default(struct reading *r, struct app *app,
    const struct nameset *targets)
{
	const struct yaml_pair *pair;
	size_t mark;

	if (app->default_target == NULL) {
		app->default_target = local;
		return;
	}
	if (nameset_find(targets, app->default_target) != SIZE_MAX)
		return;
	pair = reading_find(r, "default_target");
	mark = reading_enter(r, "default_target");
	reading_error(r, pair->value, "there is no target '%s'%s",
	    app->default_target,
	    reading_suggest(r, app->default_target, targets));
	reading_leave(r, mark);
}

static void
check_names(struct reading *r, const struct names *names,
    const struct nameset *targets)
{
	struct nameset here;
	size_t i, at, mark;

	nameset_init(&here, r->arena, names->v, names->n, sizeof(*names->v));
	for (i = 0; i < names->n; i++) {
		mark = reading_enter_index(r, i);
		at = nameset_find(&here, names->v[i]);
		if (at != i)
			reading_error_at(r, names->at[i], "'%s' is there "
			    "twice", names->v[i]);
		else if (nameset_find(targets, names->v[i]) == SIZE_MAX)
			reading_error_at(r, names->at[i], "there is no target "
			    "'%s'%s", names->v[i],
			    reading_suggest(r, names->v[i], targets));
		reading_leave(r, mark);
	}
}

void
apptarget_check(struct reading *r, struct app *app)
{
	struct nameset targets;
	size_t i, outer, middle, mark;

	make_set(&targets, r, app);
	check_local(r, app, &targets);
	check_default(r, app, &targets);
	outer = reading_enter(r, "schedules");
	for (i = 0; i < app->n_schedules; i++) {
		middle = reading_enter(r, app->schedule[i].name);
		mark = reading_enter(r, "targets");
		check_names(r, &app->schedule[i].targets, &targets);
		reading_leave(r, mark);
		reading_leave(r, middle);
	}
	reading_leave(r, outer);
}
