/* Following a run: what is told of its nodes, outages, limits, rubbish. */
#include "lib/base/compat.h"

#include "lib/base/clock.h"
#include "lib/target/flyte/wait.h"
#include "t/unit/canned.h"
#include "t/unit/tap.h"

#define EXECUTION "/api/v1/executions/p/d/r"
#define NODES "/api/v1/node_executions/p/d/r"
#define PHASE(phase) "{\"id\":{\"name\":\"r\"},\"closure\":{\"phase\":\"" \
	phase "\"}}"
#define NODE(name, phase) "{\"id\":{\"node_id\":\"" name "\"},\"closure\":" \
	"{\"phase\":\"" phase "\",\"started_at\":\"2026-01-01T00:00:00Z\"," \
	"\"duration\":\"1.500s\"}}"
#define LIST(nodes) "{\"node_executions\":[" nodes "],\"token\":\"\"}"

static void
on_node(void *arg, enum node_event event, const struct node_run *node,
    int64_t took_ms)
{
	static const char *const events[] = { [NODE_STARTED] = "started",
	    [NODE_RETRIED] = "retried", [NODE_ENDED] = "ended",
	    [NODE_TAKEN] = "taken" };

	strbuf_addf(arg, "%s %s %s %lld; ", node->name, events[event],
	    run_status_name(node->status), (long long)took_ms);
}

static const struct canned success[] = {
	{ EXECUTION, 200, PHASE("QUEUED"), 1 },
	{ EXECUTION, 200, PHASE("RUNNING"), 2 },
	{ EXECUTION, 200, PHASE("SUCCEEDED"), 0 },
	{ NODES, 200, LIST(NODE("start-node", "SUCCEEDED") ","
	    NODE("reader", "RUNNING")), 1 },
	{ NODES, 200, LIST(NODE("reader", "SUCCEEDED")), 0 },
	{ NULL, 0, NULL, 0 },
};

static const struct canned failure[] = {
	{ EXECUTION, 200, PHASE("FAILED"), 0 },
	{ NODES, 200, LIST(NODE("reader", "FAILED")), 0 },
	{ NULL, 0, NULL, 0 },
};

static const struct canned outage[] = {
	{ EXECUTION, 200, PHASE("RUNNING"), 1 },
	{ EXECUTION, 503, "upstream", 3 },
	{ EXECUTION, 200, "<html>", 1 },
	{ EXECUTION, 200, PHASE("SUCCEEDED"), 0 },
	{ NODES, 502, "upstream", 2 },
	{ NODES, 200, LIST(""), 0 },
	{ NULL, 0, NULL, 0 },
};

static const struct canned for_ever[] = {
	{ EXECUTION, 200, PHASE("RUNNING"), 0 },
	{ NODES, 200, LIST(NODE("reader", "RUNNING")), 0 },
	{ NULL, 0, NULL, 0 },
};

static const struct canned unknown[] = {
	{ EXECUTION, 200, PHASE("SOMETHING_NEW"), 1 },
	{ EXECUTION, 200, "{\"closure\":[]}", 1 },
	{ EXECUTION, 200, PHASE("ABORTED"), 0 },
	{ NODES, 200, "{\"node_executions\":{}}", 0 },
	{ NULL, 0, NULL, 0 },
};

static const struct canned absent[] = {
	{ NULL, 0, NULL, 0 },
};

static const struct canned denied[] = {
	{ EXECUTION, 403, "{\"code\":7,\"message\":\"not yours\"}", 0 },
	{ NULL, 0, NULL, 0 },
};

static const struct {
	const struct canned *rows;
	int64_t timeout_ms;
	enum status status;
	const char *nodes, *said;	/* said: part of it */
	const char *name;
} tests[] = {
	{ success, 0, EXIT_DONE, "reader started running 0; "
	    "reader ended succeeded 1500; ", "", "success" },
	{ failure, 0, EXIT_RUN, "reader ended failed 1500; ", "", "failure" },
	{ outage, 0, EXIT_DONE, "", "waiting for it", "an outage" },
	{ outage, 0, EXIT_DONE, "", "answers again", "its end" },
	{ for_ever, 300, EXIT_PENDING, "reader started running 0; ", "",
	    "the time is over" },
	{ unknown, 0, EXIT_RUN, "", "", "what nobody knows goes on" },
	{ absent, 0, EXIT_CONFLICT, "", "cannot follow the run", "absent" },
	{ denied, 0, EXIT_DENIED, "", "not yours", "denied" },
};

int
main(void)
{
	struct strbuf told = STRBUF_INIT;
	const struct observer observer = { .arg = &told, .node = on_node };
	struct flyte flyte;
	int64_t began;
	size_t i;
	int signum;

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		canned_open(&flyte, tests[i].rows);
		strbuf_reset(&told);
		began = clock_monotonic_ms();
		is_int(flyte_wait(&flyte, "r", &observer,
		    tests[i].timeout_ms, &signum), tests[i].status,
		    tests[i].name);
		ok(clock_monotonic_ms() - began < 20000, "in its time");
		is_int(signum, 0, "no signal");
		is_str(told.buf, tests[i].nodes, "its nodes");
		ok(strstr(canned_said.buf, tests[i].said) != NULL &&
		    (*tests[i].said != '\0' || canned_said.len == 0),
		    "what is said");
		canned_close(&flyte);
	}
	strbuf_release(&told);
	strbuf_release(&canned_said);
	return tap_done();
}
