/* What the pictures of two apps look like, to the byte. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/plan/plan.h"
#include "t/unit/sample.h"
#include "t/unit/tap.h"

static void
draw(struct strbuf *sb, const struct app *app,
    void (*pen)(struct strbuf *, const struct plan *))
{
	struct plan plan;

	strbuf_reset(sb);
	plan_compile(&plan, app);
	pen(sb, &plan);
	plan_release(&plan);
}

static const char dot[] =
"digraph \"digits\" {\n"
"\trankdir=LR;\n"
"\tnode [shape=box];\n"
"\n"
"\tsubgraph \"cluster_train\" {\n"
"\t\tlabel=\"digits.train\";\n"
"\t\t\"train/inputs\" [label=\"inputs\", shape=plaintext];\n"
"\t\t\"train/reader\" [label=\"reader\"];\n"
"\t\t\"train/splitter\" [label=\"splitter\"];\n"
"\t\t\"train/trainer\" [label=\"trainer\"];\n"
"\t\t\"train/evaluator-train\" [label=\"evaluator-train\"];\n"
"\t\t\"train/evaluator-test\" [label=\"evaluator-test\"];\n"
"\t\t\"train/outputs\" [label=\"outputs\", shape=plaintext];\n"
"\t\t\"train/inputs\" -> \"train/reader\" [label=\"time\"];\n"
"\t\t\"train/reader\" -> \"train/splitter\" [label=\"data\"];\n"
"\t\t\"train/inputs\" -> \"train/splitter\" [label=\"splitter_kwargs\"];\n"
"\t\t\"train/splitter\" -> \"train/trainer\" [label=\"train\"];\n"
"\t\t\"train/inputs\" -> \"train/trainer\" "
"[label=\"hyperparameters, folds\"];\n"
"\t\t\"train/trainer\" -> \"train/evaluator-train\" "
"[label=\"model_object\"];\n"
"\t\t\"train/splitter\" -> \"train/evaluator-train\" [label=\"train\"];\n"
"\t\t\"train/inputs\" -> \"train/evaluator-train\" [label=\"beta\"];\n"
"\t\t\"train/trainer\" -> \"train/evaluator-test\" "
"[label=\"model_object\"];\n"
"\t\t\"train/splitter\" -> \"train/evaluator-test\" [label=\"test\"];\n"
"\t\t\"train/inputs\" -> \"train/evaluator-test\" [label=\"beta\"];\n"
"\t\t\"train/trainer\" -> \"train/outputs\" [label=\"model_object\"];\n"
"\t\t\"train/inputs\" -> \"train/outputs\" [label=\"hyperparameters\"];\n"
"\t\t\"train/evaluator-train\" -> \"train/outputs\" "
"[label=\"metrics.train\"];\n"
"\t\t\"train/evaluator-test\" -> \"train/outputs\" "
"[label=\"metrics.test\"];\n"
"\t}\n"
"}\n";

static const char mermaid[] =
"flowchart LR\n"
"  subgraph predict_workflow [\"digits.predict\"]\n"
"    predict_inputs([\"inputs\"])\n"
"    predict_reader[\"reader\"]\n"
"    predict_predictor[\"predictor\"]\n"
"    predict_outputs([\"outputs\"])\n"
"    predict_inputs -->|\"time\"| predict_reader\n"
"    predict_inputs -->|\"model_object, loader_kwargs\"| predict_predictor\n"
"    predict_reader -->|\"data\"| predict_predictor\n"
"    predict_predictor -->|\"predictions\"| predict_outputs\n"
"  end\n"
"  subgraph predict_from_features_workflow "
"[\"digits.predict_from_features\"]\n"
"    predict_from_features_inputs([\"inputs\"])\n"
"    predict_from_features_predictor[\"predictor\"]\n"
"    predict_from_features_outputs([\"outputs\"])\n"
"    predict_from_features_inputs "
"-->|\"model_object, features, loader_kwargs\"| "
"predict_from_features_predictor\n"
"    predict_from_features_predictor -->|\"predictions\"| "
"predict_from_features_outputs\n"
"  end\n";

static const char mermaid_train[] =
"flowchart LR\n"
"  subgraph train_workflow [\"digits.train\"]\n"
"    train_reader[\"reader\"]\n"
"    train_trainer[\"trainer\"]\n"
"    train_evaluator_train[\"evaluator-train\"]\n"
"    train_outputs([\"outputs\"])\n"
"    train_reader -->|\"data\"| train_trainer\n"
"    train_trainer -->|\"model_object\"| train_evaluator_train\n"
"    train_reader -->|\"data\"| train_evaluator_train\n"
"    train_trainer -->|\"model_object\"| train_outputs\n"
"    train_evaluator_train -->|\"metrics.train\"| train_outputs\n"
"  end\n";

static void
test_pictures(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct app app;
	int i;

	sample_app(&app, "rste");
	draw(&sb, &app, plan_draw_dot);
	is_str(sb.buf, dot, "dot");
	app_release(&app);

	sample_app(&app, "rx");
	draw(&sb, &app, plan_draw_mermaid);
	is_str(sb.buf, mermaid, "mermaid");
	app_release(&app);

	sample_app(&app, "rte");
	app.hyperparameters.n = 0;
	for (i = 0; i < COMPONENT_KINDS; i++)
		app.component[i].inputs.n = 0;
	draw(&sb, &app, plan_draw_mermaid);
	is_str(sb.buf, mermaid_train, "nothing goes in");
	app_release(&app);

	sample_app(&app, "");
	draw(&sb, &app, plan_draw_dot);
	is_str(sb.buf, "digraph \"digits\" {\n\trankdir=LR;\n"
	    "\tnode [shape=box];\n}\n", "dot of nothing");
	draw(&sb, &app, plan_draw_mermaid);
	is_str(sb.buf, "flowchart LR\n", "mermaid of nothing");
	app_release(&app);
	strbuf_release(&sb);
}

/* Names of an app are tame; the drawings do not rely on it. */
static void
test_escapes(void)
{
	struct strbuf sb = STRBUF_INIT;
	struct app app;

	sample_app(&app, "x");
	app.name = "a\"b\\c\n#<d>&`";
	app.component[PREDICTOR].inputs.n = 0;
	draw(&sb, &app, plan_draw_dot);
	ok(strstr(sb.buf, "digraph \"a\\\"b\\\\c #<d>&`\" {\n") != NULL,
	    "the graph's name in dot");
	ok(strstr(sb.buf, "label=\"a\\\"b\\\\c #<d>&`"
	    ".predict_from_features\";\n") != NULL, "a label in dot");
	draw(&sb, &app, plan_draw_mermaid);
	ok(strstr(sb.buf, "[\"a#34;b\\c #35;#60;d#62;#38;#96;"
	    ".predict_from_features\"]\n") != NULL, "a label in mermaid");
	app_release(&app);
	strbuf_release(&sb);
}

int
main(void)
{
	test_pictures();
	test_escapes();
	return tap_done();
}
