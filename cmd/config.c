/* unionml config: how a target is reached, and whether it can be. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/table.h"
#include "lib/base/strbuf.h"
#include "lib/target/setup.h"
#include "lib/target/target.h"

static bool test;

static const struct opt config_options[] = {
	{ OPT_FLAG, 0, "test", &test, NULL,
	    "go the way to the target step by step, and log in", NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

struct output {
	bool json;
	struct table table;
	struct json_writer writer;
};

static void
put_setting(void *arg, const struct target_setting *setting)
{
	struct output *o = arg;

	if (o->json) {
		json_begin_map(&o->writer, NULL);
		json_put_text(&o->writer, "name", setting->name);
		json_put_text_or_null(&o->writer, "value", setting->value);
		json_put_text_or_null(&o->writer, "from", setting->from);
		json_end_map(&o->writer);
		return;
	}
	table_add(&o->table, setting->name);
	table_add(&o->table, setting->value != NULL ? setting->value : "-");
	table_add(&o->table, setting->from != NULL ? setting->from : "-");
}

/* At once, for a step may take its time. */
static void
put_check(void *arg, const struct target_check *check)
{
	bool coloured = output_coloured(1);
	enum colour colour = check->failed ? COLOUR_RED : COLOUR_GREEN;
	struct strbuf line = STRBUF_INIT;
	struct output *o = arg;

	if (o->json) {
		json_begin_map(&o->writer, NULL);
		json_put_text(&o->writer, "name", check->name);
		json_put_bool(&o->writer, "ok", !check->failed);
		json_put_text(&o->writer, "text", check->text);
		json_end_map(&o->writer);
		return;
	}
	strbuf_addf(&line, "%-8s  %s%-6s%s  ", check->name,
	    output_colour(coloured, colour), check->failed ? "FAILED" : "ok",
	    output_colour(coloured, COLOUR_NONE));
	output_write(&line);
	strbuf_reset(&line);
	strbuf_addf(&line, "%s\n", check->text);
	output_masked(line.buf, line.len);
	strbuf_release(&line);
}

static void
begin_json(struct output *o, struct strbuf *out, const char *name,
    const char *type)
{
	json_writer_init(&o->writer, out, true);
	json_begin_map(&o->writer, NULL);
	json_put_text(&o->writer, "target", name);
	json_put_text(&o->writer, "type", type);
	json_begin_list(&o->writer, test ? "checks" : "settings");
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	static const char *const head[] = { "SETTING", "VALUE", "FROM", NULL };
	const struct target_setup *setup;
	const struct app *app = &context->app;
	struct target_listener listener = { NULL, put_setting, put_check };
	const struct target_decl *decl;
	struct strbuf out = STRBUF_INIT;
	enum target_type type;
	enum status status;
	struct output o;

	(void)operands;
	status = target_find(app, context->globals.target, &decl, &type);
	if (status != EXIT_DONE)
		return status;
	setup = context_setup(type);
	memset(&o, 0, sizeof(o));
	o.json = context->globals.json;
	listener.arg = &o;
	if (o.json)
		begin_json(&o, &out, decl != NULL ? decl->name : "local",
		    type == TARGET_FLYTE ? "flyte" : "local");
	else if (!test)
		table_init(&o.table, head);
	status = test ? setup->test(app, decl, &listener) :
	    setup->describe(app, decl, &listener);
	if (o.json) {
		json_end_list(&o.writer);
		json_end_map(&o.writer);
		strbuf_addch(&out, '\n');
		output_write(&out);
	} else if (!test) {
		table_end(&o.table);
	}
	strbuf_release(&out);
	return status;
}

const struct cmd cmd_config = {
	.name = "config",
	.synopsis = "[--test]",
	.summary = "show how a target is reached, or try to reach it",
	.needs = CMD_NEEDS_APP,
	.options = config_options,
	.run = run,
};
