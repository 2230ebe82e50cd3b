/*
 * What a server may send: a header, an empty line, a body. A Location in it
 * either makes a URL that can be dialled or nothing; and no URL is shown with
 * the user in it.
 */
#include "lib/base/compat.h"

#include "lib/base/err.h"
#include "lib/base/strbuf.h"
#include "lib/base/xalloc.h"
#include "lib/net/answer.h"
#include "lib/net/http.h"
#include "lib/net/redact.h"
#include "lib/net/reply.h"
#include "lib/net/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_location(const char *location)
{
	struct strbuf to = STRBUF_INIT, shown = STRBUF_INIT;
	const char *why;
	struct url url;

	if (url_resolve(&to, "https://a.example/b/c?d", location)) {
		if (!url_parse(to.buf, &url, &why))
			BUG("'%s' is no URL: %s", to.buf, why);
		redact_url(&shown, to.buf, false);
		if (url.has_user && strcmp(shown.buf, to.buf) == 0)
			BUG("'%s' is shown", to.buf);
		url_release(&url);
	} else if (to.len != 0) {
		BUG("'%s' was left behind", to.buf);
	}
	strbuf_release(&to);
	strbuf_release(&shown);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = text + size, *eol;
	struct strbuf words = STRBUF_INIT;
	struct http_response res;
	struct reply reply;

	http_response_init(&res);
	memset(&reply, 0, sizeof(reply));
	reply_reset(&reply, &res);
	while (text < end && *text != '\n') {
		eol = memchr(text, '\n', (size_t)(end - text));
		if (!eol)
			eol = end;
		reply_line(&reply, &res, text, (size_t)(eol - text));
		text = eol < end ? eol + 1 : end;
	}
	reply_end(&reply, &res);
	if (res.status < 0 || res.status > 999 || res.total < -1 ||
	    res.retry_after < -1)
		BUG("status %d", res.status);
	if (text < end)
		strbuf_add(&res.body, text, (size_t)(end - text));
	answer_print(&words, &res);
	if (words.len > 2000)
		BUG("%zu bytes of words", words.len);
	if (res.location)
		check_location(res.location);
	reply_reset(&reply, &res);
	http_response_release(&res);
	strbuf_release(&words);
	return 0;
}
