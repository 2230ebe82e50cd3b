/* What the commands about schedules share. */
#include "lib/base/compat.h"

#include <pwd.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/schedules.h"
#include "cmd/times.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/suggest.h"
#include "lib/base/xalloc.h"
#include "lib/schedule/dialect.h"
#include "lib/target/scheduling.h"

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

	*schedule = app_find_schedule(app, name);
	if (*schedule != NULL)
		return EXIT_DONE;
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

void
schedules_add_pause(struct strbuf *sb, int64_t since, const char *who,
    const char *note)
{
	if (since != 0) {
		strbuf_addstr(sb, " since ");
		output_time(sb, since);
	}
	if (who != NULL)
		strbuf_addf(sb, " by %s", who);
	if (note != NULL)
		strbuf_addf(sb, ": %s", note);
}

void
schedules_add_backfill(struct strbuf *sb, const char *schedule,
    int64_t first, int64_t last)
{
	strbuf_addf(sb, "%s schedule backfill %s --from ", self_call(),
	    schedule);
	times_print(sb, first);
	strbuf_addstr(sb, " --to ");
	times_print(sb, last + 60);
}

void
schedules_note_unserved(const struct context *context)
{
	const struct schedule_ops *ops = context->target->ops->schedules;

	if (ops->served != NULL && !ops->served(context->target))
		note("no scheduler is running here: 'unionml scheduler' fires "
		    "what is active");
}

char *
schedules_who(void)
{
	const struct passwd *user = getpwuid(geteuid());
	char host[256] = "";

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	if (user != NULL)
		return xasprintf("%s@%s", user->pw_name, host);
	return xasprintf("%lld@%s", (long long)geteuid(), host);
}

struct search {
	const char *name;
	enum workflow_kind *kind;
	bool found;
};

static enum status
match(void *arg, const struct scheduled *scheduled)
{
	struct search *s = arg;

	if (strcmp(s->name, scheduled->name) == 0)
		s->found = workflow_from_name(scheduled->workflow, s->kind);
	return EXIT_DONE;
}

enum status
schedules_kind(struct context *context, const char *name,
    enum workflow_kind *kind)
{
	struct search search = { name, kind, false };
	const struct schedule *declared;
	enum status status;

	status = context->target->ops->schedules->list(context->target, true,
	    match, &search);
	if (status != EXIT_DONE || search.found)
		return status;
	status = schedules_find(&context->app, name, &declared);
	if (status == EXIT_DONE)
		*kind = declared->workflow;
	return status;
}
