/*
 * The app file from its place on disk to a checked struct app. The table of
 * keys reads all that a key says by itself; then what crosses keys is checked,
 * each noun in a module of its own.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "lib/appfile/appcommand.h"
#include "lib/appfile/appcontainer.h"
#include "lib/appfile/appfile.h"
#include "lib/appfile/appschedule.h"
#include "lib/appfile/apptarget.h"
#include "lib/appfile/declare.h"
#include "lib/appfile/keyread.h"
#include "lib/appfile/keys.h"
#include "lib/appfile/reading.h"
#include "lib/base/diag.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/xalloc.h"
#include "lib/model/app.h"
#include "lib/text/yamldoc.h"

static const char app_file[] = "unionml.yaml";

static bool
exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* UnionML's `app:model` names a Python module; its app file goes with it. */
static char *
find_module(const char *dir, const char *unionml_name)
{
	size_t len = strcspn(unionml_name, ":");
	char *name, *path;

	if (len == 0)
		return NULL;
	name = xasprintf("%.*s.yaml", (int)len, unionml_name);
	path = path_join(dir, name);
	free(name);
	if (exists(path))
		return path;
	free(path);
	name = xasprintf("%.*s/%s", (int)len, unionml_name, app_file);
	path = path_join(dir, name);
	free(name);
	if (exists(path))
		return path;
	free(path);
	return NULL;
}

/* A name below the working directory is shown as it would be typed. */
static char *
shorten(char *path)
{
	char *here = path_absolute(".");
	size_t len = strlen(here);
	char *name = NULL;

	if (strncmp(path, here, len) == 0 && path[len] == '/')
		name = xstrdup(path + len + 1);
	free(here);
	if (name == NULL)
		return path;
	free(path);
	return name;
}

enum status
appfile_find(const char *dir, const char *file, const char *unionml_name,
    char **path)
{
	char *full;

	*path = NULL;
	if (dir == NULL || strcmp(dir, ".") == 0)
		dir = "";
	if (file != NULL) {
		*path = path_join(dir, file);
		return EXIT_DONE;
	}
	if (unionml_name != NULL)
		*path = find_module(dir, unionml_name);
	if (*path != NULL)
		return EXIT_DONE;
	*path = path_find_up(dir, app_file);
	if (*path != NULL) {
		*path = shorten(*path);
		return EXIT_DONE;
	}
	full = path_absolute(dir);
	error(EXIT_INPUT, "no app file: %s was not found in '%s' or above",
	    app_file, full);
	free(full);
	hint("--file F names one; unionml.yaml(5) says what it holds");
	return EXIT_INPUT;
}

/* The directory that relative paths in the file start from. */
static const char *
directory_of(struct app *app, const char *file)
{
	char *dir = path_dirname(file), *full = path_absolute(dir);
	const char *kept = arena_strdup(&app->arena, full);

	free(full);
	free(dir);
	return kept;
}

static void
check(struct reading *r, struct app *app)
{
	if (app->source == NULL && reading_find(r, "source") == NULL)
		app->source = ".";
	else if (app->source != NULL && strcmp(app->source, "none") == 0)
		app->source = NULL;
	declare_check(r, app);
	appcontainer_check(r, app);
	appschedule_check(r, app);
	if (r->misread)
		return;
	appcommand_check(r, app);
	apptarget_check(r, app);
}

enum status
appfile_parse(struct app *app, struct diag *diag, const char *file,
    const char *data, size_t len)
{
	struct reading r = { .arena = &app->arena, .diag = diag,
		.path = STRBUF_INIT };
	struct yaml_node *root;
	enum status status;
	int i;

	memset(app, 0, sizeof(*app));
	arena_init(&app->arena);
	app->file = arena_strdup(&app->arena, file);
	app->directory = r.directory = directory_of(app, file);
	app->defaults.retries = -1;
	for (i = 0; i < COMPONENT_KINDS; i++)
		app->component[i].container.retries = -1;

	status = yamldoc_parse(&app->arena, diag, data, len, &root);
	if (status != EXIT_DONE)
		return status;
	if (root == NULL) {
		diag_error(diag, 1, 1, "the app file is empty; unionml.yaml(5) "
		    "says what it holds");
		return EXIT_INPUT;
	}
	r.root = root;
	keyread_object(&r, &keys_app, root, app);
	if (root->kind == YAML_MAP)
		check(&r, app);
	strbuf_release(&r.path);
	return diag->errors > 0 ? EXIT_INPUT : EXIT_DONE;
}

enum status
appfile_load(struct app *app, struct diag *diag, const char *path)
{
	struct strbuf sb = STRBUF_INIT;
	enum status status;

	memset(app, 0, sizeof(*app));
	if (read_file(path, &sb, YAMLDOC_SIZE_MAX) == 0) {
		status = appfile_parse(app, diag, path, sb.buf, sb.len);
	} else if (errno == EFBIG) {
		diag_error(diag, 0, 0, "the file has more than the %d bytes "
		    "allowed", YAMLDOC_SIZE_MAX);
		status = EXIT_INPUT;
	} else if (errno == ENOENT) {
		status = error(EXIT_INPUT, "no app file: '%s' does not exist",
		    path);
	} else {
		status = error_errno(EXIT_LOCAL, "cannot read '%s'", path);
	}
	strbuf_release(&sb);
	return status;
}
