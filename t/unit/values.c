/*
 * Values on disk, to the byte as flyte-copilot lays them; and the files of a
 * run's inputs, which it keeps. The run's directory is a relative one here, so
 * that what is wanted of inputs.json can be written down.
 */
#include "lib/base/compat.h"

#include "lib/target/local/values.h"
#include "t/unit/planned.h"
#include "t/unit/tap.h"

static const char app_text[] =
"name: digits\n"
"dataset:\n"
"  reader:\n"
"    inputs:\n"
"      day: {type: datetime, default: now}\n"
"      source: {type: file}\n"
"      more: {type: list<file>, default: []}\n"
"      parts: {type: map<directory>, default: {}}\n"
"    format: csv\n"
"    command: [run, \"{data}\"]\n"
"  splitter:\n"
"    inputs:\n"
"      share: {type: float, default: 0.2}\n"
"      shuffle: {type: boolean, default: true}\n"
"    command: [run, \"{train}\", \"{test}\"]\n"
"model:\n"
"  hyperparameters:\n"
"    C: {type: float, default: 1}\n"
"    n: {type: integer, default: 7}\n"
"  trainer: {directory: true, command: [run, \"{model_object}\"]}\n"
"  evaluator: {command: [run, \"{metrics}\"]}\n"
"  predictor:\n"
"    inputs: {mode: {type: string, default: r}}\n"
"    command: [run, \"{predictions}\"]\n";

/* `x` is the name of the variable, `n` the node. */
static const struct test {
	const char *type, *json;
	const char *index;	/* in inputs.json */
	const char *disk;
} tests[] = {
	{ "integer", "9007199254740993", "9007199254740993",
	    "x = 9007199254740993\n" },
	{ "integer", "-9223372036854775808", "-9223372036854775808",
	    "x = -9223372036854775808\n" },
	{ "integer", "0", "0", "x = 0\n" },
	{ "float", "1e21", "1e+21", "x = 1000000000000000000000\n" },
	{ "float", "1e-7", "1e-7", "x = 0.0000001\n" },
	{ "float", "0.1", "0.1", "x = 0.1\n" },
	{ "float", "1", "1", "x = 1\n" },
	{ "float", "-2.50", "-2.5", "x = -2.5\n" },
	{ "float", "-0.0", "0", "x = 0\n" },
	{ "string", "\"two\\nlines \xc3\xa9\"", "\"two\\nlines \xc3\xa9\"",
	    "x = two\nlines \xc3\xa9\n" },
	{ "string", "\"\"", "\"\"", "x = \n" },
	{ "string", "\"x\\n\"", "\"x\\n\"", "x = x\n\n" },
	{ "boolean", "true", "true", "x = true\n" },
	{ "boolean", "false", "false", "x = false\n" },
	{ "datetime", "\"2026-01-02T03:04:05.123456Z\"",
	    "\"2026-01-02T03:04:05.123456Z\"",
	    "x = 2026-01-02T03:04:05.123456Z\n" },
	{ "datetime", "\"2026-01-02T01:04:05+02:00\"",
	    "\"2026-01-01T23:04:05Z\"", "x = 2026-01-01T23:04:05Z\n" },
	{ "duration", "\"1h30m0.5s\"", "null", "x = 1h30m0.5s\n" },
	{ "duration", "\"500ms\"", "null", "x = 500ms\n" },
	{ "duration", "\"-1s\"", "null", "x = -1s\n" },
	{ "duration", "\"3600s\"", "null", "x = 1h0m0s\n" },
	{ "duration", "\"0s\"", "null", "x = 0s\n" },
	{ "json", "{ \"a\": 1, \"b\": [1, \"x\"], \"c\": {\"d\": null} }",
	    "{\"a\":1,\"b\":[1,\"x\"],\"c\":{\"d\":null}}",
	    "x = {\"a\":1,\"b\":[1,\"x\"],\"c\":{\"d\":null}}\n" },
	{ "json", "{}", "{}", "x = {}\n" },
	{ "file", "\"run/inputs/x\"", "\"run/n/in/x\"",
	    "x -> ../../inputs/x\n" },
	{ "directory", "\"run/reader/out/data\"", "\"run/n/in/x\"",
	    "x -> ../../reader/out/data\n" },
	{ "list<integer>", "[1, 2]", "[1,2]", "x/0 = 1\nx/1 = 2\n" },
	{ "list<integer>", "[]", "[]", "x/\n" },
	{ "list<duration>", "[\"1s\", \"2s\"]", "[null,null]",
	    "x/0 = 1s\nx/1 = 2s\n" },
	{ "list<file>", "[\"run/inputs/x/0\", \"run/inputs/x/1\"]",
	    "[\"run/n/in/x/0\",\"run/n/in/x/1\"]",
	    "x/0 -> ../../../inputs/x/0\nx/1 -> ../../../inputs/x/1\n" },
	{ "list<list<float>>", "[[1e21], []]", "[[1e+21],[]]",
	    "x/0/0 = 1000000000000000000000\nx/1/\n" },
	{ "map<string>", "{\"k1\": \"v1\"}", "{\"k1\":\"v1\"}",
	    "x/k1 = v1\n" },
	{ "map<string>", "{\"z\": \"1\", \"a b\": \"2\"}",
	    "{\"z\":\"1\",\"a b\":\"2\"}", "x/a b = 2\nx/z = 1\n" },
	{ "map<string>", "{}", "{}", "x/\n" },
	{ "map<list<directory>>", "{\"k\": [\"run/inputs/x/k/0\"]}",
	    "{\"k\":[\"run/n/in/x/k/0\"]}",
	    "x/k/0 -> ../../../../inputs/x/k/0\n" },
};

static void
test_forms(void)
{
	struct arena arena = ARENA_INIT;
	struct variable var = { .name = "x" };
	struct node_value value = { .variable = &var };
	const char *why = "", *want;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		const struct test *t = &tests[i];

		var.type = type_parse(&arena, t->type, &why);
		value.value = literal_from_json(&arena, var.type,
		    json_parse(&arena, t->json, strlen(t->json), &why), NULL,
		    &why);
		if (!ok(value.value != NULL, "%s %s", t->type, t->json)) {
			printf("# %s\n", why);
			continue;
		}
		is_int(values_write(&arena, "run", "n", &value, 1), EXIT_DONE,
		    "... is laid");
		is_str(value.path, "run/n/in/x", "... in its place");
		want = arena_printf(&arena, "inputs.json = {\"x\":%s}\n%s",
		    t->index, t->disk);
		is_tree("run/n/in", want, "... as copilot does");
	}
	is_int(values_write(&arena, "run", "n", NULL, 0), EXIT_DONE,
	    "no inputs");
	is_tree("run/n/in", "inputs.json = {}\n", "... what was there is gone");
	arena_release(&arena);
}

static void
test_names(void)
{
	static const struct {
		enum type_kind kind;
		const char *format, *want;
	} names[] = {
		{ TYPE_FILE, NULL, "data" }, { TYPE_FILE, "csv", "data.csv" },
		{ TYPE_FILE, "tar.gz", "data.tar.gz" },
		{ TYPE_DIRECTORY, "zarr", "data.zarr" },
		{ TYPE_DIRECTORY, NULL, "data" }, { TYPE_JSON, "x", "data" },
	};
	struct arena arena = ARENA_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		struct type type = { .kind = names[i].kind,
			.format = names[i].format };
		struct variable var = { .name = "data", .type = &type };

		is_str(value_file_name(&arena, &var), names[i].want,
		    "the name of a file");
	}
	arena_release(&arena);
}

static void
test_faults(void)
{
	struct arena arena = ARENA_INIT;
	struct variable var = { .name = "x", .type = type_simple(TYPE_FILE) };
	struct node_value value = { .variable = &var };

	value.value = literal_path(&arena, false, "run/inputs/x");
	put("run/file", "");
	is_int(values_write(&arena, "run", "file", &value, 1), EXIT_LOCAL,
	    "a file where the node's directory is to be");
	is_said("unionml: error: cannot make 'run/file/in': Not a "
	    "directory\n");
	var.name = "none/x";
	is_int(values_write(&arena, "run", "n", &value, 1), EXIT_LOCAL,
	    "a value that cannot be written");
	is_said("unionml: error: cannot write 'run/n/in/none/x': No such file "
	    "or directory\n");
	arena_release(&arena);
}

static const struct {
	enum workflow_kind workflow;
	const char *node, *want;
} bound[] = {
	{ TRAIN, "reader", "day = 2026-01-01T00:00:00Z\n"
	    "inputs.json = {\"day\":\"2026-01-01T00:00:00Z\","
	    "\"source\":\"run/reader/in/source\","
	    "\"more\":[\"run/reader/in/more/0\",\"run/reader/in/more/1\"],"
	    "\"parts\":{\"a\":\"run/reader/in/parts/a\"}}\n"
	    "more/0 -> ../../../inputs/more/0\n"
	    "more/1 -> ../../../inputs/more/1\n"
	    "parts/a -> ../../../inputs/parts/a\n"
	    "source -> ../../inputs/source\n" },
	{ TRAIN, "splitter", "data.csv -> ../../reader/out/data.csv\n"
	    "inputs.json = {\"data\":\"run/splitter/in/data.csv\","
	    "\"share\":0.5,\"shuffle\":true}\n"
	    "share = 0.5\nshuffle = true\n" },
	{ TRAIN, "trainer", "hyperparameters = {\"C\":0.25,\"n\":7}\n"
	    "inputs.json = {\"train\":\"run/trainer/in/train\","
	    "\"hyperparameters\":{\"C\":0.25,\"n\":7}}\n"
	    "train -> ../../splitter/out/train\n" },
	{ TRAIN, "evaluator-test", "data -> ../../splitter/out/test\n"
	    "inputs.json = {\"model_object\":"
	    "\"run/evaluator-test/in/model_object\","
	    "\"data\":\"run/evaluator-test/in/data\"}\n"
	    "model_object -> ../../trainer/out/model_object\n" },
	{ PREDICT_FROM_FEATURES, "predictor",
	    "features.csv -> ../../inputs/features.csv\n"
	    "inputs.json = {\"model_object\":"
	    "\"run/predictor/in/model_object\","
	    "\"features\":\"run/predictor/in/features.csv\","
	    "\"mode\":\"w\"}\n"
	    "mode = w\nmodel_object -> ../../inputs/model_object\n" },
};

static const char train_inputs[] =
"{\"source\":\"orig/source\",\"more\":[\"orig/m1\",\"orig/link\"],"
"\"parts\":{\"a\":\"orig/d\"},\"splitter_kwargs\":{\"share\":0.5},"
"\"hyperparameters\":{\"C\":0.25}}";

static const char features_inputs[] =
"{\"model_object\":\"orig/d\",\"features\":\"orig/source\","
"\"loader_kwargs\":{\"mode\":\"w\"}}";

static void
make_originals(void)
{
	tree_remove("orig");
	put("orig/source", "rows\n");
	put("orig/m1", "one");
	put("orig/m2", "two");
	put("orig/d/deep/file", "in it");
	link_to("m2", "orig/link");
}

static void
test_bind(struct planned *p)
{
	struct node_value value[8];
	const struct workflow *workflow;
	const struct node *node;
	struct inputs inputs;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bound); i++) {
		workflow = plan_workflow(&p->plan, bound[i].workflow);
		planned_inputs(p, workflow, bound[i].workflow == TRAIN ?
		    train_inputs : features_inputs, &inputs);
		node = workflow_node(workflow, bound[i].node);
		values_bind(&p->arena, workflow, node, &inputs, "run", value);
		is_int(values_write(&p->arena, "run", bound[i].node, value,
		    node->n_bindings), EXIT_DONE, bound[i].node);
		is_tree(arena_printf(&p->arena, "run/%s/in", bound[i].node),
		    bound[i].want, "... has what is bound to it");
	}
}

#define KEPT \
	"more/0 = one\nmore/1 = two\nparts/a/deep/file = in it\n" \
	"source = rows\n\n"

static bool
same_file(const char *a, const char *b)
{
	struct stat s, t;

	return stat(a, &s) == 0 && stat(b, &t) == 0 && s.st_dev == t.st_dev &&
	    s.st_ino == t.st_ino;
}

static void
test_keep(struct planned *p)
{
	const struct workflow *train = plan_workflow(&p->plan, TRAIN);
	const struct node *reader = workflow_node(train, "reader");
	struct node_value value[8];
	struct inputs inputs;

	planned_inputs(p, train, train_inputs, &inputs);
	tree_remove("run");
	tree_mkdirs("run");
	is_int(values_keep_inputs(&p->arena, "run", &inputs, "source"),
	    EXIT_DONE, "a run keeps the files among its inputs");
	is_tree("run", "inputs/more/0 = one\ninputs/more/1 = two\n"
	    "inputs/parts/a/deep/file = in it\ninputs/source = rows\n\n",
	    "... with what they hold");
	ok(same_file("orig/source", "run/inputs/source"), "the linked one");
	ok(!same_file("orig/m1", "run/inputs/more/0"), "copies of others");

	values_bind(&p->arena, train, reader, &inputs, "run", value);
	values_write(&p->arena, "run", "reader", value, reader->n_bindings);
	if (rename("run", "moved") < 0 || tree_remove("orig") < 0)
		ok(false, "set-up: cannot move");
	ok(same_file("moved/reader/in/more/1", "moved/inputs/more/1") &&
	    same_file("moved/reader/in/parts/a/deep/file",
	    "moved/inputs/parts/a/deep/file") &&
	    same_file("moved/reader/in/source", "moved/inputs/source"),
	    "the links lead there when the run was moved");
	is_tree("moved/inputs", KEPT, "... and the originals are gone");
	make_originals();
}

static void
test_keep_nothing(struct planned *p)
{
	struct variable number = { .name = "rows",
	    .type = type_simple(TYPE_INTEGER) };
	struct inputs inputs = { NULL, 0 };
	struct literal seven = { .kind = TYPE_INTEGER, .integer = 7 };

	tree_mkdirs("bare");
	is_int(values_keep_inputs(&p->arena, "bare", &inputs, NULL),
	    EXIT_DONE, "no inputs");
	inputs_set(&p->arena, &inputs, &number, &seven);
	is_int(values_keep_inputs(&p->arena, "bare", &inputs, "rows"),
	    EXIT_DONE, "no files among them");
	ok(rmdir("bare") == 0, "nothing is made");
}

/* One that cannot be copied comes behind one that can. */
static void
test_keep_half(struct planned *p)
{
	static const struct {
		const char *fault, *said;
	} faults[] = {
		{ "orig/m1", "unionml: error: cannot copy 'orig/m1' into the "
		    "run's directory: No such file or directory\n" },
		{ "orig/d", "unionml: error: cannot copy 'orig/d' into the "
		    "run's directory: No such file or directory\n" },
	};
	const struct workflow *train = plan_workflow(&p->plan, TRAIN);
	struct inputs inputs;
	struct stat st;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		planned_inputs(p, train, train_inputs, &inputs);
		tree_remove("run");
		tree_mkdirs("run");
		tree_remove(faults[i].fault);
		is_int(values_keep_inputs(&p->arena, "run", &inputs, NULL),
		    EXIT_LOCAL, "one is gone");
		is_said(faults[i].said);
		ok(stat("run/inputs", &st) < 0 && errno == ENOENT,
		    "... nothing is kept, rather than half");
		make_originals();
	}
}

/* What `runs retry` starts with: the old run's inputs, where it kept them. */
static void
test_kept(struct planned *p)
{
	const struct workflow *train = plan_workflow(&p->plan, TRAIN);
	const struct variable *var;
	const struct literal *value, *kept;
	struct strbuf sb = STRBUF_INIT;
	struct inputs inputs, again;
	size_t i;

	planned_inputs(p, train, train_inputs, &inputs);
	memset(&again, 0, sizeof(again));
	for (i = 0; i < inputs.n; i++) {
		var = inputs.v[i].variable;
		value = inputs.v[i].value;
		ok(values_kept(&p->arena, "none", var, value) == value,
		    "%s: as it is where nothing was kept", var->name);
		kept = values_kept(&p->arena, "moved", var, value);
		inputs_set(&p->arena, &again, var, kept);
	}
	json_print(&sb, inputs_to_json(&p->arena, &again));
	is_str(sb.buf, "{\"hyperparameters\":{\"C\":0.25,\"n\":7},"
	    "\"splitter_kwargs\":{\"share\":0.5,\"shuffle\":true},"
	    "\"day\":\"2026-01-01T00:00:00Z\","
	    "\"source\":\"moved/inputs/source\","
	    "\"more\":[\"moved/inputs/more/0\",\"moved/inputs/more/1\"],"
	    "\"parts\":{\"a\":\"moved/inputs/parts/a\"}}",
	    "files are led to where they were kept");
	strbuf_reset(&sb);
	json_print(&sb, inputs_to_json(&p->arena, &inputs));
	ok(strstr(sb.buf, "\"more\":[\"orig/m1\",\"orig/link\"]") != NULL,
	    "and those given are what they were");
	strbuf_release(&sb);
	is_int(values_keep_inputs(&p->arena, "other", &again, NULL),
	    EXIT_DONE, "from there another run keeps them");
	is_tree("other/inputs", KEPT, "... with what they hold");
}

int
main(void)
{
	char dir[] = "/tmp/unionml-values-XXXXXX";
	struct planned p;

	planned_dir(dir);
	make_originals();
	planned_begin(&p, app_text);
	test_names();
	test_forms();
	test_faults();
	test_bind(&p);
	test_keep(&p);
	test_keep_nothing(&p);
	test_keep_half(&p);
	test_kept(&p);
	planned_end(&p);
	return planned_done(dir);
}
