/*
 * unionml compile --for flyte: the requests of deploy, without a server. The
 * version is what deploy would call the source as it is now, committed or not.
 */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/compile_flyte.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/encodeplace.h"
#include "lib/package/filelist.h"
#include "lib/package/pack.h"
#include "lib/package/version.h"
#include "lib/plan/capability.h"

static enum status
find_named(const struct app *app, const char *name,
    const struct target_decl **decl)
{
	size_t i;

	for (i = 0; i < app->n_targets; i++)
		if (strcmp(app->target[i].name, name) == 0)
			*decl = &app->target[i];
	if (*decl == NULL && strcmp(name, "local") != 0)
		return error(EXIT_INPUT, "there is no target '%s' in '%s'",
		    name, app->file);
	if (*decl == NULL || (*decl)->type != TARGET_FLYTE)
		return error(EXIT_INPUT, "target '%s' is of type local, not "
		    "flyte", name);
	return EXIT_DONE;
}

/* *decl is NULL where no cluster is declared at all. */
static enum status
find_target(const struct context *context, const struct target_decl **decl)
{
	const struct app *app = &context->app;
	size_t i, n = 0;

	*decl = NULL;
	if (context->globals.target != NULL)
		return find_named(app, context->globals.target, decl);
	for (i = 0; i < app->n_targets; i++) {
		if (app->target[i].type != TARGET_FLYTE)
			continue;
		*decl = &app->target[i];
		if (strcmp((*decl)->name, app->default_target) == 0)
			return EXIT_DONE;
		n++;
	}
	if (n < 2)
		return EXIT_DONE;
	error(EXIT_INPUT, "'%s' declares %zu targets of type flyte", app->file,
	    n);
	hint("say which: unionml -t %s compile --for flyte", (*decl)->name);
	return EXIT_INPUT;
}

/* An app file that the snapshot does not hold is looked at alone. */
static enum status
ask_version(const struct app *app, const struct filelist *list,
    struct version *source, bool *outside)
{
	struct version file = VERSION_INIT;
	enum status status;

	*outside = list == NULL || filelist_find(list, app->file) == NULL;
	if (list == NULL)
		return version_ask_file(source, app->file);
	status = version_ask(source, list->dir);
	if (status == EXIT_DONE && *outside) {
		status = version_ask_file(&file, app->file);
		source->dirty = source->dirty || (source->git &&
		    (file.dirty || !file.git));
		version_release(&file);
	}
	return status;
}

static enum status
name_version(const struct app *app, const struct filelist *list,
    struct version *source)
{
	struct pack pack = { .sha256 = "" };
	enum status status = EXIT_DONE;

	if (version_needs_digest(source)) {
		if (list != NULL)
			status = pack_digest(list, &pack);
		else if (tree_sha256(app->file, pack.sha256) != 0)
			status = error_errno(EXIT_LOCAL, "cannot read '%s'",
			    app->file);
	}
	if (status == EXIT_DONE)
		version_name(source, pack.sha256);
	return status;
}

static enum status
find_version(const struct app *app, struct version *source, bool *outside)
{
	struct filelist list;
	enum status status;
	char *dir;

	if (app->source == NULL) {
		status = ask_version(app, NULL, source, outside);
		return status == EXIT_DONE ? name_version(app, NULL, source) :
		    status;
	}
	dir = path_resolve(app->directory, app->source);
	status = filelist_load(&list, dir);
	if (status == EXIT_DONE)
		status = ask_version(app, &list, source, outside);
	if (status == EXIT_DONE)
		status = name_version(app, &list, source);
	filelist_release(&list);
	free(dir);
	return status;
}

enum status
compile_flyte(struct context *context, const char *version,
    struct strbuf *out)
{
	struct version source = VERSION_INIT;
	struct arena arena = ARENA_INIT;
	const struct target_decl *decl;
	struct encode_place place;
	struct encoding encoding;
	enum status status;
	bool outside = false;

	status = find_target(context, &decl);
	if (status == EXIT_DONE)
		status = capability_refuse(&context->app, TARGET_FLYTE, decl);
	if (status == EXIT_DONE)
		status = encode_place_init(&place, &arena, &context->app,
		    decl);
	if (status == EXIT_DONE)
		status = find_version(&context->app, &source, &outside);
	if (status == EXIT_DONE) {
		place.app_version = version != NULL ? version : source.name;
		place.outside = place.outside || outside;
		status = encode_plan(&encoding, &context->plan, &place);
		if (status == EXIT_DONE)
			encode_document(out, &encoding);
		encoding_release(&encoding);
	}
	version_release(&source);
	arena_release(&arena);
	return status;
}
