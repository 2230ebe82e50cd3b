/*
 * The objects of a plan, each with the version that its spec is to have, and
 * their bodies. An object whose spec follows from the snapshot alone has the
 * app version. Any other has a version that its spec decides, and so has what
 * refers to it: the same spec is always the same version.
 */
#include "lib/base/compat.h"

#include "lib/appfile/appfile.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/encode.h"
#include "lib/flyte/wire/encodepart.h"
#include "lib/flyte/wire/fnames.h"
#include "lib/text/jsonio.h"

static const char *const resource_types[OBJECT_KINDS] = {
	[OBJECT_TASK] = "TASK", [OBJECT_WORKFLOW] = "WORKFLOW",
	[OBJECT_LAUNCH_PLAN] = "LAUNCH_PLAN",
};

static const char *const collections[OBJECT_KINDS] = {
	[OBJECT_TASK] = "tasks", [OBJECT_WORKFLOW] = "workflows",
	[OBJECT_LAUNCH_PLAN] = "launch_plans",
};

const char *
object_collection(enum object_kind kind)
{
	return collections[kind];
}

const struct object *
encoding_find(const struct encoding *e, enum object_kind kind,
    const char *name)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		if (e->object[i].kind == kind &&
		    strcmp(e->object[i].name, name) == 0)
			return &e->object[i];
	return NULL;
}

const struct object *
encoding_task(const struct encoding *e, const struct task *task)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		if (e->object[i].kind == OBJECT_TASK &&
		    e->object[i].task == task)
			return &e->object[i];
	BUG("a task of another plan");
}

const struct object *
encoding_workflow(const struct encoding *e, const struct workflow *workflow)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		if (e->object[i].kind == OBJECT_WORKFLOW &&
		    e->object[i].workflow == workflow)
			return &e->object[i];
	BUG("a workflow of another plan");
}

void
encode_id(struct json_writer *w, const char *name, const struct encoding *e,
    const struct object *object)
{
	json_begin_map(w, name);
	json_put_text(w, "resource_type", resource_types[object->kind]);
	json_put_text(w, "project", e->place.project);
	json_put_text(w, "domain", e->place.domain);
	json_put_text(w, "name", object->name);
	json_put_text(w, "version", object->version);
	json_end_map(w);
}

static void
put_body(struct json_writer *w, const struct encoding *e,
    const struct object *object)
{
	json_begin_map(w, NULL);
	encode_id(w, "id", e, object);
	json_begin_map(w, "spec");
	switch (object->kind) {
	case OBJECT_TASK:
		encode_task(w, e, object);
		break;
	case OBJECT_WORKFLOW:
		encode_workflow(w, e, object);
		break;
	case OBJECT_LAUNCH_PLAN:
		encode_launch_plan(w, e, object);
		break;
	case OBJECT_KINDS:
		break;
	}
	json_end_map(w);
	json_end_map(w);
}

void
encode_body(struct strbuf *sb, const struct encoding *e,
    const struct object *object)
{
	struct json_writer w;

	json_writer_init(&w, sb, false);
	put_body(&w, e, object);
}

void
encode_document(struct strbuf *sb, const struct encoding *e)
{
	struct json_writer w;
	size_t i;
	int kind;

	json_writer_init(&w, sb, true);
	json_begin_map(&w, NULL);
	for (kind = 0; kind < OBJECT_KINDS; kind++) {
		json_begin_list(&w, collections[kind]);
		for (i = 0; i < e->n; i++)
			if ((int)e->object[i].kind == kind)
				put_body(&w, e, &e->object[i]);
		json_end_list(&w);
	}
	json_end_map(&w);
	strbuf_addch(sb, '\n');
}

/* What a spec turned out to hold while it was written. */
struct seen {
	const struct encode_files *files;
	bool any, missing;
};

static const char *
note_file(void *arg, const char *path, bool directory)
{
	struct seen *seen = arg;
	const char *uri = NULL;

	if (seen->files->uri != NULL)
		uri = seen->files->uri(seen->files->arg, path, directory);
	seen->any = true;
	seen->missing = seen->missing || uri == NULL;
	return uri;
}

/*
 * Writes the spec once to know what is in it. The snapshot is left open, so
 * that the version is the same before it is uploaded.
 */
static void
set_version(struct encoding *e, struct object *object)
{
	const struct encode_place place = e->place;
	struct seen seen = { &place.files, false, false };
	struct strbuf sb = STRBUF_INIT;
	const char *app_version = place.app_version;
	bool ambiguous = fnames_is_ambiguous(app_version);

	object->version = app_version;
	e->place.snapshot = NULL;
	e->place.files.uri = note_file;
	e->place.files.arg = &seen;
	if (object->own || ambiguous || object->kind == OBJECT_LAUNCH_PLAN)
		encode_body(&sb, e, object);
	e->place = place;
	object->own = object->own || seen.any || ambiguous;
	if (seen.missing && object->open == NULL)
		object->open = "@file@";
	if (object->open != NULL)
		object->version = arena_printf(&e->arena, "%s-%s",
		    app_version, object->open);
	else if (object->own)
		object->version = fnames_version(&e->arena, app_version,
		    sb.buf, sb.len);
	strbuf_release(&sb);
}

static struct object *
add(struct encoding *e, enum object_kind kind, const char *name)
{
	struct object *object = &e->object[e->n++];

	object->kind = kind;
	object->name = name;
	object->own = e->place.outside;
	return object;
}

static enum status
add_task(struct encoding *e, const struct task *task)
{
	const char *image = task->container->image;
	const char *key = component_key(task->kind);
	struct object *object;
	char *expanded, *why;

	if (image == NULL)
		return error(EXIT_INPUT, "%s.image: not given; on a cluster "
		    "each component runs in a container", key);
	expanded = appfile_expand(image, &why);
	if (expanded == NULL) {
		error(EXIT_INPUT, "%s.image: %s", key, why);
		free(why);
		return EXIT_INPUT;
	}
	object = add(e, OBJECT_TASK, fnames_task(&e->arena,
	    e->plan->app->name, task->name));
	object->task = task;
	object->image = arena_strdup(&e->arena, expanded);
	object->own = object->own || strcmp(expanded, image) != 0;
	free(expanded);
	set_version(e, object);
	return EXIT_DONE;
}

static void
add_workflow(struct encoding *e, const struct workflow *workflow)
{
	struct object *object = add(e, OBJECT_WORKFLOW, workflow->name);
	size_t i;

	object->workflow = workflow;
	for (i = 0; i < workflow->n_nodes; i++)
		if (encoding_task(e, workflow->node[i].task)->own)
			object->own = true;
	set_version(e, object);
}

static void
add_launch_plan(struct encoding *e, const struct launch_plan *plan)
{
	struct object *object = add(e, OBJECT_LAUNCH_PLAN, plan->name);
	const struct schedule *s = plan->schedule;
	struct encode_foreign foreign;
	struct encode_model model;

	object->launch_plan = plan;
	if (plan->workflow == NULL) {
		object->own = true;
		if (!encode_find_foreign(e, plan, &foreign))
			object->open = "@workflow@";
	} else if (encoding_workflow(e, plan->workflow)->own) {
		object->own = true;
	}
	if (s != NULL && s->model.source != MODEL_UNSET) {
		object->own = true;
		if (e->place.model == NULL ||
		    !e->place.model(e->place.arg, s, &model))
			object->open = "@model@";
	}
	set_version(e, object);
}

/* Whether the schedule lives at the place. */
static bool
lives_there(const struct schedule *schedule, const char *target)
{
	size_t i;

	for (i = 0; i < schedule->targets.n; i++)
		if (target != NULL &&
		    strcmp(schedule->targets.v[i], target) == 0)
			return true;
	return schedule->targets.n == 0;
}

enum status
encode_plan(struct encoding *e, const struct plan *plan,
    const struct encode_place *place)
{
	enum status status = EXIT_DONE;
	const struct launch_plan *launch;
	size_t i;

	memset(e, 0, sizeof(*e));
	e->plan = plan;
	e->place = *place;
	e->object = arena_array(&e->arena, COMPONENT_KINDS + WORKFLOW_KINDS +
	    plan->n_launch_plans, sizeof(*e->object));
	for (i = 0; i < COMPONENT_KINDS; i++)
		if (plan->task[i].name != NULL &&
		    add_task(e, &plan->task[i]) != EXIT_DONE)
			status = EXIT_INPUT;
	if (status != EXIT_DONE)
		return status;
	for (i = 0; i < WORKFLOW_KINDS; i++)
		if (plan->workflow[i].name != NULL)
			add_workflow(e, &plan->workflow[i]);
	for (i = 0; i < plan->n_launch_plans; i++) {
		launch = &plan->launch_plan[i];
		if (launch->schedule == NULL ||
		    lives_there(launch->schedule, place->target))
			add_launch_plan(e, launch);
	}
	return EXIT_DONE;
}

void
encoding_release(struct encoding *e)
{
	arena_release(&e->arena);
	memset(e, 0, sizeof(*e));
}
