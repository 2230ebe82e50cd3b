/* Creating executions so that a lost answer neither loses nor doubles one. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/self.h"
#include "lib/base/signals.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/post.h"

enum { TRIES = 5, PAUSE_MS = 1000 };

enum status
post_exists(struct flyte *flyte, const char *name, const char *what,
    bool *exists)
{
	struct arena arena = ARENA_INIT;
	enum status status;
	struct json *json;

	status = api_find(flyte, &arena, api_object(&arena, flyte,
	    "executions", name, NULL), what, &json);
	*exists = json != NULL;
	arena_release(&arena);
	return status;
}

struct posting {
	struct flyte *flyte;
	const struct post *post;
	struct arena arena;
	struct api_request request;
	struct api_answer answer;
};

/* Sends it once; where the answer does not say what became of it, looks. */
static enum status
send_once(struct posting *p, enum post_outcome *outcome)
{
	enum status status = api_call(p->flyte, &p->arena, &p->request,
	    &p->answer);
	bool refused = p->answer.code == API_EXISTS, exists;

	*outcome = status == EXIT_DONE ? POST_MADE : POST_REFUSED;
	if (!refused && status != EXIT_NETWORK)
		return EXIT_DONE;
	status = post_exists(p->flyte, p->post->name, p->post->what, &exists);
	if (status != EXIT_DONE) {
		note("%s: it may have begun all the same", p->post->what);
		hint("'%s runs show %s' tells", self_call(), p->post->name);
	} else if (exists) {
		/* What is there without a refusal is what was sent. */
		*outcome = refused ? POST_FOUND : POST_MADE;
	} else {
		*outcome = refused ? POST_LIMITED : POST_LOST;
	}
	return status;
}

enum status
post_execution(struct flyte *flyte, const struct post *post,
    enum post_outcome *outcome)
{
	struct posting p = { .flyte = flyte, .post = post };
	enum post_outcome became;
	enum status status;
	int tries;

	api_request_init(&p.request, post->path, post->what);
	p.request.method = HTTP_POST;
	p.request.retry = HTTP_RETRY_NEVER;
	p.request.body = post->body;
	for (tries = 1;; tries++) {
		status = send_once(&p, &became);
		if (status != EXIT_DONE || became != POST_LOST ||
		    tries == TRIES || p.answer.res.fault == HTTP_STOPPED)
			break;
		api_answer_release(&p.answer);
		signals_sleep(PAUSE_MS / flyte->haste);
	}
	if (status == EXIT_DONE && (became >= POST_REFUSED ||
	    (became == POST_LIMITED && outcome == NULL)))
		status = api_report(flyte, &p.request, &p.answer);
	if (outcome != NULL)
		*outcome = became;
	api_answer_release(&p.answer);
	arena_release(&p.arena);
	return status;
}
