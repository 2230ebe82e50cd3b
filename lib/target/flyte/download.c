/*
 * What lies in the cluster's store, by signed URLs (flyteidl's
 * service/dataproxy.proto, CreateDownloadLocation). A URL may run out while
 * its bytes come: the rest is then asked for by another.
 */
#include "lib/base/compat.h"

#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/path.h"
#include "lib/base/xalloc.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/ops.h"
#include "lib/text/jsonio.h"

enum { URLS_MAX = 5 };

/* How far it has come, over all URLs. */
struct download {
	struct flyte *flyte;
	const char *uri;
	int fd;
	int64_t received, total;
	char *etag;
};

static enum status
ask_url(struct download *d, struct arena *arena, const char **url)
{
	const char *path = api_query(arena, api_path(arena, "dataproxy",
	    "artifact_urn", NULL), "native_url", d->uri);
	enum status status;
	struct json *json;

	status = api_get(d->flyte, arena, path, "cannot download", &json);
	if (status != EXIT_DONE)
		return status;
	*url = api_text(json, "signed_url");
	if (**url == '\0')
		return error(EXIT_NETWORK, "cannot download '%s': '%s' gives "
		    "no URL for it", d->uri, d->flyte->origin);
	return EXIT_DONE;
}

static void
tell(void *arg, int64_t done, int64_t total)
{
	const struct download *d = arg;
	const struct transfer *transfer = d->flyte->target.transfer;

	transfer->progress(transfer->arg, path_basename(d->uri), done, total);
}

static void
keep_place(struct download *d, const struct http_response *res)
{
	d->received = res->received;
	d->total = res->total;
	free(d->etag);
	d->etag = res->etag != NULL ? xstrdup(res->etag) : NULL;
}

static enum status
explain(const struct download *d, const struct http_request *req,
    const struct http_response *res)
{
	if (res->status == 404)
		return error(EXIT_CONFLICT, "'%s' is not in the store any "
		    "more", d->uri);
	return http_report(req, res, "cannot download: ");
}

/* *again: the URL is no good any more, another may be. */
static enum status
get(struct download *d, const char *url, bool last, bool *again)
{
	struct http_response res;
	struct http_request req;
	enum status status = EXIT_DONE;

	http_request_init(&req, HTTP_GET, url);
	req.auth = HTTP_AUTH_SIGNED;
	req.sink_fd = d->fd;
	req.resume = true;
	req.range_from = d->received;
	req.range_etag = d->etag;
	req.range_total = d->total;
	if (d->flyte->target.transfer != NULL)
		req.progress = tell;
	req.arg = d;
	http_response_init(&res);
	http_call(d->flyte->http, &req, &res);
	*again = res.status == 403 && !last;
	if (res.received > 0)
		keep_place(d, &res);
	if (!*again && http_exit_status(&res) != EXIT_DONE)
		status = explain(d, &req, &res);
	http_response_release(&res);
	return status;
}

enum status
flyte_download(struct target *target, const struct artifact *artifact,
    int fd)
{
	struct download d = { .flyte = (struct flyte *)target,
	    .uri = artifact->uri, .fd = fd, .total = -1 };
	struct arena arena = ARENA_INIT;
	enum status status = EXIT_DONE;
	bool again = true;
	const char *url;
	int i;

	for (i = 1; again && status == EXIT_DONE; i++) {
		again = false;
		status = ask_url(&d, &arena, &url);
		if (status == EXIT_DONE)
			status = get(&d, url, i == URLS_MAX, &again);
	}
	if (target->transfer != NULL)
		target->transfer->end(target->transfer->arg);
	free(d.etag);
	arena_release(&arena);
	return status;
}
