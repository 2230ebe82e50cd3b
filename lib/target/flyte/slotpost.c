/*
 * The POST of a slot's execution. 409 means two things: the name exists, or
 * the concurrency policy of the launch plan lets no other run begin; which one
 * it is a GET of the name tells.
 */
#include "lib/base/compat.h"

#include <time.h>

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/strbuf.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/slotpost.h"
#include "lib/text/jsonio.h"

enum { PAUSE_FIRST_MS = 1000, PAUSE_MAX_MS = 15000, TRIES = 4 };

enum outcome { POSTED, THERE, LIMITED, LOST };

struct posting {
	struct flyte *flyte;
	const struct slot_request *request;
	struct arena arena;
	struct api_request api;
	const char *slot;		/* RFC 3339 */
};

/* Nothing but the kickoff: the rest is the launch plan's. */
static void
put_inputs(struct json_writer *w, const struct posting *p)
{
	json_begin_map(w, "inputs");
	json_begin_map(w, "literals");
	if (p->request->version->kickoff != NULL) {
		json_begin_map(w, p->request->version->kickoff);
		json_begin_map(w, "scalar");
		json_begin_map(w, "primitive");
		json_put_text(w, "datetime", p->slot);
		json_end_map(w);
		json_end_map(w);
		json_end_map(w);
	}
	json_end_map(w);
	json_end_map(w);
}

static void
put_launch_plan(struct json_writer *w, const struct posting *p)
{
	json_begin_map(w, "launch_plan");
	json_put_text(w, "resource_type", "LAUNCH_PLAN");
	json_put_text(w, "project", p->flyte->project);
	json_put_text(w, "domain", p->flyte->domain);
	json_put_text(w, "name", p->request->version->plan);
	json_put_text(w, "version", p->request->version->version);
	json_end_map(w);
}

/* admin.ExecutionCreateRequest */
static void
make_body(struct posting *p)
{
	struct strbuf body = STRBUF_INIT;
	struct json_writer w;

	json_writer_init(&w, &body, false);
	json_begin_map(&w, NULL);
	json_put_text(&w, "project", p->flyte->project);
	json_put_text(&w, "domain", p->flyte->domain);
	json_put_text(&w, "name", p->request->name);
	json_begin_map(&w, "spec");
	put_launch_plan(&w, p);
	json_begin_map(&w, "metadata");
	json_put_text(&w, "mode", p->request->has_slot ? "SCHEDULED" :
	    "MANUAL");
	if (p->request->has_slot)
		json_put_text(&w, "scheduled_at", p->slot);
	json_end_map(&w);
	json_end_map(&w);
	put_inputs(&w, p);
	json_end_map(&w);
	p->api.body = arena_strdup(&p->arena, body.buf);
	strbuf_release(&body);
}

/* Whether the name exists by now. */
static enum status
look(struct posting *p, enum outcome otherwise, enum outcome *outcome)
{
	enum status status;
	struct json *json;

	status = api_find(p->flyte, &p->arena, api_object(&p->arena, p->flyte,
	    "executions", p->request->name, NULL), p->api.what, &json);
	*outcome = json != NULL ? THERE : otherwise;
	return status;
}

/* `last`: an answer that is lost is an error. */
static enum status
post(struct posting *p, bool last, enum outcome *outcome)
{
	struct api_answer answer;
	enum status status = api_call(p->flyte, &p->arena, &p->api, &answer);

	*outcome = POSTED;
	if (status != EXIT_DONE && answer.code == API_EXISTS) {
		status = look(p, LIMITED, outcome);
	} else if (status == EXIT_NETWORK) {
		/* What is there now is what was sent. */
		status = look(p, LOST, outcome);
		if (status == EXIT_DONE && *outcome == THERE)
			*outcome = POSTED;
		else if (status == EXIT_DONE && last)
			status = api_report(p->flyte, &p->api, &answer);
	} else if (status != EXIT_DONE) {
		status = api_report(p->flyte, &p->api, &answer);
	}
	api_answer_release(&answer);
	return status;
}

static enum status
refuse_limit(const struct posting *p)
{
	return error(EXIT_CONFLICT, "the cluster lets no other run of '%s' "
	    "begin before one that goes on has ended: its concurrency policy",
	    p->request->version->plan);
}

static void
rest(int64_t ms)
{
	struct timespec ts = { (time_t)(ms / 1000), ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

static enum status
post_until_done(struct posting *p, bool *there)
{
	int64_t pause = PAUSE_FIRST_MS;
	enum outcome outcome;
	enum status status;
	bool told = false;
	int lost = 0;

	for (;;) {
		status = post(p, lost + 1 >= TRIES, &outcome);
		*there = outcome == THERE;
		if (status != EXIT_DONE || outcome == POSTED ||
		    outcome == THERE)
			return status;
		lost += outcome == LOST;
		if (outcome == LIMITED && !p->request->wait)
			return refuse_limit(p);
		if (outcome == LIMITED && !told)
			note("%s waits until the concurrency policy of '%s' "
			    "lets it begin", p->slot,
			    p->request->version->plan);
		told |= outcome == LIMITED;
		rest(pause);
		if ((pause *= 2) > PAUSE_MAX_MS)
			pause = PAUSE_MAX_MS;
	}
}

enum status
slot_post(struct flyte *flyte, const struct slot_request *request,
    bool *there)
{
	struct posting p = { .flyte = flyte, .request = request };
	struct strbuf slot = STRBUF_INIT;
	enum status status;

	*there = false;
	instant_print(&slot, (struct instant){ request->t, 0 });
	p.slot = arena_strdup(&p.arena, slot.buf);
	strbuf_release(&slot);
	api_request_init(&p.api, api_path(&p.arena, "executions", NULL),
	    "cannot start the run");
	p.api.method = HTTP_POST;
	p.api.retry = HTTP_RETRY_NEVER;
	make_body(&p);
	status = post_until_done(&p, there);
	arena_release(&p.arena);
	return status;
}
