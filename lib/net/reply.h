/* The header of an answer, line by line as it comes. */
#ifndef NET_REPLY_H
#define NET_REPLY_H

#include "lib/base/compat.h"

struct http_response;

/* What only the client itself has a use for. */
struct reply {
	int64_t length;		/* Content-Length, or -1 */
	int64_t range_from;	/* first byte of Content-Range, or -1 */
	char *retry_after;	/* as it came, or NULL */
};

/*
 * Takes a line with or without its CRLF. A status line begins anew: all that a
 * former one (100 Continue, a failed attempt) set is forgotten.
 */
void reply_line(struct reply *reply, struct http_response *res,
    const char *line, size_t len);

/* After the last line: works out res->total and res->retry_after. */
void reply_end(struct reply *reply, struct http_response *res);

/* Forgets everything, but the body and the counts of the response. */
void reply_reset(struct reply *reply, struct http_response *res);

#endif
