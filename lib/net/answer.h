/*
 * What the body of an answer that is no success says: the gateway's
 * google.rpc.Status in JSON, OAuth's error (RFC 6749 section 5.2), the XML of
 * an object store, plain text, or the page of some proxy.
 */
#ifndef NET_ANSWER_H
#define NET_ANSWER_H

#include "lib/base/compat.h"

struct http_response;
struct strbuf;

enum answer_kind {
	ANSWER_EMPTY,
	ANSWER_STATUS,		/* {"code":5,"message":"..","details":[..]} */
	ANSWER_OAUTH,		/* {"error":"..","error_description":".."} */
	ANSWER_JSON,		/* some other JSON */
	ANSWER_STORE,		/* <Error><Code>..</Code><Message>.. */
	ANSWER_HTML,
	ANSWER_TEXT,
};

struct answer {
	enum answer_kind kind;
	int code;		/* google.rpc.Code of ANSWER_STATUS, else -1 */
	char *name;		/* OAuth's error, the store's Code; or NULL */
	char *message;		/* one line, or NULL */
};

/* Reads the body, of which nothing is believed. Released by the caller. */
void answer_read(struct answer *answer, const struct http_response *res);
void answer_release(struct answer *answer);

/*
 * Appends it for people, as `503 Service Unavailable: no route` or `403
 * Forbidden: AccessDenied: Request has expired`, shortened to a few lines.
 */
void answer_print(struct strbuf *sb, const struct http_response *res);

/* The phrase of a status (RFC 9110 section 15), "" for one without. */
const char *answer_phrase(int status);

#endif
