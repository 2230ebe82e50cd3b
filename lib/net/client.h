/* The insides of the client, for http.c and judge.c alone. */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include "lib/base/compat.h"
#include "lib/base/strvec.h"
#include "lib/net/curltable.h"
#include "lib/net/http.h"
#include "lib/net/transfer.h"

struct http {
	struct http_settings set;	/* haste is applied */
	char *ca_file, *proxy, *user_agent;
	const struct curltable *curl;	/* NULL before the first request */
	char *no_library;
	CURLM *multi;
	struct http *inner;		/* for calls by the bearer's supplier */

	struct transfer *ready, **ready_tail;	/* in their order */
	struct transfer *waiting;		/* for their next attempt */
	struct transfer **running;
	int n_running;
	CURL **spare;
	int n_spare;
	size_t pending;			/* in all of the above */
	int in_done;

	struct http_bearer bearer;	/* headers is NULL: there is none */
	char *bearer_origin;
	bool in_bearer;
	bool no_token;			/* told by its supplier already */
	bool renewed;			/* what renew said last */
	unsigned long renewals;
	struct strvec lines;		/* of the request being started */

	bool heard;			/* something has answered once */
	bool silent;			/* nothing has, since: */
	int64_t silent_from;
	bool told;			/* that nothing is verified */
};

/*
 * What has to hold before an attempt, and its lines of the bearer in
 * h->lines. False and the fault in the response if it does not.
 */
bool client_may_start(struct http *h, struct transfer *t);

/* An attempt is over: again, or client_finish. */
void client_judge(struct http *h, struct transfer *t, bool sent);

/* With --verbose: what is being sent. */
void client_say_request(const struct transfer *t);

/* Sets a fault; takes `problem` over. */
void client_refuse(struct transfer *t, enum http_fault fault, char *problem,
    const char *next_step);

/* In http.c: queues it once more, and ends it. */
void client_again(struct http *h, struct transfer *t, int64_t due);
void client_finish(struct http *h, struct transfer *t);

#endif
