/* What runs made: models, predictions, metrics. */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include "lib/base/arena.h"
#include "lib/base/path.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/target/local/local.h"
#include "lib/text/jsonio.h"

static const struct {
	const char *output, *noun;
} artifacts[] = {
	[ARTIFACT_MODEL] = { "model_object", "model" },
	[ARTIFACT_PREDICTIONS] = { "predictions", "predictions" },
	[ARTIFACT_METRICS] = { "metrics", "metrics" },
};

static enum status
not_there(struct local *local, const char *id, const char *noun)
{
	struct run_detail detail;
	enum status status;

	status = store_get_run(local->store, id, &detail);
	if (status != EXIT_DONE)
		return status;
	status = error(EXIT_CONFLICT, "run %s (%s, %s) has no %s", id,
	    detail.run.workflow, run_status_name(detail.run.status), noun);
	run_detail_release(&detail);
	return status;
}

static enum status
read_output(struct local *local, const char *id, const char *outputs,
    enum run_artifact what, struct artifact *artifact)
{
	struct arena arena = ARENA_INIT;
	struct strbuf text = STRBUF_INIT;
	const struct json *value;
	enum status status = EXIT_DONE;
	const char *why = "";
	struct stat st;
	char *run_dir;

	value = json_find(json_parse(&arena, outputs, strlen(outputs), &why),
	    artifacts[what].output);
	if (value == NULL) {
		status = not_there(local, id, artifacts[what].noun);
	} else if (value->kind != JSON_TEXT) {
		json_print(&text, value);
		artifact->text = strbuf_detach(&text);
	} else {
		run_dir = store_run_dir(local->store, id);
		artifact->path = path_join(run_dir, value->text);
		free(run_dir);
		if (stat(artifact->path, &st) != 0)
			status = error_errno(EXIT_LOCAL, "the %s of run %s: "
			    "'%s'", artifacts[what].noun, id, artifact->path);
		else
			artifact->directory = S_ISDIR(st.st_mode);
	}
	arena_release(&arena);
	return status;
}

enum status
local_artifact(struct target *target, enum run_artifact what, const char *run,
    struct artifact *artifact)
{
	struct local *local = (struct local *)target;
	enum status status;
	char *outputs;

	memset(artifact, 0, sizeof(*artifact));
	if (run != NULL && (status = local_need_store(local)) != EXIT_DONE)
		return status;
	if (run != NULL) {
		artifact->run = xstrdup(run);
	} else if (local->store != NULL) {
		status = store_newest_with(local->store,
		    artifacts[what].output, &artifact->run);
		if (status != EXIT_DONE)
			return status;
	}
	if (artifact->run == NULL)
		return error(EXIT_CONFLICT, "there %s no %s yet: '%s %s' makes "
		    "%s", what == ARTIFACT_MODEL ? "is" : "are",
		    artifacts[what].noun, self_call(),
		    what == ARTIFACT_PREDICTIONS ? "predict" : "train",
		    what == ARTIFACT_MODEL ? "one" : "them");
	status = store_get_outputs(local->store, artifact->run, &outputs);
	if (status != EXIT_DONE)
		return status;
	if (outputs == NULL)
		return not_there(local, artifact->run, artifacts[what].noun);
	status = read_output(local, artifact->run, outputs, what, artifact);
	free(outputs);
	return status;
}

static enum status
add_output(const char *run_dir, const char *name, const char *place,
    struct run_outputs *outputs)
{
	struct run_output *o = &outputs->v[outputs->n++];

	o->name = xstrdup(name);
	o->path = path_join(run_dir, place);
	if (tree_size(o->path, &o->bytes) != 0 ||
	    tree_sha256(o->path, o->sha256) != 0)
		return error_errno(EXIT_LOCAL, "cannot read '%s'", o->path);
	return EXIT_DONE;
}

static enum status
list_outputs(const char *run_dir, const struct json *all,
    struct run_outputs *outputs)
{
	struct strbuf text = STRBUF_INIT;
	enum status status = EXIT_DONE;
	size_t i;

	if (all == NULL || all->kind != JSON_MAP)
		return EXIT_DONE;
	outputs->v = xcalloc(all->n, sizeof(*outputs->v));
	for (i = 0; i < all->n && status == EXIT_DONE; i++) {
		const struct json *value = all->member[i].value;

		if (value->kind == JSON_TEXT)
			status = add_output(run_dir, all->member[i].name,
			    value->text, outputs);
	}
	if (json_find(all, "metrics") != NULL) {
		json_print(&text, json_find(all, "metrics"));
		outputs->metrics = strbuf_detach(&text);
	}
	return status;
}

enum status
local_outputs(struct target *target, const char *id,
    struct run_outputs *outputs)
{
	struct local *local = (struct local *)target;
	struct arena arena = ARENA_INIT;
	const char *why = "";
	enum status status;
	char *text, *run_dir;

	memset(outputs, 0, sizeof(*outputs));
	if ((status = local_need_store(local)) != EXIT_DONE ||
	    (status = store_get_outputs(local->store, id, &text)) != EXIT_DONE)
		return status;
	if (text != NULL) {
		run_dir = store_run_dir(local->store, id);
		status = list_outputs(run_dir, json_parse(&arena, text,
		    strlen(text), &why), outputs);
		free(run_dir);
	}
	free(text);
	arena_release(&arena);
	return status;
}
