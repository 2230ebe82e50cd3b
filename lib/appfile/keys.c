/* The rows of the table. What crosses keys is checked elsewhere. */
#include "lib/base/compat.h"

#include "lib/appfile/keyrule.h"
#include "lib/appfile/keys.h"
#include "lib/model/app.h"

#define AT(type, member) .offset = offsetof(struct type, member)
#define COUNT(type, member) .count = offsetof(struct type, member)
#define ROWS(table) .key = table, .n = ARRAY_SIZE(table)
#define FOR(value) .only = (value) + 1

static const struct key resources_keys[] = {
	{ "cpu", KEY_QUANTITY, AT(resources, cpu), .rule = &keyrule_quantity,
	    .about = "processors, as 2 or 500m" },
	{ "memory", KEY_QUANTITY, AT(resources, memory),
	    .rule = &keyrule_quantity, .about = "memory, as 4Gi" },
	{ "gpu", KEY_QUANTITY, AT(resources, gpu), .rule = &keyrule_count,
	    .about = "number of GPUs" },
};

static const struct keys resources = {
	"resources", "a set of resources", ROWS(resources_keys),
	.size = sizeof(struct resources),
};

/* These stand in each component, and as their defaults at the top. */
#define CONTAINER_KEYS(type, at)                                             \
	{ "image", KEY_TEXT, AT(type, at.image), .flags = KEY_EXPANDS,       \
	    .rule = &keyrule_image, .about = "container image on a cluster; " \
	    "${NAME} is replaced from the environment" },                    \
	{ "resources", KEY_OBJECT, AT(type, at.resources),                   \
	    .object = &resources, .about = "request and limit on a "         \
	    "cluster; not enforced on local" },                              \
	{ "retries", KEY_INTEGER, AT(type, at.retries), .max = RETRIES_MAX,  \
	    .preset = "0", .about = "attempts after the first" },            \
	{ "timeout", KEY_SPAN, AT(type, at.timeout),                         \
	    .about = "time limit of each attempt, as 1h30m; none if left "   \
	    "out" },                                                         \
	{ "env", KEY_SETTINGS, AT(type, at.env),                             \
	    .about = "environment variables and their values" },             \
	{ "secrets", KEY_SETTINGS, AT(type, at.secrets),                     \
	    .rule = &keyrule_secret, .about = "environment variables and "   \
	    "the group/key of the secret that each of them gets" }

#define DESCRIPTION { "description", KEY_TEXT, AT(variable, description),    \
	.about = "what it is for" }
#define PRESET { "default", KEY_VALUE, .about = "value where none is "       \
	"given; of a datetime also now" }

static const struct key variable_keys[] = {
	{ "type", KEY_TYPE, AT(variable, type), .flags = KEY_REQUIRED,
	    .about = "integer, float, string, boolean, datetime, duration, "
	    "file, directory, json, list<T> or map<T>" },
	PRESET, DESCRIPTION,
};

static const struct key member_keys[] = {
	{ "type", KEY_TYPE, AT(variable, type),
	    .flags = KEY_REQUIRED | KEY_MEMBER,
	    .about = "integer, float, string, boolean or datetime" },
	PRESET, DESCRIPTION,
};

/* What UnionML passes besides the declared inputs, on the way to them. */
static const char *const reserved_inputs[] = {
	"hyperparameters", "splitter_kwargs", "parser_kwargs",
	"loader_kwargs", "model_object", NULL
};

#define VARIABLE(id, rows, taken) { id, "the declaration of an input",       \
	ROWS(rows), .size = sizeof(struct variable),                         \
	.at = offsetof(struct variable, line), .naming = IDENT_INPUT,        \
	.reserved = taken }

static const struct keys variable = VARIABLE("input", variable_keys,
    reserved_inputs);
static const struct keys member = VARIABLE("simple_input", member_keys,
    reserved_inputs);
static const struct keys hyperparameter = VARIABLE("hyperparameter",
    member_keys, NULL);

#define COMPONENT_KEYS(declaration)                                          \
	{ "command", KEY_COMMAND, AT(component, command),                    \
	    .flags = KEY_REQUIRED, .about = "the program and its arguments " \
	    "with {placeholders}, or a text that runs under sh -euc" },      \
	{ "inputs", KEY_OBJECTS, AT(component, inputs.v),                    \
	    COUNT(component, inputs.n), .object = declaration,               \
	    .about = "the inputs that it declares" },                        \
	CONTAINER_KEYS(component, container)

#define FILE_KEYS                                                            \
	{ "format", KEY_TEXT, AT(component, format),                         \
	    .rule = &keyrule_format,                                         \
	    .about = "the path of its output ends in a dot and this" },      \
	{ "directory", KEY_BOOLEAN, AT(component, directory),                \
	    .preset = "false", .about = "its output is a directory" }

static const struct key component_keys[] = {
	COMPONENT_KEYS(&variable), FILE_KEYS,
};
static const struct key simple_component_keys[] = {
	COMPONENT_KEYS(&member), FILE_KEYS,
};
static const struct key evaluator_keys[] = {
	COMPONENT_KEYS(&variable),
};

#define COMPONENT(id, rows) { id, "a component", ROWS(rows),                 \
	.size = sizeof(struct component) }

static const struct keys component = COMPONENT("component", component_keys);
static const struct keys simple_component = COMPONENT("simple_component",
    simple_component_keys);
static const struct keys evaluator = COMPONENT("evaluator", evaluator_keys);

static const struct key dataset_keys[] = {
	{ "reader", KEY_OBJECT, AT(app, component[READER]),
	    .object = &component, .about = "makes the data" },
	{ "splitter", KEY_OBJECT, AT(app, component[SPLITTER]),
	    .object = &simple_component,
	    .about = "makes train and test of the data" },
	{ "parser", KEY_OBJECT, AT(app, component[PARSER]),
	    .object = &simple_component,
	    .about = "makes of data what trainer and predictor take" },
};

static const struct key model_keys[] = {
	{ "hyperparameters", KEY_OBJECTS, AT(app, hyperparameters.v),
	    COUNT(app, hyperparameters.n), .object = &hyperparameter,
	    .about = "what the trainer is tuned by" },
	{ "trainer", KEY_OBJECT, AT(app, component[TRAINER]),
	    .object = &component, .about = "makes the model_object" },
	{ "evaluator", KEY_OBJECT, AT(app, component[EVALUATOR]),
	    .object = &evaluator,
	    .about = "makes the metrics, a JSON object of numbers" },
	{ "predictor", KEY_OBJECT, AT(app, component[PREDICTOR]),
	    .object = &simple_component, .about = "makes the predictions" },
};

/* Both write into struct app, as the whole file does. */
static const struct keys dataset = { "dataset", "a dataset",
	ROWS(dataset_keys), .size = sizeof(struct app) };
static const struct keys model = { "model", "a model",
	ROWS(model_keys), .size = sizeof(struct app) };

static const struct key choice_keys[] = {
	{ "version", KEY_TEXT, AT(model_choice, version),
	    .rule = &keyrule_some,
	    .about = "the id of the training run that made it" },
	{ "app_version", KEY_TEXT, AT(model_choice, app_version),
	    .rule = &keyrule_some, .needs = "version",
	    .about = "the app version that it must be of" },
	{ "file", KEY_TEXT, AT(model_choice, file), .rule = &keyrule_some,
	    .about = "a file, relative to the app file" },
};

static const struct keys choice = {
	"model_choice", "a model", ROWS(choice_keys),
	.size = sizeof(struct model_choice), .either = { "version", "file" },
};

static const struct key_word choice_words[] = {
	{ "latest", MODEL_LATEST },
	{ "latest-at-deploy", MODEL_LATEST_AT_DEPLOY },
	{ NULL, 0 },
};
static const struct key_word workflow_words[] = {
	{ "train", TRAIN }, { "predict", PREDICT }, { NULL, 0 },
};
static const struct key_word catchup_words[] = {
	{ "none", CATCHUP_NONE }, { "latest", CATCHUP_LATEST },
	{ "all", CATCHUP_ALL }, { NULL, 0 },
};
static const struct key_word overlap_words[] = {
	{ "allow", OVERLAP_ALLOW }, { "skip", OVERLAP_SKIP },
	{ "queue", OVERLAP_QUEUE }, { "replace", OVERLAP_REPLACE },
	{ NULL, 0 },
};

static const struct key schedule_keys[] = {
	{ "workflow", KEY_WORD, AT(schedule, workflow), .flags = KEY_REQUIRED,
	    .words = workflow_words, .about = "what it runs" },
	{ "expression", KEY_EXPRESSION, AT(schedule, expression),
	    .about = "when: cron's five fields, @daily and its like, "
	    "@every D, or AWS's cron(...)" },
	{ "fixed_rate", KEY_RATE, AT(schedule, expression),
	    .about = "when: each so many whole minutes, hours or days" },
	{ "offset", KEY_OFFSET, AT(schedule, offset), .preset = "\"PT0S\"",
	    .about = "the run starts so long after its kickoff time; an "
	    "ISO 8601 duration" },
	{ "reader_time_arg", KEY_TEXT, AT(schedule, reader_time_arg),
	    .about = "the reader's input (datetime) that gets the kickoff "
	    "time" },
	{ "inputs", KEY_VALUES, .about = "values of the inputs of reader, "
	    "trainer and evaluator" },
	{ "hyperparameters", KEY_VALUES, FOR(TRAIN),
	    .about = "laid over the declared defaults" },
	{ "splitter_kwargs", KEY_VALUES, FOR(TRAIN),
	    .about = "values of the splitter's inputs" },
	{ "parser_kwargs", KEY_VALUES,
	    .about = "values of the parser's inputs" },
	{ "loader_kwargs", KEY_VALUES, FOR(PREDICT),
	    .about = "values of the predictor's inputs" },
	{ "model", KEY_MODEL, AT(schedule, model), .flags = KEY_REQUIRED,
	    FOR(PREDICT), .object = &choice, .words = choice_words,
	    .about = "the model to predict with" },
	{ "timezone", KEY_TEXT, AT(schedule, timezone), .needs = "expression",
	    .rule = &keyrule_zone, .preset = "\"UTC\"",
	    .about = "IANA time zone that the expression is read in" },
	{ "start", KEY_INSTANT, AT(schedule, start),
	    COUNT(schedule, has_start), .about = "no kickoff before it" },
	{ "end", KEY_INSTANT, AT(schedule, end), COUNT(schedule, has_end),
	    .about = "no kickoff from it on" },
	{ "catchup", KEY_WORD, AT(schedule, catchup), .words = catchup_words,
	    .about = "which kickoff times are made up after downtime; the "
	    "target's own way if left out" },
	{ "catchup_window", KEY_SPAN, AT(schedule, catchup_window),
	    .about = "how far back; unlimited if left out" },
	{ "overlap", KEY_WORD, AT(schedule, overlap), .words = overlap_words,
	    .about = "when an earlier run still goes on; the target's own "
	    "way if left out" },
	{ "targets", KEY_TEXTS, AT(schedule, targets), .flags = KEY_FILLED,
	    .about = "where it lives; every target if left out" },
	{ "active", KEY_BOOLEAN, AT(schedule, active), .preset = "true",
	    .about = "whether deploy activates it" },
	{ "on_failure", KEY_COMMAND, AT(schedule, on_failure),
	    .about = "run on local when a run of it failed" },
};

static const char *const reserved_schedules[] = {
	"train", "predict", "predict_from_features", "deploys", NULL
};

static const struct keys schedule = {
	"schedule", "a schedule", ROWS(schedule_keys),
	.size = sizeof(struct schedule), .at = offsetof(struct schedule, at),
	.reserved = reserved_schedules, .by = "workflow",
	.either = { "expression", "fixed_rate" },
};

static const struct key_word target_words[] = {
	{ "local", TARGET_LOCAL }, { "flyte", TARGET_FLYTE }, { NULL, 0 },
};

static const struct key target_keys[] = {
	{ "type", KEY_WORD, AT(target_decl, type), .flags = KEY_REQUIRED,
	    .words = target_words, .about = "what it is" },
	{ "store", KEY_TEXT, AT(target_decl, store), FOR(TARGET_LOCAL),
	    .flags = KEY_EXPANDS, .rule = &keyrule_some,
	    .preset = "\".unionml\"",
	    .about = "directory of its state, relative to the app file" },
	{ "config", KEY_TEXT, AT(target_decl, config), FOR(TARGET_FLYTE),
	    .flags = KEY_EXPANDS, .rule = &keyrule_some,
	    .preset = "\"~/.flyte/config.yaml\"",
	    .about = "flytectl's configuration file" },
	{ "project", KEY_TEXT, AT(target_decl, project), FOR(TARGET_FLYTE),
	    .flags = KEY_REQUIRED | KEY_EXPANDS, .rule = &keyrule_some,
	    .about = "Flyte project" },
	{ "domain", KEY_TEXT, AT(target_decl, domain), FOR(TARGET_FLYTE),
	    .flags = KEY_REQUIRED | KEY_EXPANDS, .rule = &keyrule_some,
	    .about = "Flyte domain" },
	{ "service_account", KEY_TEXT, AT(target_decl, service_account),
	    FOR(TARGET_FLYTE), .flags = KEY_EXPANDS, .rule = &keyrule_some,
	    .about = "Kubernetes service account that runs get" },
};

static const struct keys target = {
	"target", "a target", ROWS(target_keys),
	.size = sizeof(struct target_decl),
	.at = offsetof(struct target_decl, at), .by = "type",
};

static const struct key app_keys[] = {
	{ "name", KEY_NAME, AT(app, name), .flags = KEY_REQUIRED,
	    .about = "the name of the app" },
	{ "description", KEY_TEXT, AT(app, description),
	    .about = "what the app is for" },
	CONTAINER_KEYS(app, defaults),
	{ "source", KEY_TEXT, AT(app, source), .rule = &keyrule_some,
	    .preset = "\".\"", .about = "directory that deploy snapshots, "
	    "relative to this file; none: the code is in the image" },
	{ "path", KEY_TEXTS, AT(app, path), .rule = &keyrule_some,
	    .about = "directories put before PATH on local, relative to this "
	    "file" },
	{ "dataset", KEY_OBJECT, .object = &dataset,
	    .about = "where the data comes from" },
	{ "model", KEY_OBJECT, .object = &model,
	    .about = "how the model is made and used" },
	{ "schedules", KEY_OBJECTS, AT(app, schedule),
	    COUNT(app, n_schedules), .object = &schedule,
	    .about = "what runs by itself, and when" },
	{ "targets", KEY_OBJECTS, AT(app, target), COUNT(app, n_targets),
	    .object = &target, .about = "where it is deployed and run" },
	{ "default_target", KEY_TEXT, AT(app, default_target),
	    .preset = "\"local\"", .about = "the target without -t" },
};

const struct keys keys_app = {
	"app", "an app file", ROWS(app_keys), .size = sizeof(struct app),
};

const struct key *
keys_find(const struct keys *keys, const char *name)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (strcmp(keys->key[i].name, name) == 0)
			return &keys->key[i];
	return NULL;
}

bool
key_applies(const struct key *key, int word)
{
	return word < 0 || key->only == 0 || key->only == word + 1;
}
