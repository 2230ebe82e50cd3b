/* Names and expressions on the command line of `unionml schedule`. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/schedules.h"
#include "lib/base/suggest.h"
#include "lib/base/xalloc.h"
#include "lib/schedule/dialect.h"

enum status
schedules_expression(const char *text, struct expression *out)
{
	struct cron_error err;

	if (expression_parse(text, out, &err))
		return EXIT_DONE;
	return error(EXIT_INPUT, "expression '%s', column %d: %s", text,
	    err.column, err.message);
}

enum status
schedules_find(const struct app *app, const char *name,
    const struct schedule **schedule)
{
	const char **names, *near;
	size_t i;

	for (i = 0; i < app->n_schedules; i++)
		if (strcmp(app->schedule[i].name, name) == 0) {
			*schedule = &app->schedule[i];
			return EXIT_DONE;
		}
	names = xcalloc(app->n_schedules, sizeof(*names));
	for (i = 0; i < app->n_schedules; i++)
		names[i] = app->schedule[i].name;
	near = suggest(name, names, app->n_schedules);
	free(names);
	if (near != NULL)
		return error(EXIT_CONFLICT, "no schedule '%s'. Did you mean "
		    "'%s'?", name, near);
	return error(EXIT_CONFLICT, "no schedule '%s' in %s", name,
	    app->file);
}

bool
schedules_live_on(const struct schedule *schedule, const char *target)
{
	size_t i;

	for (i = 0; i < schedule->targets.n; i++)
		if (strcmp(schedule->targets.v[i], target) == 0)
			return true;
	return schedule->targets.n == 0;
}

const char *
schedules_target(const struct context *context)
{
	return context->globals.target != NULL ? context->globals.target :
	    context->app.default_target;
}

enum status
schedules_target_type(const struct app *app, const char *name,
    enum target_type *type)
{
	size_t i;

	*type = TARGET_LOCAL;
	for (i = 0; i < app->n_targets; i++)
		if (strcmp(app->target[i].name, name) == 0) {
			*type = app->target[i].type;
			return EXIT_DONE;
		}
	if (strcmp(name, "local") == 0)
		return EXIT_DONE;
	return error(EXIT_INPUT, "no target '%s' in %s", name, app->file);
}
