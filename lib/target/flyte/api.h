/*
 * FlyteAdmin's REST interface (flyteidl's service/admin.proto as its gateway
 * serves it): paths, JSON both ways, lists page by page, and what a refusal
 * means. Answers have snake_case names, since each request says exactly
 * `Accept: application/json`.
 */
#ifndef FLYTE_API_H
#define FLYTE_API_H

#include "lib/base/compat.h"
#include "lib/base/err.h"
#include "lib/flyte/wire/apijson.h"
#include "lib/net/http.h"

struct arena;
struct flyte;
struct json;

/* The codes of google.rpc.Code that somebody asks for. */
enum {
	API_INVALID = 3, API_NOT_FOUND = 5, API_EXISTS = 6,
	API_EXHAUSTED = 8, API_PRECONDITION = 9, API_UNIMPLEMENTED = 12,
	API_INTERNAL = 13, API_UNAUTHENTICATED = 16
};

/*
 * `/api/v1` and the segments, each percent-encoded; NULL at the end. None may
 * be empty or hold a `/`, which no server could take (BUG).
 */
const char *api_path(struct arena *arena, ...) __attribute__((sentinel));

/* The path with `NAME=VALUE` behind it, encoded. */
const char *api_query(struct arena *arena, const char *path,
    const char *name, const char *value);

/*
 * `launch_plans/PROJECT/DOMAIN/NAME/VERSION` of this target; name and version
 * may be NULL, from the last on.
 */
const char *api_object(struct arena *arena, const struct flyte *flyte,
    const char *collection, const char *name, const char *version);

struct api_request {
	enum http_method method;
	const char *path;		/* as the functions above make it */
	const char *body;		/* JSON; NULL: none */
	enum http_retry retry;
	bool harmless;			/* as http_request */
	int64_t attempt_ms, retry_ms;	/* the same; 0: the usual */
	const char *what;		/* "cannot stop the run" */
};

/* A GET that may be repeated. */
void api_request_init(struct api_request *request, const char *path,
    const char *what);

struct api_answer {
	struct http_response res;
	int code;			/* of a refusal; -1: not Flyte's */
	const char *message;		/* of a refusal, one line; NULL */
	struct json *json;		/* the body; NULL: none, or no JSON */
};

/*
 * Sends it and waits. EXIT_DONE with a 2xx; else nothing is printed yet, and
 * api_report says it. Always to be released; texts and JSON are the arena's.
 */
enum status api_call(struct flyte *flyte, struct arena *arena,
    const struct api_request *request, struct api_answer *answer);
enum status api_report(const struct flyte *flyte,
    const struct api_request *request, const struct api_answer *answer);
void api_answer_release(struct api_answer *answer);

/*
 * The same for many: `done` gets each answer, in the order in which they come,
 * and releases nothing. What it is given lives until it returns; `arg` is that
 * of api_add. api_run waits for all.
 */
void api_add(struct flyte *flyte, const struct api_request *request,
    void (*done)(void *arg, const struct api_request *request,
	const struct api_answer *answer), void *arg);
void api_run(struct flyte *flyte);

/*
 * api_call in two halves, for apilist.c: the request of the client, whose URL
 * is to be freed once it is queued, and what the answer in answer->res says.
 */
char *api_to_http(const struct flyte *flyte, const struct api_request *request,
    struct http_request *req);
enum status api_read_answer(const struct flyte *flyte, struct arena *arena,
    struct api_answer *answer);

/* GETs. api_find gives NULL for what is not there (404). */
enum status api_get(struct flyte *flyte, struct arena *arena,
    const char *path, const char *what, struct json **json);
enum status api_find(struct flyte *flyte, struct arena *arena,
    const char *path, const char *what, struct json **json);

/* A list of the API (contract: limit, token, filters, sort_by). */
struct api_list {
	const char *path;		/* without a query */
	const char *member;		/* of the answer: "executions" */
	const char *filters;		/* `eq(phase,FAILED)+ne(..)`; NULL */
	const char *sort_key;		/* "created_at"; NULL: no order */
	bool ascending;
	long page;			/* rows an answer; 0: API_PAGE */
	const char *what;
};
enum { API_PAGE = 500 };

/*
 * apilist.c: calls `each` for the items until it fails or sets *stop. One page
 * is held, and the next one is on its way meanwhile unless there is a `stop`:
 * who gives one (else NULL) may want no more.
 */
enum status api_list(struct flyte *flyte, const struct api_list *list,
    enum status (*each)(void *arg, const struct json *item), void *arg,
    const bool *stop);

#endif
