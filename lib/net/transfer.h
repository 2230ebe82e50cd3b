/*
 * One request on its way through its attempts: what one attempt needs of
 * libcurl, and what came of it. The client (http.c) says when; transfer.c
 * sets an attempt up, receive.c takes the answer in.
 */
#ifndef NET_TRANSFER_H
#define NET_TRANSFER_H

#include "lib/base/compat.h"
#include "lib/base/strvec.h"
#include "lib/net/curltable.h"
#include "lib/net/http.h"
#include "lib/net/reply.h"

struct transfer {
	/* For the client. */
	struct transfer *next;
	void (*done)(void *arg, struct http_response *res);
	void *done_arg;
	bool ended;
	int64_t due;		/* when the next attempt begins */
	int64_t began;		/* the first attempt; -1: not yet */
	int64_t patient_from;	/* since when nothing has come */
	int failures;		/* in a row */
	int64_t most;		/* that was received at any time */
	int anews;		/* how often it had to begin anew */
	bool once_spent;	/* the single repetition of RETRY_ONCE */
	bool renewed;		/* repeated after a 401 */
	unsigned long renewals;	/* of the client, when it was sent */
	int redirects;

	/* The request, and where it goes by now. */
	const struct http_settings *settings;
	struct http_request req;
	char *url;

	/* The answer, over all attempts. */
	struct http_response own, *res;
	struct reply reply;
	int64_t thing_total;	/* of what is being resumed; -1: not known */
	char *thing_etag;

	/* This attempt. */
	CURL *easy;
	struct curl_slist *lines;
	char text[CURL_ERROR_SIZE];
	CURLcode code;
	enum http_fault known;	/* found on the way; HTTP_FINE: nothing */
	char *known_problem;	/* with HTTP_SOURCE and HTTP_SINK */
	int64_t attempt_began;
	int64_t asked_from;	/* first byte that was asked for */
	int64_t body_at;	/* how far a body_fd was read */
	bool answer_taken;	/* a piece of the body came */
	bool begin_anew;	/* the thing changed: once more, from byte 0 */
	bool enough;		/* cut off by us: what came will do */
	bool stalled;
	int64_t moved, window_moved, window_began;
};

/* Copies the request. The response is the caller's, or NULL: its own. */
struct transfer *transfer_new(const struct http_settings *settings,
    const struct http_request *req, struct http_response *res);
void transfer_free(struct transfer *t);

/*
 * Sets `easy` up for the next attempt, with the lines of the bearer. False and
 * t->known if that cannot be.
 */
bool transfer_begin(struct transfer *t, const struct curltable *curl,
    CURL *easy, const struct strvec *bearer, int64_t now);

/* The attempt is over with t->code: sets fault and problem of the response. */
void transfer_end(struct transfer *t, const struct curltable *curl);

/* Whether it has moved too little for too long; looked at while it runs. */
bool transfer_is_stalled(struct transfer *t, int64_t now);

/* Whether what a sink got already allows another attempt. */
bool transfer_can_repeat(const struct transfer *t);

/* Whether some of the last attempt went out. */
bool transfer_was_sent(const struct transfer *t, const struct curltable *curl);

/* The callbacks of libcurl for what comes in (receive.c). */
size_t receive_header(char *data, size_t size, size_t n, void *arg);
size_t receive_body(char *data, size_t size, size_t n, void *arg);
/* An empty body starts nothing, yet may have to begin a sink anew. */
void receive_end(struct transfer *t);

/* What was received is worth nothing. False and t->known if it cannot go. */
bool receive_anew(struct transfer *t);

#endif
