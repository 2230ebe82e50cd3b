/* What is tried again, when, and the dates that servers ask for. */
#include "lib/base/compat.h"

#include "lib/net/httpdate.h"
#include "lib/net/retry.h"
#include "t/unit/tap.h"

/* The three letters: READ, WRITE, NEVER. n not, 1 once, y always. */
static const struct {
	const char *name;
	enum http_fault fault;
	bool sent;
	int status, code;
	const char *store, *message, *want;
} cases[] = {
	{ "no address", HTTP_RESOLVE, false, 0, -1, NULL, NULL, "yyy" },
	{ "refused", HTTP_CONNECT, false, 0, -1, NULL, NULL, "yyy" },
	{ "proxy", HTTP_PROXY, false, 0, -1, NULL, NULL, "yyy" },
	{ "slow connect", HTTP_TIMEOUT, false, 0, -1, NULL, NULL, "yyy" },
	{ "slow answer", HTTP_TIMEOUT, true, 0, -1, NULL, NULL, "yyn" },
	{ "reset before", HTTP_CUT, false, 0, -1, NULL, NULL, "yyy" },
	{ "reset after", HTTP_CUT, true, 0, -1, NULL, NULL, "yyn" },
	{ "cut answer", HTTP_CUT, true, 200, -1, NULL, NULL, "yyn" },
	{ "untrusted", HTTP_UNTRUSTED, false, 0, -1, NULL, NULL, "nnn" },
	{ "no TLS", HTTP_TLS, false, 0, -1, NULL, NULL, "nnn" },
	{ "too large", HTTP_TOO_LARGE, true, 200, -1, NULL, NULL, "nnn" },
	{ "gRPC", HTTP_GRPC, true, 0, -1, NULL, NULL, "nnn" },
	{ "rubbish", HTTP_PROTOCOL, true, 0, -1, NULL, NULL, "nnn" },
	{ "disk full", HTTP_SINK, true, 200, -1, NULL, NULL, "nnn" },
	{ "200", HTTP_FINE, true, 200, -1, NULL, NULL, "nnn" },
	{ "503 code 14", HTTP_FINE, true, 503, 14, NULL, "x", "yyn" },
	{ "503 of a proxy", HTTP_FINE, true, 503, -1, NULL, NULL, "yyn" },
	{ "502", HTTP_FINE, true, 502, -1, NULL, NULL, "yyn" },
	{ "504 code 4", HTTP_FINE, true, 504, 4, NULL, NULL, "yyn" },
	{ "408", HTTP_FINE, true, 408, -1, NULL, NULL, "yyn" },
	{ "429 code 8", HTTP_FINE, true, 429, 8, NULL, "slow down", "yyn" },
	{ "429 over 4 MiB", HTTP_FINE, true, 429, 8, NULL,
	    "grpc: received message larger than max (5 vs. 4)", "nnn" },
	{ "429 of a proxy", HTTP_FINE, true, 429, -1, NULL, NULL, "yyn" },
	{ "500 code 13", HTTP_FINE, true, 500, 13, NULL, NULL, "1nn" },
	{ "500 code 2", HTTP_FINE, true, 500, 2, NULL, NULL, "1nn" },
	{ "500 code 15", HTTP_FINE, true, 500, 15, NULL, NULL, "nnn" },
	{ "500 of a store", HTTP_FINE, true, 500, -1, "InternalError", NULL,
	    "11n" },
	{ "409 code 10", HTTP_FINE, true, 409, 10, NULL, NULL, "11n" },
	{ "409 code 6", HTTP_FINE, true, 409, 6, NULL, NULL, "nnn" },
	{ "400 code 3", HTTP_FINE, true, 400, 3, NULL, NULL, "nnn" },
	{ "404 code 5", HTTP_FINE, true, 404, 5, NULL, NULL, "nnn" },
	{ "403 code 7", HTTP_FINE, true, 403, 7, NULL, NULL, "nnn" },
	{ "400 code 9", HTTP_FINE, true, 400, 9, NULL, NULL, "nnn" },
	{ "400 code 11", HTTP_FINE, true, 400, 11, NULL, NULL, "nnn" },
	{ "501 code 12", HTTP_FINE, true, 501, 12, NULL, NULL, "nnn" },
	{ "401 code 16", HTTP_FINE, true, 401, 16, NULL, NULL, "nnn" },
	{ "400 of a slow upload", HTTP_FINE, true, 400, -1, "RequestTimeout",
	    NULL, "yyn" },
	{ "400 BadDigest", HTTP_FINE, true, 400, -1, "BadDigest", NULL,
	    "nnn" },
};

static void
test_judge(void)
{
	struct retry_case c;
	char got[4];
	size_t i;
	int k;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&c, 0, sizeof(c));
		c.fault = cases[i].fault;
		c.sent = cases[i].sent;
		c.status = cases[i].status;
		c.code = cases[i].code;
		c.name = cases[i].store;
		c.message = cases[i].message;
		for (k = 0; k < 3; k++) {
			c.retry = (enum http_retry)k;
			got[k] = "n1y"[retry_judge(&c)];
		}
		got[3] = '\0';
		is_str(got, cases[i].want, cases[i].name);
	}
}

static void
test_delay(void)
{
	static const int64_t most[] = { 250, 500, 1000, 2000, 4000, 8000,
		8000 };
	int i;

	for (i = 0; i < (int)ARRAY_SIZE(most); i++) {
		is_int(retry_delay(i + 1, 0, -1), most[i], "the longest");
		is_int(retry_delay(i + 1, UINT32_MAX, -1), most[i] / 2,
		    "the shortest");
	}
	is_int(retry_delay(1000000, 0, -1), 8000, "a million failures");
	is_int(retry_delay(1, 0, 3000), 3000, "the server wants more");
	is_int(retry_delay(1, 0, 0), 250, "the server wants none");
}

static void
test_dates(void)
{
	static const struct {
		const char *text;
		int64_t want;		/* -1: refused */
	} dates[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
		{ "Sun Nov  6 08:49:37 1994", 784111777 },
		{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
		{ "Sat, 31 Dec 2016 23:59:60 GMT", 1483228799 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT ", -1 },
		{ "Sun, 06 Nov 1994 08:49:37 CET", -1 },
		{ "Sun, 31 Feb 1994 08:49:37 GMT", -1 },
		{ "Sun, 06 Nov 1994 24:00:00 GMT", -1 },
		{ "Sun, 06 Nov 1994 08:60:37 GMT", -1 },
		{ "Sun, 06 Nox 1994 08:49:37 GMT", -1 },
		{ "Sun, -6 Nov 1994 08:49:37 GMT", -1 },
		{ "", -1 }, { ",", -1 }, { "now", -1 }, { "1994", -1 },
	};
	/* 2026-01-01: years of two digits are 1977 to 2076. */
	int64_t now = 1767225600, got;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dates); i++) {
		got = -1;
		if (!httpdate_parse(dates[i].text, now, &got))
			got = -1;
		is_int(got, dates[i].want, dates[i].text);
	}
	ok(httpdate_parse("Friday, 01-Jan-27 00:00:00 GMT", now, &got) &&
	    got == 1798761600, "27 is 2027");
}

static void
test_retry_after(void)
{
	int64_t now = 784111777;

	is_int(httpdate_retry_after("120", now), 120000, "seconds");
	is_int(httpdate_retry_after("0", now), 0, "none");
	is_int(httpdate_retry_after("99999999999999999999", now), 86400000,
	    "at most a day");
	is_int(httpdate_retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now),
	    10000, "a date");
	is_int(httpdate_retry_after("Sun, 06 Nov 1994 08:49:27 GMT", now), 0,
	    "a date that has passed");
	is_int(httpdate_retry_after("-1", now), -1, "less than none");
	is_int(httpdate_retry_after("1.5", now), -1, "a fraction");
	is_int(httpdate_retry_after("soon", now), -1, "a word");
	is_int(httpdate_retry_after("", now), -1, "nothing");
}

int
main(void)
{
	test_judge();
	test_delay();
	test_dates();
	test_retry_after();
	return tap_done();
}
