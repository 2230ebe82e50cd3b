/* All there is about one run: itself, its nodes, the attempts at those. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/decode.h"
#include "lib/flyte/wire/decodeerror.h"
#include "lib/flyte/wire/decodeliteral.h"
#include "lib/net/url.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/ops.h"
#include "lib/text/jsonio.h"

enum { ATTEMPTS_MAX = 200 };

static const char cannot_show[] = "cannot show the run";

/* The page of flyteconsole, which stands beside the gateway. */
static char *
console_url(const struct flyte *flyte, const char *id)
{
	const char *base = flyte->config.console;
	struct strbuf sb = STRBUF_INIT;

	strbuf_addstr(&sb, base != NULL ? base : flyte->origin);
	while (sb.len > 0 && sb.buf[sb.len - 1] == '/')
		strbuf_setlen(&sb, sb.len - 1);
	strbuf_addstr(&sb, "/console/projects");
	url_add_segment(&sb, flyte->project);
	strbuf_addstr(&sb, "/domains");
	url_add_segment(&sb, flyte->domain);
	strbuf_addstr(&sb, "/executions");
	url_add_segment(&sb, id);
	return strbuf_detach(&sb);
}

static enum status
get_run(struct flyte *flyte, const char *id, struct run *run)
{
	struct arena arena = ARENA_INIT;
	enum status status;
	struct json *json;

	status = api_find(flyte, &arena, api_object(&arena, flyte,
	    "executions", id, NULL), cannot_show, &json);
	if (status == EXIT_DONE && json == NULL)
		status = error(EXIT_CONFLICT, "no run '%s': '%s runs' lists "
		    "them", id, self_call());
	else if (status == EXIT_DONE)
		decode_run(run, json, flyte->app->name);
	arena_release(&arena);
	return status;
}

/*
 * The run whose trainer wrote the object, as Flyte names what a node writes:
 * `PREFIX/xy/RUN-NODE-ATTEMPT/VARIABLE`. NULL for any other.
 */
static char *
model_run(const char *uri)
{
	const char *node = strstr(uri, "-trainer-"), *from;

	if (node == NULL)
		return NULL;
	for (from = node; from > uri && from[-1] != '/'; from--)
		;
	return node > from ? xstrndup(from, (size_t)(node - from)) : NULL;
}

static enum status
get_inputs(struct flyte *flyte, const char *id, struct run *run)
{
	struct arena arena = ARENA_INIT;
	struct strbuf sb = STRBUF_INIT;
	const struct json *inputs;
	enum status status;
	struct json *json;

	status = api_find(flyte, &arena, api_path(&arena, "data",
	    "executions", flyte->project, flyte->domain, id, NULL),
	    cannot_show, &json);
	if (status == EXIT_DONE && json != NULL) {
		inputs = decode_literals(&arena, api_dig(json, "full_inputs",
		    "literals", NULL));
		json_print(&sb, inputs);
		run->inputs = strbuf_detach(&sb);
		if (run->model == NULL)
			run->model = model_run(api_text(inputs,
			    "model_object"));
	}
	arena_release(&arena);
	return status;
}

static enum status
add_node(void *arg, const struct json *item)
{
	struct run_detail *detail = arg;
	struct node_run node;

	if (!decode_node(&node, item, detail->run.retry_of))
		return EXIT_DONE;
	detail->node = xreallocarray(detail->node, detail->n_nodes + 1,
	    sizeof(*detail->node));
	detail->node[detail->n_nodes++] = node;
	return EXIT_DONE;
}

static enum status
get_nodes(struct flyte *flyte, const char *id, struct run_detail *detail)
{
	struct api_list list = { .member = "node_executions",
	    .sort_key = "created_at", .ascending = true,
	    .what = cannot_show };
	struct arena arena = ARENA_INIT;
	enum status status;

	list.path = api_path(&arena, "node_executions", flyte->project,
	    flyte->domain, id, NULL);
	status = api_list(flyte, &list, add_node, detail, NULL);
	if (detail->n_nodes > 1)
		qsort(detail->node, detail->n_nodes, sizeof(*detail->node),
		    decode_compare_nodes);
	arena_release(&arena);
	return status;
}

/* Of a node, in one batch: its attempts, and its error if it has one. */
struct asked {
	struct flyte *flyte;
	struct node_run *node;
	enum status *status;	/* the first that failed */
};

static void
add_attempts(void *arg, const struct api_request *request,
    const struct api_answer *answer)
{
	const struct asked *asked = arg;
	const struct json *items;
	size_t i;

	if (*asked->status != EXIT_DONE)
		return;
	if (http_exit_status(&answer->res) != EXIT_DONE) {
		*asked->status = api_report(asked->flyte, request, answer);
		return;
	}
	items = json_find(answer->json, "task_executions");
	for (i = 0; items != NULL && items->kind == JSON_LIST && i < items->n;
	    i++)
		decode_attempt(asked->node, items->item[i]);
}

/* One answer after the other has them in the order of the attempts. */
static const char *
attempts_path(struct arena *arena, const struct flyte *flyte, const char *id,
    const char *node)
{
	const char *path = api_path(arena, "task_executions", flyte->project,
	    flyte->domain, id, node, NULL);

	path = api_query(arena, path, "limit", arena_printf(arena, "%d",
	    ATTEMPTS_MAX));
	path = api_query(arena, path, "sort_by.key", "retry_attempt");
	return api_query(arena, path, "sort_by.direction", "ASCENDING");
}

static void
take_error(void *arg, const struct api_request *request,
    const struct api_answer *answer)
{
	const struct asked *asked = arg;

	if (*asked->status != EXIT_DONE)
		return;
	if (http_exit_status(&answer->res) == EXIT_DONE)
		decode_node_error(asked->node, answer->json);
	else
		*asked->status = api_report(asked->flyte, request, answer);
}

static void
ask_error(struct arena *arena, const char *id, struct asked *asked)
{
	struct flyte *flyte = asked->flyte;
	struct api_request request;

	api_request_init(&request, api_path(arena, "node_executions",
	    flyte->project, flyte->domain, id, asked->node->name, NULL),
	    cannot_show);
	api_add(flyte, &request, take_error, asked);
}

static enum status
get_attempts(struct flyte *flyte, const char *id, struct run_detail *detail)
{
	struct arena arena = ARENA_INIT;
	enum status status = EXIT_DONE;
	struct api_request request;
	struct asked *asked;
	size_t i;

	asked = arena_array(&arena, detail->n_nodes + 1, sizeof(*asked));
	for (i = 0; i < detail->n_nodes; i++) {
		asked[i].flyte = flyte;
		asked[i].node = &detail->node[i];
		asked[i].status = &status;
		api_request_init(&request, attempts_path(&arena, flyte, id,
		    detail->node[i].name), cannot_show);
		api_add(flyte, &request, add_attempts, &asked[i]);
		if (detail->node[i].error != NULL)
			ask_error(&arena, id, &asked[i]);
	}
	api_run(flyte);
	arena_release(&arena);
	return status;
}

/* The first attempt's reason stands for itself only if others followed. */
static void
settle_errors(struct run_detail *detail)
{
	struct node_run *node;
	size_t i;

	for (i = 0; i < detail->n_nodes; i++) {
		node = &detail->node[i];
		if (node->attempts > 1 && node->first_error != NULL &&
		    (node->error == NULL ||
		    strcmp(node->error, node->first_error) != 0))
			continue;
		free(node->first_error);
		node->first_error = NULL;
	}
}

enum status
flyte_show(struct target *target, const char *id, struct run_detail *detail)
{
	struct flyte *flyte = (struct flyte *)target;
	enum status status;

	memset(detail, 0, sizeof(*detail));
	status = get_run(flyte, id, &detail->run);
	if (status != EXIT_DONE)
		return status;
	detail->console = console_url(flyte, id);
	status = get_nodes(flyte, id, detail);
	if (status == EXIT_DONE)
		status = get_attempts(flyte, id, detail);
	if (status == EXIT_DONE)
		status = get_inputs(flyte, id, &detail->run);
	settle_errors(detail);
	if (status != EXIT_DONE)
		run_detail_release(detail);
	return status;
}

/* Adds what the attempt's container wrote last, as Flyte kept it. */
static enum status
add_words(void *arg, const struct json *item)
{
	struct strbuf *sb = arg;
	const struct json *closure = json_find(item, "closure");
	char *words;

	words = decode_last_words(api_text(json_find(closure, "error"),
	    "message"));
	strbuf_addf(sb, "unionml: attempt %lld%s\n", (long long)(1 +
	    api_int(json_find(item, "id"), "retry_attempt")),
	    words == NULL ? ": nothing kept" : "");
	if (words != NULL)
		strbuf_addf(sb, "%s\n", words);
	free(words);
	return EXIT_DONE;
}

static enum status
get_words(struct flyte *flyte, const char *id, const char *node,
    struct strbuf *sb)
{
	struct api_list list = { .member = "task_executions",
	    .sort_key = "retry_attempt", .ascending = true,
	    .what = "cannot fetch the log" };
	struct arena arena = ARENA_INIT;
	enum status status;

	list.path = api_path(&arena, "task_executions", flyte->project,
	    flyte->domain, id, node, NULL);
	status = api_list(flyte, &list, add_words, sb, NULL);
	arena_release(&arena);
	return status;
}

/*
 * The log itself is with Kubernetes, or where the cluster's links lead; Flyte
 * keeps the last lines of what failed.
 */
enum status
flyte_log(struct target *target, const char *id, const char *node,
    struct run_log *log)
{
	struct flyte *flyte = (struct flyte *)target;
	struct strbuf sb = STRBUF_INIT;
	const struct node_run *found;
	struct run_detail detail;
	enum status status;
	size_t i;

	memset(log, 0, sizeof(*log));
	status = flyte_show(target, id, &detail);
	if (status != EXIT_DONE)
		return status;
	found = run_detail_find(&detail, node);
	if (found == NULL) {
		status = target_no_such_node(&detail, node);
	} else {
		status = get_words(flyte, id, node, &sb);
		for (i = 0; i < found->n_links; i++)
			strbuf_addf(&sb, "%s: %s\n", found->link[i].name,
			    found->link[i].uri);
	}
	run_detail_release(&detail);
	if (status == EXIT_DONE)
		log->text = strbuf_detach(&sb);
	strbuf_release(&sb);
	return status;
}
