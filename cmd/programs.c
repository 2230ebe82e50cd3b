/* Programs that only the caller's PATH finds are not found by a schedule. */
#include "lib/base/compat.h"

#include "cmd/programs.h"
#include "lib/base/err.h"
#include "lib/base/path.h"
#include "lib/base/process.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/model/app.h"

/* What systemd.exec(5) says a service gets. */
static const char plain_path[] =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static char *
find(const struct app *app, const char *path, const char *name)
{
	char *variable = xasprintf("PATH=%s", path);
	char *env[] = { variable, NULL };
	char *found = process_find(name, env, app->directory);

	free(variable);
	return found;
}

/* The app's own `path:`, then what any service has. */
static char *
find_anywhere(const struct app *app, const char *name)
{
	struct strbuf path = STRBUF_INIT;
	char *found;
	size_t i;

	for (i = 0; i < app->path.n; i++) {
		char *dir = path_resolve(app->directory, app->path.v[i]);

		strbuf_addf(&path, "%s:", dir);
		free(dir);
	}
	strbuf_addstr(&path, plain_path);
	found = find(app, path.buf, name);
	strbuf_release(&path);
	return found;
}

static void
check_program(const struct app *app, enum component_kind kind,
    const char *name)
{
	const char *path = getenv("PATH");
	char *found;

	if (strchr(name, '/') != NULL)
		return;
	found = find_anywhere(app, name);
	if (found == NULL && (found = find(app, path != NULL ? path : "",
	    name)) != NULL)
		warning("'%s' of the %s is found by your PATH only ('%s'): "
		    "put its directory under path:", name,
		    component_name(kind), found);
	else if (found == NULL)
		warning("'%s' of the %s is not found", name,
		    component_name(kind));
	free(found);
}

void
programs_warn(const struct app *app)
{
	const char *seen[COMPONENT_KINDS];
	size_t i, j, n = 0;

	for (i = 0; i < COMPONENT_KINDS; i++) {
		const struct component *c = &app->component[i];

		if (!c->declared || c->command.n == 0)
			continue;
		for (j = 0; j < n; j++)
			if (strcmp(seen[j], c->command.argv[0]) == 0)
				break;
		if (j < n)
			continue;
		seen[n++] = c->command.argv[0];
		check_program(app, (enum component_kind)i,
		    c->command.argv[0]);
	}
}
