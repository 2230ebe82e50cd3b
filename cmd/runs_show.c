/* unionml runs show: one run, its nodes, inputs, outputs and error. */
#include "lib/base/compat.h"

#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/slot.h"

static void
put_document(struct json_writer *w, const char *name, const char *text)
{
	struct arena arena = ARENA_INIT;
	struct json *value = NULL;
	const char *why = "";

	if (text != NULL)
		value = json_parse(&arena, text, strlen(text), &why);
	if (value != NULL)
		json_put(w, name, value);
	else
		json_put_null(w, name);
	arena_release(&arena);
}

static void
put_links(struct json_writer *w, const struct node_run *node)
{
	size_t i;

	json_begin_list(w, "links");
	for (i = 0; i < node->n_links; i++) {
		json_begin_map(w, NULL);
		json_put_text(w, "name", node->link[i].name);
		json_put_text(w, "uri", node->link[i].uri);
		json_end_map(w);
	}
	json_end_list(w);
}

static void
put_node(struct json_writer *w, const struct node_run *node)
{
	json_begin_map(w, NULL);
	json_put_text(w, "name", node->name);
	json_put_text(w, "status", run_status_name(node->status));
	json_put_int(w, "attempts", node->attempts);
	output_json_time(w, "started_at", node->started_at);
	output_json_time(w, "ended_at", node->ended_at);
	json_put_int(w, "max_rss", node->max_rss);
	json_put_int(w, "cpu_ms", node->cpu_ms);
	json_put_text_or_null(w, "error", node->error);
	json_put_text_or_null(w, "first_error", node->first_error);
	json_put_text_or_null(w, "taken_from", node->taken_from);
	put_links(w, node);
	json_end_map(w);
}

static void
put_outputs(struct json_writer *w, const struct run_outputs *outputs)
{
	size_t i;

	json_begin_list(w, "outputs");
	for (i = 0; i < outputs->n; i++) {
		json_begin_map(w, NULL);
		json_put_text(w, "name", outputs->v[i].name);
		json_put_text_or_null(w, "path", outputs->v[i].path);
		if (outputs->v[i].bytes >= 0) {
			json_put_int(w, "bytes", outputs->v[i].bytes);
			json_put_text(w, "sha256", outputs->v[i].sha256);
		} else {
			json_put_null(w, "bytes");
			json_put_null(w, "sha256");
		}
		put_document(w, "value", outputs->v[i].value);
		json_end_map(w);
	}
	json_end_list(w);
}

static void
write_json(struct strbuf *out, const struct run_detail *detail,
    const struct run_outputs *outputs)
{
	int attempt = slot_run_attempt(detail->run.id);
	struct json_writer w;
	size_t i;

	json_writer_init(&w, out, true);
	json_begin_map(&w, NULL);
	run_write_json(&w, &detail->run);
	if (attempt >= 0)
		json_put_int(&w, "attempt", attempt);
	else
		json_put_null(&w, "attempt");
	json_put_text_or_null(&w, "error", detail->run.error);
	json_put_text_or_null(&w, "model", detail->run.model);
	json_put_text_or_null(&w, "console", detail->console);
	put_document(&w, "inputs", detail->run.inputs);
	put_document(&w, "metrics", outputs->metrics);
	put_outputs(&w, outputs);
	json_begin_list(&w, "nodes");
	for (i = 0; i < detail->n_nodes; i++)
		put_node(&w, &detail->node[i]);
	json_end_list(&w);
	json_end_map(&w);
	strbuf_addch(out, '\n');
}

static void
text_field(struct strbuf *out, const char *name, const char *value)
{
	if (value != NULL)
		strbuf_addf(out, "%-9s %s\n", name, value);
}

static void
text_inputs(struct strbuf *out, const char *inputs)
{
	struct arena arena = ARENA_INIT;
	struct json *all;
	const char *why = "";
	size_t i;

	all = json_parse(&arena, inputs, strlen(inputs), &why);
	for (i = 0; all != NULL && all->kind == JSON_MAP && i < all->n; i++) {
		strbuf_addf(out, "%-9s %s = ", i == 0 ? "inputs" : "",
		    all->member[i].name);
		json_print(out, all->member[i].value);
		strbuf_addch(out, '\n');
	}
	arena_release(&arena);
}

static void
text_node(struct strbuf *out, const struct node_run *node)
{
	struct strbuf took = STRBUF_INIT, size = STRBUF_INIT;
	size_t i;

	if (node->started_at != 0 && node->ended_at != 0)
		elapsed_print(&took, node->ended_at - node->started_at);
	if (node->max_rss > 0)
		output_size(&size, node->max_rss);
	strbuf_addf(out, "  %-16s %-11s %7s %9s", node->name,
	    run_status_name(node->status), took.len > 0 ? took.buf : "-",
	    size.len > 0 ? size.buf : "-");
	if (node->taken_from != NULL)
		strbuf_addf(out, "  from %s", node->taken_from);
	else if (node->attempts > 1)
		strbuf_addf(out, "  attempt %lld", (long long)node->attempts);
	if (node->error != NULL)
		strbuf_addf(out, "  %s", node->error);
	strbuf_addch(out, '\n');
	if (node->first_error != NULL)
		strbuf_addf(out, "    first attempt: %s\n",
		    node->first_error);
	for (i = 0; i < node->n_links; i++)
		strbuf_addf(out, "    %s: %s\n", node->link[i].name,
		    node->link[i].uri);
	strbuf_release(&took);
	strbuf_release(&size);
}

static void
text_outputs(struct strbuf *out, const struct run_outputs *outputs)
{
	size_t i;

	for (i = 0; i < outputs->n; i++) {
		const struct run_output *o = &outputs->v[i];

		strbuf_addf(out, "%s  %s", i == 0 ? "outputs\n" : "",
		    o->name);
		if (o->bytes >= 0) {
			strbuf_addstr(out, "  ");
			output_size(out, o->bytes);
			strbuf_addf(out, "  sha256 %s", o->sha256);
		}
		if (o->value != NULL)
			strbuf_addf(out, " = %s\n", o->value);
		else
			strbuf_addf(out, "\n    %s\n", o->path);
	}
}

static void
write_text(struct strbuf *out, const struct run_detail *detail,
    const struct run_outputs *outputs)
{
	const struct run *run = &detail->run;
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	text_field(out, "run", run->id);
	text_field(out, "workflow", run->workflow);
	text_field(out, "status", run_status_name(run->status));
	text_field(out, "error", run->error);
	output_time(&sb, run->started_at);
	text_field(out, "started", sb.buf);
	strbuf_reset(&sb);
	if (run->started_at != 0 && run->ended_at != 0) {
		elapsed_print(&sb, run->ended_at - run->started_at);
		text_field(out, "took", sb.buf);
	}
	text_field(out, "schedule", run->schedule);
	strbuf_reset(&sb);
	if (run->has_kickoff) {
		output_time(&sb, run->kickoff * 1000);
		text_field(out, "kickoff", sb.buf);
	}
	strbuf_reset(&sb);
	if (slot_run_attempt(run->id) >= 0) {
		strbuf_addf(&sb, "%d of its slot", slot_run_attempt(run->id));
		text_field(out, "attempt", sb.buf);
	}
	strbuf_release(&sb);
	text_field(out, "version", run->app_version);
	text_field(out, "retry of", run->retry_of);
	text_field(out, "model of", run->model);
	text_field(out, "console", detail->console);
	if (run->inputs != NULL)
		text_inputs(out, run->inputs);
	for (i = 0; i < detail->n_nodes; i++) {
		if (i == 0)
			strbuf_addstr(out, "nodes\n");
		text_node(out, &detail->node[i]);
	}
	text_outputs(out, outputs);
	if (outputs->metrics != NULL) {
		strbuf_addstr(out, "metrics\n");
		output_metrics(out, outputs->metrics);
	}
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	const struct target_ops *ops = context->target->ops;
	struct strbuf out = STRBUF_INIT;
	struct run_outputs outputs;
	struct run_detail detail;
	enum status status;
	char *id;

	status = ops->resolve(context->target, operands->v[0], &id);
	if (status != EXIT_DONE)
		return status;
	status = ops->show(context->target, id, &detail);
	if (status != EXIT_DONE)
		goto out;
	status = ops->outputs(context->target, id, &outputs);
	if (status == EXIT_DONE && context->globals.json) {
		write_json(&out, &detail, &outputs);
		output_write(&out);
	} else if (status == EXIT_DONE) {
		write_text(&out, &detail, &outputs);
		output_masked(out.buf, out.len);
	}
	run_outputs_release(&outputs);
	run_detail_release(&detail);
	strbuf_release(&out);
out:
	free(id);
	return status;
}

const struct cmd cmd_runs_show = {
	.name = "show",
	.synopsis = "RUN|latest",
	.summary = "show a run: its nodes, inputs, metrics and error",
	.needs = CMD_NEEDS_READ,
	.of_store = true,
	.min_operands = 1,
	.max_operands = 1,
	.complete = "run",
	.run = run,
};
