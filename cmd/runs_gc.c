/* unionml runs gc: frees the space of old runs. */
#include "lib/base/compat.h"

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/times.h"
#include "lib/base/strbuf.h"

static struct {
	long keep;
	const char *older_than;
	bool dry_run;
} o = { .keep = -1 };

static const struct opt gc_options[] = {
	{ OPT_COUNT, 0, "keep", &o.keep, "N",
	    "keep the N newest runs, remove the others", NULL, NULL },
	{ OPT_STRING, 0, "older-than", &o.older_than, "D|T",
	    "remove runs that ended longer ago, or before a time: 30d", NULL,
	    NULL },
	{ OPT_FLAG, 'n', "dry-run", &o.dry_run, NULL,
	    "say what would be removed, and remove nothing", NULL, NULL },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, NULL, NULL },
};

struct report {
	struct strbuf out;
	struct json_writer json;
	bool as_json;
	size_t removed;
	int64_t bytes;
};

static void
each(void *arg, const struct run *run, int64_t bytes, const char *kept)
{
	struct report *r = arg;

	if (kept == NULL) {
		r->removed++;
		r->bytes += bytes;
	}
	if (r->as_json) {
		json_begin_map(&r->json, NULL);
		json_put_text(&r->json, "id", run->id);
		json_put_bool(&r->json, "removed", kept == NULL);
		json_put_int(&r->json, "bytes", bytes);
		json_put_text_or_null(&r->json, "kept", kept);
		json_end_map(&r->json);
		return;
	}
	strbuf_addf(&r->out, "%s  %-21s  ", run->id, run->workflow);
	if (kept == NULL)
		output_size(&r->out, bytes);
	else
		strbuf_addf(&r->out, "kept: %s", kept);
	strbuf_addch(&r->out, '\n');
}

static enum status
run(struct context *context, const struct strvec *operands)
{
	struct gc_request request = { .keep = o.keep, .dry_run = o.dry_run,
	    .each = each };
	struct report report = { .as_json = context->globals.json };
	struct strbuf total = STRBUF_INIT;
	enum status status;

	(void)operands;
	if ((o.keep >= 0) == (o.older_than != NULL))
		return error(EXIT_USAGE, "runs gc wants --keep N or "
		    "--older-than D, and one of them only");
	if (o.older_than != NULL &&
	    (status = parse_since("--older-than", o.older_than,
	    &request.older_than_ms)) != EXIT_DONE)
		return status;
	strbuf_init(&report.out);
	request.arg = &report;
	json_writer_init(&report.json, &report.out, true);
	if (report.as_json)
		json_begin_list(&report.json, NULL);
	status = context->target->ops->gc(context->target, &request);
	if (report.as_json) {
		json_end_list(&report.json);
		strbuf_addch(&report.out, '\n');
	}
	if (status == EXIT_DONE) {
		output_write(&report.out);
		output_size(&total, report.bytes);
		note("%zu run%s, %s%s", report.removed,
		    report.removed == 1 ? "" : "s", total.buf,
		    o.dry_run ? ": nothing was removed (--dry-run)" :
		    " freed");
	}
	strbuf_release(&total);
	strbuf_release(&report.out);
	return status;
}

const struct cmd cmd_runs_gc = {
	.name = "gc",
	.synopsis = "--keep N | --older-than D|T [--dry-run]",
	.summary = "remove old runs, but not the newest model and what is in "
	    "use",
	.needs = CMD_NEEDS_WRITE,
	.options = gc_options,
	.run = run,
};
