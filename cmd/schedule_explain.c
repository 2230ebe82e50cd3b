/* unionml schedule explain: an expression in words and in other dialects. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/schedules.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/schedule/slot.h"
#include "lib/schedule/words.h"
#include "lib/schedule/zone.h"

enum { TIMES = 3 };

static const struct {
	const char *name, *shown;
} dialects[] = {
	[DIALECT_UNIX] = { "unix", "cron, five fields" },
	[DIALECT_DESCRIPTOR] = { "descriptor", "cron, a descriptor" },
	[DIALECT_EVERY] = { "every", "a fixed rate" },
	[DIALECT_AWS] = { "aws", "AWS cron" },
};

/* Texts are empty where there is no such thing. */
struct explanation {
	const char *text;
	struct expression expression;
	bool has_cron;			/* the same as one */
	struct cron cron;
	struct strbuf means, unix_fields, aws;
	int64_t next[TIMES];
	int n;
};

static bool
ends_in(const struct strbuf *sb, const char *end)
{
	size_t len = strlen(end);

	return sb->len > len && strcmp(sb->buf + sb->len - len, end) == 0;
}

/* `6h`, where Go says 6h0m0s. */
static void
explain_rate(struct explanation *e)
{
	strbuf_addstr(&e->means, "every ");
	span_print(&e->means, e->expression.every);
	if (ends_in(&e->means, "m0s"))
		strbuf_setlen(&e->means, e->means.len - 2);
	if (ends_in(&e->means, "h0m"))
		strbuf_setlen(&e->means, e->means.len - 2);
	strbuf_addstr(&e->means, ", counted from the schedule's start or from "
	    "1970-01-01T00:00Z");
	e->has_cron = words_rate(&e->expression.every, &e->cron);
}

static enum status
explain(struct explanation *e)
{
	struct slots slots = { .expression = e->expression };
	const char *why;
	int64_t t = clock_now().sec;

	slots.zone = zone_find("UTC", &why);
	while (e->n < TIMES && slots_next(&slots, t, &t))
		e->next[e->n++] = t;
	if (e->n == 0)
		return error(EXIT_INPUT, "expression '%s' never fires: there "
		    "is no such date", e->text);
	if (e->expression.dialect == DIALECT_EVERY) {
		explain_rate(e);
	} else {
		e->has_cron = true;
		e->cron = e->expression.cron;
		words_print(&e->means, &e->cron);
	}
	if (e->has_cron) {
		words_unix(&e->unix_fields, &e->cron);
		words_aws(&e->aws, &e->cron);
	}
	return EXIT_DONE;
}

static void
print_json(const struct explanation *e)
{
	struct strbuf out = STRBUF_INIT;
	struct json_writer w;
	int i;

	json_writer_init(&w, &out, true);
	json_begin_map(&w, NULL);
	json_put_text(&w, "dialect", dialects[e->expression.dialect].name);
	json_put_text(&w, "means", e->means.buf);
	json_put_text_or_null(&w, "unix",
	    e->unix_fields.len > 0 ? e->unix_fields.buf : NULL);
	json_put_text_or_null(&w, "aws", e->aws.len > 0 ? e->aws.buf : NULL);
	json_begin_list(&w, "next");
	for (i = 0; i < e->n; i++)
		output_json_slot(&w, NULL, e->next[i]);
	json_end_list(&w);
	json_end_map(&w);
	strbuf_addch(&out, '\n');
	output_write(&out);
	strbuf_release(&out);
}

static void
print_text(const struct explanation *e)
{
	enum dialect dialect = e->expression.dialect;
	struct strbuf out = STRBUF_INIT;
	int i;

	strbuf_addf(&out, "read as   %s\n", dialects[dialect].shown);
	strbuf_addf(&out, "means     %s\n", e->means.buf);
	strbuf_addf(&out, "unix      %s\n", e->unix_fields.len > 0 ?
	    e->unix_fields.buf : "five fields cannot say it");
	if (dialect != DIALECT_AWS)
		strbuf_addf(&out, "AWS       %s\n", e->aws.len > 0 ?
		    e->aws.buf : e->has_cron ? "cannot say it: days match by "
		    "either of two fields" : "cannot say it");
	for (i = 0; i < e->n; i++) {
		strbuf_addstr(&out, i == 0 ? "next      " : ", ");
		output_weekday(&out, e->next[i]);
	}
	strbuf_addch(&out, '\n');
	output_write(&out);
	strbuf_release(&out);
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	struct explanation e = { .text = operands->v[0],
	    .means = STRBUF_INIT, .unix_fields = STRBUF_INIT,
	    .aws = STRBUF_INIT };
	enum status status;

	status = schedules_expression(e.text, &e.expression);
	if (status == EXIT_DONE)
		status = explain(&e);
	if (status == EXIT_DONE && context->globals.json)
		print_json(&e);
	else if (status == EXIT_DONE)
		print_text(&e);
	strbuf_release(&e.means);
	strbuf_release(&e.unix_fields);
	strbuf_release(&e.aws);
	return status;
}

const struct cmd cmd_schedule_explain = {
	.name = "explain",
	.synopsis = "EXPRESSION",
	.summary = "tell what an expression means, and in other dialects",
	.needs = CMD_NEEDS_NOTHING,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
