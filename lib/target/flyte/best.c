/*
 * The best training run. Flyte cannot compare outputs, so those of each run
 * are fetched, many at a time.
 */
#include "lib/base/compat.h"

#include <math.h>

#include "lib/base/arena.h"
#include "lib/base/self.h"
#include "lib/base/strvec.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/decodeliteral.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/best.h"
#include "lib/target/flyte/ops.h"
#include "lib/text/jsonio.h"

static const char cannot_compare[] = "cannot compare the runs";

struct contest {
	struct flyte *flyte;
	const char *metric;
	struct strvec ids;		/* the newest first */
	size_t best;			/* of `ids` */
	double value;			/* NaN: none yet */
	enum status status;
};

struct entry {
	struct contest *contest;
	size_t i;
};

static enum status
add_run(void *arg, const struct run *run)
{
	struct contest *c = arg;

	strvec_push(&c->ids, run->id);
	return EXIT_DONE;
}

static double
read_metric(const struct json *answer, const char *metric)
{
	struct arena arena = ARENA_INIT;
	const struct json *found;
	double value = (double)NAN;

	found = api_dig(decode_literals(&arena, api_dig(answer,
	    "full_outputs", "literals", NULL)), "metrics", "test", metric,
	    NULL);
	if (found != NULL && found->kind == JSON_DOUBLE)
		value = found->real;
	else if (found != NULL && found->kind == JSON_INT)
		value = (double)found->integer;
	arena_release(&arena);
	return value;
}

static void
compare(void *arg, const struct api_request *request,
    const struct api_answer *answer)
{
	const struct entry *entry = arg;
	struct contest *c = entry->contest;
	double value;

	if (c->status != EXIT_DONE)
		return;
	if (http_exit_status(&answer->res) != EXIT_DONE) {
		c->status = api_report(c->flyte, request, answer);
		return;
	}
	value = read_metric(answer->json, c->metric);
	if (isnan(value))
		return;
	/* Answers come in any order. */
	if (isnan(c->value) || value > c->value ||
	    (!(value < c->value) && entry->i < c->best)) {
		c->value = value;
		c->best = entry->i;
	}
}

static void
ask_all(struct contest *c)
{
	struct arena arena = ARENA_INIT;
	struct flyte *flyte = c->flyte;
	struct api_request request;
	struct entry *entry;
	size_t i;

	entry = arena_array(&arena, c->ids.n + 1, sizeof(*entry));
	for (i = 0; i < c->ids.n; i++) {
		entry[i].contest = c;
		entry[i].i = i;
		api_request_init(&request, api_path(&arena, "data",
		    "executions", flyte->project, flyte->domain,
		    c->ids.v[i], NULL), cannot_compare);
		api_add(flyte, &request, compare, &entry[i]);
	}
	api_run(flyte);
	arena_release(&arena);
}

enum status
best_run(struct flyte *flyte, const char *metric, char **id)
{
	struct run_filter filter = { .workflow = workflow_name(TRAIN),
	    .status = RUN_SUCCEEDED };
	struct contest c = { .flyte = flyte, .metric = metric,
	    .ids = STRVEC_INIT, .value = (double)NAN };
	enum status status;

	status = flyte_list(&flyte->target, &filter, add_run, &c);
	if (status == EXIT_DONE) {
		ask_all(&c);
		status = c.status;
	}
	if (status == EXIT_DONE && isnan(c.value))
		status = error(EXIT_CONFLICT, "no training run has a metric "
		    "'%s' of its test data: '%s fetch metrics' shows "
		    "those of the latest", metric, self_call());
	else if (status == EXIT_DONE)
		*id = xstrdup(c.ids.v[c.best]);
	strvec_release(&c.ids);
	return status;
}
