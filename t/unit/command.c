/* What a component is started with: arguments, environment, directory. */
#include "lib/base/compat.h"

#include "lib/base/strvec.h"
#include "lib/target/local/command.h"
#include "lib/target/target.h"
#include "t/unit/planned.h"
#include "t/unit/tap.h"

extern char **environ;

static const char app_text[] =
"name: digits\n"
"path: [bin, /opt/x, ~/y]\n"
"env: {LANG: de, OWN: app}\n"
"dataset:\n"
"  reader: {format: csv, command: [run, \"{data}\"]}\n"
"  splitter: {command: [run, \"{train}\", \"{test}\"]}\n"
"  parser:\n"
"    inputs: {scale: {type: float, default: 1e21}}\n"
"    format: npy\n"
"    command: [run, \"{data}\", \"{in.data}\", \"{out.data}\", \"{scale}\"]\n"
"model:\n"
"  hyperparameters:\n"
"    C: {type: float, default: 1}\n"
"    name: {type: string, default: l2}\n"
"    since: {type: datetime, default: 2026-01-02T04:04:05+01:00}\n"
"  trainer:\n"
"    inputs:\n"
"      rows: {type: integer, default: 12}\n"
"      note: {type: string, default: \"$(date) {rows}; `x`\"}\n"
"      empty: {type: string, default: \"\"}\n"
"      lag: {type: duration, default: 90m}\n"
"      tags: {type: list<string>, default: [a]}\n"
"      extra: {type: json, default: {rows: 1}}\n"
"    format: joblib\n"
"    env: {OWN: trainer}\n"
"    secrets: {DSN: digits/dsn, TOKEN: digits/token}\n"
"    command: [run, \"{model_object}\"]\n"
"  evaluator:\n"
"    secrets: {KEY: digits/key}\n"
"    command: |\n"
"      run {print $1} \"$UNIONML_IN_data\"\n"
"  predictor: {command: [run, \"{predictions}\"]}\n";

/* Of the trainer. */
static const struct {
	const char *argument, *want;
} arguments[] = {
	{ "", "" },
	{ "train", "train" },
	{ "{rows}", "12" },
	{ "{note}", "$(date) {rows}; `x`" },
	{ "{empty}", "" },
	{ "[{empty}]", "[]" },
	{ "--n={rows}{rows},{lag}.", "--n=1212,1h30m0s." },
	{ "{tags}", "run/trainer/in/tags" },
	{ "{extra}", "run/trainer/in/extra" },
	{ "{train}", "run/trainer/in/train.npy" },
	{ "{model_object}", "/out/model_object.joblib" },
	{ "{hyperparameters}", "run/trainer/in/hyperparameters" },
	{ "{hyperparameters.C}", "0.5" },
	{ "{hyperparameters.name}", "l2" },
	{ "{hyperparameters.since}", "2026-01-02T03:04:05Z" },
	{ "{in.rows}", "12" },
	{ "{in.train}", "run/trainer/in/train.npy" },
	{ "{out.model_object}", "/out/model_object.joblib" },
	{ "{{rows}}", "{rows}" },
	{ "{{{rows}}}", "{{rows}}" },
	{ "{{hyperparameters.C}}", "{hyperparameters.C}" },
	{ "{{nobody}}", "{nobody}" },
	{ "{nobody}", "{nobody}" },
	{ "{row}", "{row}" },
	{ "{rowss}", "{rowss}" },
	{ "{rows.x}", "{rows.x}" },
	{ "{extra.rows}", "{extra.rows}" },
	{ "{hyperparameters.D}", "{hyperparameters.D}" },
	{ "{hyperparameters_C}", "{hyperparameters_C}" },
	{ "{in.model_object}", "{in.model_object}" },
	{ "{out.rows}", "{out.rows}" },
	{ "{in}", "{in}" },
	{ "{print $1}", "{print $1}" },
	{ "{}{", "{}{" },
	{ "\xff{rows}\n", "\xff" "12\n" },
};

static const char train_inputs[] = "{\"hyperparameters\":{\"C\":0.5}}";

static const char *no_environ[] = { NULL };

static void
set_environ(const char **list)
{
	environ = (char **)(uintptr_t)list;
}

static char *
join(const struct strvec *sv)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < sv->n; i++)
		strbuf_addf(&sb, "%s\n", sv->v[i]);
	return strbuf_detach(&sb);
}

struct built {
	struct strvec argv, env;
};

static void
built_release(struct built *built)
{
	strvec_release(&built->argv);
	strvec_release(&built->env);
}

/* As attempt.c does it, but that nothing is written. */
static void
build(struct planned *p, const char *id, const char *document,
    struct component_call *call, struct built *built)
{
	struct inputs inputs;
	struct node_value *value;
	size_t i;

	strvec_init(&built->argv);
	strvec_init(&built->env);
	call->app = &p->app;
	call->node = workflow_node(call->workflow, id);
	call->out = "/out";
	planned_inputs(p, call->workflow, document, &inputs);
	value = arena_array(&p->arena, call->node->n_bindings,
	    sizeof(*value));
	values_bind(&p->arena, call->workflow, call->node, &inputs, "run",
	    value);
	for (i = 0; i < call->node->n_bindings; i++)
		value[i].path = arena_printf(&p->arena, "run/%s/in/%s", id,
		    value_file_name(&p->arena, value[i].variable));
	call->value = value;
	command_build(&p->arena, call, &built->argv, &built->env);
}

static void
build_train(struct planned *p, const char *id, const char *document,
    struct built *built)
{
	struct component_call call = {
		.workflow = plan_workflow(&p->plan, TRAIN),
		.run_id = "r1",
		.attempt = 1,
	};

	build(p, id, document, &call, built);
}

static void
test_arguments(struct planned *p)
{
	struct command *command = &p->app.component[TRAINER].command;
	struct command former = *command;
	struct built built;
	size_t i;

	command->n = ARRAY_SIZE(arguments);
	command->argv = arena_array(&p->arena, command->n + 1,
	    sizeof(*command->argv));
	for (i = 0; i < command->n; i++)
		command->argv[i] = arguments[i].argument;
	build_train(p, "trainer", train_inputs, &built);
	is_int((long long)built.argv.n, ARRAY_SIZE(arguments),
	    "as many arguments as elements");
	for (i = 0; i < built.argv.n; i++)
		is_str(built.argv.v[i], arguments[i].want,
		    arguments[i].argument);
	built_release(&built);
	*command = former;
}

static void
is_argv(struct planned *p, const char *id, const char *want)
{
	struct built built;
	char *text;

	build_train(p, id, train_inputs, &built);
	text = join(&built.argv);
	is_str(text, want, id);
	free(text);
	built_release(&built);
}

static void
is_env(const struct built *built, const char *want, const char *name)
{
	char *text = join(&built->env);

	is_str(text, want, name);
	free(text);
}

static const char *caller[] = { "HOME=/home/u", "UNIONML_RUN_ID=old",
	"PATH=/usr/bin:/bin", "UNIONML_IN_rows=99", "UNIONML_=", "UNIONML=1",
	"LANG=C", "DSN=secret", "LANGUAGE=x", "ODD", "XUNIONML_A=1", NULL };

static void
test_env(struct planned *p)
{
	struct component_call call = {
		.workflow = plan_workflow(&p->plan, PREDICT_FROM_FEATURES),
		.run_id = "r2",
		.version = "v7",
		.attempt = 3,
	};
	struct built built;

	set_environ(caller);
	build_train(p, "trainer", train_inputs, &built);
	is_env(&built, "HOME=/home/u\n"
	    "PATH=/app/bin:/opt/x:/home/u/y:/usr/bin:/bin\n"
	    "UNIONML=1\nLANG=de\nDSN=secret\nLANGUAGE=x\nODD\n"
	    "XUNIONML_A=1\nOWN=trainer\n"
	    "UNIONML_IN_train=run/trainer/in/train.npy\n"
	    "UNIONML_IN_hyperparameters=run/trainer/in/hyperparameters\n"
	    "UNIONML_IN_hyperparameters_C=0.5\n"
	    "UNIONML_IN_hyperparameters_name=l2\n"
	    "UNIONML_IN_hyperparameters_since=2026-01-02T03:04:05Z\n"
	    "UNIONML_IN_rows=12\n"
	    "UNIONML_IN_note=$(date) {rows}; `x`\n"
	    "UNIONML_IN_empty=\n"
	    "UNIONML_IN_lag=1h30m0s\n"
	    "UNIONML_IN_tags=run/trainer/in/tags\n"
	    "UNIONML_IN_extra=run/trainer/in/extra\n"
	    "UNIONML_OUT_model_object=/out/model_object.joblib\n"
	    "UNIONML_RUN_ID=r1\nUNIONML_APP_VERSION=\n"
	    "UNIONML_WORKFLOW=train\nUNIONML_COMPONENT=trainer\n"
	    "UNIONML_ATTEMPT=1\n"
	    "UNIONML_APP_DIR=/app\n",
	    "the caller's without UNIONML_*, path:, env:, values, the run");
	built_release(&built);
	ok(caller[6] != NULL && strcmp(caller[6], "LANG=C") == 0,
	    "the caller's own is as it was");

	set_environ(no_environ);
	build(p, "predictor", "{\"model_object\":\"m\",\"features\":\"f\"}",
	    &call, &built);
	is_env(&built, "PATH=/app/bin:/opt/x:/app/~/y\nLANG=de\nOWN=app\n"
	    "UNIONML_IN_model_object=run/predictor/in/model_object.joblib\n"
	    "UNIONML_IN_features=run/predictor/in/features.npy\n"
	    "UNIONML_OUT_predictions=/out/predictions\n"
	    "UNIONML_RUN_ID=r2\nUNIONML_APP_VERSION=v7\n"
	    "UNIONML_WORKFLOW=predict_from_features\n"
	    "UNIONML_COMPONENT=predictor\nUNIONML_ATTEMPT=3\n"
	    "UNIONML_APP_DIR=/app\n",
	    "of nobody's environment, a deployed version, a third attempt");
	built_release(&built);
}

static bool
env_has(const struct built *built, const char *line)
{
	return strvec_contains(&built->env, line);
}

static void
test_path(struct planned *p)
{
	static const char *with_path[] = { "HOME=/home/u", "PATH=/bin", NULL };
	struct setting own = { .name = "PATH", .value = "/only" };
	struct component *trainer = &p->app.component[TRAINER];
	struct settings former = trainer->container.env;
	struct names path = p->app.path;
	struct built built;

	set_environ(with_path);
	p->app.path.n = 0;
	build_train(p, "trainer", train_inputs, &built);
	ok(env_has(&built, "PATH=/bin"), "without path: the caller's PATH");
	built_release(&built);
	p->app.path = path;
	trainer->container.env = (struct settings){ &own, 1 };
	build_train(p, "trainer", train_inputs, &built);
	ok(env_has(&built, "PATH=/only"), "that of env: is the last word");
	built_release(&built);
	trainer->container.env = former;
}

/* A document whose note is `len` bytes long. */
static char *
long_note(size_t len)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	strbuf_addstr(&sb, "{\"note\":\"");
	for (i = 0; i < len; i++)
		strbuf_addch(&sb, 'x');
	strbuf_addstr(&sb, "\"}");
	return strbuf_detach(&sb);
}

static bool
env_names(const struct built *built, const char *name)
{
	size_t i, len = strlen(name);

	for (i = 0; i < built->env.n; i++)
		if (strncmp(built->env.v[i], name, len) == 0 &&
		    built->env.v[i][len] == '=')
			return true;
	return false;
}

static void
test_long_env(struct planned *p)
{
	char *longest = long_note(65536), *longer = long_note(65537);
	struct built built;

	build_train(p, "trainer", longest, &built);
	ok(env_names(&built, "UNIONML_IN_note"), "64 KiB are in the "
	    "environment");
	built_release(&built);
	build_train(p, "trainer", longer, &built);
	ok(!env_names(&built, "UNIONML_IN_note"), "one byte more is not");
	ok(env_names(&built, "UNIONML_IN_rows"), "what is behind it is");
	built_release(&built);
	free(longest);
	free(longer);
}

static void
test_directory(struct planned *p)
{
	static const struct {
		const char *source, *want;
	} cases[] = {
		{ ".", "/app/." }, { "src", "/app/src" }, { NULL, "/app" },
		{ "/abs", "/abs" }, { "../up", "/app/../up" },
		{ "~/src", "/home/u/src" },
	};
	const char *former = p->app.source;
	char *dir;
	size_t i;

	set_environ(caller);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		p->app.source = cases[i].source;
		dir = command_directory(&p->app);
		is_str(dir, cases[i].want, "source:");
		free(dir);
	}
	p->app.source = former;
}

static void
check(struct planned *p, const char *document, const char *directory,
    enum status want, const char *name)
{
	struct run_request request = {
		.plan = &p->plan,
		.workflow = plan_workflow(&p->plan, TRAIN),
		.directory = directory,
	};
	struct inputs inputs;

	planned_inputs(p, request.workflow, document, &inputs);
	request.inputs = &inputs;
	is_int(command_check(&p->arena, &request), want, name);
}

static const char *all_set[] = { "DSN=", "TOKEN=t", "KEY=k", NULL };

#define E "unionml: error: "
#define SECRET(name, of) E "secret '" name "' of the " of " is not set: " \
	"on this target it is taken from your environment\n"
#define TOO_LONG(name, bytes) E "input '" name "': " bytes " bytes are too " \
	"long for an argument of the trainer (at most 65536): declare it as " \
	"a file\n"

static void
test_check_place(struct planned *p)
{
	const char *former = p->app.directory;

	set_environ(all_set);
	check(p, train_inputs, "/", EXIT_DONE, "all is well");
	is_said("");
	check(p, train_inputs, "/none/here", EXIT_INPUT, "no directory");
	is_said(E "the directory of source: in 'unionml.yaml' is not there: "
	    "'/none/here': No such file or directory\n");
	put("file", "");
	check(p, train_inputs, "file", EXIT_INPUT, "a file");
	is_said(E "source: in 'unionml.yaml' is no directory: 'file'\n");
	p->app.directory = "/tmp";
	check(p, train_inputs, NULL, EXIT_DONE, "by source:");
	is_said("");
	p->app.directory = "/none";
	check(p, train_inputs, NULL, EXIT_INPUT, "by source:");
	is_said(E "the directory of source: in 'unionml.yaml' is not there: "
	    "'/none/.': No such file or directory\n");
	p->app.directory = former;
}

static void
test_check_secrets(struct planned *p)
{
	static const char *one[] = { "TOKEN=t", "DSNX=1", "KEY=k", NULL };

	set_environ(one);
	check(p, train_inputs, "/", EXIT_INPUT, "one secret is not set");
	is_said(SECRET("DSN", "trainer"));
	set_environ(no_environ);
	check(p, train_inputs, "/", EXIT_INPUT, "none is");
	is_said(SECRET("DSN", "trainer") SECRET("TOKEN", "trainer")
	    SECRET("KEY", "evaluator"));
	set_environ(all_set);
}

static void
test_check_lengths(struct planned *p)
{
	static const char *argv[] = { "run", "{note}", "x{note}", "{in.note}",
	    NULL };
	struct command *command = &p->app.component[TRAINER].command;
	struct command former = *command;
	char *longest = long_note(65536), *longer = long_note(65537);

	check(p, longer, "/", EXIT_DONE, "too long, but no placeholder");
	is_said("");
	command->argv = argv;
	command->n = 4;
	check(p, longest, "/", EXIT_DONE, "64 KiB");
	is_said("");
	check(p, longer, "/", EXIT_INPUT, "one byte more");
	is_said(TOO_LONG("note", "65537"));
	set_environ(no_environ);
	check(p, longer, "/none", EXIT_INPUT, "everything at once");
	is_said(E "the directory of source: in 'unionml.yaml' is not there: "
	    "'/none': No such file or directory\n" TOO_LONG("note", "65537")
	    SECRET("DSN", "trainer") SECRET("TOKEN", "trainer")
	    SECRET("KEY", "evaluator"));
	set_environ(all_set);
	*command = former;
	command->script = "run {note}";
	check(p, longer, "/", EXIT_DONE, "a script has no placeholders");
	is_said("");
	*command = former;
	free(longest);
	free(longer);
}

int
main(void)
{
	char dir[] = "/tmp/unionml-command-XXXXXX";
	char **former = environ;
	struct planned p;

	planned_dir(dir);
	put("m", "");
	put("f", "");
	planned_begin(&p, app_text);
	p.app.directory = "/app";
	test_arguments(&p);
	is_argv(&p, "parser-test", "run\nrun/parser-test/in/data\n"
	    "run/parser-test/in/data\n/out/data.npy\n"
	    "1000000000000000000000\n");
	is_argv(&p, "reader", "run\n/out/data.csv\n");
	is_argv(&p, "evaluator-train",
	    "sh\n-euc\nrun {print $1} \"$UNIONML_IN_data\"\n\n");
	test_env(&p);
	test_path(&p);
	test_long_env(&p);
	test_directory(&p);
	test_check_place(&p);
	test_check_secrets(&p);
	test_check_lengths(&p);
	environ = former;
	planned_end(&p);
	return planned_done(dir);
}
