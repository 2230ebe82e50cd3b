/* Requests that a dry run does not send, shown. */
#include "lib/base/compat.h"

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/net/http.h"
#include "lib/net/redact.h"
#include "lib/net/request.h"
#include "lib/target/flyte/dryrun.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/ops.h"
#include "lib/text/jsonio.h"

void
dry_run_begin(struct flyte *flyte)
{
	flyte->dry_run = true;
	http_set_dry_run(flyte->http, true);
}

void
flyte_dry_run(struct target *target)
{
	dry_run_begin((struct flyte *)target);
}

bool
dry_run_is_shown(const struct flyte *flyte)
{
	return flyte->dry_run && err_verbosity() >= VERBOSE;
}

static void
show_body(const struct http_request *req)
{
	struct strbuf sb = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	const char *line, *end, *why;
	struct json_writer w;
	const struct json *json;

	json = json_parse(&arena, req->body, (size_t)req->body_len, &why);
	if (json == NULL)
		BUG("body of a request: %s", why);
	json_writer_init(&w, &sb, true);
	json_put(&w, NULL, json);
	for (line = sb.buf; *line != '\0'; line = *end != '\0' ? end + 1 :
	    end) {
		end = line + strcspn(line, "\n");
		err_line(line, (size_t)(end - line));
	}
	strbuf_release(&sb);
	arena_release(&arena);
}

void
dry_run_show(void *arg, const struct http_request *req)
{
	struct strbuf url = STRBUF_INIT;

	if (!dry_run_is_shown(arg))
		return;
	redact_url(&url, req->url, req->auth == HTTP_AUTH_SIGNED);
	if (req->body_fd != -1)
		detail("would send %s %s, %lld bytes", request_method(req),
		    url.buf, (long long)req->body_len);
	else
		detail("would send %s %s", request_method(req), url.buf);
	if (req->body != NULL)
		show_body(req);
	strbuf_release(&url);
}
