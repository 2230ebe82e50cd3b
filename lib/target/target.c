/* Which target a name means, and the table that serves it. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/base/suggest.h"
#include "lib/base/xalloc.h"
#include "lib/target/scheduling.h"
#include "lib/target/target.h"

static const struct target_decl *
find_decl(const struct app *app, const char *name)
{
	size_t i;

	for (i = 0; i < app->n_targets; i++)
		if (strcmp(app->target[i].name, name) == 0)
			return &app->target[i];
	return NULL;
}

static enum status
unknown_target(const struct app *app, const char *name)
{
	const char **names, *near;
	size_t i;

	names = xcalloc(app->n_targets + 1, sizeof(*names));
	for (i = 0; i < app->n_targets; i++)
		names[i] = app->target[i].name;
	names[i] = "local";
	near = suggest(name, names, app->n_targets + 1);
	free(names);
	if (near != NULL)
		return error(EXIT_INPUT, "no target '%s' in '%s'. "
		    "Did you mean '%s'?", name, app->file, near);
	return error(EXIT_INPUT, "no target '%s': it is not under targets: "
	    "of '%s'", name, app->file);
}

enum status
target_find(const struct app *app, const char *name,
    const struct target_decl **decl, enum target_type *type)
{
	if (name == NULL)
		name = app->default_target;
	*type = TARGET_LOCAL;
	*decl = find_decl(app, name);
	if (*decl != NULL)
		*type = (*decl)->type;
	else if (strcmp(name, "local") != 0)
		return unknown_target(app, name);
	return EXIT_DONE;
}

enum status
target_open(struct target **target, const struct target_ops *const *types,
    const struct app *app, const char *name, enum target_need need)
{
	const struct target_decl *decl;
	enum target_type type;
	enum status status;

	*target = NULL;
	status = target_find(app, name, &decl, &type);
	if (status != EXIT_DONE)
		return status;
	for (; *types != NULL; types++)
		if ((*types)->type == type)
			return (*types)->open(target, app, decl, need);
	BUG("no functions for targets of type %d", (int)type);
}

enum status
target_no_such_node(const struct run_detail *detail, const char *node)
{
	struct strbuf known = STRBUF_INIT;
	const char **names, *near;
	size_t i;

	names = xcalloc(detail->n_nodes, sizeof(*names));
	for (i = 0; i < detail->n_nodes; i++) {
		names[i] = detail->node[i].name;
		strbuf_addf(&known, "%s%s", i > 0 ? ", " : "", names[i]);
	}
	near = suggest(node, names, detail->n_nodes);
	if (detail->n_nodes == 0)
		error(EXIT_CONFLICT, "run %s has no node '%s', and none at "
		    "all yet", detail->run.id, node);
	else if (near != NULL)
		error(EXIT_CONFLICT, "run %s has no node '%s'. Did you mean "
		    "'%s'?", detail->run.id, node, near);
	else
		error(EXIT_CONFLICT, "run %s has no node '%s', only %s",
		    detail->run.id, node, known.buf);
	strbuf_release(&known);
	free(names);
	return EXIT_CONFLICT;
}

void
target_close(struct target *target)
{
	if (target != NULL)
		target->ops->close(target);
}

void
deploy_result_release(struct deploy_result *result)
{
	deployed_release(&result->deployed);
	free(result->changes);
	memset(result, 0, sizeof(*result));
}

void
artifact_release(struct artifact *artifact)
{
	free(artifact->run);
	free(artifact->path);
	free(artifact->uri);
	free(artifact->text);
	memset(artifact, 0, sizeof(*artifact));
}

void
run_log_release(struct run_log *log)
{
	free(log->path);
	free(log->text);
	memset(log, 0, sizeof(*log));
}

void
run_outputs_release(struct run_outputs *outputs)
{
	size_t i;

	for (i = 0; i < outputs->n; i++) {
		free(outputs->v[i].name);
		free(outputs->v[i].path);
		free(outputs->v[i].value);
	}
	free(outputs->v);
	free(outputs->metrics);
	memset(outputs, 0, sizeof(*outputs));
}

void
slot_identity_release(struct slot_identity *identity)
{
	free(identity->scope);
	free(identity->name);
	free(identity->version);
	memset(identity, 0, sizeof(*identity));
}
