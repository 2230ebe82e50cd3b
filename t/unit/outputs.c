/* What components make: judged, published whole, collected for the record. */
#include "lib/base/compat.h"

#include "lib/target/local/outputs.h"
#include "t/unit/planned.h"
#include "t/unit/tap.h"

static const char app_text[] =
"name: digits\n"
"dataset:\n"
"  reader: {format: csv, command: [run, \"{data}\"]}\n"
"  splitter: {directory: true, command: [run, \"{train}\", \"{test}\"]}\n"
"model:\n"
"  hyperparameters: {C: {type: float, default: 1}}\n"
"  trainer: {format: joblib, command: [run, \"{model_object}\"]}\n"
"  evaluator: {command: [run, \"{metrics}\"]}\n"
"  predictor: {format: z, directory: true, command: [run, \"{predictions}\"]}"
"\n";

/*
 * What a component does in `out.part`: `NAME=CONTENT`, `NAME/` is a directory,
 * `NAME>TARGET` a link, `NAME|` a FIFO, `-NAME` removes what is there.
 */
static void
act(const char *part, const char *deed)
{
	size_t len = strcspn(deed, "=/>|-");
	char *name = strndup(deed, len), *path = path_join(part, name);
	const char *rest = deed + len + 1;
	int ret = 0;

	switch (deed[len]) {
	case '=':
		ret = write_file(path, rest, strlen(rest));
		break;
	case '/':
		ret = mkdir(path, 0777);
		break;
	case '>':
		ret = symlink(rest, path);
		break;
	case '|':
		ret = mkfifo(path, 0666);
		break;
	default:
		free(path);
		path = path_join(part, rest);
		ret = tree_remove(path);
	}
	if (ret != 0)
		ok(false, "set-up: '%s': %s", deed, strerror(errno));
	free(name);
	free(path);
}

static const struct test {
	const char *node, *deeds[4];
	const char *fault;	/* "": none */
	const char *tree;	/* out.part behind that; NULL: no matter */
} tests[] = {
	{ "reader", { "data.csv=x" }, "", "data.csv = x\n" },
	{ "reader", { "data.csv=" }, "", "data.csv = \n" },
	{ "reader", { NULL }, "did not create its output 'data'", "/\n" },
	{ "reader", { "data=x" }, "", "data.csv = x\n" },
	{ "reader", { "data.txt=x" }, "", "data.csv = x\n" },
	{ "reader", { "data.tar.gz=x" }, "", "data.csv = x\n" },
	{ "reader", { "data.=x" }, "", "data.csv = x\n" },
	{ "reader", { "data.a=x", "data.b=y" },
	    "made 2 files for its output 'data'", "data.a = x\ndata.b = y\n" },
	{ "reader", { "data=x", "data.a=y", "data.b=z" },
	    "made 3 files for its output 'data'", NULL },
	{ "reader", { "data.csv=x", "data.a=y" }, "",
	    "data.a = y\ndata.csv = x\n" },
	{ "reader", { "database=x", "dat=x", ".data=x", "DATA.csv=x" },
	    "did not create its output 'data'", NULL },
	{ "reader", { "data.csv=x", "other=y", "more/" }, "",
	    "data.csv = x\nmore/\nother = y\n" },
	{ "reader", { "data.csv/" },
	    "its output 'data' is a directory, not a regular file", NULL },
	{ "reader", { "data.a/" },
	    "its output 'data' is a directory, not a regular file", NULL },
	{ "reader", { "data.csv>x", "x=x" },
	    "its output 'data' is a symbolic link, not a regular file", NULL },
	{ "reader", { "data>/etc/passwd" },
	    "its output 'data' is a symbolic link, not a regular file", NULL },
	{ "reader", { "data.csv>none" },
	    "its output 'data' is a symbolic link, not a regular file", NULL },
	{ "reader", { "data.csv|" },
	    "its output 'data' is a special file, not a regular file", NULL },
	{ "reader", { "-../out.part" }, "did not create its output 'data'",
	    NULL },
	{ "splitter", { NULL }, "", "test/\ntrain/\n" },
	{ "splitter", { "-train" }, "did not create its output 'train'",
	    NULL },
	{ "splitter", { "-train", "-test" },
	    "did not create its output 'train'", NULL },
	{ "splitter", { "-test" }, "did not create its output 'test'", NULL },
	{ "splitter", { "-test", "test=x" },
	    "its output 'test' is a file, not a directory", NULL },
	{ "splitter", { "-test", "test>train" },
	    "its output 'test' is a symbolic link, not a directory", NULL },
	{ "splitter", { "-train", "train.d/" }, "", "test/\ntrain/\n" },
	{ "splitter", { "train.csv=x" }, "",
	    "test/\ntrain/\ntrain.csv = x\n" },
	{ "evaluator-test", { "metrics={\"a\":1}" }, "",
	    "metrics = {\"a\":1}\n" },
	{ "evaluator-test", { "metrics.json={}" }, "", "metrics = {}\n" },
	{ "evaluator-test", { "metrics/" },
	    "its output 'metrics' is a directory, not a regular file", NULL },
	{ "evaluator-test", { "metrics|" },
	    "its output 'metrics' is a special file, not a regular file",
	    NULL },
	{ "evaluator-test", { NULL }, "did not create its output 'metrics'",
	    NULL },
};

/* A fault that ends in a blank is the beginning of one. */
static void
is_fault(struct planned *p, const struct node *node, const char *want,
    const char *name)
{
	struct strbuf fault = STRBUF_INIT;
	size_t len = strlen(want);

	is_int(outputs_check(&p->arena, "run", node, &fault), *want == '\0',
	    name);
	if (len > 0 && want[len - 1] == ' ' && fault.len > len)
		strbuf_setlen(&fault, len);
	is_str(fault.buf, want, "... and why");
	strbuf_release(&fault);
}

static const struct node *
train_node(struct planned *p, const char *id)
{
	return workflow_node(plan_workflow(&p->plan, TRAIN), id);
}

static void
test_check(struct planned *p)
{
	struct strbuf name = STRBUF_INIT;
	const struct node *node;
	const char *part;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		const struct test *t = &tests[i];

		node = train_node(p, t->node);
		part = outputs_part(&p->arena, "run", t->node);
		strbuf_reset(&name);
		strbuf_addf(&name, "%s:", t->node);
		is_int(outputs_prepare(&p->arena, "run", node), EXIT_DONE,
		    t->node);
		for (j = 0; j < ARRAY_SIZE(t->deeds) && t->deeds[j] != NULL;
		    j++) {
			act(part, t->deeds[j]);
			strbuf_addf(&name, " %s", t->deeds[j]);
		}
		is_fault(p, node, t->fault, name.buf);
		if (t->tree != NULL)
			is_tree(part, t->tree, "... what is there then");
	}
	strbuf_release(&name);
}

/* What follows is jansson's and another in each version. */
#define NOT_JSON(column) \
	"its output 'metrics' is not JSON: line 1 column " column ": "
#define NO_OBJECT "its output 'metrics': expected a JSON object, got "

static const struct {
	const char *text, *fault;
} metrics[] = {
	{ "{}", "" },
	{ "{\"accuracy\":0.5,\"n\":12,\"loss\":-1e-300}", "" },
	{ " {\n\t\"a b\": 1 }\r\n", "" },
	{ "", NOT_JSON("1") },
	{ "accuracy 0.5", NOT_JSON("8") },
	{ "{\"a\":1", NOT_JSON("6") },
	{ "{\"a\":1}{}", NOT_JSON("8") },
	{ "{\"a\":NaN}", NOT_JSON("8") },
	{ "{\"a\":1e999}", NOT_JSON("10") },
	{ "{\"a\":1,\"a\":2}", NOT_JSON("10") },
	{ "{\"a\":\"\xff\"}", NOT_JSON("6") },
	{ "[1]", NO_OBJECT "list" },
	{ "0.5", NO_OBJECT "float" },
	{ "null", NO_OBJECT "null" },
	{ "\"x\"", NO_OBJECT "string" },
	{ "{\"a\":1,\"b\":\"0.5\"}",
	    "its output 'metrics': 'b': expected a number, got string" },
	{ "{\"a\":null}",
	    "its output 'metrics': 'a': expected a number, got null" },
	{ "{\"a\":true}",
	    "its output 'metrics': 'a': expected a number, got boolean" },
	{ "{\"a\":[1]}",
	    "its output 'metrics': 'a': expected a number, got list" },
	{ "{\"a\":{}}",
	    "its output 'metrics': 'a': expected a number, got object" },
	{ "{\"\":1}", "" },
};

static void
write_metrics(struct planned *p, const struct node *node, const char *text)
{
	put(arena_printf(&p->arena, "%s/metrics", outputs_part(&p->arena,
	    "run", node->id)), text);
}

static void
test_metrics(struct planned *p)
{
	const struct node *node = train_node(p, "evaluator-train");
	struct strbuf name = STRBUF_INIT;
	char text[1026];
	size_t i;

	outputs_prepare(&p->arena, "run", node);
	for (i = 0; i < ARRAY_SIZE(metrics); i++) {
		write_metrics(p, node, metrics[i].text);
		strbuf_reset(&name);
		json_print_text(&name, metrics[i].text,
		    strlen(metrics[i].text));
		is_fault(p, node, metrics[i].fault, name.buf);
	}
	strbuf_release(&name);
	memset(text, ' ', sizeof(text));
	memcpy(text, "{\"a\":1}", 7);
	text[1024] = '\0';
	write_metrics(p, node, text);
	is_fault(p, node, "", "1024 bytes");
	text[1024] = ' ';
	text[1025] = '\0';
	write_metrics(p, node, text);
	is_fault(p, node, "its output 'metrics' has more than 1024 bytes",
	    "1025 bytes");
}

static void
test_prepare(struct planned *p)
{
	const struct node *node = train_node(p, "splitter");
	const struct workflow *predict;

	tree_remove("run/splitter");
	put("run/splitter/in/data.csv", "in");
	put("run/splitter/out.part/train/old", "x");
	put("run/splitter/out.part/deep/er/old", "x");
	is_int(outputs_prepare(&p->arena, "run", node), EXIT_DONE,
	    "of an attempt before");
	is_tree("run/splitter", "in/data.csv = in\nout.part/test/\n"
	    "out.part/train/\n", "... nothing stays in out.part");
	tree_remove("run/splitter/out.part");
	link_to("in", "run/splitter/out.part");
	is_int(outputs_prepare(&p->arena, "run", node), EXIT_DONE,
	    "a link in its place");
	is_tree("run/splitter", "in/data.csv = in\nout.part/test/\n"
	    "out.part/train/\n", "... is removed, not followed");
	predict = plan_workflow(&p->plan, PREDICT);
	outputs_prepare(&p->arena, "run", workflow_node(predict, "predictor"));
	is_tree("run/predictor", "out.part/predictions.z/\n",
	    "a directory has its format in its name");
	tree_remove("run/splitter");
	put("run/splitter", "");
	is_int(outputs_prepare(&p->arena, "run", node), EXIT_LOCAL,
	    "a file where the node's directory is to be");
	is_said("unionml: error: cannot make 'run/splitter/out.part': Not a "
	    "directory\n");
	unlink("run/splitter");
}

static void
test_publish(struct planned *p)
{
	const struct node *node = train_node(p, "reader");

	tree_remove("run/reader");
	put("run/reader/out.part/data.csv", "rows");
	put("run/reader/out.part/more/file", "x");
	is_int(outputs_publish(&p->arena, "run", node), EXIT_DONE,
	    "published");
	is_tree("run/reader", "out/data.csv = rows\nout/more/file = x\n",
	    "... all that was there");
	is_int(outputs_publish(&p->arena, "run", node), EXIT_LOCAL,
	    "nothing to publish");
	is_said("unionml: error: cannot sync 'run/reader/out.part': No such "
	    "file or directory\n");
	put("run/reader/out.part/data.csv", "again");
	is_int(outputs_publish(&p->arena, "run", node), EXIT_LOCAL,
	    "a second time");
	is_said("unionml: error: cannot rename 'run/reader/out.part' to "
	    "'run/reader/out': Directory not empty\n");
	is_tree("run/reader/out", "data.csv = rows\nmore/file = x\n",
	    "... what was published stays");
}

static enum status
is_collected(struct planned *p, enum workflow_kind kind,
    const char *document, const char *want)
{
	const struct workflow *workflow = plan_workflow(&p->plan, kind);
	struct strbuf sb = STRBUF_INIT;
	struct json *outputs = NULL;
	struct inputs inputs;
	enum status status;

	planned_inputs(p, workflow, document, &inputs);
	status = outputs_collect(&p->arena, "run", workflow, &inputs,
	    &outputs);
	if (status == EXIT_DONE) {
		json_print(&sb, outputs);
		is_str(sb.buf, want, workflow->name);
	}
	strbuf_release(&sb);
	return status;
}

static void
test_collect(struct planned *p)
{
	static const char train[] = "{\"hyperparameters\":{\"C\":0.25}}";

	put("run/evaluator-train/out/metrics", "{\"b\": 1, \"a\": 0.5}\n");
	put("run/evaluator-test/out/metrics", "{}");
	is_int(is_collected(p, TRAIN, train, "{\"model_object\":"
	    "\"trainer/out/model_object.joblib\","
	    "\"hyperparameters\":{\"C\":0.25},"
	    "\"metrics\":{\"train\":{\"b\":1,\"a\":0.5},\"test\":{}}}"),
	    EXIT_DONE, "... files by their path in the run, objects whole");
	put("model", "");
	is_int(is_collected(p, PREDICT, "{\"model_object\":\"model\"}",
	    "{\"predictions\":\"predictor/out/predictions.z\"}"), EXIT_DONE,
	    "... a directory");
	put("run/evaluator-test/out/metrics", "{");
	is_int(is_collected(p, TRAIN, train, NULL), EXIT_LOCAL,
	    "metrics that somebody damaged");
	ok(strncmp(said.buf, "unionml: error: "
	    "'run/evaluator-test/out/metrics' is not JSON any more: line 1 ",
	    72) == 0, "said: %s", said.buf);
	strbuf_reset(&said);
	tree_remove("run/evaluator-train/out");
	is_int(is_collected(p, TRAIN, train, NULL), EXIT_LOCAL,
	    "metrics that are gone");
	is_said("unionml: error: cannot read "
	    "'run/evaluator-train/out/metrics': No such file or directory\n");
}

int
main(void)
{
	char dir[] = "/tmp/unionml-outputs-XXXXXX";
	struct planned p;

	planned_dir(dir);
	planned_begin(&p, app_text);
	is_str(outputs_part(&p.arena, "run", "reader"), "run/reader/out.part",
	    "where an attempt writes");
	test_check(&p);
	test_metrics(&p);
	test_prepare(&p);
	test_publish(&p);
	test_collect(&p);
	planned_end(&p);
	return planned_done(dir);
}
