/* Requests as the client keeps them: of its own memory. */
#ifndef NET_REQUEST_H
#define NET_REQUEST_H

#include "lib/net/http.h"

/* Copies strings, lines and a body in memory; request_release frees them. */
void request_copy(struct http_request *to, const struct http_request *from);
void request_release(struct http_request *req);

const char *request_method(const struct http_request *req);

/* Whether a line of its own gives that field. */
bool request_has_line(const struct http_request *req, const char *name);

/* Whether a 2xx answer goes to a sink rather than into the response. */
bool request_streams_out(const struct http_request *req);

#endif
