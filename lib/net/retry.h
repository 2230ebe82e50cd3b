/*
 * Whether a request that failed is sent again, and when: pure functions of
 * what is known. The rules are those of gRPC's codes behind the gateway, and
 * of RFC 9110 section 9.2.2 for what is no answer at all.
 */
#ifndef NET_RETRY_H
#define NET_RETRY_H

#include "lib/base/compat.h"
#include "lib/net/http.h"

struct retry_case {
	enum http_retry retry;	/* the class of the request */
	enum http_fault fault;
	bool sent;		/* some of the request went out */
	int status;		/* with HTTP_FINE */
	int code;		/* google.rpc.Code of the answer, or -1 */
	const char *name;	/* the store's error code, or NULL */
	const char *message;	/* of the answer, or NULL */
};

enum retry_verdict { RETRY_NOT, RETRY_ONCE, RETRY_ALWAYS };

enum retry_verdict retry_judge(const struct retry_case *c);

/*
 * Milliseconds until the next attempt after `failures` (from 1) in a row:
 * doubling from 250 to 8000, of which `random` (any 32 bits) takes up to a
 * half, but never less than what the server asks for (-1: nothing).
 */
int64_t retry_delay(int failures, uint32_t random, int64_t retry_after);

#endif
