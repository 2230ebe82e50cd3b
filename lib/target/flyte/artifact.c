/* What runs made: models, predictions and metrics, of executions' outputs. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/decodeliteral.h"
#include "lib/flyte/wire/decodetype.h"
#include "lib/flyte/wire/encodetype.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/ops.h"
#include "lib/text/jsonio.h"

/*
 * A Python UnionML app's prediction workflows have no name for their only
 * output, and flytekit calls it o0.
 */
static const struct {
	const char *output, *other, *noun;
	const char *workflow[3];	/* that make it; NULL at the end */
} artifacts[] = {
	[ARTIFACT_MODEL] = { "model_object", NULL, "model", { "train" } },
	[ARTIFACT_PREDICTIONS] = { "predictions", "o0", "predictions",
	    { "predict", "predict_from_features" } },
	[ARTIFACT_METRICS] = { "metrics", NULL, "metrics", { "train" } },
};

static enum status
keep_newest(void *arg, const struct run *run)
{
	struct run *newest = arg;

	if (newest->id == NULL || run->created_at > newest->created_at) {
		free(newest->id);
		newest->id = xstrdup(run->id);
		newest->created_at = run->created_at;
	}
	return EXIT_DONE;
}

static enum status
find_newest(struct target *target, enum run_artifact what, char **id)
{
	struct run_filter filter = { .status = RUN_SUCCEEDED, .limit = 1 };
	struct run newest = { .id = NULL };
	enum status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(artifacts[what].workflow); i++) {
		filter.workflow = artifacts[what].workflow[i];
		if (filter.workflow != NULL && status == EXIT_DONE)
			status = flyte_list(target, &filter, keep_newest,
			    &newest);
	}
	*id = newest.id;
	if (status == EXIT_DONE && *id == NULL)
		return error(EXIT_CONFLICT, "there %s no %s yet: '%s %s' makes "
		    "%s", what == ARTIFACT_MODEL ? "is" : "are",
		    artifacts[what].noun, self_call(),
		    what == ARTIFACT_PREDICTIONS ? "predict" : "train",
		    what == ARTIFACT_MODEL ? "one" : "them");
	return status;
}

/* The `literals` of its outputs: empty unless it has succeeded. */
static enum status
get_outputs(struct flyte *flyte, struct arena *arena, const char *id,
    const struct json **literals)
{
	const char *path = api_path(arena, "data", "executions",
	    flyte->project, flyte->domain, id, NULL);
	enum status status;
	struct json *json;

	status = api_get(flyte, arena, path, "cannot ask for the outputs",
	    &json);
	if (status != EXIT_DONE)
		return status;
	*literals = api_dig(json, "full_outputs", "literals", NULL);
	if ((*literals == NULL || (*literals)->n == 0) &&
	    api_int(json_find(json, "outputs"), "bytes") > 0)
		return error(EXIT_NETWORK, "the outputs of run %s are larger "
		    "than the cluster gives by REST "
		    "(remoteData.maxSizeInBytes)", id);
	return EXIT_DONE;
}

static enum status
not_there(struct target *target, const char *id, enum run_artifact what)
{
	struct run_detail detail;
	enum status status;

	status = target->ops->show(target, id, &detail);
	if (status != EXIT_DONE)
		return status;
	status = error(EXIT_CONFLICT, "run %s (%s, %s) has no %s", id,
	    detail.run.workflow, run_status_name(detail.run.status),
	    artifacts[what].noun);
	run_detail_release(&detail);
	return status;
}

/* A directory of ours is one file; one of flytekit's cannot be listed. */
static enum status
take_blob(struct artifact *artifact, const struct json *blob,
    const struct json *wire)
{
	const struct type *type;
	struct arena arena = ARENA_INIT;
	enum status status = EXIT_DONE;

	artifact->uri = xstrdup(api_text(blob, "uri"));
	if (strcmp(api_text(api_dig(blob, "metadata", "type", NULL),
	    "dimensionality"), "MULTIPART") == 0)
		status = error(EXIT_INPUT, "'%s' is a directory of many "
		    "files, which Flyte cannot list by REST", artifact->uri);
	type = decode_type(&arena, wire);
	artifact->directory = type->kind == TYPE_DIRECTORY;
	arena_release(&arena);
	return status;
}

static enum status
take(struct artifact *artifact, const struct json *literal,
    const struct json *wire)
{
	const struct json *blob = api_dig(literal, "scalar", "blob", NULL);
	struct strbuf text = STRBUF_INIT;
	struct arena arena = ARENA_INIT;

	if (blob != NULL)
		return take_blob(artifact, blob, wire);
	json_print(&text, decode_literal(&arena, literal));
	artifact->text = strbuf_detach(&text);
	arena_release(&arena);
	return EXIT_DONE;
}

/*
 * The type of the output as the workflow declares it: copilot leaves nothing
 * of it in the literal. NULL if nobody says.
 */
static enum status
get_type(struct flyte *flyte, struct arena *arena, const char *id,
    const char *output, const struct json **wire)
{
	const struct json *workflow;
	enum status status;
	struct json *json;

	*wire = NULL;
	status = api_get(flyte, arena, api_object(arena, flyte, "executions",
	    id, NULL), "cannot look up the run", &json);
	workflow = status == EXIT_DONE ? api_dig(json, "closure",
	    "workflow_id", NULL) : NULL;
	if (*api_text(workflow, "name") == '\0' ||
	    *api_text(workflow, "version") == '\0')
		return status;
	status = api_find(flyte, arena, api_object(arena, flyte, "workflows",
	    api_text(workflow, "name"), api_text(workflow, "version")),
	    "cannot ask for the workflow", &json);
	if (status == EXIT_DONE)
		*wire = api_dig(json, "closure", "compiled_workflow",
		    "primary", "template", "interface", "outputs",
		    "variables", output, "type", NULL);
	return status;
}

static enum status
take_output(struct flyte *flyte, struct arena *arena, enum run_artifact what,
    struct artifact *artifact)
{
	const char *output = artifacts[what].output;
	const struct json *literals, *literal, *wire = NULL;
	enum status status;

	status = get_outputs(flyte, arena, artifact->run, &literals);
	if (status != EXIT_DONE)
		return status;
	literal = json_find(literals, output);
	if (literal == NULL && artifacts[what].other != NULL) {
		output = artifacts[what].other;
		literal = json_find(literals, output);
	}
	if (literal == NULL)
		return not_there(&flyte->target, artifact->run, what);
	if (api_dig(literal, "scalar", "blob", NULL) != NULL)
		status = get_type(flyte, arena, artifact->run, output, &wire);
	return status == EXIT_DONE ? take(artifact, literal, wire) : status;
}

enum status
flyte_artifact(struct target *target, enum run_artifact what,
    const char *run, struct artifact *artifact)
{
	struct arena arena = ARENA_INIT;
	enum status status = EXIT_DONE;

	memset(artifact, 0, sizeof(*artifact));
	if (run != NULL)
		artifact->run = xstrdup(run);
	else
		status = find_newest(target, what, &artifact->run);
	if (status == EXIT_DONE)
		status = take_output((struct flyte *)target, &arena, what,
		    artifact);
	arena_release(&arena);
	return status;
}

/* Sizes and digests are known to the store alone. */
static void
add_output(struct run_outputs *outputs, const struct json_member *output)
{
	const struct json *blob = api_dig(output->value, "scalar", "blob",
	    NULL);
	struct strbuf text = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	struct run_output *o;

	/* The one is told apart, the other is an input once more. */
	if (strcmp(output->name, "metrics") == 0 ||
	    strcmp(output->name, "hyperparameters") == 0)
		return;
	o = &outputs->v[outputs->n++];
	o->name = xstrdup(output->name);
	o->bytes = -1;
	if (blob != NULL) {
		o->path = xstrdup(api_text(blob, "uri"));
	} else {
		json_print(&text, decode_literal(&arena, output->value));
		o->value = strbuf_detach(&text);
	}
	arena_release(&arena);
}

enum status
flyte_outputs(struct target *target, const char *id,
    struct run_outputs *outputs)
{
	const struct json *literals = NULL, *metrics;
	struct strbuf text = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	enum status status;
	size_t i;

	memset(outputs, 0, sizeof(*outputs));
	status = get_outputs((struct flyte *)target, &arena, id, &literals);
	if (status == EXIT_DONE && literals != NULL &&
	    literals->kind == JSON_MAP) {
		outputs->v = xcalloc(literals->n, sizeof(*outputs->v));
		for (i = 0; i < literals->n; i++)
			add_output(outputs, &literals->member[i]);
		metrics = json_find(literals, "metrics");
		if (metrics != NULL) {
			json_print(&text, decode_literal(&arena, metrics));
			outputs->metrics = strbuf_detach(&text);
		}
	}
	arena_release(&arena);
	return status;
}
