/*
 * App files. Each t/1000/NAME.yaml is read and what is said about it compared
 * with NAME.err; the example of all keys is looked at member by member; then
 * how a file is found, loaded and expanded. Runs in the top directory.
 */
#include "lib/base/compat.h"

#include <dirent.h>
#include <unistd.h>

#include "lib/appfile/appfile.h"
#include "lib/base/diag.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/model/app.h"
#include "lib/model/literal.h"
#include "lib/text/jsonio.h"
#include "t/unit/tap.h"

enum { FILE_MAX = 1 << 20 };

static struct strbuf messages = STRBUF_INIT;

static void
keep(void *arg, const char *text, size_t len)
{
	strbuf_add(arg, text, len);
}

/* Reads the text as a file of that name; `messages` is what is said. */
static enum status
parse(struct app *app, const char *name, const char *text, size_t len)
{
	enum status status;
	struct diag diag;

	strbuf_reset(&messages);
	err_set_sink(keep, &messages);
	diag_init(&diag, name);
	status = appfile_parse(app, &diag, name, text, len);
	ok((status == EXIT_INPUT) == (diag.errors > 0) &&
	    (status == EXIT_DONE || status == EXIT_INPUT),
	    "%s: the status is that of the errors", name);
	diag_print(&diag);
	diag_release(&diag);
	err_set_sink(NULL, NULL);
	return status;
}

static void
test_golden(const char *file)
{
	struct strbuf text = STRBUF_INIT, want = STRBUF_INIT;
	char *path = path_join("t/1000", file), *err;
	struct app app;

	err = xasprintf("%.*s.err", (int)(strlen(path) - 5), path);
	if (ok(read_file(path, &text, FILE_MAX) == 0 &&
	    read_file(err, &want, FILE_MAX) == 0, "%s and its golden", file)) {
		parse(&app, file, text.buf, text.len);
		is_str(messages.buf, want.buf, file);
		app_release(&app);
	}
	strbuf_release(&text);
	strbuf_release(&want);
	free(path);
	free(err);
}

static void
test_goldens(void)
{
	struct strvec files = STRVEC_INIT;
	struct dirent *entry;
	DIR *dir = opendir("t/1000");
	size_t i, len;

	if (!ok(dir != NULL, "t/1000 is there"))
		return;
	while ((entry = readdir(dir)) != NULL) {
		len = strlen(entry->d_name);
		if (len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0)
			strvec_push(&files, entry->d_name);
	}
	closedir(dir);
	strvec_sort(&files);
	ok(files.n > 40, "there are many");
	for (i = 0; i < files.n; i++)
		test_golden(files.v[i]);
	strvec_release(&files);
}

static void
load_full(struct app *app)
{
	struct diag diag;

	diag_init(&diag, "t/1000/full.yaml");
	is_int(appfile_load(app, &diag, "t/1000/full.yaml"), EXIT_DONE,
	    "the example of all keys is loaded");
	diag_release(&diag);
}

static void
test_components(const struct app *app)
{
	const struct component *c = &app->component[TRAINER];
	const struct interface *in = &app->component[READER].inputs;

	ok(c->declared && app->component[SPLITTER].declared, "declared ones");
	ok(!app->component[PARSER].declared, "and one that is not");
	is_str(c->format, "joblib", "format");
	is_str(c->container.image, "ghcr.io/acme/digits:3",
	    "the image is the app's");
	is_int(c->container.retries, 2, "its own retries");
	is_int(app->component[READER].container.retries, 1, "the app's");
	is_int(c->container.timeout.sec, 3600, "timeout");
	is_int(app->component[READER].container.timeout.sec, 0, "none");
	is_str(c->container.resources.memory, "4Gi", "memory");
	is_str(c->container.resources.gpu, "0", "gpu, a number");
	is_str(c->container.env.v[0].value, "2", "env");
	is_str(c->container.secrets.v[0].name, "DSN", "secret");
	is_int((long long)c->command.n, 9, "elements of a command");
	is_str(c->command.argv[4], "{hyperparameters.C}", "one of them");
	ok(c->command.argv[9] == NULL, "NULL behind the last");
	is_int(c->command.argv_at[4].line, 28, "and its line");
	is_int((long long)in->n, 2, "inputs of the reader");
	ok(in->v[0].now && in->v[0].preset == NULL, "default: now");
	is_str(in->v[0].description, "which day's data", "description");
	ok(in->v[1].preset->boolean, "default: true");
	is_int(in->v[1].line, 13, "where it was declared");
	is_int((long long)app->hyperparameters.n, 2, "hyperparameters");
	is_int(app->hyperparameters_at.line, 24, "and their line");
	ok(app->hyperparameters.v[0].preset->real == 1.0, "a float");
}

static void
test_schedules(const struct app *app)
{
	const struct schedule *s = &app->schedule[1];
	struct strbuf sb = STRBUF_INIT;

	is_int((long long)app->n_schedules, 2, "schedules");
	is_str(app->schedule[0].when, "0 0 * * *", "when");
	is_int(app->schedule[0].expression.dialect, DIALECT_UNIX, "dialect");
	json_print(&sb, app->schedule[0].bound);
	is_str(sb.buf, "{\"hyperparameters\":{\"C\":0.1}}", "bound");
	is_str(s->name, "hourly_predictions", "name");
	is_int(s->workflow, PREDICT, "workflow");
	is_int(s->expression.dialect, DIALECT_EVERY, "fixed_rate");
	is_int(s->expression.every.sec, 3600, "of an hour");
	is_str(s->when, "1h", "as written");
	is_str(s->reader_time_arg, "time", "reader_time_arg");
	strbuf_reset(&sb);
	json_print(&sb, s->bound);
	is_str(sb.buf, "{\"labeled\":false,\"loader_kwargs\":{\"mmap_mode\":"
	    "\"r\"}}", "bound");
	is_int(s->model.source, MODEL_LATEST_AT_DEPLOY, "model");
	is_str(s->targets.v[0], "production", "targets");
	ok(s->active && s->catchup == CATCHUP_UNSET &&
	    s->overlap == OVERLAP_UNSET, "what is left out");
	strbuf_release(&sb);
}

static void
test_full(void)
{
	struct app app;
	char *top = path_absolute("t/1000");

	load_full(&app);
	is_str(app.name, "digits", "name");
	is_str(app.file, "t/1000/full.yaml", "file");
	is_str(app.directory, top, "directory");
	is_str(app.source, ".", "source");
	is_str(app.path.v[0], ".venv/bin", "path");
	is_str(app.default_target, "local", "default_target");
	is_int(app.defaults.retries, 1, "retries");
	test_components(&app);
	test_schedules(&app);
	is_int((long long)app.n_targets, 3, "targets");
	is_str(app.target[0].config, "~/.flyte/config.yaml", "config");
	is_str(app.target[1].service_account, "digits", "service account");
	is_int(app.target[2].type, TARGET_LOCAL, "type");
	is_str(app.target[2].store, "~/.local/state/digits", "store");
	is_int(app.target[2].at.line, 60, "its line");
	app_release(&app);
	free(top);
}

/* What no golden shows, for it is no error. */
static void
test_values(void)
{
	static const char text[] =
	    "name: no\nsource: none\nenv: {A: 1, B: app}\n"
	    "dataset:\n  reader:\n    env: {B: own, C: c}\n"
	    "    command: [sleep, 10, 1.10, no]\n"
	    "    inputs:\n"
	    "      p: {type: file, default: x.csv}\n"
	    "      j: {type: json, default: {a: 1, b: [2.0, ~, x]}}\n"
	    "      l: {type: list<float>, default: [1]}\n"
	    "model: {trainer: {command: 'x'}}\n"
	    "schedules:\n"
	    "  a: {workflow: train, expression: '@every 1h', active: false,\n"
	    "    start: 2026-01-01T00:00Z, offset: PT90S,\n"
	    "    inputs: {l: [3]}}\n";
	const struct container *c;
	struct strbuf sb = STRBUF_INIT;
	struct app app;

	is_int(parse(&app, "/d/a.yaml", text, strlen(text)), EXIT_DONE,
	    "values");
	is_str(messages.buf, "", "nothing to say");
	is_str(app.name, "no", "a text as written");
	ok(app.source == NULL, "source: none");
	is_str(app.directory, "/d", "the directory");
	is_str(app.component[READER].command.argv[2], "1.10", "another text");
	is_str(app.component[TRAINER].command.script, "x", "a script");
	c = &app.component[READER].container;
	is_int((long long)c->env.n, 3, "env is merged by name");
	is_str(c->env.v[0].value, "1", "the app's");
	is_str(c->env.v[1].value, "own", "the component's own");
	is_int(c->retries, 0, "no retries");
	is_int((long long)app.component[TRAINER].container.env.n, 2,
	    "the other component has the app's");
	is_str(app.component[READER].inputs.v[0].preset->path, "/d/x.csv",
	    "a path is relative to the file");
	json_print(&sb, app.component[READER].inputs.v[1].preset->json);
	is_str(sb.buf, "{\"a\":1,\"b\":[2,null,\"x\"]}", "JSON");
	is_int(app.schedule[0].expression.every.sec, 3600, "@every");
	ok(!app.schedule[0].active, "active: false");
	ok(app.schedule[0].has_start && !app.schedule[0].has_end, "start");
	is_int(app.schedule[0].start.sec, 1767225600, "and its instant");
	is_int(app.schedule[0].offset.sec, 90, "offset");
	strbuf_reset(&sb);
	json_print(&sb, app.schedule[0].bound);
	is_str(sb.buf, "{\"l\":[3]}", "bound");
	strbuf_release(&sb);
	app_release(&app);
}

static void
test_rubbish(void)
{
	static const struct {
		const char *text;
		size_t len;
	} cases[] = {
		{ "", 0 }, { "\0", 1 }, { "{", 1 }, { "[[[[", 4 },
		{ "a", 1 }, { "\xff\xfe", 2 }, { "name: a\nname", 12 },
		{ "{name: a, schedules: {\"\": {}}}", 30 },
		{ "name: a\nschedules: {a: {workflow: {}, model: [], "
		  "expression: [], inputs: x, targets: {}}}", 88 },
		{ "name: a\ndataset: {reader: {command: {a: b}, inputs: {x: "
		  "{type: [], default: {}}}}}", 82 },
		{ "name: a\ntargets: {local: {type: flyte}, a: {type: [local]}}"
		  "\ndefault_target: {}", 78 },
	};
	struct app app;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		is_int(parse(&app, "rubbish", cases[i].text, cases[i].len),
		    EXIT_INPUT, "rubbish is refused");
		ok(messages.len > 0, "in words");
		app_release(&app);
	}
}

static void
is_found(const char *dir, const char *file, const char *module,
    const char *want)
{
	char *path = NULL;
	enum status status;

	strbuf_reset(&messages);
	err_set_sink(keep, &messages);
	status = appfile_find(dir, file, module, &path);
	err_set_sink(NULL, NULL);
	is_str(path, want, want != NULL ? want : "nothing is found");
	is_int(status, want != NULL ? EXIT_DONE : EXIT_INPUT, "the status");
	free(path);
}

static void
test_find(void)
{
	char dir[] = "/tmp/appfile-XXXXXX", *app;
	char *back = path_absolute(".");
	struct diag diag;
	struct app none;

	if (!ok(mkdtemp(dir) != NULL && chdir(dir) == 0, "a directory"))
		return;
	is_found(NULL, NULL, NULL, NULL);
	ok(strstr(messages.buf, "no app file: unionml.yaml was not found in '"
	    "/tmp/appfile-") != NULL, "it says where");
	ok(strstr(messages.buf, "unionml.yaml(5)") != NULL, "and what next");
	is_int(tree_mkdirs("a/b"), 0, "directories");
	is_int(write_file("unionml.yaml", "name: top\n", 10), 0, "a file");
	is_found(NULL, NULL, NULL, "unionml.yaml");
	is_found(".", NULL, NULL, "unionml.yaml");
	is_found("a", NULL, NULL, "unionml.yaml");
	is_found("a", "x.yaml", NULL, "a/x.yaml");
	is_found(NULL, "x.yaml", "m:model", "x.yaml");
	is_found(NULL, NULL, "m:model", "unionml.yaml");
	is_int(write_file("a/unionml.yaml", "name: a\n", 8), 0, "another");
	is_found(NULL, NULL, "a:model", "a/unionml.yaml");
	is_int(write_file("a.yaml", "name: a\n", 8), 0, "a third");
	is_found(NULL, NULL, "a:model", "a.yaml");
	is_found(NULL, NULL, ":model", "unionml.yaml");
	is_found("a", NULL, NULL, "a/unionml.yaml");
	app = path_absolute("a/unionml.yaml");
	is_int(chdir("a/b"), 0, "below");
	is_found(NULL, NULL, NULL, app);
	free(app);

	diag_init(&diag, "nosuch.yaml");
	strbuf_reset(&messages);
	err_set_sink(keep, &messages);
	is_int(appfile_load(&none, &diag, "nosuch.yaml"), EXIT_INPUT,
	    "no such file");
	app_release(&none);
	is_int(appfile_load(&none, &diag, "."), EXIT_LOCAL, "no file at all");
	app_release(&none);
	err_set_sink(NULL, NULL);
	is_int((long long)diag.n, 0, "neither is a diagnostic");
	diag_release(&diag);
	is_int(chdir(back), 0, "back");
	is_int(tree_remove(dir), 0, "gone");
	free(back);
}

static void
test_expand(void)
{
	static const struct {
		const char *text, *want, *why;
	} cases[] = {
		{ "", "", NULL },
		{ "plain $A {A}", "plain $A {A}", NULL },
		{ "${TEST_A}", "one", NULL },
		{ "x${TEST_A}y${TEST_A}", "xoney" "one", NULL },
		{ "${TEST_A:-two}", "one", NULL },
		{ "${TEST_EMPTY}", "", NULL },
		{ "${TEST_EMPTY:-two}", "two", NULL },
		{ "${TEST_UNSET:-}", "", NULL },
		{ "${TEST_UNSET:-a:-b}", "a:-b", NULL },
		{ "${TEST_UNSET}", NULL, "'TEST_UNSET' is not set" },
		{ "a${TEST_A", NULL, "'${' has no '}'" },
		{ "${TEST-A}", NULL, "only '${NAME}'" },
	};
	char *got, *why;
	size_t i;

	setenv("TEST_A", "one", 1);
	setenv("TEST_EMPTY", "", 1);
	unsetenv("TEST_UNSET");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		got = appfile_expand(cases[i].text, &why);
		is_str(got, cases[i].want, cases[i].text);
		ok((why == NULL) == (cases[i].why == NULL) && (why == NULL ||
		    strncmp(why, cases[i].why, strlen(cases[i].why)) == 0),
		    "and why");
		free(got);
		free(why);
	}
}

int
main(void)
{
	test_goldens();
	test_full();
	test_values();
	test_rubbish();
	test_find();
	test_expand();
	strbuf_release(&messages);
	return tap_done();
}
