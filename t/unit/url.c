/* URLs taken apart, put together and shown. */
#include "lib/base/compat.h"

#include "lib/base/strbuf.h"
#include "lib/net/redact.h"
#include "lib/net/url.h"
#include "t/unit/tap.h"

static const struct {
	const char *text, *origin, *path, *query, *why;
} parsed[] = {
	{ "http://a", "http://a", "/", NULL, NULL },
	{ "HTTPS://Example.COM/x", "https://example.com", "/x", NULL, NULL },
	{ "https://a:443/", "https://a", "/", NULL, NULL },
	{ "http://a:443/", "http://a:443", "/", NULL, NULL },
	{ "http://a:80?q=1&r", "http://a", "/", "q=1&r", NULL },
	{ "http://a/b?", "http://a", "/b", "", NULL },
	{ "http://[::1]:30080/b", "http://[::1]:30080", "/b", NULL, NULL },
	{ "http://[2001:DB8::1]", "http://[2001:db8::1]", "/", NULL, NULL },
	{ "http://u:p@a/b", "http://a", "/b", NULL, NULL },
	{ "http://a_b.c-d/%2f..//", "http://a_b.c-d", "/%2f..//", NULL, NULL },
	{ "", NULL, NULL, NULL, "it must begin with http:// or https://" },
	{ "dns:///a:1", NULL, NULL, NULL,
	    "it must begin with http:// or https://" },
	{ "http:/a", NULL, NULL, NULL,
	    "it must begin with http:// or https://" },
	{ "http://", NULL, NULL, NULL, "there is no host" },
	{ "http://:80/", NULL, NULL, NULL, "there is no host" },
	{ "http:///x", NULL, NULL, NULL, "there is no host" },
	{ "http://a:/", NULL, NULL, NULL, "a bad port" },
	{ "http://a:0/", NULL, NULL, NULL, "a bad port" },
	{ "http://a:65536/", NULL, NULL, NULL, "a bad port" },
	{ "http://a:8x/", NULL, NULL, NULL, "a bad port" },
	{ "http://a:123456/", NULL, NULL, NULL, "a bad port" },
	{ "http://[::1/", NULL, NULL, NULL, "a bad IPv6 address" },
	{ "http://[]/", NULL, NULL, NULL, "a bad IPv6 address" },
	{ "http://[::1]x/", NULL, NULL, NULL, "a bad port" },
	{ "http://a%41/", NULL, NULL, NULL, "a bad host name" },
	{ "http://a\\b/", NULL, NULL, NULL, "a bad host name" },
	{ "http://a/#f", NULL, NULL, NULL, "a fragment (#) is never sent" },
	{ "http://a?b#f", NULL, NULL, NULL, "a fragment (#) is never sent" },
	{ "http://a/b c", NULL, NULL, NULL, "blanks, control characters and "
	    "bytes beyond ASCII must be percent-encoded" },
	{ "http://a/\r\nX: y", NULL, NULL, NULL, "blanks, control characters "
	    "and bytes beyond ASCII must be percent-encoded" },
	{ "http://a/\xc3\xa4", NULL, NULL, NULL, "blanks, control characters "
	    "and bytes beyond ASCII must be percent-encoded" },
};

static void
test_parse(void)
{
	struct strbuf sb = STRBUF_INIT;
	const char *why;
	struct url url;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parsed); i++) {
		why = NULL;
		strbuf_reset(&sb);
		if (url_parse(parsed[i].text, &url, &why)) {
			url_print_origin(&sb, &url);
			is_str(sb.buf, parsed[i].origin, parsed[i].text);
			is_str(url.path, parsed[i].path, "its path");
			is_str(url.query, parsed[i].query, "its query");
		} else {
			is_str(why, parsed[i].why, parsed[i].text);
		}
		ok((why != NULL) == (parsed[i].why != NULL),
		    "%s: taken or not", parsed[i].text);
		url_release(&url);
	}
	strbuf_release(&sb);
}

/* RFC 3986 section 5.4, as far as it is about http, and what servers send. */
static const struct {
	const char *reference, *want;
} resolved[] = {
	{ "g", "http://a/b/c/g" }, { "./g", "http://a/b/c/g" },
	{ "g/", "http://a/b/c/g/" }, { "/g", "http://a/g" },
	{ "//g", "http://g" }, { "?y", "http://a/b/c/d;p?y" },
	{ "g?y", "http://a/b/c/g?y" }, { "#s", "http://a/b/c/d;p?q" },
	{ "g#s", "http://a/b/c/g" }, { "", "http://a/b/c/d;p?q" },
	{ ".", "http://a/b/c/" }, { "./", "http://a/b/c/" },
	{ "..", "http://a/b/" }, { "../", "http://a/b/" },
	{ "../g", "http://a/b/g" }, { "../..", "http://a/" },
	{ "../../g", "http://a/g" }, { "../../../../g", "http://a/g" },
	{ "/./g", "http://a/g" }, { "/../g", "http://a/g" },
	{ "g.", "http://a/b/c/g." }, { "..g", "http://a/b/c/..g" },
	{ "./../g", "http://a/b/g" }, { "g/../h", "http://a/b/c/h" },
	{ "https://x:8/y?z", "https://x:8/y?z" },
	{ "mailto:a@b", NULL }, { "//", NULL }, { "a b", NULL },
	{ "http://", NULL }, { "javascript:1", NULL },
};

static void
test_resolve(void)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;
	bool fine;

	for (i = 0; i < ARRAY_SIZE(resolved); i++) {
		strbuf_reset(&sb);
		strbuf_addstr(&sb, "<");
		fine = url_resolve(&sb, "http://a/b/c/d;p?q",
		    resolved[i].reference);
		is_str(fine ? sb.buf + 1 : NULL, resolved[i].want,
		    resolved[i].reference);
		if (!fine)
			is_str(sb.buf, "<", "nothing appended");
	}
	ok(!url_resolve(&sb, "nonsense", "g"), "a base that is none");
	strbuf_release(&sb);
}

static void
test_origin(void)
{
	ok(url_same_origin("http://A/x", "http://a:80/y?z"), "the same");
	ok(!url_same_origin("http://a/", "https://a/"), "another scheme");
	ok(!url_same_origin("http://a/", "http://a:81/"), "another port");
	ok(!url_same_origin("http://a/", "http://a.b/"), "another host");
	ok(!url_same_origin("http://a@b/", "http://a/"), "a user is no host");
	ok(!url_same_origin("x", "x"), "no URLs");
	ok(url_host_is_loopback("localhost"), "localhost");
	ok(url_host_is_loopback("127.1.2.3"), "127.1.2.3");
	ok(url_host_is_loopback("::1"), "::1");
	ok(!url_host_is_loopback("127.0.0.1.example.com"), "a name like it");
	ok(!url_host_is_loopback("127.0.0"), "half an address");
	ok(!url_host_is_loopback("10.0.0.1"), "10.0.0.1");
	ok(!url_host_is_loopback("localhost.example.com"), "another host");
}

static void
test_encode(void)
{
	struct strbuf sb = STRBUF_INIT;

	url_add_segment(&sb, "a b/c%d+e~._-\xc3\xa4:@");
	is_str(sb.buf, "/a%20b%2Fc%25d%2Be~._-%C3%A4%3A%40", "a segment");
	strbuf_reset(&sb);
	url_add_segment(&sb, ".");
	url_add_segment(&sb, "..");
	url_add_segment(&sb, "...");
	is_str(sb.buf, "/%2E/%2E%2E/...", "segments that would vanish");
	strbuf_reset(&sb);
	strbuf_addstr(&sb, "http://a");
	url_add_query(&sb, "limit", "100");
	url_add_query(&sb, "filters", "gte(created_at,2026-01-01T00:00:00Z)+"
	    "eq(phase,FAILED)");
	is_str(sb.buf, "http://a?limit=100&filters=gte%28created_at%2C2026-"
	    "01-01T00%3A00%3A00Z%29%2Beq%28phase%2CFAILED%29", "a query");
	strbuf_reset(&sb);
	url_add_form(&sb, "grant_type", "client_credentials");
	url_add_form(&sb, "scope", "all offline");
	is_str(sb.buf, "grant_type=client_credentials&scope=all%20offline",
	    "a form");
	strbuf_release(&sb);
}

static void
test_decode(void)
{
	static const struct {
		const char *text, *plain, *form;
	} cases[] = {
		{ "a%20b+c", "a b+c", "a b c" }, { "%C3%a4", "\xc3\xa4",
		    "\xc3\xa4" }, { "", "", "" }, { "%", NULL, NULL },
		{ "%4", NULL, NULL }, { "%4g", NULL, NULL },
		{ "a%00b", NULL, NULL }, { "%25", "%", "%" },
	};
	struct strbuf sb = STRBUF_INIT;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		len = strlen(cases[i].text);
		strbuf_reset(&sb);
		is_str(url_decode(&sb, cases[i].text, len, false) ? sb.buf :
		    NULL, cases[i].plain, cases[i].text);
		strbuf_reset(&sb);
		is_str(url_decode(&sb, cases[i].text, len, true) ? sb.buf :
		    NULL, cases[i].form, "as a form");
	}
	ok(!url_decode(&sb, "a%41", 3, false), "the length holds");
	strbuf_release(&sb);
}

static const struct {
	const char *url, *want;
	bool is_signed;
} redacted[] = {
	{ "http://a/b?limit=1&token=abc", "http://a/b?limit=1&token=...",
	    false },
	{ "http://u:p@a:8/b", "http://a:8/b", false },
	{ "http://u@p@a/b@c", "http://a/b@c", false },
	{ "https://s/b/k?X-Amz-Date=1&x-amz-signature=f00", "https://s/b/k?...",
	    false },
	{ "https://s/b/k?sv=1&sig=f00", "https://s/b/k?...", false },
	{ "https://s/b/k?GoogleAccessId=a&Signature=b", "https://s/b/k?...",
	    false },
	{ "https://s/b/k?anything=1", "https://s/b/k?...", true },
	{ "https://s/b/k", "https://s/b/k", true },
	{ "http://a/cb?code=x&state=y&scope=all",
	    "http://a/cb?code=...&state=...&scope=all", false },
	{ "http://a?access_token=x;client-secret=y&CODE_VERIFIER=z",
	    "http://a?access_token=...;client-secret=...&CODE_VERIFIER=...",
	    false },
	{ "http://a?tokens=1&keyword=2&token", "http://a?tokens=1&keyword=2"
	    "&token", false },
	{ "http://a/#access_token=x", "http://a/#access_token=...", false },
	{ "no url at all", "no url at all", false },
	{ "", "", false },
};

static void
test_redact(void)
{
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(redacted); i++) {
		strbuf_reset(&sb);
		redact_url(&sb, redacted[i].url, redacted[i].is_signed);
		is_str(sb.buf, redacted[i].want, redacted[i].url);
	}
	strbuf_release(&sb);
}

int
main(void)
{
	test_parse();
	test_resolve();
	test_origin();
	test_encode();
	test_decode();
	test_redact();
	return tap_done();
}
