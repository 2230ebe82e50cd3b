/* unionml compile: prints the plan, draws it, or says it as a target wants. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/compile_flyte.h"
#include "cmd/output.h"
#include "lib/base/strbuf.h"
#include "lib/package/version.h"

static struct {
	const char *graph, *target_type, *version;
} o;
static const char *const graphs[] = { "dot", "mermaid", NULL };
static const char *const target_types[] = { "local", "flyte", NULL };

static const struct opt compile_options[] = {
	{ OPT_CHOICE, 0, "for", &o.target_type, "local|flyte",
	    "for local the plan, for flyte what deploy sends", NULL,
	    target_types },
	{ OPT_STRING, 'v', "app-version", &o.version, "VERSION",
	    "with --for flyte: what to call it (default: as deploy would)",
	    NULL, NULL },
	{ OPT_CHOICE, 0, "graph", &o.graph, "dot|mermaid",
	    "draw the workflows for Graphviz or Mermaid instead", NULL,
	    graphs },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

static bool
for_flyte(void)
{
	return o.target_type != NULL && strcmp(o.target_type, "flyte") == 0;
}

static enum status
check_usage(void)
{
	const char *fault = o.version != NULL ? version_fault(o.version) :
	    NULL;

	if (fault != NULL)
		return error(EXIT_USAGE, "version '%s': %s", o.version, fault);
	if (o.graph != NULL && o.target_type != NULL)
		return error(EXIT_USAGE, "--graph and --for are two different "
		    "outputs");
	if (o.version != NULL && !for_flyte())
		return error(EXIT_USAGE, "--app-version goes with --for "
		    "flyte");
	return EXIT_DONE;
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	struct strbuf out = STRBUF_INIT;
	enum status status = check_usage();

	(void)operands;
	if (status != EXIT_DONE)
		return status;
	context->has_plan = true;
	status = plan_compile(&context->plan, &context->app);
	if (status != EXIT_DONE)
		return status;
	if (for_flyte())
		status = compile_flyte(context, o.version, &out);
	else if (o.graph == NULL)
		plan_print_json(&out, &context->plan);
	else if (strcmp(o.graph, "dot") == 0)
		plan_draw_dot(&out, &context->plan);
	else
		plan_draw_mermaid(&out, &context->plan);
	if (status == EXIT_DONE)
		output_write(&out);
	strbuf_release(&out);
	return status;
}

const struct cmd cmd_compile = {
	.name = "compile",
	.synopsis = "[--graph dot|mermaid | --for local|flyte [-v VERSION]]",
	.summary = "print the plan that the app file compiles to, as JSON",
	.needs = CMD_NEEDS_APP,
	.options = compile_options,
	.run = run,
};
