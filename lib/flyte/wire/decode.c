/* Executions and their nodes as runs. */
#include "lib/base/compat.h"

#include "lib/base/xalloc.h"
#include "lib/flyte/wire/apijson.h"
#include "lib/flyte/wire/decode.h"
#include "lib/flyte/wire/decodeerror.h"
#include "lib/flyte/wire/fnames.h"
#include "lib/model/app.h"
#include "lib/text/jsonio.h"

/* Of all three messages; a name means the same in each that has it. */
static const struct {
	const char *phase;
	enum run_status status;
} phases[] = {
	{ "UNDEFINED", RUN_PENDING },
	{ "QUEUED", RUN_PENDING },
	{ "INITIALIZING", RUN_PENDING },
	{ "WAITING_FOR_RESOURCES", RUN_PENDING },
	{ "RUNNING", RUN_RUNNING },
	{ "DYNAMIC_RUNNING", RUN_RUNNING },
	{ "RETRYABLE_FAILED", RUN_RUNNING },
	{ "SUCCEEDING", RUN_RUNNING },
	{ "FAILING", RUN_RUNNING },
	{ "ABORTING", RUN_RUNNING },
	{ "SUCCEEDED", RUN_SUCCEEDED },
	{ "RECOVERED", RUN_SUCCEEDED },
	{ "SKIPPED", RUN_SUCCEEDED },
	{ "FAILED", RUN_FAILED },
	{ "TIMED_OUT", RUN_FAILED },
	{ "ABORTED", RUN_ABORTED },
};

enum run_status
decode_phase(const char *phase)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(phases); i++)
		if (strcmp(phase, phases[i].phase) == 0)
			return phases[i].status;
	return RUN_PENDING;
}

const char *
decode_phases(enum run_status status)
{
	static const char *const filters[RUN_STATUSES] = {
		[RUN_PENDING] = "UNDEFINED;QUEUED",
		[RUN_RUNNING] = "RUNNING;SUCCEEDING;FAILING;ABORTING",
		[RUN_SUCCEEDED] = "SUCCEEDED",
		[RUN_FAILED] = "FAILED;TIMED_OUT",
		[RUN_ABORTED] = "ABORTED",
	};

	return filters[status];
}

/* A copy, or NULL for what is empty or not there. */
static char *
copy(const char *text)
{
	return *text != '\0' ? xstrdup(text) : NULL;
}

/* What is behind `APP.`, or all of it. */
static const char *
without_app(const char *name, const char *app)
{
	size_t len = strlen(app);

	return strncmp(name, app, len) == 0 && name[len] == '.' &&
	    name[len + 1] != '\0' ? name + len + 1 : name;
}

/* `duration` is text: `2.317066454s`. Negative if there is none. */
static int64_t
duration_ms(const struct json *closure)
{
	const char *text = api_text(closure, "duration");
	char *end;
	double s = strtod(text, &end);

	if (end == text || *end != 's' || !(s >= 0 && s < 1e12))
		return -1;
	return (int64_t)(s * 1000 + 0.5);
}

/*
 * The end: Flyte tells how long it took; of what was stopped before it began
 * only when it was last touched.
 */
static void
decode_times(const struct json *closure, bool ended, int64_t *started_at,
    int64_t *ended_at)
{
	int64_t took = duration_ms(closure);

	*started_at = api_time(closure, "started_at");
	*ended_at = 0;
	if (!ended)
		return;
	if (*started_at != 0 && took >= 0)
		*ended_at = *started_at + took;
	else
		*ended_at = api_time(closure, "updated_at");
	if (*ended_at < *started_at)
		*ended_at = *started_at;
}

/* `WORD: reason` without the word if it names the node's component. */
static char *
node_reason(const char *node, const char *message)
{
	char *reason = decode_reason(message);
	const char *colon = reason != NULL ? strstr(reason, ": ") : NULL;
	size_t len;

	if (colon == NULL)
		return reason;
	len = (size_t)(colon - reason);
	if (strncmp(reason, node, len) == 0 &&
	    (node[len] == '\0' || node[len] == '-'))
		memmove(reason, colon + 2, strlen(colon + 2) + 1);
	return reason;
}

/*
 * The run that made the model: as the client wrote it down, which for those of
 * the scheduler nobody did.
 */
static char *
find_model(const struct json *spec)
{
	return copy(api_text(api_dig(spec, "annotations", "values", NULL),
	    "unionml/model-run"));
}

static char *
run_error(const struct json *closure, enum run_status status)
{
	const char *message = api_text(json_find(closure, "error"),
	    "message");

	if (status == RUN_ABORTED)
		message = api_text(json_find(closure, "abort_metadata"),
		    "cause");
	return decode_reason(message);
}

static void
decode_schedule(struct run *run, const struct json *spec, const char *app)
{
	const struct json *metadata = json_find(spec, "metadata");
	const struct json *plan = json_find(spec, "launch_plan");
	const char *name = without_app(api_text(plan, "name"), app);
	int64_t slot = api_time(metadata, "scheduled_at");

	run->has_kickoff = slot != 0;
	run->kickoff = slot / 1000;
	/* A workflow's default launch plan has its name; a task has none. */
	if (strcmp(name, run->workflow) != 0 &&
	    strcmp(api_text(plan, "resource_type"), "TASK") != 0)
		run->schedule = copy(name);
	run->retry_of = copy(api_text(json_find(metadata,
	    "reference_execution"), "name"));
}

void
decode_run(struct run *run, const struct json *execution, const char *app)
{
	const struct json *closure = json_find(execution, "closure");
	const struct json *spec = json_find(execution, "spec");
	const struct json *workflow = json_find(closure, "workflow_id");
	const char *version;

	memset(run, 0, sizeof(*run));
	run->id = xstrdup(api_text(json_find(execution, "id"), "name"));
	run->workflow = xstrdup(without_app(api_text(workflow, "name"), app));
	run->status = decode_phase(api_text(closure, "phase"));
	run->created_at = api_time(closure, "created_at");
	decode_times(closure, run_ended(run->status), &run->started_at,
	    &run->ended_at);
	version = api_text(workflow, "version");
	if (*version != '\0')
		run->app_version = xstrndup(version,
		    fnames_app_version_len(version));
	run->model = find_model(spec);
	run->error = run_error(closure, run->status);
	decode_schedule(run, spec, app);
}

bool
decode_node(struct node_run *node, const struct json *execution,
    const char *source)
{
	const struct json *closure = json_find(execution, "closure");
	const char *name = api_text(json_find(execution, "id"), "node_id");

	if (*name == '\0' || strcmp(name, "start-node") == 0 ||
	    strcmp(name, "end-node") == 0)
		return false;
	memset(node, 0, sizeof(*node));
	node->name = xstrdup(name);
	node->status = decode_phase(api_text(closure, "phase"));
	decode_times(closure, run_ended(node->status), &node->started_at,
	    &node->ended_at);
	node->error = node_reason(name, api_text(json_find(closure, "error"),
	    "message"));
	if (source != NULL &&
	    strcmp(api_text(closure, "phase"), "RECOVERED") == 0)
		node->taken_from = xstrdup(source);
	return true;
}

void
decode_node_error(struct node_run *node, const struct json *execution)
{
	free(node->error);
	node->error = node_reason(node->name, api_text(json_find(json_find(
	    execution, "closure"), "error"), "message"));
}

static void
add_link(struct node_run *node, const struct json *log)
{
	const char *uri = api_text(log, "uri");
	struct run_link *link;

	if (*uri == '\0')
		return;
	node->link = xreallocarray(node->link, node->n_links + 1,
	    sizeof(*node->link));
	link = &node->link[node->n_links++];
	link->name = xstrdup(api_text(log, "name"));
	link->uri = xstrdup(uri);
}

void
decode_attempt(struct node_run *node, const struct json *execution)
{
	const struct json *closure = json_find(execution, "closure");
	const struct json *logs = json_find(closure, "logs");
	const char *message = api_text(json_find(closure, "error"),
	    "message");
	size_t i;

	node->attempts++;
	if (api_int(json_find(execution, "id"), "retry_attempt") == 0 &&
	    node->first_error == NULL)
		node->first_error = node_reason(node->name, message);
	for (i = 0; logs != NULL && logs->kind == JSON_LIST && i < logs->n;
	    i++)
		add_link(node, logs->item[i]);
}

/* Nodes that no plan of ours has come last. */
static size_t
rank(const char *name)
{
	static const char *const order[] = { "reader", "splitter", "parser",
		"parser-train", "parser-test", "trainer", "evaluator-train",
		"evaluator-test", "predictor" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(order); i++)
		if (strcmp(name, order[i]) == 0)
			break;
	return i;
}

int
decode_compare_nodes(const void *pa, const void *pb)
{
	const struct node_run *a = pa, *b = pb;
	size_t ra = rank(a->name), rb = rank(b->name);

	if (ra != rb)
		return ra < rb ? -1 : 1;
	if (a->started_at != b->started_at)
		return a->started_at < b->started_at ? -1 : 1;
	return strcmp(a->name, b->name);
}
