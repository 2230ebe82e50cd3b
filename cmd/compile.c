/* unionml compile: prints the plan, or draws it. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "lib/base/strbuf.h"

static const char *graph;
static const char *const graphs[] = { "dot", "mermaid", NULL };

static const struct opt compile_options[] = {
	{ OPT_CHOICE, 0, "graph", &graph, "dot|mermaid",
	    "draw the workflows for Graphviz or Mermaid instead", NULL,
	    graphs },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static enum status
run(struct context *context, const struct strvec *operands)
{
	struct strbuf out = STRBUF_INIT;
	enum status status;

	(void)operands;
	context->has_plan = true;
	status = plan_compile(&context->plan, &context->app);
	if (status != EXIT_DONE)
		return status;
	if (graph == NULL)
		plan_print_json(&out, &context->plan);
	else if (strcmp(graph, "dot") == 0)
		plan_draw_dot(&out, &context->plan);
	else
		plan_draw_mermaid(&out, &context->plan);
	output_write(&out);
	strbuf_release(&out);
	return EXIT_DONE;
}

const struct cmd cmd_compile = {
	.name = "compile",
	.synopsis = "[--graph dot|mermaid]",
	.summary = "print the plan that the app file compiles to, as JSON",
	.needs = CMD_NEEDS_APP,
	.options = compile_options,
	.run = run,
};
