/*
 * UnionML's own names, as thin rows over ours: list-model-versions,
 * list-prediction-ids, fetch-model, fetch-predictions. Their options are those
 * of UnionML 0.2, what they mean is what ours mean.
 */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/fetch.h"
#include "cmd/output.h"
#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"

static struct {
	const char *version, *run, *output, *format, *kwargs;
	long limit;
	bool force;
} o = { .run = "latest", .format = "json", .limit = 10 };

static const char *const formats[] = { "json", NULL };

#define VERSION_ROW                                                        \
	{ OPT_STRING, 'v', "app-version", &o.version, "VERSION",           \
	    "only of this deployed version", "version", NULL }
#define OUTPUT_ROWS                                                        \
	{ OPT_STRING, 'o', "output-file", &o.output, "PATH|-",             \
	    "where it goes, as unionml fetch -o", "file", NULL },          \
	{ OPT_FLAG, 0, "force", &o.force, NULL,                            \
	    "replace a file that exists", NULL, NULL }
#define END_ROW { OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL }

static const struct opt list_options[] = {
	VERSION_ROW,
	{ OPT_COUNT, 0, "limit", &o.limit, "N",
	    "at most the N newest (default 10; 0: all)", NULL, NULL },
	END_ROW,
};

static const struct opt model_options[] = {
	VERSION_ROW,
	{ OPT_STRING, 'm', "model-version", &o.run, "RUN",
	    "the training run whose model it is (default: latest)", "run",
	    NULL },
	OUTPUT_ROWS,
	{ OPT_STRING, 0, "kwargs", &o.kwargs, "JSON",
	    "arguments of UnionML's saver; only {} is taken", NULL, NULL },
	END_ROW,
};

static const struct opt predictions_options[] = {
	VERSION_ROW,
	{ OPT_STRING, 'm', "prediction-id", &o.run, "RUN",
	    "the run that predicted (default: latest)", "run", NULL },
	OUTPUT_ROWS,
	{ OPT_CHOICE, 'f', "output-format", &o.format, "json",
	    "the only format that UnionML has; they stay as they were made",
	    NULL, formats },
	END_ROW,
};

struct listing {
	struct strbuf out;
	struct json_writer json;
	bool as_json;
	const char *const *workflow;	/* of the runs wanted; NULL ends */
	long left;
	char *first;			/* the newest one's id */
};

static bool
wanted(const struct listing *l, const struct run *run)
{
	const char *const *w;

	for (w = l->workflow; *w != NULL; w++)
		if (strcmp(*w, run->workflow) == 0)
			return true;
	return false;
}

static enum status
each(void *arg, const struct run *run)
{
	struct listing *l = arg;

	if (!wanted(l, run) || l->left == 0)
		return EXIT_DONE;
	l->left--;
	if (l->first == NULL)
		l->first = xstrdup(run->id);
	if (l->as_json) {
		json_begin_map(&l->json, NULL);
		run_write_json(&l->json, run);
		json_end_map(&l->json);
	} else {
		strbuf_addf(&l->out, "%s\n", run->id);
	}
	return EXIT_DONE;
}

static const char *const training[] = { "train", NULL };
static const char *const predicting[] = { "predict", "predict_from_features",
	NULL };

static void
listing_init(struct listing *l, const char *const *workflow, long limit)
{
	memset(l, 0, sizeof(*l));
	strbuf_init(&l->out);
	json_writer_init(&l->json, &l->out, true);
	l->workflow = workflow;
	l->left = limit > 0 ? limit : -1;
}

static void
listing_release(struct listing *l)
{
	strbuf_release(&l->out);
	free(l->first);
}

static enum status
list(struct context *context, struct listing *l)
{
	const struct run_filter filter = { .status = RUN_SUCCEEDED,
	    .app_version = o.version,
	    .workflow = l->workflow[1] == NULL ? l->workflow[0] : NULL };

	return context->target->ops->list(context->target, &filter, each, l);
}

static enum status
print_list(struct context *context, const char *const *workflow)
{
	struct listing l;
	enum status status;

	listing_init(&l, workflow, o.limit);
	l.as_json = context->globals.json;
	if (l.as_json)
		json_begin_list(&l.json, NULL);
	status = list(context, &l);
	if (l.as_json) {
		json_end_list(&l.json);
		strbuf_addch(&l.out, '\n');
	}
	if (status == EXIT_DONE)
		output_write(&l.out);
	listing_release(&l);
	return status;
}

static enum status
list_models(struct context *context, const struct strvec *operands)
{
	(void)operands;
	return print_list(context, training);
}

static enum status
list_predictions(struct context *context, const struct strvec *operands)
{
	(void)operands;
	return print_list(context, predicting);
}

/* `latest` of one app version is its newest success. */
static enum status
fetch_of_version(struct context *context, const char *thing,
    const char *const *workflow)
{
	enum status status;
	struct listing l;

	if (o.version == NULL || strcmp(o.run, "latest") != 0)
		return fetch(context, thing, o.run, o.output, o.force);
	listing_init(&l, workflow, 1);
	status = list(context, &l);
	if (status == EXIT_DONE && l.first == NULL)
		status = error(EXIT_CONFLICT, "no run of version '%s' made %s",
		    o.version, workflow == training ? "a model" :
		    "predictions");
	if (status == EXIT_DONE)
		status = fetch(context, thing, l.first, o.output, o.force);
	listing_release(&l);
	return status;
}

/* What saves a model here is the trainer's own command. */
static enum status
check_kwargs(void)
{
	struct arena arena = ARENA_INIT;
	const struct json *kwargs;
	enum status status = EXIT_DONE;
	const char *why = "";

	if (o.kwargs == NULL)
		return EXIT_DONE;
	kwargs = json_parse(&arena, o.kwargs, strlen(o.kwargs), &why);
	if (kwargs == NULL || kwargs->kind != JSON_MAP)
		status = error(EXIT_USAGE, "--kwargs wants a JSON object");
	else if (kwargs->n > 0)
		status = error(EXIT_USAGE, "--kwargs has nothing to act on: "
		    "the trainer's own command has saved the model, and it is "
		    "fetched as it is");
	arena_release(&arena);
	return status;
}

static enum status
fetch_model(struct context *context, const struct strvec *operands)
{
	enum status status = check_kwargs();

	(void)operands;
	return status != EXIT_DONE ? status :
	    fetch_of_version(context, "model", training);
}

static enum status
fetch_predictions(struct context *context, const struct strvec *operands)
{
	(void)operands;
	return fetch_of_version(context, "predictions", predicting);
}

const struct cmd cmd_list_model_versions = {
	.name = "list-model-versions",
	.synopsis = "[-v VERSION] [--limit N]",
	.summary = "ids of training runs that succeeded (UnionML's name)",
	.needs = CMD_NEEDS_READ,
	.options = list_options,
	.run = list_models,
};

const struct cmd cmd_list_prediction_ids = {
	.name = "list-prediction-ids",
	.synopsis = "[-v VERSION] [--limit N]",
	.summary = "ids of prediction runs that succeeded (UnionML's name)",
	.needs = CMD_NEEDS_READ,
	.options = list_options,
	.run = list_predictions,
};

const struct cmd cmd_fetch_model = {
	.name = "fetch-model",
	.synopsis = "[-v VERSION] [-m RUN] [-o PATH|-] [--force] "
	    "[--kwargs JSON]",
	.summary = "fetch a model (UnionML's name)",
	.needs = CMD_NEEDS_READ,
	.options = model_options,
	.run = fetch_model,
};

const struct cmd cmd_fetch_predictions = {
	.name = "fetch-predictions",
	.synopsis = "[-v VERSION] [-m RUN] [-o PATH|-] [--force] [-f json]",
	.summary = "fetch predictions (UnionML's name)",
	.needs = CMD_NEEDS_READ,
	.options = predictions_options,
	.run = fetch_predictions,
};
