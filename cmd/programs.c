/* Programs that only the caller's PATH finds are not found by a schedule. */
#include "lib/base/compat.h"

#include "cmd/programs.h"
#include "lib/base/err.h"
#include "lib/base/path.h"
#include "lib/base/process.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/model/app.h"
#include "lib/package/filelist.h"

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

/* Relative to where the component runs, which is the snapshot. */
static void
check_path(const struct filelist *list, enum component_kind kind,
    const char *name)
{
	char *path;

	if (list == NULL || *name == '/')
		return;
	path = path_join(list->dir, name);
	if (filelist_find(list, path) == NULL) {
		warning("'%s' of the %s is not among the files that are "
		    "deployed", name, component_name(kind));
		hint("name it by '%s' and put its directory under path:",
		    path_basename(name));
	}
	free(path);
}

static void
check_name(const struct app *app, enum component_kind kind, const char *name)
{
	const char *path = getenv("PATH");
	char *found;

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

static bool
is_seen(const char *const *seen, size_t n, const char *name)
{
	while (n-- > 0)
		if (strcmp(seen[n], name) == 0)
			return true;
	return false;
}

void
programs_warn(const struct app *app, const struct filelist *list)
{
	const char *seen[COMPONENT_KINDS];
	size_t i, n = 0;

	for (i = 0; i < COMPONENT_KINDS; i++) {
		const struct component *c = &app->component[i];
		const char *name;

		if (!c->declared || c->command.n == 0 ||
		    is_seen(seen, n, c->command.argv[0]))
			continue;
		name = seen[n++] = c->command.argv[0];
		if (strchr(name, '/') != NULL)
			check_path(list, (enum component_kind)i, name);
		else
			check_name(app, (enum component_kind)i, name);
	}
}
