/*
 * Uploads. A place is asked for first without a digest: then 409 says that
 * something lies there, and since the sha256 is part of the place it is the
 * same. What is sent is sent by a URL that holds its MD5, so that the store
 * takes nothing else.
 */
#include "lib/base/compat.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <md5.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/base64.h"
#include "lib/base/io.h"
#include "lib/base/path.h"
#include "lib/base/strbuf.h"
#include "lib/base/strvec.h"
#include "lib/base/tree.h"
#include "lib/base/xalloc.h"
#include "lib/target/flyte/api.h"
#include "lib/target/flyte/flyte.h"
#include "lib/target/flyte/upload.h"
#include "lib/text/jsonio.h"

enum { SENDS_MAX = 3 };

/* What is asked for beside a place that is taken, to learn where that is. */
static const char neighbour[] = "uri";

/* The place that a name has beside the others of this content. */
static enum status
ask_place(struct flyte *flyte, struct arena *arena,
    const struct upload *upload, const char *name, const char *md5,
    struct api_answer *answer)
{
	struct strbuf body = STRBUF_INIT;
	struct api_request request;
	enum status status;
	struct json_writer w;

	json_writer_init(&w, &body, false);
	json_begin_map(&w, NULL);
	json_put_text(&w, "project", flyte->project);
	json_put_text(&w, "domain", flyte->domain);
	json_put_text(&w, "filename", name);
	json_put_text(&w, "filename_root", arena_printf(arena, "unionml-%s",
	    upload->sha256));
	if (md5 != NULL)
		json_put_text(&w, "content_md5", md5);
	json_end_map(&w);
	api_request_init(&request, api_path(arena, "dataproxy",
	    "artifact_urn", NULL), upload->what);
	request.method = HTTP_POST;
	request.harmless = true;
	request.body = body.buf;
	status = api_call(flyte, arena, &request, answer);
	if (status != EXIT_DONE && answer->code != API_EXISTS)
		status = api_report(flyte, &request, answer);
	else if (status == EXIT_DONE &&
	    (*api_text(answer->json, "native_url") == '\0' ||
	    *api_text(answer->json, "signed_url") == '\0'))
		status = error(EXIT_NETWORK, "%s: '%s' answers without the "
		    "URLs of a place", upload->what, flyte->origin);
	strbuf_release(&body);
	return status;
}

/* Where what is there lies: beside a place that is free. */
static enum status
find_taken(struct flyte *flyte, struct arena *arena,
    const struct upload *upload, const char **uri)
{
	const char *found, *slash;
	struct api_answer answer;
	enum status status;

	status = ask_place(flyte, arena, upload, neighbour, NULL, &answer);
	if (status == EXIT_DONE) {
		found = api_text(answer.json, "native_url");
		slash = strrchr(found, '/');
		*uri = arena_printf(arena, "%.*s/%s", slash != NULL ?
		    (int)(slash - found) : 0, found, upload->name);
	} else if (answer.code == API_EXISTS) {
		status = error(EXIT_CONFLICT, "%s: '%s' in the store's "
		    "'unionml-%s' is not ours", upload->what, neighbour,
		    upload->sha256);
	}
	api_answer_release(&answer);
	return status;
}

enum status
upload_find(struct flyte *flyte, struct arena *arena,
    const struct upload *upload, bool *there, const char **uri)
{
	struct api_answer answer;
	enum status status;

	*there = false;
	status = ask_place(flyte, arena, upload, upload->name, NULL,
	    &answer);
	if (status == EXIT_DONE) {
		*uri = api_text(answer.json, "native_url");
	} else if (answer.code == API_EXISTS) {
		*there = true;
		status = find_taken(flyte, arena, upload, uri);
	}
	api_answer_release(&answer);
	return status;
}

/* The headers to send: of `Content-Length` the answer has a wrong one. */
static void
add_headers(struct strvec *lines, const struct json *headers)
{
	const struct json_member *m;
	size_t i;

	if (headers == NULL || headers->kind != JSON_MAP)
		return;
	for (i = 0; i < headers->n; i++) {
		m = &headers->member[i];
		if (m->value->kind == JSON_TEXT && m->value->n > 0 &&
		    strcasecmp(m->name, "Content-Length") != 0)
			strvec_pushf(lines, "%s: %s", m->name,
			    m->value->text);
	}
}

struct sending {
	const struct transfer *transfer;
	const char *name;
};

static void
tell(void *arg, int64_t done, int64_t total)
{
	const struct sending *s = arg;

	s->transfer->progress(s->transfer->arg, s->name, done, total);
}

static void
put(struct flyte *flyte, const struct upload *upload,
    const struct json *place, int fd, int64_t len, struct http_response *res)
{
	const struct transfer *transfer = flyte->target.transfer;
	struct sending sending = { transfer, upload->name };
	struct strvec lines = STRVEC_INIT;
	struct http_request req;

	add_headers(&lines, json_find(place, "headers"));
	http_request_init(&req, HTTP_PUT, api_text(place, "signed_url"));
	req.auth = HTTP_AUTH_SIGNED;
	req.headers = (const char *const *)lines.v;
	req.body_fd = fd;
	req.body_len = len;
	if (transfer != NULL)
		req.progress = tell;
	req.arg = &sending;
	http_response_init(res);
	http_call(flyte->http, &req, res);
	if (transfer != NULL)
		transfer->end(transfer->arg);
	strvec_release(&lines);
}

static enum status
report_put(const struct upload *upload, const struct json *place,
    const struct http_response *res)
{
	char *what = xasprintf("%s: ", upload->what);
	struct http_request req;
	enum status status;

	http_request_init(&req, HTTP_PUT, api_text(place, "signed_url"));
	req.auth = HTTP_AUTH_SIGNED;
	status = http_report(&req, res, what);
	free(what);
	return status;
}

static enum status
digest(int fd, const char *what, struct strbuf *md5, int64_t *len)
{
	uint8_t sum[MD5_DIGEST_LENGTH];
	struct stat st;
	char buf[1 << 16];
	ssize_t n;
	MD5_CTX ctx;

	*len = 0;
	MD5Init(&ctx);
	while ((n = pread(fd, buf, sizeof(buf), *len)) > 0) {
		MD5Update(&ctx, (const uint8_t *)buf, (size_t)n);
		*len += n;
	}
	if (n < 0 || fstat(fd, &st) != 0)
		return error_errno(EXIT_LOCAL, "%s: cannot read it", what);
	MD5Final(sum, &ctx);
	base64_encode(md5, sum, sizeof(sum));
	return EXIT_DONE;
}

enum status
upload_send(struct flyte *flyte, struct arena *arena,
    const struct upload *upload, int fd, const char **uri)
{
	struct strbuf md5 = STRBUF_INIT;
	struct http_response res;
	struct api_answer answer;
	enum status status;
	bool again = true;
	int64_t len;
	int i;

	status = digest(fd, upload->what, &md5, &len);
	for (i = 1; status == EXIT_DONE && again; i++) {
		status = ask_place(flyte, arena, upload, upload->name,
		    md5.buf, &answer);
		again = false;
		if (status == EXIT_DONE) {
			*uri = api_text(answer.json, "native_url");
			put(flyte, upload, answer.json, fd, len, &res);
			/* A URL that has expired meanwhile is refused so. */
			again = res.status == 403 && i < SENDS_MAX;
			if (!again)
				status = report_put(upload, answer.json, &res);
			http_response_release(&res);
		} else if (answer.code == API_EXISTS) {
			status = find_taken(flyte, arena, upload, uri);
		}
		api_answer_release(&answer);
	}
	strbuf_release(&md5);
	return status;
}

