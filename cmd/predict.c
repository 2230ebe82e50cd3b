/*
 * unionml predict: runs NAME.predict, or with -f NAME.predict_from_features,
 * and prints the predictions or puts them into a file.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/deliver.h"
#include "cmd/launch.h"
#include "cmd/output.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/tempfile.h"
#include "lib/model/literal.h"

enum { PREDICTIONS_MAX = 1 << 30 };

static struct {
	struct launch_options launch;
	const char *features, *model, *output;
	bool force;
} o = { .launch = LAUNCH_OPTIONS_INIT };

static const struct opt predict_options[] = {
	LAUNCH_INPUT_ROWS(o.launch),
	{ OPT_STRING, 'f', "features", &o.features, "FEATURES",
	    "predict from this file or directory (-: stdin), not from the "
	    "reader's data",
	    "file", NULL },
	{ OPT_STRING, 'm', "model", &o.model, "RUN|latest|best:METRIC|@FILE",
	    "the model of a run (default: latest), of the run whose "
	    "metrics.test.METRIC is highest, or in a file", "run @file",
	    NULL },
	{ OPT_STRING, 0, "model-version", &o.model, "RUN", NULL, NULL, NULL },
	{ OPT_STRING, 'o', "output", &o.output, "FILE|-",
	    "where the predictions go (default: stdout)", "file", NULL },
	{ OPT_FLAG, 0, "force", &o.force, NULL, "replace FILE if it exists",
	    NULL, NULL },
	LAUNCH_WAIT_ROWS(o.launch),
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static enum status
set_path(struct arena *arena, struct inputs *inputs,
    const struct workflow *workflow, const char *name, const char *path)
{
	const struct variable *var = interface_find(&workflow->inputs, name);
	bool directory;
	struct stat st;
	const char *why;
	char *absolute;

	if (var == NULL || !type_is_path(var->type))
		return error(EXIT_INPUT, "%s takes no file as its '%s'",
		    workflow->name, name);
	directory = var->type->kind == TYPE_DIRECTORY;
	if (literal_is_uri(path)) {
		inputs_set(arena, inputs, var, literal_from_path(arena,
		    var->type, path, NULL, &why));
		return EXIT_DONE;
	}
	if (stat(path, &st) != 0)
		return error_errno(EXIT_INPUT, "%s '%s'", name, path);
	if (directory != (S_ISDIR(st.st_mode) != 0))
		return error(EXIT_INPUT, "%s '%s': expected a %s", name, path,
		    directory ? "directory" : "file");
	absolute = path_absolute(path);
	inputs_set(arena, inputs, var, literal_from_path(arena, var->type,
	    absolute, NULL, &why));
	free(absolute);
	return EXIT_DONE;
}

/* -f - : what comes on stdin, in a file that goes when the run has its copy. */
static enum status
read_stdin(struct tempfile *temp)
{
	const char *dir;

	if (tempfile_scratch(temp, &dir) != 0)
		return error_errno(EXIT_LOCAL, "cannot write into '%s'", dir);
	if (copy_fd(STDIN_FILENO, temp->fd) != 0)
		return error_errno(EXIT_LOCAL, "cannot copy stdin to '%s'",
		    temp->path);
	return EXIT_DONE;
}

static enum status
set_features(struct arena *arena, struct inputs *inputs,
    const struct workflow *workflow, struct tempfile *temp)
{
	const char *path = o.features[0] == '@' ? o.features + 1 : o.features;
	enum status status = EXIT_DONE;

	if (strcmp(path, "-") == 0) {
		status = read_stdin(temp);
		path = temp->path;
	}
	return status != EXIT_DONE ? status :
	    set_path(arena, inputs, workflow, "features", path);
}

/* -m. *run is the run that the model came from, or NULL: the caller frees. */
static enum status
choose_model(struct arena *arena, struct context *context,
    const struct workflow *workflow, struct inputs *inputs, char **run)
{
	const struct target_ops *ops = context->target->ops;
	const char *model = o.model != NULL ? o.model : "latest";
	struct artifact artifact = { NULL, NULL, NULL, NULL, false };
	enum status status = EXIT_DONE;
	char *id = NULL;

	*run = NULL;
	if (model[0] == '@')
		return set_path(arena, inputs, workflow, "model_object",
		    model + 1);
	if (strcmp(model, "latest") != 0)
		status = ops->resolve(context->target, model, &id);
	if (status == EXIT_DONE)
		status = ops->artifact(context->target, ARTIFACT_MODEL, id,
		    &artifact);
	free(id);
	if (status == EXIT_DONE)
		status = set_path(arena, inputs, workflow, "model_object",
		    artifact.path != NULL ? artifact.path : artifact.uri);
	if (status == EXIT_DONE) {
		note("model of run %s", artifact.run);
		*run = artifact.run;
		artifact.run = NULL;
	}
	artifact_release(&artifact);
	return status;
}

/* The document of --json: predictions as JSON if they are, else a path. */
static enum status
print_json(struct context *context, const char *id,
    const struct artifact *artifact)
{
	struct strbuf out = STRBUF_INIT, text = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	struct json *value = NULL;
	const char *path = NULL, *why = "";
	enum status status = EXIT_DONE;
	struct json_writer w;

	if (o.output != NULL)
		path = o.output;
	else if (artifact->path != NULL)
		path = artifact->path;
	else
		path = artifact->uri;
	if (o.output == NULL && artifact->run != NULL && !artifact->directory)
		status = deliver_read(context->target, artifact, &text,
		    JSON_SIZE_MAX);
	if (status == EXIT_DONE && text.len > 0)
		value = json_parse(&arena, text.buf, text.len, &why);
	json_writer_init(&w, &out, true);
	json_begin_map(&w, NULL);
	if (status == EXIT_DONE)
		status = launch_write_json(context, id, &w);
	if (value != NULL)
		json_put(&w, "predictions", value);
	else
		json_put_null(&w, "predictions");
	json_put_text_or_null(&w, "predictions_path", path);
	json_end_map(&w);
	strbuf_addch(&out, '\n');
	if (status == EXIT_DONE)
		output_write(&out);
	strbuf_release(&out);
	strbuf_release(&text);
	arena_release(&arena);
	return status;
}

/* To a terminal without its control characters, else byte for byte. */
static enum status
print_predictions(struct target *target, const struct artifact *artifact)
{
	struct strbuf text = STRBUF_INIT;
	enum status status;

	if (artifact->directory || !output_is_terminal())
		return deliver(target, artifact, "-", false);
	status = deliver_read(target, artifact, &text, PREDICTIONS_MAX);
	if (status == EXIT_DONE)
		output_masked(text.buf, text.len);
	if (text.len > 0 && text.buf[text.len - 1] != '\n')
		putchar('\n');
	strbuf_release(&text);
	return status;
}

static enum status
print_result(struct context *context, const char *id, enum status ended)
{
	struct artifact artifact = { NULL, NULL, NULL, NULL, false };
	enum status status = EXIT_DONE;

	if (ended == EXIT_DONE && o.launch.wait) {
		status = context->target->ops->artifact(context->target,
		    ARTIFACT_PREDICTIONS, id, &artifact);
		if (status == EXIT_DONE && o.output != NULL)
			status = deliver(context->target, &artifact, o.output,
			    o.force);
	}
	if (ended == EXIT_PENDING && o.output != NULL)
		note("nothing was written to '%s': '%s fetch predictions %s "
		    "-o %s' does it when the run has ended", o.output,
		    self_call(), id, o.output);
	if (status == EXIT_DONE && context->globals.json)
		status = print_json(context, id, &artifact);
	else if (status == EXIT_DONE && ended == EXIT_DONE && !o.launch.wait)
		printf("%s\n", id);
	else if (status == EXIT_DONE && ended == EXIT_DONE) {
		note("run %s", id);
		if (o.output == NULL)
			status = print_predictions(context->target, &artifact);
	}
	artifact_release(&artifact);
	return status;
}

/* Before the run, for its work would be in vain. */
static enum status
check_output(void)
{
	if (o.output == NULL)
		return EXIT_DONE;
	if (!o.launch.wait) {
		error(EXIT_USAGE, "-o wants the run's end, which --no-wait "
		    "does not wait for");
		hint("later: %s fetch predictions RUN -o FILE", self_call());
		return EXIT_USAGE;
	}
	if (strcmp(o.output, "-") == 0) {
		o.output = NULL;
		return EXIT_DONE;
	}
	return deliver_check(o.output, o.force);
}

static enum status
prepare(struct arena *arena, struct context *context, struct launch *launch,
    struct inputs *inputs, struct tempfile *features, char **model)
{
	enum status status;

	*model = NULL;
	if ((status = check_output()) != EXIT_DONE)
		return status;
	status = launch_workflow(context, &o.launch, o.features != NULL ?
	    PREDICT_FROM_FEATURES : PREDICT, &launch->workflow);
	if (status == EXIT_DONE)
		status = choose_model(arena, context, launch->workflow,
		    inputs, model);
	if (status == EXIT_DONE && o.features != NULL)
		status = set_features(arena, inputs, launch->workflow,
		    features);
	if (status == EXIT_DONE)
		status = launch_inputs(arena, &o.launch,
		    launch->workflow, inputs);
	launch->model = *model;
	return status;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	struct inputs inputs = { NULL, 0 };
	struct launch launch = { .inputs = &inputs };
	struct tempfile features = TEMPFILE_INIT;
	struct arena arena = ARENA_INIT;
	char *model = NULL;
	enum status status;

	(void)operands;
	status = prepare(&arena, context, &launch, &inputs, &features,
	    &model);
	if (status == EXIT_DONE)
		status = launch_run(context, &o.launch, &launch,
		    print_result);
	tempfile_abort(&features);
	free(model);
	strvec_release(&o.launch.pairs);
	arena_release(&arena);
	return status;
}

const struct cmd cmd_predict = {
	.name = "predict",
	.synopsis = "[-i JSON|@FILE|-] [-p NAME=VALUE]... [-v VERSION] "
	    "[-f FEATURES] [-m RUN|latest|best:METRIC|@FILE] [-o FILE|-] "
	    "[--force] [-j N] [--no-wait] [--timeout D]",
	.summary = "predict with a trained model and print the predictions",
	.needs = CMD_NEEDS_PLAN,
	.options = predict_options,
	.run = run,
};
