/* The best run: answers in any order, ties, and metrics that are none. */
#include "lib/base/compat.h"

#include "lib/target/flyte/best.h"
#include "t/unit/canned.h"
#include "t/unit/tap.h"

#define RUN(name, at) "{\"id\":{\"name\":\"" name "\"},\"spec\":{" \
	"\"launch_plan\":{\"name\":\"a.train\"}},\"closure\":{\"phase\":" \
	"\"SUCCEEDED\",\"created_at\":\"2026-01-0" at "T00:00:00Z\"," \
	"\"workflow_id\":{\"name\":\"a.train\",\"version\":\"v\"}}}"
#define METRICS(value) "{\"full_outputs\":{\"literals\":{\"metrics\":" \
	"{\"map\":{\"literals\":{\"test\":{\"scalar\":{\"generic\":" value \
	"}}}}}}}}"

static const struct canned runs[] = {
	{ "/api/v1/executions/p/d?", 200, "{\"executions\":[" RUN("r6", "6")
	    "," RUN("r5", "5") "," RUN("r4", "4") "," RUN("r3", "3") ","
	    RUN("r2", "2") "," RUN("r1", "1") "],\"token\":\"\"}", 0 },
	{ "/api/v1/data/executions/p/d/r1", 200,
	    METRICS("{\"good\":0.75,\"loss\":-1,\"same\":1}"), 0 },
	{ "/api/v1/data/executions/p/d/r2", 200,
	    METRICS("{\"good\":0.875,\"loss\":-2,\"same\":1}"), 0 },
	{ "/api/v1/data/executions/p/d/r3", 200,
	    METRICS("{\"good\":\"9\",\"loss\":null,\"same\":1}"), 0 },
	{ "/api/v1/data/executions/p/d/r4", 200, METRICS("[1,2]"), 0 },
	{ "/api/v1/data/executions/p/d/r5", 200,
	    "{\"full_outputs\":null}", 0 },
	{ "/api/v1/data/executions/p/d/r6", 200,
	    "{\"full_outputs\":{\"literals\":[]}}", 0 },
	{ NULL, 0, NULL, 0 },
};

static const struct canned refused[] = {
	{ "/api/v1/executions/p/d?", 200, "{\"executions\":[" RUN("r2", "2")
	    "," RUN("r1", "1") "],\"token\":\"\"}", 0 },
	{ "/api/v1/data/executions/p/d/r1", 200, METRICS("{\"good\":1}"), 0 },
	{ "/api/v1/data/executions/p/d/r2", 403,
	    "{\"code\":7,\"message\":\"not yours\"}", 0 },
	{ NULL, 0, NULL, 0 },
};

static void
is_best(const struct canned *rows, const char *metric, enum status status,
    const char *want)
{
	struct flyte flyte;
	char *id = NULL;

	canned_open(&flyte, rows);
	is_int(best_run(&flyte, metric, &id), status, metric);
	is_str(id != NULL ? id : "none", want, "the run");
	ok((canned_said.len > 0) == (status != EXIT_DONE),
	    "errors alone are told");
	free(id);
	canned_close(&flyte);
}

int
main(void)
{
	is_best(runs, "good", EXIT_DONE, "r2");
	is_best(runs, "loss", EXIT_DONE, "r1");
	is_best(runs, "same", EXIT_DONE, "r3");
	is_best(runs, "absent", EXIT_CONFLICT, "none");
	is_best(runs, "", EXIT_CONFLICT, "none");
	/* A run that nobody may look at could have been the best. */
	is_best(refused, "good", EXIT_DENIED, "none");
	strbuf_release(&canned_said);
	return tap_done();
}
