/* Creating executions so that a lost answer neither loses nor doubles one. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/signals.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/post.h"

enum { TRIES = 5, PAUSE_MS = 1000 };

enum status
post_exists(struct flyte *flyte, const char *name, bool *exists)
{
	struct arena arena = ARENA_INIT;
	enum status status;
	struct json *json;

	status = api_find(flyte, &arena, api_object(&arena, flyte,
	    "executions", name, NULL), "cannot look up the run", &json);
	*exists = json != NULL;
	arena_release(&arena);
	return status;
}

/* Nobody can tell whether it was carried out. */
static bool
is_lost(const struct api_answer *answer)
{
	return http_exit_status(&answer->res) == EXIT_NETWORK ||
	    answer->code == API_EXISTS;
}

static enum status
settle(struct flyte *flyte, const char *name, const char *what, bool *exists)
{
	enum status status = post_exists(flyte, name, exists);

	if (status != EXIT_DONE) {
		note("%s: it may have begun all the same", what);
		hint("'unionml runs show %s' tells", name);
	}
	return status;
}

enum status
post_execution(struct flyte *flyte, const char *path, const char *body,
    const char *name, const char *what)
{
	struct arena arena = ARENA_INIT;
	struct api_request request;
	struct api_answer answer;
	enum status status;
	bool exists = false, again;
	int tries;

	api_request_init(&request, path, what);
	request.method = HTTP_POST;
	request.retry = HTTP_RETRY_NEVER;
	request.body = body;
	for (tries = 1;; tries++) {
		status = api_call(flyte, &arena, &request, &answer);
		if (status == EXIT_DONE)
			break;
		if (is_lost(&answer) && settle(flyte, name, what, &exists) ==
		    EXIT_DONE && exists) {
			status = EXIT_DONE;
			break;
		}
		/* Refused because of the name, and there is none: a limit. */
		again = status == EXIT_NETWORK && tries < TRIES &&
		    answer.res.fault != HTTP_STOPPED;
		if (!again) {
			status = api_report(flyte, &request, &answer);
			break;
		}
		api_answer_release(&answer);
		signals_sleep(PAUSE_MS / flyte->haste);
	}
	api_answer_release(&answer);
	arena_release(&arena);
	return status;
}
