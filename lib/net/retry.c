/*
 * The table of what is worth another attempt. The code of the gateway decides
 * before the status, since some statuses stand for several codes.
 */
#include "lib/base/compat.h"

#include "lib/net/retry.h"

enum { DELAY_FIRST = 250, DELAY_MOST = 8000 };

/* google.rpc.Code, as far as it is told apart. */
enum {
	CODE_UNKNOWN = 2, CODE_DEADLINE_EXCEEDED = 4,
	CODE_RESOURCE_EXHAUSTED = 8, CODE_ABORTED = 10, CODE_INTERNAL = 13,
	CODE_UNAVAILABLE = 14
};

/* Whether the server can have seen nothing of it. */
static bool
was_not_sent(const struct retry_case *c)
{
	switch (c->fault) {
	case HTTP_RESOLVE:
	case HTTP_CONNECT:
	case HTTP_PROXY:
		return true;
	case HTTP_TIMEOUT:
	case HTTP_CUT:
		return !c->sent;
	default:
		return false;
	}
}

/*
 * Too much at once heals; a message over the gateway's size comes as the same
 * code and never does.
 */
static enum retry_verdict
judge_exhausted(const struct retry_case *c)
{
	return c->message && strstr(c->message, "larger than max") ?
	    RETRY_NOT : RETRY_ALWAYS;
}

static enum retry_verdict
judge_code(const struct retry_case *c)
{
	switch (c->code) {
	case CODE_UNAVAILABLE:
	case CODE_DEADLINE_EXCEEDED:
		return RETRY_ALWAYS;
	case CODE_RESOURCE_EXHAUSTED:
		return judge_exhausted(c);
	case CODE_ABORTED:
		return RETRY_ONCE;
	case CODE_UNKNOWN:
	case CODE_INTERNAL:
		return c->retry == HTTP_RETRY_READ ? RETRY_ONCE : RETRY_NOT;
	default:
		return RETRY_NOT;
	}
}

static enum retry_verdict
judge_status(const struct retry_case *c)
{
	switch (c->status) {
	case 408:
	case 502:
	case 503:
	case 504:
		return RETRY_ALWAYS;
	case 429:
		return judge_exhausted(c);
	case 500:
		return RETRY_ONCE;
	case 400:	/* how S3 says that an upload stood still */
		return c->name && strcmp(c->name, "RequestTimeout") == 0 ?
		    RETRY_ALWAYS : RETRY_NOT;
	default:
		return RETRY_NOT;
	}
}

enum retry_verdict
retry_judge(const struct retry_case *c)
{
	if (c->fault != HTTP_FINE && was_not_sent(c))
		return RETRY_ALWAYS;
	if (c->retry == HTTP_RETRY_NEVER)
		return RETRY_NOT;
	if (c->fault == HTTP_CUT || c->fault == HTTP_TIMEOUT)
		return RETRY_ALWAYS;
	if (c->fault != HTTP_FINE || c->status < 300)
		return RETRY_NOT;
	return c->code >= 0 ? judge_code(c) : judge_status(c);
}

int64_t
retry_delay(int failures, uint32_t random, int64_t retry_after)
{
	int64_t delay = DELAY_FIRST;

	while (--failures > 0 && delay < DELAY_MOST)
		delay *= 2;
	delay -= delay / 2 * (int64_t)(random >> 16) / 0xffff;
	return delay > retry_after ? delay : retry_after;
}
