/* Requests to FlyteAdmin, one at a time or many, and lists page by page. */
#include "lib/base/compat.h"

#include <stdarg.h>

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/flyte/login/auth.h"
#include "lib/net/answer.h"
#include "lib/net/url.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/text/jsonio.h"

static void
add_segment(struct strbuf *sb, const char *segment)
{
	if (*segment == '\0' || strchr(segment, '/') != NULL)
		BUG("'%s' is no segment of a path", segment);
	url_add_segment(sb, segment);
}

static const char *
keep(struct arena *arena, struct strbuf *sb)
{
	const char *text = arena_strdup(arena, sb->buf);

	strbuf_release(sb);
	return text;
}

const char *
api_path(struct arena *arena, ...)
{
	struct strbuf sb = STRBUF_INIT;
	const char *segment;
	va_list ap;

	strbuf_addstr(&sb, "/api/v1");
	va_start(ap, arena);
	while ((segment = va_arg(ap, const char *)) != NULL)
		add_segment(&sb, segment);
	va_end(ap);
	return keep(arena, &sb);
}

const char *
api_query(struct arena *arena, const char *path, const char *name,
    const char *value)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_addstr(&sb, path);
	url_add_query(&sb, name, value);
	return keep(arena, &sb);
}

const char *
api_object(struct arena *arena, const struct flyte *flyte,
    const char *collection, const char *name, const char *version)
{
	return api_path(arena, collection, flyte->project, flyte->domain,
	    name, name != NULL ? version : NULL, NULL);
}

void
api_request_init(struct api_request *request, const char *path,
    const char *what)
{
	memset(request, 0, sizeof(*request));
	request->method = HTTP_GET;
	request->path = path;
	request->retry = HTTP_RETRY_READ;
	request->what = what;
}

static int64_t
cap(int64_t ms, int64_t otherwise, int64_t left)
{
	int64_t usual = ms != 0 ? ms : otherwise;

	return usual >= 0 && usual < left ? ms : left;
}

/* What comes after the end is asked once more, for a moment. */
static void
hurry(const struct flyte *flyte, struct http_request *req)
{
	int64_t left = flyte->until - clock_monotonic_ms();

	if (flyte->until == 0)
		return;
	/* The client divides its limits by the haste of tests, too. */
	left = (left > 0 ? left : 1) * flyte->haste;
	req->attempt_ms = cap(req->attempt_ms, HTTP_ATTEMPT_MS, left);
	if (req->retry_ms >= 0)
		req->retry_ms = cap(req->retry_ms, HTTP_RETRY_MS, left);
}

char *
api_to_http(const struct flyte *flyte, const struct api_request *request,
    struct http_request *req)
{
	char *url = xasprintf("%s%s", flyte->origin, request->path);

	http_request_init(req, request->method, url);
	req->auth = HTTP_AUTH_BEARER;
	req->retry = request->retry;
	req->harmless = request->harmless;
	req->attempt_ms = request->attempt_ms;
	req->retry_ms = request->retry_ms;
	hurry(flyte, req);
	if (request->body != NULL) {
		req->body = request->body;
		req->body_len = (int64_t)strlen(request->body);
	}
	return url;
}

/*
 * FlyteAdmin answers with an object whatever it is asked for. All else is from
 * somebody in between, and says nothing of what became of the request.
 */
static enum status
refuse_answer(const struct flyte *flyte, struct api_answer *answer)
{
	answer->json = NULL;
	answer->res.fault = HTTP_PROTOCOL;
	free(answer->res.problem);
	answer->res.problem = xasprintf("the answer of '%s' is no JSON object",
	    flyte->origin);
	return http_exit_status(&answer->res);
}

enum status
api_read_answer(const struct flyte *flyte, struct arena *arena,
    struct api_answer *answer)
{
	const struct strbuf *body = &answer->res.body;
	enum status status = http_exit_status(&answer->res);
	struct answer refusal;
	const char *why;

	answer->code = -1;
	if (answer->res.status == 0)
		return status;
	if (body->len > 0)
		answer->json = json_parse(arena, body->buf, body->len, &why);
	if (status == EXIT_DONE)
		return answer->json != NULL && answer->json->kind == JSON_MAP ?
		    status : refuse_answer(flyte, answer);
	answer_read(&refusal, &answer->res);
	answer->code = refusal.code;
	if (refusal.message != NULL)
		answer->message = arena_strdup(arena, refusal.message);
	answer_release(&refusal);
	return status;
}

enum status
api_call(struct flyte *flyte, struct arena *arena,
    const struct api_request *request, struct api_answer *answer)
{
	struct http_request req;
	char *url;

	memset(answer, 0, sizeof(*answer));
	http_response_init(&answer->res);
	url = api_to_http(flyte, request, &req);
	http_call(flyte->http, &req, &answer->res);
	free(url);
	return api_read_answer(flyte, arena, answer);
}

enum status
api_report(const struct flyte *flyte, const struct api_request *request,
    const struct api_answer *answer)
{
	char *what = xasprintf("%s: ", request->what);
	struct http_request req;
	enum status status, login;
	char *url;

	url = api_to_http(flyte, request, &req);
	status = http_report(&req, &answer->res, what);
	if (answer->res.status == 401) {
		auth_explain(flyte->auth, &answer->res);
		if ((login = auth_status(flyte->auth)) != EXIT_DONE)
			status = login;
	} else if (status == EXIT_NETWORK) {
		hint("target '%s', step by step: unionml -t %s config --test",
		    flyte->decl->name, flyte->decl->name);
	}
	free(url);
	free(what);
	return status;
}

void
api_answer_release(struct api_answer *answer)
{
	http_response_release(&answer->res);
}

struct queued {
	const struct flyte *flyte;
	struct api_request request;	/* its texts are the arena's */
	struct arena arena;
	void (*done)(void *arg, const struct api_request *request,
	    const struct api_answer *answer);
	void *arg;
};

static void
answered(void *arg, struct http_response *res)
{
	struct queued *queued = arg;
	struct api_answer answer = { .res = *res };

	api_read_answer(queued->flyte, &queued->arena, &answer);
	queued->done(queued->arg, &queued->request, &answer);
	*res = answer.res;
	arena_release(&queued->arena);
	free(queued);
}

void
api_add(struct flyte *flyte, const struct api_request *request,
    void (*done)(void *arg, const struct api_request *request,
	const struct api_answer *answer), void *arg)
{
	struct queued *queued = xcalloc(1, sizeof(*queued));
	struct http_request req;
	char *url;

	queued->flyte = flyte;
	queued->request = *request;
	queued->request.body = NULL;
	queued->request.path = arena_strdup(&queued->arena, request->path);
	queued->request.what = arena_strdup(&queued->arena, request->what);
	queued->done = done;
	queued->arg = arg;
	url = api_to_http(flyte, request, &req);
	http_add(flyte->http, &req, answered, queued);
	free(url);
}

void
api_run(struct flyte *flyte)
{
	http_run(flyte->http);
}

enum status
api_find(struct flyte *flyte, struct arena *arena, const char *path,
    const char *what, struct json **json)
{
	struct api_request request;
	struct api_answer answer;
	enum status status;

	*json = NULL;
	api_request_init(&request, path, what);
	status = api_call(flyte, arena, &request, &answer);
	if (status == EXIT_DONE)
		*json = answer.json;
	else if (answer.code == API_NOT_FOUND)
		status = EXIT_DONE;
	else
		status = api_report(flyte, &request, &answer);
	api_answer_release(&answer);
	return status;
}

enum status
api_get(struct flyte *flyte, struct arena *arena, const char *path,
    const char *what, struct json **json)
{
	enum status status = api_find(flyte, arena, path, what, json);

	if (status == EXIT_DONE && *json == NULL)
		status = error(EXIT_CONFLICT, "%s: there is no such thing at "
		    "'%s%s'", what, flyte->origin, path);
	return status;
}
