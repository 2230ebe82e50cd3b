/* Ending a run, and beginning it again: by Flyte's own recover and relaunch. */
#include "lib/base/compat.h"

#include <pwd.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/self.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/wire/decode.h"
#include "lib/schedule/slot.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/ops.h"
#include "lib/target/flyte/post.h"
#include "lib/target/flyte/wait.h"
#include "lib/text/jsonio.h"

enum {
	ATTEMPT_MAX = 0xfff,	/* the last that a slot's id has digits for */
	STOP_WAIT_MS = 30 * 1000
};

static const char cannot_stop[] = "cannot stop the run";
static const char cannot_retry[] = "cannot retry the run";

/* Flyte drops the principal that a client says, so the cause has it. */
static const char *
stop_body(struct arena *arena, const char *why)
{
	const struct passwd *user = getpwuid(geteuid());
	struct strbuf sb = STRBUF_INIT;
	char *cause, host[256] = "";
	struct json_writer w;
	const char *body;

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	cause = xasprintf("stopped by %s@%s with unionml%s%s", user != NULL ?
	    user->pw_name : "?", host, why != NULL ? ": " : "", why != NULL ?
	    why : "");
	json_writer_init(&w, &sb, false);
	json_begin_map(&w, NULL);
	json_put_text(&w, "cause", cause);
	json_end_map(&w);
	body = arena_strdup(arena, sb.buf);
	strbuf_release(&sb);
	free(cause);
	return body;
}

/* Who had ended already is told by what Flyte says of it. */
static enum status
refused_stop(struct flyte *flyte, const char *id,
    const struct api_request *request, const struct api_answer *answer)
{
	const struct json *details = json_find(answer->json, "details");
	const char *phase = "";

	if (answer->code == API_NOT_FOUND)
		return error(EXIT_CONFLICT, "no run '%s': '%s runs' lists "
		    "them", id, self_call());
	if (answer->code != API_PRECONDITION)
		return api_report(flyte, request, answer);
	if (details != NULL && details->kind == JSON_LIST && details->n > 0)
		phase = api_text(json_find(details->item[0],
		    "already_in_terminal_state"), "current_phase");
	/* The request before, whose answer was lost, may have done it. */
	if (answer->res.attempts > 1 && strcmp(phase, "ABORTED") == 0)
		note("run %s aborted", id);
	else
		note("run %s had already %s", id, *phase != '\0' ?
		    run_status_name(decode_phase(phase)) : "ended");
	return EXIT_DONE;
}

/* It is ABORTING until the cluster has ended what runs of it. */
static enum status
await_end(struct flyte *flyte, const char *id)
{
	const struct observer nobody = { .node = NULL };
	enum status status;
	int signum;

	status = flyte_wait(flyte, id, &nobody,
	    STOP_WAIT_MS / flyte->haste, &signum);
	if (status == EXIT_RUN) {
		note("run %s aborted", id);
		return EXIT_DONE;
	}
	if (status == EXIT_DONE)
		note("run %s had already %s", id,
		    run_status_name(RUN_SUCCEEDED));
	if (status == EXIT_PENDING)
		return error(EXIT_PENDING, "run %s was asked to stop and has "
		    "not ended yet: '%s runs watch %s' waits for it", id,
		    self_call(), id);
	return status;
}

enum status
flyte_stop(struct target *target, const char *id, const char *cause)
{
	struct flyte *flyte = (struct flyte *)target;
	struct arena arena = ARENA_INIT;
	struct api_request request;
	struct api_answer answer;
	enum status status;

	api_request_init(&request, api_object(&arena, flyte, "executions",
	    id, NULL), cannot_stop);
	request.method = HTTP_DELETE;
	request.retry = HTTP_RETRY_WRITE;
	request.body = stop_body(&arena, cause);
	status = api_call(flyte, &arena, &request, &answer);
	if (status == EXIT_DONE)
		status = await_end(flyte, id);
	else
		status = refused_stop(flyte, id, &request, &answer);
	api_answer_release(&answer);
	arena_release(&arena);
	return status;
}

/*
 * The next attempt at a slot has the next number, so that nobody makes it
 * twice; another run gets a name of its own.
 */
static enum status
name_retry(struct flyte *flyte, const char *id, char name[SLOT_ID_LEN + 1])
{
	int attempt = slot_run_attempt(id);
	enum status status;
	bool exists = true;

	if (attempt < 0) {
		run_make_id(name, 'r');
		return EXIT_DONE;
	}
	memcpy(name, id, SLOT_ID_LEN + 1);
	while (exists && ++attempt <= ATTEMPT_MAX) {
		snprintf(name + SLOT_ID_LEN - 3, 4, "%03x",
		    (unsigned int)attempt & ATTEMPT_MAX);
		status = post_exists(flyte, name,
		    "cannot look up the run", &exists);
		if (status != EXIT_DONE)
			return status;
	}
	if (exists)
		return error(EXIT_CONFLICT, "the slot of run %s has been "
		    "tried %d times", id, ATTEMPT_MAX + 1);
	return EXIT_DONE;
}

static char *
retry_body(const struct flyte *flyte, const char *id, const char *name)
{
	struct strbuf sb = STRBUF_INIT;
	struct json_writer w;

	json_writer_init(&w, &sb, false);
	json_begin_map(&w, NULL);
	json_begin_map(&w, "id");
	json_put_text(&w, "project", flyte->project);
	json_put_text(&w, "domain", flyte->domain);
	json_put_text(&w, "name", id);
	json_end_map(&w);
	json_put_text(&w, "name", name);
	json_end_map(&w);
	return strbuf_detach(&sb);
}

enum status
flyte_retry(struct target *target, const char *id, bool from_start,
    char **new_id)
{
	struct flyte *flyte = (struct flyte *)target;
	struct arena arena = ARENA_INIT;
	char name[SLOT_ID_LEN + 1];
	struct post post = { .name = name, .what = cannot_retry };
	enum status status;
	char *body;

	*new_id = NULL;
	status = name_retry(flyte, id, name);
	if (status != EXIT_DONE)
		return status;
	post.path = api_path(&arena, "executions", from_start ? "relaunch" :
	    "recover", NULL);
	post.body = body = retry_body(flyte, id, name);
	status = post_execution(flyte, &post, NULL);
	if (status == EXIT_DONE)
		*new_id = xstrdup(name);
	free(body);
	arena_release(&arena);
	return status;
}
