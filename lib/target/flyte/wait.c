/*
 * Waiting for an execution. A server that is away for a while is no reason to
 * stop: what runs on the cluster goes on without it. Polls are their own
 * repetition: none takes more than half the time that is left, so that a mute
 * server is asked again.
 */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/signals.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/decode.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/flyte/wait.h"
#include "lib/text/jsonio.h"

enum {
	POLL_MIN_MS = 1000, POLL_MAX_MS = 15 * 1000,
	POLL_SHARE = 10,	/* of the time that has passed already */
	TICK_MS = 100,
	NODES_MAX = 1000
};

struct known_node {
	char *name;
	enum run_status status;
};

struct wait {
	struct flyte *flyte;
	const char *id;
	const struct observer *observer;
	int64_t began, timeout_ms;	/* monotonic; 0: none */
	enum run_status run;
	char *source;			/* the run that it is a retry of */
	struct known_node *node;
	size_t n, cap;
	bool moved;			/* the last look at the nodes: */
	bool away;			/* no answer; that was said */
};

static int64_t
time_left(const struct wait *w)
{
	if (w->timeout_ms == 0)
		return INT64_MAX;
	return w->timeout_ms - (clock_monotonic_ms() - w->began);
}

/* *json is NULL, with EXIT_DONE, while there is no answer to be had. */
static enum status
ask(struct wait *w, struct arena *arena, const char *path, struct json **json)
{
	struct api_request request;
	struct api_answer answer;
	enum status status;
	int64_t left = time_left(w);
	int haste = w->flyte->haste;

	*json = NULL;
	api_request_init(&request, path, "cannot follow the run");
	request.retry_ms = -1;
	if (left / 2 > POLL_MIN_MS / haste)
		left /= 2;
	/* The client divides its limits by the haste of tests. */
	if (left < HTTP_ATTEMPT_MS / haste)
		request.attempt_ms = (left > 1 ? left : 1) * haste;
	status = api_call(w->flyte, arena, &request, &answer);
	if (signals_caught() != 0 || time_left(w) <= 0) {
		status = EXIT_DONE;
	} else if (status == EXIT_NETWORK) {
		if (!w->away)
			note("no answer from '%s': waiting for it; the run "
			    "does not depend on it", w->flyte->origin);
		w->away = true;
		status = EXIT_DONE;
	} else if (status == EXIT_DONE) {
		*json = answer.json;
		if (w->away && *json != NULL)
			note("'%s' answers again", w->flyte->origin);
		w->away = w->away && *json == NULL;
	} else {
		status = api_report(w->flyte, &request, &answer);
	}
	api_answer_release(&answer);
	return status;
}

static enum status
look_at_run(struct wait *w)
{
	struct arena arena = ARENA_INIT;
	enum status status;
	struct json *json;
	struct run run;

	status = ask(w, &arena, api_object(&arena, w->flyte, "executions",
	    w->id, NULL), &json);
	if (status == EXIT_DONE && json != NULL) {
		decode_run(&run, json, w->flyte->app->name);
		w->run = run.status;
		if (w->source == NULL && run.retry_of != NULL)
			w->source = xstrdup(run.retry_of);
		run_release(&run);
	}
	arena_release(&arena);
	return status;
}

static struct known_node *
find_node(struct wait *w, const char *name)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (strcmp(w->node[i].name, name) == 0)
			return &w->node[i];
	ALLOC_GROW(w->node, w->n, w->cap);
	w->node[w->n].name = xstrdup(name);
	w->node[w->n].status = RUN_PENDING;
	return &w->node[w->n++];
}

/* Lists cut what went wrong. Without an answer that has to do. */
static enum status
look_at_error(struct wait *w, struct node_run *node)
{
	struct arena arena = ARENA_INIT;
	enum status status;
	struct json *json;

	status = ask(w, &arena, api_path(&arena, "node_executions",
	    w->flyte->project, w->flyte->domain, w->id, node->name, NULL),
	    &json);
	if (json != NULL)
		decode_node_error(node, json);
	arena_release(&arena);
	return status;
}

static enum status
tell_node(struct wait *w, struct node_run *node)
{
	struct known_node *known = find_node(w, node->name);
	enum node_event event = NODE_STARTED;
	enum status status = EXIT_DONE;
	int64_t took = 0;

	if (known->status == node->status)
		return EXIT_DONE;
	known->status = node->status;
	if (node->error != NULL)
		status = look_at_error(w, node);
	w->moved = true;
	if (run_ended(node->status)) {
		event = node->taken_from != NULL ? NODE_TAKEN : NODE_ENDED;
		took = node->ended_at - node->started_at;
		/* A node that was never begun has nothing to tell. */
		node->attempts = node->started_at != 0;
	}
	w->observer->node(w->observer->arg, event, node, took);
	return status;
}

static enum status
look_at_nodes(struct wait *w)
{
	struct arena arena = ARENA_INIT;
	const struct json *items;
	struct node_run *node;
	enum status status;
	struct json *json;
	size_t i, n = 0;

	w->moved = false;
	status = ask(w, &arena, api_query(&arena, api_path(&arena,
	    "node_executions", w->flyte->project, w->flyte->domain, w->id,
	    NULL), "limit", arena_printf(&arena, "%d", NODES_MAX)), &json);
	items = json_find(json, "node_executions");
	if (items != NULL && items->kind == JSON_LIST && items->n > 0) {
		node = xcalloc(items->n, sizeof(*node));
		for (i = 0; i < items->n; i++)
			if (decode_node(&node[n], items->item[i], w->source))
				n++;
		qsort(node, n, sizeof(*node), decode_compare_nodes);
		for (i = 0; i < n; i++) {
			if (status == EXIT_DONE)
				status = tell_node(w, &node[i]);
			node_run_release(&node[i]);
		}
		free(node);
	}
	arena_release(&arena);
	return status;
}

/* Less if a signal comes; a terminal is told ten times a second. */
static void
sleep_until(const struct wait *w, int64_t until)
{
	const struct observer *o = w->observer;
	int64_t left;

	while (signals_caught() == 0 &&
	    (left = until - clock_monotonic_ms()) > 0) {
		if (o->tick != NULL) {
			o->tick(o->arg);
			left = left < TICK_MS ? left : TICK_MS;
		}
		signals_sleep(left);
	}
}

static void
pause_between(const struct wait *w)
{
	int64_t now = clock_monotonic_ms(), left = time_left(w);
	int64_t ms = (now - w->began) / POLL_SHARE;

	if (ms < POLL_MIN_MS)
		ms = POLL_MIN_MS;
	if (ms > POLL_MAX_MS)
		ms = POLL_MAX_MS;
	ms = ms / w->flyte->haste + 1;
	sleep_until(w, now + (ms < left ? ms : left));
}

/*
 * By turns, and both at once when a node has come to an end: that may be the
 * last one.
 */
static enum status
poll_until_end(struct wait *w)
{
	enum status status = look_at_run(w);
	bool nodes = w->observer->node != NULL, turn = false;

	while (status == EXIT_DONE && !run_ended(w->run)) {
		pause_between(w);
		if (signals_caught() != 0 || time_left(w) <= 0)
			break;
		turn = nodes && !turn;
		if (turn)
			status = look_at_nodes(w);
		if (status == EXIT_DONE && (!turn || w->moved))
			status = look_at_run(w);
	}
	if (status == EXIT_DONE && nodes && run_ended(w->run))
		status = look_at_nodes(w);
	return status;
}

enum status
flyte_wait(struct flyte *flyte, const char *id,
    const struct observer *observer, int64_t timeout_ms, int *signum)
{
	struct wait w = { .flyte = flyte, .id = id, .observer = observer,
	    .began = clock_monotonic_ms(), .timeout_ms = timeout_ms };
	enum status status;
	size_t i;

	signals_begin();
	flyte->waiting = true;
	status = poll_until_end(&w);
	*signum = run_ended(w.run) ? 0 : signals_caught();
	flyte->waiting = false;
	signals_end();
	if (status == EXIT_DONE)
		status = run_exit_status(w.run);
	for (i = 0; i < w.n; i++)
		free(w.node[i].name);
	free(w.node);
	free(w.source);
	return status;
}

enum status
flyte_watch(struct target *target, const char *id,
    const struct observer *observer, int64_t timeout_ms, int *signum)
{
	return flyte_wait((struct flyte *)target, id, observer, timeout_ms,
	    signum);
}
