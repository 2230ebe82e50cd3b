/* The POST of a slot's execution, and the wait until it may begin. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/signals.h"
#include "lib/base/strbuf.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/post.h"
#include "lib/target/flyte/slotpost.h"
#include "lib/text/jsonio.h"

enum { PAUSE_FIRST_MS = 1000, PAUSE_MAX_MS = 15000 };

struct posting {
	struct flyte *flyte;
	const struct slot_request *request;
	struct arena arena;
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
static const char *
make_body(struct posting *p)
{
	struct strbuf body = STRBUF_INIT;
	struct json_writer w;
	const char *kept;

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
	kept = arena_strdup(&p->arena, body.buf);
	strbuf_release(&body);
	return kept;
}

static void
fill(struct posting *p, struct post *post)
{
	struct strbuf slot = STRBUF_INIT;

	instant_print(&slot, (struct instant){ p->request->t, 0 });
	p->slot = arena_strdup(&p->arena, slot.buf);
	strbuf_release(&slot);
	post->path = api_path(&p->arena, "executions", NULL);
	post->body = make_body(p);
	post->name = p->request->name;
	post->what = "cannot start the run";
}

static enum status
refuse_limit(const struct posting *p)
{
	return error(EXIT_CONFLICT, "the cluster lets no other run of '%s' "
	    "begin before one that goes on has ended: its concurrency policy",
	    p->request->version->plan);
}

enum status
slot_post(struct flyte *flyte, const struct slot_request *request,
    bool *there)
{
	struct posting p = { .flyte = flyte, .request = request };
	enum post_outcome outcome = POST_LIMITED;
	int64_t pause = PAUSE_FIRST_MS;
	enum status status;
	struct post post;
	bool told = false;

	fill(&p, &post);
	for (;;) {
		status = post_execution(flyte, &post, &outcome);
		if (status != EXIT_DONE || outcome != POST_LIMITED)
			break;
		if (!request->wait) {
			status = refuse_limit(&p);
			break;
		}
		if (!told)
			note("%s waits until the concurrency policy of '%s' "
			    "lets it begin", p.slot, request->version->plan);
		told = true;
		signals_sleep(pause / flyte->haste);
		if ((pause *= 2) > PAUSE_MAX_MS)
			pause = PAUSE_MAX_MS;
	}
	*there = outcome == POST_FOUND;
	arena_release(&p.arena);
	return status;
}
